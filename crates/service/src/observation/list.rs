use chengjing_domain::{
    id::CampaignId,
    people::policy::{Action, Resource},
};
pub use chengjing_store::observation::ObservationFilter;
use chengjing_store::{Page, Paging, campaign as campaigns, observation as store};

use super::{ObservationView, sees_hidden, views};
use crate::{App, Caller, Refusal};

/// The observations of a campaign, those that were made last first. What was seen covertly and is not released is in it for
/// those who release it, where they ask for it.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    filter: ObservationFilter,
    paging: Paging,
) -> Result<Page<ObservationView>, Refusal> {
    caller.may(Action::SeeObservations, Resource::Campaign(campaign))?;
    let filter = ObservationFilter { hidden: filter.hidden && sees_hidden(caller, campaign), ..filter };
    let here = app.clone();
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let page = store::list(&q, campaign, &filter, &paging).await?;
            let items = views(&here, &q, campaign, page.items).await?;
            Ok(Page { items, next: page.next })
        })
        .await
}
