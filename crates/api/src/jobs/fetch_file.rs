use axum::{extract::State as Extract, response::Response};
use chengjing_domain::id::JobId;
use chengjing_service::duty;

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
    let printed = duty::task_table::fetch(&state.app, &caller, id).await?;
    Ok(attachment(printed.bytes, printed.format.media_type(), &printed.name))
}
