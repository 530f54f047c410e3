use chengjing_domain::{
    id::{CampaignId, EvidenceId},
    people::policy::Action,
};

use super::{EvidenceSeen, must, seen};
use crate::{App, Caller, Refusal, duty::Names};

/// One material, with what it is filed for.
pub async fn look_up(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: EvidenceId,
) -> Result<(EvidenceSeen, Names), Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            let found = must(&q, &caller, Action::SeeEvidence, campaign, id).await?;
            seen(&here, &q, &caller, found).await
        })
        .await
}
