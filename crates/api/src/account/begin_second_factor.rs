use axum::{Extension, Json, extract::State as Extract, http::StatusCode};
use chengjing_service::people::second_factor::begin;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Body,
        idempotency::Unkept,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// One's own password, for what a session that was left open must not do.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnPassword {
    #[schema(max_length = 200, example = "Bamboo-and-pine-9")]
    pub(crate) password: String,
}

/// What the phone is given, once.
#[derive(Serialize, ToSchema)]
pub(crate) struct SecondFactorSecret {
    /// For an authenticator app.
    #[schema(example = "otpauth://totp/%E5%9F%8E%E9%95%9C:office?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    uri: String,
    /// To be typed where nothing can be scanned.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    secret: String,
    /// The URI to be scanned, as SVG.
    picture: String,
}

/// Makes a secret for one's phone. It counts once it is confirmed with a code; beginning anew makes another.
#[utoipa::path(
    post,
    path = "/api/v1/account/second-factor",
    operation_id = "begin_second_factor",
    tag = "session",
    request_body = OwnPassword,
    responses(
        (status = 201, description = "Made.", body = SecondFactorSecret),
        (status = 429, description = "Too many wrong passwords.", body = Problem,
            content_type = "application/problem+json"),
        Refused,
        RefusedChange,
    ),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn begin_second_factor(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Body(own): Body<OwnPassword>,
) -> Result<(StatusCode, Extension<Unkept>, Json<SecondFactorSecret>), Problem> {
    let begin::Beginning { uri, secret, picture } = begin::begin(&state.app, &caller, &own.password).await?;
    Ok((StatusCode::CREATED, Extension(Unkept), Json(SecondFactorSecret { uri, secret, picture })))
}
