//! What Chengjing knows about campaigns. Pure: no I/O, no clock, no randomness of its own.

pub mod attachment;
pub mod burden;
pub mod campaign;
pub mod clock;
pub mod duty;
pub mod evidence;
pub mod id;
pub mod ledger;
pub mod observation;
pub mod people;
pub mod photo;
pub mod plan;
pub mod publication;
pub mod result;
pub mod score;
pub mod standard;
pub mod webhook;
mod wording;
