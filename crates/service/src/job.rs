//! Work done in the background, as its owner sees it.

use std::ops::Range;

use bytes::Bytes;
use chengjing_domain::{
    id::{CampaignId, JobId, UserId},
    people::policy::{Action, Resource},
    publication::Form,
};
use chengjing_press::Format;
pub use chengjing_store::job::{Job, JobState};
use chengjing_store::{
    Page, Paging,
    job::{self as store, Handlers, Progress},
};
use futures_util::{Stream, TryStreamExt};

use crate::{
    App, Caller, Refusal, Words, attachment, duty::task_table, evidence, photo, plan, publication, remind,
    score, task,
};

/// Who does which job.
pub fn handlers(app: &App) -> Handlers {
    let (reading, unread, printing, dating) = (app.clone(), app.clone(), app.clone(), app.clone());
    let (looking, unseen, sweeping, reminding) = (app.clone(), app.clone(), app.clone(), app.clone());
    let (making, expiring, scoring, packing) = (app.clone(), app.clone(), app.clone(), app.clone());
    let (judging, filling) = (app.clone(), app.clone());
    Handlers::new()
        .on(plan::read::KIND, move |run| plan::read::read(reading.clone(), run))
        .on_given_up(plan::read::KIND, move |run, _| plan::read::give_up(unread.clone(), run))
        .on(task::dates::KIND, move |run| task::dates::work(dating.clone(), run))
        .on(remind::calendar::KIND, move |run| remind::calendar::work(reminding.clone(), run))
        .on(evidence::expire::KIND, move |run| evidence::expire::work(expiring.clone(), run))
        .on(evidence::dossier::KIND, move |run| evidence::dossier::pack::pack(packing.clone(), run))
        .on(score::days::KIND, move |run| score::days::work(scoring.clone(), run))
        .on(task_table::KIND, move |run| task_table::print(printing.clone(), run))
        .on(publication::KIND, move |run| publication::print::print(making.clone(), run))
        .on(photo::judge::KIND, move |run| photo::judge::work(judging.clone(), run))
        .on(photo::fill::KIND, move |run| photo::fill::work(filling.clone(), run))
        .on(attachment::look::KIND, move |run| attachment::look::look(looking.clone(), run))
        .on_given_up(attachment::look::KIND, move |run, _| attachment::look::give_up(unseen.clone(), run))
        .on(attachment::sweep::KIND, move |run| attachment::sweep::sweep(sweeping.clone(), run))
}

/// What a job is at. Its code is stored; its words are made for whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Fetch,
    Read,
    Save,
    Collect,
    Print,
    LayOut,
    Dates,
    Gather,
    Make,
    Pack,
}

impl Step {
    const ALL: [(Self, &str, &str, &str); 10] = [
        (Self::Fetch, "fetch", "取出文件", "Fetching the file"),
        (Self::Read, "read", "读取方案", "Reading the plan"),
        (Self::Save, "save", "保存结果", "Saving the result"),
        (Self::Collect, "collect", "汇集任务", "Collecting the duties"),
        (Self::Print, "print", "制作表格", "Making the table"),
        (Self::LayOut, "lay_out", "保存文件", "Storing the file"),
        (Self::Dates, "dates", "派发定期任务", "Assigning recurring tasks"),
        (Self::Gather, "gather", "汇集数据", "Gathering the data"),
        (Self::Make, "make", "制作文件", "Making the documents"),
        (Self::Pack, "pack", "打包材料", "Packing the materials"),
    ];

    pub(crate) fn at(self, done: u64, total: u64) -> Progress {
        let code = Self::ALL.into_iter().find(|(step, ..)| *step == self).map_or("", |(_, code, ..)| code);
        Progress { done, total: Some(total), message: code.to_owned() }
    }
}

/// What a job failed with where its table would be too long; a stored code.
pub(crate) const TOO_MANY: &str = "too_many";

/// What a job is at, in both languages; None before it begins.
pub fn message(job: &Job) -> Option<Words> {
    let (.., zh, en) = Step::ALL.into_iter().find(|(_, code, ..)| *code == job.progress.message)?;
    Some(Words::new(zh, en))
}

/// Why a job failed, as far as it helps whoever waits for it; None where it did not fail.
pub fn problem(job: &Job) -> Option<Words> {
    if job.state != JobState::Failed {
        return None;
    }
    let most = task_table::MOST;
    Some(match job.error.as_deref() {
        Some(TOO_MANY) => Words::new(
            format!("超过{most}项，请先筛选再导出"),
            format!("More than {most} duties; narrow the filter first"),
        ),
        Some(error) if job.kind == publication::KIND => publication::print::problem(error)
            .unwrap_or_else(|| Words::new("没有做成，请重试", "It failed; try again")),
        Some(error) if job.kind == evidence::dossier::KIND => evidence::dossier::pack::problem(error)
            .unwrap_or_else(|| Words::new("没有做成，请重试", "It failed; try again")),
        _ => Words::new("没有做成，请重试", "It failed; try again"),
    })
}

/// One job, for whoever ordered it or may see what it works on.
pub async fn look_up(app: &App, caller: &Caller, id: JobId) -> Result<Job, Refusal> {
    let job = app.store.read(|q| async move { store::lookup(&q, id).await }).await?;
    let job = job.ok_or(Refusal::NotFound)?;
    match owner(&job) {
        Some(owner) if owner == caller.actor.user => Ok(job),
        Some(_) => Err(Refusal::NotFound),
        // Whether a job exists is told only to those who may see its campaign's plans.
        None => may_see(caller, job.campaign).map(|()| job).map_err(|_| Refusal::NotFound),
    }
}

/// The jobs of a campaign, newest first. What others ordered for themselves is not among them, so that a page may be
/// shorter than asked for.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    paging: Paging,
) -> Result<Page<Job>, Refusal> {
    may_see(caller, Some(campaign))?;
    let mut page = app.store.read(|q| async move { store::list(&q, Some(campaign), &paging).await }).await?;
    page.items.retain(|job| owner(job).is_none_or(|owner| owner == caller.actor.user));
    Ok(page)
}

/// Ends a job that is not over.
pub async fn cancel(app: &App, caller: &Caller, id: JobId) -> Result<Job, Refusal> {
    let job = look_up(app, caller, id).await?;
    if owner(&job).is_none() {
        match job.campaign {
            Some(campaign) => caller.may(Action::ImportPlan, Resource::Campaign(campaign))?,
            None => caller.may(Action::ManageUsers, Resource::System)?,
        }
    }
    let now = caller.now;
    app.store
        .write_unrecorded("a job is cancelled", move |tx| async move {
            store::cancel(&tx, id, now).await?;
            Ok::<_, Refusal>(())
        })
        .await?;
    look_up(app, caller, id).await
}

/// Whose the job is; None for jobs of other kinds, which belong to their campaign.
pub(crate) fn owner(job: &Job) -> Option<UserId> {
    if ![task_table::KIND, publication::KIND, evidence::dossier::KIND].contains(&job.kind.as_str()) {
        return None;
    }
    serde_json::from_value(job.payload.get("owner")?.clone()).ok()
}

/// A file that a job made, and what to call it.
#[derive(Debug)]
pub struct Made {
    pub job: JobId,
    /// In bytes.
    pub size: u64,
    pub name: String,
    pub media_type: &'static str,
}

/// The file that a job made, for whoever ordered it. A day after it was made it is gone.
pub async fn fetch(app: &App, caller: &Caller, id: JobId) -> Result<Made, Refusal> {
    let job = app.store.read(|q| async move { store::lookup(&q, id).await }).await?;
    let job = job.filter(|job| owner(job) == Some(caller.actor.user)).ok_or(Refusal::NotFound)?;
    let (JobState::Done, Some(result)) = (job.state, &job.result) else {
        return Err(Refusal::conflict("文件还没有做好", "The file is not ready"));
    };
    let name = result["name"].as_str().unwrap_or_default().to_owned();
    let media_type = match name.rsplit('.').next().unwrap_or_default() {
        "zip" => "application/zip",
        "pdf" => Form::Pdf.media_type(),
        "xlsx" => Format::Xlsx.media_type(),
        _ => Form::Docx.media_type(),
    };
    let size = app.store.files().laid_out_size(id).await?.ok_or(Refusal::NotFound)?;
    Ok(Made { job: id, size, name, media_type })
}

/// Its bytes, or some of them, as they come from where they lie.
pub async fn stream(
    app: &App,
    made: &Made,
    range: Option<Range<u64>>,
) -> Result<impl Stream<Item = Result<Bytes, std::io::Error>> + Send + use<>, Refusal> {
    let bytes = app.store.files().fetch(made.job, range).await?.ok_or(Refusal::NotFound)?;
    Ok(bytes.map_err(std::io::Error::other))
}

fn may_see(caller: &Caller, campaign: Option<CampaignId>) -> Result<(), Refusal> {
    match campaign {
        Some(campaign) => caller.may(Action::SeePlans, Resource::Campaign(campaign)),
        None => caller.may(Action::ManageUsers, Resource::System),
    }
}
