use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, EvidenceId, UnitId};
use chengjing_service::evidence;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ContentBody, LimitBody, OfBody, RequirementLine, suggest::SuggestionBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
    },
    standards::leaf::FilingKindWord,
};

/// What somebody is about to file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EvidenceDraft {
    #[schema(value_type = uuid::Uuid)]
    unit_id: UnitId,
    /// A material of which it is to be another version.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    evidence_id: Option<EvidenceId>,
    kind: FilingKindWord,
    content: ContentBody,
    /// How many files it will have, whether they have arrived or not; of those in `content` that have, the characters are
    /// counted and the dates looked at.
    #[serde(default)]
    files: u32,
    #[serde(default)]
    requirements: Vec<OfBody>,
}

/// What stands between a draft and a requirement.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckedRequirement {
    requirement: RequirementLine,
    limits: Vec<LimitBody>,
}

/// What is to be said while somebody types.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckedDraft {
    requirements: Vec<CheckedRequirement>,
    /// Where else it would fit.
    suggestions: Vec<SuggestionBody>,
    /// How many characters it has: those that were typed, and those of its documents.
    characters: u64,
    /// Those of its documents alone.
    filed_characters: u64,
    /// The day that its photographs tell, where none was typed; it is filed as of that day.
    made_on: Option<NaiveDate>,
    /// Whether some photographs were not looked at yet: who asks again may be told more.
    looking: bool,
}

/// Looks at what somebody is about to file, and stores nothing.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/evidence/check",
    operation_id = "check_evidence",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = EvidenceDraft,
    responses((status = 200, description = "What is to be said of it.", body = CheckedDraft), Refused, RefusedChange),
    extensions(("x-permission" = json!("evidence.file"))),
)]
pub(crate) async fn check(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(draft): Body<EvidenceDraft>,
) -> Result<Json<CheckedDraft>, Problem> {
    let draft = evidence::check::Draft {
        unit: draft.unit_id,
        evidence: draft.evidence_id,
        kind: draft.kind.into(),
        content: draft.content.into(),
        files: draft.files,
        of: draft.requirements.into_iter().map(Into::into).collect(),
    };
    let checked = evidence::check::check(&state.app, &caller, campaign, draft).await?;
    let requirements = checked.limits.into_iter().map(|(demand, limits)| CheckedRequirement {
        requirement: RequirementLine::new(demand.of.clone(), Some(&demand)),
        limits: limits.into_iter().map(Into::into).collect(),
    });
    Ok(Json(CheckedDraft {
        requirements: requirements.collect(),
        suggestions: checked.suggestions.into_iter().map(Into::into).collect(),
        characters: checked.counted.in_all() as u64,
        filed_characters: checked.counted.filed as u64,
        made_on: checked.made_on,
        looking: checked.looking,
    }))
}
