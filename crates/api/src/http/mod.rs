//! What all operations share.

pub(crate) mod assets;
pub(crate) mod auth;
pub(crate) mod beat;
pub(crate) mod extract;
pub(crate) mod idempotency;
pub(crate) mod list;
pub(crate) mod problem;
pub(crate) mod range;
pub(crate) mod version;
pub(crate) mod words;

use std::time::Duration;

use axum::{
    Router,
    extract::Request,
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, Uri, Version, header},
    middleware::{self, Next},
    response::Response,
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, DefaultPredicate, Predicate},
    timeout::TimeoutLayer,
};

use crate::State;

/// No answer of the API takes longer; long work is a job.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Puts around the API what holds for every answer.
pub(crate) fn layers(api: Router<State>, state: State, assets: assets::Assets) -> Router {
    api.layer(middleware::from_fn_with_state(state.clone(), idempotency::replay))
        .layer(middleware::from_fn(auth::refuse_foreign_origins))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, TIME_LIMIT))
        .fallback(move |uri: Uri| async move { assets.answer(&uri) })
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(CompressionLayer::new().gzip(true).compress_when(DefaultPredicate::new().and(is_not_a_file)))
        .layer(middleware::from_fn(safe_headers))
        .layer(middleware::from_fn(beat::hold_refusals))
        .with_state(state)
}

/// Files are sent as they are: a part of one is no part of its compressed form.
fn is_not_a_file(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::ACCEPT_RANGES)
}

/// What a browser may do with our pages: run our scripts, talk to us, nothing else.
async fn safe_headers(request: Request, next: Next) -> Response {
    const CSP: &str = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; \
        object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // A file has a stricter one.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CSP));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    response
}
