use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, SiteId, UnitId};
use chengjing_service::site::{self, SiteChange};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{PositionBody, SiteBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
        words::given,
    },
};

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SitePatch {
    #[schema(max_length = 100)]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<uuid::Uuid>)]
    unit_id: Option<Option<UnitId>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<PositionBody>)]
    position: Option<Option<PositionBody>>,
}

/// Changes the name of a site, where it is, and who answers for it.
#[utoipa::path(
    patch,
    path = "/api/v1/campaigns/{campaign}/sites/{site}",
    operation_id = "edit_site",
    tag = "sites",
    params(("campaign" = uuid::Uuid, Path), ("site" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = SitePatch,
    responses((status = 200, description = "Changed.", body = SiteBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("site.edit"))),
)]
pub(crate) async fn edit(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, SiteId)>,
    Seen(seen): Seen,
    Body(patch): Body<SitePatch>,
) -> Result<Tagged<SiteBody>, Problem> {
    let change = SiteChange {
        name: patch.name,
        unit: patch.unit_id,
        position: patch.position.map(|position| position.map(Into::into)),
    };
    Ok(tagged(site::edit::edit(&state.app, &caller, campaign, id, seen, change).await?))
}
