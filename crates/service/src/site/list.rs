use chengjing_domain::{
    id::CampaignId,
    people::policy::{Action, Resource},
};
pub use chengjing_store::site::SiteFilter;
use chengjing_store::{Page, Paging, campaign as campaigns, site as store};

use super::{SiteView, views};
use crate::{App, Caller, Refusal};

/// The sites of a campaign, by name.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    filter: SiteFilter,
    paging: Paging,
) -> Result<Page<SiteView>, Refusal> {
    caller.may(Action::SeeSites, Resource::Campaign(campaign))?;
    let here = app.clone();
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let page = store::list(&q, campaign, &filter, &paging).await?;
            Ok(Page { items: views(&here, &q, campaign, page.items).await?, next: page.next })
        })
        .await
}
