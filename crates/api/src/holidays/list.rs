use axum::{Json, extract::State as Extract};
use chengjing_service::holiday;

use super::HolidayYearBody;
use crate::{
    State,
    http::{
        auth::Login,
        list::List,
        problem::{Problem, Refused},
    },
};

/// The years whose public holidays are known, and those that are needed and are not; the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/holidays",
    operation_id = "list_holidays",
    tag = "holidays",
    responses((status = 200, description = "All of them.", body = List<HolidayYearBody>), Refused),
    extensions(("x-permission" = json!("holiday.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
) -> Result<Json<List<HolidayYearBody>>, Problem> {
    let years = holiday::list::list(&state.app, &caller).await?;
    Ok(Json(List::whole(years.into_iter().map(HolidayYearBody::from))))
}
