//! Images that arrived before anybody looked at what they look like are looked at again, once.

use std::sync::Arc;

use chengjing_domain::{
    attachment::{Attachment, Family, Picture},
    id::CampaignId,
    photo::{Fingerprint, Traces},
};
use chengjing_reader::picture;
use chengjing_store::{
    StoreError, attachment as files,
    job::{self, JobFailure, JobRun},
    photo as store,
};
use serde_json::{Value, json};

use super::judge::{keep, new_job};
use crate::{App, Refusal, daily};

/// The kind of job that looks through a campaign's images.
pub const KIND: &str = "photo.fill";

/// Attachments that are gone through together.
const SOME: u64 = 500;

/// Orders it for every campaign: it ends at once where nothing is missing.
pub async fn order_all(app: &App) -> Result<(), Refusal> {
    daily::order_all(app, KIND, "images that nobody looked at are looked for").await
}

/// Does such a job.
pub(crate) async fn work(app: App, run: JobRun) -> Result<Value, JobFailure> {
    let campaign = daily::campaign_of(&run)?;
    let passing = |refusal: Refusal| JobFailure::Passing(refusal.to_string());
    let filled = fill(&app, campaign).await.map_err(passing)?;
    Ok(json!({ "filled": filled }))
}

/// Looks at the images of which it is not kept what they look like; says how many there were.
pub async fn fill(app: &App, campaign: CampaignId) -> Result<usize, Refusal> {
    let (mut after, mut filled) = (None, 0);
    loop {
        let (some, known) = app
            .store
            .read(|q| async move {
                let some = files::list_after(&q, campaign, after, SOME).await?;
                let ids: Vec<_> = some.iter().map(|attachment| attachment.id).collect();
                let known = store::looked_at(&q, campaign, &ids).await?;
                Ok::<_, StoreError>((some, known))
            })
            .await?;
        let Some(last) = some.last() else { break };
        after = Some(last.id);
        // What waits for its first look is kept with that.
        let missing = |one: &&Attachment| {
            let looked = matches!(one.picture, Picture::Seen { .. } | Picture::Unseen { .. });
            one.kind.family() == Family::Image && looked && !known.contains(&one.id)
        };
        for attachment in some.iter().filter(missing) {
            let seen = look_again(app, attachment).await?;
            filled += usize::from(save(app, attachment.clone(), seen).await?);
        }
    }
    judge_what_is_due(app, campaign).await?;
    Ok(filled)
}

/// What a worker that died left undone is not left for ever.
async fn judge_what_is_due(app: &App, campaign: CampaignId) -> Result<(), Refusal> {
    if app.store.read(|q| async move { store::next_due(&q, campaign).await }).await?.is_none() {
        return Ok(());
    }
    let new = new_job(&*app.ids, campaign, app.now());
    app.store
        .write_unrecorded("photographs are to be looked into", move |tx| {
            let new = new.clone();
            async move { job::order(&tx, &new).await.map(drop).map_err(Refusal::from) }
        })
        .await
}

/// One that is missing, or that no look gets through, is kept as one of which nothing can be seen.
async fn look_again(app: &App, attachment: &Attachment) -> Result<(Option<Fingerprint>, Traces), Refusal> {
    let Some(bytes) = app.store.files().read(attachment.hash).await? else {
        return Ok((None, Traces::default()));
    };
    let kind = attachment.kind;
    let alone = Arc::clone(&app.pictures).acquire_owned().await;
    let looking = tokio::task::spawn_blocking(move || {
        let _alone = alone;
        picture::look(kind, &bytes)
    });
    Ok(match looking.await {
        Ok(seen) => (seen.fingerprint, seen.traces),
        Err(_panic) => (None, Traces::default()),
    })
}

/// False: another was faster.
async fn save(
    app: &App,
    attachment: Attachment,
    seen: (Option<Fingerprint>, Traces),
) -> Result<bool, Refusal> {
    let here = app.clone();
    app.store
        .write_unrecorded("what an old image looks like", move |tx| {
            let (app, attachment, seen) = (here.clone(), attachment.clone(), seen.clone());
            async move {
                let (campaign, id) = (attachment.campaign, attachment.id);
                // As it is now: it may have been attached or swept out meanwhile.
                let Some(attachment) = files::lookup(&tx, campaign, id).await? else { return Ok(false) };
                if store::lookup(&tx, campaign, id).await?.is_some() {
                    return Ok(false);
                }
                keep(&app, &tx, &attachment, seen).await?;
                Ok::<_, Refusal>(true)
            }
        })
        .await
}
