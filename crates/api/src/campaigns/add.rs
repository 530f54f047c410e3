use axum::extract::State as Extract;
use chengjing_service::campaign::{self, CampaignText};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::CampaignBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Body,
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// A campaign to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCampaign {
    #[schema(example = "清水县创建全国文明城市", max_length = 100)]
    name: String,
    #[schema(example = "清水县", max_length = 50)]
    place: String,
    #[schema(example = "文明城市", max_length = 50)]
    kind: String,
    #[schema(example = 2026, minimum = 2000, maximum = 2100)]
    year: i32,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
}

/// Adds a campaign.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns",
    operation_id = "add_campaign",
    tag = "campaigns",
    request_body = NewCampaign,
    responses((status = 201, description = "Added.", body = CampaignBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("campaign.add"))),
)]
pub(crate) async fn add(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Body(new): Body<NewCampaign>,
) -> Result<Tagged<CampaignBody>, Problem> {
    let NewCampaign { name, place, kind, year, starts_on, ends_on } = new;
    let text = CampaignText { name, place, kind, year, starts_on, ends_on };
    let campaign = campaign::add::add(&state.app, &caller, text).await?;
    Ok(Tagged::created(campaign.version, campaign.into()))
}
