use chengjing_domain::{
    campaign::initiative::{Initiative, InitiativeKind, InitiativeState},
    id::{CampaignId, InitiativeId, UnitId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{campaign as campaigns, initiative as store, ledger};
use serde_json::json;

use super::{InitiativeChange, InitiativeView, put, view};
use crate::{App, Caller, Refusal, duty::Names};

/// Adds a special action or a working group.
pub async fn add(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    kind: InitiativeKind,
    leader: UnitId,
    text: InitiativeChange,
) -> Result<(InitiativeView, Names), Refusal> {
    caller.may(Action::EditInitiatives, Resource::Campaign(campaign))?;
    let id: InitiativeId = caller.id("initiative");
    let text = InitiativeChange { kind: Some(kind), leader: Some(leader), ..text };
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let (text, caller) = (text.clone(), caller.clone());
            async move {
                campaigns::lookup(&tx, campaign).await?.ok_or(Refusal::NotFound)?;
                if let Some(there) = store::lookup(&tx, campaign, id).await? {
                    return view(&tx, &caller, there).await;
                }
                let mut initiative = Initiative {
                    campaign,
                    id,
                    kind,
                    name: String::new(),
                    purpose: String::new(),
                    // Nobody's, so that it is looked at whether this unit may lead it.
                    leader: UnitId(uuid::Uuid::nil()),
                    head: None,
                    members: Vec::new(),
                    starts_on: None,
                    ends_on: None,
                    state: InitiativeState::Open,
                    created_at: caller.now,
                    version: 1,
                };
                put(&tx, &mut initiative, &text).await?;
                let stored = store::add(&tx, &initiative).await?;
                let subject = Subject::of(campaign, SubjectKind::Initiative, id.0);
                let names = Names::load(&tx, campaign).await?;
                let told = json!({
                    "kind": stored.kind,
                    "name": stored.name,
                    "leader": names.unit(stored.leader).name,
                });
                ledger::record(&tx, caller.act_named("initiative.add", subject, told)).await?;
                view(&tx, &caller, stored).await
            }
        })
        .await
}
