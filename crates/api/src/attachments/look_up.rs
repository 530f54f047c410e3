use axum::extract::State as Extract;
use chengjing_domain::id::{AttachmentId, CampaignId};
use chengjing_service::attachment;

use super::AttachmentBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// One attachment, for whoever may see what it is attached to; before that, for its uploader.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/attachments/{attachment}",
    operation_id = "look_up_attachment",
    tag = "attachments",
    params(("campaign" = uuid::Uuid, Path), ("attachment" = uuid::Uuid, Path)),
    responses((status = 200, description = "The attachment.", body = AttachmentBody), Refused),
    extensions(("x-permission" = json!("duty.see"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, AttachmentId)>,
) -> Result<Tagged<AttachmentBody>, Problem> {
    let view = attachment::look_up::look_up(&state.app, &caller, campaign, id).await?;
    Ok(Tagged::ok(view.attachment.version, view.into()))
}
