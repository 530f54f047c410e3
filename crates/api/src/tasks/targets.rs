use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::{
    duty::Names,
    task::{self, targets::TargetLine},
};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{TaskDuty, figures::ReachedWord};
use crate::{
    State,
    duties::DutyTargetBody,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
        words::{DecimalText, Named},
    },
};

/// The latest figure of a unit that stands as the whole does: why the target is judged so.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TargetLatest {
    on: NaiveDate,
    value: DecimalText,
    /// The unit of measure.
    unit: String,
    /// Whose figure it is.
    of: Named,
}

/// A target with its duty, and whether it is reached.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TargetRow {
    #[serde(flatten)]
    target: DutyTargetBody,
    duty: TaskDuty,
    /// By the lead unit's figure, or else by those of all responsible units.
    reached: ReachedWord,
    latest: Option<TargetLatest>,
}

impl TargetRow {
    fn new(line: TargetLine, names: &Names) -> Self {
        let latest = line.latest.map(|(unit, figure)| TargetLatest {
            on: figure.on,
            value: DecimalText(figure.value),
            unit: figure.unit,
            of: names.unit(unit).into(),
        });
        let duty = TaskDuty { id: line.duty.0, number: line.number, title: line.title };
        Self { target: line.target.into(), duty, reached: line.reached.into(), latest }
    }
}

/// The targets of a campaign and whether they are reached. A page holds the targets of as many duties as `limit` says,
/// the next due first.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/targets",
    operation_id = "list_targets",
    tag = "tasks",
    params(("campaign" = uuid::Uuid, Path), Paging),
    responses((status = 200, description = "A page.", body = List<TargetRow>), Refused),
    extensions(("x-permission" = json!("overview.see"))),
)]
pub(crate) async fn list_targets(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<TargetRow>>, Problem> {
    let (page, names) = task::targets::targets(&state.app, &caller, campaign, paging.read()).await?;
    Ok(Json(List::from(page, |line| TargetRow::new(line, &names))))
}
