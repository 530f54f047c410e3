use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, WebhookId, WebhookMessageId};
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

/// Sends a message once more, under the same `webhook-id`.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/webhooks/{webhook}/messages/{message}/redeliver",
    operation_id = "redeliver_webhook_message",
    tag = "webhooks",
    params(("campaign" = uuid::Uuid, Path), ("webhook" = uuid::Uuid, Path), ("message" = uuid::Uuid, Path)),
    responses((status = 200, description = "It waits to be sent again.", body = WebhookMessageBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("webhook.edit"))),
)]
pub(crate) async fn redeliver(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id, message)): Ids<(CampaignId, WebhookId, WebhookMessageId)>,
) -> Result<Json<WebhookMessageBody>, Problem> {
    let again = webhook::messages::redeliver(&state.app, &caller, campaign, (id, message)).await?;
    Ok(Json(again.into()))
}
