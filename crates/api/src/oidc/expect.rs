use axum::extract::State as Extract;
use chengjing_domain::id::UserId;
use chengjing_service::people::oidc;
use serde::Deserialize;
use utoipa::ToSchema;

use super::OidcLinkBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Under which name somebody will come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expectation {
    /// As the provider calls them.
    #[schema(min_length = 1, max_length = 100, example = "wangfang")]
    expected_name: String,
}

/// Says under which name of the provider's a user will come; who comes first with it is linked to them.
#[utoipa::path(
    put,
    path = "/api/v1/users/{user}/oidc",
    operation_id = "expect_oidc_name",
    tag = "users",
    params(
        ("user" = uuid::Uuid, Path),
        ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v0\""),
    ),
    request_body = Expectation,
    responses((status = 200, description = "Expected.", body = OidcLinkBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn expect(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(user): Ids<UserId>,
    Seen(seen): Seen,
    Body(Expectation { expected_name }): Body<Expectation>,
) -> Result<Tagged<OidcLinkBody>, Problem> {
    let link = oidc::expect(&state.app, &caller, user, seen, &expected_name).await?;
    Ok(Tagged::ok(link.version, Some(link).into()))
}
