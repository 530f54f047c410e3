use axum::{
    extract::State as Extract,
    http::{HeaderValue, header},
    response::Response,
};
use chengjing_domain::id::{EditionId, StandardId};
use chengjing_service::standard;

use crate::{
    State,
    duties::task_table::file,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
    },
};

/// The file of an edition as it was written. Its ETag is the edition's, for who goes on with it.
#[utoipa::path(
    get,
    path = "/api/v1/standards/{standard}/editions/{edition}/source",
    operation_id = "fetch_edition_source",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path), ("edition" = uuid::Uuid, Path)),
    responses((status = 200, description = "The file.", content((Value = "application/yaml"))), Refused),
    extensions(("x-permission" = json!("standard.see"))),
)]
pub(crate) async fn fetch_source(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((standard, id)): Ids<(StandardId, EditionId)>,
) -> Result<Response, Problem> {
    let (source, name, version) =
        standard::look_up::look_up_source(&state.app, &caller, standard, id).await?;
    let mut response = file(source, "application/yaml", &name);
    if let Ok(tag) = HeaderValue::from_str(&format!("\"v{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}
