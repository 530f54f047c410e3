use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::unit::{self, list::UnitFilter};
use serde::Deserialize;
use utoipa::IntoParams;

use super::UnitBody;
use crate::http::words::UnitKindWord;

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::List,
        problem::{Problem, Refused},
    },
};

/// Which units are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Part of the name or of an alias.
    q: Option<String>,
    #[param(inline)]
    kind: Option<UnitKindWord>,
    confirmed: Option<bool>,
    /// Those that are no more, in place of those that are.
    #[serde(default)]
    #[param(required = false)]
    closed: bool,
}

/// The units of a campaign, by name; all in one answer.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/units",
    operation_id = "list_units",
    tag = "units",
    params(("campaign" = uuid::Uuid, Path), Wanted),
    responses((status = 200, description = "The units.", body = List<UnitBody>), Refused),
    extensions(("x-permission" = json!("unit.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Json<List<UnitBody>>, Problem> {
    let filter = UnitFilter {
        text: wanted.q,
        kind: wanted.kind.map(Into::into),
        confirmed: wanted.confirmed,
        closed: wanted.closed,
    };
    let units = unit::list::list(&state.app, &caller, campaign, filter).await?;
    Ok(Json(List::whole(units.into_iter().map(UnitBody::from))))
}
