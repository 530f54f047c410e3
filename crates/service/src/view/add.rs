use chengjing_domain::{
    duty::view::{MOST_VIEWS, Shape, View},
    id::{CampaignId, ViewId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{campaign as campaigns, ledger, view as store};
use serde_json::json;

use super::{ViewSeen, checked, seen};
use crate::{App, Caller, Refusal};

/// Saves a view under a name: the caller's own, or one that is shared with the campaign.
pub async fn add(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    (name, shared): (String, bool),
    shape: Shape,
) -> Result<ViewSeen, Refusal> {
    let action = if shared { Action::ShareViews } else { Action::SaveViews };
    caller.may(action, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    let id: ViewId = caller.id("view");
    app.store
        .write_keyed(move |tx| {
            let (caller, name, shape) = (caller.clone(), name.clone(), shape.clone());
            async move {
                campaigns::lookup(&tx, campaign).await?.ok_or(Refusal::NotFound)?;
                let owner = (!shared).then_some(caller.actor.user);
                let mut beside = store::list(&tx, campaign, caller.actor.user).await?;
                beside.retain(|view| view.owner == owner);
                if beside.len() >= MOST_VIEWS {
                    return Err(Refusal::conflict(
                        format!("最多保存{MOST_VIEWS}个视图，请先删去不用的"),
                        format!("At most {MOST_VIEWS} views are kept; delete some first"),
                    ));
                }
                let (name, shape) = checked(&name, shape, &beside)?;
                let (changed_by, changed_at) = (caller.actor.user, caller.now);
                let new = View { campaign, id, owner, name, shape, changed_by, changed_at, version: 1 };
                let added = store::add(&tx, &new).await?;
                let subject = Subject::of(campaign, SubjectKind::View, id.0);
                let told = json!({ "shared": shared, "name": added.name });
                ledger::record(&tx, caller.act(action, subject, told)).await?;
                seen(&tx, &caller, added).await
            }
        })
        .await
}
