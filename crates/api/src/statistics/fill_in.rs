use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, UnitId};
use chengjing_service::statistic::fill_in::{self, Said};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{FilledBody, HowFilled};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Body, Ids},
        problem::{Problem, Refused, RefusedChange},
    },
};

/// A block of figures, as they were typed or pasted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FiguresBlock {
    #[schema(min_items = 1, max_items = 2000)]
    items: Vec<SaidFigure>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SaidFigure {
    #[schema(example = "green_cover")]
    statistic: String,
    /// The unit whose own figure it is; left out: the whole place's.
    #[schema(value_type = Option<uuid::Uuid>)]
    unit_id: Option<UnitId>,
    #[schema(example = "2026-06")]
    period: String,
    /// As it was typed: `1,234.5`, `84.9%`. Blank: it says nothing.
    #[schema(example = "36.8", max_length = 100)]
    value: String,
    /// What it rests on.
    #[schema(example = "县统计局《2026年6月统计月报》", max_length = 500)]
    source: String,
}

/// What a block of figures records.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FilledBlock {
    changed: Vec<FilledBody>,
    /// Figures that stand already, and blank ones.
    unchanged: usize,
    /// Whether it has been done.
    applied: bool,
}

/// Records a block of figures by the rules of the sheet: what stands already makes no new observation, what differs supersedes;
/// all of it, or nothing and every fault at its figure (`items[3].value`).
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/statistics/figures",
    operation_id = "fill_in_statistics",
    tag = "statistics",
    params(("campaign" = uuid::Uuid, Path), HowFilled),
    request_body = FiguresBlock,
    responses((status = 200, description = "What it records.", body = FilledBlock), Refused, RefusedChange),
    extensions(("x-permission" = json!("observation.record"))),
)]
pub(crate) async fn fill_in(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(how): Asked<HowFilled>,
    Body(block): Body<FiguresBlock>,
) -> Result<Json<FilledBlock>, Problem> {
    let all = block.items.len();
    let said = block.items.into_iter().map(|one| Said {
        statistic: one.statistic,
        unit: one.unit_id,
        period: one.period,
        value: one.value,
        source: one.source,
    });
    let said = said.collect();
    let filled = if how.apply {
        fill_in::apply(&state.app, &caller, campaign, said).await?
    } else {
        fill_in::preview(&state.app, &caller, campaign, said).await?
    };
    let unchanged = all - filled.len();
    let changed = filled.into_iter().map(Into::into).collect();
    Ok(Json(FilledBlock { changed, unchanged, applied: how.apply }))
}
