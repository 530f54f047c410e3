use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    id::{CampaignId, ImportId},
    plan::adoption::Why,
};
use chengjing_service::plan::{self, propose_units::ProposalView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::words::{Named, UnitKindWord};

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        list::List,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// A unit name of a draft.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Proposal {
    /// As the plan prints it.
    name: String,
    /// How many duties name it.
    count: usize,
    kind: UnitKindWord,
    /// The campaign's unit that it seems to be.
    existing: Option<Named>,
    why: Option<WhyWord>,
    /// Another name in this plan that seems to mean the same new unit.
    same_as: Option<String>,
    /// For a group: the units it seems to stand for.
    members: Vec<Named>,
}

/// By its name, by an alias, or because the names are alike.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhyWord {
    Name,
    Alias,
    Similar,
}

impl From<ProposalView> for Proposal {
    fn from(view: ProposalView) -> Self {
        let why = view.proposal.existing.map(|(_, why)| match why {
            Why::Name => WhyWord::Name,
            Why::Alias => WhyWord::Alias,
            Why::Similar => WhyWord::Similar,
        });
        Self {
            name: view.proposal.name,
            count: view.proposal.count,
            kind: view.proposal.kind.into(),
            existing: view.existing.map(Named::from),
            why,
            same_as: view.proposal.same_as,
            members: view.members.into_iter().map(Named::from).collect(),
        }
    }
}

/// For every unit name of a draft: which unit it seems to be, or what sort of new one.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/plans/{plan}/units",
    operation_id = "propose_plan_units",
    tag = "plans",
    params(("campaign" = uuid::Uuid, Path), ("plan" = uuid::Uuid, Path)),
    responses((status = 200, description = "The proposals, the most named first.", body = List<Proposal>), Refused, RefusedChange),
    extensions(("x-permission" = json!("plan.adopt"))),
)]
pub(crate) async fn propose_units(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ImportId)>,
) -> Result<Json<List<Proposal>>, Problem> {
    let proposals = plan::propose_units::propose_units(&state.app, &caller, campaign, id).await?;
    Ok(Json(List::whole(proposals.into_iter().map(Proposal::from))))
}
