use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{EditionId, StandardId};
use chengjing_service::standard;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::Seen,
    },
};

/// Deletes a draft, and the standard with it where it has no other edition.
#[utoipa::path(
    delete,
    path = "/api/v1/standards/{standard}/editions/{edition}",
    operation_id = "remove_edition",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path), ("edition" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    responses((status = 204, description = "Deleted."), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.edit"))),
)]
pub(crate) async fn remove(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((standard, id)): Ids<(StandardId, EditionId)>,
    Seen(seen): Seen,
) -> Result<StatusCode, Problem> {
    standard::remove::remove(&state.app, &caller, standard, id, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}
