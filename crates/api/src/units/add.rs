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
        version::Tagged,
    },
};

/// A unit to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUnit {
    #[schema(max_length = 100, example = "县教育局")]
    name: String,
    kind: UnitKindWord,
    #[schema(value_type = Option<uuid::Uuid>)]
    parent_id: Option<UnitId>,
    #[serde(default)]
    #[schema(max_items = 50)]
    aliases: Vec<String>,
    #[serde(default)]
    #[schema(value_type = Vec<uuid::Uuid>, max_items = 500)]
    member_ids: Vec<UnitId>,
    #[serde(default)]
    #[schema(max_items = 20)]
    contacts: Vec<NewContact>,
}

/// Adds a unit by hand.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/units",
    operation_id = "add_unit",
    tag = "units",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = NewUnit,
    responses((status = 201, description = "Added.", body = UnitBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("unit.edit"))),
)]
pub(crate) async fn add(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(new): Body<NewUnit>,
) -> Result<Tagged<UnitBody>, Problem> {
    let text = UnitChange {
        name: Some(new.name),
        kind: Some(new.kind.into()),
        parent: Some(new.parent_id),
        aliases: Some(new.aliases),
        members: Some(new.member_ids),
        contacts: Some(new.contacts.into_iter().map(Into::into).collect()),
        confirmed: Some(true),
    };
    let unit = unit::add::add(&state.app, &caller, campaign, text).await?;
    Ok(Tagged::created(unit.unit.version, unit.into()))
}
