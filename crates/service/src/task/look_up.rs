use std::collections::HashMap;

use chengjing_domain::{
    attachment::AttachedTo,
    duty::{
        Duty,
        task::{Step, Task},
    },
    id::{CampaignId, TaskId, UserId},
    ledger::Author,
    people::policy::Action,
};
use chengjing_store::{Queries, task as store};

use super::{Reader, TaskView, brief, must};
use crate::{
    App, Caller, Refusal,
    attachment::{AttachmentView, list_of},
    duty::Names,
    people::display_name,
};

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
    let mut people = HashMap::new();
    for step in &steps {
        if let Author::User(user) = step.by
            && !people.contains_key(&user)
        {
            people.insert(user, display_name(q, user).await?);
        }
    }
    let attachments = list_of(q, campaign, AttachedTo::Task(id)).await?;
    let view = reader.view(task, brief(&duty));
    Ok(TaskStory { view, duty, steps, names: Names::load(q, campaign).await?, people, attachments })
}
