use chengjing_domain::{
    campaign::initiative::Initiative,
    id::{CampaignId, InitiativeId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{initiative as store, ledger, people};
use serde_json::json;

use super::{InitiativeChange, InitiativeView, must, put, view};
use crate::{App, Caller, Refusal, difference::Difference, duty::Names};

/// Changes an initiative that is open.
pub async fn edit(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: InitiativeId,
    seen: i64,
    change: InitiativeChange,
) -> Result<(InitiativeView, Names), Refusal> {
    caller.may(Action::EditInitiatives, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let (change, caller) = (change.clone(), caller.clone());
            async move {
                let before = must(&tx, campaign, id).await?;
                if before.version != seen {
                    return Err(Refusal::Stale);
                }
                before.takes_changes()?;
                let mut after = before.clone();
                put(&tx, &mut after, &change).await?;
                let names = Names::load(&tx, campaign).await?;
                let heads: Vec<_> = before.head.into_iter().chain(after.head).collect();
                let heads = people::display_names(&tx, &heads).await?;
                let difference = difference(&before, &after, &names, |head| heads.get(&head).cloned());
                if difference.is_empty() {
                    return view(&tx, &caller, before).await;
                }
                let stored = store::save(&tx, &after).await?;
                let subject = Subject::of(campaign, SubjectKind::Initiative, id.0);
                let act = caller.act(Action::EditInitiatives, subject, difference.details());
                ledger::record(&tx, act).await?;
                view(&tx, &caller, stored).await
            }
        })
        .await
}

fn difference(
    before: &Initiative,
    after: &Initiative,
    names: &Names,
    person: impl Fn(chengjing_domain::id::UserId) -> Option<String>,
) -> Difference {
    let mut difference = Difference::default();
    difference.of("kind", &before.kind, &after.kind, |kind| json!(kind));
    difference.of("name", &before.name, &after.name, |name| json!(name));
    difference.of_text("purpose", &before.purpose, &after.purpose);
    difference.of("leader", &before.leader, &after.leader, |unit| json!(names.unit(*unit).name));
    difference.of("head", &before.head, &after.head, |head| json!(head.and_then(&person)));
    difference.of("members", &before.members, &after.members, |members| {
        json!(members.iter().map(|unit| names.unit(*unit).name).collect::<Vec<_>>())
    });
    difference.of("starts_on", &before.starts_on, &after.starts_on, |day| json!(day));
    difference.of("ends_on", &before.ends_on, &after.ends_on, |day| json!(day));
    difference
}
