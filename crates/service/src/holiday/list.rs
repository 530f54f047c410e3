use std::collections::BTreeMap;

use chengjing_domain::{
    clock::day_of,
    duty::workdays::Calendar,
    people::policy::{Action, Resource},
};
use chengjing_store::{Paging, campaign as campaigns, setting};
use chrono::Datelike;

use super::{UNDER, YearSeen, of_stored};
use crate::{App, Caller, Refusal};

/// How many years one campaign can want at most: who typed a day of another century wants no list of it.
const MOST_WANTED: i32 = 10;

/// The years whose holidays are known, and those from now on that some campaign needs or that come next, the newest
/// first.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<YearSeen>, Refusal> {
    caller.may(Action::SeeHolidays, Resource::System)?;
    let now = day_of(caller.now).year();
    app.store
        .read(|q| async move {
            let mut years: BTreeMap<i32, (Option<String>, i64)> = BTreeMap::new();
            let shipped: Vec<i32> = Calendar::shipped().years().map(|year| year.year).collect();
            for year in shipped.into_iter().chain([now, now + 1]) {
                years.entry(year).or_default();
            }
            // No campaign's name is told, only that a year is needed.
            let mut after = None;
            loop {
                let page = campaigns::list(&q, None, &Paging { after, limit: 200 }).await?;
                for end in page.items.iter().filter_map(|campaign| campaign.ends_on) {
                    for year in now..=end.year().min(now + MOST_WANTED) {
                        years.entry(year).or_default();
                    }
                }
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            for (key, value, version) in setting::list_under(&q, UNDER).await? {
                if let Ok(year) = key.trim_start_matches(UNDER).parse() {
                    years.insert(year, (Some(value), version));
                }
            }
            let mut all = Vec::with_capacity(years.len());
            for (year, (value, version)) in years.into_iter().rev() {
                all.push(of_stored(&q, year, value.as_deref(), version).await?);
            }
            Ok(all)
        })
        .await
}
