use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, DutyId};
use chengjing_service::duty;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::words::Named;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
    },
};

/// A place in a plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourceBody {
    plan: Named,
    before: String,
    text: String,
    after: String,
}

/// Where a duty stands in its plan.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/duties/{duty}/source",
    operation_id = "look_up_duty_source",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path), ("duty" = uuid::Uuid, Path)),
    responses((status = 200, description = "Its own words and, for who may see the plan, some around them.", body = SourceBody), Refused),
    extensions(("x-permission" = json!("duty.see"))),
)]
pub(crate) async fn source(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, DutyId)>,
) -> Result<Json<SourceBody>, Problem> {
    let source = duty::source::source(&state.app, &caller, campaign, id).await?;
    let plan = Named { id: source.plan.0, name: source.name };
    Ok(Json(SourceBody { plan, before: source.before, text: source.text, after: source.after }))
}
