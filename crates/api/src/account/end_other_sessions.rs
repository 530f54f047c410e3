use axum::{Json, extract::State as Extract};
use chengjing_service::people::end_sessions;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    State,
    http::{
        auth::Login,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// How many sessions were ended.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ended {
    pub(crate) ended: u64,
}

/// Logs out all of one's own devices but the one that asks.
#[utoipa::path(
    delete,
    path = "/api/v1/account/sessions",
    operation_id = "end_other_sessions",
    tag = "session",
    responses((status = 200, description = "Ended.", body = Ended), Refused, RefusedChange),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn end_other_sessions(
    Extract(state): Extract<State>,
    Login(caller): Login,
) -> Result<Json<Ended>, Problem> {
    Ok(Json(Ended { ended: end_sessions::others(&state.app, &caller).await? }))
}
