use chengjing_domain::{
    id::{CampaignId, ResultId},
    people::policy::{Action, Resource},
};
use chengjing_store::{campaign as campaigns, ledger, result as store};

use super::{NewResult, ResultView, checked, subject, told, views};
use crate::{App, Caller, Refusal};

/// Records what an assessment found; all of it, or all that is wrong with it.
pub async fn record(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    new: NewResult,
) -> Result<ResultView, Refusal> {
    caller.may(Action::RecordResults, Resource::Campaign(campaign))?;
    let id: ResultId = caller.id("assessment_result");
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, new) = (here.clone(), caller.clone(), new.clone());
            async move {
                campaigns::lookup(&tx, campaign).await?.ok_or(Refusal::NotFound)?;
                let result = match store::lookup(&tx, campaign, id).await? {
                    Some(there) => there.result,
                    None => {
                        let whole = checked(&app, &tx, &caller, (campaign, id), new).await?;
                        let stored = store::record(&tx, &whole).await?.result;
                        let act = caller.act(Action::RecordResults, subject(&stored), told(&stored));
                        ledger::record(&tx, act).await?;
                        stored
                    }
                };
                views(&app, &tx, vec![result]).await?.pop().ok_or(Refusal::NotFound)
            }
        })
        .await
}
