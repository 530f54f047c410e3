use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, UnitId};
use chengjing_service::unit;
use serde::Deserialize;
use utoipa::ToSchema;

use super::UnitBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// Which entry stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeUnit {
    #[schema(value_type = uuid::Uuid)]
    into: UnitId,
}

/// Two entries were one unit: names, members and duties move, and the first is gone.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/units/{unit}/merge",
    operation_id = "merge_unit",
    tag = "units",
    params(("campaign" = uuid::Uuid, Path), ("unit" = uuid::Uuid, Path, description = "The entry that goes.")),
    request_body = MergeUnit,
    responses((status = 200, description = "The unit that stays.", body = UnitBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("unit.edit"))),
)]
pub(crate) async fn merge(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, from)): Ids<(CampaignId, UnitId)>,
    Body(MergeUnit { into }): Body<MergeUnit>,
) -> Result<Tagged<UnitBody>, Problem> {
    let unit = unit::merge::merge(&state.app, &caller, campaign, from, into).await?;
    Ok(Tagged::ok(unit.unit.version, unit.into()))
}
