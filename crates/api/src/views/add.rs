use axum::extract::State as Extract;
use chengjing_domain::id::CampaignId;
use chengjing_service::view;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ViewBody, ViewShape};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// A view to be saved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewView {
    #[schema(min_length = 1, max_length = 40, example = "本月到期")]
    name: String,
    /// With all of the campaign, which takes `view.share`; otherwise it is the caller's own.
    #[serde(default)]
    shared: bool,
    shape: ViewShape,
}

/// Saves a view of the list of duties under a name.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/views",
    operation_id = "add_view",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = NewView,
    responses((status = 201, description = "Saved.", body = ViewBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("view.save"))),
)]
pub(crate) async fn add(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(NewView { name, shared, shape }): Body<NewView>,
) -> Result<Tagged<ViewBody>, Problem> {
    let seen = view::add::add(&state.app, &caller, campaign, (name, shared), shape.into()).await?;
    Ok(Tagged::created(seen.view.version, seen.into()))
}
