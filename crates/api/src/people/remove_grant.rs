use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{CampaignId, GrantId, UserId};
use chengjing_service::people::remove_grant;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Takes a role in the campaign away; of the office those below its own.
#[utoipa::path(
    delete,
    path = "/api/v1/campaigns/{campaign}/people/{user}/grants/{grant}",
    operation_id = "remove_grant_in_campaign",
    tag = "users",
    params(("campaign" = uuid::Uuid, Path), ("user" = uuid::Uuid, Path), ("grant" = uuid::Uuid, Path)),
    responses((status = 204, description = "Taken away."), Refused, RefusedChange),
    extensions(("x-permission" = json!("people.manage"))),
)]
pub(crate) async fn remove_grant(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, user, grant)): Ids<(CampaignId, UserId, GrantId)>,
) -> Result<StatusCode, Problem> {
    remove_grant::within(&state.app, &caller, campaign, user, grant).await?;
    Ok(StatusCode::NO_CONTENT)
}
