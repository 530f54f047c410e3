use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, StandardId, UnitId};
use chengjing_service::evidence::{self, Of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
        words::Named,
    },
};

/// Which units are asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChosenUnits {
    /// Empty: whoever has something.
    #[schema(value_type = Vec<uuid::Uuid>, max_items = 200)]
    unit_ids: Vec<UnitId>,
}

/// Which units are asked for a requirement's materials.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AskingBody {
    units: Vec<Named>,
    version: i64,
}

/// Says which units are asked for a requirement's materials, in place of those that were.
#[utoipa::path(
    put,
    path = "/api/v1/campaigns/{campaign}/requirements/{standard}/{requirement}/units",
    operation_id = "ask_units",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), ("standard" = uuid::Uuid, Path), ("requirement" = String, Path), ("If-Match" = String, Header, description = "The version that was seen; `\"v0\"` where nobody had said yet who is asked.", example = "\"v0\"")),
    request_body = ChosenUnits,
    responses((status = 200, description = "Asked.", body = AskingBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("evidence.ask"))),
)]
pub(crate) async fn ask_units(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, standard, requirement)): Ids<(CampaignId, StandardId, String)>,
    Seen(seen): Seen,
    Body(chosen): Body<ChosenUnits>,
) -> Result<Tagged<AskingBody>, Problem> {
    let of = Of { standard, requirement };
    let (asking, names) =
        evidence::ask::ask(&state.app, &caller, campaign, of, seen, chosen.unit_ids).await?;
    let units = asking.units.iter().map(|unit| names.unit(*unit).into()).collect();
    Ok(Tagged::ok(asking.version, AskingBody { units, version: asking.version }))
}
