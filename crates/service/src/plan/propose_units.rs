use chengjing_domain::{
    id::{CampaignId, ImportId},
    people::policy::{Action, Resource},
    plan::adoption::{self, UnitProposal},
};

use super::must;
use crate::{
    App, Caller, Refusal,
    unit::{Directory, UnitName},
};

/// A proposal with the names of the units it speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalView {
    pub proposal: UnitProposal,
    pub existing: Option<UnitName>,
    pub members: Vec<UnitName>,
}

/// For every unit name of a draft: which unit of the campaign it seems to be, or what sort of new one.
pub async fn propose_units(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ImportId,
) -> Result<Vec<ProposalView>, Refusal> {
    caller.may(Action::AdoptPlan, Resource::Campaign(campaign))?;
    let (import, directory) = app
        .store
        .read(|q| async move {
            Ok::<_, Refusal>((must(&q, campaign, id).await?, Directory::load(&q, campaign).await?))
        })
        .await?;
    import.state.correct()?;
    let plans = import.reading.map(|reading| reading.plans).unwrap_or_default();
    let view = |proposal: UnitProposal| ProposalView {
        existing: proposal.existing.and_then(|(unit, _)| directory.name(unit)),
        members: proposal.members.iter().filter_map(|unit| directory.name(*unit)).collect(),
        proposal,
    };
    Ok(adoption::propose_units(&plans, directory.units()).into_iter().map(view).collect())
}
