use axum::{
    Json,
    body::Body,
    extract::State as Extract,
    http::{HeaderMap, StatusCode, header},
};
use chengjing_domain::id::{CampaignId, ImportId};
use chengjing_service::{Refusal, plan};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::PlanSummary;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused, RefusedChange},
    },
};

/// What the file is called, and what it replaces.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Upload {
    #[param(example = "清水县创建方案.docx", min_length = 1, max_length = 255)]
    name: String,
    /// The adopted plan of which this is a newer version.
    #[param(value_type = Option<uuid::Uuid>)]
    replaces: Option<ImportId>,
}

/// A plan document on its way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Imported {
    plan: PlanSummary,
    /// The job that reads it.
    job: uuid::Uuid,
}

/// Takes in a plan document as it is; a job reads it.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/plans",
    operation_id = "import_plan",
    tag = "plans",
    params(("campaign" = uuid::Uuid, Path), Upload),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file's bytes."),
    responses((status = 202, description = "Stored; being read.", body = Imported), Refused, RefusedChange),
    extensions(("x-permission" = json!("plan.import"))),
)]
pub(crate) async fn import(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(upload): Asked<Upload>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Imported>), Problem> {
    // Who may not import is told so before a byte of theirs is stored.
    plan::import::may(&state.app, &caller, campaign).await?;
    let limit = state.settings.upload_limit;
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > limit) {
        return Err(Refusal::TooLarge { limit }.into());
    }
    let file = plan::import::store(&state.app, body.into_data_stream().map_err(std::io::Error::other), limit)
        .await?;
    let (import, job) =
        plan::import::import(&state.app, &caller, campaign, file, &upload.name, upload.replaces).await?;
    Ok((StatusCode::ACCEPTED, Json(Imported { plan: import.into(), job: job.0 })))
}
