//! How a campaign scored at the end of each day: kept, so that a line through months costs no more than its points.

use chengjing_domain::{
    clock::{day_of, end_of_day},
    id::{CampaignId, StandardId},
    observation::{KeptObservation, Site},
    people::policy::{Action, Resource},
    score::DayScore,
};
use chengjing_store::{
    job::{JobFailure, JobRun},
    observation, score as store, site,
    standard::assessed,
};
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::{Basis, chosen, standards_of};
use crate::{App, Caller, Refusal, daily, standard::assess::Assessing};

/// The kind of job that keeps the days of a campaign.
pub(crate) const KIND: &str = "score.days";

/// How many days are kept at once, and told at once, at most.
const MOST: u64 = 400;

/// Orders the days of every campaign: a new day has come.
pub async fn order_all(app: &App) -> Result<(), Refusal> {
    daily::order_all(app, KIND, "how the day before scored is ordered").await
}

/// Does such a job.
pub(crate) async fn work(app: App, run: JobRun) -> Result<Value, JobFailure> {
    let campaign = daily::campaign_of(&run)?;
    let kept = keep(&app, campaign).await.map_err(|refusal| JobFailure::Passing(refusal.to_string()))?;
    Ok(json!({ "days": kept }))
}

/// Keeps how a campaign scored on each day that is over and not kept yet, from the day on at which its standards were
/// attached; says how many.
pub async fn keep(app: &App, campaign: CampaignId) -> Result<usize, Refusal> {
    let now = app.now();
    let Some(last) = day_of(now).checked_sub_days(Days::new(1)) else { return Ok(0) };
    let Some(span) = load(app, campaign, last).await? else { return Ok(0) };
    // Months of days are worked out at once where a server comes to a campaign that is older than it.
    let days = tokio::task::spawn_blocking(move || span.days(campaign))
        .await
        .map_err(|_| Refusal::Internal("scoring days panicked"))?;
    let kept = days.len();
    if kept > 0 {
        app.store
            .write_unrecorded("how days scored is worked out from what was observed", move |tx| {
                let days = days.clone();
                async move { store::save_days(&tx, &days).await }
            })
            .await?;
    }
    Ok(kept)
}

/// Days that are to be scored, and what they are scored from.
struct Span {
    first: NaiveDate,
    last: NaiveDate,
    standards: Vec<Assessing>,
    /// From which day on each standard is wanted.
    wanted: Vec<(StandardId, NaiveDate)>,
    sites: Vec<Site>,
    all: Vec<KeptObservation>,
}

impl Span {
    fn days(&self, campaign: CampaignId) -> Vec<DayScore> {
        let mut days = Vec::new();
        for day in self.first.iter_days().take_while(|day| *day <= self.last) {
            let basis = Basis::at(end_of_day(day), &self.sites, &self.all);
            for (standard, _) in self.wanted.iter().filter(|(_, from)| *from <= day) {
                let Some((_, card)) = basis.cards(&self.standards, *standard).pop() else { continue };
                let own = self.standards.iter().find(|one| one.standard == *standard);
                days.extend(own.map(|own| DayScore {
                    campaign,
                    standard: *standard,
                    edition: own.edition.id,
                    day,
                    total: card.total,
                    marks: card.marks,
                }));
            }
        }
        days
    }
}

/// The days up to the last one that are not kept yet; None where all are.
async fn load(app: &App, campaign: CampaignId, last: NaiveDate) -> Result<Option<Span>, Refusal> {
    let here = app.clone();
    app.store
        .read(|q| async move {
            let standards = standards_of(&here, &q, campaign).await?;
            let earliest = last.checked_sub_days(Days::new(MOST)).unwrap_or(last);
            let mut wanted = Vec::new();
            for row in assessed::list(&q, campaign).await? {
                let known = store::list_days(&q, campaign, row.id, (earliest, last), 1).await?;
                let next = known.last().and_then(|day| day.day.succ_opt());
                wanted.push((row.id, next.unwrap_or_else(|| day_of(row.since)).max(earliest)));
            }
            let Some(first) = wanted.iter().map(|(_, from)| *from).min().filter(|from| *from <= last) else {
                return Ok(None);
            };
            let sites = site::list_all(&q, campaign).await?;
            let all = observation::list_all_at(&q, campaign, end_of_day(last)).await?;
            Ok(Some(Span { first, last, standards, wanted, sites, all }))
        })
        .await
}

/// How a campaign scored on the days that are over, by one of its standards, the earliest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    standard: Option<StandardId>,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
) -> Result<Vec<DayScore>, Refusal> {
    caller.may(Action::SeeScore, Resource::Campaign(campaign))?;
    let here = app.clone();
    app.store
        .read(|q| async move {
            let standards = standards_of(&here, &q, campaign).await?;
            let own = chosen(&standards, standard)?.standard;
            let far = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
            let between = (from.unwrap_or(far(1900)), to.unwrap_or(far(2200)));
            Ok(store::list_days(&q, campaign, own, between, MOST).await?)
        })
        .await
}
