use chengjing_domain::{
    evidence::{
        Evidence, EvidenceLink,
        review::{DeedKind, StateKind},
    },
    id::{CampaignId, EvidenceId, UnitId},
    people::policy::{Action, Decision},
    photo::DoubtKind,
    standard::FilingKind,
};
use chengjing_store::{
    Page, Paging,
    evidence::{self as store, link as links},
    photo::doubt as doubts,
};

use super::{Demand, Demands, Of, Standing, above, scope};
use crate::{App, Caller, Refusal, duty::Names};

/// Which reviews are wanted; all that is given must hold.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub unit: Option<UnitId>,
    pub state: Option<StateKind>,
    pub of: Option<Of>,
    pub kind: Option<FilingKind>,
}

/// A material before the reviewers of one requirement.
#[derive(Debug, Clone)]
pub struct Queued {
    pub link: EvidenceLink,
    pub evidence: Evidence,
    pub demand: Option<Demand>,
    pub possible: Vec<DeedKind>,
    /// What there is to be looked at about its photographs, each kind once; nothing where that is not for the caller.
    pub doubts: Vec<DoubtKind>,
}

/// The reviews of a campaign that the caller may see, what stands so for the longest first.
pub async fn queue(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    wanted: Wanted,
    paging: Paging,
) -> Result<(Page<Queued>, Names), Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            let filter = links::LinkFilter {
                unit: wanted.unit,
                any_unit: scope(&q, &caller, campaign).await?,
                state: wanted.state,
                of: wanted.of,
                kind: wanted.kind,
            };
            let page = links::list(&q, campaign, &filter, &paging).await?;
            let ids: Vec<EvidenceId> = page.items.iter().map(|link| link.evidence).collect();
            let materials = store::list_of(&q, campaign, &ids).await?;
            let demands = Demands::load(&here, &q, campaign).await?;
            let parents = above(&q, &caller, campaign).await?;
            let doubts = doubts::open_kinds(&q, campaign, &ids).await?;
            let mut items = Vec::with_capacity(page.items.len());
            for link in page.items {
                let Some(evidence) = materials.get(&link.evidence).cloned() else { continue };
                let standing = Standing::under(campaign, link.unit, &parents);
                let of = Of { standard: link.standard, requirement: link.requirement.clone() };
                let demand = demands.find(&of);
                let possible = standing.possible(&caller, (&evidence, &link), demand.as_ref());
                let doubts = match standing.decide(&caller, Action::SeeDoubts) {
                    Decision::Allowed => doubts.get(&evidence.id).cloned().unwrap_or_default(),
                    Decision::LogInFirst | Decision::Forbidden | Decision::Hidden => Vec::new(),
                };
                items.push(Queued { demand, possible, doubts, evidence, link });
            }
            Ok((Page { items, next: page.next }, Names::load(&q, campaign).await?))
        })
        .await
}
