//! `Idempotency-Key`: a POST that is sent again gets the first one's answer, and does nothing twice.
//!
//! Two things together keep that promise. Answers are kept and repeated, also to somebody who asks while the first
//! request is still at work; and the ids of what a request makes follow from its key (`Caller::id`), so that even
//! after a crash between the write and its answer a repetition meets what is already there.

use std::{collections::HashMap, sync::Arc};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State as Extract},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chengjing_domain::ledger::Hash;
use chengjing_service::people::{
    self,
    answers::{self, Answer},
};
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{auth, problem::Problem};
use crate::State;

const HEADER: &str = "idempotency-key";
const LONGEST_KEY: usize = 200;
/// Longer answers (files) are not kept; no POST of ours gives one.
const LONGEST_ANSWER: usize = 1 << 20;

/// Marks an answer that holds a secret: no copy of it is kept. Its operation says what a repeated request gets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unkept;

/// The keys that a request is at work on.
#[derive(Debug, Default)]
pub(crate) struct InFlight(std::sync::Mutex<HashMap<String, Arc<Mutex<()>>>>);

impl InFlight {
    async fn lock(&self, key: &str) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            // Whatever nobody holds any more is let go of, now and then.
            if locks.len() > 1000 {
                locks.retain(|_, lock| Arc::strong_count(lock) > 1);
            }
            Arc::clone(locks.entry(key.to_owned()).or_default())
        };
        lock.lock_owned().await
    }
}

/// The request's key, if it has one.
pub(crate) fn key(parts: &Parts) -> Result<Option<String>, Problem> {
    let Some(value) = parts.headers.get(HEADER) else { return Ok(None) };
    match value.to_str() {
        Ok(key) if !key.is_empty() && key.len() <= LONGEST_KEY => Ok(Some(key.to_owned())),
        _ => Err(Problem::invalid(
            HEADER,
            "Idempotency-Key 应为1到200个ASCII字符",
            "Idempotency-Key must have 1 to 200 ASCII characters",
        )),
    }
}

pub(crate) async fn replay(Extract(state): Extract<State>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key(HEADER) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let key = match key(&parts) {
        Ok(Some(key)) => key,
        Ok(None) => return next.run(Request::from_parts(parts, body)).await,
        Err(problem) => return problem.into_response(),
    };
    // Only who is logged in changes anything; who is not is refused by the operation itself.
    let user = match auth::secret(&parts.headers) {
        Some(secret) => people::who::who(&state.app, &secret).await,
        None => Ok(None),
    };
    let user = match user {
        Ok(Some(actor)) => actor.user,
        Ok(None) => return next.run(Request::from_parts(parts, body)).await,
        Err(refusal) => return Problem::from(refusal).into_response(),
    };
    let operation = parts.uri.path().to_owned();
    // The query belongs to what was asked; a body can be as long as a file, so that its length must do.
    let length = text(&parts.headers, header::CONTENT_LENGTH).unwrap_or_default();
    let fingerprint =
        Hash::of(format!("{operation}?{}#{length}", parts.uri.query().unwrap_or_default()).as_bytes());

    let _at_work = state.idempotency.lock(&format!("{user} {key}")).await;
    match answers::recall(&state.app, user, &key).await {
        Ok(Some(answer)) if answer.fingerprint != fingerprint => {
            let (zh, en) = (
                "这个 Idempotency-Key 已用于另一个请求",
                "this Idempotency-Key was used for another request",
            );
            return Problem::invalid(HEADER, zh, en).into_response();
        }
        Ok(Some(answer)) => return repeat(&answer),
        Ok(None) => {}
        Err(refusal) => return Problem::from(refusal).into_response(),
    }
    let response = next.run(Request::from_parts(parts, body)).await;
    if response.status().is_server_error()
        || response.status() == StatusCode::TOO_MANY_REQUESTS
        || response.extensions().get::<Unkept>().is_some()
    {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LONGEST_ANSWER).await else {
        return Problem::from(chengjing_service::Refusal::Internal("an answer too long to keep"))
            .into_response();
    };
    let kept = Kept {
        content_type: text(&parts.headers, header::CONTENT_TYPE),
        etag: text(&parts.headers, header::ETAG),
        body: String::from_utf8_lossy(&bytes).into_owned(),
    };
    let response = serde_json::to_string(&kept).unwrap_or_default();
    let status = parts.status.as_u16();
    if let Err(refusal) =
        answers::keep(&state.app, user, &key, &operation, fingerprint, status, response).await
    {
        tracing::warn!(error = %refusal, "an answer could not be kept");
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// What is kept of an answer besides its status.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    content_type: Option<String>,
    etag: Option<String>,
    body: String,
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn repeat(answer: &Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let kept: Kept = serde_json::from_str(&answer.response).unwrap_or_default();
    let mut response = (status, kept.body).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    for (name, value) in [(header::CONTENT_TYPE, kept.content_type), (header::ETAG, kept.etag)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            headers.insert(name, value);
        }
    }
    headers.insert(HeaderName::from_static("idempotency-replayed"), HeaderValue::from_static("true"));
    response
}
