use chengjing_domain::{
    id::{CampaignId, SiteId},
    people::policy::{Action, Resource},
};
use chengjing_store::site as store;

use super::{SiteView, view};
use crate::{App, Caller, Refusal};

/// One site.
pub async fn look_up(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: SiteId,
) -> Result<SiteView, Refusal> {
    caller.may(Action::SeeSites, Resource::Campaign(campaign))?;
    let here = app.clone();
    app.store
        .read(|q| async move {
            let site = store::lookup(&q, campaign, id).await?.ok_or(Refusal::NotFound)?;
            view(&here, &q, site).await
        })
        .await
}
