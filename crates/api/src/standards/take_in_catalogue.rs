use axum::{body::Body, extract::State as Extract};
use chengjing_service::standard;

use super::{Shelf, file_in, list_catalogues::CatalogueBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Asked,
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// Takes in the file of a catalogue (YAML or JSON, at most a mebibyte), in place of the one of the same id and edition. Drafts
/// take it from now on; published editions stay as they are.
#[utoipa::path(
    post,
    path = "/api/v1/catalogues",
    operation_id = "take_in_catalogue",
    tag = "standards",
    params(Shelf),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file's bytes."),
    responses((status = 200, description = "It is kept.", body = CatalogueBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.edit"))),
)]
pub(crate) async fn take_in_catalogue(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Asked(shelf): Asked<Shelf>,
    body: Body,
) -> Result<Tagged<CatalogueBody>, Problem> {
    let bytes = file_in(body).await?;
    let kept =
        standard::take_in_catalogue::take_in_catalogue(&state.app, &caller, shelf.campaign, &bytes).await?;
    Ok(Tagged::ok(kept.version, kept.into()))
}
