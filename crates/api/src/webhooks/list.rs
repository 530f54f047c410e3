use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::webhook;

use super::WebhookBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        list::List,
        problem::{Problem, Refused},
    },
};

/// A campaign's webhooks, the oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/webhooks",
    operation_id = "list_webhooks",
    tag = "webhooks",
    params(("campaign" = uuid::Uuid, Path)),
    responses((status = 200, description = "All of them; there are few.", body = List<WebhookBody>), Refused),
    extensions(("x-permission" = json!("webhook.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
) -> Result<Json<List<WebhookBody>>, Problem> {
    let all = webhook::list::list(&state.app, &caller, campaign).await?;
    Ok(Json(List::whole(all.into_iter().map(|webhook| WebhookBody::of(webhook, caller.now)))))
}
