//! Use cases: authorise → load → ask the domain → save, with the ledger's entry and jobs in the same act.
//!
//! One module for each word, one file for each act. A use case takes the [`App`], the [`Caller`] and what was asked,
//! and gives domain values or a [`Refusal`].

pub mod attachment;
pub mod burden;
pub mod campaign;
mod daily;
mod difference;
pub mod duty;
pub mod evidence;
pub mod holiday;
pub mod initiative;
pub mod job;
pub mod ledger;
pub mod live;
pub mod mail;
pub mod observation;
pub mod people;
pub mod photo;
pub mod plan;
pub mod publication;
mod refusal;
pub mod remind;
pub mod result;
pub mod score;
pub mod search;
mod sheet;
pub mod site;
pub mod standard;
pub mod statistic;
pub mod task;
pub mod typesetter;
pub mod unit;
pub mod view;
pub mod webhook;

use std::{fmt, sync::Arc};

pub use chengjing_domain::plan::Target;
use chengjing_domain::{
    id::{EntryId, Ids},
    ledger::{Act, Author, Subject},
    people::{
        Actor, LoginRules,
        policy::{self, Action, Resource},
    },
};
pub use chengjing_press::Format;
use chengjing_store::{Clock, Store};
use chrono::{DateTime, Utc};
pub use refusal::{Fault, Refusal, Words};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What every use case needs. Clones share it.
#[derive(Clone)]
pub struct App {
    pub store: Store,
    pub clock: Clock,
    pub ids: Arc<dyn Ids>,
    pub login_rules: LoginRules,
    /// How mail leaves; None: it does not.
    pub post_office: Option<Arc<mail::PostOffice>>,
    /// Who else says who somebody is; None: passwords alone do.
    pub oidc: Option<Arc<people::oidc::Provider>>,
    /// What webhooks may reach beside the public internet.
    pub reach: Arc<chengjing_domain::webhook::Reach>,
    pub live: Arc<live::Live>,
    pub typesetter: Arc<dyn typesetter::Typesetter>,
    pub(crate) standards: Arc<standard::Shelf>,
    pub(crate) sessions: Arc<people::SessionCache>,
    pub(crate) hashing: Arc<tokio::sync::Semaphore>,
    pub(crate) pictures: Arc<tokio::sync::Semaphore>,
    pub(crate) previews: Arc<tokio::sync::Semaphore>,
    pub(crate) albums: Arc<photo::Albums>,
    pub(crate) counts: Arc<evidence::Counts>,
}

impl App {
    pub fn new(
        store: Store,
        clock: Clock,
        ids: Arc<dyn Ids>,
        typesetter: Arc<dyn typesetter::Typesetter>,
    ) -> Self {
        // Each hash takes 19 MiB and a core for some 20 ms; more at a time would only be slower.
        const HASHES_AT_A_TIME: usize = 2;
        // A large workbook takes some hundred megabytes while it is read.
        const PREVIEWS_AT_A_TIME: usize = 2;
        Self {
            store,
            clock,
            ids,
            login_rules: LoginRules::default(),
            post_office: None,
            oidc: None,
            reach: Arc::default(),
            live: Arc::default(),
            typesetter,
            standards: Arc::default(),
            sessions: Arc::default(),
            hashing: Arc::new(tokio::sync::Semaphore::new(HASHES_AT_A_TIME)),
            pictures: Arc::new(tokio::sync::Semaphore::new(1)),
            previews: Arc::new(tokio::sync::Semaphore::new(PREVIEWS_AT_A_TIME)),
            albums: Arc::default(),
            counts: Arc::default(),
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("store", &self.store).finish_non_exhaustive()
    }
}

/// Who asks, when, and under which idempotency key.
#[derive(Debug, Clone)]
pub struct Caller {
    pub actor: Arc<Actor>,
    pub now: DateTime<Utc>,
    /// A key that the client repeats when it repeats a request.
    pub key: Option<String>,
    pub(crate) ids: Arc<dyn Ids>,
}

impl Caller {
    pub fn new(app: &App, actor: Arc<Actor>, key: Option<String>) -> Self {
        Self { actor, now: app.now(), key, ids: Arc::clone(&app.ids) }
    }

    /// The id of the thing that this request makes. A repeated request gets the same one, so that it can't make a
    /// second thing even after a crash between the two.
    pub(crate) fn id<T: From<Uuid>>(&self, kind: &str) -> T {
        let Some(key) = &self.key else { return self.ids.uuid(self.now).into() };
        let mut hash = Sha256::new();
        for part in [kind.as_bytes(), self.actor.user.0.as_bytes(), key.as_bytes()] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.finalize()[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid().into()
    }

    /// What the ledger is told of an act that the policy names.
    pub(crate) fn act(&self, action: Action, subject: Subject, details: serde_json::Value) -> Act {
        self.act_named(action.code(), subject, details)
    }

    /// As [`Caller::act`], where one permission covers several acts.
    pub(crate) fn act_named(&self, action: &str, subject: Subject, details: serde_json::Value) -> Act {
        Act {
            id: EntryId(self.ids.uuid(self.now)),
            at: self.now,
            author: Author::User(self.actor.user),
            action: action.to_owned(),
            subject,
            details,
        }
    }

    /// Whether the policy lets the caller do this.
    pub(crate) fn may(&self, action: Action, resource: Resource<'_>) -> Result<(), Refusal> {
        refusal::obey(policy::decide(Some(&self.actor), action, resource))
    }
}

/// One page of a list and where the next begins.
pub use chengjing_store::{Page, Paging};
