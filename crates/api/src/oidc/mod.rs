//! Login by the provider of the unit's unified login 统一认证 (OpenID Connect).

pub(crate) mod begin_link;
pub(crate) mod begin_login;
pub(crate) mod expect;
pub(crate) mod link;
pub(crate) mod look_up;
pub(crate) mod look_up_of_user;
pub(crate) mod open_session;
pub(crate) mod unlink;
pub(crate) mod unlink_of_user;

use axum::{
    Extension, Json,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use chengjing_domain::people::{OidcLink, OidcState, Turn};
use chengjing_service::{
    Refusal,
    people::oidc::{Begun, Return},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    State,
    http::{auth, idempotency::Unkept, problem::Problem},
};

/// What a browser keeps while it is at the provider.
const COOKIE: &str = "chengjing_oidc";

/// Where the browser goes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Destination {
    #[schema(example = "https://login.example.gov.cn/authorize?response_type=code&client_id=chengjing")]
    url: String,
}

/// What the provider sent the browser back with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReturnBody {
    #[schema(max_length = 200, example = "wS7eVtq0Rk2yZ5nB")]
    state: String,
    /// Left out where the provider declined.
    #[schema(max_length = 4000)]
    code: Option<String>,
}

/// By which account a user comes in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OidcLinkBody {
    /// Null: the account has not come yet.
    linked_at: Option<DateTime<Utc>>,
    /// Under which name of the provider's they are expected; null once they have come, or where they are not.
    #[schema(example = "wangfang")]
    expected_name: Option<String>,
    /// 0: there is no link.
    version: i64,
}

impl From<Option<OidcLink>> for OidcLinkBody {
    fn from(link: Option<OidcLink>) -> Self {
        let version = link.as_ref().map_or(0, |link| link.version);
        let (linked_at, expected_name) = match link.map(|link| link.state) {
            Some(OidcState::Linked { at, .. }) => (Some(at), None),
            Some(OidcState::Expected { name }) => (None, Some(name)),
            None => (None, None),
        };
        Self { linked_at, expected_name, version }
    }
}

/// What came back, with what the browser kept.
fn came_back(headers: &HeaderMap, body: ReturnBody) -> Return {
    let ReturnBody { state, code } = body;
    Return { kept: auth::cookie(headers, COOKIE).map(str::to_owned), state, code }
}

/// Sends the browser away, and has it keep what it must come back with.
fn away(state: &State, begun: Begun) -> Result<Response, Problem> {
    let mut response = (Extension(Unkept), Json(Destination { url: begun.url })).into_response();
    keep(state, &mut response, Some(&begun.kept))?;
    Ok(response)
}

/// Has the browser keep that, or forget it.
fn keep(state: &State, response: &mut Response, kept: Option<&str>) -> Result<(), Problem> {
    let secure = if state.settings.secure_cookies { "; Secure" } else { "" };
    let age = if kept.is_some() { Turn::LASTS.num_seconds() } else { 0 };
    let cookie = format!(
        "{COOKIE}={}; Path=/api/v1/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}",
        kept.unwrap_or_default()
    );
    let cookie =
        HeaderValue::from_str(&cookie).map_err(|_| Refusal::Internal("a cookie that is no header"))?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(())
}

/// The refusals of who comes back from the provider.
#[derive(Debug, utoipa::IntoResponses)]
#[allow(dead_code, reason = "describes answers; nothing constructs it")]
pub(crate) enum RefusedReturn {
    /// Too many failures from this address; `retry_after` says how long to wait.
    #[response(status = 429, content_type = "application/problem+json")]
    Locked(Problem),
}
