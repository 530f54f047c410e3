use chengjing_domain::{
    campaign::Campaign,
    clock::day_of,
    id::{CampaignId, EvidenceId},
    people::policy::{self, Action, Visible},
};
use chengjing_store::{Paging, campaign as campaigns, evidence::link as links};

use super::{
    Demand, Demands, Of,
    origin::{self, OtherEnd, must_see},
    suggest::{Suggested, best_of},
};
use crate::{App, Caller, Refusal, campaign::list::own};

/// Campaigns that are looked at, the newest ones.
const MOST: u64 = 50;

/// A campaign in which a material could be used too.
#[derive(Debug, Clone)]
pub struct Elsewhere {
    pub campaign: Campaign,
    /// What it would fit there, the best first.
    pub suggestions: Vec<Suggested>,
    /// Where it is used there already.
    pub uses: Vec<OtherEnd>,
}

/// In which other running campaigns the caller may file, what a material would fit there, and where it is used already.
pub async fn elsewhere(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: EvidenceId,
) -> Result<Vec<Elsewhere>, Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            let (evidence, _) = must_see(&q, &caller, (campaign, id)).await?;
            let demands = Demands::load(&here, &q, campaign).await?;
            let mut own_demands: Vec<Demand> = Vec::new();
            for link in links::list_of(&q, campaign, &[id]).await? {
                own_demands
                    .extend(demands.find(&Of { standard: link.standard, requirement: link.requirement }));
            }
            let uses = origin::uses_of(&q, &caller, &evidence).await?;
            let today = day_of(caller.now);
            let paging = Paging::first(MOST);
            let mut all = Vec::new();
            for other in campaigns::list(&q, own(&caller).as_deref(), &paging).await?.items {
                let over = other.ends_on.is_some_and(|last| last < today);
                let files =
                    policy::visible(&caller.actor, Action::FileEvidence, other.id) != Visible::Nothing;
                if over || !files || evidence.may_go_to(other.id).is_err() {
                    continue;
                }
                let theirs = Demands::load(&here, &q, other.id).await?;
                let others: Vec<&Demand> = theirs.all().iter().collect();
                let content = &evidence.latest().content;
                let suggestions = best_of(evidence.kind, content, &own_demands, &others);
                let uses = uses.iter().filter(|one| one.campaign.id == other.id).cloned().collect();
                all.push(Elsewhere { campaign: other, suggestions, uses });
            }
            Ok(all)
        })
        .await
}
