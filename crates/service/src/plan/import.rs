use bytes::Bytes;
use chengjing_domain::{
    id::{CampaignId, ImportId, JobId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    plan::{ImportState, PlanImport},
};
use chengjing_store::{
    campaign as campaigns,
    file::{FileRef, PutError},
    job, ledger, plan as store,
};
use futures_util::Stream;
use serde_json::json;

use super::read;
use crate::{App, Caller, Refusal, refusal::Faults};

/// Takes in a plan document whose file is stored, and has it read by a job.
///
/// `replaces`: the adopted plan of which this is a newer version.
pub async fn import(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    file: FileRef,
    name: &str,
    replaces: Option<ImportId>,
) -> Result<(PlanImport, JobId), Refusal> {
    may(app, caller, campaign).await?;
    let mut faults = Faults::default();
    // Whatever path a browser sends in front of it, a name is only a name.
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = faults.text("name", name, 255);
    if file.size == 0 {
        faults.add("", "文件是空的", "the file is empty");
    }
    faults.end()?;
    let id: ImportId = caller.id("plan_import");
    let import = PlanImport {
        campaign,
        id,
        file: file.hash.to_string(),
        name,
        state: ImportState::Reading,
        reading: None,
        cleaned: None,
        problems: Vec::new(),
        replaces,
        older: None,
        created_at: caller.now,
        created_by: caller.actor.user,
        version: 1,
    };
    let new_job = read::job(caller, campaign, id);
    let subject = Subject::of(campaign, SubjectKind::PlanImport, id.0);
    let act = caller.act(Action::ImportPlan, subject, json!({ "name": import.name, "size": file.size }));
    app.store
        .write(move |tx| {
            let (import, new_job, act) = (import.clone(), new_job.clone(), act.clone());
            async move {
                if let Some(there) = store::lookup(&tx, campaign, id).await? {
                    return Ok((there, new_job.id));
                }
                if let Some(older) = replaces {
                    let older = store::lookup(&tx, campaign, older).await?;
                    if !older.is_some_and(|older| matches!(older.state, ImportState::Adopted { .. })) {
                        let (zh, en) = ("只能替换已采用的方案", "only an adopted plan can be replaced");
                        return Err(Refusal::invalid("replaces", zh, en));
                    }
                }
                let import = store::add(&tx, &import).await?;
                let job = job::add(&tx, &new_job).await?;
                ledger::record(&tx, act).await?;
                Ok((import, job))
            }
        })
        .await
}

/// Whether the caller may import into that campaign; asked before a file's bytes are taken in.
pub async fn may(app: &App, caller: &Caller, campaign: CampaignId) -> Result<(), Refusal> {
    caller.may(Action::ImportPlan, Resource::Campaign(campaign))?;
    let there = app.store.read(|q| async move { campaigns::lookup(&q, campaign).await }).await?;
    there.map(|_| ()).ok_or(Refusal::NotFound)
}

/// Stores a file's bytes as they arrive; nothing is left behind where they don't.
pub async fn store<S>(app: &App, bytes: S, limit: u64) -> Result<FileRef, Refusal>
where
    S: Stream<Item = Result<Bytes, std::io::Error>> + Send,
{
    match app.store.files().put(bytes, limit).await {
        Ok(file) => Ok(file),
        Err(PutError::TooLarge { limit }) => Err(Refusal::TooLarge { limit }),
        Err(PutError::Broken(_)) => {
            Err(Refusal::invalid("", "文件没有传完，请重试", "the file did not arrive whole"))
        }
        Err(PutError::Store(error)) => Err(error.into()),
    }
}
