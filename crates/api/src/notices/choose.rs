use axum::extract::State as Extract;
use chengjing_service::remind;

use super::ChoicesBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Changes what the caller wants to hear, and how.
#[utoipa::path(
    put,
    path = "/api/v1/account/notices",
    operation_id = "choose_notices",
    tag = "notices",
    params(("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v0\"")),
    request_body = ChoicesBody,
    responses((status = 200, description = "Changed.", body = ChoicesBody, headers(("ETag" = String, description = "The version, as `If-Match` takes it: `\"v1\"`."))), Refused, RefusedChange),
    extensions(("x-permission" = json!("notice.choose"))),
)]
pub(crate) async fn choose(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Seen(seen): Seen,
    Body(choices): Body<ChoicesBody>,
) -> Result<Tagged<ChoicesBody>, Problem> {
    let (choices, version) = remind::choices::choose(&state.app, &caller, seen, choices.into()).await?;
    Ok(Tagged::ok(version, choices.into()))
}
