//! Special actions 专项行动 and working groups 工作组.

pub(crate) mod add;
pub(crate) mod close;
pub(crate) mod edit;
pub(crate) mod list;
pub(crate) mod look_up;
pub(crate) mod reopen;

use chengjing_domain::campaign::initiative::{InitiativeKind, InitiativeState};
use chengjing_service::{duty::Names, initiative::InitiativeView};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    http::{
        version::Tagged,
        words::{Named, mirror},
    },
    tasks::overview::TallyBody,
};

mirror! {
    /// 专项行动, for a time; 工作组, as long as it is needed.
    #[serde(rename_all = "snake_case")]
    InitiativeKindWord = InitiativeKind { SpecialAction, WorkingGroup }
}

/// How one unit stands in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InitiativeUnit {
    unit: Named,
    tally: TallyBody,
}

/// A special action or a working group.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InitiativeBody {
    id: Uuid,
    kind: InitiativeKindWord,
    #[schema(example = "背街小巷环境整治专项行动")]
    name: String,
    purpose: String,
    /// 牵头单位: its people see all duties and tasks of it.
    leader: Named,
    /// The person who answers for it.
    head: Option<Named>,
    /// 成员单位.
    members: Vec<Named>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    /// When it was closed; null: it goes on.
    closed_at: Option<DateTime<Utc>>,
    /// What came of it.
    summary: Option<String>,
    /// How many duties are owed under it; null: the caller sees only some of them.
    duties: Option<u64>,
    /// How the tasks stand that the caller sees.
    whole: TallyBody,
    /// The same by unit, the one with the most late first.
    units: Vec<InitiativeUnit>,
    created_at: DateTime<Utc>,
    version: i64,
}

impl InitiativeBody {
    pub(crate) fn new(view: InitiativeView, names: &Names) -> Self {
        let InitiativeView { initiative, head, duties, units } = view;
        let (closed_at, summary) = match initiative.state {
            InitiativeState::Open => (None, None),
            InitiativeState::Closed { at, summary } => (Some(at), Some(summary)),
        };
        Self {
            id: initiative.id.0,
            kind: initiative.kind.into(),
            name: initiative.name,
            purpose: initiative.purpose,
            leader: names.unit(initiative.leader).into(),
            head: head.map(|(id, name)| Named { id: id.0, name }),
            members: initiative.members.iter().map(|unit| names.unit(*unit).into()).collect(),
            starts_on: initiative.starts_on,
            ends_on: initiative.ends_on,
            closed_at,
            summary,
            duties,
            whole: units.iter().fold(TallyBody::default(), |sum, (_, tally)| sum.and((*tally).into())),
            units: units
                .into_iter()
                .map(|(unit, tally)| InitiativeUnit { unit: names.unit(unit).into(), tally: tally.into() })
                .collect(),
            created_at: initiative.created_at,
            version: initiative.version,
        }
    }
}

fn tagged((view, names): (InitiativeView, Names)) -> Tagged<InitiativeBody> {
    Tagged::ok(view.initiative.version, InitiativeBody::new(view, &names))
}
