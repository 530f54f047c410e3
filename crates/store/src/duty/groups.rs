//! How many duties of a filtered list stand in each of its groups.

use std::collections::{BTreeMap, HashSet};

use chengjing_domain::{
    duty::view::Grouping,
    id::{CampaignId, UnitId},
};
use chrono::NaiveDate;
use sea_orm::FromQueryResult;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    list::{DutyFilter, statement},
    rows::{NO_DAY, load_units},
};
use crate::{
    door::Queries,
    error::StoreError,
    page::{Cursor, Page, Paging},
};

/// The groups of a filtered list that have duties.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupCounts {
    /// By the id, the part or the month; empty: of none.
    pub counts: BTreeMap<String, u64>,
    /// Whether every duty was looked at; else there are at least as many.
    pub complete: bool,
}

/// Counts the duties that a filter lets through by what they are grouped by, the first `most` of them. They are walked in
/// pages as the list itself walks them, so that this costs as much as reading so far in the list, however many there are.
///
/// A unit counts where asking for it besides would find the duty: within the asker's scope or in an initiative that they
/// lead. A duty of several units counts for each.
pub async fn group_counts(
    q: &impl Queries,
    campaign: CampaignId,
    filter: &DutyFilter,
    by: Grouping,
    most: u64,
) -> Result<GroupCounts, StoreError> {
    let mut groups = GroupCounts { counts: BTreeMap::new(), complete: true };
    let (mut seen, mut paging) = (0, Paging::first(1_000.min(most)));
    loop {
        let columns = "d.id, d.due_on, d.phase_id, d.initiative_id, d.part";
        let Some(statement) = statement(q.access(), campaign, filter, &paging, columns).await? else {
            return Ok(groups);
        };
        let rows: Vec<KeyRow> = q.access().structs(statement).await?;
        let page = Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.due_on, &row.id]));
        seen += page.items.len() as u64;
        count(q, campaign, filter, by, &page.items, &mut groups.counts).await?;
        let Some(next) = page.next else { return Ok(groups) };
        if seen >= most {
            return Ok(GroupCounts { complete: false, ..groups });
        }
        paging = Paging::after(next, 1_000.min(most - seen));
    }
}

/// In the order of the columns that [`group_counts`] asks for.
#[derive(Deserialize, FromQueryResult)]
struct KeyRow {
    id: Uuid,
    due_on: NaiveDate,
    phase_id: Option<Uuid>,
    initiative_id: Option<Uuid>,
    part: Option<String>,
}

async fn count(
    q: &impl Queries,
    campaign: CampaignId,
    filter: &DutyFilter,
    by: Grouping,
    rows: &[KeyRow],
    counts: &mut BTreeMap<String, u64>,
) -> Result<(), StoreError> {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let key = |row: &KeyRow| match by {
        Grouping::Phase => id(row.phase_id),
        Grouping::Initiative => id(row.initiative_id),
        Grouping::Part => row.part.clone().unwrap_or_default(),
        Grouping::Month if row.due_on < NO_DAY => row.due_on.format("%Y-%m").to_string(),
        Grouping::Month | Grouping::Unit => String::new(),
    };
    if by != Grouping::Unit {
        for row in rows {
            *counts.entry(key(row)).or_default() += 1;
        }
        return Ok(());
    }
    for some in rows.chunks(500) {
        let ids: Vec<Uuid> = some.iter().map(|row| row.id).collect();
        let mut units = load_units(q, campaign, &ids).await?;
        for row in some {
            let led = filter.led.iter().any(|led| Some(led.0) == row.initiative_id);
            let within =
                |unit: UnitId| led || filter.any_unit.as_ref().is_none_or(|scope| scope.contains(&unit));
            let mut once = HashSet::new();
            for part in units.remove(&row.id).unwrap_or_default() {
                if within(part.unit)
                    && filter.unit.is_none_or(|unit| unit == part.unit)
                    && once.insert(part.unit)
                {
                    *counts.entry(part.unit.to_string()).or_default() += 1;
                }
            }
        }
    }
    Ok(())
}
