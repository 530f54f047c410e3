use axum::extract::State as Extract;
use chengjing_domain::id::CampaignId;
use chengjing_service::result;

use super::{NewResultBody, ResultBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// Records what an assessment found: all of it, or none and everything that is wrong with it.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/results",
    operation_id = "record_result",
    tag = "results",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = NewResultBody,
    responses((status = 201, description = "Recorded.", body = ResultBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("result.record"))),
)]
pub(crate) async fn record(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(new): Body<NewResultBody>,
) -> Result<Tagged<ResultBody>, Problem> {
    let view = result::record::record(&state.app, &caller, campaign, new.into()).await?;
    Ok(Tagged::created(view.result.version(), view.into()))
}
