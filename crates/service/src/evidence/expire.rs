//! What was accepted and is older than its requirement allows counts no more: looked for once a day, and the score is told.

use std::collections::BTreeSet;

use chengjing_domain::{
    clock::day_of,
    evidence::{
        EvidenceLink,
        review::{Deed, Party, Refused},
    },
    id::{CampaignId, EntryId, ObservationId, UserId},
    ledger::{Act, Author, Subject, SubjectKind},
    observation::KeptObservation,
};
use chengjing_store::{
    Tx,
    evidence::link as links,
    job::{JobFailure, JobRun},
    ledger, observation as observations,
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Demand, Demands, Of, review};
use crate::{App, Refusal, daily};

/// The kind of job that looks through a campaign.
pub const KIND: &str = "evidence.expire";

/// How many reviews one write ends: others write meanwhile.
const AT_A_TIME: u64 = 100;

/// Orders it for every campaign: a new day has come.
pub async fn order_all(app: &App) -> Result<(), Refusal> {
    daily::order_all(app, KIND, "what is too old is looked for").await
}

/// Does such a job.
pub(crate) async fn work(app: App, run: JobRun) -> Result<Value, JobFailure> {
    let campaign = daily::campaign_of(&run)?;
    let passing = |refusal: Refusal| JobFailure::Passing(refusal.to_string());
    let expired = expire(&app, campaign).await.map_err(passing)?;
    Ok(json!({ "expired": expired }))
}

/// Ends what is over; says how many.
pub async fn expire(app: &App, campaign: CampaignId) -> Result<usize, Refusal> {
    let now = app.now();
    let today = day_of(now);
    let mut all = 0;
    loop {
        let (here, ids) = (app.clone(), app.ids.clone());
        let ended = app
            .store
            .write(move |tx| {
                let (here, ids) = (here.clone(), ids.clone());
                async move {
                    let over = links::list_over(&tx, campaign, today, AT_A_TIME).await?;
                    let demands = match over.as_slice() {
                        [] => Demands::default(),
                        _ => Demands::load(&here, &tx, campaign).await?,
                    };
                    let mut ended = Vec::with_capacity(over.len());
                    for link in over {
                        let nobody = UserId(uuid::Uuid::nil());
                        match link.perform(Deed::Expire { today }, Party::System, nobody, now) {
                            Ok(expired) => ended.push(links::save(&tx, &expired).await?),
                            Err(Refused::NotOver | Refused::NotNow(_)) => {}
                            Err(refused) => return Err(refused.into()),
                        }
                    }
                    // Only when all are over: of several for one requirement none may count a moment longer.
                    let of = |link: &EvidenceLink| Of {
                        standard: link.standard,
                        requirement: link.requirement.clone(),
                    };
                    let touched: BTreeSet<Of> = ended.iter().map(of).collect();
                    for of in touched {
                        if let Some(demand) = demands.find(&of) {
                            tell(&tx, campaign, &demand, (ObservationId(ids.uuid(now)), now)).await?;
                        }
                    }
                    for expired in &ended {
                        let act = Act {
                            id: EntryId(ids.uuid(now)),
                            at: now,
                            author: Author::System,
                            action: "evidence.expire".to_owned(),
                            subject: Subject::of(campaign, SubjectKind::EvidenceLink, expired.id.0),
                            details: json!({}),
                        };
                        ledger::record(&tx, act).await?;
                    }
                    Ok::<usize, Refusal>(ended.len())
                }
            })
            .await?;
        all += ended;
        if ended == 0 {
            return Ok(all);
        }
    }
}

/// Tells the score what is left of a requirement of which something counts no more.
async fn tell(
    tx: &Tx,
    campaign: CampaignId,
    demand: &Demand,
    (id, now): (ObservationId, DateTime<Utc>),
) -> Result<(), Refusal> {
    let Some(new) = review::observation(tx, campaign, demand).await? else { return Ok(()) };
    let kept = KeptObservation {
        campaign,
        id,
        at: now,
        accepted_at: Some(now),
        covert: new.covert,
        released_at: None,
        round: new.round,
        fact: new.fact,
        standard: new.standard,
        unit: new.unit,
        source: new.source,
        period: new.period,
        files: new.files,
        superseded_by: None,
        withdraws: false,
        by: Author::System,
        recorded_at: now,
    };
    observations::record(tx, &[kept]).await?;
    Ok(())
}
