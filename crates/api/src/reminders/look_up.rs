use axum::extract::State as Extract;
use chengjing_domain::id::CampaignId;
use chengjing_service::remind;

use super::RemindersBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// How a campaign reminds.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/reminders",
    operation_id = "look_up_reminders",
    tag = "notices",
    params(("campaign" = uuid::Uuid, Path)),
    responses((status = 200, description = "The settings.", body = RemindersBody, headers(("ETag" = String, description = "The version, as `If-Match` takes it: `\"v1\"`."))), Refused),
    extensions(("x-permission" = json!("reminder.see"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
) -> Result<Tagged<RemindersBody>, Problem> {
    let (settings, version) = remind::settings::look_up(&state.app, &caller, campaign).await?;
    Ok(Tagged::ok(version, settings.into()))
}
