use std::ops::Range;

use bytes::Bytes;
use chengjing_domain::{
    attachment::Attachment,
    id::{AttachmentId, CampaignId},
};
use futures_util::{Stream, TryStreamExt};

use super::must_read;
use crate::{App, Caller, Refusal};

/// The attachment whose content is asked for, by somebody who may see it.
pub async fn find(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: AttachmentId,
) -> Result<Attachment, Refusal> {
    let caller = caller.clone();
    app.store.read(|q| async move { must_read(&q, &caller, campaign, id).await }).await
}

/// Its bytes, or some of them, as they come from where they lie.
pub async fn stream(
    app: &App,
    attachment: &Attachment,
    range: Option<Range<u64>>,
) -> Result<impl Stream<Item = Result<Bytes, std::io::Error>> + Send + use<>, Refusal> {
    let files = app.store.files();
    let found = match range {
        Some(range) => files.get_range(attachment.hash, range).await?,
        None => files.get(attachment.hash).await?.map(|(_, bytes)| bytes),
    };
    let bytes = found.ok_or(Refusal::Internal("a stored file is missing"))?;
    Ok(bytes.map_err(std::io::Error::other))
}

/// The thumbnail of one that has one: a JPEG.
pub async fn thumbnail(app: &App, attachment: &Attachment) -> Result<Bytes, Refusal> {
    let hash = attachment.picture.thumbnail().ok_or(Refusal::NotFound)?;
    app.store.files().read(hash).await?.ok_or(Refusal::Internal("a thumbnail is missing"))
}
