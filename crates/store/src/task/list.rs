use chengjing_domain::{
    duty::task::{StateKind, Task},
    id::{CampaignId, InitiativeId, UnitId},
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
    /// Beside those of `any_unit`, whosever they are: all of these initiatives, which the asker's units lead.
    pub led: Vec<InitiativeId>,
    pub initiative: Option<InitiativeId>,
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
    // Who leads an initiative and asks for nothing else sees it as who sees everything.
    let all_of_it = filter.initiative.is_some_and(|one| filter.led.contains(&one));
    let scope = filter.any_unit.as_ref().filter(|_| !all_of_it);
    let units = match (&filter.unit, scope) {
        (None, None) => None,
        (Some(unit), None) => Some(vec![*unit]),
        (Some(unit), Some(scope)) if scope.contains(unit) => Some(vec![*unit]),
        (Some(_), Some(_)) => Some(Vec::new()),
        (None, Some(scope)) => Some(scope.clone()),
    };
    let led = match scope {
        Some(_) if filter.initiative.is_none() => &filter.led[..],
        _ => &[],
    };
    let mut condition = Condition::all().add(C::CampaignId.eq(campaign.0));
    // Written out as the partial index is, so that SQLite knows it again.
    if filter.office_turn {
        condition = condition.add(Expr::cust("office_turn"));
    }
    let states = states(filter);
    if states.is_none() && !filter.office_turn {
        condition = condition.add(C::State.ne(StateKind::Withdrawn.code()));
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
    if let Some(initiative) = filter.initiative {
        condition = condition.add(C::InitiativeId.eq(initiative.0));
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
    // Each unit and state gives its first rows from the index that is sorted by the day within them; only these are
    // merged, however many there are. One index for all lists of a unit and one for all of a campaign: each further one
    // would have to move with every moved deadline.
    let any = |ids: Option<Vec<UnitId>>| -> Vec<Option<UnitId>> {
        ids.map_or(vec![None], |ids| ids.into_iter().map(Some).collect())
    };
    let states: Vec<Option<StateKind>> =
        states.map_or(vec![None], |states| states.into_iter().map(Some).collect());
    let mut rows = Vec::new();
    for unit in any(units) {
        for state in &states {
            let mut one = condition.clone();
            if let Some(unit) = unit {
                one = one.add(column.eq(unit.0));
            }
            if let Some(state) = state {
                one = one.add(C::State.eq(state.code()));
            }
            rows.extend(page(q, one, limit).await?);
        }
    }
    for initiative in led {
        for state in &states {
            let mut one = condition.clone().add(C::InitiativeId.eq(initiative.0));
            if let Some(unit) = filter.unit {
                one = one.add(C::UnitId.eq(unit.0));
            }
            if let Some(state) = state {
                one = one.add(C::State.eq(state.code()));
            }
            rows.extend(page(q, one, limit).await?);
        }
    }
    rows.sort_unstable_by_key(|row| (row.due_on, row.id));
    // The units' own may stand in what they lead.
    rows.dedup_by_key(|row| row.id);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.due_on, &row.id]))
        .try_map(|row| from_task(&row).map(|stored| stored.task))
}

/// The states that are read one by one; None: the filter has a small index of its own.
fn states(filter: &TaskFilter) -> Option<Vec<StateKind>> {
    let wanted = |state: &StateKind| match filter.state {
        Some(only) => *state == only,
        None => *state != StateKind::Withdrawn,
    };
    let own_index = filter.office_turn || filter.asks_help != AsksHelp::OrNot;
    if own_index && filter.state.is_none() && !filter.unit_turn {
        return None;
    }
    let turn = |state: &StateKind| !filter.unit_turn || state.is_the_units_turn();
    Some(StateKind::ALL.into_iter().filter(wanted).filter(turn).collect())
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
