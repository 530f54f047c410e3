use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, ViewId};
use chengjing_service::view;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::Seen,
    },
};

/// Deletes a view; the duties stay what they are. Shared ones take `view.share`.
#[utoipa::path(
    delete,
    path = "/api/v1/campaigns/{campaign}/views/{view}",
    operation_id = "remove_view",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path), ("view" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    responses((status = 204, description = "Deleted."), Refused, RefusedChange),
    extensions(("x-permission" = json!("view.save"))),
)]
pub(crate) async fn remove(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ViewId)>,
    Seen(seen): Seen,
) -> Result<StatusCode, Problem> {
    view::remove::remove(&state.app, &caller, campaign, id, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}
