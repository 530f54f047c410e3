use axum::{extract::State as Extract, response::Response};
use chengjing_service::people::oidc;

use super::{Destination, RefusedReturn, away};
use crate::{
    State,
    account::begin_second_factor::OwnPassword,
    http::{
        auth::Login,
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Sends oneself to the provider to link the account that one has there.
#[utoipa::path(
    post,
    path = "/api/v1/account/oidc/begin",
    operation_id = "begin_oidc_link",
    tag = "session",
    request_body = OwnPassword,
    responses(
        (status = 200, description = "Where to.", body = Destination),
        Refused,
        RefusedChange,
        RefusedReturn,
    ),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn begin_link(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Body(own): Body<OwnPassword>,
) -> Result<Response, Problem> {
    away(&state, oidc::begin_link(&state.app, &caller, &own.password).await?)
}
