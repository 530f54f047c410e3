use axum::{Extension, Json, extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, WebhookId};
use chengjing_service::webhook;

use super::{WebhookBody, WebhookWithSecret};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        idempotency::Unkept,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Gives a webhook a new secret. For a day each message carries two signatures, the second by the secret before.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/webhooks/{webhook}/secret",
    operation_id = "rotate_webhook_secret",
    tag = "webhooks",
    params(("campaign" = uuid::Uuid, Path), ("webhook" = uuid::Uuid, Path)),
    responses((status = 201, description = "It has a new secret.", body = WebhookWithSecret), Refused, RefusedChange),
    extensions(("x-permission" = json!("webhook.edit"))),
)]
pub(crate) async fn rotate(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, WebhookId)>,
) -> Result<(StatusCode, Extension<Unkept>, Json<WebhookWithSecret>), Problem> {
    let (webhook, secret) = webhook::rotate::rotate(&state.app, &caller, campaign, id).await?;
    let made = WebhookWithSecret { webhook: WebhookBody::of(webhook, caller.now), secret: secret.to_text() };
    Ok((StatusCode::CREATED, Extension(Unkept), Json(made)))
}
