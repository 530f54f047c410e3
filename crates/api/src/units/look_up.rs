use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, UnitId};
use chengjing_service::unit;

use super::UnitBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// One unit.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/units/{unit}",
    operation_id = "look_up_unit",
    tag = "units",
    params(("campaign" = uuid::Uuid, Path), ("unit" = uuid::Uuid, Path)),
    responses((status = 200, description = "The unit.", body = UnitBody), Refused),
    extensions(("x-permission" = json!("unit.see"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, UnitId)>,
) -> Result<Tagged<UnitBody>, Problem> {
    let unit = unit::look_up::look_up(&state.app, &caller, campaign, id).await?;
    Ok(Tagged::ok(unit.unit.version, unit.into()))
}
