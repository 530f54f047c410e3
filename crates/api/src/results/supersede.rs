use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, ResultId};
use chengjing_service::result;

use super::{NewResultBody, ResultBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Records another result in place of one that was told wrongly, of the same standard and kind. The old one stays to be seen.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/results/{result}/successor",
    operation_id = "supersede_result",
    tag = "results",
    params(("campaign" = uuid::Uuid, Path), ("result" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = NewResultBody,
    responses((status = 201, description = "The new one.", body = ResultBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("result.record"))),
)]
pub(crate) async fn supersede(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(key): Ids<(CampaignId, ResultId)>,
    Seen(seen): Seen,
    Body(new): Body<NewResultBody>,
) -> Result<Tagged<ResultBody>, Problem> {
    let view = result::supersede::supersede(&state.app, &caller, key, seen, new.into()).await?;
    Ok(Tagged::created(view.result.version(), view.into()))
}
