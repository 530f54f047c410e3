use chengjing_domain::{
    attachment::Attachment,
    campaign::{Campaign, Phase, Unit, initiative::Initiative},
    duty::{
        Duty,
        figure::Figure,
        task::{Owed, Task},
        view::View,
    },
    evidence::{Asking, Evidence, EvidenceLink, Remark},
    ledger::{Effect, Hash, Subject, SubjectKind, hash_of},
    observation::{KeptObservation, Site},
    people::{ApiToken, Grant, HandoverRequest, Invitation, InvitationState, OidcLink, SecondFactor, User},
    photo::Doubt,
    plan::{PlanImport, UnitRole},
    publication::{bulletin::Bulletin, template::Template},
    result::WholeResult,
    standard::{
        assessed::Assessed,
        edition::{Edition, Kept, KeptCatalogue},
        owner::LeafOwners,
    },
    webhook::Webhook,
};
use serde::Serialize;
use serde_json::json;

use crate::{door::Tx, task::StoredTask};

/// A stored thing with all that belongs to it, as the ledger's hashes see it.
pub(crate) trait Aggregate {
    fn subject(&self) -> Subject;

    /// The hash of what is stored. It must come out the same for the value that was written and for the one that is
    /// read back, so moments are cut to microseconds before.
    fn hashed(&self) -> Hash;
}

/// Notes that the value now stands in its row.
pub(crate) fn note_stored(tx: &Tx, value: &impl Aggregate) {
    tx.access().note(value.subject(), Effect::Stored(value.hashed()));
}

pub(crate) fn note_removed(tx: &Tx, subject: Subject) {
    tx.access().note(subject, Effect::Removed);
}

impl Aggregate for User {
    fn subject(&self) -> Subject {
        Subject::installed(SubjectKind::User, self.id.0)
    }

    /// With the password's hash hashed once more: the ledger must not help to guess it.
    fn hashed(&self) -> Hash {
        let password_hash = Hash::of(self.password_hash.as_bytes()).to_string();
        hash_of(&Self { password_hash, ..self.clone() })
    }
}

impl Aggregate for Grant {
    fn subject(&self) -> Subject {
        Subject { kind: SubjectKind::Grant, campaign: self.scope.campaign(), id: self.id.0 }
    }

    fn hashed(&self) -> Hash {
        hash_of(self)
    }
}

impl Aggregate for ApiToken {
    fn subject(&self) -> Subject {
        Subject::installed(SubjectKind::Token, self.id.0)
    }

    /// Without when it was used, which no entry tells. Limits take part where there are some: tokens without keep the
    /// hash that they had before there were any.
    fn hashed(&self) -> Hash {
        let mut told = json!({
            "id": self.id,
            "user": self.user,
            "name": self.name,
            "token_hash": Hash::of(&self.token_hash),
            "created_at": self.created_at,
            "expires_at": self.expires_at,
            "revoked_at": self.revoked_at,
        });
        if self.limits.read_only {
            told["read_only"] = true.into();
        }
        if let Some(campaign) = self.limits.campaign {
            told["campaign"] = json!(campaign);
        }
        if self.limits.calendar {
            told["calendar"] = true.into();
        }
        hash_of(&told)
    }
}

impl Aggregate for SecondFactor {
    fn subject(&self) -> Subject {
        Subject::installed(SubjectKind::SecondFactor, self.user.0)
    }

    /// Without the step of the last code, which every login moves on.
    fn hashed(&self) -> Hash {
        let recovery: Vec<Hash> = self.recovery.iter().map(|hash| Hash::of(hash)).collect();
        hash_of(&json!({
            "user": self.user,
            "nonce": Hash::of(&self.nonce),
            "recovery": recovery,
            "made_at": self.made_at,
            "confirmed_at": self.confirmed_at,
        }))
    }
}

impl Aggregate for OidcLink {
    fn subject(&self) -> Subject {
        Subject::installed(SubjectKind::OidcLink, self.user.0)
    }

    fn hashed(&self) -> Hash {
        hash_of(self)
    }
}

impl Aggregate for Invitation {
    fn subject(&self) -> Subject {
        Subject { kind: SubjectKind::Invitation, campaign: self.scope.campaign(), id: self.id.0 }
    }

    fn hashed(&self) -> Hash {
        let state = match self.state {
            InvitationState::Open => json!("open"),
            InvitationState::Accepted { by, at } => json!({ "accepted_by": by, "at": at }),
            InvitationState::Revoked { at } => json!({ "revoked_at": at }),
        };
        let mut told = json!({
            "id": self.id,
            "token_hash": Hash::of(&self.token_hash),
            "display_name": self.display_name,
            "role": self.role,
            "scope": self.scope,
            "created_by": self.created_by,
            "created_at": self.created_at,
            "expires_at": self.expires_at,
            "state": state,
        });
        if let Some(takeover) = &self.takeover {
            told["takeover"] = json!(takeover);
        }
        hash_of(&told)
    }
}

/// The types of a campaign whose serde form is what is hashed.
macro_rules! of_campaign {
    ($($type:ident, $kind:ident;)+) => {$(
        impl Aggregate for $type {
            fn subject(&self) -> Subject {
                Subject::of(self.campaign, SubjectKind::$kind, self.id.0)
            }

            fn hashed(&self) -> Hash {
                hash_of(self)
            }
        }
    )+};
}

of_campaign! {
    Unit, Unit;
    Phase, Phase;
    Initiative, Initiative;
    PlanImport, PlanImport;
    Duty, Duty;
    Attachment, Attachment;
    Figure, Figure;
    Template, Template;
    Bulletin, Bulletin;
    Webhook, Webhook;
    View, View;
    Assessed, Assessed;
    Site, Site;
    KeptObservation, Observation;
    HandoverRequest, HandoverRequest;
    Evidence, Evidence;
    EvidenceLink, EvidenceLink;
    Remark, Remark;
    Asking, Asking;
    LeafOwners, LeafOwners;
    Doubt, Doubt;
}

impl Aggregate for WholeResult {
    fn subject(&self) -> Subject {
        Subject::of(self.result.campaign, SubjectKind::AssessmentResult, self.result.id.0)
    }

    fn hashed(&self) -> Hash {
        hash_of(self)
    }
}

/// What belongs to a campaign or to the installation, and is told where its owner's acts are.
macro_rules! of_owner {
    ($($type:ident, $kind:ident;)+) => {$(
        impl Aggregate for $type {
            fn subject(&self) -> Subject {
                Subject { kind: SubjectKind::$kind, campaign: self.owner, id: self.id.0 }
            }

            fn hashed(&self) -> Hash {
                hash_of(self)
            }
        }
    )+};
}

of_owner! {
    Kept, Standard;
    Edition, Edition;
    KeptCatalogue, Catalogue;
}

impl Aggregate for StoredTask {
    fn subject(&self) -> Subject {
        Subject::of(self.task.owed.campaign, SubjectKind::Task, self.task.id.0)
    }

    /// Without its part, its day and its initiative: those are its duty's, whose hash covers them, and follow it.
    fn hashed(&self) -> Hash {
        let owed = Owed { role: UnitRole::Responsible, due_on: None, initiative: None, ..self.task.owed };
        hash_of(&json!({ "task": Task { owed, ..self.task.clone() }, "history": self.history }))
    }
}

impl Aggregate for Campaign {
    fn subject(&self) -> Subject {
        Subject::of(self.id, SubjectKind::Campaign, self.id.0)
    }

    fn hashed(&self) -> Hash {
        hash_of(self)
    }
}

/// A setting of the installation, as the ledger sees it.
#[derive(Serialize)]
pub(crate) struct SettingRow<'a> {
    pub(crate) key: &'a str,
    pub(crate) value: &'a str,
    pub(crate) version: i64,
}

impl Aggregate for SettingRow<'_> {
    /// Settings have names, not ids: the first half of the name's hash stands for one.
    fn subject(&self) -> Subject {
        let mut id = [0; 16];
        id.copy_from_slice(&Hash::of(self.key.as_bytes()).0[..16]);
        Subject::installed(SubjectKind::Setting, uuid::Uuid::from_bytes(id))
    }

    fn hashed(&self) -> Hash {
        hash_of(self)
    }
}
