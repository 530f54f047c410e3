use std::time::Duration;

use bytes::Bytes;
use chengjing_domain::{
    attachment::upload::{Upload, UploadRefusal, UploadState},
    id::{CampaignId, UploadId},
};
use chengjing_store::{
    attachment::upload as store,
    file::{SpoolWriter, Turn},
};
use futures_util::{Stream, StreamExt};

use super::{UploadView, finish::finish, must_own, view_upload};
use crate::{App, Caller, Refusal};

/// Bytes and time after which a long piece is acknowledged in between: a request that is cut off loses no more.
const STEP: u64 = 8 << 20;
const PAUSE: Duration = Duration::from_secs(5);

/// Takes in a piece of a file at `at`, as it arrives; what is answered is on disk. With its last byte the file becomes
/// an attachment. Where the end failed, an empty piece at the end tries it again.
///
/// # Errors
/// [`Refusal::Elsewhere`] where the upload is not at `at`; [`Refusal::Invalid`] where the file is not taken.
pub async fn append<S>(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: UploadId,
    at: u64,
    bytes: S,
) -> Result<UploadView, Refusal>
where
    S: Stream<Item = Result<Bytes, std::io::Error>> + Send,
{
    look_up(app, caller, campaign, id).await?;
    let key = (campaign, id);
    let mut turn = app.store.files().spool().take(key).await;
    // As it is now that nobody else writes to it.
    let upload = look_up(app, caller, campaign, id).await?;
    let upload = match upload.state {
        UploadState::Open { .. } => {
            let there = app.store.files().spool().length(key).await?;
            let back = upload.clone().set_back(there);
            if back == upload { upload } else { save(app, &upload, back).await? }
        }
        UploadState::Complete { .. } | UploadState::GivenUp { .. } => upload,
    };
    let room = upload.room(at)?;
    let upload = take_in(app, upload, room, bytes, &mut turn).await?;
    if upload.offset() < upload.size || matches!(upload.state, UploadState::Complete { .. }) {
        return app.store.read(|q| async move { view_upload(&q, upload).await }).await;
    }
    // Goes on when the caller has hung up: the last step of a long file may outlast a request.
    let (app, caller) = (app.clone(), caller.clone());
    let finished = tokio::spawn(async move { finish(&app, &caller, &turn, upload).await });
    finished.await.map_err(|_| Refusal::Internal("the end of an upload panicked"))?
}

async fn look_up(app: &App, caller: &Caller, campaign: CampaignId, id: UploadId) -> Result<Upload, Refusal> {
    let caller = caller.clone();
    app.store.read(|q| async move { must_own(&q, &caller, campaign, id).await }).await
}

async fn take_in<S>(
    app: &App,
    upload: Upload,
    room: u64,
    bytes: S,
    turn: &mut Turn,
) -> Result<Upload, Refusal>
where
    S: Stream<Item = Result<Bytes, std::io::Error>> + Send,
{
    let mut bytes = std::pin::pin!(bytes);
    let mut left = room;
    let mut upload = upload;
    let mut writer = None;
    let mut unsaved = 0;
    let mut pause = tokio::time::interval_at(tokio::time::Instant::now() + PAUSE, PAUSE);
    let end = loop {
        let some = tokio::select! {
            some = bytes.next() => some,
            // The same sender goes on behind another connection.
            () = turn.is_called() => break End::BrokenOff,
            _ = pause.tick() => {
                if let Some(writer) = &mut writer {
                    upload = acknowledge(app, upload, writer, &mut unsaved).await?;
                }
                continue;
            }
        };
        match some {
            None => break End::Whole,
            Some(Err(_)) => break End::BrokenOff,
            Some(Ok(some)) if some.is_empty() => {}
            Some(Ok(some)) => {
                let length = some.len() as u64;
                if length > left {
                    break End::TooMuch;
                }
                let writer = match &mut writer {
                    Some(writer) => writer,
                    none => none.insert(app.store.files().spool().write_from(turn, upload.offset()).await?),
                };
                writer.write(some).await?;
                left -= length;
                unsaved += length;
                if unsaved >= STEP {
                    upload = acknowledge(app, upload, writer, &mut unsaved).await?;
                }
            }
        }
    };
    // What arrived before a connection broke has arrived.
    if let Some(writer) = &mut writer {
        upload = acknowledge(app, upload, writer, &mut unsaved).await?;
    }
    match end {
        End::Whole => Ok(upload),
        End::BrokenOff => Err(Refusal::Elsewhere { offset: upload.offset() }),
        End::TooMuch => Err(UploadRefusal::TooMuch.into()),
    }
}

/// How a piece ended.
enum End {
    Whole,
    /// The sender learns from where to go on, if there still is one.
    BrokenOff,
    TooMuch,
}

async fn acknowledge(
    app: &App,
    upload: Upload,
    writer: &mut SpoolWriter,
    unsaved: &mut u64,
) -> Result<Upload, Refusal> {
    if *unsaved == 0 {
        return Ok(upload);
    }
    writer.sync().await?;
    let after = upload.clone().append(upload.offset(), std::mem::take(unsaved), app.now())?;
    save(app, &upload, after).await
}

pub(super) async fn save(app: &App, before: &Upload, after: Upload) -> Result<Upload, Refusal> {
    let before = before.clone();
    app.store
        .write_unrecorded("a file goes on", move |tx| {
            let (before, after) = (before.clone(), after.clone());
            async move { Ok(store::save(&tx, &before, &after).await?) }
        })
        .await
}
