use axum::extract::State as Extract;
use chengjing_domain::id::CampaignId;
use chengjing_service::remind;

use super::RemindersBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Changes how a campaign reminds. What is due by the new settings and was not told yet is told soon.
#[utoipa::path(
    put,
    path = "/api/v1/campaigns/{campaign}/reminders",
    operation_id = "edit_reminders",
    tag = "notices",
    params(("campaign" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v0\"")),
    request_body = RemindersBody,
    responses((status = 200, description = "Changed.", body = RemindersBody, headers(("ETag" = String, description = "The version, as `If-Match` takes it: `\"v1\"`."))), Refused, RefusedChange),
    extensions(("x-permission" = json!("reminder.edit"))),
)]
pub(crate) async fn edit(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Seen(seen): Seen,
    Body(settings): Body<RemindersBody>,
) -> Result<Tagged<RemindersBody>, Problem> {
    let (settings, version) =
        remind::settings::edit(&state.app, &caller, campaign, seen, settings.into()).await?;
    Ok(Tagged::ok(version, settings.into()))
}
