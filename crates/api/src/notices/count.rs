use axum::{Json, extract::State as Extract};
use chengjing_service::remind;

use super::UnreadBody;
use crate::{
    State,
    http::{
        auth::Login,
        problem::{Problem, Refused},
    },
};

/// How many notices the caller has not read.
#[utoipa::path(
    get,
    path = "/api/v1/notices/count",
    operation_id = "count_notices",
    tag = "notices",
    responses((status = 200, description = "The number.", body = UnreadBody), Refused),
    extensions(("x-permission" = json!("notice.see"))),
)]
pub(crate) async fn count(
    Extract(state): Extract<State>,
    Login(caller): Login,
) -> Result<Json<UnreadBody>, Problem> {
    Ok(Json(UnreadBody { unread: remind::count::count(&state.app, &caller).await? }))
}
