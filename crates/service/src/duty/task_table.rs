use chengjing_domain::{
    duty::Duty,
    id::CampaignId,
    ledger::{Subject, SubjectKind},
    people::policy::Action,
    plan::UnitRole,
};
use chengjing_press::{Format, TaskRow, TaskTable};
use chengjing_store::{Paging, campaign as campaigns, duty as store, ledger};
use serde_json::json;

use super::{Names, Wanted, filter};
use crate::{App, Caller, Refusal};

/// More than an office can print; beyond it the filter must be narrowed.
const MOST: usize = 20_000;

/// A printed table: its bytes and what to call the file.
#[derive(Debug)]
pub struct Printed {
    pub bytes: Vec<u8>,
    pub name: String,
}

/// 任务分解表 of exactly what is filtered. That it was taken out stands in the ledger.
pub async fn task_table(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    wanted: Wanted,
    note: Option<String>,
    format: Format,
) -> Result<Printed, Refusal> {
    let (actor, as_of) = (caller.actor.clone(), caller.now);
    let table = app
        .store
        .read(|q| async move {
            let filter = filter(&q, &actor, Action::ExportDuties, campaign, &wanted).await?;
            let own = campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let names = Names::load(&q, campaign).await?;
            let (mut rows, mut after) = (Vec::new(), None);
            loop {
                let page = store::list_whole(&q, campaign, &filter, &Paging { after, limit: 1_000 }).await?;
                rows.extend(page.items);
                after = page.next;
                if rows.len() > MOST {
                    return Err(Refusal::conflict(
                        format!("超过{MOST}项,请先筛选再导出"),
                        format!("More than {MOST} duties; narrow the filter first"),
                    ));
                }
                if after.is_none() {
                    break;
                }
            }
            // A table follows the plan, not the calendar.
            rows.sort_by(|one: &Duty, other| {
                one.import.cmp(&other.import).then(one.ordinal.cmp(&other.ordinal))
            });
            let rows = rows.iter().map(|duty| row(duty, &names)).collect();
            // East of Greenwich by eight hours, all of China.
            let day = (as_of + chrono::Duration::hours(8)).date_naive();
            let title = format!("{}任务分解表", own.name);
            Ok::<_, Refusal>(TaskTable { title, note, office: own.place, as_of: day, rows })
        })
        .await?;
    let name = format!("{}.{}", table.title, format.ending());
    let count = table.rows.len();
    let bytes = tokio::task::spawn_blocking(move || table.print(format))
        .await
        .map_err(|_| Refusal::Internal("printing panicked"))?
        .map_err(|error| {
            tracing::error!(error = %error, "a table could not be printed");
            Refusal::Internal("a table could not be printed")
        })?;
    let subject = Subject::of(campaign, SubjectKind::Campaign, campaign.0);
    let act =
        caller.act(Action::ExportDuties, subject, json!({ "duties": count, "format": format.ending() }));
    app.store
        .write(move |tx| {
            let act = act.clone();
            async move { ledger::record(&tx, act).await.map_err(Refusal::from) }
        })
        .await?;
    Ok(Printed { bytes, name })
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
    }
}
