use axum::{extract::State as Extract, response::Response};
use chengjing_domain::id::JobId;
use chengjing_service::job;

use crate::{
    State,
    duties::task_table::file as attachment,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// The file that a job made, for whoever ordered it. It is kept for a day.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{job}/file",
    operation_id = "fetch_job_file",
    tag = "jobs",
    params(("job" = uuid::Uuid, Path)),
    responses(
        (status = 200, description = "The file.", content(
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (Vec<u8> = "application/pdf"),
            (Vec<u8> = "application/zip"),
        )),
        Refused,
        RefusedChange,
    ),
    extensions(("x-permission" = json!("account.use"))),
)]
pub(crate) async fn fetch_file(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(id): Ids<JobId>,
) -> Result<Response, Problem> {
    let made = job::fetch(&state.app, &caller, id).await?;
    Ok(attachment(made.bytes, made.media_type, &made.name))
}
