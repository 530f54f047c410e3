//! Why a use case does not do what it was asked, in both languages.

use chengjing_domain::{
    people::{InvitationRefusal, policy::Decision},
    plan::ImportRefusal,
};
use chengjing_store::{Single, StoreError};

use crate::people::oidc::OidcFault;

/// One sentence in Chinese and in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

impl Words {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// One thing that is wrong with what was sent: where (a path such as `units[0].name`), and what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub path: String,
    pub words: Words,
}

impl Fault {
    pub fn new(path: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { path: path.into(), words: Words::new(zh, en) }
    }
}

/// Why a request ends without what it asked for. The API turns each into a status and a problem type.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("nobody is logged in")]
    LogInFirst,
    #[error("the name or the password is wrong")]
    WrongLogin,
    /// The password was right; the second factor's code is still asked for.
    #[error("a code is needed")]
    CodeNeeded,
    #[error("the code is wrong")]
    WrongCode,
    /// Somebody went to the provider of the unified login and does not come in.
    #[error(transparent)]
    Oidc(#[from] OidcFault),
    #[error("too many failed logins")]
    Locked { seconds: i64 },
    #[error("not allowed")]
    Forbidden,
    /// Somebody else knows the password: another must be chosen before anything else is done.
    #[error("the password must be changed first")]
    PasswordChangeNeeded,
    /// It is not there, or the actor must not learn that it is.
    #[error("not found")]
    NotFound,
    #[error("{} faults in what was sent", .0.len())]
    Invalid(Vec<Fault>),
    /// The state of things does not allow it.
    #[error("{}", .0.en)]
    Conflict(Words),
    #[error("changed by somebody else in the meantime")]
    Stale,
    #[error("the file is larger than {limit} bytes")]
    TooLarge { limit: u64 },
    /// A file that can't be shown, why, and what to do instead.
    #[error("{}", .0.en)]
    Unreadable(Words),
    /// A piece of a file that belongs elsewhere.
    #[error("the upload is at byte {offset}")]
    Elsewhere { offset: u64 },
    #[error("busy")]
    Busy,
    #[error("the disk is full")]
    DiskFull,
    #[error("the store failed")]
    Store(#[source] StoreError),
    #[error("internal failure: {0}")]
    Internal(&'static str),
}

impl Refusal {
    pub fn invalid(path: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Invalid(vec![Fault::new(path, zh, en)])
    }

    pub fn conflict(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Conflict(Words::new(zh, en))
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale => Self::Stale,
            StoreError::Busy | StoreError::TimedOut { .. } => Self::Busy,
            StoreError::DiskFull => Self::DiskFull,
            // What it names was there when it was looked up, and is gone now.
            StoreError::Conflict { ref constraint } if constraint == "foreign_key" => Self::Stale,
            // Others were faster with what may stand only once.
            StoreError::Conflict { ref constraint } => match error.single() {
                Some(Single::Typed(field)) => {
                    let (zh, en) = taken(constraint);
                    Self::invalid(field, zh, en)
                }
                Some(Single::Made) => Self::Busy,
                None => Self::Store(error),
            },
            StoreError::Panicked => Self::Internal("a write panicked"),
            StoreError::Cursor => {
                Self::invalid("after", "翻页位置无效，请从头查看", "not a position of this list")
            }
            other => Self::Store(other),
        }
    }
}

/// What is said where a name may stand only once and stands there already.
fn taken(constraint: &str) -> (&'static str, &'static str) {
    match constraint {
        "user_name" => NAME_TAKEN,
        "unit_name" | "unit_alias_name" => ("已是其他单位的名称", "already a name of another unit"),
        "initiative_name" => ("已有同名的专项行动或工作组", "another one has this name"),
        "standard_own" | "standard_shared" => {
            ("这个编号的测评体系已经有了", "there is a standard with this id")
        }
        "edition_label" | "catalogue_own" | "catalogue_shared" => {
            ("这个版本已经有了", "there is this edition already")
        }
        "site_name" => ("已有同名的点位", "a site has this name already"),
        "saved_view_own" | "saved_view_shared" => ("已有同名的视图", "a view has this name already"),
        _ => ("已被使用", "taken already"),
    }
}

/// What is said where another user has that name.
pub(crate) const NAME_TAKEN: (&str, &str) = ("用户名已被使用", "this name is taken");

impl From<ImportRefusal> for Refusal {
    fn from(refusal: ImportRefusal) -> Self {
        let (zh, en) = match refusal {
            ImportRefusal::StillReading => ("方案还在读取，请稍候", "the plan is still being read"),
            ImportRefusal::Unreadable => ("这份文件没有读出来", "this file could not be read"),
            ImportRefusal::AlreadyAdopted => ("方案已经采用", "the plan has been adopted"),
            ImportRefusal::NotAdopted => ("方案还没有采用", "the plan has not been adopted"),
            ImportRefusal::Discarded => ("方案已经废弃", "the plan was discarded"),
            ImportRefusal::WorkHasBegun => (
                "已有任务开始办理或被改动，不能撤销采用",
                "work on its duties has begun or somebody changed one, so the adoption can't be undone",
            ),
            ImportRefusal::Replaced => (
                "已被新版方案替换，请先撤销新版的采用",
                "a newer version has replaced it; undo the adoption of that one first",
            ),
            ImportRefusal::FormerUnitGone => (
                "原任务涉及的单位或阶段已不存在，不能撤销采用",
                "a unit or phase that its duties named before is gone, so the adoption can't be undone",
            ),
        };
        Self::conflict(zh, en)
    }
}

impl From<InvitationRefusal> for Refusal {
    fn from(refusal: InvitationRefusal) -> Self {
        let (zh, en) = match refusal {
            InvitationRefusal::Used => {
                ("这个邀请已经用过，请直接登录", "This invitation has been used; just sign in")
            }
            InvitationRefusal::Revoked => (
                "这个邀请已经撤回，请联系邀请您的人",
                "This invitation was taken back; ask whoever invited you",
            ),
            InvitationRefusal::InviterGone => (
                "邀请您的人已不在岗，请联系创建办另发一个邀请",
                "Whoever invited you is no longer here; ask the office for another invitation",
            ),
            InvitationRefusal::Expired => (
                "这个邀请已经过期，请联系邀请您的人再发一次",
                "This invitation is too old; ask whoever invited you for another",
            ),
        };
        Self::conflict(zh, en)
    }
}

/// What the policy says, as the result of a use case.
pub(crate) fn obey(decision: Decision) -> Result<(), Refusal> {
    match decision {
        Decision::Allowed => Ok(()),
        Decision::LogInFirst => Err(Refusal::LogInFirst),
        Decision::Forbidden => Err(Refusal::Forbidden),
        Decision::Hidden => Err(Refusal::NotFound),
    }
}

/// Collects faults, so that all of them are told at once.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, path: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) {
        self.0.push(Fault::new(path, zh, en));
    }

    /// A text that must not be blank nor longer than `most` characters; returned without blanks around it.
    pub(crate) fn text(&mut self, path: &str, value: &str, most: usize) -> String {
        let value = value.trim();
        if value.is_empty() {
            self.add(path, "请填写", "must not be empty");
        } else if value.chars().count() > most {
            self.add(path, format!("最多{most}个字"), format!("at most {most} characters"));
        }
        if value.contains('\0') {
            self.add(path, "含有无法保存的字符", "holds a character that can't be stored");
        }
        value.to_owned()
    }

    /// How many there are by now.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Says those that came after the first `from` at other places: in the words of whoever asked.
    pub(crate) fn move_to(&mut self, from: usize, place: impl Fn(&str) -> String) {
        for fault in self.0.iter_mut().skip(from) {
            fault.path = place(&fault.path);
        }
    }

    pub(crate) fn end(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::Invalid(self.0)) }
    }
}
