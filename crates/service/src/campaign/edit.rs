use chengjing_domain::{
    campaign::Campaign,
    id::CampaignId,
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{campaign as store, ledger};
use chrono::NaiveDate;
use serde_json::json;

use super::CampaignText;
use crate::{App, Caller, Refusal, difference::Difference};

/// What is to change; None stays. A date can also be taken away.
#[derive(Debug, Clone, Default)]
pub struct CampaignChange {
    pub name: Option<String>,
    pub place: Option<String>,
    pub kind: Option<String>,
    pub year: Option<i32>,
    pub starts_on: Option<Option<NaiveDate>>,
    pub ends_on: Option<Option<NaiveDate>>,
}

/// Changes a campaign. Duties keep the days that they were adopted with, also when its year changes.
pub async fn edit(
    app: &App,
    caller: &Caller,
    id: CampaignId,
    seen: i64,
    change: CampaignChange,
) -> Result<Campaign, Refusal> {
    caller.may(Action::EditCampaign, Resource::Campaign(id))?;
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let (change, caller) = (change.clone(), caller.clone());
            async move {
                let mut campaign = store::lookup(&tx, id).await?.ok_or(Refusal::NotFound)?;
                if campaign.version != seen {
                    return Err(Refusal::Stale);
                }
                let text = CampaignText {
                    name: change.name.unwrap_or_else(|| campaign.name.clone()),
                    place: change.place.unwrap_or_else(|| campaign.place.clone()),
                    kind: change.kind.unwrap_or_else(|| campaign.kind.clone()),
                    year: change.year.unwrap_or(campaign.year),
                    starts_on: change.starts_on.unwrap_or(campaign.starts_on),
                    ends_on: change.ends_on.unwrap_or(campaign.ends_on),
                };
                let before = campaign.clone();
                text.put(&mut campaign)?;
                let difference = difference(&before, &campaign);
                if difference.is_empty() {
                    return Ok(campaign);
                }
                let campaign = store::save(&tx, &campaign).await?;
                let subject = Subject::of(id, SubjectKind::Campaign, id.0);
                ledger::record(&tx, caller.act(Action::EditCampaign, subject, difference.details())).await?;
                Ok(campaign)
            }
        })
        .await
}

fn difference(before: &Campaign, after: &Campaign) -> Difference {
    let mut difference = Difference::default();
    difference.of("name", &before.name, &after.name, |name| json!(name));
    difference.of("place", &before.place, &after.place, |place| json!(place));
    difference.of("kind", &before.kind, &after.kind, |kind| json!(kind));
    difference.of("year", &before.year, &after.year, |year| json!(year));
    difference.of("starts_on", &before.starts_on, &after.starts_on, |day| json!(day));
    difference.of("ends_on", &before.ends_on, &after.ends_on, |day| json!(day));
    difference
}
