//! Saved views 视图 of the list of duties: which ones, in which order, grouped how, with which columns.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::DutyState;
use crate::{
    id::{CampaignId, ImportId, InitiativeId, PhaseId, UnitId, UserId, ViewId},
    plan::Recurrence,
};

/// So many views one person keeps in a campaign, and so many a campaign shares: they stand as tabs, and people read them.
pub const MOST_VIEWS: usize = 50;

/// The longest name of a view, in characters.
pub const LONGEST_NAME: usize = 40;

/// A view under its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    pub campaign: CampaignId,
    pub id: ViewId,
    /// Whose it is alone; None: the office shares it with all of the campaign.
    pub owner: Option<UserId>,
    pub name: String,
    pub shape: Shape,
    pub changed_by: UserId,
    pub changed_at: DateTime<Utc>,
    pub version: i64,
}

/// What a view shows. A stored format.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    pub filter: Filter,
    pub order: Order,
    pub group: Option<Grouping>,
    /// Beside the name, which always stands there. In the order in which lists have them, each once.
    pub columns: Vec<Column>,
}

/// Which duties; all that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    pub unit: Option<UnitId>,
    pub phase: Option<PhaseId>,
    #[serde(default)]
    pub initiative: Option<InitiativeId>,
    /// A part of a plan by its headings.
    #[serde(default)]
    pub part: Option<String>,
    pub due_from: Option<NaiveDate>,
    pub due_to: Option<NaiveDate>,
    pub undated: bool,
    pub has_target: Option<bool>,
    pub recurrence: Option<Recurrence>,
    pub state: Option<DutyState>,
    pub plan: Option<ImportId>,
    pub text: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The next deadline first, those without one last.
    #[default]
    FirstDue,
    /// The other way round.
    LastDue,
}

/// What the duties of a list are put together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    Unit,
    Phase,
    /// By special action or working group.
    Initiative,
    /// By the part of the plan.
    Part,
    /// By the month of the deadline.
    Month,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    Place,
    Units,
    Due,
    Targets,
    Phase,
}

impl Shape {
    /// Columns in order and each once, text without blanks around it.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        self.columns.sort_unstable();
        self.columns.dedup();
        self.filter.text =
            self.filter.text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        self
    }
}

/// What a filter names that may be gone by the time that it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    Unit,
    Phase,
    Initiative,
    Part,
    Plan,
}

impl Filter {
    /// What it names of which `there` says that it is gone.
    pub fn gone(&self, there: impl Fn(Named) -> bool) -> Vec<Named> {
        let named = [
            (self.unit.is_some(), Named::Unit),
            (self.phase.is_some(), Named::Phase),
            (self.initiative.is_some(), Named::Initiative),
            (self.part.is_some(), Named::Part),
            (self.plan.is_some(), Named::Plan),
        ];
        named.into_iter().filter(|(given, name)| *given && !there(*name)).map(|(_, name)| name).collect()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_shape_keeps_each_column_once_and_in_order() {
        let filter = Filter { text: Some("  志愿 ".into()), ..Filter::default() };
        let columns = vec![Column::Phase, Column::Due, Column::Phase, Column::Place];
        let tidied = Shape { filter, columns, ..Shape::default() }.tidied();
        assert_eq!(tidied.columns, [Column::Place, Column::Due, Column::Phase]);
        assert_eq!(tidied.filter.text.as_deref(), Some("志愿"));
        let blank = Filter { text: Some(" ".into()), ..Filter::default() };
        assert_eq!(Shape { filter: blank, ..Shape::default() }.tidied(), Shape::default());
    }

    #[test]
    fn only_what_a_filter_names_can_be_gone() {
        let filter = Filter { unit: Some(UnitId(Uuid::nil())), ..Filter::default() };
        assert_eq!(filter.gone(|_| false), [Named::Unit]);
        assert_eq!(filter.gone(|_| true), []);
        assert_eq!(Filter::default().gone(|_| false), []);
    }

    #[test]
    fn a_shape_is_stored_as_json_and_read_back() {
        let filter =
            Filter { has_target: Some(false), state: Some(DutyState::Withdrawn), ..Filter::default() };
        let shape = Shape {
            filter,
            order: Order::LastDue,
            group: Some(Grouping::Month),
            columns: vec![Column::Units],
        };
        let text = serde_json::to_string(&shape).expect("JSON");
        assert!(text.contains(r#""order":"last_due","group":"month","columns":["units"]"#), "{text}");
        assert_eq!(serde_json::from_str::<Shape>(&text).expect("read"), shape);
    }
}
