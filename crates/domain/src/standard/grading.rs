//! From what was observed to a coefficient between 0 and 1.
//!
//! Every form is a pure function of a quantity that is known to lie between two bounds, and gives the least and the most
//! that it can come to.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a figure stands to the one that it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versus {
    Above,
    Equal,
    Below,
}

impl Versus {
    pub fn of(figure: Decimal, other: Decimal) -> Self {
        match figure.cmp(&other) {
            Ordering::Greater => Self::Above,
            Ordering::Equal => Self::Equal,
            Ordering::Less => Self::Below,
        }
    }
}

/// How a measure is graded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "form", rename_all = "snake_case", deny_unknown_fields)]
pub enum Grading {
    /// Met 1, failed 0.
    Binary,
    /// Met 1, partly met `partly`, failed 0.
    ThreeStep {
        #[serde(default = "half")]
        partly: Decimal,
    },
    /// Named grades, the best first.
    Letters {
        #[serde(default = "letters")]
        grades: Vec<Grade>,
    },
    /// The first step that holds a number: a statistic, or a share in percent.
    Thresholds {
        steps: Vec<Step>,
        #[serde(default)]
        otherwise: Decimal,
    },
    /// A statistic beside another one: above, equal to or below the city's mean.
    Comparison {
        /// The id of the statistic that it is compared with.
        with: String,
        above: Decimal,
        equal: Decimal,
        below: Decimal,
    },
    /// The first step that holds a count: three places and more are met, one or two partly.
    CountToGrade {
        #[serde(default)]
        counted: Counted,
        /// A number that was counted along a walk is brought to this length, in metres, before it is graded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        along: Option<Decimal>,
        steps: Vec<Step>,
        #[serde(default)]
        otherwise: Decimal,
    },
    /// So many marks off for each occurrence.
    Deduction {
        /// Marks for one occurrence.
        off: Decimal,
        /// Marks that are taken off at most; none: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_most: Option<Decimal>,
    },
    /// The share that is met: linear, or in steps of percent.
    Ratio {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        steps: Vec<Step>,
        #[serde(default)]
        otherwise: Decimal,
    },
    /// A group of which all should be met: what it counts with none missing, one missing, two missing …; fewer count 0.
    KOfN {
        missing: Vec<Decimal>,
        /// From which mean over its sites one counts as met.
        #[serde(default = "one")]
        met_from: Decimal,
    },
    /// An expression over statistics (CEL), graded in steps, or linear from what counts 0 to what counts 1.
    Formula {
        expression: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        steps: Vec<Step>,
        #[serde(default)]
        otherwise: Decimal,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        linear: Option<Linear>,
    },
}

impl Grading {
    /// As files name it.
    pub fn form(&self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::ThreeStep { .. } => "three_step",
            Self::Letters { .. } => "letters",
            Self::Thresholds { .. } => "thresholds",
            Self::Comparison { .. } => "comparison",
            Self::CountToGrade { .. } => "count_to_grade",
            Self::Deduction { .. } => "deduction",
            Self::Ratio { .. } => "ratio",
            Self::KOfN { .. } => "k_of_n",
            Self::Formula { .. } => "formula",
        }
    }

    /// The scale of a single verdict, for the forms that have one.
    pub fn scale(&self) -> Option<Scale> {
        match self {
            Self::Binary => Some(Scale::Binary),
            Self::ThreeStep { partly } => Some(Scale::ThreeStep { partly: *partly }),
            Self::Letters { grades } => Some(Scale::Letters { grades: grades.clone() }),
            _ => None,
        }
    }
}

/// How one criterion at one site, or one material, is judged.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "form", rename_all = "snake_case", deny_unknown_fields)]
pub enum Scale {
    #[default]
    Binary,
    ThreeStep {
        #[serde(default = "half")]
        partly: Decimal,
    },
    Letters {
        #[serde(default = "letters")]
        grades: Vec<Grade>,
    },
    /// A number is counted: displays on a street, people without a helmet.
    Count {
        /// It is brought to this length, in metres, before it is graded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        along: Option<Decimal>,
        steps: Vec<Step>,
        #[serde(default)]
        otherwise: Decimal,
    },
}

/// A named grade with what it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    pub name: String,
    /// From 0 to 1.
    pub counts: Decimal,
}

/// What holds for a number between two bounds, of which either may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The number is at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Decimal>,
    /// The number is more than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Decimal>,
    /// The number is at most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<Decimal>,
    /// The number is less than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Decimal>,
    /// What the step is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// From 0 to 1.
    pub counts: Decimal,
}

impl Step {
    pub fn holds(&self, number: Decimal) -> bool {
        self.from.is_none_or(|bound| number >= bound)
            && self.above.is_none_or(|bound| number > bound)
            && self.up_to.is_none_or(|bound| number <= bound)
            && self.below.is_none_or(|bound| number < bound)
    }

    fn bounds(&self) -> impl Iterator<Item = Decimal> {
        [self.from, self.above, self.up_to, self.below].into_iter().flatten()
    }
}

/// What counts 0, what counts 1, and linear between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Linear {
    pub zero_at: Decimal,
    pub full_at: Decimal,
}

/// What a count counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// The criteria at sites, or materials, that are fully met.
    #[default]
    Met,
    /// Those that are not fully met.
    Failed,
    /// A number that was recorded.
    Number,
}

pub(super) fn half() -> Decimal {
    Decimal::new(5, 1)
}

pub(super) fn one() -> Decimal {
    Decimal::ONE
}

/// A 1, B 0.66, C 0.33, D 0.
pub(super) fn letters() -> Vec<Grade> {
    let grade = |(name, hundredths): (&str, i64)| Grade {
        name: name.to_owned(),
        counts: Decimal::new(hundredths, 2).normalize(),
    };
    [("A", 100), ("B", 66), ("C", 33), ("D", 0)].into_iter().map(grade).collect()
}

/// What a quotient is carried to: twelve places, half away from zero. All that is divided is divided so, and a score is the
/// same wherever it is worked out.
pub fn quotient(dividend: Decimal, divisor: Decimal) -> Decimal {
    (dividend / divisor).round_dp_with_strategy(12, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
}

/// What the first step counts that holds the number.
pub fn step(steps: &[Step], otherwise: Decimal, number: Decimal) -> Decimal {
    steps.iter().find(|step| step.holds(number)).map_or(otherwise, |step| step.counts)
}

/// The first step that no number ever comes to: the steps before it hold all that it holds, or it holds nothing.
pub fn idle_step(steps: &[Step]) -> Option<usize> {
    let mut points: Vec<Decimal> = steps.iter().flat_map(Step::bounds).collect();
    points.sort_unstable();
    let (least, most) = (points.first().copied()?, points.last().copied()?);
    // Steps only change at bounds: at these, between any two, and beyond the outermost each number is like all others.
    let between = points.windows(2).map(|pair| (pair[0] + pair[1]) / Decimal::TWO);
    let all: Vec<Decimal> =
        points.iter().copied().chain(between).chain([least - Decimal::ONE, most + Decimal::ONE]).collect();
    let first = |number: &Decimal| steps.iter().position(|step| step.holds(*number));
    let taken: Vec<Option<usize>> = all.iter().map(first).collect();
    (0..steps.len()).find(|n| !taken.contains(&Some(*n)))
}

/// The least and the most that steps can count for a number from `low` to `high`.
pub fn steps_between(steps: &[Step], otherwise: Decimal, low: Decimal, high: Decimal) -> (Decimal, Decimal) {
    // Steps only change at bounds: it is enough to look at these, and at a point between any two.
    let inside = steps.iter().flat_map(Step::bounds).filter(|point| *point > low && *point < high);
    let mut points: Vec<Decimal> = inside.chain([low, high]).collect();
    points.sort_unstable();
    let between = points.windows(2).map(|pair| (pair[0] + pair[1]) / Decimal::TWO);
    let counts: Vec<Decimal> =
        points.iter().copied().chain(between).map(|point| step(steps, otherwise, point)).collect();
    let least = counts.iter().copied().min().unwrap_or(otherwise);
    let most = counts.iter().copied().max().unwrap_or(otherwise);
    (least, most)
}

impl Linear {
    pub fn counts(&self, number: Decimal) -> Decimal {
        let share = quotient(number - self.zero_at, self.full_at - self.zero_at);
        share.clamp(Decimal::ZERO, Decimal::ONE)
    }
}

impl Scale {
    /// As files name it.
    pub fn form(&self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::ThreeStep { .. } => "three_step",
            Self::Letters { .. } => "letters",
            Self::Count { .. } => "count",
        }
    }

    /// The words of its verdicts, the best first; none where a number is counted.
    pub fn words(&self) -> Vec<&str> {
        match self {
            Self::Binary => vec!["met", "failed"],
            Self::ThreeStep { .. } => vec!["met", "partly", "failed"],
            Self::Letters { grades } => grades.iter().map(|grade| grade.name.as_str()).collect(),
            Self::Count { .. } => Vec::new(),
        }
    }

    /// What a verdict counts; None where the scale does not know the word.
    pub fn verdict(&self, word: &str) -> Option<Decimal> {
        match self {
            Self::Binary => match word {
                "met" => Some(Decimal::ONE),
                "failed" => Some(Decimal::ZERO),
                _ => None,
            },
            Self::ThreeStep { partly } => match word {
                "met" => Some(Decimal::ONE),
                "partly" => Some(*partly),
                "failed" => Some(Decimal::ZERO),
                _ => None,
            },
            Self::Letters { grades } => {
                grades.iter().find(|grade| grade.name == word).map(|grade| grade.counts)
            }
            Self::Count { .. } => None,
        }
    }

    /// What a counted number counts, brought to the scale's length where it was counted along `metres`; None where the
    /// scale has verdicts, or needs a length that was not given.
    pub fn number(&self, number: Decimal, metres: Option<Decimal>) -> Option<Decimal> {
        let Self::Count { along, steps, otherwise } = self else { return None };
        Some(step(steps, *otherwise, brought_to(*along, number, metres)?))
    }
}

/// A number that was counted along `metres`, brought to the length that the grading names.
pub fn brought_to(along: Option<Decimal>, number: Decimal, metres: Option<Decimal>) -> Option<Decimal> {
    match along {
        None => Some(number),
        Some(along) => {
            let metres = metres.filter(|metres| *metres > Decimal::ZERO)?;
            Some(quotient(number * along, metres))
        }
    }
}
