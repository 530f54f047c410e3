use chengjing_domain::{
    duty::{Duty, DutyState},
    id::{CampaignId, DutyId},
    ledger::{Subject, SubjectKind},
    people::policy::Action,
};
use chengjing_store::{Tx, campaign as campaigns, ledger};
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
                if state == DutyState::Assigned {
                    must_be_open(&tx, &duty).await?;
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

/// What comes back is owed again, and a unit that is no more owes nothing.
async fn must_be_open(tx: &Tx, duty: &Duty) -> Result<(), Refusal> {
    let closed = campaigns::closed_units(tx, duty.campaign).await?;
    let Some(gone) = duty.units.iter().find(|part| closed.contains(&part.unit)) else { return Ok(()) };
    let names = campaigns::names(tx, duty.campaign).await?;
    let name = names.units.get(&gone.unit).cloned().unwrap_or_default();
    Err(Refusal::conflict(
        format!("承担单位“{name}”已撤销，请先恢复它或改换单位"),
        format!("{name} is closed; reopen it or put another unit in its place"),
    ))
}
