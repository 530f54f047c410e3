use std::collections::HashMap;

use chengjing_domain::{
    attachment::AttachedTo,
    duty::{
        Duty,
        figure::Figure,
        task::{Step, Task},
    },
    id::{CampaignId, TaskId, UserId},
    ledger::Author,
    people::policy::Action,
};
use chengjing_store::{Queries, figure, task as store};

use chrono::NaiveDate;

use super::{Reader, TaskView, brief, must};
use crate::{
    App, Caller, Refusal,
    attachment::{AttachmentView, list_of},
    duty::Names,
    people::display_name,
};

/// How many figures a task shows; all are in those of its duty.
const MOST_FIGURES: u64 = 200;

/// A task, whole: with its duty and its history.
#[derive(Debug)]
pub struct TaskStory {
    pub view: TaskView,
    pub duty: Duty,
    /// From the first to the last.
    pub steps: Vec<Step>,
    pub names: Names,
    /// What the people of its history are called.
    pub people: HashMap<UserId, String>,
    /// What was brought as proof, the first one first.
    pub attachments: Vec<AttachmentView>,
    /// What was measured against the duty's targets with this task, the last one first.
    pub figures: Vec<Figure>,
    /// The day that it is told on.
    pub today: NaiveDate,
}

/// One task.
pub async fn look_up(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: TaskId,
) -> Result<TaskStory, Refusal> {
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let reader = Reader::load(&q, &caller, campaign).await?;
            let (stored, duty) = must(&q, &caller, &reader, Action::SeeTasks, (campaign, id)).await?;
            story(&q, &reader, stored.task, duty).await
        })
        .await
}

/// The story of a task for a reader who may have it.
pub(super) async fn story(
    q: &impl Queries,
    reader: &Reader,
    task: Task,
    duty: Duty,
) -> Result<TaskStory, Refusal> {
    let (campaign, id) = (task.owed.campaign, task.id);
    let steps = match task.is_untouched() {
        true => Vec::new(),
        false => store::list_steps(q, campaign, id).await?,
    };
    let figures = match task.is_untouched() {
        true => Vec::new(),
        false => figure::list_of_task(q, campaign, id, MOST_FIGURES).await?,
    };
    let mut people = HashMap::new();
    for by in steps.iter().map(|step| step.by).chain(figures.iter().map(|figure| figure.by)) {
        if let Author::User(user) = by
            && !people.contains_key(&user)
        {
            people.insert(user, display_name(q, user).await?);
        }
    }
    let attachments = list_of(q, campaign, AttachedTo::Task(id)).await?;
    let view = reader.view(task, brief(&duty));
    Ok(TaskStory {
        view,
        duty,
        steps,
        names: Names::load(q, campaign).await?,
        people,
        attachments,
        figures,
        today: reader.today,
    })
}
