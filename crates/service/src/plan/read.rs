use bytes::Bytes;
use chengjing_domain::{
    id::{CampaignId, EntryId, ImportId, JobId},
    ledger::{Act, Author, Hash, Subject, SubjectKind},
    plan::{ImportProblem, PlanImport},
};
use chengjing_store::{
    job::{JobFailure, JobRun, NewJob},
    ledger, plan as store,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{App, Caller, Refusal, job::Step};

/// The kind of job that reads a plan document.
pub const KIND: &str = "plan.read";

/// What such a job is told; a stored format.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Payload {
    campaign: CampaignId,
    import: ImportId,
}

pub(super) fn job(caller: &Caller, campaign: CampaignId, import: ImportId) -> NewJob {
    NewJob {
        id: caller.id::<JobId>("job"),
        kind: KIND.to_owned(),
        payload_version: 1,
        payload: json!(Payload { campaign, import }),
        dedupe: Some(format!("{KIND}:{import}")),
        campaign: Some(campaign),
        created_at: caller.now,
        run_at: caller.now,
        attempts_allowed: 3,
    }
}

/// Reads a plan document: from its file to a draft, or to the reasons why it can't be read.
pub async fn read(app: App, run: JobRun) -> Result<Value, JobFailure> {
    let Payload { campaign, import } = serde_json::from_value(run.job.payload.clone())
        .map_err(|error| JobFailure::Final(format!("the job's payload is not understood: {error}")))?;
    let found = app.store.read(|q| async move { store::lookup(&q, campaign, import).await }).await?;
    let Some(found) = found else { return Err(JobFailure::Final("the plan document is gone".into())) };
    // A job that is done again after a crash finds its work done.
    if found.state.code() != "reading" {
        return Ok(json!({ "state": found.state.code() }));
    }
    run.report(Step::Fetch.at(0, 3)).await?;
    let hash: Hash =
        found.file.parse().map_err(|_| JobFailure::Final("the plan document names no file".to_owned()))?;
    let bytes = app.store.files().read(hash).await?;
    let Some(bytes) = bytes else { return Err(JobFailure::Final("the file is missing".into())) };
    run.report(Step::Read.at(1, 3)).await?;
    let older = older(&app, &found).await?;
    // The reader promises never to panic; should it, the document is told to be unreadable and nothing else breaks.
    let read = |name: String, bytes: Bytes| {
        tokio::task::spawn_blocking(move || chengjing_reader::read_bytes(&name, &bytes))
    };
    let outcome = read(found.name.clone(), bytes).await;
    let older = match older {
        Some((name, bytes)) => read(name, bytes).await.ok().and_then(Result::ok),
        None => None,
    };
    run.report(Step::Save.at(2, 3)).await?;
    let problem = |zh: String, en: String| ImportProblem { line: 0, column: 0, zh, en };
    let mut after = found;
    match outcome {
        Ok(Ok(outcome)) => {
            after.problems = outcome
                .problems
                .iter()
                .map(|said| ImportProblem {
                    line: u32::try_from(said.line).unwrap_or(u32::MAX),
                    column: u32::try_from(said.column).unwrap_or(u32::MAX),
                    zh: said.zh().to_string(),
                    en: said.en().to_string(),
                })
                .collect();
            after.reading = Some(outcome.reading);
            after.cleaned = Some(outcome.cleaned);
            after.older = older.map(|older| older.reading);
        }
        Ok(Err(unreadable)) => {
            after.problems = vec![problem(unreadable.zh().to_string(), unreadable.en().to_string())];
        }
        Err(_panic) => {
            let (zh, en) = (
                "读取时出错，请换一种格式(如另存为 docx 或 txt)再试",
                "reading it failed; try another format",
            );
            after.problems = vec![problem(zh.to_owned(), en.to_owned())];
        }
    }
    let result = json!({ "state": if after.reading.is_some() { "draft" } else { "failed" } });
    save(&app, after).await.map_err(|refusal| JobFailure::Passing(refusal.to_string()))?;
    Ok(result)
}

/// The file of the version that a document replaces. Where it is gone or damaged, the comparison does without it.
async fn older(app: &App, newer: &PlanImport) -> Result<Option<(String, Bytes)>, JobFailure> {
    let (campaign, Some(replaced)) = (newer.campaign, newer.replaces) else { return Ok(None) };
    let found = app.store.read(|q| async move { store::lookup(&q, campaign, replaced).await }).await?;
    let Some(found) = found else { return Ok(None) };
    let Ok(hash) = found.file.parse::<Hash>() else { return Ok(None) };
    Ok(app.store.files().read(hash).await.unwrap_or_default().map(|bytes| (found.name, bytes)))
}

/// The job will not be tried again: the plan document says so, instead of being read for ever. One that was read after
/// all is the job's result.
pub async fn give_up(app: App, run: JobRun) -> Result<Option<Value>, JobFailure> {
    let Ok(Payload { campaign, import }) = serde_json::from_value(run.job.payload.clone()) else {
        return Ok(None);
    };
    let found = app.store.read(|q| async move { store::lookup(&q, campaign, import).await }).await?;
    let Some(mut after) = found else { return Ok(None) };
    match after.state.code() {
        "reading" => {}
        // Told before, by a worker that died right after it.
        "failed" => return Ok(None),
        read => return Ok(Some(json!({ "state": read }))),
    }
    after.problems = vec![ImportProblem {
        line: 0,
        column: 0,
        zh: "读取多次中断，没有读完。请重新导入；若再次如此，请换一种格式(如另存为 docx 或 txt)".to_owned(),
        en: "reading it was cut off several times; import it again, or in another format".to_owned(),
    }];
    save(&app, after).await.map_err(|refusal| JobFailure::Passing(refusal.to_string()))?;
    Ok(None)
}

async fn save(app: &App, after: PlanImport) -> Result<(), Refusal> {
    let now = app.now();
    let act = Act {
        id: EntryId(app.ids.uuid(now)),
        at: now,
        author: Author::System,
        action: KIND.to_owned(),
        subject: Subject::of(after.campaign, SubjectKind::PlanImport, after.id.0),
        details: json!({ "readable": after.reading.is_some(), "problems": after.problems.len() }),
    };
    app.store
        .write(move |tx| {
            let (after, act) = (after.clone(), act.clone());
            async move {
                let mut import =
                    store::lookup(&tx, after.campaign, after.id).await?.ok_or(Refusal::NotFound)?;
                // Discarded, or read by another worker, in the meantime.
                let next = if after.reading.is_some() {
                    import.state.clone().read()
                } else {
                    import.state.clone().fail()
                };
                let Ok(state) = next else { return Ok(()) };
                import.state = state;
                import.reading = after.reading;
                import.cleaned = after.cleaned;
                import.older = after.older;
                import.problems = after.problems;
                store::save(&tx, &import).await?;
                ledger::record(&tx, act).await?;
                Ok::<_, Refusal>(())
            }
        })
        .await
}
