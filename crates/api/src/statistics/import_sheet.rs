use axum::{
    Json,
    body::{Body, to_bytes},
    extract::State as Extract,
};
use chengjing_domain::id::CampaignId;
use chengjing_service::{Refusal, statistic::import_sheet};
use serde::Serialize;
use utoipa::ToSchema;

use super::{FilledBody, HowFilled};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused, RefusedChange},
    },
};

/// The largest sheet that is taken, in bytes.
const LIMIT: u64 = 2 << 20;

/// What a sheet of statistics records.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatisticsSheetChanges {
    changed: Vec<FilledCell>,
    /// Cells that say what stands already.
    unchanged: usize,
    /// Whether it has been done.
    applied: bool,
}

/// A figure with its cell.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FilledCell {
    #[schema(example = "统计!F7")]
    cell: String,
    #[serde(flatten)]
    figure: FilledBody,
}

/// Takes in an xlsx of statistics as the export gives it: rows are found by 统计编号 and 所属单位, figures by the period that heads their
/// column (`2026年6月`, `2026-06`). A blank cell says nothing; what stands already makes no new observation, what differs supersedes.
/// Faults name their cell (`统计!F7`), all at once; nothing is recorded where there is any.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/statistics/sheet",
    operation_id = "import_statistics",
    tag = "statistics",
    params(("campaign" = uuid::Uuid, Path), HowFilled),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The xlsx."),
    responses((status = 200, description = "What it records.", body = StatisticsSheetChanges), Refused, RefusedChange),
    extensions(("x-permission" = json!("observation.record"))),
)]
pub(crate) async fn import_sheet(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(how): Asked<HowFilled>,
    body: Body,
) -> Result<Json<StatisticsSheetChanges>, Problem> {
    let limit = usize::try_from(LIMIT).unwrap_or(usize::MAX);
    let bytes = to_bytes(body, limit).await.map_err(|_| Refusal::TooLarge { limit: LIMIT })?.to_vec();
    let import_sheet::SheetFigures { filled, unchanged } = if how.apply {
        import_sheet::apply(&state.app, &caller, campaign, bytes).await?
    } else {
        import_sheet::preview(&state.app, &caller, campaign, bytes).await?
    };
    let changed = filled.into_iter().map(|(cell, one)| FilledCell { cell, figure: one.into() });
    Ok(Json(StatisticsSheetChanges { changed: changed.collect(), unchanged, applied: how.apply }))
}
