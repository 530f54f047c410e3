use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a leaf counts of which nothing is known yet. Its low is nothing and its high is all in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unknown {
    /// Nothing: what is missing is never taken for met.
    #[default]
    Nothing,
    /// As much of its marks as all that is known reached of theirs.
    Proportional,
}

/// Which observations are new enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Made in so many months up to the moment of the score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// Made in the round that is scored.
    #[serde(default)]
    pub this_round: bool,
}

/// How published marks are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// Decimal places, at most 6.
    pub places: u32,
    #[serde(default)]
    pub mode: RoundingMode,
    #[serde(default)]
    pub at: RoundingAt,
}

impl Default for Rounding {
    fn default() -> Self {
        Self { places: 2, mode: RoundingMode::default(), at: RoundingAt::default() }
    }
}

impl Rounding {
    pub fn round(&self, marks: Decimal) -> Decimal {
        let strategy = match self.mode {
            RoundingMode::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            RoundingMode::HalfEven => RoundingStrategy::MidpointNearestEven,
            RoundingMode::Down => RoundingStrategy::ToZero,
        };
        marks.round_dp_with_strategy(self.places, strategy)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoundingMode {
    /// A half goes away from zero (四舍五入).
    #[default]
    HalfUp,
    HalfEven,
    /// What is beyond the last place is cut off.
    Down,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoundingAt {
    /// Each leaf; all above are sums of rounded marks. The total is rounded in any case.
    Leaf,
    /// Each part at the top of the tree, and the total.
    Part,
    #[default]
    Total,
}

/// How many the official assessment draws.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "of", rename_all = "snake_case", deny_unknown_fields)]
pub enum Sampling {
    Sites {
        site_type: String,
        /// Sites drawn without replacement; all where there are fewer.
        draw: u32,
    },
    People {
        /// A question, or none: all questions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        question: Option<String>,
        /// A population group, or none: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<String>,
        ask: u32,
    },
}

/// Whose marks a gate looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// This standard's total.
    Total,
    /// A place in this tree, by its code.
    Node(String),
    /// Another standard's total, by its id.
    Standard(String),
}

/// A threshold below which the city may not apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    pub title: String,
    pub of: Of,
    /// Marks; what reaches them passes.
    pub at_least: Decimal,
}

/// An entry of the negative list 负面清单.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NegativeEntry {
    pub code: String,
    pub title: String,
    pub sanction: Sanction,
    /// How long an event weighs; none: for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
}

/// What an entry of the negative list costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Sanction {
    /// So many marks an event, at most `at_most` for the entry.
    Deduct {
        marks: Decimal,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_most: Option<Decimal>,
    },
    /// 停止提名.
    StopNomination,
    /// 停止荣誉称号, for so many months.
    SuspendTitle { months: u32 },
    /// 取消荣誉称号.
    CancelTitle,
}

/// Marks beyond the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bonus {
    pub at_most: Decimal,
    pub honours: Vec<Honour>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Honour {
    pub code: String,
    pub title: String,
    pub marks: Decimal,
    /// Of this kind alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Decimal>,
}

/// Another standard's total that counts in this one's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contribution {
    /// The other standard's id.
    pub standard: String,
    /// More than 0 and less than 1: 0.2 of this total is the other's, the rest its own.
    pub share: Decimal,
}
