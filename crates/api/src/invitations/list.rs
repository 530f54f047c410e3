use axum::{Json, extract::State as Extract};
use chengjing_service::people::list_invitations;

use super::InvitationBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Asked,
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// All invitations that were neither accepted nor revoked, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/invitations",
    operation_id = "list_invitations",
    tag = "users",
    params(Paging),
    responses((status = 200, description = "A page.", body = List<InvitationBody>), Refused),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<InvitationBody>>, Problem> {
    let page = list_invitations::list_invitations(&state.app, &caller, None, paging.read()).await?;
    Ok(Json(List::from(page, InvitationBody::from)))
}
