use axum::{Json, extract::State as Extract};
use chengjing_service::people::second_factor::confirm;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// What the phone shows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhoneCode {
    #[schema(max_length = 20, example = "287082")]
    code: String,
}

/// Recovery codes, which are shown once; each opens one login without the phone.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    #[schema(example = json!(["MFRG-GZDF-MZTW-Q2LK"]))]
    pub(crate) codes: Vec<String>,
}

/// Turns the second factor on: from now on a login asks for a code.
#[utoipa::path(
    put,
    path = "/api/v1/account/second-factor",
    operation_id = "confirm_second_factor",
    tag = "session",
    request_body = PhoneCode,
    responses((status = 200, description = "It is on.", body = RecoveryCodes), Refused, RefusedChange),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn confirm_second_factor(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Body(phone): Body<PhoneCode>,
) -> Result<Json<RecoveryCodes>, Problem> {
    Ok(Json(RecoveryCodes { codes: confirm::confirm(&state.app, &caller, &phone.code).await? }))
}
