use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, SiteId};
use chengjing_service::site;

use super::{SiteBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Closes a site: it is not judged any more, and what was seen there counts only in scores of the past.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/sites/{site}/closing",
    operation_id = "close_site",
    tag = "sites",
    params(("campaign" = uuid::Uuid, Path), ("site" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    responses((status = 200, description = "Closed.", body = SiteBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("site.edit"))),
)]
pub(crate) async fn close(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, SiteId)>,
    Seen(seen): Seen,
) -> Result<Tagged<SiteBody>, Problem> {
    Ok(tagged(site::close::close(&state.app, &caller, campaign, id, seen).await?))
}
