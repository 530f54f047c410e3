use chengjing_domain::{
    id::CampaignId,
    people::policy::{Action, Resource},
};
use chengjing_store::{campaign as campaigns, view as store};

use super::{ViewSeen, seen_beside};
use crate::{App, Caller, Refusal};

/// The views that the caller has: those that are shared, then their own.
pub async fn list(app: &App, caller: &Caller, campaign: CampaignId) -> Result<Vec<ViewSeen>, Refusal> {
    caller.may(Action::SeeViews, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let first = store::first(&q, campaign, caller.actor.user).await?;
            let mut all = Vec::new();
            for view in store::list(&q, campaign, caller.actor.user).await? {
                all.push(seen_beside(&q, &caller, view, first).await?);
            }
            Ok(all)
        })
        .await
}
