//! Units 单位.

pub(crate) mod add;
pub(crate) mod close;
pub(crate) mod edit;
pub(crate) mod export_sheet;
pub(crate) mod import_sheet;
pub(crate) mod list;
pub(crate) mod look_up;
pub(crate) mod merge;
pub(crate) mod record;
pub(crate) mod reopen;

use chengjing_domain::id::UserId;
use chengjing_service::unit::{ContactText, ContactView, UnitView};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::words::{Named, PartsCount, PostWord, UnitKindWord};

/// A unit: one entry, whatever names the plans give it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct UnitBody {
    pub(crate) id: Uuid,
    #[schema(example = "县教育局")]
    pub(crate) name: String,
    pub(crate) kind: UnitKindWord,
    pub(crate) parent: Option<Named>,
    pub(crate) aliases: Vec<String>,
    /// The units that a group stands for; empty for every other kind.
    pub(crate) members: Vec<Named>,
    pub(crate) confirmed: bool,
    /// Who answers for it and who is called: by post, then in the office's order.
    pub(crate) contacts: Vec<ContactBody>,
    /// Since when it is no more; null: it is.
    pub(crate) closed_at: Option<DateTime<Utc>>,
    /// How many duties it has a part in.
    pub(crate) duties: PartsCount,
    pub(crate) version: i64,
}

impl From<UnitView> for UnitBody {
    fn from(view: UnitView) -> Self {
        Self {
            id: view.unit.id.0,
            name: view.unit.name,
            kind: view.unit.kind.into(),
            parent: view.parent.map(Named::from),
            aliases: view.unit.aliases,
            members: view.members.into_iter().map(Named::from).collect(),
            confirmed: view.unit.confirmed,
            closed_at: view.unit.closed_at,
            contacts: view.contacts.into_iter().map(ContactBody::from).collect(),
            duties: view.duties.into(),
            version: view.unit.version,
        }
    }
}

/// Somebody of a unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ContactBody {
    post: PostWord,
    #[schema(example = "王芳")]
    name: String,
    /// 职务.
    #[schema(example = "局长")]
    duty_title: Option<String>,
    #[schema(example = "0851-8612345")]
    phone: Option<String>,
    /// The user that they are, where they log in.
    user: Option<Named>,
}

impl From<ContactView> for ContactBody {
    fn from(view: ContactView) -> Self {
        Self {
            post: view.contact.post.into(),
            name: view.contact.name,
            duty_title: view.contact.duty_title,
            phone: view.contact.phone,
            user: view.user.map(|user| Named { id: user.id.0, name: user.name }),
        }
    }
}

/// What is said of somebody of a unit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewContact {
    post: PostWord,
    #[schema(max_length = 50, example = "王芳")]
    name: String,
    #[schema(max_length = 50, example = "局长")]
    duty_title: Option<String>,
    /// Digits, with 转 before an extension.
    #[schema(max_length = 30, example = "0851-8612345")]
    phone: Option<String>,
    /// A user of this campaign.
    #[schema(value_type = Option<uuid::Uuid>)]
    user_id: Option<UserId>,
}

impl From<NewContact> for ContactText {
    fn from(new: NewContact) -> Self {
        Self {
            post: new.post.into(),
            name: new.name,
            duty_title: new.duty_title,
            phone: new.phone,
            user: new.user_id,
        }
    }
}
