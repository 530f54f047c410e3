use std::collections::HashSet;

use chengjing_domain::{
    clock::day_of,
    id::{CampaignId, JobId},
    ledger::{Subject, SubjectKind},
    people::policy::Action,
};
use chengjing_store::{
    evidence::count,
    job::{self as jobs, NewJob},
    ledger,
};
use serde_json::json;

use super::{KIND, Payload, Wanted};
use crate::{
    App, Caller, Refusal,
    evidence::{Demands, Of, scope_of},
    refusal::Faults,
};

/// Orders the dossier of what was accepted of the units that the caller's role reaches; a job packs it. That it was taken out
/// stands in the ledger.
pub async fn order(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    wanted: Wanted,
) -> Result<JobId, Refusal> {
    let id: JobId = caller.id("job");
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, wanted) = (here.clone(), caller.clone(), wanted.clone());
            async move {
                let within = scope_of(&tx, &caller, Action::PackDossiers, campaign).await?;
                if jobs::lookup(&tx, id).await?.is_some() {
                    return Ok(id);
                }
                let demands = Demands::load(&app, &tx, campaign).await?;
                let standards = wanted.standards(&demands);
                if wanted.standard.is_some() && standards.is_empty() {
                    return Err(Refusal::NotFound);
                }
                let mut faults = Faults::default();
                let mut asked: HashSet<Of> = HashSet::new();
                for standard in standards {
                    let (packed, place) = wanted.demands(&demands, standard);
                    if wanted.place.is_some() && place.is_none() && wanted.standard.is_some() {
                        faults.add("place", "体系里没有这个编号", "the standard has no such place");
                    }
                    asked.extend(packed.into_iter().map(|one| one.demand.of.clone()));
                }
                if wanted.place.is_some() && wanted.standard.is_none() {
                    faults.add("standard_id", "请先选择测评体系", "say of which standard");
                }
                faults.end()?;
                let covered = |unit| within.as_ref().is_none_or(|within| within.contains(&unit));
                let counts = count::counts(&tx, campaign).await?;
                let accepted = counts.iter().any(|one| {
                    let of = Of { standard: one.standard, requirement: one.requirement.clone() };
                    one.counted.is_accepted() && covered(one.unit) && asked.contains(&of)
                });
                if !accepted {
                    return Err(Refusal::conflict(
                        "这里还没有审核通过的材料",
                        "nothing was accepted here yet",
                    ));
                }
                let as_of = day_of(caller.now);
                let payload = Payload { campaign, owner: caller.actor.user, wanted, within, as_of };
                let new = NewJob {
                    id,
                    kind: KIND.to_owned(),
                    payload_version: 1,
                    payload: json!(payload),
                    dedupe: None,
                    campaign: Some(campaign),
                    created_at: caller.now,
                    run_at: caller.now,
                    attempts_allowed: 3,
                };
                jobs::add(&tx, &new).await?;
                let subject = match payload.wanted.standard {
                    Some(standard) => Subject::of(campaign, SubjectKind::Assessed, standard.0),
                    None => Subject::of(campaign, SubjectKind::Campaign, campaign.0),
                };
                let told = json!({ "place": payload.wanted.place });
                ledger::record(&tx, caller.act(Action::PackDossiers, subject, told)).await?;
                Ok(id)
            }
        })
        .await
}
