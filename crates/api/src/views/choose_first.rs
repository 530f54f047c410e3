use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, ViewId};
use chengjing_service::view;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Which view the caller's list begins with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstView {
    /// Null: with all duties.
    #[schema(value_type = Option<uuid::Uuid>)]
    view_id: Option<ViewId>,
}

/// Has the caller's own list of duties begin with a view from now on.
#[utoipa::path(
    put,
    path = "/api/v1/campaigns/{campaign}/first-view",
    operation_id = "choose_first_view",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = FirstView,
    responses((status = 204, description = "Chosen."), Refused, RefusedChange),
    extensions(("x-permission" = json!("view.save"))),
)]
pub(crate) async fn choose_first(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(FirstView { view_id }): Body<FirstView>,
) -> Result<StatusCode, Problem> {
    view::choose_first::choose_first(&state.app, &caller, campaign, view_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
