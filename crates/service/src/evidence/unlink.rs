use chengjing_domain::{
    id::{CampaignId, EvidenceId, EvidenceLinkId},
    people::policy::Action,
};
use chengjing_store::{evidence::link as links, ledger};
use serde_json::json;

use super::{Demands, EvidenceSeen, Of, link_as_seen, look_into, must, seen, subject};
use crate::{App, Caller, Refusal, duty::Names};

/// Takes a material off a requirement for which it was not accepted.
pub async fn unlink(
    app: &App,
    caller: &Caller,
    (campaign, id): (CampaignId, EvidenceId),
    link: EvidenceLinkId,
    seen_version: i64,
) -> Result<(EvidenceSeen, Names), Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller) = (here.clone(), caller.clone());
            async move {
                let (evidence, standing) = must(&tx, &caller, Action::FileEvidence, campaign, id).await?;
                let gone = link_as_seen(&tx, &evidence, link, seen_version).await?;
                gone.may_unlink()?;
                links::remove(&tx, &gone).await?;
                look_into(&tx, &caller, &evidence).await?;
                let demands = Demands::load(&app, &tx, campaign).await?;
                let of = Of { standard: gone.standard, requirement: gone.requirement };
                let title = demands.find(&of).map(|demand| demand.requirement().title.clone());
                let told = json!({ "requirement": title.unwrap_or(of.requirement) });
                ledger::record(&tx, caller.act_named("evidence.unlink", subject(&evidence), told)).await?;
                seen(&app, &tx, &caller, (evidence, standing)).await
            }
        })
        .await
}
