use axum::{Extension, Json, extract::State as Extract};
use chengjing_service::people::second_factor::renew_codes;

use super::{begin_second_factor::OwnPassword, confirm_second_factor::RecoveryCodes};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Body,
        idempotency::Unkept,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Ten new recovery codes in place of those that are left. A repeated request gets other ones, and those work.
#[utoipa::path(
    post,
    path = "/api/v1/account/second-factor/recovery-codes",
    operation_id = "renew_recovery_codes",
    tag = "session",
    request_body = OwnPassword,
    responses(
        (status = 200, description = "The new ones.", body = RecoveryCodes),
        (status = 429, description = "Too many wrong passwords.", body = Problem,
            content_type = "application/problem+json"),
        Refused,
        RefusedChange,
    ),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn renew_recovery_codes(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Body(own): Body<OwnPassword>,
) -> Result<(Extension<Unkept>, Json<RecoveryCodes>), Problem> {
    let codes = renew_codes::renew_codes(&state.app, &caller, &own.password).await?;
    Ok((Extension(Unkept), Json(RecoveryCodes { codes })))
}
