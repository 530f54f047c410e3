use axum::{Extension, Json, extract::State as Extract, http::StatusCode};
use chengjing_domain::id::CampaignId;
use chengjing_service::webhook;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{EventKindWord, WebhookBody, WebhookWithSecret};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        idempotency::Unkept,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Where to tell what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewWebhook {
    #[schema(max_length = 50, example = "县大屏")]
    name: String,
    /// `https://…`; its host must be on the internet, or one that the administrator has allowed.
    #[schema(max_length = 500, example = "https://board.example.cn/hook")]
    url: String,
    #[schema(min_items = 1)]
    kinds: Vec<EventKindWord>,
}

/// Adds a webhook, which is told of what is done from now on. The secret is in the answer and in no other; a repeated
/// request gets the same webhook and the same secret.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/webhooks",
    operation_id = "add_webhook",
    tag = "webhooks",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = NewWebhook,
    responses((status = 201, description = "Added.", body = WebhookWithSecret), Refused, RefusedChange),
    extensions(("x-permission" = json!("webhook.edit"))),
)]
pub(crate) async fn add(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(new): Body<NewWebhook>,
) -> Result<(StatusCode, Extension<Unkept>, Json<WebhookWithSecret>), Problem> {
    let kinds = new.kinds.into_iter().map(Into::into).collect();
    let new = webhook::add::NewWebhook { name: new.name, url: new.url, kinds };
    let (webhook, secret) = webhook::add::add(&state.app, &caller, campaign, new).await?;
    let made = WebhookWithSecret { webhook: WebhookBody::of(webhook, caller.now), secret: secret.to_text() };
    Ok((StatusCode::CREATED, Extension(Unkept), Json(made)))
}
