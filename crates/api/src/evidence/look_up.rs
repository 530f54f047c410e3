use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, EvidenceId};
use chengjing_service::evidence;

use super::{EvidenceBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// One material with its versions, its files, and its review for each requirement.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/evidence/{evidence}",
    operation_id = "look_up_evidence",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), ("evidence" = uuid::Uuid, Path)),
    responses((status = 200, description = "The material.", body = EvidenceBody), Refused),
    extensions(("x-permission" = json!("evidence.see"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, EvidenceId)>,
) -> Result<Tagged<EvidenceBody>, Problem> {
    Ok(tagged(evidence::look_up::look_up(&state.app, &caller, campaign, id).await?))
}
