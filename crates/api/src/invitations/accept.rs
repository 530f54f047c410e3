use axum::{extract::State as Extract, http::StatusCode, response::Response};
use chengjing_service::people::accept_invitation::{self, Acceptance};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    State,
    http::{
        auth::Client,
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
    },
    session::{SessionBody, opened},
};

/// What the invited chooses.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Joining {
    /// The link's.
    #[schema(max_length = 100, example = "q5m0x2vYH3d8Jt7uK1sWz4LbPcRnGf6a")]
    secret: String,
    #[schema(max_length = 50, example = "wangfang")]
    name: String,
    #[schema(min_length = 10, max_length = 200, example = "Qingshui-2026")]
    password: String,
}

/// Makes the invited a user with the role that the link invites to, and logs them in. A link works once.
#[utoipa::path(
    post,
    path = "/api/v1/joining",
    operation_id = "accept_invitation",
    tag = "session",
    request_body = Joining,
    responses((status = 201, description = "Made, and logged in.", body = SessionBody), Refused, RefusedChange),
    security(()),
    extensions(("x-permission" = json!("invitation.accept"))),
)]
pub(crate) async fn accept(
    Extract(state): Extract<State>,
    client: Client,
    Body(Joining { secret, name, password }): Body<Joining>,
) -> Result<Response, Problem> {
    let Client { address, user_agent } = client;
    let acceptance = Acceptance { secret, name, password, address, user_agent };
    let session = accept_invitation::as_new_user(&state.app, acceptance).await?;
    opened(&state, StatusCode::CREATED, session).await
}
