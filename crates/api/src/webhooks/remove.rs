use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, WebhookId};
use chengjing_service::webhook;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::Seen,
    },
};

/// Removes a webhook with what waits for it and the list of what it was told.
#[utoipa::path(
    delete,
    path = "/api/v1/campaigns/{campaign}/webhooks/{webhook}",
    operation_id = "remove_webhook",
    tag = "webhooks",
    params(("campaign" = uuid::Uuid, Path), ("webhook" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    responses((status = 204, description = "Removed."), Refused, RefusedChange),
    extensions(("x-permission" = json!("webhook.edit"))),
)]
pub(crate) async fn remove(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, WebhookId)>,
    Seen(seen): Seen,
) -> Result<StatusCode, Problem> {
    webhook::remove::remove(&state.app, &caller, campaign, id, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}
