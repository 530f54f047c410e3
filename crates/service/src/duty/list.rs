use chengjing_domain::{id::CampaignId, people::policy::Action};
use chengjing_store::{Page, Paging, duty as store};

use super::{DutySummary, Names, Wanted, filter};
use crate::{App, Caller, Refusal};

/// The duties of a campaign that the caller may see, the next due first.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    wanted: Wanted,
    paging: Paging,
) -> Result<(Page<DutySummary>, Names), Refusal> {
    let actor = caller.actor.clone();
    app.store
        .read(|q| async move {
            let filter = filter(&q, &actor, Action::SeeDuties, campaign, &wanted).await?;
            let page = store::list(&q, campaign, &filter, &paging).await?;
            Ok((page, Names::load(&q, campaign).await?))
        })
        .await
}
