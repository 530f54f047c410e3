use axum::{Json, extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, UnitId};
use chengjing_service::site::{self, SiteChange};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{PositionBody, SiteBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        list::List,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// A site to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSite {
    #[schema(example = "城东农贸市场", max_length = 100)]
    name: String,
    /// By its id in the catalogues of the campaign's standards; never changes.
    #[schema(example = "market")]
    site_type: String,
    #[schema(value_type = Option<uuid::Uuid>)]
    unit_id: Option<UnitId>,
    position: Option<PositionBody>,
}

/// Sites to be added at once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSites {
    #[schema(min_items = 1, max_items = 500)]
    items: Vec<NewSite>,
}

/// Adds sites: all of them, or none and everything that is wrong with any of them.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/sites",
    operation_id = "add_sites",
    tag = "sites",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = NewSites,
    responses((status = 201, description = "Added.", body = List<SiteBody>), Refused, RefusedChange),
    extensions(("x-permission" = json!("site.edit"))),
)]
pub(crate) async fn add(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(new): Body<NewSites>,
) -> Result<(StatusCode, Json<List<SiteBody>>), Problem> {
    let change = |one: NewSite| {
        let change = SiteChange {
            name: Some(one.name),
            unit: Some(one.unit_id),
            position: Some(one.position.map(Into::into)),
        };
        (one.site_type, change)
    };
    let new = new.items.into_iter().map(change).collect();
    let added = site::add::add(&state.app, &caller, campaign, new).await?;
    Ok((StatusCode::CREATED, Json(List::whole(added.into_iter().map(Into::into)))))
}
