use std::{fmt, str::FromStr};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Hash, canonical};
use crate::id::{CampaignId, EntryId, UserId};

/// Who acted. Stored as its text form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Author {
    User(UserId),
    /// The program itself: a job, a first start.
    System,
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user:{user}"),
            Self::System => f.write_str("system"),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither user:<id> nor system")]
pub struct AuthorFault;

impl FromStr for Author {
    type Err = AuthorFault;

    fn from_str(text: &str) -> Result<Self, AuthorFault> {
        match text.strip_prefix("user:") {
            Some(user) => user.parse().map(Self::User).map_err(|_| AuthorFault),
            None if text == "system" => Ok(Self::System),
            None => Err(AuthorFault),
        }
    }
}

impl TryFrom<String> for Author {
    type Error = AuthorFault;

    fn try_from(text: String) -> Result<Self, AuthorFault> {
        text.parse()
    }
}

impl From<Author> for String {
    fn from(author: Author) -> Self {
        author.to_string()
    }
}

/// What an act can be about: each kind is one stored thing with all that belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// The installation as a whole; it has no row.
    Installation,
    Setting,
    User,
    Grant,
    Token,
    Campaign,
    /// With its aliases, members and contacts.
    Unit,
    Phase,
    /// A special action or a working group, with its members.
    Initiative,
    PlanImport,
    /// With its units and targets.
    Duty,
    /// What one unit owes under a duty, with the steps of its life.
    Task,
    /// A file that proves something.
    Attachment,
    /// A figure against a target.
    Figure,
    /// A user's second factor; its id is the user's.
    SecondFactor,
    /// By which account at a provider a user comes in; its id is the user's.
    OidcLink,
    Invitation,
    /// A version of a template that an office brought.
    Template,
    /// A weekly bulletin as it was frozen.
    Bulletin,
    /// Where a program is told what happens.
    Webhook,
    /// A saved view of the list of duties.
    View,
    /// An assessment standard that is kept here, without its editions.
    Standard,
    /// One edition of a standard, whole.
    Edition,
    /// A catalogue that standards share.
    Catalogue,
    /// By which edition of a standard a campaign is assessed; its id is the standard's.
    Assessed,
    /// A place that is visited.
    Site,
    /// A fact that somebody recorded.
    Observation,
    /// That somebody who leaves asks to have their work handed over.
    HandoverRequest,
    /// A material that a unit filed, in all its versions.
    Evidence,
    /// That a material is filed for a requirement, with its review.
    EvidenceLink,
    /// What somebody said of a material, or did to it.
    Remark,
    /// Which units are asked for a requirement's materials.
    Asking,
    /// Which units answer for an indicator.
    LeafOwners,
    AssessmentResult,
    /// Something about a photograph that a reviewer has to look at.
    Doubt,
}

impl SubjectKind {
    pub const ALL: [Self; 35] = [
        Self::Installation,
        Self::Setting,
        Self::User,
        Self::Grant,
        Self::Token,
        Self::Campaign,
        Self::Unit,
        Self::Phase,
        Self::Initiative,
        Self::PlanImport,
        Self::Duty,
        Self::Task,
        Self::Attachment,
        Self::Figure,
        Self::SecondFactor,
        Self::OidcLink,
        Self::Invitation,
        Self::Template,
        Self::Bulletin,
        Self::View,
        Self::Webhook,
        Self::Standard,
        Self::Edition,
        Self::Catalogue,
        Self::Assessed,
        Self::Site,
        Self::Observation,
        Self::HandoverRequest,
        Self::Evidence,
        Self::EvidenceLink,
        Self::Remark,
        Self::Asking,
        Self::LeafOwners,
        Self::AssessmentResult,
        Self::Doubt,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Installation => "installation",
            Self::Setting => "setting",
            Self::User => "user",
            Self::Grant => "grant",
            Self::Token => "token",
            Self::Campaign => "campaign",
            Self::Unit => "unit",
            Self::Phase => "phase",
            Self::Initiative => "initiative",
            Self::PlanImport => "plan_import",
            Self::Duty => "duty",
            Self::Task => "task",
            Self::Attachment => "attachment",
            Self::Figure => "figure",
            Self::SecondFactor => "second_factor",
            Self::OidcLink => "oidc_link",
            Self::Invitation => "invitation",
            Self::Template => "template",
            Self::Bulletin => "bulletin",
            Self::Webhook => "webhook",
            Self::View => "view",
            Self::Standard => "standard",
            Self::Edition => "edition",
            Self::Catalogue => "catalogue",
            Self::Assessed => "assessed",
            Self::Site => "site",
            Self::Observation => "observation",
            Self::HandoverRequest => "handover_request",
            Self::Evidence => "evidence",
            Self::EvidenceLink => "evidence_link",
            Self::Remark => "remark",
            Self::Asking => "asking",
            Self::LeafOwners => "leaf_owners",
            Self::AssessmentResult => "assessment_result",
            Self::Doubt => "doubt",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// The thing that was acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    pub kind: SubjectKind,
    pub campaign: Option<CampaignId>,
    pub id: Uuid,
}

impl Subject {
    /// A thing of a campaign.
    pub fn of(campaign: CampaignId, kind: SubjectKind, id: impl Into<Uuid>) -> Self {
        Self { kind, campaign: Some(campaign), id: id.into() }
    }

    /// A thing of the installation.
    pub fn installed(kind: SubjectKind, id: impl Into<Uuid>) -> Self {
        Self { kind, campaign: None, id: id.into() }
    }
}

/// What a use case says of what it did. The store adds what it stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    pub id: EntryId,
    pub at: DateTime<Utc>,
    pub author: Author,
    /// The action's code, such as `duty.edit`.
    pub action: String,
    pub subject: Subject,
    /// What a reader of the ledger wants to know beyond that; never names or phones of reporters.
    pub details: Value,
}

/// What an act did to the stored form of its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It is stored with this hash.
    Stored(Hash),
    Removed,
    /// Nothing: a login, an export.
    None,
}

impl Effect {
    pub fn code(self) -> &'static str {
        match self {
            Self::Stored(_) => "stored",
            Self::Removed => "removed",
            Self::None => "none",
        }
    }

    pub fn hash(self) -> Option<Hash> {
        match self {
            Self::Stored(hash) => Some(hash),
            Self::Removed | Self::None => None,
        }
    }

    /// From what a row holds; None where the two don't fit each other.
    pub fn from_parts(code: &str, hash: Option<Hash>) -> Option<Self> {
        match (code, hash) {
            ("stored", Some(hash)) => Some(Self::Stored(hash)),
            ("removed", None) => Some(Self::Removed),
            ("none", None) => Some(Self::None),
            _ => None,
        }
    }
}

/// An act as it stands in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: EntryId,
    pub at: DateTime<Utc>,
    pub author: Author,
    pub action: String,
    pub subject: Subject,
    pub effect: Effect,
    /// Canonical JSON. Hashed as text, so that no reader's idea of numbers matters.
    pub details: String,
}

impl Entry {
    /// `act.at` must be cut to microseconds, which is what the store keeps.
    pub fn new(act: Act, effect: Effect) -> Self {
        let details = canonical(&act.details);
        let Act { id, at, author, action, subject, .. } = act;
        Self { id, at, author, action, subject, effect, details }
    }

    /// The hash that stands in the Merkle tree: all of the entry takes part in it.
    pub fn hash(&self) -> Hash {
        let text = canonical(&json!({
            "id": self.id,
            "at": self.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            "author": self.author.to_string(),
            "action": self.action,
            "campaign": self.subject.campaign,
            "subject_kind": self.subject.kind.code(),
            "subject_id": self.subject.id,
            "effect": self.effect.code(),
            "subject_hash": self.effect.hash(),
            "details": self.details,
        }));
        Hash::of(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let act = Act {
            id: EntryId(Uuid::from_u128(1)),
            at: DateTime::from_timestamp_micros(1_700_000_000_123_456).expect("a moment"),
            author: Author::User(UserId(Uuid::from_u128(2))),
            action: "duty.edit".into(),
            subject: Subject::of(CampaignId(Uuid::from_u128(3)), SubjectKind::Duty, Uuid::from_u128(4)),
            details: json!({"title": "整治"}),
        };
        Entry::new(act, Effect::Stored(Hash([7; 32])))
    }

    #[test]
    fn every_part_of_an_entry_takes_part_in_its_hash() {
        let changes: [fn(&mut Entry); 8] = [
            |e| e.id = EntryId(Uuid::from_u128(9)),
            |e| e.at += chrono::Duration::microseconds(1),
            |e| e.author = Author::System,
            |e| e.action = "duty.remove".into(),
            |e| e.subject.campaign = None,
            |e| e.subject.kind = SubjectKind::Unit,
            |e| e.effect = Effect::Stored(Hash([8; 32])),
            |e| e.details = "{}".into(),
        ];
        for change in changes {
            let mut other = entry();
            change(&mut other);
            assert_ne!(other.hash(), entry().hash(), "{other:?}");
        }
    }

    #[test]
    fn the_hash_of_an_entry_is_what_it_was_when_the_first_ledger_was_written() {
        // If this fails, every ledger in the field stops verifying.
        assert_eq!(
            entry().hash().to_string(),
            "3de33035d8cafe0c9553d0a4ebb69372ce625fa4f225d317fbe3c2a40eeee4aa"
        );
    }

    #[test]
    fn an_author_is_read_back_from_its_text() {
        for author in [Author::System, Author::User(UserId(Uuid::from_u128(5)))] {
            assert_eq!(author.to_string().parse(), Ok(author));
        }
    }
}
