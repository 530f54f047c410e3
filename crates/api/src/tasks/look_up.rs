use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, TaskId};
use chengjing_service::task;

use super::TaskBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// One task with its history.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/tasks/{task}",
    operation_id = "look_up_task",
    tag = "tasks",
    params(("campaign" = uuid::Uuid, Path), ("task" = uuid::Uuid, Path)),
    responses((status = 200, description = "The task.", body = TaskBody), Refused),
    extensions(("x-permission" = json!("task.see"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, TaskId)>,
) -> Result<Tagged<TaskBody>, Problem> {
    let story = task::look_up::look_up(&state.app, &caller, campaign, id).await?;
    Ok(Tagged::ok(story.view.task.version, story.into()))
}
