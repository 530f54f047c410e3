//! Figures against the targets of a duty: filed with a report or by themselves, corrected, seen over time.

use std::collections::HashMap;

use chengjing_domain::{
    duty::{
        Duty, DutyTarget, DutyUnit,
        figure::{
            Figure, FigureFault, FigureRefusal, Judgement, Reached, Series, of_units, of_whole, series,
        },
        task::{Party, StateKind, Task},
    },
    id::{CampaignId, DutyId, FigureId, TargetId, TaskId, UnitId},
    ledger::{Author, Subject, SubjectKind},
    people::policy::Action,
    plan::UnitRole,
};
use chengjing_store::{Tx, figure as store, ledger, task as tasks};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::json;

use super::{
    Named, Reader,
    look_up::{TaskStory, story},
    must,
};
use crate::{App, Caller, Refusal, duty as duties, duty::Names, refusal::Faults};

/// Figures that one act may bring.
pub const MOST: usize = 50;

/// How many figures of one target are looked at: those of the latest days.
const MOST_OF_TARGET: u64 = 2_000;

/// A figure that somebody files.
#[derive(Debug, Clone)]
pub struct NewFigure {
    pub target: TargetId,
    pub value: Decimal,
    /// None: in the target's own unit of measure.
    pub unit: Option<String>,
    pub source: String,
    /// The day that it tells of.
    pub on: NaiveDate,
    /// The figure of the same target and task that it takes the place of.
    pub corrects: Option<FigureId>,
}

/// Files figures with a task, inside the write of the act that brings them; that act's entry in the ledger takes them
/// up. All faults at once, each at its place in `figures`.
pub(super) async fn file(
    tx: &Tx,
    caller: &Caller,
    (task, duty): (&Task, &Duty),
    new: &[NewFigure],
) -> Result<(), Refusal> {
    if new.is_empty() {
        return Ok(());
    }
    if new.len() > MOST {
        let (zh, en) = (format!("一次最多填报{MOST}个数据"), format!("at most {MOST} figures at a time"));
        return Err(Refusal::invalid("figures", zh, en));
    }
    if !Figure::can_be_filed(task.state.kind()) {
        return Err(Refusal::conflict("请先接收任务，再填报数据", "accept the task before filing figures"));
    }
    let today = chengjing_domain::clock::day_of(caller.now);
    let (mut figures, mut faults) = (Vec::new(), Faults::default());
    for (index, one) in new.iter().enumerate() {
        let place = |field: &str| format!("figures[{index}].{field}");
        let Some(target) = duty.targets.iter().find(|target| target.id == one.target) else {
            faults.add(place("target_id"), "任务没有这个指标", "the duty has no such target");
            continue;
        };
        let figure = Figure {
            campaign: duty.campaign,
            id: FigureId(caller.ids.uuid(caller.now)),
            target: one.target,
            task: task.id,
            value: one.value,
            unit: one.unit.clone().unwrap_or_else(|| target.target.unit.clone()),
            source: one.source.clone(),
            on: one.on,
            by: Author::User(caller.actor.user),
            at: caller.now,
            superseded_by: None,
        };
        match figure.checked(today) {
            Ok(figure) => figures.push((index, figure, one.corrects)),
            Err(all) => all.into_iter().for_each(|fault| {
                let (field, zh, en) = told(fault);
                faults.add(place(field), zh, en);
            }),
        }
    }
    let mut corrected = Vec::new();
    for (index, figure, corrects) in &figures {
        let Some(corrects) = corrects else { continue };
        let place = format!("figures[{index}].corrects");
        let old = store::lookup(tx, duty.campaign, *corrects).await?.filter(|old| old.task == task.id);
        let Some(old) = old else {
            faults.add(place, "没有这个数据", "there is no such figure");
            continue;
        };
        match old.superseded(figure) {
            Ok(old) => corrected.push(old),
            Err(FigureRefusal::AlreadySuperseded(_)) => {
                faults.add(
                    place,
                    "这个数据已更正过，请更正最新的一个",
                    "it was corrected already: correct the newest one",
                );
            }
            Err(FigureRefusal::Itself | FigureRefusal::OfSomethingElse) => {
                faults.add(place, "只能更正同一指标的数据", "it is of another target");
            }
        }
    }
    faults.end()?;
    for (_, figure, _) in &figures {
        store::add(tx, figure).await?;
    }
    for old in &corrected {
        store::save_superseded(tx, old).await?;
    }
    Ok(())
}

fn told(fault: FigureFault) -> (&'static str, String, String) {
    match fault {
        FigureFault::NoSource => ("source", "请填写数据来源".into(), "say where it was taken from".into()),
        FigureFault::SourceTooLong(_) => ("source", "数据来源太长".into(), fault.to_string()),
        FigureFault::UnitTooLong(_) => ("unit", "计量单位太长".into(), fault.to_string()),
        FigureFault::Future(day) => ("on", format!("{day}还没有到"), fault.to_string()),
    }
}

/// Files figures by themselves: after the report, or in place of wrong ones. The unit that owes, the lead unit and the
/// office can.
pub async fn record(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: TaskId,
    new: Vec<NewFigure>,
) -> Result<TaskStory, Refusal> {
    if new.is_empty() {
        return Err(Refusal::invalid("figures", "请填写数据", "at least one figure"));
    }
    let caller = caller.clone();
    app.store
        .write_keyed(move |tx| {
            let (caller, new) = (caller.clone(), new.clone());
            async move {
                let reader = Reader::load(&tx, &caller, campaign).await?;
                let (stored, duty) = must(&tx, &caller, &reader, Action::ActOnTasks, (campaign, id)).await?;
                let parties = reader.parties(&stored.task, &duty.units);
                if !parties.iter().any(|party| matches!(party, Party::Owner | Party::Lead | Party::Office)) {
                    return Err(Refusal::Forbidden);
                }
                file(&tx, &caller, (&stored.task, &duty), &new).await?;
                let subject = Subject::of(campaign, SubjectKind::Task, id.0);
                let details = json!({ "figures": details(&duty, &new) });
                ledger::record(&tx, caller.act_named("task.figures", subject, details)).await?;
                story(&tx, &reader, stored.task, duty).await
            }
        })
        .await
}

/// What the ledger tells of figures: what they measure, and how much it is.
pub(super) fn details(duty: &Duty, new: &[NewFigure]) -> Vec<serde_json::Value> {
    let subject = |target: TargetId| {
        duty.targets.iter().find(|own| own.id == target).map(|own| own.target.subject.clone())
    };
    new.iter()
        .map(|one| {
            json!({
                "target": subject(one.target),
                "value": one.value.to_string(),
                "on": one.on,
                "source": one.source,
                "corrects": one.corrects,
            })
        })
        .collect()
}

/// One unit's figures against a target.
#[derive(Debug)]
pub struct OfUnit {
    pub unit: UnitId,
    pub role: UnitRole,
    pub judgement: Judgement,
    pub series: Series,
    /// The figure that the judgement rests on.
    pub latest: Option<Figure>,
}

/// A target with the figures that the caller may see.
#[derive(Debug)]
pub struct TargetFigures {
    pub target: DutyTarget,
    /// Of the duty as a whole; None: the caller does not see all of it.
    pub reached: Option<Reached>,
    /// In the order of the duty's units.
    pub units: Vec<OfUnit>,
}

/// How the targets of a duty stand and how they came there.
pub async fn of_duty(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: DutyId,
) -> Result<Named<Vec<TargetFigures>>, Refusal> {
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let duty = duties::must(&q, &caller, Action::SeeDuties, campaign, id).await?;
            let reader = Reader::load(&q, &caller, campaign).await?;
            let stored = tasks::list_of_duty(&q, campaign, id).await?;
            let mut all: Vec<Task> = stored.into_iter().map(|stored| stored.task).collect();
            all.retain(|task| task.state.kind() != StateKind::Withdrawn);
            let there = all.len();
            all.retain(|task| reader.sees(task, &duty.units));
            let whole = all.len() == there;
            let owners: HashMap<TaskId, UnitId> = all.iter().map(|task| (task.id, task.owed.unit)).collect();
            let mut targets = Vec::with_capacity(duty.targets.len());
            for target in &duty.targets {
                let figures = store::list_of_target(&q, campaign, target.id, MOST_OF_TARGET).await?;
                let units = by_unit(reader.today, &duty.units, target, &owners, &figures);
                let judged: Vec<_> = units.iter().map(|one| (one.role, one.judgement)).collect();
                let reached = whole.then(|| of_whole(&judged));
                targets.push(TargetFigures { target: target.clone(), reached, units });
            }
            Ok((targets, Names::load(&q, campaign).await?))
        })
        .await
}

pub(crate) fn by_unit(
    today: NaiveDate,
    units: &[DutyUnit],
    target: &DutyTarget,
    owners: &HashMap<TaskId, UnitId>,
    figures: &[Figure],
) -> Vec<OfUnit> {
    let judged = of_units(&target.target, units, owners, figures, today);
    judged
        .into_iter()
        .map(|(unit, role, judgement)| {
            let own = figures.iter().filter(|figure| owners.get(&figure.task) == Some(&unit));
            let own: Vec<Figure> = own.cloned().collect();
            let latest = own.iter().find(|figure| Some(figure.id) == judgement.figure).cloned();
            OfUnit { unit, role, series: series(&target.target, &own), judgement, latest }
        })
        .collect()
}
