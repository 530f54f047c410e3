use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    duty::task::{DutyStanding, WholeState},
    id::{CampaignId, DutyId},
};
use chengjing_service::{duty::Names, task};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TaskRow;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        words::{Named, mirror},
    },
};

mirror! {
    /// How a duty stands as a whole.
    #[serde(rename_all = "snake_case")]
    WholeStateWord = WholeState { Nobodys, NotBegun, Underway, Reported, Confirmed, Missed }
}

/// How a duty stands as a whole: its lead and responsible units count; supporting units only where there are no others.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WholeBody {
    state: WholeStateWord,
    percent: u8,
    counting: usize,
    reported: usize,
    confirmed: usize,
    waiting_for: Vec<Named>,
    missed: Vec<Named>,
    /// Nobody else's report is still to come: the lead unit may report the whole.
    lead_may_report: bool,
}

impl WholeBody {
    fn new(standing: DutyStanding, names: &Names) -> Self {
        let named = |units: Vec<_>| units.into_iter().map(|unit| names.unit(unit).into()).collect();
        Self {
            state: standing.state.into(),
            percent: standing.percent,
            counting: standing.counting,
            reported: standing.reported,
            confirmed: standing.confirmed,
            waiting_for: named(standing.waiting_for),
            missed: named(standing.missed),
            lead_may_report: standing.lead_may_report,
        }
    }
}

/// The tasks of a duty.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TasksOfDuty {
    /// Null where the caller does not see all of them, or the duty is recurring.
    whole: Option<WholeBody>,
    items: Vec<TaskRow>,
}

/// The tasks under one duty that the caller may see, by date and in the order of the duty's units.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/duties/{duty}/tasks",
    operation_id = "list_tasks_of_duty",
    tag = "tasks",
    params(("campaign" = uuid::Uuid, Path), ("duty" = uuid::Uuid, Path)),
    responses((status = 200, description = "The tasks.", body = TasksOfDuty), Refused),
    extensions(("x-permission" = json!("duty.see"))),
)]
pub(crate) async fn of_duty(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, DutyId)>,
) -> Result<Json<TasksOfDuty>, Problem> {
    let (of_duty, names) = task::of_duty::of_duty(&state.app, &caller, campaign, id).await?;
    Ok(Json(TasksOfDuty {
        whole: of_duty.standing.map(|standing| WholeBody::new(standing, &names)),
        items: of_duty.tasks.into_iter().map(|view| TaskRow::new(view, &names)).collect(),
    }))
}
