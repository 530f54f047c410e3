use chengjing_domain::{
    attachment::upload::UploadState,
    id::{CampaignId, UploadId},
};

use super::{UploadView, must_own, view_upload};
use crate::{App, Caller, Refusal};

/// How far an upload is.
pub async fn look_up_upload(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: UploadId,
) -> Result<UploadView, Refusal> {
    let caller = caller.clone();
    let mut view = app
        .store
        .read(|q| async move {
            let upload = must_own(&q, &caller, campaign, id).await?;
            view_upload(&q, upload).await
        })
        .await?;
    if matches!(view.upload.state, UploadState::Open { .. }) {
        // A disk that was put back to an earlier day has fewer bytes than were acknowledged.
        let there = app.store.files().spool().length((campaign, id)).await?;
        view.upload = view.upload.set_back(there);
    }
    Ok(view)
}
