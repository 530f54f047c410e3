use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, WebhookId};
use chengjing_service::webhook;

use super::WebhookMessageBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// What a webhook was told within a month and how that went, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/webhooks/{webhook}/messages",
    operation_id = "list_webhook_messages",
    tag = "webhooks",
    params(("campaign" = uuid::Uuid, Path), ("webhook" = uuid::Uuid, Path), Paging),
    responses((status = 200, description = "A page.", body = List<WebhookMessageBody>), Refused),
    extensions(("x-permission" = json!("webhook.see"))),
)]
pub(crate) async fn list_messages(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, WebhookId)>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<WebhookMessageBody>>, Problem> {
    let page = webhook::messages::list(&state.app, &caller, campaign, id, paging.read()).await?;
    Ok(Json(List::from(page, WebhookMessageBody::from)))
}
