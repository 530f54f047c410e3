use chengjing_domain::{
    evidence::{
        Content,
        suggestion::{Why, suggest as best},
    },
    id::{CampaignId, EvidenceId},
    people::policy::Action,
    standard::FilingKind,
};
use chengjing_store::evidence::link as links;

use super::{Demand, Demands, Of, must};
use crate::{App, Caller, Refusal};

/// How many requirements are suggested at most.
const MOST: usize = 8;

/// A requirement that a material would fit too.
#[derive(Debug, Clone)]
pub struct Suggested {
    pub demand: Demand,
    pub why: Why,
}

/// Where else a material fits.
pub async fn suggest(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: EvidenceId,
) -> Result<Vec<Suggested>, Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            let (evidence, _) = must(&q, &caller, Action::FileEvidence, campaign, id).await?;
            let own: Vec<Of> = links::list_of(&q, campaign, &[id])
                .await?
                .into_iter()
                .map(|link| Of { standard: link.standard, requirement: link.requirement })
                .collect();
            let demands = Demands::load(&here, &q, campaign).await?;
            Ok(suggested(&demands, evidence.kind, &evidence.latest().content, &own))
        })
        .await
}

pub(super) fn suggested(
    demands: &Demands,
    kind: FilingKind,
    content: &Content,
    own: &[Of],
) -> Vec<Suggested> {
    let own_demands: Vec<Demand> = own.iter().filter_map(|of| demands.find(of)).collect();
    let others: Vec<&Demand> = demands.all().iter().filter(|demand| !own.contains(&demand.of)).collect();
    best_of(kind, content, &own_demands, &others)
}

/// The best of `others`, of whichever campaign, for a material that is filed for `own`.
pub(super) fn best_of(
    kind: FilingKind,
    content: &Content,
    own: &[Demand],
    others: &[&Demand],
) -> Vec<Suggested> {
    let own: Vec<_> = own.iter().map(Demand::requirement).collect();
    let requirements: Vec<_> = others.iter().map(|demand| demand.requirement()).collect();
    let says = [Some(content.title.as_str()), content.activity.as_deref()];
    let says = says.into_iter().flatten().collect::<Vec<_>>().join(" ");
    best(kind, &says, &own, &requirements, MOST)
        .into_iter()
        .map(|found| Suggested { demand: others[found.number].clone(), why: found.why })
        .collect()
}
