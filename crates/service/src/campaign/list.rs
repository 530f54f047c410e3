use chengjing_domain::{campaign::Campaign, id::CampaignId, people::Scope};
use chengjing_store::{Page, Paging, campaign as store};

use crate::{App, Caller, Refusal};

/// The campaigns that the caller belongs to, newest first; a system administrator's and a system auditor's are all.
pub async fn list(app: &App, caller: &Caller, paging: Paging) -> Result<Page<Campaign>, Refusal> {
    let only = own(caller);
    app.store.read(|q| async move { Ok(store::list(&q, only.as_deref(), &paging).await?) }).await
}

/// None: all.
pub(crate) fn own(caller: &Caller) -> Option<Vec<CampaignId>> {
    let mut own = Vec::new();
    for grant in &caller.actor.grants {
        match grant.scope {
            Scope::System => return None,
            Scope::Campaign(campaign) | Scope::Unit(campaign, _) => own.push(campaign),
        }
    }
    Some(own)
}
