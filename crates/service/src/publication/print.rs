use bytes::Bytes;
use chengjing_domain::{
    duty::{Duty, DutyState},
    id::{CampaignId, UnitId},
    publication::{Form, Paper},
};
use chengjing_press::{
    due_words, pack,
    paper::{Letter, LetterDuty, bulletin_data, letter_data},
    target_words,
};
use chengjing_store::{
    Paging, campaign as campaigns, duty as store,
    job::{JobFailure, JobRun},
    publication::{bulletin as bulletins, template as templates},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Payload, What,
    render::{Mould, Unmade},
};
use crate::{App, Refusal, Words, job::Step};

/// Why a document was not made, for whoever waits for it; a stored format.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    zh: String,
    en: String,
}

/// Makes what was ordered and lays it out for its owner.
pub async fn print(app: App, run: JobRun) -> Result<Value, JobFailure> {
    let payload: Payload = serde_json::from_value(run.job.payload.clone())
        .map_err(|error| JobFailure::Final(format!("the job's payload is not understood: {error}")))?;
    let (campaign, paper, form) = (payload.campaign, payload.what.paper(), payload.form);
    run.report(Step::Gather.at(0, 1)).await?;
    let mould = mould(&app, campaign, paper, form).await.map_err(|refusal| passing(&refusal))?;
    let own = app.store.read(|q| async move { campaigns::lookup(&q, campaign).await }).await?;
    let own = own.ok_or_else(|| JobFailure::Final("the campaign is gone".to_owned()))?;
    let (name, bytes, count) = match payload.what {
        What::Bulletin { bulletin } => {
            let found = app.store.read(|q| async move { bulletins::lookup(&q, campaign, bulletin).await });
            let found = found.await?.ok_or_else(|| JobFailure::Final("the bulletin is gone".to_owned()))?;
            run.report(Step::Make.at(0, 1)).await?;
            let made =
                mould.make(&app, bulletin_data(&own, &found)).await.map_err(|why| told(&mould, why))?;
            (format!("{}{}第{}期.{}", own.name, paper.term(), found.number, form.code()), made, 1)
        }
        What::Letter { units, together } => {
            let total = units.len() as u64;
            let mut made = Vec::with_capacity(units.len());
            for ((unit, number), done) in units.into_iter().zip(0..) {
                if !run.report(Step::Make.at(done, total)).await? {
                    return Err(JobFailure::Final("cancelled".to_owned()));
                }
                let Some(letter) = letter(&app, campaign, unit, number, payload.as_of)
                    .await
                    .map_err(|refusal| passing(&refusal))?
                else {
                    // It owes nothing any more, or is gone.
                    continue;
                };
                let bytes =
                    mould.make(&app, letter_data(&own, &letter)).await.map_err(|why| told(&mould, why))?;
                made.push((format!("{number:03}_{}.{}", plain(&letter.unit), form.code()), bytes));
            }
            let count = made.len();
            match (together, made.pop()) {
                (_, None) => return Err(JobFailure::Final(NOTHING.to_owned())),
                (false, Some((name, bytes))) => (format!("{}_{name}", paper.term()), bytes, count),
                (true, Some(last)) => {
                    made.push(last);
                    let packed = tokio::task::spawn_blocking(move || pack(&made))
                        .await
                        .map_err(|_| JobFailure::Final("packing panicked".to_owned()))?
                        .map_err(|error| JobFailure::Final(error.to_string()))?;
                    (format!("{}{}_{}.zip", own.name, paper.term(), form.code()), packed, count)
                }
            }
        }
    };
    run.report(Step::LayOut.at(1, 1)).await?;
    let result = json!({ "name": name, "documents": count, "size": bytes.len() });
    app.store.files().lay_out(run.job.id, Bytes::from(bytes)).await?;
    Ok(result)
}

/// What a job failed with where there was nothing to make; a stored code.
const NOTHING: &str = "nothing_to_make";

/// Why a job failed, in words, where it is known.
pub(crate) fn problem(error: &str) -> Option<Words> {
    if error == NOTHING {
        return Some(Words::new("没有责任任务，没有文件可做", "There are no duties to make documents of"));
    }
    let Told { zh, en } = serde_json::from_str(error).ok()?;
    Some(Words::new(zh, en))
}

fn passing(refusal: &Refusal) -> JobFailure {
    JobFailure::Passing(refusal.to_string())
}

/// A template that is used must tell what is wrong with it to whoever can mend it.
fn told(mould: &Mould, why: Unmade) -> JobFailure {
    let Words { zh, en } = match why {
        Unmade::Machine(words) => words,
        Unmade::Faulty(faults) => {
            let (term, ending) = (mould.paper.term(), mould.form.template_ending());
            let first = faults.first().map(|fault| fault.words.clone());
            let Words { zh, en } = first.unwrap_or_else(|| Words::new("", ""));
            let count = faults.len();
            Words::new(
                format!(
                    "“{term}”的 {ending} 模板有误：{zh}(共{count}处)。请在“文件输出 → 模板”中修改，或恢复内置模板"
                ),
                format!(
                    "The {ending} template of the {} is faulty: {en} ({count} faults). Mend it under Documents → Templates, or go back to the built-in one",
                    mould.paper.code()
                ),
            )
        }
    };
    JobFailure::Final(json!(Told { zh, en }).to_string())
}

/// The template that a campaign uses.
pub(crate) async fn mould(
    app: &App,
    campaign: CampaignId,
    paper: Paper,
    form: Form,
) -> Result<Mould, Refusal> {
    let used = app.store.read(|q| async move { templates::lookup_in_use(&q, campaign, paper, form).await });
    let Some(used) = used.await? else { return Ok(Mould::built_in(paper, form)) };
    let bytes = app.store.files().read(used.hash).await?;
    let bytes = bytes.ok_or(Refusal::Internal("a template's file is missing"))?;
    Ok(Mould { paper, form, bytes })
}

/// A unit's letter as the duties stand; None where it owes nothing.
async fn letter(
    app: &App,
    campaign: CampaignId,
    unit: UnitId,
    number: i32,
    as_of: NaiveDate,
) -> Result<Option<Letter>, Refusal> {
    app.store
        .read(|q| async move {
            let Some(own) = campaigns::lookup_unit(&q, campaign, unit).await? else { return Ok(None) };
            let filter = store::DutyFilter {
                any_unit: Some(vec![unit]),
                state: Some(DutyState::Assigned),
                ..store::DutyFilter::default()
            };
            let (mut duties, mut after) = (Vec::new(), None);
            loop {
                let page = store::list_whole(&q, campaign, &filter, &Paging { after, limit: 1_000 }).await?;
                duties.extend(page.items);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            // A letter follows the plan, what is led first.
            let role =
                |duty: &Duty| duty.units.iter().filter(|own| own.unit == unit).map(|own| own.role).min();
            duties.sort_by_key(|duty| (role(duty), duty.import, duty.ordinal));
            let line = |duty: &Duty| {
                Some(LetterDuty {
                    number: duty.path.iter().chain(&duty.number).cloned().collect::<Vec<_>>().join(" "),
                    title: duty.title.clone(),
                    text: duty.text.clone(),
                    targets: duty.targets.iter().map(|target| target_words(&target.target)).collect(),
                    role: role(duty)?,
                    due: due_words(duty.start, duty.due, duty.recurrence),
                    leads: duty.leads.clone(),
                })
            };
            let duties: Vec<LetterDuty> = duties.iter().filter_map(line).collect();
            Ok((!duties.is_empty()).then_some(Letter { unit: own.name, number, as_of, duties }))
        })
        .await
}

/// A unit's name as a file may be called.
fn plain(name: &str) -> String {
    name.chars().map(|c| if "/\\:*?\"<>|".contains(c) || c.is_control() { '_' } else { c }).collect()
}
