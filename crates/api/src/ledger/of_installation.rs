use axum::{Json, extract::State as Extract};
use chengjing_service::ledger;

use super::EntryBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Asked,
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// What was done in the whole installation, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/ledger",
    operation_id = "list_ledger",
    tag = "ledger",
    params(Paging),
    responses((status = 200, description = "A page.", body = List<EntryBody>), Refused),
    extensions(("x-permission" = json!("ledger.see_all"))),
)]
pub(crate) async fn of_installation(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<EntryBody>>, Problem> {
    let page = ledger::of_installation(&state.app, &caller, paging.read()).await?;
    Ok(Json(List::from(page, EntryBody::from)))
}
