use std::collections::BTreeSet;

use chengjing_domain::{
    clock::day_of,
    duty::remind::urged,
    id::{CampaignId, DutyId, TaskId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{ledger, task as tasks};
use serde_json::json;

use super::plan::{News, Planner, keep_within};
use crate::{App, Caller, Refusal, refusal::Faults};

/// The most tasks of one request.
pub const MOST: usize = 200;

/// The most tasks that are urged in one write, also where they were chosen by their duties.
const MOST_TASKS: usize = 500;

/// What came of urging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Urged {
    /// Tasks whose units were told now.
    pub told: u64,
    /// Those whose units were told today already.
    pub already: u64,
    /// Those that wait for nobody's unit: reported, done, withdrawn.
    pub not_due: u64,
    /// Those for whose unit there is nobody to be told.
    pub nobody: u64,
}

/// Asks the units of these tasks, and of those that wait for their units under these duties, how they stand, each once a
/// day.
pub async fn urge(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    (ids, duties): (Vec<TaskId>, Vec<DutyId>),
) -> Result<Urged, Refusal> {
    caller.may(Action::UrgeTasks, Resource::Campaign(campaign))?;
    let ids: Vec<TaskId> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let mut faults = Faults::default();
    if ids.is_empty() && duties.is_empty() || ids.len() > MOST {
        faults.add("task_ids", format!("请选择1至{MOST}项任务"), format!("expected 1 to {MOST} tasks"));
    }
    if duties.len() > MOST {
        faults.add("duty_ids", format!("最多选择{MOST}项责任任务"), format!("at most {MOST} duties"));
    }
    faults.end()?;
    let caller = caller.clone();
    let app_here = app.clone();
    let urged = app.store.write(move |tx| {
        let (app, caller, ids, duties) = (app_here.clone(), caller.clone(), ids.clone(), duties.clone());
        async move {
            let mut found = tasks::lookup_many(&tx, campaign, &ids).await?;
            if let Some(n) = ids.iter().position(|id| found.iter().all(|task| task.id != *id)) {
                return Err(Refusal::invalid(
                    format!("task_ids[{n}]"),
                    "没有这项任务",
                    "there is no such task",
                ));
            }
            let mut owed = tasks::list_of_duties(&tx, campaign, &duties).await?;
            owed.retain(|task| task.state.kind().is_the_units_turn() && !ids.contains(&task.id));
            owed.sort_unstable_by_key(|task| task.id);
            found.extend(owed);
            if found.len() > MOST_TASKS {
                return Err(Refusal::invalid(
                    "duty_ids",
                    format!("这些责任任务下有{}项待办，一次最多催办{MOST_TASKS}项", found.len()),
                    format!("{} tasks wait under these duties; at most {MOST_TASKS} at a time", found.len()),
                ));
            }
            let planner = Planner::load(&tx, campaign).await?;
            let today = day_of(caller.now);
            let notices: Vec<_> = found.iter().filter_map(|task| urged(task, today)).collect();
            let news = notices.iter().cloned().map(News::from).collect();
            let all = planner.lay_out(&tx, &app, news, caller.now).await?;
            let fresh: BTreeSet<TaskId> =
                keep_within(&tx, &all).await?.into_iter().filter_map(|told| told.about.task()).collect();
            let known: BTreeSet<TaskId> =
                all.into_iter().filter_map(|planned| planned.told.about.task()).collect();
            let mut result = Urged { not_due: number(found.len() - notices.len()), ..Urged::default() };
            for task in notices.iter().filter_map(|notice| notice.about.task()) {
                let (told, known) = (fresh.contains(&task), known.contains(&task));
                match (told, known) {
                    (true, _) => result.told += 1,
                    (false, true) => result.already += 1,
                    (false, false) => result.nobody += 1,
                }
                if told {
                    let subject = Subject::of(campaign, SubjectKind::Task, task.0);
                    ledger::record(&tx, caller.act(Action::UrgeTasks, subject, json!({}))).await?;
                }
            }
            Ok(result)
        }
    });
    let urged = urged.await?;
    Ok(urged)
}

fn number(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
