use chengjing_domain::{
    campaign::initiative::{Initiative, InitiativeRefusal},
    id::{CampaignId, InitiativeId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{initiative as store, ledger};
use serde_json::{Value, json};

use super::{InitiativeView, must, view};
use crate::{App, Caller, Refusal, duty::Names, refusal::Faults};

/// Ends an initiative and says what came of it. Its duties stay in it and go on as they are.
pub async fn close(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: InitiativeId,
    seen: i64,
    summary: &str,
) -> Result<(InitiativeView, Names), Refusal> {
    caller.may(Action::EditInitiatives, Resource::Campaign(campaign))?;
    let mut faults = Faults::default();
    let summary = faults.text("summary", summary, 2_000);
    faults.end()?;
    let now = caller.now;
    let told = json!({ "summary": summary });
    let end = move |initiative: Initiative| initiative.close(now, summary.clone());
    turn(app, caller, (campaign, id, seen), ("initiative.close", told), end).await
}

/// Goes on with one that was closed.
pub async fn reopen(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: InitiativeId,
    seen: i64,
) -> Result<(InitiativeView, Names), Refusal> {
    caller.may(Action::EditInitiatives, Resource::Campaign(campaign))?;
    turn(app, caller, (campaign, id, seen), ("initiative.reopen", json!({})), Initiative::reopen).await
}

async fn turn(
    app: &App,
    caller: &Caller,
    (campaign, id, seen): (CampaignId, InitiativeId, i64),
    (action, told): (&'static str, Value),
    change: impl Fn(Initiative) -> Result<Initiative, InitiativeRefusal> + Clone + Send + Sync + 'static,
) -> Result<(InitiativeView, Names), Refusal> {
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let (caller, told, change) = (caller.clone(), told.clone(), change.clone());
            async move {
                let before = must(&tx, campaign, id).await?;
                if before.version != seen {
                    return Err(Refusal::Stale);
                }
                let stored = store::save(&tx, &change(before)?).await?;
                let subject = Subject::of(campaign, SubjectKind::Initiative, id.0);
                ledger::record(&tx, caller.act_named(action, subject, told)).await?;
                view(&tx, &caller, stored).await
            }
        })
        .await
}
