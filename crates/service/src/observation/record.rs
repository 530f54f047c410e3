use std::collections::HashSet;

use chengjing_domain::{
    attachment::AttachedTo,
    id::{CampaignId, ObservationId},
    ledger::{Subject, SubjectKind},
    observation::KeptObservation,
    people::policy::{Action, Resource},
};
use chengjing_store::{Tx, attachment as attachments, campaign as campaigns, ledger, observation as store};
use serde_json::json;

use super::{NewObservation, ObservationView, check::Checker, subject, told, views};
use crate::{App, Caller, Refusal};

/// Records what was observed; all of it, or all that is wrong with any of it.
pub async fn record(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    new: Vec<NewObservation>,
) -> Result<Vec<ObservationView>, Refusal> {
    caller.may(Action::RecordObservations, Resource::Campaign(campaign))?;
    let ids: Vec<ObservationId> = (0..new.len()).map(|n| caller.id(&format!("observation:{n}"))).collect();
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, new, ids) = (here.clone(), caller.clone(), new.clone(), ids.clone());
            async move {
                campaigns::lookup(&tx, campaign).await?.ok_or(Refusal::NotFound)?;
                let there = store::list_of(&tx, campaign, &ids).await?;
                if !there.is_empty() {
                    return views(&app, &tx, campaign, there).await;
                }
                let new = ids.into_iter().zip(new).collect();
                let stored = record_in(&app, &tx, &caller, campaign, new).await?;
                let act = match stored.as_slice() {
                    [one] => caller.act(Action::RecordObservations, subject(one), told(one)),
                    many => {
                        let whole = Subject::of(campaign, SubjectKind::Campaign, campaign.0);
                        caller.act(Action::RecordObservations, whole, json!({ "count": many.len() }))
                    }
                };
                ledger::record(&tx, act).await?;
                views(&app, &tx, campaign, stored).await
            }
        })
        .await
}

/// Records what was observed inside somebody else's write, which asked the policy and tells the ledger. Files that nothing
/// is attached to yet prove it from now on.
pub(crate) async fn record_in(
    app: &App,
    tx: &Tx,
    caller: &Caller,
    campaign: CampaignId,
    new: Vec<(ObservationId, NewObservation)>,
) -> Result<Vec<KeptObservation>, Refusal> {
    if new.is_empty() || new.len() > KeptObservation::MOST {
        let most = KeptObservation::MOST;
        return Err(Refusal::invalid(
            "items",
            format!("应有1至{most}条"),
            format!("1 to {most} are expected"),
        ));
    }
    let texts: Vec<NewObservation> = new.iter().map(|(_, one)| one.clone()).collect();
    let mut checker = Checker::load(app, tx, caller, campaign, &texts, &HashSet::new()).await?;
    let mut kept = Vec::with_capacity(new.len());
    for (n, (id, one)) in new.into_iter().enumerate() {
        kept.push(checker.keep(&format!("items[{n}]"), id, one));
    }
    checker.faults.end()?;
    let stored = store::record(tx, &kept).await?;
    attach(tx, caller, &stored).await?;
    Ok(stored)
}

/// Files that the caller brought and nothing is attached to belong to the first of these that names them.
pub(super) async fn attach(tx: &Tx, caller: &Caller, all: &[KeptObservation]) -> Result<(), Refusal> {
    let mut done = HashSet::new();
    for one in all {
        for id in one.files.iter().filter(|id| done.insert(**id)) {
            let Some(file) = attachments::lookup(tx, one.campaign, *id).await? else { continue };
            if file.subject.is_some() {
                continue;
            }
            if let Ok(Some(changed)) = file.attach(caller.actor.user, AttachedTo::Observation(one.id)) {
                attachments::save(tx, &changed).await?;
            }
        }
    }
    Ok(())
}
