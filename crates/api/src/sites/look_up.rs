use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, SiteId};
use chengjing_service::site;

use super::{SiteBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// One site.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/sites/{site}",
    operation_id = "look_up_site",
    tag = "sites",
    params(("campaign" = uuid::Uuid, Path), ("site" = uuid::Uuid, Path)),
    responses((status = 200, description = "The site.", body = SiteBody), Refused),
    extensions(("x-permission" = json!("site.see"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, SiteId)>,
) -> Result<Tagged<SiteBody>, Problem> {
    Ok(tagged(site::look_up::look_up(&state.app, &caller, campaign, id).await?))
}
