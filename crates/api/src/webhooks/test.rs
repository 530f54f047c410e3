use axum::{Json, extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, WebhookId};
use chengjing_service::webhook;

use super::WebhookMessageBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Sends a webhook a message that says nothing (`webhook.test`), to try whether it arrives.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/webhooks/{webhook}/test",
    operation_id = "test_webhook",
    tag = "webhooks",
    params(("campaign" = uuid::Uuid, Path), ("webhook" = uuid::Uuid, Path)),
    responses((status = 201, description = "It waits to be sent.", body = WebhookMessageBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("webhook.edit"))),
)]
pub(crate) async fn test(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, WebhookId)>,
) -> Result<(StatusCode, Json<WebhookMessageBody>), Problem> {
    let message = webhook::messages::test(&state.app, &caller, campaign, id).await?;
    Ok((StatusCode::CREATED, Json(message.into())))
}
