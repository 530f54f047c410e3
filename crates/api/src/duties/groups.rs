use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::duty;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Wanted;

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused},
    },
    views::GroupingWord,
};

/// What the list is put together by.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct By {
    #[param(inline)]
    by: GroupingWord,
}

/// The groups of a list of duties, those that have any.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DutyGroups {
    /// Units with the most duties first, all others in their own order; those of no phase, no part and so on last.
    items: Vec<DutyGroup>,
    /// False: the list is longer than what is counted (5,000 duties), so that each group has at least as many and there may
    /// be others.
    exact: bool,
}

/// One of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DutyGroup {
    /// The id of the unit, phase or initiative, the part of the plan, or the month (`2026-06`); null: those of none.
    key: Option<String>,
    /// Of a unit, phase or initiative.
    name: Option<String>,
    count: u64,
}

/// How many duties of the wanted stand in each group. Without any filter, withdrawn duties do not count.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/duties/groups",
    operation_id = "count_duties_by_group",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path), By, Wanted),
    responses((status = 200, description = "The groups.", body = DutyGroups), Refused),
    extensions(("x-permission" = json!("duty.see"))),
)]
pub(crate) async fn groups(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(By { by }): Asked<By>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Json<DutyGroups>, Problem> {
    let groups = duty::groups::groups(&state.app, &caller, campaign, wanted.into(), by.into()).await?;
    let item =
        |group: duty::groups::Group| DutyGroup { key: group.key, name: group.name, count: group.count };
    Ok(Json(DutyGroups { items: groups.groups.into_iter().map(item).collect(), exact: groups.exact }))
}
