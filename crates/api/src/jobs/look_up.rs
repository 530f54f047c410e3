use axum::{Json, extract::State as Extract};
use chengjing_domain::id::JobId;
use chengjing_service::job;

use super::JobBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
    },
};

/// A piece of background work and how far it is; what one ordered oneself, or what one may see the plans of.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{job}",
    operation_id = "look_up_job",
    tag = "jobs",
    params(("job" = uuid::Uuid, Path)),
    responses((status = 200, description = "The job.", body = JobBody), Refused),
    extensions(("x-permission" = json!("account.use"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(id): Ids<JobId>,
) -> Result<Json<JobBody>, Problem> {
    Ok(Json(job::look_up(&state.app, &caller, id).await?.into()))
}
