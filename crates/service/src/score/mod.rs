//! The score 得分 of a campaign: of now from the counters, of the past from what had been observed until then. Both ways come
//! to the same.

pub mod card;
pub mod compare;
pub mod days;
pub mod leaf;
pub mod rests_on;
pub mod units;
pub mod workbook;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chengjing_domain::{
    id::{CampaignId, StandardId},
    observation::{KeptObservation, Site, round_at, scored_at},
    score::{self, Book, FactKind, Facts, Outcome, Scope, Scorecard, Total, When},
    standard::{Whole, assessed::needs},
};
use chengjing_store::{Queries, StoreError, observation as store, site};
use chrono::{DateTime, Utc};

use crate::{App, Refusal, standard::assess::Assessing};

/// Of which moment a score is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// From the counters.
    Now(DateTime<Utc>),
    /// From the observations.
    Past(DateTime<Utc>),
}

impl Moment {
    /// Of what was said in that field; nothing: now.
    fn of(field: &str, as_of: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<Self, Refusal> {
        match as_of {
            None => Ok(Self::Now(now)),
            Some(at) if at <= now => Ok(Self::Past(at)),
            Some(_) => Err(Refusal::invalid(field, "不能晚于现在", "it lies in the future")),
        }
    }

    fn at(self) -> DateTime<Utc> {
        match self {
            Self::Now(at) | Self::Past(at) => at,
        }
    }
}

/// Something that is counted without looking at it: visits that stand alike, or answers that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Counted {
    about: String,
    scope: Scope,
    when: Stamp,
    outcome: Outcome,
    times: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Stamp {
    In(String),
    At(DateTime<Utc>),
}

/// What the scores of a campaign at a moment are made of.
#[derive(Debug)]
pub(crate) struct Basis {
    as_of: DateTime<Utc>,
    round: Option<String>,
    sites: Vec<score::Site>,
    observations: Vec<KeptObservation>,
    counted: Vec<Counted>,
}

impl Basis {
    async fn load(
        q: &impl Queries,
        campaign: CampaignId,
        moment: Moment,
        standards: &[Assessing],
    ) -> Result<Self, StoreError> {
        let sites = site::list_all(q, campaign).await?;
        match moment {
            Moment::Now(now) => Self::now(q, campaign, now, &sites, standards).await,
            Moment::Past(at) => Ok(Self::at(at, &sites, &store::list_all_at(q, campaign, at).await?)),
        }
    }

    /// From the counters; what was observed in the months in which some window begins is counted one by one.
    async fn now(
        q: &impl Queries,
        campaign: CampaignId,
        now: DateTime<Utc>,
        sites: &[Site],
        standards: &[Assessing],
    ) -> Result<Self, StoreError> {
        let nothing = Facts {
            as_of: now,
            round: None,
            sites: Vec::new(),
            observations: Vec::new(),
            totals: BTreeMap::new(),
        };
        let edges: BTreeSet<String> =
            standards.iter().flat_map(|one| Book::open(&one.opened.whole, &nothing).edges()).collect();
        let mut counted = Vec::new();
        for (key, times) in store::counters(q, campaign).await? {
            if !edges.contains(&key.month) {
                let times = u64::try_from(times).unwrap_or_default();
                let when = Stamp::In(key.month);
                counted.push(Counted {
                    about: key.about,
                    scope: key.scope,
                    when,
                    outcome: key.outcome,
                    times,
                });
            }
        }
        let answers = store::answers_in(q, campaign, &edges).await?;
        let answers = answers.into_iter().map(|one| (Scope::Round(one.round.clone()), one));
        for (scope, one) in store::standing_in(q, campaign, &edges).await?.into_iter().chain(answers) {
            for (outcome, times) in one.fact.outcomes() {
                counted.push(Counted {
                    about: one.fact.about().to_owned(),
                    scope: scope.clone(),
                    when: Stamp::At(one.at),
                    outcome,
                    times: times.into(),
                });
            }
        }
        Ok(Self {
            as_of: now,
            round: store::latest_round_at(q, campaign, now).await?,
            sites: there(sites, now),
            observations: store::singles(q, campaign).await?,
            counted,
        })
    }

    /// From all observations up to a moment, or to a later one.
    fn at(moment: DateTime<Utc>, sites: &[Site], all: &[KeptObservation]) -> Self {
        Self {
            as_of: moment,
            round: round_at(all, moment),
            sites: there(sites, moment),
            observations: scored_at(all, moment).into_iter().cloned().collect(),
            counted: Vec::new(),
        }
    }

    /// The same, with what was observed of these things one by one: `all` of it.
    fn with_all_of(mut self, things: &[(FactKind, String)], all: &[KeptObservation]) -> Self {
        let abouts: BTreeSet<&str> = things.iter().map(|(_, about)| about.as_str()).collect();
        let is_of = |kind: FactKind, about: &str| things.iter().any(|(k, a)| *k == kind && a == about);
        self.counted.retain(|one| !abouts.contains(one.about.as_str()));
        self.observations.retain(|one| !is_of(one.fact.kind(), one.fact.about()));
        self.observations.extend(scored_at(all, self.as_of).into_iter().cloned());
        self
    }

    /// What a standard is scored from, given the totals of those that it needs.
    fn facts(&self, standard: StandardId, totals: &BTreeMap<String, Total>) -> Facts {
        // Codes of the tree, of the negative list and of honours mean something else in another standard.
        // A unit's own figure is none of the whole place.
        let own =
            |one: &&KeptObservation| one.standard.is_none_or(|id| id == standard) && !one.is_of_one_unit();
        Facts {
            as_of: self.as_of,
            round: self.round.clone(),
            sites: self.sites.clone(),
            observations: self.observations.iter().filter(own).map(KeptObservation::observed).collect(),
            totals: totals.clone(),
        }
    }

    fn open<'a>(&self, whole: &'a Whole, facts: &'a Facts) -> Book<'a> {
        let mut book = Book::open(whole, facts);
        for Counted { about, scope, when, outcome, times } in &self.counted {
            let when = match when {
                Stamp::In(month) => When::In(month),
                Stamp::At(at) => When::At(*at),
            };
            book.count(about, scope, when, outcome, *times);
        }
        book
    }

    /// The scores of a standard and of all that it needs, it last; those whose circle would never end can't be attached. What it
    /// needs is scored by the edition that was in use at that moment: moving that one to another edition changes no past.
    fn cards(&self, standards: &[Assessing], of: StandardId) -> Vec<(StandardId, Scorecard)> {
        let mut cards: Vec<(StandardId, Scorecard)> = Vec::new();
        let mut totals = BTreeMap::new();
        for one in in_order(standards, of, self.as_of) {
            let facts = self.facts(one.standard, &totals);
            let card = self.open(used(one, of, self.as_of), &facts).card();
            totals.insert(card.standard.clone(), total(&card));
            cards.push((one.standard, card));
        }
        cards
    }
}

fn total(card: &Scorecard) -> Total {
    let score::Range { low, value, high } = card.total;
    Total { low, value, high, marks: card.marks }
}

fn there(sites: &[Site], moment: DateTime<Utc>) -> Vec<score::Site> {
    sites.iter().filter(|site| site.is_there_at(moment)).map(|site| site.scored(moment)).collect()
}

/// By which edition a standard is scored where `of` is asked for: that one by the edition that is meant, what it needs by that of
/// the moment.
fn used(one: &Assessing, of: StandardId, moment: DateTime<Utc>) -> &Whole {
    if one.standard == of { &one.opened.whole } else { &one.opened_at(moment).whole }
}

/// The standards that one needs at a moment, each after those that it needs itself, and that one.
fn in_order(standards: &[Assessing], of: StandardId, moment: DateTime<Utc>) -> Vec<&Assessing> {
    fn visit<'a>(
        by_code: &HashMap<&str, &'a Assessing>,
        (one, needed_by): (&'a Assessing, &dyn Fn(&'a Assessing) -> Vec<&'a str>),
        order: &mut Vec<&'a Assessing>,
        seen: &mut BTreeSet<StandardId>,
    ) {
        if !seen.insert(one.standard) {
            return;
        }
        for code in needed_by(one) {
            if let Some(needed) = by_code.get(code) {
                visit(by_code, (needed, needed_by), order, seen);
            }
        }
        order.push(one);
    }
    let by_code: HashMap<&str, &Assessing> =
        standards.iter().map(|one| (one.opened.whole.standard.id.as_str(), one)).collect();
    let mut order = Vec::new();
    if let Some(one) = standards.iter().find(|one| one.standard == of) {
        let needed_by = |one| needs(&used(one, of, moment).standard);
        visit(&by_code, (one, &needed_by), &mut order, &mut BTreeSet::new());
    }
    order
}

/// Which of a campaign's standards is meant: the one that was named, or the first.
fn chosen(standards: &[Assessing], asked: Option<StandardId>) -> Result<&Assessing, Refusal> {
    match asked {
        Some(id) => standards.iter().find(|one| one.standard == id).ok_or(Refusal::NotFound),
        // A main standard is needed by no other one.
        None => {
            let needed: BTreeSet<&str> =
                standards.iter().flat_map(|one| needs(&one.opened.whole.standard)).collect();
            let main = standards.iter().find(|one| !needed.contains(one.opened.whole.standard.id.as_str()));
            main.or(standards.first()).ok_or_else(|| {
                Refusal::conflict(
                    "创建项目还没有关联测评体系",
                    "the campaign is not assessed by any standard yet",
                )
            })
        }
    }
}

async fn standards_of(app: &App, q: &impl Queries, campaign: CampaignId) -> Result<Vec<Assessing>, Refusal> {
    chengjing_store::campaign::lookup(q, campaign).await?.ok_or(Refusal::NotFound)?;
    crate::standard::assess::assessing_over_time(app, q, campaign).await
}
