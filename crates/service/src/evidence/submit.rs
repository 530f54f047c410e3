use chengjing_domain::{
    evidence::review::{Deed, DeedKind, Party},
    id::{CampaignId, EvidenceId, EvidenceLinkId},
    people::policy::Action,
};
use chengjing_store::{evidence::link as links, ledger};
use serde_json::json;

use super::{Demands, EvidenceSeen, Of, limits, link_as_seen, must, refuse, say, seen, shown, subject};
use crate::{App, Caller, Refusal, duty::Names, refusal::Faults};

/// Puts what was returned before the reviewers again as it is, with a word why.
pub async fn submit(
    app: &App,
    caller: &Caller,
    (campaign, id): (CampaignId, EvidenceId),
    link: EvidenceLinkId,
    seen_version: i64,
    word: String,
) -> Result<(EvidenceSeen, Names), Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, word) = (here.clone(), caller.clone(), word.clone());
            async move {
                let (evidence, standing) = must(&tx, &caller, Action::FileEvidence, campaign, id).await?;
                let before = link_as_seen(&tx, &evidence, link, seen_version).await?;
                let mut faults = Faults::default();
                let word = faults.text("word", &word, chengjing_domain::evidence::review::LONGEST_REASON);
                let demands = Demands::load(&app, &tx, campaign).await?;
                let of = Of { standard: before.standard, requirement: before.requirement.clone() };
                let demand = demands.must(&of).map_err(|(zh, en)| Refusal::conflict(zh, en))?;
                refuse(limits(&tx, &evidence, &demand, &caller).await?, &demand, &mut faults);
                faults.end()?;
                let deed = Deed::Submit { shown: shown(&evidence) };
                let after = before.perform(deed, Party::Unit, caller.actor.user, caller.now)?;
                let after = links::save(&tx, &after).await?;
                let told = json!({ "requirement": demand.requirement().title, "word": word });
                say(&tx, &caller, &evidence, Some(after.id), Some(DeedKind::Submit), Some(word)).await?;
                ledger::record(&tx, caller.act_named("evidence.submit", subject(&evidence), told)).await?;
                seen(&app, &tx, &caller, (evidence, standing)).await
            }
        })
        .await
}
