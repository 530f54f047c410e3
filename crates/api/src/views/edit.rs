use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, ViewId};
use chengjing_service::view::{self, edit::ViewChange};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ViewBody, ViewShape};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// What is to become of a view.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ViewPatch {
    #[schema(min_length = 1, max_length = 40)]
    name: Option<String>,
    shape: Option<ViewShape>,
}

/// Renames a view, or has it show something else. Shared ones take `view.share`.
#[utoipa::path(
    patch,
    path = "/api/v1/campaigns/{campaign}/views/{view}",
    operation_id = "edit_view",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path), ("view" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = ViewPatch,
    responses((status = 200, description = "Changed.", body = ViewBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("view.save"))),
)]
pub(crate) async fn edit(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ViewId)>,
    Seen(seen): Seen,
    Body(ViewPatch { name, shape }): Body<ViewPatch>,
) -> Result<Tagged<ViewBody>, Problem> {
    let change = ViewChange { name, shape: shape.map(Into::into) };
    let seen = view::edit::edit(&state.app, &caller, campaign, id, seen, change).await?;
    Ok(Tagged::ok(seen.view.version, seen.into()))
}
