use chengjing_domain::{
    id::CampaignId,
    people::policy::{Action, Resource},
};
use chengjing_store::{Page, Paging, campaign as campaigns, initiative as store};

use super::{InitiativeView, views};
use crate::{App, Caller, Refusal, duty::Names};

/// The initiatives of a campaign, the newest first; `open`: only those that are, or only those that are not.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    open: Option<bool>,
    paging: Paging,
) -> Result<(Page<InitiativeView>, Names), Refusal> {
    caller.may(Action::SeeInitiatives, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let page = store::list(&q, campaign, open, &paging).await?;
            let items = views(&q, &caller, campaign, page.items).await?;
            Ok((Page { items, next: page.next }, Names::load(&q, campaign).await?))
        })
        .await
}
