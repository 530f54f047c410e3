use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, WebhookId};
use chengjing_service::webhook;

use super::WebhookBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// One webhook.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/webhooks/{webhook}",
    operation_id = "look_up_webhook",
    tag = "webhooks",
    params(("campaign" = uuid::Uuid, Path), ("webhook" = uuid::Uuid, Path)),
    responses((status = 200, description = "The webhook.", body = WebhookBody), Refused),
    extensions(("x-permission" = json!("webhook.see"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, WebhookId)>,
) -> Result<Tagged<WebhookBody>, Problem> {
    let found = webhook::list::look_up(&state.app, &caller, campaign, id).await?;
    Ok(Tagged::ok(found.version, WebhookBody::of(found, caller.now)))
}
