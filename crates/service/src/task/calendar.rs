//! The days on which tasks are due, for the calendar on somebody's phone or desk.

use std::{collections::BTreeMap, sync::Arc};

use chengjing_domain::{
    clock::day_of,
    id::{CampaignId, DutyId},
    people::{
        Actor,
        policy::{self, Action},
    },
};
use chengjing_press::DueDay;
use chengjing_store::{
    Paging, Read, campaign as campaigns, duty, people as store,
    task::{self, TaskFilter},
};
use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::{App, Refusal, people::secret_hash};

/// What was due so many days ago and is not done is still shown.
const BACK: Days = Days::new(60);
/// And what is due within so many.
const AHEAD: Days = Days::new(400);
/// More tasks than this are not looked at: nobody's calendar shows as much.
const MOST: usize = 5_000;

/// The calendar behind a secret link: what its maker's units still have to do, by day; for who sees the whole campaign,
/// each duty once with all units that have not done it.
///
/// # Errors
/// [`Refusal::NotFound`] for any secret that is not a calendar's, is revoked, or whose maker is gone.
pub async fn feed(app: &App, secret: &str) -> Result<String, Refusal> {
    let (hash, now) = (secret_hash(secret), app.now());
    let read = app.store.read(|q| async move {
        let found = store::lookup_token(&q, &hash).await?;
        let found = found.filter(|(token, _)| token.limits.calendar && token.works(now));
        let (token, actor) = found.ok_or(Refusal::NotFound)?;
        let actor = Arc::new(actor);
        let mut of: Vec<CampaignId> = Vec::new();
        for campaign in actor.grants.iter().filter_map(|grant| grant.scope.campaign()) {
            if !of.contains(&campaign) {
                of.push(campaign);
            }
        }
        let mut days = Vec::new();
        for campaign in of {
            days.extend(of_campaign(&q, &actor, campaign, day_of(now)).await?);
        }
        let used = token.used_at.is_none_or(|at| now - at > chrono::Duration::minutes(1)).then_some(token.id);
        Ok::<_, Refusal>((chengjing_press::calendar(&token.name, &days), used))
    });
    let (text, used) = read.await?;
    if let Some(id) = used {
        let touch = move |tx| async move { store::touch_token(&tx, id, now).await };
        if let Err(error) = app.store.write_unrecorded("a calendar was fetched", touch).await {
            tracing::warn!(%error, "a calendar's link could not be marked as used");
        }
    }
    Ok(text)
}

/// What is due on one day of one duty.
struct Due {
    units: Vec<(String, u8)>,
    changed_at: DateTime<Utc>,
}

async fn of_campaign(
    q: &Read,
    actor: &Actor,
    campaign: CampaignId,
    today: NaiveDate,
) -> Result<Vec<DueDay>, Refusal> {
    let any_unit = match policy::visible(actor, Action::SeeTasks, campaign) {
        policy::Visible::All => None,
        policy::Visible::OfUnits(units) => Some(campaigns::list_units_below(q, campaign, &units).await?),
        policy::Visible::Nothing => return Ok(Vec::new()),
    };
    let filter = TaskFilter {
        any_unit,
        unit_turn: true,
        due_from: Some(today - BACK),
        due_to: Some(today + AHEAD),
        ..TaskFilter::default()
    };
    let names = campaigns::names(q, campaign).await?;
    let mut by_day: BTreeMap<(NaiveDate, DutyId), Due> = BTreeMap::new();
    let (mut paging, mut seen) = (Paging::first(500), 0);
    loop {
        let page = task::list(q, campaign, &filter, &paging).await?;
        seen += page.items.len();
        for task in page.items {
            let Some(day) = task.last_day() else { continue };
            let name = names.units.get(&task.owed.unit).cloned().unwrap_or_default();
            let due = by_day
                .entry((day, task.owed.duty))
                .or_insert_with(|| Due { units: Vec::new(), changed_at: task.changed_at });
            due.units.push((name, task.percent));
            due.changed_at = due.changed_at.max(task.changed_at);
        }
        match page.next {
            Some(next) if seen < MOST => paging = Paging::after(next, 500),
            _ => break,
        }
    }
    let mut duties: Vec<DutyId> = by_day.keys().map(|(_, duty)| *duty).collect();
    duties.sort_unstable();
    duties.dedup();
    let mut briefs = std::collections::HashMap::new();
    for some in duties.chunks(500) {
        briefs.extend(duty::briefs(q, campaign, some).await?);
    }
    let told = |((day, id), due): ((NaiveDate, DutyId), Due)| {
        let title = briefs.get(&id).map(|brief| brief.title.clone()).unwrap_or_default();
        let late = if day < today { "【逾期】" } else { "" };
        let whose = match &due.units[..] {
            [(one, _)] => one.clone(),
            several => format!("{}个单位", several.len()),
        };
        let lines: Vec<String> =
            due.units.iter().map(|(name, percent)| format!("{name} {percent}%")).collect();
        DueDay {
            id: format!("{id}-{day}@chengjing"),
            title: format!("{late}{title}({whose})"),
            text: lines.join("\n"),
            day,
            changed_at: due.changed_at,
        }
    };
    Ok(by_day.into_iter().map(told).collect())
}
