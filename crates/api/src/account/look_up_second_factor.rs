use axum::{Json, extract::State as Extract};
use chengjing_service::people::second_factor::look_up;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    State,
    http::{
        auth::Login,
        problem::{Problem, Refused},
    },
};

/// One's own second factor.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SecondFactorBody {
    /// Since when a code is asked for at login; null where none is.
    since: Option<DateTime<Utc>>,
    /// Recovery codes that are left.
    recovery_codes: usize,
}

/// Whether one's own login asks for a code.
#[utoipa::path(
    get,
    path = "/api/v1/account/second-factor",
    operation_id = "look_up_second_factor",
    tag = "session",
    responses((status = 200, description = "How it stands.", body = SecondFactorBody), Refused),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn look_up_second_factor(
    Extract(state): Extract<State>,
    Login(caller): Login,
) -> Result<Json<SecondFactorBody>, Problem> {
    let factor = look_up::look_up(&state.app, &caller).await?;
    Ok(Json(SecondFactorBody {
        since: factor.as_ref().and_then(|factor| factor.confirmed_at),
        recovery_codes: factor.map_or(0, |factor| factor.recovery.len()),
    }))
}
