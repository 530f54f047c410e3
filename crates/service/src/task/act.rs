use chengjing_domain::{
    attachment::AttachedTo,
    duty::{
        Duty, DutyUnit,
        task::{Act, Deed, Done, Owed, Party, Task, perform},
    },
    id::{AttachmentId, CampaignId, StepId, TaskId, UnitId},
    ledger::{Author, Subject, SubjectKind},
    people::policy::Action,
    plan::UnitRole,
};
use chengjing_store::{
    Tx, campaign as campaigns, duty, ledger,
    task::{self as store, StoredTask},
};
use serde_json::{Value, json};

use super::{
    Reader,
    figures::{self, NewFigure, file},
    look_up::{TaskStory, story},
    must,
    settle::save_duty,
    words::refused,
};
use crate::{App, Caller, Refusal, attachment::attach::attach, photo, unit::CLOSED};

/// What comes with a deed.
#[derive(Debug, Clone, Default)]
pub struct Brought {
    /// What the caller uploaded as proof of it.
    pub files: Vec<AttachmentId>,
    pub figures: Vec<NewFigure>,
}

/// Does something to a task. `seen`: the version that the caller saw.
pub async fn act(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: TaskId,
    seen: i64,
    (deed, brought): (Deed, Brought),
) -> Result<TaskStory, Refusal> {
    let caller = caller.clone();
    app.store
        .write_keyed(move |tx| {
            let (caller, deed, brought) = (caller.clone(), deed.clone(), brought.clone());
            async move {
                let reader = Reader::load(&tx, &caller, campaign).await?;
                let (before, duty) = must(&tx, &caller, &reader, Action::ActOnTasks, (campaign, id)).await?;
                if before.task.version != seen {
                    return Err(Refusal::Stale);
                }
                check_units(&tx, campaign, &deed).await?;
                owner_must_be_open(&tx, &before.task).await?;
                let party = reader.party(&before.task, &duty.units, &deed).ok_or(Refusal::Forbidden)?;
                if matches!(deed, Deed::Report { .. }) && party == Party::Owner {
                    lead_reports_last(&tx, &before.task, &duty).await?;
                }
                let mut details = told(&tx, &deed, campaign).await?;
                let kind = deed.kind();
                let mut done = done(&caller, &before.task, deed, party)?;
                done.step.files = each_once(&brought.files);
                let after = store::save(&tx, &before, &done).await?;
                attach(&tx, &caller, campaign, &brought.files, AttachedTo::Task(id)).await?;
                photo::judge::order(&tx, &caller, campaign, &brought.files).await?;
                file(&tx, &caller, (&after.task, &duty), &brought.figures).await?;
                if !brought.figures.is_empty() {
                    details["figures"] = json!(figures::details(&duty, &brought.figures));
                }
                if let Some(owed) = done.make {
                    take_over(&tx, &caller, &duty, &before, owed).await?;
                }
                let subject = Subject::of(campaign, SubjectKind::Task, id.0);
                ledger::record(&tx, caller.act_named(&format!("task.{}", kind.code()), subject, details))
                    .await?;
                // Whoever answered a call for help, or gave a task away, may see it no longer, but what they did.
                let duty = duty::lookup(&tx, campaign, duty.id).await?.ok_or(Refusal::Stale)?;
                story(&tx, &reader, after.task, duty).await
            }
        })
        .await
}

fn each_once(files: &[AttachmentId]) -> Vec<AttachmentId> {
    let first = |(at, id): &(usize, &AttachmentId)| !files[..*at].contains(id);
    files.iter().enumerate().filter(first).map(|(_, id)| *id).collect()
}

/// What the deed does to the task, if the domain lets it.
pub(super) fn done(caller: &Caller, task: &Task, deed: Deed, party: Party) -> Result<Done, Refusal> {
    let act = Act {
        step: StepId(caller.ids.uuid(caller.now)),
        by: Author::User(caller.actor.user),
        party,
        at: caller.now,
        today: chengjing_domain::clock::day_of(caller.now),
    };
    perform(task.clone(), deed, &act).map_err(refused)
}

/// The unit that a deed names is one of the campaign's.
async fn check_units(tx: &Tx, campaign: CampaignId, deed: &Deed) -> Result<(), Refusal> {
    let named = match deed {
        Deed::ReturnAsNotOurs { proposed, .. } => *proposed,
        Deed::Reassign { to, .. } => Some(*to),
        Deed::AskHelp { of, .. } => Some(*of),
        _ => None,
    };
    let Some(unit) = named else { return Ok(()) };
    match campaigns::lookup_unit(tx, campaign, unit).await? {
        None => Err(Refusal::invalid("unit_id", "没有这个单位", "there is no such unit")),
        Some(unit) if unit.closed_at.is_some() => Err(Refusal::invalid("unit_id", CLOSED.0, CLOSED.1)),
        Some(_) => Ok(()),
    }
}

/// Nothing begins again for a unit that is no more.
async fn owner_must_be_open(tx: &Tx, task: &Task) -> Result<(), Refusal> {
    let unit = campaigns::lookup_unit(tx, task.owed.campaign, task.owed.unit).await?;
    if unit.is_some_and(|unit| unit.closed_at.is_some()) {
        return Err(Refusal::conflict(
            "承担单位已撤销，这件任务只能查看",
            "The unit that had this task is closed; it can only be looked at",
        ));
    }
    Ok(())
}

/// The lead unit joins what the others report: its own report says that the whole is done.
async fn lead_reports_last(tx: &Tx, task: &Task, duty: &Duty) -> Result<(), Refusal> {
    if task.owed.role != UnitRole::Lead {
        return Ok(());
    }
    let stored = store::list_of_duty(tx, task.owed.campaign, duty.id).await?;
    let same_date = stored.into_iter().map(|stored| stored.task);
    let tasks: Vec<Task> = same_date.filter(|other| other.owed.occurrence == task.owed.occurrence).collect();
    let standing = chengjing_domain::duty::task::joined(&tasks, &duty.units);
    let waiting: Vec<UnitId> =
        standing.waiting_for.into_iter().filter(|unit| *unit != task.owed.unit).collect();
    if standing.lead_may_report || waiting.is_empty() {
        return Ok(());
    }
    let names = campaigns::names(tx, task.owed.campaign).await?;
    let of = |unit: &UnitId| names.units.get(unit).cloned().unwrap_or_default();
    let waiting: Vec<String> = waiting.iter().map(of).collect();
    Err(Refusal::conflict(
        format!("还有责任单位未上报：{}。牵头单位在其全部上报后再上报", waiting.join("、")),
        format!("Not all units have reported: {}. The lead unit reports after them", waiting.join(", ")),
    ))
}

/// Another unit owes it from now on: the duty names it in place of the old one, and it gets a task of its own.
async fn take_over(
    tx: &Tx,
    caller: &Caller,
    duty: &Duty,
    before: &StoredTask,
    owed: Owed,
) -> Result<(), Refusal> {
    let (from, to) = (before.task.owed.unit, owed.unit);
    if duty.units.iter().any(|unit| unit.unit == to) {
        return Err(Refusal::invalid("unit_id", "该单位已承担这项任务", "that unit has this duty already"));
    }
    if owed.occurrence.is_some() {
        let task = Task::new(TaskId(caller.ids.uuid(caller.now)), owed, caller.now);
        return Ok(store::add_many(tx, &[task]).await?);
    }
    let swap = |unit: &DutyUnit| match unit.unit == from {
        true => DutyUnit { unit: to, via: None, ..*unit },
        false => *unit,
    };
    let units = duty.units.iter().map(swap).collect();
    let changed = Duty { units, ..duty.clone() };
    // A unit that had begun it before it was taken off goes on where it was.
    save_duty(tx, caller, duty, &changed, "改派").await?;
    Ok(())
}

/// What the ledger tells of it beside who and when.
async fn told(tx: &Tx, deed: &Deed, campaign: CampaignId) -> Result<Value, Refusal> {
    let names = campaigns::names(tx, campaign).await?;
    let mut details = serde_json::to_value(deed).unwrap_or_default();
    if let Some(details) = details.as_object_mut() {
        details.remove("deed");
        details.retain(|_, value| !value.is_null());
        for key in ["proposed", "to", "of"] {
            let unit = details.get(key).and_then(Value::as_str).and_then(|id| id.parse::<UnitId>().ok());
            if let Some(name) = unit.and_then(|unit| names.units.get(&unit)) {
                details.insert(key.to_owned(), json!(name));
            }
        }
    }
    Ok(details)
}
