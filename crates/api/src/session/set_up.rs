use axum::{extract::State as Extract, http::StatusCode, response::Response};
use chengjing_service::people::set_up::{self, FirstAdministrator};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{SessionBody, opened};
use crate::{
    State,
    http::{
        auth::Client,
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// The first administrator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetUp {
    #[schema(max_length = 50, example = "admin")]
    name: String,
    #[schema(max_length = 50, example = "李主任")]
    display_name: String,
    #[schema(min_length = 10, max_length = 200, example = "Qingshui-2026")]
    password: String,
}

/// Makes the first administrator and logs them in. Possible once.
#[utoipa::path(
    post,
    path = "/api/v1/setup",
    operation_id = "set_up",
    tag = "session",
    request_body = SetUp,
    responses((status = 201, description = "Made, and logged in.", body = SessionBody), Refused, RefusedChange),
    security(()),
    extensions(("x-permission" = json!("installation.set_up"))),
)]
pub(crate) async fn set_up(
    Extract(state): Extract<State>,
    client: Client,
    Body(SetUp { name, display_name, password }): Body<SetUp>,
) -> Result<Response, Problem> {
    let first = FirstAdministrator { name, display_name, password };
    let session = set_up::set_up(&state.app, first, &client.address, &client.user_agent).await?;
    opened(&state, StatusCode::CREATED, session).await
}
