use axum::{Json, extract::State as Extract};
use chengjing_service::standard;

use super::StandardBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Asked,
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// The standards that are kept here, drafts too, the newest first: the installation's, and those of campaigns whose office one
/// is.
#[utoipa::path(
    get,
    path = "/api/v1/standards",
    operation_id = "list_standards",
    tag = "standards",
    params(Paging),
    responses((status = 200, description = "A page.", body = List<StandardBody>), Refused),
    extensions(("x-permission" = json!("standard.browse"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<StandardBody>>, Problem> {
    let page = standard::list::list(&state.app, &caller, paging.read()).await?;
    Ok(Json(List::from(page, Into::into)))
}
