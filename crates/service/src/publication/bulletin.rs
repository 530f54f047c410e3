//! Weekly bulletins: put together once, and then frozen.

use std::collections::BTreeMap;

use chengjing_domain::{
    clock::day_of,
    duty::task::{DeedKind, StateKind, TaskState, UnitTally},
    id::{BulletinId, CampaignId, UnitId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    publication::{
        Week,
        bulletin::{Bulletin, Content, Lines, MOST_LINES, TaskLine, UnitLine, WrongWeek, may_freeze, rank},
    },
};
use chengjing_store::{
    Page, Paging, Queries, StoreError, campaign as campaigns, duty as duties, ledger,
    publication::bulletin as store,
    task::{self as tasks, Counted, Did, TaskFilter},
};
use chrono::NaiveDate;
use serde_json::json;

use super::reached::reached_in;
use crate::{App, Caller, Refusal, duty::Names};

/// The bulletins of a campaign, the latest week first.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    paging: Paging,
) -> Result<Page<Bulletin>, Refusal> {
    caller.may(Action::SeeBulletins, Resource::Campaign(campaign))?;
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            Ok(store::list(&q, campaign, &paging).await?)
        })
        .await
}

pub async fn look_up(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: BulletinId,
) -> Result<Bulletin, Refusal> {
    caller.may(Action::SeeBulletins, Resource::Campaign(campaign))?;
    let found = app.store.read(|q| async move { store::lookup(&q, campaign, id).await }).await?;
    found.ok_or(Refusal::NotFound)
}

/// Puts the bulletin of a week together and freezes it; where the week has one, that one is given, as it is.
pub async fn make(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    week_on: NaiveDate,
) -> Result<Bulletin, Refusal> {
    caller.may(Action::MakeBulletins, Resource::Campaign(campaign))?;
    let Some(week) = Week::beginning(week_on) else {
        return Err(Refusal::invalid("week_on", "应为周一的日期", "must be a Monday"));
    };
    let today = day_of(caller.now);
    let there = app.store.read(|q| async move { store::lookup_of_week(&q, campaign, week).await }).await?;
    if let Some(there) = there {
        return Ok(there);
    }
    in_time(week, today)?;
    let content = app.store.read(|q| async move { gather(&q, campaign, week, today).await }).await?;
    let caller = caller.clone();
    let id: BulletinId = caller.id("bulletin");
    app.store
        .write(move |tx| {
            let (caller, content) = (caller.clone(), content.clone());
            async move {
                // Somebody else was faster: theirs is frozen.
                if let Some(there) = store::lookup_of_week(&tx, campaign, week).await? {
                    return Ok(there);
                }
                let new = Bulletin {
                    campaign,
                    id,
                    week,
                    number: store::last_number(&tx, campaign).await? + 1,
                    as_of: today,
                    made_by: caller.actor.user,
                    made_at: caller.now,
                    content,
                    version: 1,
                };
                let added = store::add(&tx, &new).await?;
                let subject = Subject::of(campaign, SubjectKind::Bulletin, id.0);
                let told = json!({ "week_on": week.monday(), "number": added.number });
                ledger::record(&tx, caller.act(Action::MakeBulletins, subject, told)).await?;
                Ok(added)
            }
        })
        .await
}

/// Puts a bulletin together anew, as of today, while its week is not long over. It keeps its number.
pub async fn make_anew(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: BulletinId,
    seen: i64,
) -> Result<Bulletin, Refusal> {
    caller.may(Action::MakeBulletins, Resource::Campaign(campaign))?;
    let today = day_of(caller.now);
    let before = app.store.read(|q| async move { store::lookup(&q, campaign, id).await }).await?;
    let before = before.ok_or(Refusal::NotFound)?;
    if before.version != seen {
        return Err(Refusal::Stale);
    }
    in_time(before.week, today)?;
    let week = before.week;
    let content = app.store.read(|q| async move { gather(&q, campaign, week, today).await }).await?;
    let caller = caller.clone();
    let changed =
        Bulletin { as_of: today, made_by: caller.actor.user, made_at: caller.now, content, ..before };
    app.store
        .write(move |tx| {
            let (caller, changed) = (caller.clone(), changed.clone());
            async move {
                let saved = store::save(&tx, &changed).await?;
                let subject = Subject::of(campaign, SubjectKind::Bulletin, id.0);
                let told = json!({ "week_on": week.monday(), "number": saved.number });
                ledger::record(&tx, caller.act_named("bulletin.make_anew", subject, told)).await?;
                Ok(saved)
            }
        })
        .await
}

fn in_time(week: Week, today: NaiveDate) -> Result<(), Refusal> {
    may_freeze(week, today).map_err(|wrong| {
        let (zh, en) = match wrong {
            WrongWeek::NotBegun => ("这一周还没有开始", "this week has not begun"),
            WrongWeek::Over => (
                "只能汇总本周和上周：更早时哪些任务逾期已无从得知",
                "only this week and the last can be put together: what was late before is not known any more",
            ),
        };
        Refusal::invalid("week_on", zh, en)
    })
}

/// The week's figures, from the counters, and the tasks that are told one by one, from the lists' indexes.
async fn gather(
    q: &impl Queries,
    campaign: CampaignId,
    week: Week,
    today: NaiveDate,
) -> Result<Content, Refusal> {
    campaigns::lookup(q, campaign).await?.ok_or(Refusal::NotFound)?;
    let names = Names::load(q, campaign).await?;
    let next = week.next();
    let in_next =
        |day: Option<NaiveDate>| day.is_some_and(|day| next.monday() <= day && day <= next.sunday());
    let mut tallies: BTreeMap<UnitId, (UnitTally, UnitLine)> = BTreeMap::new();
    for count in tasks::counts(q, campaign, None).await? {
        let (tally, line) = tallies.entry(count.unit).or_default();
        if let Counted::In(state) = count.counted {
            tally.add(state, count.due_on, count.n, today);
            if state.is_the_units_turn() && in_next(count.due_on) {
                line.due_next += count.n;
            }
        }
    }
    for count in tasks::deed_counts(q, campaign, (week.monday(), week.sunday())).await? {
        let (_, line) = tallies.entry(count.unit).or_default();
        let Did::Deed(deed) = count.did else { continue };
        match deed {
            DeedKind::Report => line.week.reported += count.n,
            DeedKind::Confirm => line.week.confirmed += count.n,
            DeedKind::SendBack | DeedKind::Reopen => line.week.sent_back += count.n,
            DeedKind::GrantExtension => line.week.extended += count.n,
            _ => {}
        }
    }
    let mut units: Vec<UnitLine> = tallies
        .into_iter()
        .map(|(unit, (tally, line))| UnitLine {
            unit: names.unit(unit).name,
            total: tally.total(),
            confirmed: tally.confirmed,
            waiting: tally.reported,
            late: tally.late,
            missed: tally.missed,
            ..line
        })
        .filter(|line| line.total > 0)
        .collect();
    rank(&mut units);
    let total = |count: fn(&UnitLine) -> u64| units.iter().map(count).sum::<u64>();
    let (late, due_next) = (total(|unit| unit.late), total(|unit| unit.due_next));
    let of_units = TaskFilter { unit_turn: true, ..TaskFilter::default() };
    let late_filter = TaskFilter { due_to: today.pred_opt(), ..of_units.clone() };
    let next_filter = TaskFilter { due_from: Some(next.monday()), due_to: Some(next.sunday()), ..of_units };
    let back_filter = TaskFilter { state: Some(StateKind::SentBack), ..TaskFilter::default() };
    Ok(Content {
        late: lines(q, campaign, &names, &late_filter, Some(late)).await?,
        sent_back: lines(q, campaign, &names, &back_filter, None).await?,
        due_next: lines(q, campaign, &names, &next_filter, Some(due_next)).await?,
        reached: reached_in(q, campaign, week, today, &names).await?,
        units,
    })
}

/// The first tasks of a list. `all`: how many there are, where the counters know.
async fn lines(
    q: &impl Queries,
    campaign: CampaignId,
    names: &Names,
    filter: &TaskFilter,
    all: Option<u64>,
) -> Result<Lines, StoreError> {
    let limit = u64::try_from(MOST_LINES).unwrap_or(u64::MAX);
    let page = tasks::list(q, campaign, filter, &Paging { after: None, limit }).await?;
    let told = u64::try_from(page.items.len()).unwrap_or(u64::MAX);
    let all = match all {
        Some(all) => all,
        None if page.next.is_none() => told,
        // Sent back: the counters have it by day, all of which count.
        None => {
            let counts = tasks::counts(q, campaign, None).await?;
            counts.iter().filter(|count| count.counted == Counted::In(StateKind::SentBack)).map(|c| c.n).sum()
        }
    };
    let mut ids: Vec<_> = page.items.iter().map(|task| task.owed.duty).collect();
    ids.sort_unstable();
    ids.dedup();
    let briefs = duties::briefs(q, campaign, &ids).await?;
    let line = |task: &chengjing_domain::duty::task::Task| TaskLine {
        unit: names.unit(task.owed.unit).name,
        task: briefs.get(&task.owed.duty).map(|duty| duty.title.clone()).unwrap_or_default(),
        due_on: task.last_day(),
        reason: match &task.state {
            TaskState::SentBack { why, .. } => Some(why.reason.clone()),
            _ => None,
        },
    };
    Ok(Lines { items: page.items.iter().map(line).collect(), more: all.saturating_sub(told) })
}
