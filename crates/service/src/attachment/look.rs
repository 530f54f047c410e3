use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use chengjing_domain::{
    attachment::{Facts, NoThumbnail, Picture},
    id::{AttachmentId, CampaignId, EntryId, JobId},
    ledger::{Act, Author, Subject, SubjectKind},
    photo::{Fingerprint, Traces},
};
use chengjing_reader::picture;
use chengjing_store::{
    attachment as store,
    job::{JobFailure, JobRun, NewJob},
    ledger,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{App, Caller, Refusal, photo::judge::keep};

/// The kind of job that looks at an image.
pub const KIND: &str = "attachment.look";

/// An image that takes longer goes without a thumbnail.
const PATIENCE: Duration = Duration::from_secs(60);

/// What such a job is told; a stored format.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Payload {
    campaign: CampaignId,
    attachment: AttachmentId,
}

/// Belongs to no campaign's list of jobs: there is one for each photograph.
pub(crate) fn job(caller: &Caller, campaign: CampaignId, attachment: AttachmentId) -> NewJob {
    NewJob {
        id: JobId(caller.ids.uuid(caller.now)),
        kind: KIND.to_owned(),
        payload_version: 1,
        payload: json!(Payload { campaign, attachment }),
        dedupe: Some(format!("{KIND}:{attachment}")),
        campaign: None,
        created_at: caller.now,
        run_at: caller.now,
        attempts_allowed: 3,
    }
}

/// Looks at an image: when and where it was taken, how large it is, what it looks like, and a small copy of it. An image that
/// can't be decoded is kept as it is.
pub async fn look(app: App, run: JobRun) -> Result<Value, JobFailure> {
    let Payload { campaign, attachment } = serde_json::from_value(run.job.payload.clone())
        .map_err(|error| JobFailure::Final(format!("the job's payload is not understood: {error}")))?;
    let found = app.store.read(|q| async move { store::lookup(&q, campaign, attachment).await }).await?;
    // Swept out since, or looked at by a worker that died right after it.
    let Some(found) = found.filter(|found| found.picture == Picture::Waiting) else {
        return Ok(json!({ "picture": "none" }));
    };
    let bytes = app.store.files().read(found.hash).await?;
    let Some(bytes) = bytes else { return Err(JobFailure::Final("the file is missing".into())) };
    // One at a time: a large photograph takes some hundred megabytes while it is decoded. Who runs out of time keeps the
    // place until they are done.
    let alone = Arc::clone(&app.pictures).acquire_owned().await;
    let looking = tokio::task::spawn_blocking(move || {
        let _alone = alone;
        picture::look(found.kind, &bytes)
    });
    let unseen = |why| Picture::Unseen { facts: Facts::default(), why };
    let nothing = (None, Traces::default());
    let (picture, look) = match tokio::time::timeout(PATIENCE, looking).await {
        Ok(Ok(seen)) => match seen.thumbnail {
            Ok(thumbnail) => {
                let file = app.store.files().put_bytes(Bytes::from(thumbnail)).await?;
                let picture = Picture::Seen { facts: seen.facts, thumbnail: file.hash };
                (picture, (seen.fingerprint, seen.traces))
            }
            Err(why) => (Picture::Unseen { facts: seen.facts, why }, (None, seen.traces)),
        },
        Ok(Err(_panic)) => (unseen(NoThumbnail::Damaged), nothing),
        Err(_elapsed) => (unseen(NoThumbnail::TookTooLong), nothing),
    };
    let result = json!({ "picture": picture.code() });
    save(&app, campaign, attachment, (picture, look))
        .await
        .map_err(|refusal| JobFailure::Passing(refusal.to_string()))?;
    Ok(result)
}

/// The job will not be tried again: the image says so, instead of being waited for for ever.
pub async fn give_up(app: App, run: JobRun) -> Result<Option<Value>, JobFailure> {
    let Ok(Payload { campaign, attachment }) = serde_json::from_value(run.job.payload.clone()) else {
        return Ok(None);
    };
    let unseen = Picture::Unseen { facts: Facts::default(), why: NoThumbnail::TookTooLong };
    save(&app, campaign, attachment, (unseen, (None, Traces::default())))
        .await
        .map_err(|refusal| JobFailure::Passing(refusal.to_string()))?;
    Ok(None)
}

async fn save(
    app: &App,
    campaign: CampaignId,
    attachment: AttachmentId,
    (picture, look): (Picture, (Option<Fingerprint>, Traces)),
) -> Result<(), Refusal> {
    let now = app.now();
    let act = Act {
        id: EntryId(app.ids.uuid(now)),
        at: now,
        author: Author::System,
        action: KIND.to_owned(),
        subject: Subject::of(campaign, SubjectKind::Attachment, attachment.0),
        details: json!({ "picture": picture.code() }),
    };
    let here = app.clone();
    app.store
        .write_keyed(move |tx| {
            let (app, act) = (here.clone(), act.clone());
            let (picture, look) = (picture.clone(), look.clone());
            async move {
                let found = store::lookup(&tx, campaign, attachment).await?;
                if let Some(looked) = found.and_then(|found| found.look(picture)) {
                    let looked = store::save(&tx, &looked).await?;
                    keep(&app, &tx, &looked, look).await?;
                    ledger::record(&tx, act).await?;
                }
                Ok::<_, Refusal>(())
            }
        })
        .await
}
