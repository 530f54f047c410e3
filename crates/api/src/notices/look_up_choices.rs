use axum::extract::State as Extract;
use chengjing_service::remind;

use super::ChoicesBody;
use crate::{
    State,
    http::{
        auth::Login,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// What the caller wants to hear, and how.
#[utoipa::path(
    get,
    path = "/api/v1/account/notices",
    operation_id = "look_up_own_choices",
    tag = "notices",
    responses((status = 200, description = "The choices.", body = ChoicesBody, headers(("ETag" = String, description = "The version, as `If-Match` takes it: `\"v1\"`."))), Refused),
    extensions(("x-permission" = json!("account.use"))),
)]
pub(crate) async fn look_up_choices(
    Extract(state): Extract<State>,
    Login(caller): Login,
) -> Result<Tagged<ChoicesBody>, Problem> {
    let (choices, version) = remind::choices::look_up(&state.app, &caller).await?;
    Ok(Tagged::ok(version, choices.into()))
}
