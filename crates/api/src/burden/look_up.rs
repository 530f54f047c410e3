use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, UnitId};
use chengjing_service::burden::look_up::{UnitBurden, look_up as burden};
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
    users::Person,
};

/// What somebody did for a unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BurdenPerson)]
pub(crate) struct PersonLine {
    person: Person,
    load: LoadBody,
}

/// What a unit was asked in a week, and what its people did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitBurdenBody {
    unit: Named,
    /// The week's Monday.
    week_on: NaiveDate,
    load: LoadBody,
    /// This week and those before it, the earliest first.
    weeks: Vec<WeekBody>,
    /// Who did anything for it in the week, and who its liaisons are: each of them is told of all that it was asked, so
    /// that tasks and requests of people add up to more than the unit's.
    people: Vec<PersonLine>,
    minutes: MinutesBody,
}

/// How much was asked in a week of one unit, and who of its people did what.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/burden/{unit}",
    operation_id = "look_up_burden",
    tag = "burden",
    params(("campaign" = uuid::Uuid, Path), ("unit" = uuid::Uuid, Path), WantedWeek),
    responses((status = 200, description = "The week.", body = UnitBurdenBody), Refused),
    extensions(("x-permission" = json!("burden.see"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(ids): Ids<(CampaignId, UnitId)>,
    Asked(wanted): Asked<WantedWeek>,
) -> Result<Json<UnitBurdenBody>, Problem> {
    let UnitBurden { unit, name, week, load, weeks, people } =
        burden(&state.app, &caller, ids, wanted.day).await?;
    let line = |one: chengjing_service::burden::Burdened<chengjing_domain::id::UserId>| PersonLine {
        person: Person { id: one.of.0, display_name: one.name },
        load: one.load.into(),
    };
    Ok(Json(UnitBurdenBody {
        unit: Named { id: unit.0, name },
        week_on: week.monday(),
        load: load.into(),
        weeks: weeks.into_iter().map(WeekBody::from).collect(),
        people: people.into_iter().map(line).collect(),
        minutes: MinutesBody::told(),
    }))
}
