use chengjing_domain::{
    duty::view::{Shape, View},
    id::{CampaignId, ViewId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{ledger, view as store};
use serde_json::json;

use super::{ViewSeen, checked, must, seen as as_seen};
use crate::{App, Caller, Refusal, difference::Difference};

/// What is to become of a view.
#[derive(Debug, Clone, Default)]
pub struct ViewChange {
    pub name: Option<String>,
    pub shape: Option<Shape>,
}

/// Renames a view, or has it show something else.
pub async fn edit(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ViewId,
    seen: i64,
    change: ViewChange,
) -> Result<ViewSeen, Refusal> {
    caller.may(Action::SaveViews, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    app.store
        .write_keyed(move |tx| {
            let (caller, change) = (caller.clone(), change.clone());
            async move {
                let before = must(&tx, &caller, campaign, id, seen).await?;
                let mut beside = store::list(&tx, campaign, caller.actor.user).await?;
                beside.retain(|view| view.owner == before.owner && view.id != id);
                let name = change.name.unwrap_or_else(|| before.name.clone());
                let (name, shape) =
                    checked(&name, change.shape.unwrap_or_else(|| before.shape.clone()), &beside)?;
                let mut difference = Difference::default();
                difference.of("name", &before.name, &name, |name| json!(name));
                difference.of("shape", &before.shape, &shape, |shape| json!(shape));
                if difference.is_empty() {
                    return as_seen(&tx, &caller, before).await;
                }
                let (changed_by, changed_at) = (caller.actor.user, caller.now);
                let changed = View { name, shape, changed_by, changed_at, ..before };
                let saved = store::save(&tx, &changed).await?;
                let subject = Subject::of(campaign, SubjectKind::View, id.0);
                ledger::record(&tx, caller.act_named("view.edit", subject, difference.details())).await?;
                as_seen(&tx, &caller, saved).await
            }
        })
        .await
}
