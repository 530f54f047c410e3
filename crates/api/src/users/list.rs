use axum::{Json, extract::State as Extract};
use chengjing_service::people;

use serde::Deserialize;
use utoipa::IntoParams;

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

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedUsers {
    /// Characters that stand in the name, in the 姓名 or in the name of a unit that they hold a role in.
    q: Option<String>,
}

/// The users of the installation, by name.
#[utoipa::path(
    get,
    path = "/api/v1/users",
    operation_id = "list_users",
    tag = "users",
    params(WantedUsers, Paging),
    responses((status = 200, description = "A page.", body = List<UserBody>), Refused),
    extensions(("x-permission" = json!("user.manage"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Asked(wanted): Asked<WantedUsers>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<UserBody>>, Problem> {
    let page = people::list_users::list_users(&state.app, &caller, wanted.q, paging.read()).await?;
    Ok(Json(List::from(page, UserBody::from)))
}
