use axum::{body::Body, extract::State as Extract};
use chengjing_service::standard::take_in;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{LevelWord, Shelf, TakenInBody, file_in, tagged_with_rest};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Asked,
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// What a file does not say of its standard.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BesideFile {
    /// The campaign whose it is to be; without it, the installation's, which the administrator keeps.
    #[param(value_type = Option<uuid::Uuid>)]
    campaign: Option<chengjing_domain::id::CampaignId>,
    #[param(max_length = 40, example = "文明城市")]
    kind: Option<String>,
    #[param(inline)]
    level: Option<LevelWord>,
}

/// Takes in the file of a standard (YAML, JSON or xlsx, at most a mebibyte) as a draft. All that is wrong with it is told at
/// once, each fault with its line and place or with its sheet and cell. A standard whose id is there already gets another edition.
#[utoipa::path(
    post,
    path = "/api/v1/standards",
    operation_id = "take_in_standard",
    tag = "standards",
    params(BesideFile),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file's bytes."),
    responses((status = 201, description = "A draft.", body = TakenInBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.edit"))),
)]
pub(crate) async fn take_in(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Asked(beside): Asked<BesideFile>,
    body: Body,
) -> Result<Tagged<TakenInBody>, Problem> {
    let bytes = file_in(body).await?;
    let shelf = Shelf { campaign: beside.campaign };
    let beside = take_in::Beside { kind: beside.kind, level: beside.level.map(Into::into) };
    let taken = take_in::take_in(&state.app, &caller, shelf.campaign, beside, &bytes).await?;
    Ok(Tagged { status: axum::http::StatusCode::CREATED, ..tagged_with_rest(taken) })
}
