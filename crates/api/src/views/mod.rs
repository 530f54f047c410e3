//! Saved views 视图 of the list of duties.

pub(crate) mod add;
pub(crate) mod choose_first;
pub(crate) mod edit;
pub(crate) mod list;
pub(crate) mod remove;

use chengjing_domain::{
    duty::view::{self, Filter, Shape},
    id::{ImportId, InitiativeId, PhaseId, UnitId},
};
use chengjing_service::view::ViewSeen;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::words::{DutyStateWord, RecurrenceWord, mirror};

mirror! {
    /// The next deadline first, or the last one.
    #[serde(rename_all = "snake_case")]
    ViewOrderWord = view::Order { FirstDue, LastDue }
    /// What the duties of a list are put together by.
    #[serde(rename_all = "snake_case")]
    GroupingWord = view::Grouping { Unit, Phase, Initiative, Part, Month }
    /// A column of the list, beside the name that always stands there.
    #[serde(rename_all = "snake_case")]
    ColumnWord = view::Column { Place, Units, Due, Targets, Phase }
    /// What a filter names that may be gone.
    #[serde(rename_all = "snake_case")]
    GoneWord = view::Named { Unit, Phase, Initiative, Part, Plan }
}

/// Which duties a view shows; all that is given must hold. As the list's own filter.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ViewFilter {
    #[schema(value_type = Option<Uuid>)]
    unit: Option<UnitId>,
    #[schema(value_type = Option<Uuid>)]
    phase: Option<PhaseId>,
    #[schema(value_type = Option<Uuid>)]
    initiative: Option<InitiativeId>,
    /// A part of a plan, by its headings.
    #[schema(max_length = 125)]
    part: Option<String>,
    due_from: Option<NaiveDate>,
    due_to: Option<NaiveDate>,
    undated: bool,
    target: Option<bool>,
    recurrence: Option<RecurrenceWord>,
    state: Option<DutyStateWord>,
    #[schema(value_type = Option<Uuid>)]
    plan: Option<ImportId>,
    #[schema(max_length = 200)]
    q: Option<String>,
}

impl From<Filter> for ViewFilter {
    fn from(filter: Filter) -> Self {
        let Filter {
            unit,
            phase,
            initiative,
            part,
            due_from,
            due_to,
            undated,
            has_target,
            recurrence,
            state,
            plan,
            text,
        } = filter;
        Self {
            unit,
            phase,
            initiative,
            part,
            due_from,
            due_to,
            undated,
            target: has_target,
            recurrence: recurrence.map(Into::into),
            state: state.map(Into::into),
            plan,
            q: text,
        }
    }
}

impl From<ViewFilter> for Filter {
    fn from(filter: ViewFilter) -> Self {
        let ViewFilter {
            unit,
            phase,
            initiative,
            part,
            due_from,
            due_to,
            undated,
            target,
            recurrence,
            state,
            plan,
            q,
        } = filter;
        Self {
            unit,
            phase,
            initiative,
            part,
            due_from,
            due_to,
            undated,
            has_target: target,
            recurrence: recurrence.map(Into::into),
            state: state.map(Into::into),
            plan,
            text: q,
        }
    }
}

/// What a view shows.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ViewShape {
    filter: ViewFilter,
    order: ViewOrderWord,
    group: Option<GroupingWord>,
    #[schema(max_items = 5)]
    columns: Vec<ColumnWord>,
}

impl From<Shape> for ViewShape {
    fn from(Shape { filter, order, group, columns }: Shape) -> Self {
        Self {
            filter: filter.into(),
            order: order.into(),
            group: group.map(Into::into),
            columns: columns.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<ViewShape> for Shape {
    fn from(ViewShape { filter, order, group, columns }: ViewShape) -> Self {
        Self {
            filter: filter.into(),
            order: order.into(),
            group: group.map(Into::into),
            columns: columns.into_iter().map(Into::into).collect(),
        }
    }
}

/// A view under its name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ViewBody {
    id: Uuid,
    #[schema(example = "本月到期")]
    name: String,
    /// Whether the office shares it with all of the campaign; otherwise it is the caller's own.
    shared: bool,
    filter: ViewFilter,
    order: ViewOrderWord,
    group: Option<GroupingWord>,
    #[schema(max_items = 5)]
    columns: Vec<ColumnWord>,
    /// What its filter names that is there no more: it finds nothing until that is changed.
    gone: Vec<GoneWord>,
    /// Whether the caller's list begins with it.
    first: bool,
    /// Whether the caller may change it.
    editable: bool,
    changed_at: DateTime<Utc>,
    version: i64,
}

impl From<ViewSeen> for ViewBody {
    fn from(ViewSeen { view, gone, first, editable }: ViewSeen) -> Self {
        let ViewShape { filter, order, group, columns } = view.shape.into();
        Self {
            id: view.id.0,
            name: view.name,
            shared: view.owner.is_none(),
            filter,
            order,
            group,
            columns,
            gone: gone.into_iter().map(Into::into).collect(),
            first,
            editable,
            changed_at: view.changed_at,
            version: view.version,
        }
    }
}
