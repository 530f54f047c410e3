use chengjing_domain::id::{CampaignId, ObservationId};

use super::{ObservationView, must_see, views};
use crate::{App, Caller, Refusal};

/// One observation.
pub async fn look_up(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ObservationId,
) -> Result<ObservationView, Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            let found = must_see(&q, &caller, campaign, id).await?;
            views(&here, &q, campaign, vec![found]).await?.pop().ok_or(Refusal::NotFound)
        })
        .await
}
