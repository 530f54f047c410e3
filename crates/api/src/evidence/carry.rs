use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, EvidenceId, UnitId};
use chengjing_service::evidence;
use serde::Deserialize;
use utoipa::ToSchema;

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

/// A material of another campaign.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EvidenceKey {
    #[schema(value_type = uuid::Uuid)]
    campaign_id: CampaignId,
    #[schema(value_type = uuid::Uuid)]
    evidence_id: EvidenceId,
}

/// What is carried over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CarriedEvidence {
    from: EvidenceKey,
    /// Whose it is to be in this campaign.
    #[schema(value_type = uuid::Uuid)]
    unit_id: UnitId,
    /// For which requirements of this campaign; it is put before the reviewers of each.
    #[serde(default)]
    #[schema(max_items = 50)]
    requirements: Vec<OfBody>,
}

/// Uses a material of another campaign, which the caller sees there, in this one: a material of its own with the same content
/// and files, under this campaign's review. No file is sent again. A unit takes a material over once; its newer versions follow.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/evidence/carried",
    operation_id = "carry_evidence",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = CarriedEvidence,
    responses((status = 201, description = "Carried over.", body = EvidenceBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("evidence.file"))),
)]
pub(crate) async fn carry(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(carried): Body<CarriedEvidence>,
) -> Result<Tagged<EvidenceBody>, Problem> {
    let carrying = evidence::carry::Carrying {
        from: (carried.from.campaign_id, carried.from.evidence_id),
        unit: carried.unit_id,
        of: carried.requirements.into_iter().map(Into::into).collect(),
    };
    let carried = evidence::carry::carry(&state.app, &caller, campaign, carrying).await?;
    Ok(Tagged { status: StatusCode::CREATED, ..tagged(carried) })
}
