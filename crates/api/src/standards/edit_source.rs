use axum::{body::Body, extract::State as Extract};
use chengjing_domain::id::{EditionId, StandardId};
use chengjing_service::standard;

use super::{TakenInBody, file_in, tagged_with_rest};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Puts another file (YAML, JSON or xlsx) in the place of a draft's. It must have the shape of a standard; it may be unfinished, and the answer
/// says what is wrong with it still.
#[utoipa::path(
    put,
    path = "/api/v1/standards/{standard}/editions/{edition}/source",
    operation_id = "edit_edition_source",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path), ("edition" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file's bytes."),
    responses((status = 200, description = "Kept.", body = TakenInBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.edit"))),
)]
pub(crate) async fn edit_source(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((standard, id)): Ids<(StandardId, EditionId)>,
    Seen(seen): Seen,
    body: Body,
) -> Result<Tagged<TakenInBody>, Problem> {
    let bytes = file_in(body).await?;
    let edited = standard::edit_source::edit_source(&state.app, &caller, standard, id, seen, &bytes).await?;
    Ok(tagged_with_rest(edited))
}
