use chengjing_domain::{
    duty::{Duty, DutyState},
    id::{CampaignId, DutyId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{campaign as campaigns, duty as store, ledger};
use serde_json::json;

use super::{
    DutyChange,
    look_up::{DutyView, view},
    put,
};
use crate::{App, Caller, Refusal, task::dates};

/// Adds a duty by hand.
pub async fn add(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    text: DutyChange,
) -> Result<DutyView, Refusal> {
    caller.may(Action::EditDuties, Resource::Campaign(campaign))?;
    let id: DutyId = caller.id("duty");
    let caller = caller.clone();
    app.store
        .write_keyed(move |tx| {
            let (text, caller) = (text.clone(), caller.clone());
            async move {
                campaigns::lookup(&tx, campaign).await?.ok_or(Refusal::NotFound)?;
                if let Some(there) = store::lookup(&tx, campaign, id).await? {
                    return view(&tx, there).await;
                }
                let mut duty = Duty {
                    campaign,
                    id,
                    import: None,
                    ordinal: 0,
                    number: None,
                    path: Vec::new(),
                    part: None,
                    title: String::new(),
                    text: String::new(),
                    leads: Vec::new(),
                    units: Vec::new(),
                    start: None,
                    due: None,
                    due_on: None,
                    recurrence: None,
                    phase: None,
                    initiative: None,
                    targets: Vec::new(),
                    span: None,
                    state: DutyState::Assigned,
                    created_at: caller.now,
                    version: 1,
                };
                put(&tx, &caller, &mut duty, &text).await?;
                let duty = store::add(&tx, &duty).await?;
                dates::order(&tx, &caller, &duty).await?;
                let subject = Subject::of(campaign, SubjectKind::Duty, id.0);
                ledger::record(&tx, caller.act_named("duty.add", subject, json!({ "title": duty.title })))
                    .await?;
                view(&tx, duty).await
            }
        })
        .await
}
