use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, UploadId};
use chengjing_service::attachment::look_up_upload as service;

use super::{Progress, UploadBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
    },
};

/// How far one's own upload is, and what became of it. It is remembered for a day after its last byte.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/uploads/{upload}",
    operation_id = "look_up_upload",
    tag = "attachments",
    params(("campaign" = uuid::Uuid, Path), ("upload" = uuid::Uuid, Path)),
    responses((status = 200, description = "The upload.", body = UploadBody), Refused),
    extensions(("x-permission" = json!("file.upload"))),
)]
pub(crate) async fn look_up_upload(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, UploadId)>,
) -> Result<Progress, Problem> {
    let view = service::look_up_upload(&state.app, &caller, campaign, id).await?;
    Ok(Progress::of(StatusCode::OK, view))
}
