use axum::extract::State as Extract;
use chengjing_domain::id::StandardId;
use chengjing_service::standard;

use super::StandardBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// A standard with its editions.
#[utoipa::path(
    get,
    path = "/api/v1/standards/{standard}",
    operation_id = "look_up_standard",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path)),
    responses((status = 200, description = "The standard.", body = StandardBody), Refused),
    extensions(("x-permission" = json!("standard.browse"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(id): Ids<StandardId>,
) -> Result<Tagged<StandardBody>, Problem> {
    let seen = standard::look_up::look_up(&state.app, &caller, id).await?;
    Ok(Tagged::ok(seen.kept.version, seen.into()))
}
