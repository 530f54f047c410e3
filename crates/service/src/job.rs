//! Work done in the background, as its owner sees it.

use chengjing_domain::{
    id::{CampaignId, JobId},
    people::policy::{Action, Resource},
};
pub use chengjing_store::job::{Job, JobState};
use chengjing_store::{
    Page, Paging,
    job::{self as store, Handlers},
};

use crate::{App, Caller, Refusal, plan};

/// Who does which job.
pub fn handlers(app: &App) -> Handlers {
    let app = app.clone();
    Handlers::new().on(plan::read::KIND, move |run| plan::read::read(app.clone(), run))
}

/// One job, for those who may see what it works on.
pub async fn look_up(app: &App, caller: &Caller, id: JobId) -> Result<Job, Refusal> {
    let job = app.store.read(|q| async move { store::lookup(&q, id).await }).await?;
    let job = job.ok_or(Refusal::NotFound)?;
    // Whether a job exists is told only to those who may see its campaign's plans.
    may_see(caller, job.campaign).map_err(|_| Refusal::NotFound)?;
    Ok(job)
}

/// The jobs of a campaign, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    paging: Paging,
) -> Result<Page<Job>, Refusal> {
    may_see(caller, Some(campaign))?;
    app.store.read(|q| async move { Ok(store::list(&q, Some(campaign), &paging).await?) }).await
}

/// Ends a job that is not over.
pub async fn cancel(app: &App, caller: &Caller, id: JobId) -> Result<Job, Refusal> {
    let job = look_up(app, caller, id).await?;
    match job.campaign {
        Some(campaign) => caller.may(Action::ImportPlan, Resource::Campaign(campaign))?,
        None => caller.may(Action::ManageUsers, Resource::System)?,
    }
    let now = caller.now;
    app.store
        .write_unrecorded("a job is cancelled", move |tx| async move {
            store::cancel(&tx, id, now).await?;
            Ok::<_, Refusal>(())
        })
        .await?;
    look_up(app, caller, id).await
}

fn may_see(caller: &Caller, campaign: Option<CampaignId>) -> Result<(), Refusal> {
    match campaign {
        Some(campaign) => caller.may(Action::SeePlans, Resource::Campaign(campaign)),
        None => caller.may(Action::ManageUsers, Resource::System),
    }
}
