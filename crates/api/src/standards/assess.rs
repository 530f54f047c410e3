//! By which standards a campaign is assessed.

use axum::{Json, extract::State as Extract, http::StatusCode};
use chengjing_domain::{
    id::{CampaignId, EditionId, StandardId},
    standard::assessed::Part,
};
use chengjing_service::standard::assess::{self, AssessedSeen};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EditionLine, StandardLine};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        list::List,
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
        words::DecimalText,
    },
};

/// A standard that a campaign is assessed by.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttachedStandard {
    standard: StandardLine,
    edition: EditionLine,
    marks: DecimalText,
    leaves: u64,
    /// The standards for which it is a gate, with what it has to reach. Neither this nor the next: a main standard.
    gate_of: Vec<GateOf>,
    /// The standards to whose total it contributes.
    contributes_to: Vec<ContributesTo>,
    /// The ids of standards that it needs and that are not attached.
    missing: Vec<String>,
    /// Newer published editions, the newest first, where the caller may move to them.
    newer: Vec<EditionLine>,
    since: DateTime<Utc>,
    version: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GateOf {
    code: String,
    at_least: DecimalText,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContributesTo {
    code: String,
    share: DecimalText,
}

impl From<AssessedSeen> for AttachedStandard {
    fn from(seen: AssessedSeen) -> Self {
        let AssessedSeen { assessed, kept, edition, opened, parts, missing, newer } = seen;
        let (mut gate_of, mut contributes_to) = (Vec::new(), Vec::new());
        for part in parts {
            match part {
                Part::Gate { of, at_least } => {
                    gate_of.push(GateOf { code: of, at_least: DecimalText(at_least) });
                }
                Part::Contribution { to, share } => {
                    contributes_to.push(ContributesTo { code: to, share: DecimalText(share) });
                }
            }
        }
        Self {
            standard: kept.into(),
            edition: edition.into(),
            marks: DecimalText(opened.whole.standard.marks),
            leaves: opened.whole.leaves.len() as u64,
            gate_of,
            contributes_to,
            missing,
            newer: newer.into_iter().map(Into::into).collect(),
            since: assessed.since,
            version: assessed.version,
        }
    }
}

fn tagged(seen: AssessedSeen) -> Tagged<AttachedStandard> {
    Tagged::ok(seen.assessed.version, seen.into())
}

/// A published edition.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChosenEdition {
    #[schema(value_type = uuid::Uuid)]
    edition_id: EditionId,
}

/// The standards that a campaign is assessed by, main ones first, in the order in which they were attached.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/standards",
    operation_id = "list_attached_standards",
    tag = "standards",
    params(("campaign" = uuid::Uuid, Path)),
    responses((status = 200, description = "All of them; there is a handful.", body = List<AttachedStandard>), Refused),
    extensions(("x-permission" = json!("standard.see"))),
)]
pub(crate) async fn list_attached(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
) -> Result<Json<List<AttachedStandard>>, Problem> {
    let all = assess::list(&state.app, &caller, campaign).await?;
    Ok(Json(List::whole(all.into_iter().map(Into::into))))
}

/// Has a campaign be assessed by a published edition. Everybody who works in the campaign may read it then.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/standards",
    operation_id = "attach_standard",
    tag = "standards",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = ChosenEdition,
    responses((status = 201, description = "Attached.", body = AttachedStandard), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.attach"))),
)]
pub(crate) async fn attach(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(chosen): Body<ChosenEdition>,
) -> Result<Tagged<AttachedStandard>, Problem> {
    let attached = assess::attach(&state.app, &caller, campaign, chosen.edition_id).await?;
    Ok(Tagged { status: StatusCode::CREATED, ..tagged(attached) })
}

/// Has a campaign be assessed by another published edition of a standard. What changes with it, `compare_editions` tells.
#[utoipa::path(
    patch,
    path = "/api/v1/campaigns/{campaign}/standards/{standard}",
    operation_id = "change_attached_edition",
    tag = "standards",
    params(("campaign" = uuid::Uuid, Path), ("standard" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = ChosenEdition,
    responses((status = 200, description = "Changed.", body = AttachedStandard), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.attach"))),
)]
pub(crate) async fn change_edition(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, standard)): Ids<(CampaignId, StandardId)>,
    Seen(seen): Seen,
    Body(chosen): Body<ChosenEdition>,
) -> Result<Tagged<AttachedStandard>, Problem> {
    let changed =
        assess::change_edition(&state.app, &caller, campaign, standard, seen, chosen.edition_id).await?;
    Ok(tagged(changed))
}

/// Detaches a standard. 409 where another one of the campaign needs its total.
#[utoipa::path(
    delete,
    path = "/api/v1/campaigns/{campaign}/standards/{standard}",
    operation_id = "detach_standard",
    tag = "standards",
    params(("campaign" = uuid::Uuid, Path), ("standard" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    responses((status = 204, description = "Detached."), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.attach"))),
)]
pub(crate) async fn detach(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, standard)): Ids<(CampaignId, StandardId)>,
    Seen(seen): Seen,
) -> Result<StatusCode, Problem> {
    assess::detach(&state.app, &caller, campaign, standard, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}
