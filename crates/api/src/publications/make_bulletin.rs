use axum::extract::State as Extract;
use chengjing_domain::id::CampaignId;
use chengjing_service::publication::bulletin;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::BulletinBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// Of which week.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBulletin {
    /// Its Monday; of the week that runs, or of the one before it.
    week_on: NaiveDate,
}

/// 工作进度周报: puts a week's figures together and freezes them. Where the week has a bulletin, that one is the answer.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/bulletins",
    operation_id = "make_bulletin",
    tag = "publications",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = NewBulletin,
    responses((status = 201, description = "The week's bulletin.", body = BulletinBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("bulletin.make"))),
)]
pub(crate) async fn make_bulletin(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(new): Body<NewBulletin>,
) -> Result<Tagged<BulletinBody>, Problem> {
    let bulletin = bulletin::make(&state.app, &caller, campaign, new.week_on).await?;
    Ok(Tagged::created(bulletin.version, bulletin.into()))
}
