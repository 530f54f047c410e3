use axum::{Json, extract::State as Extract};
use chengjing_service::people;

use super::UserBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Asked,
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// The users of the installation, by name.
#[utoipa::path(
    get,
    path = "/api/v1/users",
    operation_id = "list_users",
    tag = "users",
    params(Paging),
    responses((status = 200, description = "A page.", body = List<UserBody>), Refused),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<UserBody>>, Problem> {
    let page = people::list_users::list_users(&state.app, &caller, paging.read()).await?;
    Ok(Json(List::from(page, UserBody::from)))
}
