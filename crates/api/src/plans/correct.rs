use axum::extract::State as Extract;
use chengjing_domain::{
    id::{CampaignId, ImportId},
    plan::Plan,
};
use chengjing_service::plan;
use serde::Deserialize;
use utoipa::ToSchema;

use super::PlanBody;

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// The corrected entries.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Correction {
    #[schema(
        value_type = Vec<super::reading::Plan>,
        example = json!([{
            "title": "云溪县环境整治方案", "kind": "plan", "phases": [], "checklists": [], "groups": [], "span": [0, 96],
            "duties": [{
                "title": "清理背街小巷", "text": "清理背街小巷，6月底前完成。", "due": "2026-06", "span": [14, 40],
                "units": [{ "name": "县城管局", "role": "lead" }],
            }],
        }]),
    )]
    plans: Vec<Plan>,
}

/// Takes over the corrected entries of a draft; all of them are sent.
#[utoipa::path(
    put,
    path = "/api/v1/campaigns/{campaign}/plans/{plan}/reading",
    operation_id = "correct_plan",
    tag = "plans",
    params(("campaign" = uuid::Uuid, Path), ("plan" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = Correction,
    responses((status = 200, description = "Taken over; what stands in no entry is worked out anew.", body = PlanBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("plan.correct"))),
)]
pub(crate) async fn correct(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ImportId)>,
    Seen(seen): Seen,
    Body(Correction { plans }): Body<Correction>,
) -> Result<Tagged<PlanBody>, Problem> {
    let import = plan::correct::correct(&state.app, &caller, campaign, id, seen, plans).await?;
    Ok(Tagged::ok(import.version, import.into()))
}
