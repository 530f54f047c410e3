use std::collections::HashSet;

use chengjing_domain::{
    id::{CampaignId, ImportId},
    people::policy::{Action, Resource},
    plan::{
        PlanImport,
        adoption::{self, UnitProposal},
        comparison::{Change, Field},
    },
};

use super::{compare, must};
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

/// For every unit name of a draft that is to be taken over: which unit of the campaign it seems to be, or what sort of new
/// one.
pub async fn propose_units(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ImportId,
) -> Result<Vec<ProposalView>, Refusal> {
    caller.may(Action::AdoptPlan, Resource::Campaign(campaign))?;
    let (plans, directory) = app
        .store
        .read(|q| async move {
            let mut import = must(&q, campaign, id).await?;
            import.state.clone().correct()?;
            if import.replaces.is_some() {
                let changes = compare::changes(&q, &import).await?;
                leave_out_kept(&mut import, &changes);
            }
            let plans = import.reading.map(|reading| reading.plans).unwrap_or_default();
            Ok::<_, Refusal>((plans, Directory::load(&q, campaign).await?))
        })
        .await?;
    let view = |proposal: UnitProposal| ProposalView {
        existing: proposal.existing.and_then(|(unit, _)| directory.name(unit)),
        members: proposal.members.iter().filter_map(|unit| directory.name(*unit)).collect(),
        proposal,
    };
    Ok(adoption::propose_units(&plans, directory.units()).into_iter().map(view).collect())
}

/// Of a newer version: duties that keep their units ask about none.
fn leave_out_kept(import: &mut PlanImport, changes: &[Change]) {
    let asked: HashSet<(usize, usize)> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Added { index, .. } => Some(*index),
            Change::Changed { index, fields, .. } if fields.contains(&Field::Units) => Some(*index),
            Change::Changed { .. } | Change::Same { .. } | Change::Gone { .. } => None,
        })
        .collect();
    for (p, plan) in import.reading.iter_mut().flat_map(|reading| reading.plans.iter_mut().enumerate()) {
        let mut index = 0..;
        plan.duties.retain(|_| index.next().is_some_and(|d| asked.contains(&(p, d))));
    }
}
