use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::burden::list::{BurdenSeen, list as burden};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{LoadBody, MinutesBody, WantedWeek, WeekBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused},
        words::Named,
    },
};

/// What was asked of a unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BurdenUnit)]
pub(crate) struct UnitLine {
    unit: Named,
    load: LoadBody,
}

/// What a campaign asked in a week.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BurdenBody {
    /// The week's Monday.
    week_on: NaiveDate,
    total: LoadBody,
    /// This week and those before it, the earliest first.
    weeks: Vec<WeekBody>,
    /// Units that had anything in the week, who was asked most first.
    units: Vec<UnitLine>,
    minutes: MinutesBody,
}

/// How much was asked in a week of the units that the caller's role reaches: tasks, materials, files, returns, minutes as they
/// are estimated, and what reuse spared.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/burden",
    operation_id = "list_burden",
    tag = "burden",
    params(("campaign" = uuid::Uuid, Path), WantedWeek),
    responses((status = 200, description = "The week; a campaign has some hundreds of units at most.", body = BurdenBody), Refused),
    extensions(("x-permission" = json!("burden.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedWeek>,
) -> Result<Json<BurdenBody>, Problem> {
    let BurdenSeen { week, total, weeks, units } = burden(&state.app, &caller, campaign, wanted.day).await?;
    let line = |one: chengjing_service::burden::Burdened<chengjing_domain::id::UnitId>| UnitLine {
        unit: Named { id: one.of.0, name: one.name },
        load: one.load.into(),
    };
    Ok(Json(BurdenBody {
        week_on: week.monday(),
        total: total.into(),
        weeks: weeks.into_iter().map(WeekBody::from).collect(),
        units: units.into_iter().map(line).collect(),
        minutes: MinutesBody::told(),
    }))
}
