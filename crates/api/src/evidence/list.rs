use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, StandardId, UnitId};
use chengjing_service::evidence::{self, Of};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{EvidenceLine, ReviewStateWord};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
    standards::leaf::FilingKindWord,
};

/// Which materials are wanted; all that is given must hold.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedEvidence {
    #[param(value_type = Option<uuid::Uuid>)]
    unit: Option<UnitId>,
    #[param(inline)]
    kind: Option<FilingKindWord>,
    /// Filed for this requirement; with `standard`.
    requirement: Option<String>,
    #[param(value_type = Option<uuid::Uuid>)]
    standard: Option<StandardId>,
    /// The review of one of its requirements stands so; with a requirement, of that one.
    #[param(inline)]
    state: Option<ReviewStateWord>,
    /// Only what is filed for nothing.
    unlinked: Option<bool>,
    /// Holds these words.
    q: Option<String>,
}

pub(super) fn of(standard: Option<StandardId>, requirement: Option<String>) -> Option<Of> {
    standard.zip(requirement).map(|(standard, requirement)| Of { standard, requirement })
}

/// The materials of a campaign that the caller may see, what was filed last first.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/evidence",
    operation_id = "list_evidence",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), WantedEvidence, Paging),
    responses((status = 200, description = "A page.", body = List<EvidenceLine>), Refused),
    extensions(("x-permission" = json!("evidence.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedEvidence>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<EvidenceLine>>, Problem> {
    let wanted = evidence::list::Wanted {
        unit: wanted.unit,
        kind: wanted.kind.map(Into::into),
        of: of(wanted.standard, wanted.requirement),
        state: wanted.state.map(Into::into),
        unlinked: wanted.unlinked.unwrap_or_default(),
        text: wanted.q,
    };
    let (page, names) = evidence::list::list(&state.app, &caller, campaign, wanted, paging.read()).await?;
    Ok(Json(List::from(page, |row| EvidenceLine::new(row, &names))))
}
