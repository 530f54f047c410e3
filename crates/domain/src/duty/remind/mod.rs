//! Reminders 提醒: who is told what of a task, or of a material that came back, when, and on which way.
//!
//! Two sources: the calendar ([`due`]: before the due date, after it, up the tree when nothing happens) and the acts on
//! a task ([`assigned`], [`handed_over`]: whoever has to act next hears of it). Both give [`Notice`]s, each with a key
//! that is the same however often the question is asked. The caller finds the people behind a [`Recipient`] and lays
//! out what each of them gets ([`deliveries`]).
//!
//! **Sent once.** A [`Delivery`]'s key is what the store keeps unique: the first answer is kept, later ones with the
//! same key are dropped, and a sender claims the key before it sends. After a crash in mid-send the key is still there,
//! so nothing is planned a second time.

mod delivery;
mod settings;

pub use delivery::{Delivery, Parcel, deliveries, parcels};
pub use settings::{
    Channel, Choices, EscalateTo, Escalation, MOST_DAYS, MOST_ENTRIES, Minimum, Pace, QuietHours,
    ReminderSettings, SettingsFault, SettingsField,
};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::task::{DeedKind, Step, Task};
use crate::{
    evidence::{Evidence, Remark, review},
    id::{DutyId, EvidenceId, RemarkId, TaskId, UnitId, UserId},
    plan::UnitRole,
};

/// What a notice is about. In order of urgency, the most urgent first: a digest shows a task once, by this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Overdue, told to those above who can do something about it.
    Escalated,
    /// 催办: the office asks for it.
    Urged,
    Overdue,
    /// Somebody acted, and the recipient is next, or owes it no longer.
    HandedOver,
    DueSoon,
}

impl NoticeKind {
    pub const ALL: [Self; 5] = [Self::Escalated, Self::Urged, Self::Overdue, Self::HandedOver, Self::DueSoon];

    pub fn code(self) -> &'static str {
        match self {
            Self::Escalated => "escalated",
            Self::Urged => "urged",
            Self::Overdue => "overdue",
            Self::HandedOver => "handed_over",
            Self::DueSoon => "due_soon",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Who is told; the caller knows the people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recipient {
    /// The liaisons of that unit.
    Unit(UnitId),
    /// The head 负责人 of that unit.
    Head(UnitId),
    /// The liaisons of the unit above that one.
    Above(UnitId),
    /// The liaisons of the duty's lead unit.
    Lead,
    Office,
    /// The campaign's leaders.
    Leader,
    /// That one, whoever they are.
    Person(UserId),
}

/// What a notice tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    Task {
        task: TaskId,
        duty: DutyId,
    },
    /// A material, by the remark with which it came back.
    Material {
        evidence: EvidenceId,
        remark: RemarkId,
    },
}

impl About {
    pub fn task(self) -> Option<TaskId> {
        match self {
            Self::Task { task, .. } => Some(task),
            Self::Material { .. } => None,
        }
    }

    pub fn duty(self) -> Option<DutyId> {
        match self {
            Self::Task { duty, .. } => Some(duty),
            Self::Material { .. } => None,
        }
    }

    fn of(task: &Task) -> Self {
        Self::Task { task: task.id, duty: task.owed.duty }
    }
}

impl std::fmt::Display for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unit(unit) => write!(f, "unit:{unit}"),
            Self::Head(unit) => write!(f, "head:{unit}"),
            Self::Above(unit) => write!(f, "above:{unit}"),
            Self::Lead => f.write_str("lead"),
            Self::Office => f.write_str("office"),
            Self::Leader => f.write_str("leader"),
            Self::Person(user) => write!(f, "person:{user}"),
        }
    }
}

/// Something that somebody is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The same for the same news, whenever it is asked for; another after the due date was moved.
    pub key: String,
    pub kind: NoticeKind,
    pub to: Recipient,
    pub about: About,
    pub unit: UnitId,
    pub due_on: Option<NaiveDate>,
    /// Days until the due date, negative after it; None: the notice is of no day.
    pub days_left: Option<i64>,
    /// The act on a task that it tells of; None for those of the calendar, for a first assignment and for materials.
    pub deed: Option<DeedKind>,
}

impl Notice {
    /// Its key without who it is to: what one person is told once, though they be two of its recipients.
    pub fn news(&self) -> &str {
        self.key.rsplit_once('/').map_or(self.key.as_str(), |(news, _to)| news)
    }
}

/// The units that were asked how a task stands, by the office, on a day: once a day, however often it asks.
///
/// None where it is not the unit's turn: there is nothing to urge.
pub fn urged(task: &Task, today: NaiveDate) -> Option<Notice> {
    let to = Recipient::Unit(task.owed.unit);
    let days_left = task.last_day().map(|last_day| (last_day - today).num_days());
    let key = format!("task:{}/urged/{today}/{to}", task.id);
    let notice = Notice { key, kind: NoticeKind::Urged, days_left, ..news(task, to, None) };
    task.state.kind().is_the_units_turn().then_some(notice)
}

/// What the calendar says of a task on a day.
///
/// Only while it is the unit's turn: who has reported, or returned it, is not reminded of it. Of the reminders before
/// the due date only the last that has come is given, and so after it: a server that was off for a week must not send
/// three reminders of one task at once. Every escalation that has come is given, since each goes to somebody else.
pub fn due(task: &Task, settings: &ReminderSettings, today: NaiveDate) -> Vec<Notice> {
    let Some(last_day) = task.last_day().filter(|_| task.state.kind().is_the_units_turn()) else {
        return Vec::new();
    };
    let left = (last_day - today).num_days();
    let notice = |kind: NoticeKind, days: u16, to: Recipient| Notice {
        key: format!("task:{}/{}/{last_day}/{days}/{to}", task.id, kind.code()),
        kind,
        to,
        about: About::of(task),
        unit: task.owed.unit,
        due_on: Some(last_day),
        days_left: Some(left),
        deed: None,
    };
    let unit = Recipient::Unit(task.owed.unit);
    let mut notices = Vec::new();
    if left >= 0 {
        let last_come = settings.before.iter().filter(|days| i64::from(**days) >= left).min();
        notices.extend(last_come.map(|days| notice(NoticeKind::DueSoon, *days, unit)));
    } else {
        let come = |days: &u16| i64::from(*days) <= -left;
        let last_come = settings.after.iter().filter(|days| come(days)).max();
        notices.extend(last_come.map(|days| notice(NoticeKind::Overdue, *days, unit)));
        for step in settings.escalation.iter().filter(|step| come(&step.after_days)) {
            let to = match step.to {
                EscalateTo::Head => Recipient::Head(task.owed.unit),
                EscalateTo::UnitAbove => Recipient::Above(task.owed.unit),
                EscalateTo::Office => Recipient::Office,
                EscalateTo::Leader => Recipient::Leader,
            };
            notices.push(notice(NoticeKind::Escalated, step.after_days, to));
        }
    }
    notices
}

/// A task that was just made: its unit hears of it.
pub fn assigned(task: &Task) -> Notice {
    let to = Recipient::Unit(task.owed.unit);
    Notice { key: format!("task:{}/assigned/{to}", task.id), ..news(task, to, None) }
}

/// An act on a task: those hear of it who have to act next, or who wait for nothing any more. `task`: after the act.
///
/// Accepting and progress hand nothing over and are seen in the lists. Whoever acted is told too where they are among
/// the recipients: the caller knows the people and leaves them out.
pub fn handed_over(task: &Task, step: &Step) -> Vec<Notice> {
    let unit = Recipient::Unit(step.unit);
    let led = task.owed.role != UnitRole::Lead;
    let lead = led.then_some(Recipient::Lead);
    let to: Vec<Recipient> = match step.deed {
        DeedKind::Accept | DeedKind::Progress => Vec::new(),
        DeedKind::ReturnAsNotOurs | DeedKind::AskExtension => vec![Recipient::Office],
        DeedKind::Report | DeedKind::TakeBackReport => {
            std::iter::once(Recipient::Office).chain(lead).collect()
        }
        DeedKind::AskHelp => step.other_unit.map(Recipient::Unit).into_iter().collect(),
        DeedKind::Miss => vec![unit, Recipient::Office],
        DeedKind::Uphold
        | DeedKind::Reassign
        | DeedKind::Confirm
        | DeedKind::SendBack
        | DeedKind::Reopen
        | DeedKind::GrantExtension
        | DeedKind::RefuseExtension
        | DeedKind::AnswerHelp
        | DeedKind::Withdraw
        | DeedKind::Restore => vec![unit],
    };
    to.into_iter()
        .map(|to| Notice { key: format!("step:{}/{to}", step.id), ..news(task, to, Some(step.deed)) })
        .collect()
}

/// A material that came back: its unit hears of it, and who filed it, each once.
pub fn returned(evidence: &Evidence, remark: &Remark) -> Vec<Notice> {
    if !matches!(remark.deed, Some(review::DeedKind::Return | review::DeedKind::TakeBack)) {
        return Vec::new();
    }
    let filer = evidence.versions().first().map(|first| Recipient::Person(first.by));
    let notice = |to: Recipient| Notice {
        key: format!("remark:{}/{to}", remark.id),
        kind: NoticeKind::HandedOver,
        to,
        about: About::Material { evidence: evidence.id, remark: remark.id },
        unit: evidence.unit,
        due_on: None,
        days_left: None,
        deed: None,
    };
    std::iter::once(Recipient::Unit(evidence.unit)).chain(filer).map(notice).collect()
}

/// A notice of an act, its key still to come.
fn news(task: &Task, to: Recipient, deed: Option<DeedKind>) -> Notice {
    Notice {
        key: String::new(),
        kind: NoticeKind::HandedOver,
        to,
        about: About::of(task),
        unit: task.owed.unit,
        due_on: task.last_day(),
        days_left: None,
        deed,
    }
}
