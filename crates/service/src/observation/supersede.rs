use chengjing_domain::{
    id::{CampaignId, ObservationId},
    observation::ObservationRefusal,
    people::policy::{Action, Resource},
};
use chengjing_store::{ledger, observation as store};
use serde_json::json;

use super::{NewObservation, ObservationView, check::Checker, must, record::attach, subject, told, views};
use crate::{App, Caller, Refusal};

/// Records another observation of the same thing in place of one that was wrong. The old one stays to be seen, and counts
/// until the new one does. Where the correction names no moment it is of the same one, or of the end of its own period: what was
/// wrong is corrected where it stood, and what was observed since stays newer.
pub async fn supersede(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ObservationId,
    seen: i64,
    new: NewObservation,
) -> Result<ObservationView, Refusal> {
    caller.may(Action::RecordObservations, Resource::Campaign(campaign))?;
    let successor: ObservationId = caller.id("observation:0");
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, new) = (here.clone(), caller.clone(), new.clone());
            async move {
                if let Some(there) = store::lookup(&tx, campaign, successor).await? {
                    return views(&app, &tx, campaign, vec![there]).await?.pop().ok_or(Refusal::NotFound);
                }
                let old = must(&tx, &caller, (campaign, id), seen).await?;
                if old.superseded_by.is_some() {
                    return Err(ObservationRefusal::Superseded.into());
                }
                let same_period = new.period == old.period;
                let new = NewObservation { at: new.at.or(same_period.then_some(old.at)), ..new };
                let texts = std::slice::from_ref(&new);
                let replaced = [old.id].into();
                let mut checker = Checker::load(&app, &tx, &caller, campaign, texts, &replaced).await?;
                let kept = checker.keep("", successor, new);
                checker.faults.end()?;
                let gone = old.supersede(&kept)?;
                let stored = store::record(&tx, std::slice::from_ref(&kept)).await?;
                attach(&tx, &caller, &stored).await?;
                store::save_superseded(&tx, &gone).await?;
                let mut said = told(&kept);
                if let Some(said) = said.as_object_mut() {
                    said.insert("supersedes".to_owned(), json!(id));
                }
                ledger::record(&tx, caller.act_named("observation.supersede", subject(&kept), said)).await?;
                views(&app, &tx, campaign, stored).await?.pop().ok_or(Refusal::NotFound)
            }
        })
        .await
}
