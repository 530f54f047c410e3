use axum::extract::State as Extract;
use chengjing_domain::id::StandardId;
use chengjing_service::standard;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{LevelWord, StandardBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StandardPatch {
    #[schema(max_length = 40, example = "文明城市")]
    kind: Option<String>,
    level: Option<LevelWord>,
}

/// Says of what kind a standard is, and whose assessment.
#[utoipa::path(
    patch,
    path = "/api/v1/standards/{standard}",
    operation_id = "edit_standard",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = StandardPatch,
    responses((status = 200, description = "Changed.", body = StandardBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.edit"))),
)]
pub(crate) async fn edit(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(id): Ids<StandardId>,
    Seen(seen): Seen,
    Body(patch): Body<StandardPatch>,
) -> Result<Tagged<StandardBody>, Problem> {
    let level = patch.level.map(Into::into);
    let edited = standard::edit::edit(&state.app, &caller, id, seen, patch.kind, level).await?;
    Ok(Tagged::ok(edited.kept.version, edited.into()))
}
