//! The API as its callers meet it, on both engines.

#![allow(unreachable_pub, reason = "a test binary has no outside")]
#![allow(clippy::print_stderr, reason = "a skipped half says so")]

mod accounts;
mod attachments;
mod burden;
mod carried;
mod dossier;
mod doubts;
mod duty_groups;
mod evidence;
mod evidence_grade;
mod evidence_limits;
mod handover_requests;
mod handovers;
mod harness;
mod holidays;
mod initiatives;
mod interleavings;
mod invitations;
mod leaf_observations;
mod leaf_owners;
mod mail;
mod notices;
mod observations;
mod office;
mod oidc;
mod passwords;
mod people_lists;
mod previews;
mod provider;
mod publications;
mod races;
mod refusals;
mod results;
mod score;
mod score_compare;
mod second_factors;
mod site_lists;
mod standard_checklists;
mod standard_workbooks;
mod standards;
mod statistics;
mod tasks;
mod unit_lists;
mod unit_records;
mod units;
mod views;
mod webhooks;
