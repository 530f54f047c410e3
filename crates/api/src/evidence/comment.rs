use axum::{Json, extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, EvidenceId, EvidenceLinkId};
use chengjing_service::evidence;
use serde::Deserialize;
use utoipa::ToSchema;

use super::RemarkBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
    },
};

/// What is said of a material.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRemark {
    #[schema(max_length = 500, example = "第二张照片看不清地点，请补一张全景。")]
    text: String,
    /// About this requirement alone.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    link_id: Option<EvidenceLinkId>,
}

/// Says something of a material.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/evidence/{evidence}/remarks",
    operation_id = "comment_on_evidence",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), ("evidence" = uuid::Uuid, Path)),
    request_body = NewRemark,
    responses((status = 201, description = "Said.", body = RemarkBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("evidence.comment"))),
)]
pub(crate) async fn comment(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(key): Ids<(CampaignId, EvidenceId)>,
    Body(new): Body<NewRemark>,
) -> Result<(StatusCode, Json<RemarkBody>), Problem> {
    let said = evidence::comment::comment(&state.app, &caller, key, new.link_id, new.text).await?;
    Ok((StatusCode::CREATED, Json(said.into())))
}
