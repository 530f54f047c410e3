use std::collections::{HashMap, hash_map::Entry};

use chengjing_domain::{
    id::{CampaignId, UserId},
    people::policy::{Action, Resource},
};
use chengjing_store::{Page, Paging, campaign, plan as store};
pub use store::ImportSummary;

use crate::{App, Caller, Refusal, people::display_name};

/// A plan document of a list, with the name of who brought it.
#[derive(Debug, Clone)]
pub struct ListedPlan {
    pub summary: ImportSummary,
    pub created_by: String,
}

/// The plan documents of a campaign, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    paging: Paging,
) -> Result<Page<ListedPlan>, Refusal> {
    caller.may(Action::SeePlans, Resource::Campaign(campaign))?;
    app.store
        .read(|q| async move {
            campaign::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let page = store::list(&q, campaign, &paging).await?;
            let mut names: HashMap<UserId, String> = HashMap::new();
            for summary in &page.items {
                if let Entry::Vacant(unknown) = names.entry(summary.created_by) {
                    unknown.insert(display_name(&q, summary.created_by).await?);
                }
            }
            Ok(page.map(|summary| ListedPlan {
                created_by: names.get(&summary.created_by).cloned().unwrap_or_default(),
                summary,
            }))
        })
        .await
}
