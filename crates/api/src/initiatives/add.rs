use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, UnitId, UserId};
use chengjing_service::initiative::{self, InitiativeChange};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{InitiativeBody, InitiativeKindWord, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// A special action or a working group to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInitiative {
    kind: InitiativeKindWord,
    #[schema(example = "背街小巷环境整治专项行动", max_length = 100)]
    name: String,
    #[serde(default)]
    #[schema(max_length = 5000)]
    purpose: String,
    /// 牵头单位.
    #[schema(value_type = uuid::Uuid)]
    leader_id: UnitId,
    /// A user of the campaign who answers for it.
    #[schema(value_type = Option<uuid::Uuid>)]
    head_id: Option<UserId>,
    /// 成员单位.
    #[serde(default)]
    #[schema(value_type = Vec<uuid::Uuid>, max_items = 200)]
    member_ids: Vec<UnitId>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
}

/// Adds a special action or a working group.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/initiatives",
    operation_id = "add_initiative",
    tag = "initiatives",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = NewInitiative,
    responses((status = 201, description = "Added.", body = InitiativeBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("initiative.edit"))),
)]
pub(crate) async fn add(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(new): Body<NewInitiative>,
) -> Result<Tagged<InitiativeBody>, Problem> {
    let change = InitiativeChange {
        name: Some(new.name),
        purpose: Some(new.purpose),
        head: Some(new.head_id),
        members: Some(new.member_ids),
        starts_on: Some(new.starts_on),
        ends_on: Some(new.ends_on),
        ..InitiativeChange::default()
    };
    let kind = new.kind.into();
    let added = initiative::add::add(&state.app, &caller, campaign, kind, new.leader_id, change).await?;
    Ok(Tagged { status: axum::http::StatusCode::CREATED, ..tagged(added) })
}
