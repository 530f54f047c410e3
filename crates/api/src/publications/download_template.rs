use axum::{extract::State as Extract, response::Response};
use chengjing_domain::id::{CampaignId, TemplateId};
use chengjing_service::publication::template;

use super::ANY_FILE;
use crate::{
    State,
    duties::task_table::file,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
    },
};

/// The file of a version of a template.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/template-versions/{template}/file",
    operation_id = "download_template",
    tag = "publications",
    params(("campaign" = uuid::Uuid, Path), ("template" = uuid::Uuid, Path)),
    responses(
        (status = 200, description = "The template.", content((Vec<u8> = "application/octet-stream"))),
        Refused,
    ),
    extensions(("x-permission" = json!("template.see"))),
)]
pub(crate) async fn download_template(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, TemplateId)>,
) -> Result<Response, Problem> {
    let found = template::download::version(&state.app, &caller, campaign, id).await?;
    Ok(file(found.bytes, ANY_FILE, &found.name))
}
