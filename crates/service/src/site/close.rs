use chengjing_domain::{
    id::{CampaignId, SiteId},
    ledger::{Subject, SubjectKind},
    observation::Site,
    people::policy::{Action, Resource},
};
use chengjing_store::{ledger, site as store};
use serde_json::json;

use super::{SiteView, view};
use crate::{App, Caller, Refusal};

/// Closes a site: it is not among those that are judged any more, and what was seen there counts only in scores of the past.
pub async fn close(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: SiteId,
    seen: i64,
) -> Result<SiteView, Refusal> {
    caller.may(Action::EditSites, Resource::Campaign(campaign))?;
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller) = (here.clone(), caller.clone());
            async move {
                let site = store::lookup(&tx, campaign, id).await?.ok_or(Refusal::NotFound)?;
                if site.version != seen {
                    return Err(Refusal::Stale);
                }
                if site.closed_at.is_some() {
                    return Err(Refusal::conflict("该点位已停用", "this site is closed"));
                }
                let stored = store::save(&tx, &Site { closed_at: Some(caller.now), ..site }).await?;
                let subject = Subject::of(campaign, SubjectKind::Site, id.0);
                let act = caller.act_named("site.close", subject, json!({ "name": stored.name }));
                ledger::record(&tx, act).await?;
                view(&app, &tx, stored).await
            }
        })
        .await
}
