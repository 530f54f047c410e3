use axum::{extract::State as Extract, response::Response};
use chengjing_domain::id::CampaignId;
use chengjing_service::{Format, unit};

use crate::{
    State,
    duties::task_table::file as attachment,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
    },
};

/// The units of a campaign as an xlsx, which can be edited and read in again.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/units/sheet",
    operation_id = "export_units",
    tag = "units",
    params(("campaign" = uuid::Uuid, Path)),
    responses(
        (status = 200, description = "The list.", body = Vec<u8>,
            content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Refused,
    ),
    extensions(("x-permission" = json!("unit.see"))),
)]
pub(crate) async fn export_sheet(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
) -> Result<Response, Problem> {
    let (name, bytes) = unit::export_sheet::export_sheet(&state.app, &caller, campaign).await?;
    Ok(attachment(bytes, Format::Xlsx.media_type(), &name))
}
