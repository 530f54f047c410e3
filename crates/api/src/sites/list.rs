use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, UnitId};
use chengjing_service::site::list::{self, SiteFilter};
use serde::Deserialize;
use utoipa::IntoParams;

use super::SiteBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedSites {
    site_type: Option<String>,
    #[param(value_type = Option<uuid::Uuid>)]
    unit: Option<UnitId>,
    /// Also those that are closed.
    #[serde(default)]
    closed: bool,
}

/// The sites of a campaign, by name.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/sites",
    operation_id = "list_sites",
    tag = "sites",
    params(("campaign" = uuid::Uuid, Path), WantedSites, Paging),
    responses((status = 200, description = "A page.", body = List<SiteBody>), Refused),
    extensions(("x-permission" = json!("site.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedSites>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<SiteBody>>, Problem> {
    let filter = SiteFilter { site_type: wanted.site_type, unit: wanted.unit, closed: wanted.closed };
    let page = list::list(&state.app, &caller, campaign, filter, paging.read()).await?;
    Ok(Json(List::from(page, Into::into)))
}
