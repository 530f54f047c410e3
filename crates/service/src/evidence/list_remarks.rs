use chengjing_domain::{
    id::{CampaignId, EvidenceId, UserId},
    people::policy::Action,
};
use chengjing_store::{Page, Paging, evidence::remark as remarks, people};

use super::{RemarkSeen, must};
use crate::{App, Caller, Refusal};

/// What was said of a material and done to it, the last first.
pub async fn list_remarks(
    app: &App,
    caller: &Caller,
    (campaign, id): (CampaignId, EvidenceId),
    paging: Paging,
) -> Result<Page<RemarkSeen>, Refusal> {
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            must(&q, &caller, Action::SeeEvidence, campaign, id).await?;
            let page = remarks::list(&q, campaign, id, &paging).await?;
            let mut who: Vec<UserId> = page.items.iter().map(|remark| remark.by).collect();
            who.sort_unstable();
            who.dedup();
            let names = people::display_names(&q, &who).await?;
            Ok(page
                .map(|remark| RemarkSeen { by: names.get(&remark.by).cloned().unwrap_or_default(), remark }))
        })
        .await
}
