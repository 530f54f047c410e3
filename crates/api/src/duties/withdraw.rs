use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, DutyId};
use chengjing_service::duty;
use serde::Deserialize;
use utoipa::ToSchema;

use super::DutyBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Withdrawal {
    #[schema(min_length = 1, max_length = 500, example = "与第12项重复")]
    reason: String,
}

/// Takes a duty back: nobody owes it any more.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/duties/{duty}/withdrawal",
    operation_id = "withdraw_duty",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path), ("duty" = uuid::Uuid, Path)),
    request_body = Withdrawal,
    responses((status = 200, description = "Withdrawn.", body = DutyBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("duty.edit"))),
)]
pub(crate) async fn withdraw(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, DutyId)>,
    Body(Withdrawal { reason }): Body<Withdrawal>,
) -> Result<Tagged<DutyBody>, Problem> {
    let view = duty::withdraw::withdraw(&state.app, &caller, campaign, id, &reason).await?;
    Ok(Tagged::ok(view.duty.version, view.into()))
}
