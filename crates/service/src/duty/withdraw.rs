use chengjing_domain::{
    duty::{Duty, DutyState},
    id::{CampaignId, DutyId},
    ledger::{Subject, SubjectKind},
    people::policy::Action,
};
use chengjing_store::ledger;
use serde_json::json;

use super::{
    look_up::{DutyView, view},
    must,
};
use crate::{App, Caller, Refusal, refusal::Faults, task::settle::save_duty};

/// Takes a duty back: nobody owes it any more. It stays, with the reason in the ledger.
pub async fn withdraw(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: DutyId,
    reason: &str,
) -> Result<DutyView, Refusal> {
    let mut faults = Faults::default();
    let reason = faults.text("reason", reason, 500);
    faults.end()?;
    turn(app, caller, campaign, id, DutyState::Withdrawn, "duty.withdraw", json!({ "reason": reason })).await
}

/// Puts a withdrawn duty back.
pub async fn restore(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: DutyId,
) -> Result<DutyView, Refusal> {
    turn(app, caller, campaign, id, DutyState::Assigned, "duty.restore", json!({})).await
}

async fn turn(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: DutyId,
    state: DutyState,
    action: &'static str,
    details: serde_json::Value,
) -> Result<DutyView, Refusal> {
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let (caller, details) = (caller.clone(), details.clone());
            let reason = details["reason"].as_str().unwrap_or("任务恢复").to_owned();
            async move {
                let duty = must(&tx, &caller, Action::EditDuties, campaign, id).await?;
                if duty.state == state {
                    return view(&tx, duty).await;
                }
                let changed = Duty { state, ..duty.clone() };
                let duty = save_duty(&tx, &caller, &duty, &changed, &reason).await?;
                let subject = Subject::of(campaign, SubjectKind::Duty, id.0);
                ledger::record(&tx, caller.act_named(action, subject, details)).await?;
                view(&tx, duty).await
            }
        })
        .await
}
