//! The rows, as the tables hold them. Repositories turn them into the domain's types and back.

mod campaigns;
mod duties;
mod evidences;
mod files;
mod handovers;
mod initiatives;
mod ledgers;
mod notices;
mod observations;
mod persons;
mod photos;
mod plans;
mod publications;
mod results;
mod standards;
mod tasks;
mod views;
mod webhooks;
mod works;

pub(crate) use campaigns::{campaign, phase, unit, unit_alias, unit_contact, unit_member};
pub(crate) use duties::{duty, duty_count, duty_unit, target, target_count};
pub(crate) use evidences::{
    asking, burden_count, evidence, evidence_count, evidence_link, evidence_version, remark,
};
pub(crate) use files::{attachment, upload};
pub(crate) use handovers::{handover_letter, handover_request};
pub(crate) use initiatives::{initiative, initiative_count, initiative_member};
pub(crate) use ledgers::{ledger_block, ledger_entry};
pub(crate) use notices::{delivery, inbox, letter, mailbox, notice, told};
pub(crate) use observations::{observation, observation_count, score_day, site, standing};
pub(crate) use persons::{
    grant, invitation, login_failure, oidc_link, oidc_turn, second_factor, session, token, user,
};
pub(crate) use photos::{doubt, photo};
pub(crate) use plans::plan_import;
pub(crate) use publications::{bulletin, letter_number, template};
pub(crate) use results::{assessment_result, result_verdicts};
pub(crate) use standards::{assessed, catalogue, edition, leaf_owners, standard};
pub(crate) use tasks::{deed_count, figure, task, task_count, task_step};
pub(crate) use views::{first_view, saved_view};
pub(crate) use webhooks::{webhook, webhook_message};
pub(crate) use works::{idempotency, job, setting};

/// A list in JSON that holds nothing: what backups from before there was its column have there.
fn nothing() -> String {
    "[]".to_owned()
}
