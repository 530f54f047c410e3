use chengjing_domain::{
    duty::task::{StateKind, Task},
    id::{CampaignId, UnitId},
};
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use super::rows::from_task;
use crate::{
    door::{Fetch, Queries},
    duty::NO_DAY,
    entity::task,
    error::StoreError,
    page::{Cursor, Page, Paging, part},
};

/// Whether somebody was asked for help and has not answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum AsksHelp {
    #[default]
    OrNot,
    Anybody,
    /// Any of these units.
    Of(Vec<UnitId>),
}

/// Which tasks are wanted; all of the conditions must hold. What was withdrawn is in no list that does not ask for it.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter {
    pub unit: Option<UnitId>,
    /// Of any of these units: the scope of the asker. None: no limit; empty: nothing.
    pub any_unit: Option<Vec<UnitId>>,
    pub asks_help: AsksHelp,
    pub state: Option<StateKind>,
    /// Only dates of recurring duties.
    pub dated: bool,
    /// Only those on which the unit has to act.
    pub unit_turn: bool,
    /// Only those on which the office has to decide.
    pub office_turn: bool,
    /// Due on this day or later.
    pub due_from: Option<NaiveDate>,
    /// Due on this day or earlier.
    pub due_to: Option<NaiveDate>,
}

/// The tasks that a filter lets through, the next due first, those without a day last.
pub async fn list(
    q: &impl Queries,
    campaign: CampaignId,
    filter: &TaskFilter,
    paging: &Paging,
) -> Result<Page<Task>, StoreError> {
    use task::Column as C;
    let units = match (&filter.unit, &filter.any_unit) {
        (None, None) => None,
        (Some(unit), None) => Some(vec![*unit]),
        (Some(unit), Some(scope)) if scope.contains(unit) => Some(vec![*unit]),
        (Some(_), Some(_)) => return Ok(Page { items: Vec::new(), next: None }),
        (None, Some(scope)) => Some(scope.clone()),
    };
    let mut condition = Condition::all().add(C::CampaignId.eq(campaign.0));
    // Written out as the partial indexes are, so that SQLite knows them again.
    if filter.unit_turn {
        condition = condition.add(Expr::cust("unit_turn"));
    }
    if filter.office_turn {
        condition = condition.add(Expr::cust("office_turn"));
    }
    match filter.state {
        Some(state) => condition = condition.add(C::State.eq(state.code())),
        None if filter.unit_turn || filter.office_turn => {}
        None => condition = condition.add(C::State.ne(StateKind::Withdrawn.code())),
    }
    if filter.dated {
        condition = condition.add(C::Occurrence.lt(NO_DAY));
    }
    if let Some(day) = filter.due_from {
        condition = condition.add(C::DueOn.gte(day));
    }
    if let Some(day) = filter.due_to {
        condition = condition.add(C::DueOn.lte(day));
    }
    if let Some(cursor) = &paging.after {
        let [day, id] = cursor.parts()?;
        let key = Expr::tuple([Expr::col(C::DueOn), Expr::col(C::Id)]);
        let after = Expr::tuple([Expr::val(part::<NaiveDate>(day)?), Expr::val(part::<Uuid>(id)?)]);
        condition = condition.add(key.gt(after));
    }
    let limit = paging.size() + 1;
    if filter.asks_help == AsksHelp::Anybody {
        condition = condition.add(C::HelpOf.is_not_null());
    }
    let (column, units) = match (&filter.asks_help, units) {
        (AsksHelp::Of(asked), None) => (C::HelpOf, Some(asked.clone())),
        (AsksHelp::Of(asked), Some(scope)) => {
            condition = condition.add(C::UnitId.is_in(scope.iter().map(|unit| unit.0)));
            (C::HelpOf, Some(asked.clone()))
        }
        (AsksHelp::OrNot | AsksHelp::Anybody, units) => (C::UnitId, units),
    };
    let rows = match units.as_deref() {
        Some([]) => Vec::new(),
        // Each unit gives its first rows from its own index; only these are merged, however many there are.
        Some(units) => {
            let mut rows = Vec::new();
            for unit in units {
                let of_unit = condition.clone().add(column.eq(unit.0));
                rows.extend(page(q, of_unit, limit).await?);
            }
            rows.sort_unstable_by_key(|row| (row.due_on, row.id));
            rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            rows
        }
        None => page(q, condition, limit).await?,
    };
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.due_on, &row.id]))
        .try_map(|row| from_task(&row).map(|stored| stored.task))
}

async fn page(q: &impl Queries, condition: Condition, limit: u64) -> Result<Vec<task::Model>, StoreError> {
    task::Entity::find()
        .filter(condition)
        .order_by_asc(task::Column::DueOn)
        .order_by_asc(task::Column::Id)
        .limit(limit)
        .fetch_all(q.access())
        .await
}
