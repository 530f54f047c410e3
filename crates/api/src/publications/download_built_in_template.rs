use axum::response::Response;
use chengjing_domain::id::CampaignId;
use chengjing_service::publication::template;

use super::{ANY_FILE, FormWord, PaperWord};
use crate::{
    duties::task_table::file,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
    },
};

/// The built-in template's file, to begin with.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/templates/{paper}/{form}/built-in/file",
    operation_id = "download_built_in_template",
    tag = "publications",
    params(("campaign" = uuid::Uuid, Path), ("paper" = PaperWord, Path), ("form" = FormWord, Path)),
    responses(
        (status = 200, description = "The template.", content((Vec<u8> = "application/octet-stream"))),
        Refused,
    ),
    extensions(("x-permission" = json!("template.see"))),
)]
pub(crate) async fn download_built_in_template(
    Login(caller): Login,
    Ids((campaign, paper, form)): Ids<(CampaignId, PaperWord, FormWord)>,
) -> Result<Response, Problem> {
    let found = template::download::built_in(&caller, campaign, (paper.into(), form.into()))?;
    Ok(file(found.bytes, ANY_FILE, &found.name))
}
