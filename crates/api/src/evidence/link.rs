use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, EvidenceId};
use chengjing_service::evidence;

use super::{EvidenceBody, OfBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// Files a material for another requirement too, and puts it before the reviewers of that.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/evidence/{evidence}/links",
    operation_id = "link_evidence",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), ("evidence" = uuid::Uuid, Path)),
    request_body = OfBody,
    responses((status = 201, description = "Filed for it.", body = EvidenceBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("evidence.file"))),
)]
pub(crate) async fn link(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(key): Ids<(CampaignId, EvidenceId)>,
    Body(of): Body<OfBody>,
) -> Result<Tagged<EvidenceBody>, Problem> {
    let linked = evidence::link::link(&state.app, &caller, key, of.into()).await?;
    Ok(Tagged { status: StatusCode::CREATED, ..tagged(linked) })
}
