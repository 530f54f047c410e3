use axum::{extract::State as Extract, response::Response};
use chengjing_domain::id::{CampaignId, ImportId};
use chengjing_service::plan;

use crate::duties::task_table::file as attachment;

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
    },
};

/// The document as it was uploaded.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/plans/{plan}/file",
    operation_id = "download_plan_file",
    tag = "plans",
    params(("campaign" = uuid::Uuid, Path), ("plan" = uuid::Uuid, Path)),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/octet-stream"), Refused),
    extensions(("x-permission" = json!("plan.see"))),
)]
pub(crate) async fn file(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ImportId)>,
) -> Result<Response, Problem> {
    let (name, bytes) = plan::file::file(&state.app, &caller, campaign, id).await?;
    // Whatever it is, a browser saves it and runs nothing of it.
    Ok(attachment(bytes, "application/octet-stream", &name))
}
