use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, DutyId, TaskId};
use chengjing_service::remind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Which tasks: by themselves, or all that wait for their units under some duties.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UrgeTasks {
    #[serde(default)]
    #[schema(value_type = Vec<uuid::Uuid>, max_items = 200)]
    task_ids: Vec<TaskId>,
    #[serde(default)]
    #[schema(value_type = Vec<uuid::Uuid>, max_items = 200)]
    duty_ids: Vec<DutyId>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct UrgedTasks {
    /// Tasks whose units were told now.
    told: u64,
    /// Those whose units were told today already.
    already: u64,
    /// Those that do not wait for their unit: reported, done, withdrawn.
    not_due: u64,
    /// Those for whose unit nobody has a login.
    nobody: u64,
}

/// 催办: asks the units of these tasks how they stand, each at most once a day.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/tasks/urge",
    operation_id = "urge_tasks",
    tag = "tasks",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = UrgeTasks,
    responses((status = 200, description = "What came of it.", body = UrgedTasks), Refused, RefusedChange),
    extensions(("x-permission" = json!("task.urge"))),
)]
pub(crate) async fn urge(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(body): Body<UrgeTasks>,
) -> Result<Json<UrgedTasks>, Problem> {
    let urged = remind::urge::urge(&state.app, &caller, campaign, (body.task_ids, body.duty_ids)).await?;
    let remind::urge::Urged { told, already, not_due, nobody } = urged;
    Ok(Json(UrgedTasks { told, already, not_due, nobody }))
}
