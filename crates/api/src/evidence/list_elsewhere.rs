use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, EvidenceId};
use chengjing_service::evidence::{self, elsewhere::Elsewhere};
use serde::Serialize;
use utoipa::ToSchema;

use super::{OtherEndBody, suggest::SuggestionBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        list::List,
        problem::{Problem, Refused},
        words::Named,
    },
};

/// A campaign in which a material could be used too.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ElsewhereBody {
    campaign: Named,
    /// What it would fit there, the best first; at most eight.
    suggestions: Vec<SuggestionBody>,
    /// Where it is used there already, as far as the caller sees that.
    carried_to: Vec<OtherEndBody>,
}

impl From<Elsewhere> for ElsewhereBody {
    fn from(Elsewhere { campaign, suggestions, uses }: Elsewhere) -> Self {
        Self {
            campaign: Named { id: campaign.id.0, name: campaign.name },
            suggestions: suggestions.into_iter().map(Into::into).collect(),
            carried_to: uses.into_iter().map(Into::into).collect(),
        }
    }
}

/// In which other campaigns that are not over the caller may file, and what a material would fit there: the same requirement
/// first, then what is worded alike.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/evidence/{evidence}/elsewhere",
    operation_id = "list_elsewhere",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), ("evidence" = uuid::Uuid, Path)),
    responses((status = 200, description = "The newest fifty of them.", body = List<ElsewhereBody>), Refused),
    extensions(("x-permission" = json!("evidence.see"))),
)]
pub(crate) async fn list_elsewhere(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, EvidenceId)>,
) -> Result<Json<List<ElsewhereBody>>, Problem> {
    let all = evidence::elsewhere::elsewhere(&state.app, &caller, campaign, id).await?;
    Ok(Json(List::whole(all.into_iter().map(Into::into))))
}
