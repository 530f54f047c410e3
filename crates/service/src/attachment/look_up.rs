use chengjing_domain::id::{AttachmentId, CampaignId};

use super::{AttachmentView, must_read, view};
use crate::{App, Caller, Refusal};

/// One attachment.
pub async fn look_up(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: AttachmentId,
) -> Result<AttachmentView, Refusal> {
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let found = must_read(&q, &caller, campaign, id).await?;
            view(&q, found).await
        })
        .await
}
