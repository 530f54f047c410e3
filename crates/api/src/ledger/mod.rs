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
    campaign_id: Option<Uuid>,
    /// What else a reader wants to know.
    details: serde_json::Value,
    /// SHA-256 over all of the entry.
    hash: String,
}

impl From<EntryView> for EntryBody {
    fn from(EntryView { entry, author }: EntryView) -> Self {
        Self {
            id: entry.id.0,
            at: entry.at,
            actor: author.map(|(id, display_name)| Person { id: id.0, display_name }),
            hash: entry.hash().to_string(),
            subject_kind: entry.subject.kind.code().to_owned(),
            subject_id: entry.subject.id,
            campaign_id: entry.subject.campaign.map(|id| id.0),
            details: serde_json::from_str(&entry.details).unwrap_or_default(),
            action: entry.action,
        }
    }
}
