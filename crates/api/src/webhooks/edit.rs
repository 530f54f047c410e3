use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, WebhookId};
use chengjing_service::webhook;
use chengjing_service::webhook::edit::WebhookChange;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{EventKindWord, WebhookBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// What is changed of a webhook.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookPatch {
    #[schema(max_length = 50)]
    name: Option<String>,
    #[schema(max_length = 500)]
    url: Option<String>,
    #[schema(min_items = 1)]
    kinds: Option<Vec<EventKindWord>>,
    /// False: it is told nothing, and what waits for it is given up. True: it is told what is done from now on.
    enabled: Option<bool>,
}

/// Changes a webhook, disables it or enables it again.
#[utoipa::path(
    patch,
    path = "/api/v1/campaigns/{campaign}/webhooks/{webhook}",
    operation_id = "edit_webhook",
    tag = "webhooks",
    params(("campaign" = uuid::Uuid, Path), ("webhook" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = WebhookPatch,
    responses((status = 200, description = "Changed.", body = WebhookBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("webhook.edit"))),
)]
pub(crate) async fn edit(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, WebhookId)>,
    Seen(seen): Seen,
    Body(patch): Body<WebhookPatch>,
) -> Result<Tagged<WebhookBody>, Problem> {
    let change = WebhookChange {
        name: patch.name,
        url: patch.url,
        kinds: patch.kinds.map(|kinds| kinds.into_iter().map(Into::into).collect()),
        enabled: patch.enabled,
    };
    let changed = webhook::edit::edit(&state.app, &caller, campaign, id, seen, change).await?;
    Ok(Tagged::ok(changed.version, WebhookBody::of(changed, caller.now)))
}
