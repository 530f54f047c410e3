use std::collections::HashMap;

use bytes::Bytes;
use chengjing_domain::{
    clock,
    duty::{
        Duty,
        task::{StateKind, Task, joined},
    },
    id::{CampaignId, DutyId, JobId, UnitId, UserId},
    ledger::{Subject, SubjectKind},
    people::policy::Action,
    plan::UnitRole,
};
use chengjing_press::{Format, Progress, TaskRow, TaskTable};
use chengjing_store::{
    Paging, campaign as campaigns, duty as store,
    job::{self, JobFailure, JobRun, NewJob},
    ledger, task as tasks,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Names, Wanted, filter};
use crate::{
    App, Caller, Refusal,
    job::{Step, TOO_MANY},
};

/// The kind of job that prints a task decomposition table.
pub const KIND: &str = "task_table.print";

/// More than an office can print; beyond it the filter must be narrowed.
pub(crate) const MOST: usize = 20_000;

/// What such a job is told; a stored format.
#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    campaign: CampaignId,
    /// Whose it is: nobody else sees the job or gets the file.
    owner: UserId,
    wanted: Wanted,
    /// The units that the owner's scope covered when it was ordered.
    within: Option<Vec<UnitId>>,
    note: Option<String>,
    format: String,
    /// The day that is printed on it.
    as_of: NaiveDate,
}

/// Orders 任务分解及进度表 of exactly what is filtered and the caller may see; a job prints it. That it was taken out stands in
/// the ledger.
pub async fn order(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    wanted: Wanted,
    note: Option<String>,
    format: Format,
) -> Result<JobId, Refusal> {
    let caller = caller.clone();
    let id: JobId = caller.id("job");
    app.store
        .write(move |tx| {
            let (caller, wanted, note) = (caller.clone(), wanted.clone(), note.clone());
            async move {
                let filter = filter(&tx, &caller.actor, Action::ExportDuties, campaign, &wanted).await?;
                let told = json!({ "format": format.ending(), "note": note, "wanted": wanted });
                let payload = Payload {
                    campaign,
                    owner: caller.actor.user,
                    wanted,
                    within: filter.any_unit,
                    note,
                    format: format.ending().to_owned(),
                    as_of: clock::day_of(caller.now),
                };
                let new = NewJob {
                    id,
                    kind: KIND.to_owned(),
                    payload_version: 1,
                    payload: json!(payload),
                    dedupe: None,
                    campaign: Some(campaign),
                    created_at: caller.now,
                    run_at: caller.now,
                    attempts_allowed: 3,
                };
                if job::lookup(&tx, id).await?.is_none() {
                    job::add(&tx, &new).await?;
                    let subject = Subject::of(campaign, SubjectKind::Campaign, campaign.0);
                    ledger::record(&tx, caller.act(Action::ExportDuties, subject, told)).await?;
                }
                Ok(id)
            }
        })
        .await
}

/// Prints a table that was ordered and lays it out for its owner.
pub async fn print(app: App, run: JobRun) -> Result<Value, JobFailure> {
    let payload: Payload = serde_json::from_value(run.job.payload.clone())
        .map_err(|error| JobFailure::Final(format!("the job's payload is not understood: {error}")))?;
    let format = Format::from_ending(&payload.format)
        .ok_or_else(|| JobFailure::Final("the job names no format".to_owned()))?;
    run.report(Step::Collect.at(0, 3)).await?;
    let table = collect(&app, payload).await.map_err(|refusal| JobFailure::Passing(refusal.to_string()))?;
    let Some(table) = table else { return Err(JobFailure::Final(TOO_MANY.to_owned())) };
    run.report(Step::Print.at(1, 3)).await?;
    let (name, count) = (format!("{}.{}", table.title, format.ending()), table.rows.len());
    let bytes = tokio::task::spawn_blocking(move || table.print(format))
        .await
        .map_err(|_| JobFailure::Final("printing panicked".to_owned()))?
        .map_err(|error| JobFailure::Final(format!("the table could not be printed: {error}")))?;
    run.report(Step::LayOut.at(2, 3)).await?;
    let result = json!({ "name": name, "duties": count, "size": bytes.len() });
    app.store.files().lay_out(run.job.id, Bytes::from(bytes)).await?;
    Ok(result)
}

/// The table's rows; None where there are too many.
async fn collect(app: &App, payload: Payload) -> Result<Option<TaskTable>, Refusal> {
    let Payload { campaign, wanted, within, note, as_of, .. } = payload;
    let filter = wanted.within(within);
    app.store
        .read(|q| async move {
            let own = campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let names = Names::load(&q, campaign).await?;
            let (mut rows, mut after) = (Vec::new(), None);
            loop {
                let page = store::list_whole(&q, campaign, &filter, &Paging { after, limit: 1_000 }).await?;
                rows.extend(page.items);
                after = page.next;
                if rows.len() > MOST {
                    return Ok(None);
                }
                if after.is_none() {
                    break;
                }
            }
            // A table follows the plan, not the calendar.
            rows.sort_by(|one: &Duty, other| {
                one.import.cmp(&other.import).then(one.ordinal.cmp(&other.ordinal))
            });
            let ids: Vec<DutyId> = rows.iter().map(|duty| duty.id).collect();
            let mut tasks: HashMap<DutyId, Vec<Task>> = HashMap::new();
            for task in tasks::list_of_duties(&q, campaign, &ids).await? {
                // Whoever sees only some units sees what became of theirs.
                if filter.any_unit.as_ref().is_none_or(|within| within.contains(&task.owed.unit)) {
                    tasks.entry(task.owed.duty).or_default().push(task);
                }
            }
            let whole = filter.any_unit.is_none();
            let rows = rows.iter().map(|duty| {
                let tasks = tasks.remove(&duty.id).unwrap_or_default();
                TaskRow { progress: progress(duty, &tasks, whole, &names, as_of), ..row(duty, &names) }
            });
            let rows = rows.collect();
            let title = format!("{}任务分解及进度表", own.name);
            Ok(Some(TaskTable { title, note, office: own.place, as_of, rows }))
        })
        .await
}

/// What became of a duty; `whole`: the tasks are those of all of its units.
fn progress(duty: &Duty, tasks: &[Task], whole: bool, names: &Names, as_of: NaiveDate) -> Progress {
    if duty.recurrence.is_some() {
        let count = |wanted: fn(StateKind) -> bool| {
            tasks.iter().filter(|task| task.owed.occurrence.is_some() && wanted(task.state.kind())).count()
        };
        let done = count(|state| matches!(state, StateKind::Reported | StateKind::Confirmed));
        return Progress {
            dates: Some((done, count(|state| state == StateKind::Missed))),
            ..Progress::default()
        };
    }
    let standing = joined(tasks, if whole { &duty.units } else { &[] });
    let late = tasks.iter().filter(|task| task.is_overdue(as_of)).map(|task| names.unit(task.owed.unit).name);
    Progress {
        units: standing.counting,
        reported: standing.reported + standing.confirmed,
        confirmed: standing.confirmed,
        percent: standing.percent,
        late: late.collect(),
        dates: None,
    }
}

fn row(duty: &Duty, names: &Names) -> TaskRow {
    let units = |role| {
        let mut own: Vec<String> = Vec::new();
        for unit in names.units(&duty.units).into_iter().filter(|unit| unit.role == role) {
            // The plan's own word for a group, once, in place of its members.
            let name = unit.via.unwrap_or(unit.unit).name;
            if !own.contains(&name) {
                own.push(name);
            }
        }
        own
    };
    TaskRow {
        part: duty.part.clone(),
        number: duty.path.iter().chain(&duty.number).cloned().collect::<Vec<_>>().join(" "),
        title: duty.title.clone(),
        text: duty.text.clone(),
        targets: duty.targets.iter().map(|target| target.target.clone()).collect(),
        leads: duty.leads.clone(),
        lead_units: units(UnitRole::Lead),
        responsible_units: units(UnitRole::Responsible),
        support_units: units(UnitRole::Support),
        start: duty.start,
        due: duty.due,
        recurrence: duty.recurrence,
        phase: duty.phase.and_then(|phase| names.phase(phase).map(|(_, title)| title.to_owned())),
        initiative: duty
            .initiative
            .and_then(|initiative| names.initiative(initiative).map(|(_, name)| name.to_owned())),
        progress: Progress::default(),
    }
}
