use axum::{extract::State as Extract, response::Response};
use chengjing_domain::id::CampaignId;
use chengjing_service::{Format, statistic};

use super::WantedPeriods;
use crate::{
    State,
    duties::task_table::file,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused},
    },
};

/// All statistics with what stands in the periods of a year, as an xlsx that can be filled in and taken in again.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/statistics/sheet",
    operation_id = "export_statistics",
    tag = "statistics",
    params(("campaign" = uuid::Uuid, Path), WantedPeriods),
    responses(
        (status = 200, description = "The table.", body = Vec<u8>,
            content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Refused,
    ),
    extensions(("x-permission" = json!("observation.see"))),
)]
pub(crate) async fn export_sheet(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedPeriods>,
) -> Result<Response, Problem> {
    let export = statistic::export_sheet::export_sheet(&state.app, &caller, campaign, wanted.read());
    let (name, bytes) = export.await?;
    Ok(file(bytes, Format::Xlsx.media_type(), &name))
}
