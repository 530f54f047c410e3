//! HTTP. A handler parses, calls one use case, converts; rules stand in `docs/API-DESIGN.md`.

mod account;
mod attachments;
mod burden;
mod campaigns;
mod doubts;
mod duties;
mod evidence;
mod handover_requests;
mod holidays;
mod http;
mod initiatives;
mod installation;
mod invitations;
mod jobs;
mod ledger;
mod mail;
mod notices;
mod observations;
mod oidc;
mod openapi;
mod people;
mod plans;
mod publications;
mod reminders;
mod results;
mod score;
mod search;
mod session;
mod sites;
mod standards;
mod statistics;
mod tasks;
mod units;
mod users;
mod views;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use chengjing_service::App;
pub use http::assets::Assets;
pub use installation::DemoLogin;
pub use openapi::{description, permissions_table};

/// What the API answers with, shared by all requests.
#[derive(Debug, Clone)]
pub struct State {
    pub app: App,
    pub settings: Arc<Settings>,
    pub(crate) idempotency: Arc<http::idempotency::InFlight>,
}

/// How this server is run.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The logins that the demo city shows on its login page; None everywhere else.
    pub demo_logins: Option<Vec<DemoLogin>>,
    /// Whether the session cookie is marked `Secure`. Off only where a browser talks plain HTTP to this machine.
    pub secure_cookies: bool,
    /// Whether `X-Forwarded-For` names the client, because a proxy of ours stands in front.
    pub behind_proxy: bool,
    /// The largest file that is taken, in bytes.
    pub upload_limit: u64,
}

impl State {
    pub fn new(app: App, settings: Settings) -> Self {
        Self { app, settings: Arc::new(settings), idempotency: Arc::default() }
    }
}

/// The whole server: the API, its description, the health check, and the web app for everything else.
pub fn router(state: State, assets: Assets) -> Router {
    http::layers(openapi::routes(), state, assets)
}
