use axum::{Json, extract::State as Extract};
use chengjing_service::mail;

use super::AddressBody;
use crate::{
    State,
    http::{
        auth::Login,
        problem::{Problem, Refused},
    },
};

/// Where the caller gets mail.
#[utoipa::path(
    get,
    path = "/api/v1/account/address",
    operation_id = "look_up_own_address",
    tag = "mail",
    responses((status = 200, description = "The address.", body = AddressBody), Refused),
    extensions(("x-permission" = json!("account.use"))),
)]
pub(crate) async fn look_up_address(
    Extract(state): Extract<State>,
    Login(caller): Login,
) -> Result<Json<AddressBody>, Problem> {
    Ok(Json(mail::address::look_up(&state.app, &caller).await?.into()))
}
