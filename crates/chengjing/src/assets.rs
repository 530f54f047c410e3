//! The web app inside the binary.

use std::borrow::Cow;

use chengjing_api::Assets;

#[derive(rust_embed::RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct WebApp;

pub(crate) fn assets() -> Assets {
    Assets(|path| WebApp::get(path).map(|file| (file.data, media_type(path))))
}

/// The web app consists of these kinds of files and no others.
fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether the web app was built into this program.
pub(crate) fn are_there() -> bool {
    WebApp::get("index.html")
        .map(|file: rust_embed::EmbeddedFile| matches!(file.data, Cow::Borrowed(_) | Cow::Owned(_)))
        .is_some()
}
