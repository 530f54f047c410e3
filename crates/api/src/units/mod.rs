//! Units 单位.

pub(crate) mod add;
pub(crate) mod edit;
pub(crate) mod export_sheet;
pub(crate) mod import_sheet;
pub(crate) mod list;
pub(crate) mod look_up;
pub(crate) mod merge;

use chengjing_service::unit::UnitView;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::words::{Named, PartsCount, UnitKindWord};

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
            duties: view.duties.into(),
            version: view.unit.version,
        }
    }
}
