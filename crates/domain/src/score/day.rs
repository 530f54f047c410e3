use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Range;
use crate::id::{CampaignId, EditionId, StandardId};

/// How a campaign scored at the end of a day, by the edition that it was assessed by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayScore {
    pub campaign: CampaignId,
    pub standard: StandardId,
    pub edition: EditionId,
    pub day: NaiveDate,
    pub total: Range,
    /// The marks of the whole.
    pub marks: Decimal,
}
