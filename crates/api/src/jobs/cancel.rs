use axum::{Json, extract::State as Extract};
use chengjing_domain::id::JobId;
use chengjing_service::job;

use super::JobBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Ends a job that is not over; one's own, or the reading of a plan that one may import.
#[utoipa::path(
    delete,
    path = "/api/v1/jobs/{job}",
    operation_id = "cancel_job",
    tag = "jobs",
    params(("job" = uuid::Uuid, Path)),
    responses((status = 200, description = "Cancelled, or over before.", body = JobBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("account.use"))),
)]
pub(crate) async fn cancel(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(id): Ids<JobId>,
) -> Result<Json<JobBody>, Problem> {
    Ok(Json(job::cancel(&state.app, &caller, id).await?.into()))
}
