use chengjing_domain::{
    id::{CampaignId, ObservationId},
    people::policy::{Action, Resource},
};
use chengjing_store::{ledger, observation as store};

use super::{ObservationView, must, subject, told, views};
use crate::{App, Caller, Refusal};

/// Releases what was seen covertly: from now on all who see observations see it, and once it is accepted it counts.
pub async fn release(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ObservationId,
    seen: i64,
) -> Result<ObservationView, Refusal> {
    caller.may(Action::ReleaseObservations, Resource::Campaign(campaign))?;
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller) = (here.clone(), caller.clone());
            async move {
                let released = must(&tx, &caller, (campaign, id), seen).await?.release(caller.now)?;
                let stored = store::save_released(&tx, &released).await?;
                // What says that it was recorded in error is seen by whoever sees it.
                if let Some(by) = stored.superseded_by
                    && let Some(said) =
                        store::lookup(&tx, campaign, by).await?.filter(|by| by.withdraws && by.is_hidden())
                {
                    store::save_released(&tx, &said.released_with(caller.now)).await?;
                }
                let act = caller.act(Action::ReleaseObservations, subject(&stored), told(&stored));
                ledger::record(&tx, act).await?;
                views(&app, &tx, campaign, vec![stored]).await?.pop().ok_or(Refusal::NotFound)
            }
        })
        .await
}
