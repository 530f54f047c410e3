use chengjing_domain::{
    clock::day_of,
    id::{BulletinId, CampaignId, JobId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    publication::Form,
};
use chengjing_store::{job as jobs, ledger, publication::bulletin as store};
use serde_json::json;

use super::{Payload, What, job};
use crate::{App, Caller, Refusal};

/// Orders a bulletin that was put together as a document.
pub async fn order(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    bulletin: BulletinId,
    form: Form,
) -> Result<JobId, Refusal> {
    caller.may(Action::SeeBulletins, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    let id: JobId = caller.id("job");
    app.store
        .write(move |tx| {
            let caller = caller.clone();
            async move {
                store::lookup(&tx, campaign, bulletin).await?.ok_or(Refusal::NotFound)?;
                if jobs::lookup(&tx, id).await?.is_none() {
                    let payload = Payload {
                        campaign,
                        owner: caller.actor.user,
                        what: What::Bulletin { bulletin },
                        form,
                        as_of: day_of(caller.now),
                    };
                    jobs::add(&tx, &job(&caller, id, &payload)).await?;
                    let subject = Subject::of(campaign, SubjectKind::Bulletin, bulletin.0);
                    let told = json!({ "form": form.code() });
                    ledger::record(&tx, caller.act_named("bulletin.print", subject, told)).await?;
                }
                Ok(id)
            }
        })
        .await
}
