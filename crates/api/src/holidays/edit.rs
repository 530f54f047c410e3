use axum::extract::State as Extract;
use chengjing_service::holiday;

use super::{HolidayFile, HolidayYearBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Puts a year's public holidays in, for all campaigns. The coming dates of recurring duties follow soon.
#[utoipa::path(
    put,
    path = "/api/v1/holidays/{year}",
    operation_id = "edit_holidays",
    tag = "holidays",
    params(("year" = i32, Path, example = 2027), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v0\"")),
    request_body = HolidayFile,
    responses((status = 200, description = "Saved.", body = HolidayYearBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("holiday.edit"))),
)]
pub(crate) async fn edit(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(year): Ids<i32>,
    Seen(seen): Seen,
    Body(HolidayFile { file }): Body<HolidayFile>,
) -> Result<Tagged<HolidayYearBody>, Problem> {
    let saved = holiday::edit::edit(&state.app, &caller, year, seen, Some(file)).await?;
    Ok(Tagged::ok(saved.version, saved.into()))
}
