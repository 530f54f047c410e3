//! What the county measured against its targets: filed with the reports that speak of it, a few days' figures at once.

use std::collections::HashMap;

use anyhow::Result;
use chengjing_domain::{
    clock::day_of,
    duty::{DutyTarget, task::Deed},
    id::{CampaignId, DutyId},
    plan::Comparator,
};
use chengjing_service::{
    App, Caller,
    duty::{Wanted, list},
    task::figures::NewFigure,
};
use chengjing_store::Paging;
use chrono::{DateTime, Days, Utc};
use rust_decimal::Decimal;

/// The targets of all duties that have some.
pub(super) async fn targets(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
) -> Result<HashMap<DutyId, Vec<DutyTarget>>> {
    let mut all = HashMap::new();
    let mut after = None;
    loop {
        let wanted = Wanted { has_target: Some(true), ..Wanted::default() };
        let (page, _) = list::list(app, caller, campaign, wanted, Paging { after, limit: 200 }).await?;
        all.extend(page.items.into_iter().map(|duty| (duty.id, duty.targets)));
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// What a unit files with that deed at that time: where it stands while under way, and that it is there when it reports.
/// `behind`: so many hundredths of the way it is behind others while under way.
pub(super) fn with(targets: &[DutyTarget], deed: &Deed, at: DateTime<Utc>, behind: i64) -> Vec<NewFigure> {
    // So many days ago, so many hundredths of the way from where it began to where it is to be.
    let way: &[(u64, i64)] = match deed {
        Deed::Progress { .. } => &[(63, 20), (35, 45), (7, 70)],
        Deed::Report { .. } => &[(30, 84), (2, 104)],
        _ => return Vec::new(),
    };
    let mut figures = Vec::new();
    for DutyTarget { id, target } in targets {
        // What is to be small begins at twice as much, what is to be large at half.
        let begins = match target.comparator {
            Comparator::AtMost | Comparator::LessThan => target.value * Decimal::from(2),
            Comparator::AtLeast | Comparator::MoreThan | Comparator::Exactly => {
                target.value / Decimal::from(2)
            }
        };
        for (days, part) in way {
            // Of a whole there is not more than a whole; and what is to be met exactly is met exactly.
            let whole = target.unit == "%" || target.comparator == Comparator::Exactly;
            let part = if *part < 80 { part - behind } else { *part };
            let part = if whole { part.min(100) } else { part };
            let value = begins + (target.value - begins) * Decimal::new(part, 2);
            let digits = if target.value.is_integer() && target.unit != "%" { 0 } else { 1 };
            figures.push(NewFigure {
                target: *id,
                value: value.round_dp(digits).normalize(),
                unit: None,
                source: "单位台账".into(),
                on: day_of(at) - Days::new(*days),
                corrects: None,
            });
        }
    }
    figures
}
