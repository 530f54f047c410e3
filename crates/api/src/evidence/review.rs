use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, EvidenceId, EvidenceLinkId};
use chengjing_service::evidence::{self, review::Verdict};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{EvidenceBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// What is decided about a material.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decisions {
    #[schema(min_items = 1, max_items = 50)]
    decisions: Vec<DecisionBody>,
}

/// What is decided about it for one requirement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "deed", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum DecisionBody {
    Accept {
        #[schema(value_type = uuid::Uuid)]
        link_id: EvidenceLinkId,
        /// The version of the link that was seen.
        version: i64,
        /// A word of the requirement's scale; left out: its best.
        #[serde(default)]
        grade: Option<String>,
    },
    Return {
        #[schema(value_type = uuid::Uuid)]
        link_id: EvidenceLinkId,
        version: i64,
        #[schema(max_length = 500)]
        reason: String,
    },
    /// What was accepted should not have been.
    TakeBack {
        #[schema(value_type = uuid::Uuid)]
        link_id: EvidenceLinkId,
        version: i64,
        #[schema(max_length = 500)]
        reason: String,
    },
}

impl From<DecisionBody> for evidence::review::Decision {
    fn from(body: DecisionBody) -> Self {
        let (link, seen, verdict) = match body {
            DecisionBody::Accept { link_id, version, grade } => (link_id, version, Verdict::Accept { grade }),
            DecisionBody::Return { link_id, version, reason } => {
                (link_id, version, Verdict::Return { reason })
            }
            DecisionBody::TakeBack { link_id, version, reason } => {
                (link_id, version, Verdict::TakeBack { reason })
            }
        };
        Self { link, seen, verdict }
    }
}

/// Decides about a material for some of its requirements, all of them or none: accepted for this one, returned with a reason
/// for that one. 412 where another reviewer was faster with one of them; nobody decides about what they submitted themselves.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/evidence/{evidence}/reviews",
    operation_id = "review_evidence",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), ("evidence" = uuid::Uuid, Path)),
    request_body = Decisions,
    responses((status = 200, description = "Decided.", body = EvidenceBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("evidence.review"))),
)]
pub(crate) async fn review(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(key): Ids<(CampaignId, EvidenceId)>,
    Body(body): Body<Decisions>,
) -> Result<Tagged<EvidenceBody>, Problem> {
    let decisions = body.decisions.into_iter().map(Into::into).collect();
    Ok(tagged(evidence::review::review(&state.app, &caller, key, decisions).await?))
}
