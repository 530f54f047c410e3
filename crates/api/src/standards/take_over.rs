use axum::extract::State as Extract;
use chengjing_service::standard;

use super::{EditionBody, Shelf, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// Takes over a standard that comes with the program, as a draft.
#[utoipa::path(
    post,
    path = "/api/v1/shipped-standards/{code}",
    operation_id = "take_over_shipped_standard",
    tag = "standards",
    params(("code" = String, Path, example = "civilised-county"), Shelf),
    responses((status = 201, description = "A draft.", body = EditionBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.edit"))),
)]
pub(crate) async fn take_over(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(code): Ids<String>,
    Asked(shelf): Asked<Shelf>,
) -> Result<Tagged<EditionBody>, Problem> {
    let taken = standard::take_over::take_over(&state.app, &caller, shelf.campaign, &code).await?;
    Ok(Tagged { status: axum::http::StatusCode::CREATED, ..tagged(taken) })
}
