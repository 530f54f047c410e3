//! Statistics 统计: the series of figures that the standards of a campaign ask for, and how they are filled in.

pub(crate) mod export_sheet;
pub(crate) mod fill_in;
pub(crate) mod import_sheet;
pub(crate) mod list;

use chengjing_domain::observation::Step;
use chengjing_service::statistic::Filled;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::words::{DecimalText, mirror};

mirror! {
    /// How long the periods are that are looked at together.
    #[serde(rename_all = "snake_case")]
    StepWord = Step { Month, Quarter, Year }
}

/// Which periods are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedPeriods {
    /// The year; of periods of a year each: the last of five.
    #[param(minimum = 1950, maximum = 2199)]
    year: i32,
    /// Left out: months.
    #[param(required = false)]
    step: Option<StepWord>,
}

impl WantedPeriods {
    fn read(&self) -> (i32, Step) {
        (self.year, self.step.map_or(Step::Month, Into::into))
    }
}

/// A figure that is recorded, or would be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FilledBody {
    statistic: String,
    #[schema(example = "城镇登记失业率")]
    title: String,
    /// In what it is measured.
    measured_in: Option<String>,
    unit_id: Option<Uuid>,
    #[schema(example = "2026-06")]
    period: String,
    value: DecimalText,
    /// What stood there; null: nothing did.
    before: Option<DecimalText>,
}

impl From<Filled> for FilledBody {
    fn from(filled: Filled) -> Self {
        let Filled { series, title, measured_in, period, change, .. } = filled;
        Self {
            statistic: series.statistic,
            title,
            measured_in,
            unit_id: series.unit.map(|unit| unit.0),
            period: period.to_string(),
            value: DecimalText(change.value),
            before: change.before.map(|stands| DecimalText(stands.value)),
        }
    }
}

/// Whether it is done or only looked at.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HowFilled {
    /// Left out: nothing is recorded, the answer says what would be.
    #[serde(default)]
    #[param(required = false)]
    apply: bool,
}

/// A period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PeriodBody {
    #[schema(example = "2026-06")]
    period: String,
    last_day: NaiveDate,
    /// Whether it is over: then its figure can be missing.
    over: bool,
}
