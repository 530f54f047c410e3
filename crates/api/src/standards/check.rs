use axum::{Json, body::Body, extract::State as Extract};
use chengjing_domain::id::{EditionId, StandardId};
use chengjing_service::{Refusal, standard};

use super::{FileFault, file_in};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        list::List,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Says what is wrong with a text that is to become a draft's, while it is typed. Nothing is kept.
#[utoipa::path(
    post,
    path = "/api/v1/standards/{standard}/editions/{edition}/check",
    operation_id = "check_edition_source",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path), ("edition" = uuid::Uuid, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file's bytes."),
    responses((status = 200, description = "All faults, by line.", body = List<FileFault>), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.edit"))),
)]
pub(crate) async fn check(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((standard, id)): Ids<(StandardId, EditionId)>,
    body: Body,
) -> Result<Json<List<FileFault>>, Problem> {
    let source = text_in(body).await?;
    let faults = standard::check::check(&state.app, &caller, standard, id, &source).await?;
    Ok(Json(List::whole(faults.into_iter().map(Into::into))))
}

/// The text of a file.
async fn text_in(body: Body) -> Result<String, Refusal> {
    String::from_utf8(file_in(body).await?.to_vec()).map_err(|_| {
        Refusal::invalid("", "文件不是 UTF-8 编码，请另存为 UTF-8", "the file is not UTF-8; save it as UTF-8")
    })
}
