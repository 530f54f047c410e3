use axum::extract::State as Extract;
use chengjing_domain::id::CampaignId;
use chengjing_service::campaign::{self, edit::CampaignChange};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::CampaignBody;
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

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CampaignPatch {
    name: Option<String>,
    place: Option<String>,
    kind: Option<String>,
    #[schema(minimum = 2000, maximum = 2100)]
    year: Option<i32>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    starts_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    ends_on: Option<Option<NaiveDate>>,
}

/// Changes a campaign.
#[utoipa::path(
    patch,
    path = "/api/v1/campaigns/{campaign}",
    operation_id = "edit_campaign",
    tag = "campaigns",
    params(("campaign" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = CampaignPatch,
    responses((status = 200, description = "Changed.", body = CampaignBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("campaign.edit"))),
)]
pub(crate) async fn edit(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Seen(seen): Seen,
    Body(patch): Body<CampaignPatch>,
) -> Result<Tagged<CampaignBody>, Problem> {
    let CampaignPatch { name, place, kind, year, starts_on, ends_on } = patch;
    let change = CampaignChange { name, place, kind, year, starts_on, ends_on };
    let campaign = campaign::edit::edit(&state.app, &caller, campaign, seen, change).await?;
    Ok(Tagged::ok(campaign.version, campaign.into()))
}
