use axum::{extract::State as Extract, response::Response};
use chengjing_domain::id::CampaignId;
use chengjing_service::{Format, site};

use crate::{
    State,
    duties::task_table::file,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
    },
};

/// The sites that are not closed as an xlsx, which can be filled in and taken in again.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/sites/sheet",
    operation_id = "export_sites",
    tag = "sites",
    params(("campaign" = uuid::Uuid, Path)),
    responses(
        (status = 200, description = "The table.", body = Vec<u8>,
            content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Refused,
    ),
    extensions(("x-permission" = json!("site.see"))),
)]
pub(crate) async fn export_sheet(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
) -> Result<Response, Problem> {
    let (name, bytes) = site::export_sheet::export_sheet(&state.app, &caller, campaign).await?;
    Ok(file(bytes, Format::Xlsx.media_type(), &name))
}
