use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, UnitId};
use chengjing_service::unit;

use super::UnitBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Opens a closed unit again. The roles that people had in it do not come back by themselves.
#[utoipa::path(
    delete,
    path = "/api/v1/campaigns/{campaign}/units/{unit}/closing",
    operation_id = "reopen_unit",
    tag = "units",
    params(("campaign" = uuid::Uuid, Path), ("unit" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    responses((status = 200, description = "Open again.", body = UnitBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("unit.edit"))),
)]
pub(crate) async fn reopen(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, UnitId)>,
    Seen(seen): Seen,
) -> Result<Tagged<UnitBody>, Problem> {
    let unit = unit::close::reopen(&state.app, &caller, campaign, id, seen).await?;
    Ok(Tagged::ok(unit.unit.version, unit.into()))
}
