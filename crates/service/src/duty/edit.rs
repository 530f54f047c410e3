use chengjing_domain::{
    id::{CampaignId, DutyId},
    ledger::{Subject, SubjectKind},
    people::policy::Action,
};
use chengjing_store::{duty as store, ledger};
use serde_json::json;

use super::{
    DutyChange,
    look_up::{DutyView, view},
    must, put,
};
use crate::{App, Caller, Refusal};

/// Changes a duty.
pub async fn edit(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: DutyId,
    seen: i64,
    change: DutyChange,
) -> Result<DutyView, Refusal> {
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let (change, caller) = (change.clone(), caller.clone());
            async move {
                let before = must(&tx, &caller, Action::EditDuties, campaign, id).await?;
                if before.version != seen {
                    return Err(Refusal::Stale);
                }
                let mut duty = before.clone();
                put(&tx, &caller, &mut duty, &change).await?;
                let fields: Vec<&str> = [
                    ("number", duty.number != before.number),
                    ("title", duty.title != before.title),
                    ("text", duty.text != before.text),
                    ("leads", duty.leads != before.leads),
                    ("units", duty.units != before.units),
                    ("start", duty.start != before.start),
                    ("due", duty.due != before.due),
                    ("recurrence", duty.recurrence != before.recurrence),
                    ("phase", duty.phase != before.phase),
                    ("targets", duty.targets != before.targets),
                ]
                .into_iter()
                .filter_map(|(field, differs)| differs.then_some(field))
                .collect();
                if fields.is_empty() {
                    return view(&tx, before).await;
                }
                let duty = store::save_over(&tx, &before, &duty).await?;
                let subject = Subject::of(campaign, SubjectKind::Duty, id.0);
                ledger::record(&tx, caller.act(Action::EditDuties, subject, json!({ "fields": fields })))
                    .await?;
                view(&tx, duty).await
            }
        })
        .await
}
