use axum::{extract::State as Extract, http::StatusCode};
use chengjing_service::mail;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    State,
    http::{
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// What stands in the link after `#`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Proof {
    #[schema(max_length = 200, example = "q5m0x2vYH3d8Jt7uK1sWz4LbPcRnGf6a")]
    secret: String,
}

/// Proves an address by the secret that was sent there.
#[utoipa::path(
    post,
    path = "/api/v1/addresses/prove",
    operation_id = "prove_address",
    tag = "mail",
    request_body = Proof,
    responses((status = 204, description = "Proven."), Refused, RefusedChange),
    security(()),
    extensions(("x-permission" = json!("address.prove"))),
)]
pub(crate) async fn prove_address(
    Extract(state): Extract<State>,
    Body(proof): Body<Proof>,
) -> Result<StatusCode, Problem> {
    mail::address::prove(&state.app, &proof.secret).await?;
    Ok(StatusCode::NO_CONTENT)
}
