use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    evidence::suggestion::Why,
    id::{CampaignId, EvidenceId},
};
use chengjing_service::evidence::{self, suggest::Suggested};
use serde::Serialize;
use utoipa::ToSchema;

use super::RequirementLine;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        list::List,
        problem::{Problem, Refused},
    },
};

/// A requirement that a material would fit too.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SuggestionBody {
    requirement: RequirementLine,
    /// It is the same requirement, which several standards take from one catalogue; else it is worded alike.
    same: bool,
    /// How much of the texts is alike, in thousandths.
    alike: u32,
}

impl From<Suggested> for SuggestionBody {
    fn from(Suggested { demand, why }: Suggested) -> Self {
        let (same, alike) = match why {
            Why::Same => (true, 1_000),
            Why::Alike(alike) => (false, alike.0),
        };
        Self { requirement: RequirementLine::new(demand.of.clone(), Some(&demand)), same, alike }
    }
}

/// Where else a material fits: the same requirement in another standard first, then what is worded alike.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/evidence/{evidence}/suggestions",
    operation_id = "suggest_requirements",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), ("evidence" = uuid::Uuid, Path)),
    responses((status = 200, description = "All of them; there are at most eight.", body = List<SuggestionBody>), Refused),
    extensions(("x-permission" = json!("evidence.file"))),
)]
pub(crate) async fn suggest(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, EvidenceId)>,
) -> Result<Json<List<SuggestionBody>>, Problem> {
    let all = evidence::suggest::suggest(&state.app, &caller, campaign, id).await?;
    Ok(Json(List::whole(all.into_iter().map(Into::into))))
}
