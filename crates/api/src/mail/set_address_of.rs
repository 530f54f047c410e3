use axum::{Json, extract::State as Extract};
use chengjing_domain::id::UserId;
use chengjing_service::mail;

use super::{AddressBody, NewAddress};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Tells where a user gets mail. A link is sent there, by which its owner proves it.
#[utoipa::path(
    put,
    path = "/api/v1/users/{user}/address",
    operation_id = "set_user_address",
    tag = "mail",
    params(("user" = uuid::Uuid, Path)),
    request_body = NewAddress,
    responses((status = 200, description = "The link was sent.", body = AddressBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn set_address_of(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(user): Ids<UserId>,
    Body(new): Body<NewAddress>,
) -> Result<Json<AddressBody>, Problem> {
    let mailbox =
        mail::address::set_for(&state.app, &caller, user, &new.address, new.language.into()).await?;
    Ok(Json(Some(mailbox).into()))
}
