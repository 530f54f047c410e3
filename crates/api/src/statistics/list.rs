use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    id::{CampaignId, UnitId},
    observation::{Period, Step, series::Beside},
    standard::Versus,
};
use chengjing_service::statistic::{
    AskedBy,
    list::{self, ComparisonLine, FormulaLine, SeriesLine, SeriesSeen},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{PeriodBody, StepWord, WantedPeriods};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused},
        words::DecimalText,
    },
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedSeries {
    /// The year; of periods of a year each: the last of five.
    #[param(minimum = 1950, maximum = 2199)]
    year: i32,
    /// Left out: months.
    #[param(required = false)]
    step: Option<StepWord>,
    /// A unit's own series; left out: those of the whole place.
    #[param(value_type = Option<Uuid>)]
    unit: Option<UnitId>,
}

/// The series of a year.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatisticsBody {
    year: i32,
    step: StepWord,
    /// The earliest first.
    periods: Vec<PeriodBody>,
    /// In the order of the standards.
    series: Vec<SeriesBody>,
    /// By which indicators are judged, in the order of the standards.
    formulas: Vec<FormulaBody>,
    /// By which indicators are judged, in the order of the standards.
    comparisons: Vec<ComparisonBody>,
    /// Whether the caller may record figures.
    editable: bool,
}

/// A statistic that standards ask for, with its figures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeriesBody {
    #[schema(example = "green_cover")]
    statistic: String,
    #[schema(example = "建成区绿化覆盖率")]
    title: String,
    /// In what it is measured.
    #[schema(example = "%")]
    measured_in: Option<String>,
    /// Who reports it.
    source: Option<String>,
    /// Of how long a period its figures are; null: of any, or the standards that share it don't agree.
    every: Option<StepWord>,
    /// The indicators that are judged by it.
    leaves: Vec<SeriesLeaf>,
    /// What stands in the periods, the earliest first; a period without one has none.
    figures: Vec<SeriesFigure>,
}

/// An indicator that is judged by a statistic.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeriesLeaf {
    standard_id: Uuid,
    leaf: String,
    title: String,
}

/// A formula by which an indicator is judged, with what it comes to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FormulaBody {
    leaf: SeriesLeaf,
    /// In the Common Expression Language, over statistics.
    #[schema(example = "cases * 10000 / households")]
    expression: String,
    /// The statistics that it names.
    statistics: Vec<String>,
    /// By period, from its accepted figures alone, to four places; a period in which one is missing has none.
    values: Vec<FormulaValue>,
}

/// What a formula comes to in a period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FormulaValue {
    #[schema(example = "2026-06")]
    period: String,
    value: DecimalText,
}

/// A statistic that an indicator compares with another one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SeriesComparison)]
pub(crate) struct ComparisonBody {
    leaf: SeriesLeaf,
    #[schema(example = "income_county")]
    statistic: String,
    /// What it is compared with.
    #[schema(example = "income_mean")]
    with: String,
    /// By period, from accepted figures alone; a period in which one of the two is missing has none.
    values: Vec<BesideBody>,
}

/// Both figures of a period.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SeriesBeside)]
pub(crate) struct BesideBody {
    #[schema(example = "2025")]
    period: String,
    value: DecimalText,
    with: DecimalText,
    versus: VersusWord,
}

/// How a figure stands to the one that it is compared with.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VersusWord {
    Above,
    Equal,
    Below,
}

impl ComparisonBody {
    fn of(line: ComparisonLine) -> Self {
        let value = |one: Beside| BesideBody {
            period: one.period.to_string(),
            value: DecimalText(one.value),
            with: DecimalText(one.with),
            versus: match one.versus() {
                Versus::Above => VersusWord::Above,
                Versus::Equal => VersusWord::Equal,
                Versus::Below => VersusWord::Below,
            },
        };
        Self {
            leaf: SeriesLeaf::of(line.asked.by),
            statistic: line.asked.statistic,
            with: line.asked.with,
            values: line.values.into_iter().map(value).collect(),
        }
    }
}

impl SeriesLeaf {
    fn of(one: AskedBy) -> Self {
        Self { standard_id: one.standard.0, leaf: one.code, title: one.title }
    }
}

impl FormulaBody {
    fn of(line: FormulaLine) -> Self {
        let value = |(period, value): (Period, _)| FormulaValue {
            period: period.to_string(),
            value: DecimalText(value),
        };
        Self {
            statistics: line.asked.formula.names().into_iter().map(str::to_owned).collect(),
            leaf: SeriesLeaf::of(line.asked.by),
            expression: line.asked.expression,
            values: line.values.into_iter().map(value).collect(),
        }
    }
}

/// A figure that stands in a period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeriesFigure {
    #[schema(example = "2026-06")]
    period: String,
    value: DecimalText,
    observation_id: Uuid,
    /// What it rests on.
    source: String,
    /// Whether it counts.
    accepted: bool,
    /// How many figures it superseded, one after the other.
    revisions: usize,
}

impl StatisticsBody {
    fn of((year, step): (i32, Step), seen: SeriesSeen) -> Self {
        let line = |line: SeriesLine| SeriesBody {
            leaves: line.asked.leaves.into_iter().map(SeriesLeaf::of).collect(),
            figures: line
                .figures
                .into_iter()
                .map(|one| SeriesFigure {
                    period: one.period.to_string(),
                    value: DecimalText(one.value),
                    observation_id: one.id.0,
                    source: one.source,
                    accepted: one.accepted,
                    revisions: one.revisions,
                })
                .collect(),
            statistic: line.asked.id,
            title: line.asked.title,
            measured_in: line.asked.measured_in,
            source: line.asked.source,
            every: line.asked.every.map(Into::into),
        };
        Self {
            year,
            step: step.into(),
            periods: seen
                .periods
                .into_iter()
                .map(|(period, over)| PeriodBody {
                    period: period.to_string(),
                    last_day: period.last_day(),
                    over,
                })
                .collect(),
            series: seen.series.into_iter().map(line).collect(),
            formulas: seen.formulas.into_iter().map(FormulaBody::of).collect(),
            comparisons: seen.comparisons.into_iter().map(ComparisonBody::of).collect(),
            editable: seen.editable,
        }
    }
}

/// All statistics that the standards of a campaign ask for, with what stands in the periods of a year, and what the standards'
/// formulas and comparisons make of it. What stood there before is found with `list_observations`.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/statistics",
    operation_id = "list_statistics",
    tag = "statistics",
    params(("campaign" = uuid::Uuid, Path), WantedSeries),
    responses((status = 200, description = "All series.", body = StatisticsBody), Refused),
    extensions(("x-permission" = json!("observation.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Asked(wanted): Asked<WantedSeries>,
) -> Result<Json<StatisticsBody>, Problem> {
    let periods = WantedPeriods { year: wanted.year, step: wanted.step }.read();
    let seen = list::list(&state.app, &caller, campaign, periods, wanted.unit).await?;
    Ok(Json(StatisticsBody::of(periods, seen)))
}
