//! The web app: every path that is no operation. Its files come from the binary; which ones, the binary says.

use std::borrow::Cow;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use super::problem::Problem;

/// Finds a file of the web app by its path without the leading slash.
#[derive(Debug, Clone, Copy)]
pub struct Assets(pub fn(&str) -> Option<Asset>);

/// A file's bytes and their media type.
type Asset = (Cow<'static, [u8]>, &'static str);

impl Assets {
    pub(crate) fn answer(self, uri: &Uri) -> Response {
        let path = uri.path().trim_start_matches('/');
        if path == "api" || path.starts_with("api/") {
            return Problem::from(chengjing_service::Refusal::NotFound).into_response();
        }
        if let Some((bytes, media_type)) = (self.0)(path).filter(|_| path != "index.html") {
            // Names under assets/ carry a hash of what they hold, so they never change.
            let keep =
                if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
            return file(bytes, media_type, keep);
        }
        if path.starts_with("assets/") {
            return StatusCode::NOT_FOUND.into_response();
        }
        // Any other path is a page of the app, which knows its own.
        match (self.0)("index.html") {
            Some((bytes, media_type)) => file(bytes, media_type, "no-cache"),
            None => (StatusCode::NOT_FOUND, "the web app is not built into this program").into_response(),
        }
    }
}

fn file(bytes: Cow<'static, [u8]>, media_type: &'static str, keep: &'static str) -> Response {
    let mut response = match bytes {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    }
    .into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}
