use chengjing_domain::{
    evidence::MOST_LINKS,
    id::{CampaignId, EvidenceId},
    people::policy::Action,
};
use chengjing_store::{evidence::link as links, ledger};
use serde_json::json;

use super::{Demands, EvidenceSeen, Of, look_into, must, put_link, seen, subject};
use crate::{App, Caller, Refusal, duty::Names, refusal::Faults};

/// Files a material for another requirement too. Said twice, it is so once.
pub async fn link(
    app: &App,
    caller: &Caller,
    (campaign, id): (CampaignId, EvidenceId),
    of: Of,
) -> Result<(EvidenceSeen, Names), Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, of) = (here.clone(), caller.clone(), of.clone());
            async move {
                let (evidence, standing) = must(&tx, &caller, Action::FileEvidence, campaign, id).await?;
                let there = links::list_of(&tx, campaign, &[id]).await?;
                let same = there
                    .iter()
                    .any(|link| link.standard == of.standard && link.requirement == of.requirement);
                if same {
                    return seen(&app, &tx, &caller, (evidence, standing)).await;
                }
                if there.len() >= MOST_LINKS {
                    return Err(Refusal::conflict(
                        format!("一份材料最多用于{MOST_LINKS}项要求"),
                        format!("a material is filed for at most {MOST_LINKS} requirements"),
                    ));
                }
                let demands = Demands::load(&app, &tx, campaign).await?;
                let demand = demands.must(&of).map_err(|(zh, en)| Refusal::invalid("requirement", zh, en))?;
                let mut faults = Faults::default();
                put_link(&tx, &caller, &evidence, &demand, &mut faults).await?;
                faults.end()?;
                look_into(&tx, &caller, &evidence).await?;
                let told = json!({ "requirement": demand.requirement().title });
                ledger::record(&tx, caller.act_named("evidence.link", subject(&evidence), told)).await?;
                seen(&app, &tx, &caller, (evidence, standing)).await
            }
        })
        .await
}
