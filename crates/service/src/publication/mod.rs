//! `publication` 发布: letters of duty and weekly bulletins, made from live data by templates that an office may replace.

pub mod bulletin;
pub mod documents;
pub mod order_bulletin;
pub mod order_letters;
pub mod print;
mod reached;
pub mod render;
pub mod template;

use chengjing_domain::{
    id::{BulletinId, CampaignId, JobId, UnitId, UserId},
    publication::{Form, Paper},
};
pub use chengjing_press::paper::Field;
use chengjing_store::job::NewJob;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Caller;

/// The kind of job that makes documents.
pub const KIND: &str = "publication.print";

/// What such a job is told; a stored format.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Payload {
    campaign: CampaignId,
    /// Whose it is: nobody else sees the job or gets the file.
    owner: UserId,
    what: What,
    form: Form,
    /// The day that is printed on it.
    as_of: NaiveDate,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "paper", rename_all = "snake_case")]
enum What {
    /// Of these units, each with the number of its letter. `together`: packed into one file.
    Letter {
        units: Vec<(UnitId, i32)>,
        together: bool,
    },
    Bulletin {
        bulletin: BulletinId,
    },
}

impl What {
    fn paper(&self) -> Paper {
        match self {
            Self::Letter { .. } => Paper::Letter,
            Self::Bulletin { .. } => Paper::Bulletin,
        }
    }
}

fn job(caller: &Caller, id: JobId, payload: &Payload) -> NewJob {
    NewJob {
        id,
        kind: KIND.to_owned(),
        payload_version: 1,
        payload: json!(payload),
        dedupe: None,
        campaign: Some(payload.campaign),
        created_at: caller.now,
        run_at: caller.now,
        attempts_allowed: 3,
    }
}
