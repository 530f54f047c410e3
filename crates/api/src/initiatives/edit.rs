use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, InitiativeId, UnitId, UserId};
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
        version::{Seen, Tagged},
        words::given,
    },
};

/// What is to change; what is left out stays, null takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InitiativePatch {
    kind: Option<InitiativeKindWord>,
    #[schema(max_length = 100)]
    name: Option<String>,
    #[schema(max_length = 5000)]
    purpose: Option<String>,
    #[schema(value_type = Option<uuid::Uuid>)]
    leader_id: Option<UnitId>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<uuid::Uuid>)]
    head_id: Option<Option<UserId>>,
    #[schema(value_type = Option<Vec<uuid::Uuid>>, max_items = 200)]
    member_ids: Option<Vec<UnitId>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    starts_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    ends_on: Option<Option<NaiveDate>>,
}

/// Changes a special action or a working group that is not closed.
#[utoipa::path(
    patch,
    path = "/api/v1/campaigns/{campaign}/initiatives/{initiative}",
    operation_id = "edit_initiative",
    tag = "initiatives",
    params(("campaign" = uuid::Uuid, Path), ("initiative" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = InitiativePatch,
    responses((status = 200, description = "Changed.", body = InitiativeBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("initiative.edit"))),
)]
pub(crate) async fn edit(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, InitiativeId)>,
    Seen(seen): Seen,
    Body(patch): Body<InitiativePatch>,
) -> Result<Tagged<InitiativeBody>, Problem> {
    let change = InitiativeChange {
        kind: patch.kind.map(Into::into),
        name: patch.name,
        purpose: patch.purpose,
        leader: patch.leader_id,
        head: patch.head_id,
        members: patch.member_ids,
        starts_on: patch.starts_on,
        ends_on: patch.ends_on,
    };
    Ok(tagged(initiative::edit::edit(&state.app, &caller, campaign, id, seen, change).await?))
}
