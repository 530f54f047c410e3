use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, StandardId, UnitId};
use chengjing_service::{
    duty::Names,
    evidence::{self, queue::Queued},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{LimitBody, RequirementLine, ReviewDeedWord, ReviewStateWord, length_of, list::of};
use crate::{
    State,
    doubts::DoubtKindWord,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
        words::Named,
    },
    standards::leaf::FilingKindWord,
};

/// Which reviews are wanted; all that is given must hold.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedReviews {
    #[param(inline)]
    state: Option<ReviewStateWord>,
    #[param(value_type = Option<uuid::Uuid>)]
    unit: Option<UnitId>,
    #[param(inline)]
    kind: Option<FilingKindWord>,
    /// For this requirement; with `standard`.
    requirement: Option<String>,
    #[param(value_type = Option<uuid::Uuid>)]
    standard: Option<StandardId>,
}

/// A material before the reviewers of one requirement.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueuedReview {
    /// The link's.
    id: Uuid,
    evidence_id: Uuid,
    title: String,
    unit: Named,
    kind: FilingKindWord,
    requirement: RequirementLine,
    state: ReviewStateWord,
    /// The number of the version that was put before the reviewers last.
    number: u32,
    possible: Vec<ReviewDeedWord>,
    /// What there is to be looked at about its photographs, each kind once; empty where that is not for the caller.
    doubts: Vec<DoubtKindWord>,
    /// What there is to be said of how long it is.
    limits: Vec<LimitBody>,
    changed_at: DateTime<Utc>,
    version: i64,
}

impl QueuedReview {
    fn new(queued: Queued, names: &Names) -> Self {
        let Queued { link, evidence, demand, possible, doubts } = queued;
        Self {
            id: link.id.0,
            evidence_id: evidence.id.0,
            title: evidence.latest().content.title.clone(),
            unit: names.unit(link.unit).into(),
            kind: link.kind.into(),
            requirement: RequirementLine::of_link(&link, demand.as_ref()),
            state: link.review.kind().into(),
            number: link.review.shown().version,
            possible: possible.into_iter().map(Into::into).collect(),
            limits: length_of(&evidence, demand.as_ref()),
            doubts: doubts.into_iter().map(Into::into).collect(),
            changed_at: link.changed_at,
            version: link.version,
        }
    }
}

/// The reviews of a campaign that the caller may see, what stands so for the longest first: the reviewers' queue.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/reviews",
    operation_id = "list_reviews",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), WantedReviews, Paging),
    responses((status = 200, description = "A page.", body = List<QueuedReview>), Refused),
    extensions(("x-permission" = json!("evidence.see"))),
)]
pub(crate) async fn list_reviews(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedReviews>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<QueuedReview>>, Problem> {
    let wanted = evidence::queue::Wanted {
        unit: wanted.unit,
        state: wanted.state.map(Into::into),
        of: of(wanted.standard, wanted.requirement),
        kind: wanted.kind.map(Into::into),
    };
    let (page, names) = evidence::queue::queue(&state.app, &caller, campaign, wanted, paging.read()).await?;
    Ok(Json(List::from(page, |queued| QueuedReview::new(queued, &names))))
}
