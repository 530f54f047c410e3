use axum::{extract::State as Extract, response::Response};
use chengjing_domain::id::CampaignId;
use chengjing_service::{Format, score};

use super::WantedScore;
use crate::{
    State,
    duties::task_table::file,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused, RefusedUnassessed},
    },
};

/// The scorecard as a workbook: how the total comes about, and every place of the tree.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/score/workbook",
    operation_id = "fetch_score_workbook",
    tag = "score",
    params(("campaign" = uuid::Uuid, Path), WantedScore),
    responses((status = 200, description = "The workbook.", content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), Refused, RefusedUnassessed),
    extensions(("x-permission" = json!("score.see"))),
)]
pub(crate) async fn fetch_workbook(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedScore>,
) -> Result<Response, Problem> {
    let asked = (wanted.standard, wanted.as_of);
    let (bytes, name) = score::workbook::workbook(&state.app, &caller, campaign, asked.0, asked.1).await?;
    Ok(file(bytes, Format::Xlsx.media_type(), &name))
}
