use chengjing_domain::{
    attachment::{
        Attachment,
        upload::{GivenUp, PATIENCE, Upload, UploadState},
    },
    id::{EntryId, JobId},
    ledger::{Act, Author, Subject, SubjectKind},
};
use chengjing_store::{
    StoreError,
    attachment::{self as store, upload as uploads},
    job::{self, JobFailure, JobRun, NewJob},
    ledger,
};
use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{App, Refusal};

/// The kind of job that removes files which nobody came back for.
pub const KIND: &str = "attachment.sweep";

/// Rows and files that are looked at together.
const SOME: usize = 200;

/// What such a job is told; a stored format.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Payload {
    /// Files that were written before that, by the clock of the disk, and that nobody names go.
    files_before: DateTime<Utc>,
}

/// Has the files swept once a day, however often it is asked.
pub async fn order(app: &App, files_before: DateTime<Utc>) -> Result<(), Refusal> {
    let now = app.now();
    let mut id = [0; 16];
    id.copy_from_slice(&Sha256::digest(format!("{KIND} {}", files_before.date_naive()))[..16]);
    let new = NewJob {
        id: JobId(uuid::Builder::from_custom_bytes(id).into_uuid()),
        kind: KIND.to_owned(),
        payload_version: 1,
        payload: json!(Payload { files_before }),
        dedupe: Some(KIND.to_owned()),
        campaign: None,
        created_at: now,
        run_at: now,
        attempts_allowed: 3,
    };
    app.store
        .write_unrecorded("files are to be swept", move |tx| {
            let new = new.clone();
            async move {
                if job::lookup(&tx, new.id).await?.is_none() {
                    job::add(&tx, &new).await?;
                }
                Ok::<_, Refusal>(())
            }
        })
        .await
}

/// Removes uploads that were left for a day, attachments that were attached to nothing for a day, and after that the
/// files that no row names any more.
pub async fn sweep(app: App, run: JobRun) -> Result<Value, JobFailure> {
    let Payload { files_before } = serde_json::from_value(run.job.payload.clone())
        .map_err(|error| JobFailure::Final(format!("the job's payload is not understood: {error}")))?;
    let failed = |refusal: Refusal| JobFailure::Passing(refusal.to_string());
    let uploads = expire(&app).await.map_err(failed)?;
    let attachments = drop_loose(&app).await.map_err(failed)?;
    app.store.files().spool().sweep(files_before).await?;
    let files = drop_unnamed(&app, files_before).await?;
    Ok(json!({ "uploads": uploads, "attachments": attachments, "files": files }))
}

/// An upload that nobody went on with says so for another day and is then forgotten.
async fn expire(app: &App) -> Result<usize, Refusal> {
    let now = app.now();
    let mut count = 0;
    loop {
        let some =
            app.store.read(|q| async move { uploads::list_expired(&q, now, SOME as u64).await }).await?;
        for upload in &some {
            let key = (upload.campaign, upload.id);
            let upload = upload.clone();
            let done = app.store.write_unrecorded("an upload is given up", move |tx| {
                let upload = upload.clone();
                async move {
                    match upload.state {
                        UploadState::Open { .. } => {
                            let expires_at = now + PATIENCE;
                            let gone = Upload { expires_at, ..upload.clone().give_up(GivenUp::Expired) };
                            uploads::save(&tx, &upload, &gone).await.map(drop)
                        }
                        UploadState::Complete { .. } | UploadState::GivenUp { .. } => {
                            uploads::remove(&tx, upload.campaign, upload.id).await
                        }
                    }
                }
            });
            match done.await {
                Ok(()) => {
                    app.store.files().spool().remove(key).await?;
                    count += 1;
                }
                // Somebody went on with it just now.
                Err(StoreError::Stale) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if some.len() < SOME {
            return Ok(count);
        }
    }
}

async fn drop_loose(app: &App) -> Result<usize, Refusal> {
    let now = app.now();
    let mut count = 0;
    loop {
        let before = now - PATIENCE;
        let some =
            app.store.read(|q| async move { store::list_loose(&q, before, SOME as u64).await }).await?;
        for attachment in &some {
            let Attachment { campaign, id, .. } = *attachment;
            let act = Act {
                id: EntryId(app.ids.uuid(now)),
                at: now,
                author: Author::System,
                action: KIND.to_owned(),
                subject: Subject::of(campaign, SubjectKind::Attachment, id.0),
                details: json!({ "name": attachment.name }),
            };
            let removed = app.store.write(move |tx| {
                let act = act.clone();
                async move {
                    // Attached at the last moment: it stays.
                    let removed = store::remove_loose(&tx, campaign, id).await?;
                    if removed {
                        ledger::record(&tx, act).await?;
                    }
                    Ok::<_, Refusal>(removed)
                }
            });
            count += usize::from(removed.await?);
        }
        if some.len() < SOME {
            return Ok(count);
        }
    }
}

async fn drop_unnamed(app: &App, before: DateTime<Utc>) -> Result<usize, StoreError> {
    let files = app.store.files();
    let mut count = 0;
    let mut old = files.list_older(before).try_chunks(SOME);
    while let Some(some) = old.try_next().await.map_err(|error| error.1)? {
        let hashes: Vec<_> = some.iter().map(|file| file.hash).collect();
        let asked = hashes.clone();
        let named = app.store.read(|q| async move { store::named(&q, &asked).await }).await?;
        for hash in hashes.into_iter().filter(|hash| !named.contains(hash)) {
            count += usize::from(files.remove_older(hash, before).await?);
        }
    }
    Ok(count)
}
