//! Jobs that look through one campaign: ordered when something changed there, and for every campaign once a day.

use chengjing_domain::id::{CampaignId, Ids, JobId};
use chengjing_store::{
    Paging, Tx, campaign as campaigns,
    job::{self, JobFailure, JobRun, NewJob},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{App, Refusal};

/// What such a job is told; a stored format.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Payload {
    campaign: CampaignId,
}

/// One that waits is enough for all that order it meanwhile; one that runs looks once more.
pub(crate) fn new_job(kind: &str, id: JobId, campaign: CampaignId, now: DateTime<Utc>) -> NewJob {
    NewJob {
        id,
        kind: kind.to_owned(),
        payload_version: 1,
        payload: json!(Payload { campaign }),
        dedupe: Some(format!("{kind}:{campaign}")),
        campaign: Some(campaign),
        created_at: now,
        run_at: now,
        attempts_allowed: 5,
    }
}

/// Which campaign such a job is to look through.
pub(crate) fn campaign_of(run: &JobRun) -> Result<CampaignId, JobFailure> {
    let payload: Result<Payload, _> = serde_json::from_value(run.job.payload.clone());
    payload
        .map(|payload| payload.campaign)
        .map_err(|error| JobFailure::Final(format!("the job's payload is not understood: {error}")))
}

/// Orders it for every campaign, in the write that changed what it looks at.
pub(crate) async fn order_all_in(
    tx: &Tx,
    ids: &dyn Ids,
    kind: &str,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let mut after = None;
    loop {
        let page = campaigns::list(tx, None, &Paging { after, limit: 200 }).await?;
        for campaign in page.items {
            job::order(tx, &new_job(kind, JobId(ids.uuid(now)), campaign.id, now)).await?;
        }
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Orders it for every campaign. `act` is why nothing of it stands in the ledger.
pub(crate) async fn order_all(app: &App, kind: &'static str, act: &'static str) -> Result<(), Refusal> {
    let mut after = None;
    loop {
        let paging = Paging { after, limit: 200 };
        let page = app.store.read(|q| async move { campaigns::list(&q, None, &paging).await }).await?;
        let now = app.now();
        for campaign in page.items {
            let new = new_job(kind, JobId(app.ids.uuid(now)), campaign.id, now);
            app.store
                .write_unrecorded(act, move |tx| {
                    let new = new.clone();
                    async move { job::order(&tx, &new).await.map(drop) }
                })
                .await?;
        }
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}
