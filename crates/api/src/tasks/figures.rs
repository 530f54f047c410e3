//! Figures 数据 against the targets of a duty.

use std::collections::HashMap;

use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    duty::figure::{Figure, Reached},
    id::{CampaignId, DutyId, FigureId, TargetId, TaskId, UserId},
    ledger::Author,
};
use chengjing_service::{
    duty::Names,
    task::figures::{self, NewFigure, OfUnit, TargetFigures},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::TaskBody;
use crate::{
    State,
    duties::DutyTargetBody,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
        words::{DecimalText, Named, UnitRoleWord, mirror},
    },
};

mirror! {
    /// Whether a target is reached: what nobody has measured is unknown, neither yes nor no.
    #[serde(rename_all = "snake_case")]
    ReachedWord = Reached { Yes, No, Unknown }
}

/// A figure that is filed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFigureBody {
    #[schema(value_type = Uuid)]
    target_id: TargetId,
    value: DecimalText,
    /// Null: in the target's own unit of measure.
    #[schema(max_length = 20)]
    unit: Option<String>,
    /// Where it was taken from: a statistic, a ledger, a count on the spot.
    #[schema(min_length = 1, max_length = 500, example = "县统计局月报")]
    source: String,
    /// The day that it tells of; not in the future.
    on: NaiveDate,
    /// The newest figure of the same target and task, which this one takes the place of.
    #[schema(value_type = Option<Uuid>)]
    corrects: Option<FigureId>,
}

impl From<NewFigureBody> for NewFigure {
    fn from(body: NewFigureBody) -> Self {
        let NewFigureBody { target_id, value, unit, source, on, corrects } = body;
        Self { target: target_id, value: value.0, unit, source, on, corrects }
    }
}

/// Figures that are filed together: all of them, or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFigures {
    #[schema(min_items = 1, max_items = 50)]
    figures: Vec<NewFigureBody>,
}

/// A figure against a target.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct FigureBody {
    id: Uuid,
    target_id: Uuid,
    value: DecimalText,
    unit: String,
    source: String,
    on: NaiveDate,
    /// Null: the program.
    by: Option<Named>,
    at: DateTime<Utc>,
    /// The figure that took its place.
    superseded_by: Option<Uuid>,
}

impl FigureBody {
    pub(super) fn new(figure: Figure, people: &HashMap<UserId, String>) -> Self {
        let by = match figure.by {
            Author::User(id) => Some(Named { id: id.0, name: people.get(&id).cloned().unwrap_or_default() }),
            Author::System => None,
        };
        Self {
            id: figure.id.0,
            target_id: figure.target.0,
            value: DecimalText(figure.value),
            unit: figure.unit,
            source: figure.source,
            on: figure.on,
            by,
            at: figure.at,
            superseded_by: figure.superseded_by.map(|id| id.0),
        }
    }
}

/// A value on a day, for a chart.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PointBody {
    on: NaiveDate,
    value: DecimalText,
}

/// The figure that a judgement rests on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LatestBody {
    on: NaiveDate,
    value: DecimalText,
    unit: String,
    source: String,
    /// The task that it was filed with.
    task_id: Uuid,
}

/// One unit's figures against a target.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitFigures {
    unit: Named,
    role: UnitRoleWord,
    reached: ReachedWord,
    latest: Option<LatestBody>,
    /// In the target's unit of measure, one a day, the earliest first; of very many, the latest.
    points: Vec<PointBody>,
    /// Figures in other units of measure, which stand in no chart.
    left_out: usize,
}

impl UnitFigures {
    fn new(of_unit: OfUnit, names: &Names) -> Self {
        let point = |point: chengjing_domain::duty::figure::Point| PointBody {
            on: point.on,
            value: DecimalText(point.value),
        };
        Self {
            unit: names.unit(of_unit.unit).into(),
            role: of_unit.role.into(),
            reached: of_unit.judgement.reached.into(),
            latest: of_unit.latest.map(|latest| LatestBody {
                on: latest.on,
                value: DecimalText(latest.value),
                unit: latest.unit,
                source: latest.source,
                task_id: latest.task.0,
            }),
            points: of_unit.series.points.into_iter().map(point).collect(),
            left_out: of_unit.series.left_out,
        }
    }
}

/// A target, whether it is reached, and how it came there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TargetStanding {
    #[serde(flatten)]
    target: DutyTargetBody,
    /// By the lead unit's figure, or else by those of all responsible units; null where the caller does not see all.
    reached: Option<ReachedWord>,
    units: Vec<UnitFigures>,
}

/// The targets of a duty.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FiguresOfDuty {
    items: Vec<TargetStanding>,
}

/// The targets of a duty with the figures that the caller may see: whether they are reached, and how it came.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/duties/{duty}/figures",
    operation_id = "list_figures_of_duty",
    tag = "tasks",
    params(("campaign" = uuid::Uuid, Path), ("duty" = uuid::Uuid, Path)),
    responses((status = 200, description = "The targets.", body = FiguresOfDuty), Refused),
    extensions(("x-permission" = json!("duty.see"))),
)]
pub(crate) async fn figures_of_duty(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, DutyId)>,
) -> Result<Json<FiguresOfDuty>, Problem> {
    let (targets, names) = figures::of_duty(&state.app, &caller, campaign, id).await?;
    let standing = |of: TargetFigures| TargetStanding {
        target: of.target.into(),
        reached: of.reached.map(Into::into),
        units: of.units.into_iter().map(|unit| UnitFigures::new(unit, &names)).collect(),
    };
    Ok(Json(FiguresOfDuty { items: targets.into_iter().map(standing).collect() }))
}

/// Files figures with a task that somebody has taken on: new ones, or in place of wrong ones, which stay to be seen.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/tasks/{task}/figures",
    operation_id = "file_figures",
    tag = "tasks",
    params(("campaign" = uuid::Uuid, Path), ("task" = uuid::Uuid, Path)),
    request_body = NewFigures,
    responses((status = 201, description = "The task with its figures.", body = TaskBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("task.act"))),
)]
pub(crate) async fn file_figures(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, TaskId)>,
    Body(NewFigures { figures }): Body<NewFigures>,
) -> Result<Tagged<TaskBody>, Problem> {
    let new = figures.into_iter().map(Into::into).collect();
    let story = figures::record(&state.app, &caller, campaign, id, new).await?;
    Ok(Tagged::created(story.view.task.version, story.into()))
}
