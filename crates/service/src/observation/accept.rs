use chengjing_domain::{
    id::{CampaignId, ObservationId},
    people::policy::{Action, Resource},
};
use chengjing_store::{ledger, observation as store};

use super::{ObservationView, must, subject, told, views};
use crate::{App, Caller, Refusal};

/// Accepts what was observed: from now on it counts.
pub async fn accept(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ObservationId,
    seen: i64,
) -> Result<ObservationView, Refusal> {
    caller.may(Action::RecordObservations, Resource::Campaign(campaign))?;
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller) = (here.clone(), caller.clone());
            async move {
                let accepted = must(&tx, &caller, (campaign, id), seen).await?.accept(caller.now)?;
                let stored = store::save_accepted(&tx, &accepted).await?;
                let act = caller.act_named("observation.accept", subject(&stored), told(&stored));
                ledger::record(&tx, act).await?;
                views(&app, &tx, campaign, vec![stored]).await?.pop().ok_or(Refusal::NotFound)
            }
        })
        .await
}
