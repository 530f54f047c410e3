use axum::{Json, extract::State as Extract};
use chengjing_service::mail;

use super::{AddressBody, NewAddress};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Tells where the caller gets mail. A link is sent there; once it is opened, notices may go there.
#[utoipa::path(
    put,
    path = "/api/v1/account/address",
    operation_id = "set_own_address",
    tag = "mail",
    request_body = NewAddress,
    responses((status = 200, description = "The link was sent.", body = AddressBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn set_address(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Body(new): Body<NewAddress>,
) -> Result<Json<AddressBody>, Problem> {
    let mailbox = mail::address::set(&state.app, &caller, &new.address, new.language.into()).await?;
    Ok(Json(Some(mailbox).into()))
}
