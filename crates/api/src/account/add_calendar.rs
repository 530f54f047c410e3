use axum::{Extension, Json, extract::State as Extract, http::StatusCode};
use chengjing_domain::{id::CampaignId, people::TokenLimits};
use chengjing_service::people::add_token;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TokenBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Body,
        idempotency::Unkept,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// A calendar to be subscribed to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCalendar {
    /// What the calendar program shows it as.
    #[schema(max_length = 50, example = "清水县 任务时限")]
    name: String,
    /// The tasks of this campaign alone; null: of all of one's own.
    #[schema(value_type = Option<uuid::Uuid>)]
    campaign_id: Option<CampaignId>,
}

/// A new calendar with its link, which is never shown again.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeCalendar {
    token: TokenBody,
    /// The address below this server's own. Whoever has it reads the calendar, and can do nothing else.
    #[schema(example = "/api/v1/calendars/cjcal_…")]
    path: String,
}

/// Makes a secret link by which a calendar program reads when one's tasks are due. It is listed and revoked as tokens
/// are, and has no end; a repeated request gets another link for the same calendar.
#[utoipa::path(
    post,
    path = "/api/v1/account/calendars",
    operation_id = "add_calendar",
    tag = "session",
    request_body = NewCalendar,
    responses((status = 201, description = "Made.", body = MadeCalendar), Refused, RefusedChange),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn add_calendar(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Body(new): Body<NewCalendar>,
) -> Result<(StatusCode, Extension<Unkept>, Json<MadeCalendar>), Problem> {
    let limits = TokenLimits { read_only: true, campaign: new.campaign_id, calendar: true };
    let new = add_token::NewToken { name: new.name, days: None, limits };
    let (token, secret) = add_token::add_token(&state.app, &caller, new).await?;
    let path = format!("/api/v1/calendars/{secret}");
    Ok((StatusCode::CREATED, Extension(Unkept), Json(MadeCalendar { token: token.into(), path })))
}
