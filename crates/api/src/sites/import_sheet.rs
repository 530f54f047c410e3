use axum::{
    Json,
    body::{Body, to_bytes},
    extract::State as Extract,
};
use chengjing_domain::id::CampaignId;
use chengjing_service::{
    Refusal,
    site::{
        SiteView,
        import_sheet::{self, SheetSites},
    },
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::SiteBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused, RefusedChange},
    },
};

/// The largest sheet that is taken, in bytes.
const LIMIT: u64 = 2 << 20;

/// Whether it is done or only looked at.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HowSites {
    /// Left out: nothing is changed, the answer says what would be.
    #[serde(default)]
    #[param(required = false)]
    apply: bool,
}

/// What a sheet of sites adds and changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SitesSheetChanges {
    added: Vec<SheetSite>,
    changed: Vec<SheetSite>,
    /// Rows that say what is there already.
    unchanged: usize,
    /// Whether it has been done.
    applied: bool,
}

/// A site with its row.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SheetSite {
    row: u32,
    site: SiteBody,
}

/// Takes in an xlsx of sites as the export gives it: rows are found by 点位名称, and added where there is none of that name. A
/// column that is not there leaves what is there. Faults name their cell (`点位!B7`), all at once; nothing is changed where there is any.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/sites/sheet",
    operation_id = "import_sites",
    tag = "sites",
    params(("campaign" = uuid::Uuid, Path), HowSites),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The xlsx."),
    responses((status = 200, description = "What it changes.", body = SitesSheetChanges), Refused, RefusedChange),
    extensions(("x-permission" = json!("site.edit"))),
)]
pub(crate) async fn import_sheet(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(how): Asked<HowSites>,
    body: Body,
) -> Result<Json<SitesSheetChanges>, Problem> {
    let limit = usize::try_from(LIMIT).unwrap_or(usize::MAX);
    let bytes = to_bytes(body, limit).await.map_err(|_| Refusal::TooLarge { limit: LIMIT })?.to_vec();
    let SheetSites { added, changed, unchanged } = if how.apply {
        import_sheet::apply(&state.app, &caller, campaign, bytes).await?
    } else {
        import_sheet::preview(&state.app, &caller, campaign, bytes).await?
    };
    let told = |all: Vec<(u32, SiteView)>| {
        all.into_iter().map(|(row, site)| SheetSite { row, site: site.into() }).collect()
    };
    Ok(Json(SitesSheetChanges { added: told(added), changed: told(changed), unchanged, applied: how.apply }))
}
