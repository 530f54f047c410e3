use std::collections::HashMap;

use chengjing_domain::{
    clock::day_of,
    id::{CampaignId, ObservationId, UnitId},
    observation::{
        Period, Step,
        series::{Beside, Series, beside, worked_out},
    },
    people::policy::{Action, Resource},
    score::Fact,
};
use chengjing_store::{
    campaign as campaigns,
    observation::{self as store, FiguresOf},
};
use rust_decimal::Decimal;

use super::{Asked, AskedComparison, AskedFormula, asked, comparisons, formulas};
use crate::{App, Caller, Refusal, standard::assess::assessing};

/// The series of a year.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesSeen {
    /// The periods, the earliest first, and whether each is over.
    pub periods: Vec<(Period, bool)>,
    pub series: Vec<SeriesLine>,
    pub formulas: Vec<FormulaLine>,
    pub comparisons: Vec<ComparisonLine>,
    /// Whether the caller may record figures.
    pub editable: bool,
}

/// A statistic with its figures.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesLine {
    pub asked: Asked,
    pub figures: Vec<FigureSeen>,
}

/// A formula with what it comes to from the accepted figures of each period; a period in which one is missing has none.
#[derive(Debug, Clone, PartialEq)]
pub struct FormulaLine {
    pub asked: AskedFormula,
    pub values: Vec<(Period, Decimal)>,
}

/// A comparison with the accepted figures of each period in which both are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparisonLine {
    pub asked: AskedComparison,
    pub values: Vec<Beside>,
}

/// A figure that nothing has superseded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureSeen {
    pub period: Period,
    pub id: ObservationId,
    pub value: Decimal,
    pub source: String,
    pub accepted: bool,
    /// How many figures it superseded, one after the other.
    pub revisions: usize,
}

/// The years that can be asked for.
pub const YEARS: std::ops::RangeInclusive<i32> = 1950..=2199;

/// The series that the standards of a campaign ask for, of the whole place or of a unit, with what stands in the periods of a
/// year.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    (year, step): (i32, Step),
    unit: Option<UnitId>,
) -> Result<SeriesSeen, Refusal> {
    caller.may(Action::SeeObservations, Resource::Campaign(campaign))?;
    if !YEARS.contains(&year) {
        return Err(Refusal::invalid("year", "年份不对", "not a year"));
    }
    let (here, today) = (app.clone(), day_of(caller.now));
    let editable = caller.may(Action::RecordObservations, Resource::Campaign(campaign)).is_ok();
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            if let Some(unit) = unit {
                campaigns::lookup_unit(&q, campaign, unit).await?.ok_or(Refusal::NotFound)?;
            }
            let standards = assessing(&here, &q, campaign).await?;
            let periods = step.periods(year);
            let all = store::list_figures(&q, campaign, &periods, FiguresOf::One(unit)).await?;
            let mut revisions: HashMap<ObservationId, usize> = HashMap::new();
            let mut figures: HashMap<String, Vec<FigureSeen>> = HashMap::new();
            // The oldest first, so that each passes on how many it has superseded itself.
            for one in all {
                let own = revisions.remove(&one.id).unwrap_or_default();
                match one.superseded_by {
                    Some(by) => *revisions.entry(by).or_default() += own + 1,
                    None if one.withdraws => {}
                    None => {
                        let Fact::Figure { statistic, value } = one.fact else { continue };
                        let Some(period) = one.period.and_then(|period| period.parse().ok()) else {
                            continue;
                        };
                        figures.entry(statistic).or_default().push(FigureSeen {
                            period,
                            id: one.id,
                            value,
                            source: one.source,
                            accepted: one.accepted_at.is_some(),
                            revisions: own,
                        });
                    }
                }
            }
            let line = |asked: Asked| {
                let mut own = figures.remove(&asked.id).unwrap_or_default();
                own.sort_by_key(|one| one.period);
                SeriesLine { asked, figures: own }
            };
            let series: Vec<SeriesLine> = asked(&standards).into_iter().map(line).collect();
            let accepted = |name: &str, period: Period| {
                let line = series.iter().find(|line| line.asked.id == name)?;
                let figure = line.figures.iter().find(|one| one.period == period && one.accepted)?;
                Some(figure.value)
            };
            let worked = |asked: AskedFormula| {
                let values = worked_out(&asked.formula, &periods, accepted);
                FormulaLine { asked, values }
            };
            let compared = |asked: AskedComparison| {
                let values = beside((&asked.statistic, &asked.with), &periods, accepted);
                ComparisonLine { asked, values }
            };
            Ok(SeriesSeen {
                comparisons: comparisons(&standards).into_iter().map(compared).collect(),
                formulas: formulas(&standards).into_iter().map(worked).collect(),
                series,
                periods: periods.into_iter().map(|period| (period, period.last_day() < today)).collect(),
                editable,
            })
        })
        .await
}

impl SeriesLine {
    /// Whose figures it holds, given the unit that was asked for.
    pub fn series(&self, unit: Option<UnitId>) -> Series {
        Series { statistic: self.asked.id.clone(), unit }
    }
}
