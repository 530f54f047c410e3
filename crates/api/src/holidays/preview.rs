use axum::{Json, extract::State as Extract};
use chengjing_domain::duty::schedule::DateMove;
use chengjing_service::holiday::{
    self,
    preview::{DutyMoves, Preview},
};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{HolidayBody, HolidayFile};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        words::Named,
    },
};

/// What becomes of one date.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct DateMoveBody {
    /// When it is due now; null: it stands with another date.
    before: Option<NaiveDate>,
    /// When it would be due; null: it would stand with another date.
    after: Option<NaiveDate>,
}

impl From<DateMove> for DateMoveBody {
    fn from(DateMove { before, after }: DateMove) -> Self {
        Self { before, after }
    }
}

/// What becomes of one duty's dates.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DutyMovesBody {
    campaign: Named,
    duty: Named,
    /// The first twelve.
    #[schema(max_items = 12)]
    dates: Vec<DateMoveBody>,
    /// How many there are.
    count: usize,
}

impl From<DutyMoves> for DutyMovesBody {
    fn from(DutyMoves { campaign, campaign_name, duty, title, dates, count }: DutyMoves) -> Self {
        Self {
            campaign: Named { id: campaign.0, name: campaign_name },
            duty: Named { id: duty.0, name: title },
            dates: dates.into_iter().map(DateMoveBody::from).collect(),
            count,
        }
    }
}

/// What would change.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HolidayPreview {
    #[schema(max_items = 100)]
    holidays: Vec<HolidayBody>,
    /// Recurring duties of which coming dates would move.
    duties: usize,
    /// The first hundred of them.
    #[schema(max_items = 100)]
    items: Vec<DutyMovesBody>,
    /// Tasks that units have already and that would be due on another day.
    tasks: usize,
}

impl From<Preview> for HolidayPreview {
    fn from(Preview { told, duties, items, tasks }: Preview) -> Self {
        Self {
            holidays: told.holidays.into_iter().map(HolidayBody::from).collect(),
            duties,
            items: items.into_iter().map(DutyMovesBody::from).collect(),
            tasks,
        }
    }
}

/// Reads a year's file, says everything that is wrong with it, or else which coming dates would move. Saves nothing.
#[utoipa::path(
    post,
    path = "/api/v1/holidays/{year}/preview",
    operation_id = "preview_holidays",
    tag = "holidays",
    params(("year" = i32, Path, example = 2027)),
    request_body = HolidayFile,
    responses((status = 200, description = "What would change.", body = HolidayPreview), Refused, RefusedChange),
    extensions(("x-permission" = json!("holiday.edit"))),
)]
pub(crate) async fn preview(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(year): Ids<i32>,
    Body(HolidayFile { file }): Body<HolidayFile>,
) -> Result<Json<HolidayPreview>, Problem> {
    Ok(Json(holiday::preview::preview(&state.app, &caller, year, &file).await?.into()))
}
