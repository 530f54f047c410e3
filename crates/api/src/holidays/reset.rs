use axum::extract::State as Extract;
use chengjing_service::holiday;

use super::HolidayYearBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Takes a year's public holidays away that somebody put in: those that came with the program count again, or none.
#[utoipa::path(
    delete,
    path = "/api/v1/holidays/{year}",
    operation_id = "reset_holidays",
    tag = "holidays",
    params(("year" = i32, Path, example = 2027), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    responses((status = 200, description = "What counts now.", body = HolidayYearBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("holiday.edit"))),
)]
pub(crate) async fn reset(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(year): Ids<i32>,
    Seen(seen): Seen,
) -> Result<Tagged<HolidayYearBody>, Problem> {
    let now = holiday::edit::edit(&state.app, &caller, year, seen, None).await?;
    Ok(Tagged::ok(now.version, now.into()))
}
