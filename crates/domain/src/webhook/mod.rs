//! Webhooks: what happened in a campaign, told to a program of its office, after the Standard Webhooks specification.

mod address;
mod signature;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, Serializer};

pub use address::{Network, NetworkFault, Reach};
pub use signature::{Secret, sign};

use crate::{
    id::{CampaignId, WebhookId},
    ledger::SubjectKind,
};

/// A replaced secret still signs so long, beside the new one: the receiver has that time to take the new one over.
const OLD_SECRET_LASTS: TimeDelta = TimeDelta::hours(24);
/// A campaign has no more webhooks.
pub const MOST_WEBHOOKS: usize = 20;

/// What can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    PlanAdopted,
    DutyAdded,
    DutyChanged,
    DutyWithdrawn,
    TaskAccepted,
    TaskReturned,
    TaskReassigned,
    TaskProgressed,
    TaskReported,
    TaskConfirmed,
    TaskSentBack,
    TaskReopened,
    TaskMissed,
    TaskExtensionAsked,
    TaskExtensionDecided,
    TaskHelpAsked,
    TaskHelpAnswered,
    FigureFiled,
    ReminderSent,
    BulletinMade,
    /// Somebody tries whether it arrives; every webhook gets it.
    Test,
}

impl EventKind {
    pub const ALL: [Self; 21] = [
        Self::PlanAdopted,
        Self::DutyAdded,
        Self::DutyChanged,
        Self::DutyWithdrawn,
        Self::TaskAccepted,
        Self::TaskReturned,
        Self::TaskReassigned,
        Self::TaskProgressed,
        Self::TaskReported,
        Self::TaskConfirmed,
        Self::TaskSentBack,
        Self::TaskReopened,
        Self::TaskMissed,
        Self::TaskExtensionAsked,
        Self::TaskExtensionDecided,
        Self::TaskHelpAsked,
        Self::TaskHelpAnswered,
        Self::FigureFiled,
        Self::ReminderSent,
        Self::BulletinMade,
        Self::Test,
    ];

    /// The event's `type`.
    pub fn code(self) -> &'static str {
        match self {
            Self::PlanAdopted => "plan.adopted",
            Self::DutyAdded => "duty.added",
            Self::DutyChanged => "duty.changed",
            Self::DutyWithdrawn => "duty.withdrawn",
            Self::TaskAccepted => "task.accepted",
            Self::TaskReturned => "task.returned",
            Self::TaskReassigned => "task.reassigned",
            Self::TaskProgressed => "task.progressed",
            Self::TaskReported => "task.reported",
            Self::TaskConfirmed => "task.confirmed",
            Self::TaskSentBack => "task.sent_back",
            Self::TaskReopened => "task.reopened",
            Self::TaskMissed => "task.missed",
            Self::TaskExtensionAsked => "task.extension_asked",
            Self::TaskExtensionDecided => "task.extension_decided",
            Self::TaskHelpAsked => "task.help_asked",
            Self::TaskHelpAnswered => "task.help_answered",
            Self::FigureFiled => "figure.filed",
            Self::ReminderSent => "reminder.sent",
            Self::BulletinMade => "bulletin.made",
            Self::Test => "webhook.test",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What an entry of the ledger tells, by its action and what it is about; None: nothing for a webhook.
    pub fn of(action: &str, about: SubjectKind) -> Option<Self> {
        Some(match (about, action) {
            (SubjectKind::PlanImport, "plan.adopt") => Self::PlanAdopted,
            (SubjectKind::Duty, "duty.add") => Self::DutyAdded,
            (SubjectKind::Duty, "duty.edit" | "duty.restore") => Self::DutyChanged,
            (SubjectKind::Duty, "duty.withdraw") => Self::DutyWithdrawn,
            (SubjectKind::Task, "task.accept") => Self::TaskAccepted,
            (SubjectKind::Task, "task.return_as_not_ours") => Self::TaskReturned,
            (SubjectKind::Task, "task.reassign" | "task.uphold") => Self::TaskReassigned,
            (SubjectKind::Task, "task.progress") => Self::TaskProgressed,
            (SubjectKind::Task, "task.report") => Self::TaskReported,
            (SubjectKind::Task, "task.confirm") => Self::TaskConfirmed,
            (SubjectKind::Task, "task.send_back") => Self::TaskSentBack,
            (SubjectKind::Task, "task.reopen" | "task.take_back_report") => Self::TaskReopened,
            (SubjectKind::Task, "task.miss") => Self::TaskMissed,
            (SubjectKind::Task, "task.ask_extension") => Self::TaskExtensionAsked,
            (SubjectKind::Task, "task.grant_extension" | "task.refuse_extension") => {
                Self::TaskExtensionDecided
            }
            (SubjectKind::Task, "task.ask_help") => Self::TaskHelpAsked,
            (SubjectKind::Task, "task.answer_help") => Self::TaskHelpAnswered,
            (SubjectKind::Task, "task.figures") => Self::FigureFiled,
            (_, "task.urge") => Self::ReminderSent,
            (SubjectKind::Bulletin, "bulletin.make" | "bulletin.make_anew") => Self::BulletinMade,
            _ => return None,
        })
    }
}

impl Serialize for EventKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// Whether a webhook is told anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookState {
    Enabled,
    /// The office wants it so.
    Disabled,
    /// Its receiver failed for three days, or said that it is gone.
    GivenUp {
        at: DateTime<Utc>,
    },
}

/// Where a campaign's office wants to hear of what.
///
/// Its secret is stored nowhere: it follows from the installation's key, as that of a second factor does, and the nonce.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Webhook {
    pub campaign: CampaignId,
    pub id: WebhookId,
    pub name: String,
    pub url: String,
    pub kinds: BTreeSet<EventKind>,
    pub state: WebhookState,
    pub nonce: [u8; 16],
    /// The nonce before, and when it was replaced.
    pub old: Option<([u8; 16], DateTime<Utc>)>,
    pub created_at: DateTime<Utc>,
    pub version: i64,
}

impl Webhook {
    /// With a new secret; the one that it had signs beside it for a while. The same nonce again changes nothing.
    #[must_use]
    pub fn rotated(self, nonce: [u8; 16], now: DateTime<Utc>) -> Self {
        if self.nonce == nonce {
            return self;
        }
        Self { old: Some((self.nonce, now)), nonce, ..self }
    }

    /// What its receiver checks signatures with.
    pub fn secret(&self, installation_key: &[u8; 32]) -> Secret {
        Secret::derive(installation_key, self.id, &self.nonce)
    }

    /// Until when the secret before signs too; None where none does.
    pub fn old_secret_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.old.map(|(_, replaced)| replaced + OLD_SECRET_LASTS).filter(|until| now < *until)
    }

    /// Those that sign now, the newest first.
    pub fn secrets(&self, installation_key: &[u8; 32], now: DateTime<Utc>) -> Vec<Secret> {
        let old = self.old.filter(|_| self.old_secret_until(now).is_some());
        let nonces = std::iter::once(self.nonce).chain(old.map(|(nonce, _)| nonce));
        nonces.map(|nonce| Secret::derive(installation_key, self.id, &nonce)).collect()
    }
}

/// Why an attempt did not arrive, or none was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The address is none that a webhook may reach.
    NotAllowed,
    /// The host's name is not known.
    Unresolved,
    /// No connection, or none that can be trusted.
    Unreachable,
    TimedOut,
    /// It points elsewhere; that is not followed.
    Redirected,
    /// It answered with a status other than success.
    Status,
    /// The installation's key is not there, from which the secret follows.
    NoKey,
    /// The webhook was disabled or given up meanwhile.
    Disabled,
}

impl Failure {
    pub const ALL: [Self; 8] = [
        Self::NotAllowed,
        Self::Unresolved,
        Self::Unreachable,
        Self::TimedOut,
        Self::Redirected,
        Self::Status,
        Self::NoKey,
        Self::Disabled,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::NotAllowed => "not_allowed",
            Self::Unresolved => "unresolved",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Redirected => "redirected",
            Self::Status => "status",
            Self::NoKey => "no_key",
            Self::Disabled => "disabled",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failure| failure.code() == code)
    }
}

/// Minutes before each further attempt: close together at first, three days in all.
const PAUSES: [i64; 9] = [1, 5, 30, 2 * 60, 5 * 60, 10 * 60, 14 * 60, 16 * 60, 24 * 60];
/// No delivery waits longer for its next attempt: the last pause and its jitter.
pub const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(27);

/// How long to wait after so many attempts that failed; None: no more. `chance` spreads those that failed at the same
/// moment by a tenth either way, so that a receiver that comes back is not met by all at once.
pub fn pause_after(attempts: u32, chance: u8) -> Option<TimeDelta> {
    let minutes = *PAUSES.get(usize::try_from(attempts).ok()?.checked_sub(1)?)?;
    // 90 to 110 percent.
    let seconds = minutes * 60 * (900 + i64::from(chance) * 200 / 255) / 1000;
    Some(TimeDelta::seconds(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_code_of_its_own() {
        let codes: BTreeSet<_> = EventKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), EventKind::ALL.len());
        for kind in EventKind::ALL {
            assert_eq!(EventKind::from_code(kind.code()), Some(kind));
        }
    }

    #[test]
    fn what_the_ledger_tells_is_an_event_or_nothing() {
        let check = |action, about, expected| assert_eq!(EventKind::of(action, about), expected, "{action}");
        check("task.report", SubjectKind::Task, Some(EventKind::TaskReported));
        check("task.refuse_extension", SubjectKind::Task, Some(EventKind::TaskExtensionDecided));
        check("duty.edit", SubjectKind::Duty, Some(EventKind::DutyChanged));
        check("duty.edit", SubjectKind::Campaign, None);
        check("session.open", SubjectKind::User, None);
        check("webhook.test", SubjectKind::Webhook, None);
    }

    #[test]
    fn attempts_go_on_for_three_days_and_no_longer() {
        for chance in [0, 127, 255] {
            let mut all = TimeDelta::zero();
            let mut attempts = 1;
            while let Some(pause) = pause_after(attempts, chance) {
                assert!(pause <= LONGEST_PAUSE);
                all += pause;
                attempts += 1;
            }
            assert!((TimeDelta::hours(62)..TimeDelta::hours(80)).contains(&all), "{all}");
        }
        assert_eq!(pause_after(0, 0), None);
        assert!(pause_after(1, 0) < pause_after(1, 255));
    }

    #[test]
    fn a_replaced_secret_signs_for_a_day_and_the_same_rotation_again_changes_nothing() {
        let at = DateTime::UNIX_EPOCH;
        let hook = Webhook {
            campaign: CampaignId(uuid::Uuid::nil()),
            id: WebhookId(uuid::Uuid::from_u128(7)),
            name: "大屏".into(),
            url: "https://example.cn/".into(),
            kinds: BTreeSet::new(),
            state: WebhookState::Enabled,
            nonce: [1; 16],
            old: None,
            created_at: at,
            version: 1,
        };
        let key = [9; 32];
        let first = hook.secret(&key).to_text();
        let turned = hook.rotated([2; 16], at);
        assert_ne!(turned.secret(&key).to_text(), first);
        let texts = |now| turned.secrets(&key, now).iter().map(Secret::to_text).collect::<Vec<_>>();
        assert_eq!(texts(at + TimeDelta::hours(23)), [turned.secret(&key).to_text(), first]);
        assert_eq!(texts(at + TimeDelta::hours(24)).len(), 1);
        assert_eq!(turned.clone().rotated([2; 16], at + TimeDelta::hours(1)), turned);
        assert_ne!(turned.secret(&key).to_text(), turned.secret(&[8; 32]).to_text());
    }
}
