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
        version::{Seen, Tagged},
    },
};

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Closing {
    #[schema(min_length = 1, max_length = 500, example = "机构改革，职责划入县住建局")]
    reason: String,
}

/// Closes a unit that is no more. Its people's roles in it end and its open invitations are taken back; its history
/// stays readable. 409 while it owes anything or units stand under it; the problem says how much and what.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/units/{unit}/closing",
    operation_id = "close_unit",
    tag = "units",
    params(("campaign" = uuid::Uuid, Path), ("unit" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = Closing,
    responses((status = 200, description = "Closed.", body = UnitBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("unit.edit"))),
)]
pub(crate) async fn close(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, UnitId)>,
    Seen(seen): Seen,
    Body(Closing { reason }): Body<Closing>,
) -> Result<Tagged<UnitBody>, Problem> {
    let unit = unit::close::close(&state.app, &caller, campaign, id, seen, &reason).await?;
    Ok(Tagged::ok(unit.unit.version, unit.into()))
}
