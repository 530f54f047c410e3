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

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewToken {
    /// What it is for.
    #[schema(max_length = 50, example = "大屏取数")]
    name: String,
    /// It works that long.
    #[schema(minimum = 1, maximum = 365, example = 90)]
    days: i64,
    /// It sees, and changes nothing.
    #[serde(default)]
    read_only: bool,
    /// It reaches nothing outside this campaign.
    #[schema(value_type = Option<uuid::Uuid>)]
    campaign_id: Option<CampaignId>,
}

/// A new token with its secret, which is never shown again.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeToken {
    token: TokenBody,
    /// For `Authorization: Bearer …`.
    secret: String,
}

/// Makes a token for programs, which acts as its maker within its limits. The secret is in the answer and nowhere else;
/// a repeated request gets another secret for the same token.
#[utoipa::path(
    post,
    path = "/api/v1/account/tokens",
    operation_id = "add_token",
    tag = "session",
    request_body = NewToken,
    responses((status = 201, description = "Made.", body = MadeToken), Refused, RefusedChange),
    extensions(("x-permission" = json!("account.secure"))),
)]
pub(crate) async fn add_token(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Body(new): Body<NewToken>,
) -> Result<(StatusCode, Extension<Unkept>, Json<MadeToken>), Problem> {
    let limits = TokenLimits { read_only: new.read_only, campaign: new.campaign_id, calendar: false };
    let new = add_token::NewToken { name: new.name, days: Some(new.days), limits };
    let (token, secret) = add_token::add_token(&state.app, &caller, new).await?;
    Ok((StatusCode::CREATED, Extension(Unkept), Json(MadeToken { token: token.into(), secret })))
}
