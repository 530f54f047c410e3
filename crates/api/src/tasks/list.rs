use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, InitiativeId, UnitId};
use chengjing_service::task::{self, list::Turn};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{TaskRow, TaskStateWord};

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// Whose turn it is: the unit's to act, the office's to decide, or a unit's that was asked for help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TurnWord {
    Unit,
    Office,
    Helper,
}

/// Which tasks are wanted; all that is given must hold. Withdrawn ones are left out unless asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedTasks {
    /// Of this unit.
    #[param(value_type = Option<uuid::Uuid>)]
    unit: Option<UnitId>,
    #[param(inline)]
    turn: Option<TurnWord>,
    #[param(inline)]
    state: Option<TaskStateWord>,
    /// Of the duties of this special action or working group.
    #[param(value_type = Option<uuid::Uuid>)]
    initiative: Option<InitiativeId>,
    /// Due on this day or later.
    due_from: Option<NaiveDate>,
    /// Due on this day or earlier.
    due_to: Option<NaiveDate>,
}

impl From<WantedTasks> for task::list::Wanted {
    fn from(wanted: WantedTasks) -> Self {
        let turn = wanted.turn.map(|turn| match turn {
            TurnWord::Unit => Turn::Unit,
            TurnWord::Office => Turn::Office,
            TurnWord::Helper => Turn::Helper,
        });
        Self {
            unit: wanted.unit,
            turn,
            state: wanted.state.map(Into::into),
            initiative: wanted.initiative,
            due_from: wanted.due_from,
            due_to: wanted.due_to,
        }
    }
}

/// The tasks of a campaign that the caller may see, the next due first.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/tasks",
    operation_id = "list_tasks",
    tag = "tasks",
    params(("campaign" = uuid::Uuid, Path), WantedTasks, Paging),
    responses((status = 200, description = "A page.", body = List<TaskRow>), Refused),
    extensions(("x-permission" = json!("task.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedTasks>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<TaskRow>>, Problem> {
    let (page, names) = task::list::list(&state.app, &caller, campaign, wanted.into(), paging.read()).await?;
    Ok(Json(List::from(page, |view| TaskRow::new(view, &names))))
}
