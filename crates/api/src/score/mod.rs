//! The score 得分 of a campaign, of now or of a moment of the past. All numbers are the engine's, as decimals.

pub(crate) mod compare;
pub(crate) mod days;
pub(crate) mod leaf;
pub(crate) mod look_up;
pub(crate) mod rests_on;
pub(crate) mod units;
pub(crate) mod workbook;

use chengjing_domain::{
    id::StandardId,
    score::{GateState, PlaceScore, Status},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::words::{ExactText, mirror};

mirror! {
    /// How much is known of a place: nothing; something, and it can still change; all. `not_applicable` counts in full.
    #[serde(rename_all = "snake_case")]
    StatusWord = Status { Unknown, Partly, Known, NotApplicable }
    /// A gate is held or missed whatever is still found out, or it is open.
    #[serde(rename_all = "snake_case")]
    GateStateWord = GateState { Held, Open, Missed }
}

/// Which score is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedScore {
    /// One of the campaign's standards; left out: its main one.
    #[param(value_type = Option<uuid::Uuid>)]
    pub(crate) standard: Option<StandardId>,
    /// As it was known at that moment; left out: now.
    pub(crate) as_of: Option<DateTime<Utc>>,
}

/// Marks: with what is unknown as nothing, by the standard's rules for what is known, and with what is unknown as full.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct RangeBody {
    low: ExactText,
    value: ExactText,
    high: ExactText,
}

impl From<chengjing_domain::score::Range> for RangeBody {
    fn from(range: chengjing_domain::score::Range) -> Self {
        Self { low: ExactText(range.low), value: ExactText(range.value), high: ExactText(range.high) }
    }
}

/// A place of the tree.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlaceScoreBody {
    #[schema(example = "Ⅰ-1")]
    code: String,
    title: String,
    /// 0 at the top.
    depth: usize,
    leaf: bool,
    marks: ExactText,
    #[serde(flatten)]
    range: RangeBody,
    /// What it did not get.
    lost: ExactText,
    /// What is at stake while not all is known: the most that it can have less the least.
    open: ExactText,
    status: StatusWord,
}

impl PlaceScoreBody {
    fn new(place: PlaceScore, leaf: bool) -> Self {
        Self {
            code: place.code,
            title: place.title,
            depth: place.depth,
            leaf,
            marks: ExactText(place.marks),
            range: RangeBody {
                low: ExactText(place.low),
                value: ExactText(place.value),
                high: ExactText(place.high),
            },
            lost: ExactText((place.marks - place.value).normalize()),
            open: ExactText((place.high - place.low).normalize()),
            status: place.status.into(),
        }
    }
}
