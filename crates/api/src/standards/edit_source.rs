use axum::{body::Body, extract::State as Extract};
use chengjing_domain::id::{EditionId, StandardId};
use chengjing_service::{Refusal, standard};

use super::{EditionBody, file_in, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Puts another file in the place of a draft's. It must have the shape of a standard; it may be unfinished, and the answer
/// says what is wrong with it still.
#[utoipa::path(
    put,
    path = "/api/v1/standards/{standard}/editions/{edition}/source",
    operation_id = "edit_edition_source",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path), ("edition" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file's bytes."),
    responses((status = 200, description = "Kept.", body = EditionBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.edit"))),
)]
pub(crate) async fn edit_source(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((standard, id)): Ids<(StandardId, EditionId)>,
    Seen(seen): Seen,
    body: Body,
) -> Result<Tagged<EditionBody>, Problem> {
    let source = text_in(body).await?;
    let edited = standard::edit_source::edit_source(&state.app, &caller, standard, id, seen, source).await?;
    Ok(tagged(edited))
}

/// The text of a file.
pub(super) async fn text_in(body: Body) -> Result<String, Refusal> {
    String::from_utf8(file_in(body).await?.to_vec()).map_err(|_| {
        Refusal::invalid("", "文件不是 UTF-8 编码，请另存为 UTF-8", "the file is not UTF-8; save it as UTF-8")
    })
}
