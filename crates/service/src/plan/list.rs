use chengjing_domain::{
    id::CampaignId,
    people::policy::{Action, Resource},
};
use chengjing_store::{Page, Paging, campaign, plan as store};
pub use store::ImportSummary;

use crate::{App, Caller, Refusal};

/// The plan documents of a campaign, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    paging: Paging,
) -> Result<Page<ImportSummary>, Refusal> {
    caller.may(Action::SeePlans, Resource::Campaign(campaign))?;
    app.store
        .read(|q| async move {
            campaign::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            Ok(store::list(&q, campaign, &paging).await?)
        })
        .await
}
