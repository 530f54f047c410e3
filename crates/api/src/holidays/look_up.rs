use axum::extract::State as Extract;
use chengjing_service::holiday;

use super::HolidayYearBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// A year's public holidays. A year of which nothing is known is answered too, with the version 0 to put it in.
#[utoipa::path(
    get,
    path = "/api/v1/holidays/{year}",
    operation_id = "look_up_holidays",
    tag = "holidays",
    params(("year" = i32, Path, example = 2027)),
    responses((status = 200, description = "The year.", body = HolidayYearBody), Refused),
    extensions(("x-permission" = json!("holiday.see"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(year): Ids<i32>,
) -> Result<Tagged<HolidayYearBody>, Problem> {
    let seen = holiday::look_up::look_up(&state.app, &caller, year).await?;
    Ok(Tagged::ok(seen.version, seen.into()))
}
