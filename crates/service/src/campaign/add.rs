use chengjing_domain::{
    campaign::Campaign,
    id::CampaignId,
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{campaign as store, ledger};
use serde_json::json;

use super::CampaignText;
use crate::{App, Caller, Refusal};

/// Adds a campaign.
pub async fn add(app: &App, caller: &Caller, text: CampaignText) -> Result<Campaign, Refusal> {
    caller.may(Action::AddCampaign, Resource::System)?;
    let id: CampaignId = caller.id("campaign");
    let mut campaign = Campaign {
        id,
        name: String::new(),
        place: String::new(),
        kind: String::new(),
        year: text.year,
        starts_on: None,
        ends_on: None,
        created_at: caller.now,
        version: 1,
    };
    text.put(&mut campaign)?;
    let subject = Subject::of(id, SubjectKind::Campaign, id.0);
    let act = caller.act(Action::AddCampaign, subject, json!({ "name": campaign.name }));
    app.store
        .write(move |tx| {
            let (campaign, act) = (campaign.clone(), act.clone());
            async move {
                if let Some(there) = store::lookup(&tx, id).await? {
                    return Ok(there);
                }
                let campaign = store::add(&tx, &campaign).await?;
                ledger::record(&tx, act).await?;
                Ok(campaign)
            }
        })
        .await
}
