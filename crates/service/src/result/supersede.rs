use chengjing_domain::{
    id::{CampaignId, ResultId},
    people::policy::{Action, Resource},
    result::{ResultRefusal, WholeResult},
};
use chengjing_store::{ledger, result as store};
use serde_json::json;

use super::{NewResult, ResultView, checked, must, subject, told, views};
use crate::{App, Caller, Refusal};

/// Records another result in place of one that was told wrongly. The old one stays to be seen.
pub async fn supersede(
    app: &App,
    caller: &Caller,
    (campaign, id): (CampaignId, ResultId),
    seen: i64,
    new: NewResult,
) -> Result<ResultView, Refusal> {
    caller.may(Action::RecordResults, Resource::Campaign(campaign))?;
    let successor: ResultId = caller.id("assessment_result");
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, new) = (here.clone(), caller.clone(), new.clone());
            async move {
                if let Some(there) = store::lookup(&tx, campaign, successor).await? {
                    return views(&app, &tx, vec![there.result]).await?.pop().ok_or(Refusal::NotFound);
                }
                let old = must(&tx, &caller, campaign, id).await?;
                if old.result.version() != seen {
                    return Err(Refusal::Stale);
                }
                if old.result.superseded_by.is_some() {
                    return Err(ResultRefusal::Superseded.into());
                }
                let whole = checked(&app, &tx, &caller, (campaign, successor), new).await?;
                let gone = old.result.supersede(&whole.result)?;
                let stored = store::record(&tx, &whole).await?.result;
                store::save_superseded(&tx, &WholeResult { result: gone, verdicts: old.verdicts }).await?;
                let mut said = told(&stored);
                if let Some(said) = said.as_object_mut() {
                    said.insert("supersedes".to_owned(), json!(id));
                }
                ledger::record(&tx, caller.act_named("result.supersede", subject(&stored), said)).await?;
                views(&app, &tx, vec![stored]).await?.pop().ok_or(Refusal::NotFound)
            }
        })
        .await
}
