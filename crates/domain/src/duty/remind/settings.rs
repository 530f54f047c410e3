use std::collections::BTreeSet;

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use super::NoticeKind;

/// The furthest day before or after a due date.
pub const MOST_DAYS: u16 = 365;
/// The most entries of one list of days or steps.
pub const MOST_ENTRIES: usize = 10;

/// How a campaign reminds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReminderSettings {
    /// Days before the due date; 0 is the day itself.
    pub before: Vec<u16>,
    /// Days after it, from 1.
    pub after: Vec<u16>,
    pub escalation: Vec<Escalation>,
    /// None: mail goes at any hour.
    pub quiet: Option<QuietHours>,
    pub minimum: Minimum,
}

/// After so many days, told to those above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Escalation {
    pub after_days: u16,
    pub to: EscalateTo,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EscalateTo {
    /// 负责人 of the unit.
    Head,
    UnitAbove,
    Office,
    Leader,
}

/// From the one time to the other, over midnight where the first is the later one. Local to the campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct QuietHours {
    pub from: NaiveTime,
    pub to: NaiveTime,
}

/// What nobody can switch off.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Minimum {
    /// These reach everybody, on these channels at least.
    pub kinds: BTreeSet<NoticeKind>,
    pub channels: BTreeSet<Channel>,
    /// These go at once, also to who wants a digest.
    pub at_once: BTreeSet<NoticeKind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Waits in the app until somebody looks: it disturbs nobody, and so knows neither quiet hours nor digests.
    InApp,
    Mail,
}

impl Channel {
    pub const ALL: [Self; 2] = [Self::InApp, Self::Mail];

    pub fn code(self) -> &'static str {
        match self {
            Self::InApp => "in_app",
            Self::Mail => "mail",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    AtOnce,
    /// Everything of a day together, at that time.
    Digest {
        at: NaiveTime,
    },
}

/// What a person wants to hear, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    pub kinds: BTreeSet<NoticeKind>,
    pub channels: BTreeSet<Channel>,
    pub pace: Pace,
}

impl Default for Choices {
    /// Everything, in the app.
    fn default() -> Self {
        Self { kinds: NoticeKind::ALL.into(), channels: BTreeSet::from([Channel::InApp]), pace: Pace::AtOnce }
    }
}

impl Default for ReminderSettings {
    /// A week, three days and one day before, and on the day; one, three and seven days after; the head after three
    /// days, the unit above and the office after seven, the leaders after fifteen; quiet from nine to half past seven.
    /// Nobody can switch off what is overdue, urged or handed over, in the app.
    fn default() -> Self {
        let escalation = [
            (3, EscalateTo::Head),
            (7, EscalateTo::UnitAbove),
            (7, EscalateTo::Office),
            (15, EscalateTo::Leader),
        ];
        let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        Self {
            before: vec![7, 3, 1, 0],
            after: vec![1, 3, 7],
            escalation: escalation.map(|(after_days, to)| Escalation { after_days, to }).into(),
            quiet: Some(QuietHours { from: time(21, 0), to: time(7, 30) }),
            minimum: Minimum {
                kinds: NoticeKind::ALL.into_iter().filter(|kind| *kind != NoticeKind::DueSoon).collect(),
                channels: BTreeSet::from([Channel::InApp]),
                at_once: BTreeSet::new(),
            },
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SettingsField {
    Before,
    After,
    Escalation,
    Quiet,
}

impl SettingsField {
    pub fn code(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
            Self::Escalation => "escalation",
            Self::Quiet => "quiet",
        }
    }
}

/// What is wrong with a campaign's reminders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsFault {
    #[error("{}: {days} days; expected {least} to {MOST_DAYS}", .field.code())]
    Days { field: SettingsField, days: u16, least: u16 },
    #[error("{}: {days} days stand there twice", .field.code())]
    Twice { field: SettingsField, days: u16 },
    #[error("{}: {entries} entries; at most {MOST_ENTRIES} are possible", .field.code())]
    TooMany { field: SettingsField, entries: usize },
    #[error("quiet: from {0} to {0} is the whole day or none of it")]
    NoHours(NaiveTime),
}

impl ReminderSettings {
    /// Everything that is wrong with them; nothing where they are fine.
    pub fn faults(&self) -> Vec<SettingsFault> {
        let mut faults = Vec::new();
        days(&mut faults, SettingsField::Before, 0, &self.before, |days| *days);
        days(&mut faults, SettingsField::After, 1, &self.after, |days| *days);
        // Two steps on one day are fine where they go to two.
        days(&mut faults, SettingsField::Escalation, 1, &self.escalation, |step| step.after_days);
        faults.extend(
            self.quiet.filter(|quiet| quiet.from == quiet.to).map(|q| SettingsFault::NoHours(q.from)),
        );
        faults
    }
}

fn days<T: PartialEq>(
    faults: &mut Vec<SettingsFault>,
    field: SettingsField,
    least: u16,
    entries: &[T],
    of: impl Fn(&T) -> u16,
) {
    if entries.len() > MOST_ENTRIES {
        faults.push(SettingsFault::TooMany { field, entries: entries.len() });
        return;
    }
    for (index, entry) in entries.iter().enumerate() {
        let days = of(entry);
        if !(least..=MOST_DAYS).contains(&days) {
            faults.push(SettingsFault::Days { field, days, least });
        }
        if entries[..index].contains(entry) {
            faults.push(SettingsFault::Twice { field, days });
        }
    }
}
