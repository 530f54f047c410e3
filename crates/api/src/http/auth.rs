//! Who asks: a session's cookie or a token's header, turned into a [`Caller`].

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chengjing_service::{Caller, Refusal, people};

use super::problem::Problem;
use crate::State;

pub(crate) const COOKIE: &str = "chengjing_session";

/// Somebody who is logged in. An operation that takes it answers 401 to everybody else, and 403 to those who have yet to
/// choose a password of their own.
#[derive(Debug)]
pub(crate) struct Login(pub(crate) Caller);

impl FromRequestParts<State> for Login {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let Threshold(caller) = Threshold::from_request_parts(parts, state).await?;
        if caller.actor.must_change_password {
            return Err(Refusal::PasswordChangeNeeded.into());
        }
        Ok(Self(caller))
    }
}

/// Somebody who is logged in, though perhaps with a password that somebody else gave them: only for what they need in
/// order to choose another, or to leave.
#[derive(Debug)]
pub(crate) struct Threshold(pub(crate) Caller);

impl FromRequestParts<State> for Threshold {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let secret = secret(&parts.headers).ok_or_else(Problem::log_in_first)?;
        let actor = people::who::who(&state.app, &secret).await?.ok_or_else(Problem::log_in_first)?;
        let key = super::idempotency::key(parts)?;
        Ok(Self(Caller::new(&state.app, actor, key)))
    }
}

/// What proves who asks: a bearer token, else the session's cookie.
pub(crate) fn secret(headers: &HeaderMap) -> Option<String> {
    bearer(headers).or_else(|| cookie(headers, COOKIE)).map(str::to_owned)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// The cookie with that name.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

/// The `Set-Cookie` of a session; without a secret, one that ends it.
pub(crate) fn set_cookie(state: &State, secret: Option<&str>) -> String {
    let secure = if state.settings.secure_cookies { "; Secure" } else { "" };
    let age = if secret.is_some() { state.app.login_rules.lifetime.num_seconds() } else { 0 };
    format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}", secret.unwrap_or_default())
}

/// From where, and with what program, somebody logs in.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) address: String,
    pub(crate) user_agent: String,
}

impl FromRequestParts<State> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Self::Rejection> {
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        // The last address is the one that our own proxy saw; those before it anybody can write.
        let forwarded = text(header::HeaderName::from_static("x-forwarded-for"))
            .filter(|_| state.settings.behind_proxy)
            .and_then(|list| list.rsplit(',').next())
            .map(|address| address.trim().to_owned());
        let peer = || {
            let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
            info.map(|info| info.0.ip().to_string()).unwrap_or_default()
        };
        Ok(Self {
            address: forwarded.unwrap_or_else(peer),
            user_agent: text(header::USER_AGENT).unwrap_or_default().chars().take(200).collect(),
        })
    }
}

/// Cookies travel by themselves, so a request that changes something must come from a page of ours. Browsers say where
/// it comes from; programs send a token in place of a cookie and are let through.
pub(crate) async fn refuse_foreign_origins(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let headers = request.headers();
    if safe || bearer(headers).is_some() || !is_foreign(headers) {
        return next.run(request).await;
    }
    Problem::new(
        StatusCode::FORBIDDEN,
        "foreign-origin",
        "请求来自其他网站，已拒绝",
        "The request comes from another site",
    )
    .into_response()
}

fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    // Browsers too old to say so still name the origin of a request that changes something.
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin.split("://").nth(1) != Some(host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value")))
            .collect()
    }

    #[test]
    fn only_requests_from_other_sites_are_foreign() {
        let cases: &[(&[(&str, &str)], bool)] = &[
            (&[("sec-fetch-site", "same-origin")], false),
            (&[("sec-fetch-site", "cross-site")], true),
            (&[("sec-fetch-site", "same-site")], true),
            (&[("origin", "http://a.example"), ("host", "a.example")], false),
            (&[("origin", "http://b.example"), ("host", "a.example")], true),
            (&[("origin", "null"), ("host", "a.example")], true),
            (&[], false),
        ];
        for (pairs, foreign) in cases {
            let headers: HeaderMap = pairs
                .iter()
                .map(|(n, v)| (n.parse::<header::HeaderName>().expect("name"), v.parse().expect("value")))
                .collect();
            assert_eq!(is_foreign(&headers), *foreign, "{pairs:?}");
        }
    }

    #[test]
    fn a_token_counts_before_a_cookie() {
        let both = headers(&[("cookie", "a=b; chengjing_session=one"), ("authorization", "Bearer two")]);
        assert_eq!(secret(&both).as_deref(), Some("two"));
        assert_eq!(secret(&headers(&[("cookie", "a=b; chengjing_session=one")])).as_deref(), Some("one"));
        assert_eq!(secret(&headers(&[("cookie", "chengjing_sessions=one")])), None);
    }
}
