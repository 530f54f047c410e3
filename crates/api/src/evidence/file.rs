use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, UnitId};
use chengjing_service::evidence;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ContentBody, EvidenceBody, OfBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
    standards::leaf::FilingKindWord,
};

/// A material to be filed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewEvidence {
    #[schema(value_type = uuid::Uuid)]
    unit_id: UnitId,
    kind: FilingKindWord,
    content: ContentBody,
    /// For which requirements; it is put before the reviewers of each.
    #[serde(default)]
    #[schema(max_items = 50)]
    requirements: Vec<OfBody>,
}

/// Files a material, once, for any number of requirements. What a requirement's limits refuse is told as faults; what they only
/// do not like stands in `limits` of the link.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/evidence",
    operation_id = "file_evidence",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = NewEvidence,
    responses((status = 201, description = "Filed.", body = EvidenceBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("evidence.file"))),
)]
pub(crate) async fn file(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(new): Body<NewEvidence>,
) -> Result<Tagged<EvidenceBody>, Problem> {
    let filing = evidence::file::Filing {
        unit: new.unit_id,
        kind: new.kind.into(),
        content: new.content.into(),
        of: new.requirements.into_iter().map(Into::into).collect(),
    };
    let filed = evidence::file::file(&state.app, &caller, campaign, filing).await?;
    Ok(Tagged { status: StatusCode::CREATED, ..tagged(filed) })
}
