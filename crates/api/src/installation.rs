//! What anybody may know of this server.

use axum::{Json, extract::State as Extract};
use chengjing_service::people::set_up;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    State,
    http::problem::{Problem, Refused},
};

/// A login of the demo city.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DemoLogin {
    #[schema(example = "office")]
    pub role: String,
    #[schema(example = "office")]
    pub name: String,
    #[schema(example = "王芳")]
    pub display_name: String,
    pub password: String,
}

/// What the login page needs to know.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Installation {
    /// There is no user yet; the first makes themselves administrator.
    setup_needed: bool,
    /// Whether mail leaves this installation.
    mail: bool,
    /// Whether people may come in by the unit's unified login 统一认证.
    oidc: bool,
    /// Only in the demo city.
    demo_logins: Option<Vec<DemoLogin>>,
    #[schema(example = "0.1.0")]
    version: &'static str,
}

/// What the login page needs to know.
#[utoipa::path(
    get,
    path = "/api/v1/installation",
    operation_id = "look_up_installation",
    tag = "session",
    responses((status = 200, description = "The installation.", body = Installation), Refused),
    security(()),
    extensions(("x-permission" = json!("installation.see"))),
)]
pub(crate) async fn look_up(Extract(state): Extract<State>) -> Result<Json<Installation>, Problem> {
    Ok(Json(Installation {
        setup_needed: set_up::is_needed(&state.app).await?,
        mail: state.app.post_office.is_some(),
        oidc: state.app.oidc.is_some(),
        demo_logins: state.settings.demo_logins.clone(),
        version: env!("CARGO_PKG_VERSION"),
    }))
}

/// Whether the server lives.
#[utoipa::path(
    get,
    path = "/healthz",
    operation_id = "check_health",
    tag = "session",
    responses((status = 200, description = "It lives and reaches its database.", body = String, content_type = "text/plain"), Refused),
    security(()),
    extensions(("x-permission" = json!("installation.see"))),
)]
pub(crate) async fn check_health(Extract(state): Extract<State>) -> Result<&'static str, Problem> {
    set_up::is_needed(&state.app).await?;
    Ok("ok\n")
}
