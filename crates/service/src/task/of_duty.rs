use chengjing_domain::{
    duty::task::{DutyStanding, StateKind, Task, joined},
    id::{CampaignId, DutyId},
    people::policy::Action,
};
use chengjing_store::task as store;

use super::{Named, Reader, TaskView, brief};
use crate::{
    App, Caller, Refusal,
    duty::{Names, must},
};

/// The tasks of one duty.
#[derive(Debug)]
pub struct OfDuty {
    /// Those that the caller may see, by date and then in the order of the duty's units.
    pub tasks: Vec<TaskView>,
    /// How the duty stands as a whole, and only for who sees all of its tasks; None: the duty is recurring, and its dates
    /// stand each for itself.
    pub standing: Option<DutyStanding>,
}

/// What the units of a duty owe under it and how far they are. Withdrawn tasks are left out.
pub async fn of_duty(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: DutyId,
) -> Result<Named<OfDuty>, Refusal> {
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let duty = must(&q, &caller, Action::SeeDuties, campaign, id).await?;
            let reader = Reader::load(&q, &caller, campaign).await?;
            let stored = store::list_of_duty(&q, campaign, id).await?;
            let mut tasks: Vec<Task> = stored.into_iter().map(|stored| stored.task).collect();
            tasks.retain(|task| task.state.kind() != StateKind::Withdrawn);
            let place = |task: &Task| duty.units.iter().position(|unit| unit.unit == task.owed.unit);
            tasks.sort_by_key(|task| (task.owed.occurrence, place(task).unwrap_or(usize::MAX), task.id));
            let all = tasks.len();
            tasks.retain(|task| reader.sees(task, &duty.units));
            let whole = tasks.len() == all && duty.recurrence.is_none();
            let standing = whole.then(|| joined(&tasks, &duty.units));
            let tasks = tasks.into_iter().map(|task| reader.view(task, brief(&duty))).collect();
            Ok((OfDuty { tasks, standing }, Names::load(&q, campaign).await?))
        })
        .await
}
