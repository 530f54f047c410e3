//! Campaigns: made by an administrator, run by an office.

pub mod add;
pub mod edit;
pub mod list;
pub mod look_up;
pub mod phases;

use chengjing_domain::campaign::Campaign;
use chrono::{Datelike, NaiveDate};

use crate::refusal::Faults;

const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// What a campaign is told to be.
#[derive(Debug, Clone)]
pub struct CampaignText {
    pub name: String,
    pub place: String,
    pub kind: String,
    pub year: i32,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
}

impl CampaignText {
    /// Puts it into a campaign, or says all that is wrong with it.
    pub(crate) fn put(&self, campaign: &mut Campaign) -> Result<(), crate::Refusal> {
        let mut faults = Faults::default();
        campaign.name = faults.text("name", &self.name, 100);
        campaign.place = faults.text("place", &self.place, 50);
        campaign.kind = faults.text("kind", &self.kind, 50);
        if !YEARS.contains(&self.year) {
            faults.add("year", "年份应在2000到2100之间", "a year from 2000 to 2100");
        }
        for (path, day) in [("starts_on", self.starts_on), ("ends_on", self.ends_on)] {
            if day.is_some_and(|day| !YEARS.contains(&day.year())) {
                faults.add(path, "日期应在2000年到2100年之间", "a day from the year 2000 to 2100");
            }
        }
        if self.starts_on.zip(self.ends_on).is_some_and(|(start, end)| start > end) {
            faults.add("ends_on", "结束日期早于开始日期", "it ends before it starts");
        }
        campaign.year = self.year;
        campaign.starts_on = self.starts_on;
        campaign.ends_on = self.ends_on;
        faults.end()
    }
}
