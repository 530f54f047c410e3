use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, UnitId};
use chengjing_service::unit::{self, UnitChange};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{NewContact, UnitBody};
use crate::http::words::UnitKindWord;

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
        words::given,
    },
};

/// What is said of a unit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnitPatch {
    #[schema(max_length = 100, example = "县教育局")]
    name: Option<String>,
    kind: Option<UnitKindWord>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<uuid::Uuid>)]
    parent_id: Option<Option<UnitId>>,
    /// Other names of the same unit.
    #[schema(max_items = 50)]
    aliases: Option<Vec<String>>,
    /// The units that a group stands for.
    #[schema(value_type = Option<Vec<uuid::Uuid>>, max_items = 500)]
    member_ids: Option<Vec<UnitId>>,
    /// All of its people, in place of those that were there.
    #[schema(max_items = 20)]
    contacts: Option<Vec<NewContact>>,
    /// A person has looked at it and agreed that it is one unit of its own.
    confirmed: Option<bool>,
}

impl From<UnitPatch> for UnitChange {
    fn from(patch: UnitPatch) -> Self {
        Self {
            name: patch.name,
            kind: patch.kind.map(Into::into),
            parent: patch.parent_id,
            aliases: patch.aliases,
            members: patch.member_ids,
            contacts: patch.contacts.map(|contacts| contacts.into_iter().map(Into::into).collect()),
            confirmed: patch.confirmed,
        }
    }
}

/// Changes a unit. A group's new members take over the duties that name the group.
#[utoipa::path(
    patch,
    path = "/api/v1/campaigns/{campaign}/units/{unit}",
    operation_id = "edit_unit",
    tag = "units",
    params(("campaign" = uuid::Uuid, Path), ("unit" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = UnitPatch,
    responses((status = 200, description = "Changed.", body = UnitBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("unit.edit"))),
)]
pub(crate) async fn edit(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, UnitId)>,
    Seen(seen): Seen,
    Body(patch): Body<UnitPatch>,
) -> Result<Tagged<UnitBody>, Problem> {
    let unit = unit::edit::edit(&state.app, &caller, campaign, id, seen, patch.into()).await?;
    Ok(Tagged::ok(unit.unit.version, unit.into()))
}
