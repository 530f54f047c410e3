use axum::{extract::State as Extract, response::Response};
use chengjing_domain::id::{EditionId, StandardId};
use chengjing_service::{Format, standard};

use crate::{
    State,
    duties::task_table::file,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
    },
};

/// An edition as a workbook, for an office to work in and to bring back. Comments of its file are not in it, and of catalogues
/// that it uses only that it uses them.
#[utoipa::path(
    get,
    path = "/api/v1/standards/{standard}/editions/{edition}/workbook",
    operation_id = "fetch_edition_workbook",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path), ("edition" = uuid::Uuid, Path)),
    responses((status = 200, description = "The workbook.", content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), Refused),
    extensions(("x-permission" = json!("standard.see"))),
)]
pub(crate) async fn fetch_workbook(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((standard, id)): Ids<(StandardId, EditionId)>,
) -> Result<Response, Problem> {
    let (bytes, name) = standard::look_up::look_up_workbook(&state.app, &caller, standard, id).await?;
    Ok(file(bytes, Format::Xlsx.media_type(), &name))
}
