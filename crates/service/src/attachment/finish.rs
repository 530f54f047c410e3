use chengjing_domain::{
    attachment::{
        Arrived, Attachment, Picture, sniff,
        upload::{GivenUp, Upload, UploadRefusal},
    },
    id::AttachmentId,
    ledger::{Subject, SubjectKind},
    people::policy::Action,
};
use chengjing_store::{
    attachment::{self as store, upload as uploads},
    file::{FileRef, Turn},
    job, ledger,
};
use serde_json::json;

use super::{UploadView, append::save, look, view_upload};
use crate::{App, Caller, Refusal};

/// All bytes are there: looks at what they are, moves them among the stored files and makes an attachment of them. The
/// attachment has the upload's id, so that its sender knows it from the start.
pub(super) async fn finish(
    app: &App,
    caller: &Caller,
    turn: &Turn,
    upload: Upload,
) -> Result<UploadView, Refusal> {
    let (files, key) = (app.store.files(), turn.key());
    // What a crash left behind the last byte was never acknowledged; and however long the upload waited for its end, the
    // file is young from now on, so that nobody sweeps it out before a row names it.
    files.spool().write_from(turn, upload.size).await?;
    let extract = files.spool().extract(key).await?;
    let kind = match sniff::judge(upload.claim(), &extract) {
        Ok(kind) => kind,
        Err(refusal) => return give_up(app, upload, GivenUp::NotTaken(refusal)).await,
    };
    let hash = files.spool().digest(turn, upload.size).await?;
    let id = AttachmentId(upload.id.0);
    let complete = match upload.clone().complete(hash, id) {
        Ok(complete) => complete,
        Err(UploadRefusal::GivenUp(reason)) => return give_up(app, upload, reason).await,
        Err(other) => return Err(other.into()),
    };
    files.take_over(turn, FileRef { hash, size: upload.size }).await?;
    let attachment = Attachment::new(&complete, id, Arrived { kind, hash }, caller.now);
    let details = json!({ "name": attachment.name, "size": attachment.size, "kind": attachment.kind });
    let subject = Subject::of(upload.campaign, SubjectKind::Attachment, id.0);
    let act = caller.act(Action::UploadFiles, subject, details);
    let looking = matches!(attachment.picture, Picture::Waiting)
        .then(|| look::job(caller, attachment.campaign, attachment.id));
    let view = app
        .store
        .write_keyed(move |tx| {
            let (upload, complete, attachment) = (upload.clone(), complete.clone(), attachment.clone());
            let (act, looking) = (act.clone(), looking.clone());
            async move {
                let complete = uploads::save(&tx, &upload, &complete).await?;
                store::add(&tx, &attachment).await?;
                if let Some(looking) = looking {
                    job::add(&tx, &looking).await?;
                }
                ledger::record(&tx, act).await?;
                view_upload(&tx, complete).await
            }
        })
        .await?;
    // Should it stay, it is swept up with what nobody writes to.
    files.spool().remove(key).await.ok();
    Ok(view)
}

async fn give_up(app: &App, upload: Upload, reason: GivenUp) -> Result<UploadView, Refusal> {
    let key = (upload.campaign, upload.id);
    let after = upload.clone().give_up(reason);
    save(app, &upload, after).await?;
    app.store.files().spool().remove(key).await.ok();
    Err(UploadRefusal::GivenUp(reason).into())
}
