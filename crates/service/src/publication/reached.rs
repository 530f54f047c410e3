//! Which targets a week's figures reached.

use std::collections::{BTreeMap, HashMap};

use chengjing_domain::{
    clock::begin_of_day,
    duty::{
        Duty,
        figure::{Figure, Reached, as_of, of_whole},
        task::StateKind,
    },
    id::{CampaignId, DutyId, TargetId, TaskId, UnitId},
    plan::{Comparator, Target},
    publication::{
        Week,
        bulletin::{MOST_LINES, TargetLine},
    },
};
use chengjing_store::{Queries, duty as duties, figure as store, task as tasks};
use chrono::{DateTime, NaiveDate, Utc};

use crate::{Refusal, duty::Names, task::figures::by_unit};

/// So many figures of a week are looked at, and so many of one target.
const MOST_FIGURES: u64 = 2_000;

/// The targets that are reached now and were not before the week, by their duties' titles.
pub(super) async fn reached_in(
    q: &impl Queries,
    campaign: CampaignId,
    week: Week,
    today: NaiveDate,
    names: &Names,
) -> Result<Vec<TargetLine>, Refusal> {
    let begin = begin_of_day(week.monday());
    let filed =
        store::targets_filed(q, campaign, (begin, begin_of_day(week.next().monday())), MOST_FIGURES).await?;
    let with: Vec<TaskId> = filed.values().copied().collect();
    let mut of_duty: BTreeMap<DutyId, Vec<TargetId>> = BTreeMap::new();
    let owing = tasks::lookup_many(q, campaign, &with).await?;
    for (target, task) in &filed {
        let duty = owing.iter().find(|one| one.id == *task).map(|one| one.owed.duty);
        of_duty.entry(duty.ok_or(Refusal::NotFound)?).or_default().push(*target);
    }
    let mut lines = Vec::new();
    for (id, targets) in of_duty {
        // A duty that went takes its tasks and their figures along.
        let Some(duty) = duties::lookup(q, campaign, id).await? else { continue };
        let stored = tasks::list_of_duty(q, campaign, id).await?;
        let counting = stored.iter().filter(|one| one.task.state.kind() != StateKind::Withdrawn);
        let owners: HashMap<TaskId, UnitId> = counting.map(|one| (one.task.id, one.task.owed.unit)).collect();
        for id in targets {
            let figures = store::list_of_target(q, campaign, id, MOST_FIGURES).await?;
            lines.extend(reached(&duty, id, &owners, &figures, (begin, today), names));
        }
    }
    lines.sort_by(|one, other| (&one.task, &one.target).cmp(&(&other.task, &other.target)));
    lines.truncate(MOST_LINES);
    Ok(lines)
}

/// One target, if it is reached and was not before.
fn reached(
    duty: &Duty,
    id: TargetId,
    owners: &HashMap<TaskId, UnitId>,
    figures: &[Figure],
    (begin, today): (DateTime<Utc>, NaiveDate),
    names: &Names,
) -> Option<TargetLine> {
    // It may have been taken off the duty since.
    let target = duty.targets.iter().find(|target| target.id == id)?;
    let judged = |figures: &[Figure]| {
        let units = by_unit(today, &duty.units, target, owners, figures);
        let of_all: Vec<_> = units.iter().map(|one| (one.role, one.judgement)).collect();
        (of_whole(&of_all), units)
    };
    let (now, units) = judged(figures);
    if now != Reached::Yes || judged(&as_of(figures, begin)).0 == Reached::Yes {
        return None;
    }
    let latest = units.into_iter().filter_map(|one| Some((one.unit, one.latest?)));
    let (unit, figure) = latest.max_by_key(|(_, figure)| (figure.at, figure.id))?;
    Some(TargetLine {
        task: duty.title.clone(),
        target: in_words(&target.target),
        value: format!("{}{}", figure.value.normalize(), figure.unit),
        on: figure.on,
        unit: names.unit(unit).name,
    })
}

fn in_words(target: &Target) -> String {
    let sign = match target.comparator {
        Comparator::AtLeast => "≥",
        Comparator::AtMost => "≤",
        Comparator::MoreThan => ">",
        Comparator::LessThan => "<",
        Comparator::Exactly => "=",
    };
    format!("{} {sign} {}{}", target.subject, target.value, target.unit)
}
