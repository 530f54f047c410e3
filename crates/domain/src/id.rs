//! Typed ids: a [`DutyId`] where a [`UnitId`] belongs does not compile.
//!
//! Ids are UUIDv7 and are made by the caller, so that a retry repeats the same act and an offline client can name
//! what it made. The moment and the random bytes are parameters.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A source of new ids. The program has one; a test has one that counts.
pub trait Ids: Send + Sync {
    /// Ten bytes that nobody can guess.
    fn random(&self) -> [u8; 10];

    /// Thirty-two bytes that nobody can guess: a session's or a token's secret.
    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        for part in secret.chunks_mut(8) {
            part.copy_from_slice(&self.random()[..8]);
        }
        secret
    }

    /// A UUIDv7 of that moment.
    fn uuid(&self, at: DateTime<Utc>) -> Uuid {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.random()).into_uuid()
    }
}

impl std::fmt::Debug for dyn Ids + '_ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ids")
    }
}

/// Declares an id type. `prefix` is how logs and problem messages name it.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident, $word:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// What kind of thing it names, in the glossary's word.
            pub const KIND: &'static str = $word;

            pub fn new(ids: &dyn Ids, at: DateTime<Utc>) -> Self {
                Self(ids.uuid(at))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
    )+};
}

ids! {
    /// A person who logs in.
    UserId, "user";
    /// A role given to a user within a scope.
    GrantId, "grant";
    /// One login on one device.
    SessionId, "session";
    /// A token for programs.
    TokenId, "token";
    /// An invitation by link.
    InvitationId, "invitation";
    /// A campaign 创建项目.
    CampaignId, "campaign";
    /// A unit 单位 of a campaign.
    UnitId, "unit";
    /// A phase 阶段 of a campaign.
    PhaseId, "phase";
    /// A special action 专项行动 or a working group 工作组 of a campaign.
    InitiativeId, "initiative";
    /// A plan document 方案, from upload to adoption.
    ImportId, "plan_import";
    /// A duty 责任任务.
    DutyId, "duty";
    /// A measurable demand of a duty.
    TargetId, "target";
    /// What one unit owes under a duty, once or on one of its dates.
    TaskId, "task";
    /// One act in the history of a task.
    StepId, "task_step";
    /// A figure against a target.
    FigureId, "figure";
    /// A file on its way.
    UploadId, "upload";
    /// A file that proves something.
    AttachmentId, "attachment";
    /// What one person was told.
    NoticeId, "notice";
    /// A template that an office brought.
    TemplateId, "template";
    /// A weekly bulletin 周报.
    BulletinId, "bulletin";
    /// A saved view 视图 of the list of duties.
    ViewId, "view";
    /// An assessment standard 测评体系 that is kept here, in all its editions.
    StandardId, "standard";
    /// One edition of a standard.
    EditionId, "edition";
    /// A catalogue that standards share.
    CatalogueId, "catalogue";
    /// A place that is visited 点位.
    SiteId, "site";
    /// A fact that somebody recorded 观察.
    ObservationId, "observation";
    /// What an assessment by others found 测评结果.
    ResultId, "assessment_result";
    /// That somebody who leaves asks to have their work handed over.
    HandoverRequestId, "handover_request";
    /// A material 材料 that a unit filed.
    EvidenceId, "evidence";
    /// That a material is filed for a requirement.
    EvidenceLinkId, "evidence_link";
    /// Something that was said of a material.
    RemarkId, "remark";
    /// Which units are asked for a requirement's materials.
    AskingId, "asking";
    /// Something about a photograph that a reviewer has to look at 疑点.
    DoubtId, "doubt";
    /// That units answer for an indicator.
    LeafOwnersId, "leaf_owners";
    /// A message to one person.
    LetterId, "letter";
    /// Where a program is told what happens.
    WebhookId, "webhook";
    /// A message to a webhook.
    WebhookMessageId, "webhook_message";
    /// A piece of work done in the background.
    JobId, "job";
    /// An entry of the ledger.
    EntryId, "ledger_entry";
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting;

    impl Ids for Counting {
        fn random(&self) -> [u8; 10] {
            [7; 10]
        }
    }

    #[test]
    fn an_id_carries_its_moment_and_sorts_by_it() {
        let early = DutyId::new(&Counting, DateTime::from_timestamp_millis(1_000).expect("a moment"));
        let late = DutyId::new(&Counting, DateTime::from_timestamp_millis(2_000).expect("a moment"));
        assert!(early < late);
        assert_eq!(early.0.get_version_num(), 7);
        assert_eq!(early.to_string().parse(), Ok(early));
    }
}
