use chengjing_domain::{id::CampaignId, people::policy::Action};
use chengjing_store::{Paging, duty as store};

use super::{Wanted, filter};
use crate::{App, Caller, Refusal};

/// Counted to here; beyond it a number would cost more than it tells.
pub const MOST: u64 = 1_000;

/// How many duties there are of the wanted; (count, whether it is exact).
pub async fn count(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    wanted: Wanted,
) -> Result<(u64, bool), Refusal> {
    let actor = caller.actor.clone();
    app.store
        .read(|q| async move {
            let filter = filter(&q, &actor, Action::SeeDuties, campaign, &wanted).await?;
            let page = store::list(&q, campaign, &filter, &Paging::first(MOST)).await?;
            Ok((page.items.len() as u64, page.next.is_none()))
        })
        .await
}
