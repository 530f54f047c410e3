use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    observation::Period,
    standard::{Fault, Gaps, Grading, Input, ItemKind, Method, Whole, unworkable},
};

/// Everything that a score is made of, beside the standard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The moment of the score: what came later does not count.
    pub as_of: DateTime<Utc>,
    /// The round that is scored, for measures that take only what was observed in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<Site>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observations: Vec<Observation>,
    /// The totals of other standards that contribute or are a gate, by their id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub totals: BTreeMap<String, Total>,
}

/// A place that is visited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Site {
    pub id: String,
    pub site_type: String,
    /// The unit that answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// Another standard's total; by a bonus it may go beyond the marks of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Total {
    pub low: Decimal,
    pub value: Decimal,
    pub high: Decimal,
    /// The marks of the whole.
    pub marks: Decimal,
}

/// A fact as it was recorded; never changed, only superseded by a newer one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    pub id: String,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// When a reviewer accepted it; until then it does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<DateTime<Utc>>,
    /// Made by a covert visit: it does not count before it is released.
    #[serde(default)]
    pub covert: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<String>,
    /// The span of time that a figure is of. A formula or a comparison takes figures of one and the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    pub fact: Fact,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fact {
    /// A criterion at a site.
    Visit {
        site: String,
        /// `market/licence`.
        criterion: String,
        /// A word of the scale: `met`, `partly`, `failed`, or a grade's name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verdict: Option<String>,
        /// What was counted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<Decimal>,
        /// Along how many metres it was counted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        metres: Option<Decimal>,
        /// The thing is not there.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        absent: bool,
    },
    /// A material.
    Review {
        requirement: String,
        verdict: String,
        /// Some of what is asked for is not there: it counts no more than the verdict, and at the least nothing.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        incomplete: bool,
    },
    /// Answers to a question, of one person or counted.
    Answers {
        question: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<String>,
        /// How many chose each option.
        options: BTreeMap<String, u32>,
    },
    /// A figure.
    Figure { statistic: String, value: Decimal },
    /// A verdict, or a number, on a leaf itself.
    Judgement {
        leaf: String,
        method: Method,
        /// A word of the scale: `met`, `partly`, `failed`, or a grade's name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verdict: Option<String>,
        /// What was counted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<Decimal>,
        /// Along how many metres it was counted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        metres: Option<Decimal>,
        /// The thing is not there.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        absent: bool,
    },
    /// The city has no site of a type: no river, no airport.
    NoSites { site_type: String },
    /// An event of the negative list.
    Event { entry: String },
    /// An honour of the bonus.
    Honour { honour: String },
}

/// What sort of thing a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    Visit,
    Review,
    Answers,
    Figure,
    Judgement,
    NoSites,
    Event,
    Honour,
}

impl FactKind {
    pub const ALL: [Self; 8] = [
        Self::Visit,
        Self::Review,
        Self::Answers,
        Self::Figure,
        Self::Judgement,
        Self::NoSites,
        Self::Event,
        Self::Honour,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Visit => "visit",
            Self::Review => "review",
            Self::Answers => "answers",
            Self::Figure => "figure",
            Self::Judgement => "judgement",
            Self::NoSites => "no_sites",
            Self::Event => "event",
            Self::Honour => "honour",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether what it names is one standard's own: codes of the tree, of the negative list and of honours mean something
    /// else in another. All else comes from catalogues, which standards share.
    pub fn is_of_one_standard(self) -> bool {
        matches!(self, Self::Judgement | Self::Event | Self::Honour)
    }

    /// Whether it may be of one standard all the same: a material is accepted for the one and returned for the other.
    pub fn may_be_of_one_standard(self) -> bool {
        self.is_of_one_standard() || self == Self::Review
    }
}

/// How a fact fits a standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fit {
    Fits,
    /// The standard does not know what it is about.
    Unknown(Fault),
    /// The standard asks for it, and otherwise.
    Unfit(Fault),
}

/// A verdict, a number, or that there is nothing to judge: one of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub(super) verdict: Option<&'a str>,
    pub(super) number: Option<Decimal>,
    pub(super) metres: Option<Decimal>,
    pub(super) absent: bool,
}

/// The most answers that one observation counts.
const MOST_ANSWERS: u64 = 10_000_000;

impl Fact {
    /// Whether its numbers can be worked with.
    fn sizes(&self) -> Result<(), Misfit> {
        let sized = |field: &'static str, number: Option<Decimal>| match number.and_then(unworkable) {
            Some((zh, en)) => Err((field, zh, en)),
            None => Ok(()),
        };
        if let Some(found) = self.found() {
            sized("number", found.number)?;
            sized("metres", found.metres)?;
        }
        match self {
            Self::Figure { value, .. } => sized("value", Some(*value)),
            Self::Answers { options, .. } => {
                let sum: u64 = options.values().map(|times| u64::from(*times)).sum();
                if sum <= MOST_ANSWERS {
                    return Ok(());
                }
                let zh = format!("共 {sum} 份答卷，一次至多 {MOST_ANSWERS} 份");
                Err((
                    "options",
                    zh,
                    format!("{sum} answers are too many for one observation: {MOST_ANSWERS} at most"),
                ))
            }
            _ => Ok(()),
        }
    }

    pub fn kind(&self) -> FactKind {
        match self {
            Self::Visit { .. } => FactKind::Visit,
            Self::Review { .. } => FactKind::Review,
            Self::Answers { .. } => FactKind::Answers,
            Self::Figure { .. } => FactKind::Figure,
            Self::Judgement { .. } => FactKind::Judgement,
            Self::NoSites { .. } => FactKind::NoSites,
            Self::Event { .. } => FactKind::Event,
            Self::Honour { .. } => FactKind::Honour,
        }
    }

    /// What it is about: the criterion, requirement, question, statistic, leaf, site type, entry or honour.
    pub fn about(&self) -> &str {
        match self {
            Self::Visit { criterion: about, .. }
            | Self::Review { requirement: about, .. }
            | Self::Answers { question: about, .. }
            | Self::Figure { statistic: about, .. }
            | Self::Judgement { leaf: about, .. }
            | Self::NoSites { site_type: about }
            | Self::Event { entry: about }
            | Self::Honour { honour: about } => about,
        }
    }

    /// How it fits a standard; `site_type` is that of the site that it names, `there` whether there are sites of a type.
    /// Places of faults begin with the fact's fields.
    pub fn fit(&self, whole: &Whole, site_type: Option<&str>, there: &dyn Fn(&str) -> bool) -> Fit {
        let fault = |(field, zh, en): Misfit| Fault { path: field.to_owned(), zh, en };
        let sites = Sites { type_of: &|_| site_type, there };
        match self.sizes().and_then(|()| fits(whole, &sites, self)) {
            Ok(()) => Fit::Fits,
            Err(misfit) if self.is_known(whole) => Fit::Unfit(fault(misfit)),
            Err(misfit) => Fit::Unknown(fault(misfit)),
        }
    }

    fn is_known(&self, whole: &Whole) -> bool {
        let standard = &whole.standard;
        match self {
            Self::Visit { criterion: item, .. }
            | Self::Review { requirement: item, .. }
            | Self::Answers { question: item, .. } => whole.item(item).is_some(),
            Self::Figure { statistic, .. } => whole.statistic(statistic).is_some(),
            Self::Judgement { leaf, .. } => whole.leaf(leaf).is_some(),
            Self::NoSites { site_type } => !whole.criteria(site_type).is_empty(),
            Self::Event { entry } => standard.negative_list.iter().any(|one| one.code == *entry),
            Self::Honour { honour } => {
                standard.bonus.iter().flat_map(|bonus| &bonus.honours).any(|one| one.code == *honour)
            }
        }
    }

    /// The type of the sites at which its criterion is looked at.
    fn site_type<'a>(&self, whole: &'a Whole) -> Option<&'a str> {
        let Self::Visit { criterion, .. } = self else { return None };
        match &whole.items[whole.item(criterion)?].kind {
            ItemKind::Criterion { site_type, .. } => Some(site_type),
            _ => None,
        }
    }

    /// What was found, where the fact is a verdict or a number.
    pub(super) fn found(&self) -> Option<Found<'_>> {
        match self {
            Self::Visit { verdict, number, metres, absent, .. }
            | Self::Judgement { verdict, number, metres, absent, .. } => {
                Some(Found { verdict: verdict.as_deref(), number: *number, metres: *metres, absent: *absent })
            }
            Self::Review { verdict, .. } => {
                Some(Found { verdict: Some(verdict), number: None, metres: None, absent: false })
            }
            _ => None,
        }
    }
}

impl Facts {
    /// All that does not fit the standard, each with its place.
    pub fn check(&self, whole: &Whole) -> Vec<Fault> {
        self.check_read(whole, &Gaps::default())
    }

    /// The same of facts of which not everything could be read; nothing that only follows from that.
    pub fn check_read(&self, whole: &Whole, gaps: &Gaps) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |path: String, zh: String, en: String| {
            if !gaps.touch(&path) {
                faults.push(Fault { path, zh, en });
            }
        };
        let mut sites: HashMap<&str, &str> = HashMap::new();
        for (n, site) in self.sites.iter().enumerate() {
            if whole.criteria(&site.site_type).is_empty() {
                let id = &site.site_type;
                let path = format!("sites[{n}].site_type");
                fault(path, format!("找不到点位类型“{id}”"), format!("there is no site type “{id}”"));
            }
            let known = !gaps.cover(&format!("sites[{n}].id"));
            if known && sites.insert(&site.id, &site.site_type).is_some() {
                let path = format!("sites[{n}].id");
                fault(path, format!("“{}”重复", site.id), format!("“{}” is there twice", site.id));
            }
        }
        let (more, untyped) = self.unread_sites(gaps);
        let there = |site_type: &str| sites.values().any(|own| *own == site_type);
        let mut ids: HashSet<&str> = HashSet::new();
        for (n, observation) in self.observations.iter().enumerate() {
            let place = format!("observations[{n}]");
            if !gaps.cover(&format!("{place}.id")) && !ids.insert(&observation.id) {
                let id = &observation.id;
                let path = format!("observations[{n}].id");
                fault(path, format!("“{id}”重复"), format!("“{id}” is there twice"));
            }
            // What stands for it says nothing, and without `absent` it is not known what else it needs.
            if gaps.cover(&format!("{place}.fact")) || gaps.cover(&format!("{place}.fact.absent")) {
                continue;
            }
            if observation.period.is_some() && observation.fact.kind() != FactKind::Figure {
                let zh = "只有统计数据有时期".to_owned();
                fault(format!("{place}.period"), zh, "only a figure is of a span of time".to_owned());
            }
            if let (Fact::Figure { statistic, .. }, Some(period)) = (&observation.fact, observation.period)
                && let Some((zh, en)) = whole.statistic(statistic).and_then(|asked| asked.unfit(period))
            {
                fault(format!("{place}.period"), zh, en);
            }
            let asked = observation.fact.site_type(whole);
            let type_of = |id: &str| match sites.get(id).copied() {
                Some(_) if untyped.contains(id) => asked,
                None if more => asked,
                own => own,
            };
            let registered = Sites { type_of: &type_of, there: &there };
            let fitting = observation.fact.sizes().and_then(|()| fits(whole, &registered, &observation.fact));
            if let Err((field, zh, en)) = fitting {
                fault(format!("observations[{n}].fact.{field}"), zh, en);
            }
        }
        for (id, total) in &self.totals {
            // It may go beyond its marks, by a bonus.
            let ordered = total.low <= total.value && total.value <= total.high;
            if !ordered || total.low < Decimal::ZERO || total.marks <= Decimal::ZERO {
                fault(
                    format!("totals.{id}"),
                    "应有 0 ≤ low ≤ value ≤ high，且 marks 大于 0".to_owned(),
                    "0 ≤ low ≤ value ≤ high and marks more than 0 are expected".to_owned(),
                );
            }
        }
        faults
    }

    /// Whether there may be more sites than could be read, and those of which the type could not be.
    fn unread_sites(&self, gaps: &Gaps) -> (bool, HashSet<&str>) {
        let place = |n: usize, field: &str| format!("sites[{n}].{field}");
        let more = gaps.cover("sites") || (0..self.sites.len()).any(|n| gaps.cover(&place(n, "id")));
        let untyped = self.sites.iter().enumerate().filter(|(n, _)| gaps.cover(&place(*n, "site_type")));
        (more, untyped.map(|(_, site)| site.id.as_str()).collect())
    }
}

type Misfit = (&'static str, String, String);

fn missing(field: &'static str, zh: &str, en: &str, id: &str) -> Misfit {
    (field, format!("找不到{zh}“{id}”"), format!("there is no {en} “{id}”"))
}

/// What is known of the sites.
struct Sites<'a> {
    type_of: &'a dyn Fn(&str) -> Option<&'a str>,
    /// Whether there is one of a type.
    there: &'a dyn Fn(&str) -> bool,
}

fn fits(whole: &Whole, sites: &Sites<'_>, fact: &Fact) -> Result<(), Misfit> {
    let nothing = Found { verdict: None, number: None, metres: None, absent: false };
    let found = fact.found().unwrap_or(nothing);
    let of_list = |words: &[&str], word: &str, field: &'static str| {
        if words.contains(&word) {
            return Ok(());
        }
        let known = words.join("、");
        Err((field, format!("“{word}”应为：{known}"), format!("“{word}” is not one of {}", words.join(", "))))
    };
    match fact {
        Fact::Visit { site, criterion, .. } => {
            let item = whole.item(criterion).map(|number| &whole.items[number].kind);
            let Some(ItemKind::Criterion { site_type, scale, .. }) = item else {
                return Err(missing("criterion", "检查标准", "criterion", criterion));
            };
            match (sites.type_of)(site) {
                None => return Err(missing("site", "点位", "site", site)),
                Some(own) if own != site_type => {
                    let zh = format!("点位“{site}”的类型是“{own}”，没有标准“{criterion}”");
                    return Err((
                        "criterion",
                        zh,
                        format!("the site “{site}” is a {own}: “{criterion}” is not asked"),
                    ));
                }
                Some(_) => {}
            }
            if found.absent {
                return found.only("absent");
            }
            let words = scale.words();
            if words.is_empty() {
                found.only("number")?;
                let number = found.number.unwrap_or_default();
                return scale.number(number, found.metres).map(|_| ()).ok_or_else(no_length);
            }
            found.only("verdict")?;
            of_list(&words, found.verdict.unwrap_or_default(), "verdict")
        }
        Fact::Review { requirement, verdict, .. } => {
            let item = whole.item(requirement).map(|number| &whole.items[number].kind);
            let Some(ItemKind::Requirement { scale }) = item else {
                return Err(missing("requirement", "材料要求", "requirement", requirement));
            };
            of_list(&scale.words(), verdict, "verdict")
        }
        Fact::Answers { question, options, .. } => {
            let item = whole.item(question).map(|number| &whole.items[number].kind);
            let Some(ItemKind::Question { counts, .. }) = item else {
                return Err(missing("question", "问卷题目", "question", question));
            };
            let words: Vec<&str> = counts.keys().map(String::as_str).collect();
            options.keys().try_for_each(|option| of_list(&words, option, "options"))
        }
        Fact::Figure { statistic, .. } => {
            let known = whole.statistic(statistic);
            known.map(|_| ()).ok_or_else(|| missing("statistic", "统计指标", "statistic", statistic))
        }
        Fact::Judgement { leaf, method, .. } => {
            let Some(number) = whole.leaf(leaf) else {
                return Err(missing("leaf", "末级指标", "leaf", leaf));
            };
            let taken = whole.leaves[number]
                .measures
                .iter()
                .find(|taken| taken.input == Input::Judgement && taken.measure.method == *method);
            let Some(taken) = taken else {
                let zh = format!("指标“{leaf}”不以此方法直接评定");
                return Err(("method", zh, format!("“{leaf}” is not judged by this method")));
            };
            if found.absent {
                return found.only("absent");
            }
            match taken.measure.grading.scale() {
                Some(scale) => {
                    found.only("verdict")?;
                    of_list(&scale.words(), found.verdict.unwrap_or_default(), "verdict")
                }
                None => {
                    found.only("number")?;
                    let along = matches!(taken.measure.grading, Grading::CountToGrade { along: Some(_), .. });
                    let length = found.metres.is_some_and(|metres| metres > Decimal::ZERO);
                    if along && !length { Err(no_length()) } else { Ok(()) }
                }
            }
        }
        Fact::NoSites { site_type } => {
            if whole.criteria(site_type).is_empty() {
                return Err(missing("site_type", "点位类型", "site type", site_type));
            }
            if (sites.there)(site_type) {
                let zh = format!("已登记有“{site_type}”类点位");
                return Err(("site_type", zh, format!("there are sites of type “{site_type}”")));
            }
            Ok(())
        }
        Fact::Event { entry } => {
            let known = whole.standard.negative_list.iter().any(|one| one.code == *entry);
            known
                .then_some(())
                .ok_or_else(|| missing("entry", "负面清单条目", "entry of the negative list", entry))
        }
        Fact::Honour { honour } => {
            let mut honours = whole.standard.bonus.iter().flat_map(|bonus| &bonus.honours);
            let known = honours.any(|one| one.code == *honour);
            known.then_some(()).ok_or_else(|| missing("honour", "加分项", "honour", honour))
        }
    }
}

fn no_length() -> Misfit {
    let zh = "按长度计数的，应写明 metres(米，大于 0)".to_owned();
    ("metres", zh, "it is counted along a way: metres (more than 0) are expected".to_owned())
}

impl Found<'_> {
    /// Whether it holds what is expected and nothing else.
    fn only(self, expected: &'static str) -> Result<(), Misfit> {
        let there =
            [("verdict", self.verdict.is_some()), ("number", self.number.is_some()), ("absent", self.absent)];
        if there.iter().all(|(name, is)| *is == (*name == expected)) {
            return Ok(());
        }
        let zh = format!("应只有 {expected}");
        Err((expected, zh, format!("{expected}, and nothing else of the three, is expected")))
    }
}
