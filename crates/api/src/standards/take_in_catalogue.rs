use axum::{body::Body, extract::State as Extract};
use chengjing_service::standard;
use serde::Serialize;
use utoipa::ToSchema;

use super::{PassedOver, Shelf, file_in, list_catalogues::CatalogueBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Asked,
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// A catalogue that was brought as a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TakenCatalogueBody {
    #[serde(flatten)]
    catalogue: CatalogueBody,
    /// What stands in the workbook and has no place in a catalogue; of another file, nothing.
    passed_over: Vec<PassedOver>,
}

/// Takes in the file of a catalogue (YAML, JSON or xlsx, at most a mebibyte), in place of the one of the same id and edition. Drafts
/// take it from now on; published editions stay as they are.
#[utoipa::path(
    post,
    path = "/api/v1/catalogues",
    operation_id = "take_in_catalogue",
    tag = "standards",
    params(Shelf),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file's bytes."),
    responses((status = 200, description = "It is kept.", body = TakenCatalogueBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.edit"))),
)]
pub(crate) async fn take_in_catalogue(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Asked(shelf): Asked<Shelf>,
    body: Body,
) -> Result<Tagged<TakenCatalogueBody>, Problem> {
    let bytes = file_in(body).await?;
    let (kept, passed_over) =
        standard::take_in_catalogue::take_in_catalogue(&state.app, &caller, shelf.campaign, &bytes).await?;
    let passed_over = passed_over.into_iter().map(Into::into).collect();
    Ok(Tagged::ok(kept.version, TakenCatalogueBody { catalogue: kept.into(), passed_over }))
}
