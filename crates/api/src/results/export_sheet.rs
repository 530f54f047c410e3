use axum::{extract::State as Extract, response::Response};
use chengjing_domain::id::CampaignId;
use chengjing_service::{Format, result};

use super::OfEdition;
use crate::{
    State,
    duties::task_table::file,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused},
    },
};

/// An xlsx for a result by that edition, to be filled in: its indicators, and the criteria at the sites that are not closed.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/results/sheet",
    operation_id = "export_result_sheet",
    tag = "results",
    params(("campaign" = uuid::Uuid, Path), OfEdition),
    responses(
        (status = 200, description = "The workbook.", body = Vec<u8>,
            content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Refused,
    ),
    extensions(("x-permission" = json!("result.see"))),
)]
pub(crate) async fn export_sheet(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(of): Asked<OfEdition>,
) -> Result<Response, Problem> {
    let export = result::export_sheet::export_sheet(&state.app, &caller, campaign, of.edition);
    let (name, bytes) = export.await?;
    Ok(file(bytes, Format::Xlsx.media_type(), &name))
}
