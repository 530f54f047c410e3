use chengjing_domain::id::{CampaignId, EvidenceId};
use chengjing_store::{Page, Paging, photo::doubt as store};

use super::{DoubtSeen, Eyes, must_look_into};
use crate::{App, Caller, Refusal, duty::Names};

/// What there is to be looked at about the photographs of a material, as it was found: its own doubts, and those about others
/// whose twins they are.
pub async fn list(
    app: &App,
    caller: &Caller,
    (campaign, id): (CampaignId, EvidenceId),
    paging: Paging,
) -> Result<(Page<DoubtSeen>, Names), Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            let (_, standing) = must_look_into(&q, &caller, (campaign, id)).await?;
            let page = store::list_of_evidence(&q, campaign, id, &paging).await?;
            let eyes = Eyes::new(&here, &q, &caller, campaign).await?;
            let mut items = Vec::with_capacity(page.items.len());
            for doubt in page.items {
                items.extend(eyes.doubt(&q, doubt, (id, &standing)).await?);
            }
            Ok((Page { items, next: page.next }, Names::load(&q, campaign).await?))
        })
        .await
}
