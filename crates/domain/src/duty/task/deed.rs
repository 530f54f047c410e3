use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::UnitId;

/// The longest reason or note, in characters.
pub const LONGEST_TEXT: usize = 2000;

/// As what somebody acts towards one task. The caller finds it out from grants, the tree of units and the duty's units;
/// somebody who is several things names the one that is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// 责任单位: a liaison of the task's unit or of a unit above it.
    Owner,
    /// 牵头单位: a liaison of the duty's lead unit, towards the tasks of the others.
    Lead,
    /// 创建办.
    Office,
    /// 上级单位: a liaison of the unit that was asked for help.
    Superior,
    /// The program, when a day is over.
    System,
}

impl Party {
    pub const ALL: [Self; 5] = [Self::Owner, Self::Lead, Self::Office, Self::Superior, Self::System];

    pub fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Lead => "lead",
            Self::Office => "office",
            Self::Superior => "superior",
            Self::System => "system",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|party| party.code() == code)
    }
}

/// What somebody does to a task. Reasons are demanded wherever an act puts work or blame on somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum Deed {
    /// 接收. Also takes back one's own return while the office has not decided.
    Accept,
    /// 回退: it is not ours; whose it may be, if the unit knows.
    ReturnAsNotOurs {
        reason: String,
        proposed: Option<UnitId>,
    },
    /// The office decides a return: it is yours.
    Uphold {
        reason: String,
    },
    /// 改派: another unit owes it from now on.
    Reassign {
        to: UnitId,
        reason: String,
    },
    /// Figures and files come with it by the id of its step.
    Progress {
        percent: u8,
        note: Option<String>,
    },
    /// 上报: done.
    Report {
        note: Option<String>,
    },
    /// The unit found a mistake in its report before anybody confirmed it.
    TakeBackReport {
        reason: Option<String>,
    },
    /// 确认.
    Confirm {
        note: Option<String>,
    },
    /// 退回: the report is not enough.
    SendBack {
        reason: String,
    },
    /// A confirmed task turned out not to be done.
    Reopen {
        reason: String,
    },
    /// 申请延期.
    AskExtension {
        until: NaiveDate,
        reason: String,
    },
    /// `until`: another day than the one asked for.
    GrantExtension {
        until: Option<NaiveDate>,
        note: Option<String>,
    },
    RefuseExtension {
        reason: String,
    },
    /// 求助.
    AskHelp {
        of: UnitId,
        text: String,
    },
    AnswerHelp {
        text: String,
    },
    Withdraw {
        reason: String,
    },
    /// A withdrawal is undone: the task is again what it was.
    Restore {
        reason: String,
    },
    /// Nobody reported a dated occurrence in its time.
    Miss,
}

/// A [`Deed`] without its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeedKind {
    Accept,
    ReturnAsNotOurs,
    Uphold,
    Reassign,
    Progress,
    Report,
    TakeBackReport,
    Confirm,
    SendBack,
    Reopen,
    AskExtension,
    GrantExtension,
    RefuseExtension,
    AskHelp,
    AnswerHelp,
    Withdraw,
    Restore,
    Miss,
}

impl DeedKind {
    pub const ALL: [Self; 18] = [
        Self::Accept,
        Self::ReturnAsNotOurs,
        Self::Uphold,
        Self::Reassign,
        Self::Progress,
        Self::Report,
        Self::TakeBackReport,
        Self::Confirm,
        Self::SendBack,
        Self::Reopen,
        Self::AskExtension,
        Self::GrantExtension,
        Self::RefuseExtension,
        Self::AskHelp,
        Self::AnswerHelp,
        Self::Withdraw,
        Self::Restore,
        Self::Miss,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::ReturnAsNotOurs => "return_as_not_ours",
            Self::Uphold => "uphold",
            Self::Reassign => "reassign",
            Self::Progress => "progress",
            Self::Report => "report",
            Self::TakeBackReport => "take_back_report",
            Self::Confirm => "confirm",
            Self::SendBack => "send_back",
            Self::Reopen => "reopen",
            Self::AskExtension => "ask_extension",
            Self::GrantExtension => "grant_extension",
            Self::RefuseExtension => "refuse_extension",
            Self::AskHelp => "ask_help",
            Self::AnswerHelp => "answer_help",
            Self::Withdraw => "withdraw",
            Self::Restore => "restore",
            Self::Miss => "miss",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.code() == code)
    }
}

impl Deed {
    pub fn kind(&self) -> DeedKind {
        match self {
            Self::Accept => DeedKind::Accept,
            Self::ReturnAsNotOurs { .. } => DeedKind::ReturnAsNotOurs,
            Self::Uphold { .. } => DeedKind::Uphold,
            Self::Reassign { .. } => DeedKind::Reassign,
            Self::Progress { .. } => DeedKind::Progress,
            Self::Report { .. } => DeedKind::Report,
            Self::TakeBackReport { .. } => DeedKind::TakeBackReport,
            Self::Confirm { .. } => DeedKind::Confirm,
            Self::SendBack { .. } => DeedKind::SendBack,
            Self::Reopen { .. } => DeedKind::Reopen,
            Self::AskExtension { .. } => DeedKind::AskExtension,
            Self::GrantExtension { .. } => DeedKind::GrantExtension,
            Self::RefuseExtension { .. } => DeedKind::RefuseExtension,
            Self::AskHelp { .. } => DeedKind::AskHelp,
            Self::AnswerHelp { .. } => DeedKind::AnswerHelp,
            Self::Withdraw { .. } => DeedKind::Withdraw,
            Self::Restore { .. } => DeedKind::Restore,
            Self::Miss => DeedKind::Miss,
        }
    }

    /// The words that come with it, as given; the field's name says whether they are a reason, a note or a text.
    pub(super) fn words(&self) -> Option<&str> {
        match self {
            Self::Accept | Self::Miss => None,
            Self::ReturnAsNotOurs { reason, .. }
            | Self::Uphold { reason }
            | Self::Reassign { reason, .. }
            | Self::SendBack { reason }
            | Self::Reopen { reason }
            | Self::AskExtension { reason, .. }
            | Self::RefuseExtension { reason }
            | Self::Withdraw { reason }
            | Self::Restore { reason } => Some(reason),
            Self::AskHelp { text, .. } | Self::AnswerHelp { text } => Some(text),
            Self::TakeBackReport { reason: note }
            | Self::Progress { note, .. }
            | Self::Report { note }
            | Self::Confirm { note }
            | Self::GrantExtension { note, .. } => note.as_deref(),
        }
    }

    /// Another unit that it names.
    pub(super) fn other_unit(&self) -> Option<UnitId> {
        match self {
            Self::ReturnAsNotOurs { proposed, .. } => *proposed,
            Self::Reassign { to, .. } => Some(*to),
            Self::AskHelp { of, .. } => Some(*of),
            _ => None,
        }
    }
}
