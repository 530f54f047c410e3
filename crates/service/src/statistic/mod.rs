//! Statistics 统计: the series of figures that the standards of a campaign ask for, period by period, and how a sheet of them
//! is given out and taken in. A figure is an observation like any other: it is superseded, never edited.

pub mod export_sheet;
pub mod fill_in;
pub mod import_sheet;
pub mod list;

use std::collections::{BTreeMap, HashMap, HashSet};

use chengjing_domain::{
    clock::day_of,
    id::{CampaignId, ObservationId, StandardId},
    ledger::{Subject, SubjectKind},
    observation::{
        KeptObservation, Period, Step,
        series::{Change, Series, Standing, Stands, Typed, Why, compare},
    },
    score::{Fact, FactKind},
    standard::{Grading, Input, formula::Formula},
};
use chengjing_store::{
    Queries, Tx, campaign as campaigns, ledger,
    observation::{self as store, FiguresOf},
};
use serde_json::json;

use crate::{
    App, Caller, Fault, Refusal, Words,
    observation::{NewObservation, check::Checker},
    score::leaf::things,
    standard::assess::{Assessing, assessing},
};

/// Figures that are recorded at once at most.
const MOST: usize = 2_000;

/// A statistic that standards of the campaign ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub id: String,
    pub title: String,
    pub measured_in: Option<String>,
    /// Who reports it.
    pub source: Option<String>,
    /// Of how long a period its figures are; None: of any, or the standards that share it don't agree.
    pub every: Option<Step>,
    /// The indicators that are judged by it.
    pub leaves: Vec<AskedBy>,
}

/// An indicator that is judged by a statistic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedBy {
    pub standard: StandardId,
    pub code: String,
    pub title: String,
}

/// A formula by which an indicator is judged.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedFormula {
    pub by: AskedBy,
    pub expression: String,
    pub formula: Formula,
}

/// A comparison by which an indicator is judged: with the city's mean, say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedComparison {
    pub by: AskedBy,
    pub statistic: String,
    /// The statistic that it is compared with.
    pub with: String,
}

/// A figure that was, or would be, recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// Its number among those that were typed.
    pub at: usize,
    pub series: Series,
    pub title: String,
    pub measured_in: Option<String>,
    pub period: Period,
    pub change: Change,
}

/// What the standards ask for, in their order; what several share, once.
fn asked(standards: &[Assessing]) -> Vec<Asked> {
    let mut all: Vec<Asked> = Vec::new();
    for one in standards {
        let whole = &one.opened.whole;
        let mut leaves: BTreeMap<String, Vec<AskedBy>> = BTreeMap::new();
        for (number, leaf) in whole.leaves.iter().enumerate() {
            let place = &whole.places[leaf.place];
            for (_, about) in things(whole, number).into_iter().filter(|(kind, _)| *kind == FactKind::Figure)
            {
                leaves.entry(about).or_default().push(AskedBy {
                    standard: one.standard,
                    code: place.code.clone(),
                    title: place.title.clone(),
                });
            }
        }
        for statistic in &whole.catalogue.statistics {
            let Some(by) = leaves.remove(&statistic.id) else { continue };
            match all.iter_mut().find(|known| known.id == statistic.id) {
                Some(known) => {
                    known.leaves.extend(by);
                    known.every = known.every.filter(|every| statistic.every == Some(*every));
                }
                None => all.push(Asked {
                    id: statistic.id.clone(),
                    title: statistic.title.clone(),
                    measured_in: statistic.unit.clone(),
                    source: statistic.source.clone(),
                    every: statistic.every,
                    leaves: by,
                }),
            }
        }
    }
    all
}

/// The formulas by which indicators are judged, in the order of the standards; one that several share, once for each.
fn formulas(standards: &[Assessing]) -> Vec<AskedFormula> {
    let mut all = Vec::new();
    for one in standards {
        let whole = &one.opened.whole;
        for leaf in &whole.leaves {
            for taken in &leaf.measures {
                let (Input::Formula(formula), Grading::Formula { expression, .. }) =
                    (&taken.input, &taken.measure.grading)
                else {
                    continue;
                };
                let place = &whole.places[leaf.place];
                let (code, title) = (place.code.clone(), place.title.clone());
                all.push(AskedFormula {
                    by: AskedBy { standard: one.standard, code, title },
                    expression: expression.clone(),
                    formula: formula.clone(),
                });
            }
        }
    }
    all
}

/// The comparisons by which indicators are judged, in the order of the standards.
fn comparisons(standards: &[Assessing]) -> Vec<AskedComparison> {
    let mut all = Vec::new();
    for one in standards {
        let whole = &one.opened.whole;
        for leaf in &whole.leaves {
            for taken in &leaf.measures {
                let (Input::Statistic(statistic), Grading::Comparison { with, .. }) =
                    (&taken.input, &taken.measure.grading)
                else {
                    continue;
                };
                let place = &whole.places[leaf.place];
                let (code, title) = (place.code.clone(), place.title.clone());
                all.push(AskedComparison {
                    by: AskedBy { standard: one.standard, code, title },
                    statistic: statistic.clone(),
                    with: with.clone(),
                });
            }
        }
    }
    all
}

/// What of these figures nothing has superseded.
fn standing(figures: &[KeptObservation]) -> Standing {
    let now = figures.iter().filter(|one| one.superseded_by.is_none() && !one.withdraws);
    now.filter_map(|one| {
        let Fact::Figure { statistic, value } = &one.fact else { return None };
        let period = one.period.as_ref()?.parse().ok()?;
        let series = Series { statistic: statistic.clone(), unit: one.unit };
        Some(((series, period), Stands { id: one.id, value: *value }))
    })
    .collect()
}

/// Which figures are to be recorded of what was typed, or all that is wrong with it, each fault at the place of what it is
/// wrong with: `place` of its number and part.
struct Look<'a> {
    caller: &'a Caller,
    campaign: CampaignId,
    typed: &'a [Typed],
    /// Where a fault of that number and part is told.
    place: &'a (dyn Fn(usize, Part) -> String + Send + Sync),
    /// What was found wrong before.
    faults: Vec<Fault>,
}

/// What of a typed figure is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Statistic,
    Unit,
    Period,
    Value,
    Source,
}

/// What is to be stored.
struct Ready {
    kept: Vec<KeptObservation>,
    /// What each of them supersedes.
    replaced: Vec<Option<ObservationId>>,
    filled: Vec<Filled>,
}

impl Look<'_> {
    async fn look(mut self, app: &App, q: &impl Queries) -> Result<Ready, Refusal> {
        campaigns::lookup(q, self.campaign).await?.ok_or(Refusal::NotFound)?;
        let standards = assessing(app, q, self.campaign).await?;
        let known = asked(&standards);
        let measured: BTreeMap<&str, Option<&str>> =
            known.iter().map(|one| (one.id.as_str(), one.measured_in.as_deref())).collect();
        let periods: HashSet<Period> = self.typed.iter().map(|one| one.period).collect();
        let mut periods: Vec<Period> = periods.into_iter().collect();
        periods.sort_unstable();
        let standing = standing(&store::list_figures(q, self.campaign, &periods, FiguresOf::All).await?);
        let changes = match compare(self.typed, &measured, &standing, day_of(self.caller.now)) {
            Ok(changes) => changes,
            Err(wrong) => {
                for (at, why) in wrong {
                    self.faults.push(told(at, &why, self.place));
                }
                Vec::new()
            }
        };
        if !self.faults.is_empty() {
            return Err(Refusal::Invalid(self.faults));
        }
        if changes.len() > MOST {
            return Err(Refusal::invalid(
                "file",
                format!("一次最多登记{MOST}个数，请分几次"),
                format!("at most {MOST} figures at once; do it in parts"),
            ));
        }
        let replaced: HashSet<ObservationId> =
            changes.iter().filter_map(|change| Some(change.before?.id)).collect();
        let new: Vec<NewObservation> =
            changes.iter().map(|change| observed(&self.typed[change.at], change)).collect();
        let mut checker = Checker::load(app, q, self.caller, self.campaign, &new, &replaced).await?;
        let mut kept = Vec::with_capacity(new.len());
        for (n, one) in new.into_iter().enumerate() {
            let id = self.caller.id(&format!("observation:{n}"));
            let before = checker.faults.len();
            let place = (self.place)(changes[n].at, Part::Value);
            kept.push(checker.keep("", id, one));
            checker.faults.move_to(before, |field| match field {
                "unit_id" => (self.place)(changes[n].at, Part::Unit),
                "source" => (self.place)(changes[n].at, Part::Source),
                "period" => (self.place)(changes[n].at, Part::Period),
                "fact.statistic" => (self.place)(changes[n].at, Part::Statistic),
                _ => place.clone(),
            });
        }
        checker.faults.end()?;
        let named: HashMap<&str, &Asked> = known.iter().map(|one| (one.id.as_str(), one)).collect();
        let filled = changes.iter().map(|change| {
            let typed = &self.typed[change.at];
            let known = named.get(typed.series.statistic.as_str());
            Filled {
                at: change.at,
                series: typed.series.clone(),
                title: known.map(|one| one.title.clone()).unwrap_or_default(),
                measured_in: known.and_then(|one| one.measured_in.clone()),
                period: typed.period,
                change: *change,
            }
        });
        Ok(Ready {
            replaced: changes.iter().map(|change| change.before.map(|stands| stands.id)).collect(),
            filled: filled.collect(),
            kept,
        })
    }
}

fn observed(typed: &Typed, change: &Change) -> NewObservation {
    NewObservation {
        fact: Fact::Figure { statistic: typed.series.statistic.clone(), value: change.value },
        standard: None,
        at: None,
        covert: false,
        round: None,
        unit: typed.series.unit,
        source: typed.source.trim().to_owned(),
        period: Some(typed.period.to_string()),
        files: Vec::new(),
        accepted: true,
    }
}

/// Stores what is ready, and says so in the ledger; the act's name says how the figures came.
async fn keep(
    tx: &Tx,
    caller: &Caller,
    campaign: CampaignId,
    ready: Ready,
    act: &str,
) -> Result<Vec<Filled>, Refusal> {
    let Ready { mut kept, replaced, filled } = ready;
    if kept.is_empty() {
        return Ok(filled);
    }
    let there = store::list_of(tx, campaign, &replaced.iter().flatten().copied().collect::<Vec<_>>()).await?;
    let mut there: HashMap<ObservationId, KeptObservation> =
        there.into_iter().map(|one| (one.id, one)).collect();
    let mut gone = Vec::new();
    for (new, old) in kept.iter_mut().zip(&replaced) {
        let Some(old) = old.and_then(|id| there.remove(&id)) else { continue };
        // It tells of the same day as before, which a period that is not over yet would move.
        new.at = old.at;
        gone.push(old.supersede(new)?);
    }
    store::record(tx, &kept).await?;
    for one in &gone {
        store::save_superseded(tx, one).await?;
    }
    let subject = Subject::of(campaign, SubjectKind::Campaign, campaign.0);
    let details = json!({ "recorded": kept.len() - gone.len(), "superseded": gone.len() });
    ledger::record(tx, caller.act_named(act, subject, details)).await?;
    Ok(filled)
}

fn told(at: usize, why: &Why, place: &dyn Fn(usize, Part) -> String) -> Fault {
    let longest = KeptObservation::LONGEST.0;
    let (part, zh, en) = match why {
        Why::UnknownStatistic => (
            Part::Statistic,
            "创建项目的测评体系没有这项统计".to_owned(),
            "no standard of the campaign asks for this statistic".to_owned(),
        ),
        Why::NoNumber => (Part::Value, "不是数".to_owned(), "not a number".to_owned()),
        Why::Unworkable { zh, en } => (Part::Value, zh.clone(), en.clone()),
        Why::NotYet => (Part::Value, "这一期还没有到".to_owned(), "this period has not begun".to_owned()),
        Why::Twice { first } => (
            Part::Value,
            format!("与 {} 是同一个数", place(*first, Part::Value)),
            format!("the same figure as in {}", place(*first, Part::Value)),
        ),
        Why::NoSource => (Part::Source, "请写明依据的文件".to_owned(), "say what it rests on".to_owned()),
        Why::LongSource => {
            (Part::Source, format!("最多{longest}个字"), format!("at most {longest} characters"))
        }
    };
    Fault { path: place(at, part), words: Words::new(zh, en) }
}
