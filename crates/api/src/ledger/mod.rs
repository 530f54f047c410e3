//! The ledger: who did what, when.

pub(crate) mod of_campaign;
pub(crate) mod of_installation;

use chengjing_service::ledger::EntryView;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::users::Person;

/// One act.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct EntryBody {
    id: Uuid,
    at: DateTime<Utc>,
    /// Null: the program itself.
    actor: Option<Person>,
    #[schema(example = "duty.edit")]
    action: String,
    #[schema(example = "duty")]
    subject_kind: String,
    subject_id: Uuid,
    /// What the thing is called today; null where it is gone or has no name.
    #[schema(example = "清理背街小巷")]
    subject_title: Option<String>,
    campaign_id: Option<Uuid>,
    /// What else a reader wants to know. An edit has `fields`, and `before` and `after` of each.
    details: serde_json::Value,
    /// SHA-256 over all of the entry.
    hash: String,
    /// The number of the block that it is sealed in; null for a second or so, until it is.
    block: Option<u64>,
}

impl From<EntryView> for EntryBody {
    fn from(EntryView { entry, block, title, author }: EntryView) -> Self {
        Self {
            id: entry.id.0,
            at: entry.at,
            actor: author.map(|(id, display_name)| Person { id: id.0, display_name }),
            hash: entry.hash().to_string(),
            subject_kind: entry.subject.kind.code().to_owned(),
            subject_id: entry.subject.id,
            campaign_id: entry.subject.campaign.map(|id| id.0),
            subject_title: title,
            details: chengjing_service::ledger::told(&entry),
            block,
            action: entry.action,
        }
    }
}
