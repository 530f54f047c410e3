//! What others found when they assessed the county: a team of the province in the year before, and two mock assessments.

use std::collections::HashMap;

use anyhow::Result;
use chengjing_domain::{
    id::{CampaignId, SiteId},
    result::{LeafMarks, ResultKind, SiteVerdict},
    score::FactKind,
};
use chengjing_service::{
    App, Caller, Paging,
    observation::observable::observable,
    result::{NewResult, record},
    site::list::{self, SiteFilter},
    standard::assess,
};
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::history::Dice;
use crate::command::told;

/// An assessment: when it is recorded, its last day, what it was, who made it, whose document tells it, and of a hundred how
/// many it found good.
struct Assessed {
    recorded: (u32, u32),
    on: (i32, u32, u32),
    kind: ResultKind,
    covert: bool,
    team: &'static str,
    source: &'static str,
    good: u64,
}

const ASSESSED: &[Assessed] = &[
    Assessed {
        recorded: (2, 26),
        on: (2025, 11, 20),
        kind: ResultKind::Official,
        covert: true,
        team: "省测评组",
        source: "省文明办《2025年度县级文明城市测评情况通报》",
        good: 62,
    },
    Assessed {
        recorded: (4, 28),
        on: (2026, 4, 24),
        kind: ResultKind::Mock,
        covert: true,
        team: "市文明办第二组",
        source: "市文明办《一季度实地暗访反馈》",
        good: 70,
    },
    Assessed {
        recorded: (6, 27),
        on: (2026, 6, 25),
        kind: ResultKind::Mock,
        covert: false,
        team: "第三方测评机构",
        source: "第三方测评机构《模拟测评报告》",
        good: 80,
    },
];

/// Records what was told on that day.
pub(super) async fn told_on(app: &App, caller: &Caller, campaign: CampaignId, day: NaiveDate) -> Result<()> {
    for one in ASSESSED.iter().filter(|one| one.recorded == (day.month(), day.day())) {
        let Some(standard) = told(assess::list(app, caller, campaign).await)?.into_iter().next() else {
            return Ok(());
        };
        let mut dice = Dice::new(u64::from(one.on.1));
        let whole = &standard.opened.whole;
        let leaves = whole.leaves.iter().map(|leaf| {
            // In quarters of what could be had, as teams give marks.
            let lost = if dice.roll(100) < one.good { 0 } else { 1 + dice.roll(3) };
            let marks = leaf.marks * Decimal::new(100 - 25 * i64::try_from(lost).unwrap_or(0), 2);
            LeafMarks { leaf: whole.places[leaf.place].code.clone(), marks: marks.normalize() }
        });
        let leaves: Vec<LeafMarks> = leaves.collect();
        let new = NewResult {
            edition: standard.edition.id,
            on: NaiveDate::from_ymd_opt(one.on.0, one.on.1, one.on.2).unwrap_or(day),
            kind: one.kind,
            covert: one.covert,
            team: one.team.to_owned(),
            total: leaves.iter().map(|leaf| leaf.marks).sum(),
            leaves,
            verdicts: verdicts(app, caller, campaign, &mut dice, one.good).await?,
            source: one.source.to_owned(),
        };
        told(record::record(app, caller, campaign, new).await)?;
    }
    Ok(())
}

/// What a team found at every second site.
async fn verdicts(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    dice: &mut Dice,
    good: u64,
) -> Result<Vec<SiteVerdict>> {
    let page = told(list::list(app, caller, campaign, SiteFilter::default(), Paging::first(200)).await)?;
    let sites: Vec<(SiteId, String)> =
        page.items.into_iter().map(|one| (one.site.id, one.site.site_type)).step_by(2).collect();
    let criteria = told(observable(app, caller, campaign, FactKind::Visit).await)?;
    let mut by_type: HashMap<&str, Vec<_>> = HashMap::new();
    for one in criteria.iter().filter(|one| !one.words.is_empty()) {
        by_type.entry(one.site_type.as_deref().unwrap_or_default()).or_default().push(one);
    }
    let mut verdicts = Vec::new();
    for (site, site_type) in &sites {
        for one in by_type.get(site_type.as_str()).into_iter().flatten() {
            let worse = one.words.len().saturating_sub(1) as u64;
            let at = if worse == 0 || dice.roll(100) < good { 0 } else { 1 + dice.roll(worse) };
            let word = usize::try_from(at).ok().and_then(|at| one.words.get(at));
            verdicts.push(SiteVerdict {
                site: *site,
                criterion: one.about.clone(),
                verdict: word.cloned(),
                number: None,
                metres: None,
                absent: false,
            });
        }
    }
    Ok(verdicts)
}
