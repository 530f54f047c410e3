use chengjing_domain::{
    id::{CampaignId, SiteId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{campaign as campaigns, ledger, site as store};
use serde_json::json;

use super::{SiteChange, SiteView, put, view};
use crate::{App, Caller, Refusal, difference::Difference, refusal::Faults};

/// Changes the name of a site, where it is, and who answers for it.
pub async fn edit(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: SiteId,
    seen: i64,
    change: SiteChange,
) -> Result<SiteView, Refusal> {
    caller.may(Action::EditSites, Resource::Campaign(campaign))?;
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, change) = (here.clone(), caller.clone(), change.clone());
            async move {
                let before = store::lookup(&tx, campaign, id).await?.ok_or(Refusal::NotFound)?;
                if before.version != seen {
                    return Err(Refusal::Stale);
                }
                if before.closed_at.is_some() {
                    return Err(Refusal::conflict("该点位已停用", "this site is closed"));
                }
                let (mut after, mut faults) = (before.clone(), Faults::default());
                put(&tx, &mut after, (&change, caller.now), "", &mut faults).await?;
                faults.end()?;
                let names = campaigns::names(&tx, campaign).await?;
                let mut difference = Difference::default();
                difference.of("name", &before.name, &after.name, |name| json!(name));
                difference.of("unit", &before.unit, &after.unit, |unit| {
                    json!(unit.and_then(|unit| names.units.get(&unit)))
                });
                difference.of("position", &before.position, &after.position, |position| json!(position));
                if difference.is_empty() {
                    return view(&app, &tx, before).await;
                }
                let stored = store::save(&tx, &after).await?;
                let subject = Subject::of(campaign, SubjectKind::Site, id.0);
                ledger::record(&tx, caller.act(Action::EditSites, subject, difference.details())).await?;
                view(&app, &tx, stored).await
            }
        })
        .await
}
