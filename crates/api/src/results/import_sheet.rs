use axum::{
    Json,
    body::{Body, to_bytes},
    extract::State as Extract,
};
use chengjing_domain::id::CampaignId;
use chengjing_service::{Refusal, result::import_sheet};
use serde::Serialize;
use utoipa::ToSchema;

use super::{LeafMarksBody, OfEdition, SiteVerdictBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused, RefusedChange},
        words::DecimalText,
    },
};

/// The largest workbook that is taken, in bytes.
const LIMIT: u64 = 4 << 20;

/// What a workbook says an assessment found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReadResult {
    leaves: Vec<LeafMarksBody>,
    verdicts: Vec<SiteVerdictBody>,
}

/// Reads a filled-in workbook as `export_result_sheet` gives it, for a result that is to be recorded with `record_result`; nothing is
/// kept. Faults name their cell (`指标得分!D7`), all at once.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/results/sheet",
    operation_id = "read_result_sheet",
    tag = "results",
    params(("campaign" = uuid::Uuid, Path), OfEdition),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The xlsx."),
    responses((status = 200, description = "What it says.", body = ReadResult), Refused, RefusedChange),
    extensions(("x-permission" = json!("result.record"))),
)]
pub(crate) async fn import_sheet(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(of): Asked<OfEdition>,
    body: Body,
) -> Result<Json<ReadResult>, Problem> {
    let limit = usize::try_from(LIMIT).unwrap_or(usize::MAX);
    let bytes = to_bytes(body, limit).await.map_err(|_| Refusal::TooLarge { limit: LIMIT })?.to_vec();
    let read = import_sheet::import_sheet(&state.app, &caller, campaign, of.edition, bytes).await?;
    let marks = |one: chengjing_domain::result::LeafMarks| LeafMarksBody {
        leaf: one.leaf,
        marks: DecimalText(one.marks),
    };
    Ok(Json(ReadResult {
        leaves: read.leaves.into_iter().map(marks).collect(),
        verdicts: read.verdicts.into_iter().map(Into::into).collect(),
    }))
}
