use chengjing_domain::{
    id::{CampaignId, ObservationId},
    ledger::Author,
    observation::KeptObservation,
    people::policy::{Action, Resource},
};
use chengjing_store::{ledger, observation as store};
use serde_json::json;

use super::{ObservationView, must, subject, told, views};
use crate::{App, Caller, Refusal, refusal::Faults};

/// Says of an observation that it was recorded in error, and why: it stays to be seen and counts no more. What was observed
/// before it in its place stands again. The answer is what says so.
pub async fn withdraw(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ObservationId,
    seen: i64,
    reason: String,
) -> Result<ObservationView, Refusal> {
    caller.may(Action::RecordObservations, Resource::Campaign(campaign))?;
    let mut faults = Faults::default();
    let reason = faults.text("reason", &reason, KeptObservation::LONGEST.0);
    faults.end()?;
    let own: ObservationId = caller.id("observation:0");
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, reason) = (here.clone(), caller.clone(), reason.clone());
            async move {
                if let Some(there) = store::lookup(&tx, campaign, own).await? {
                    return views(&app, &tx, campaign, vec![there]).await?.pop().ok_or(Refusal::NotFound);
                }
                let old = must(&tx, &caller, (campaign, id), seen).await?;
                let by = Author::User(caller.actor.user);
                let withdrawal = old.withdrawal(own, reason, by, caller.now)?;
                let gone = old.supersede(&withdrawal)?;
                let stored = store::record(&tx, std::slice::from_ref(&withdrawal)).await?;
                store::save_superseded(&tx, &gone).await?;
                let mut said = told(&withdrawal);
                if let Some(said) = said.as_object_mut() {
                    said.insert("withdraws".to_owned(), json!(id));
                }
                ledger::record(&tx, caller.act_named("observation.withdraw", subject(&withdrawal), said))
                    .await?;
                views(&app, &tx, campaign, stored).await?.pop().ok_or(Refusal::NotFound)
            }
        })
        .await
}
