use std::{collections::HashMap, sync::Arc};

use chengjing_domain::{
    evidence::{
        Asking,
        completeness::{Completeness, Count, Need, needs, sum},
    },
    id::{CampaignId, StandardId, UnitId},
    standard::{
        Place,
        owner::{self, Owner},
    },
};
use chengjing_store::{
    evidence::{asking, count},
    standard::owner as owner_rows,
};

pub use super::count::Lengths;
use super::{Demand, Demands, Of, count::lengths as lengths_of, scope};
use crate::{App, Caller, Refusal, duty::Names, standard::Opened};

/// A requirement with what there is for it.
#[derive(Debug, Clone)]
pub struct RequirementSeen {
    pub demand: Demand,
    /// Who is asked for it; empty: whoever has something.
    pub units: Vec<UnitId>,
    /// Nobody said who is asked for it: who leads or is responsible for its leaves 责任分解 is.
    pub by_owners: bool,
    /// 0: nobody said yet who is asked.
    pub asking_version: i64,
    /// Whether a unit of the caller is asked for it; of who sees all units, whether any is.
    pub own: bool,
    pub needs: Vec<Need>,
    /// Of each of these what there is to be said of how long its materials are.
    pub lengths: Vec<Lengths>,
    pub sum: Completeness,
}

/// A standard's requirements, and how complete they are by place of its tree.
#[derive(Debug, Clone)]
pub struct StandardRequirements {
    pub id: StandardId,
    pub opened: Arc<Opened>,
    /// Places that a requirement stands under, by their number, in the order of the tree.
    pub places: Vec<(usize, Completeness)>,
    pub requirements: Vec<RequirementSeen>,
}

/// All that a campaign's standards ask for.
#[derive(Debug, Clone)]
pub struct RequirementsSeen {
    pub standards: Vec<StandardRequirements>,
    /// Of what each unit is asked for; of those that the caller sees.
    pub units: Vec<(UnitId, Completeness)>,
    pub waiting: u32,
}

/// What is asked for, what is there and what is missing: of what a unit is asked for, or of all. It is counted for all units
/// together where one of the caller's is asked; of what they are not asked for they see their own materials alone.
pub async fn requirements(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    unit: Option<UnitId>,
) -> Result<(RequirementsSeen, Names), Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            let scope = scope(&q, &caller, campaign).await?;
            let sees = |unit: &UnitId| scope.as_ref().is_none_or(|scope| scope.contains(unit));
            if unit.is_some_and(|unit| !sees(&unit)) {
                return Err(Refusal::NotFound);
            }
            let demands = Demands::load(&here, &q, campaign).await?;
            let mut askings: HashMap<Of, Asking> = HashMap::new();
            for one in asking::list(&q, campaign).await? {
                askings.insert(Of { standard: one.standard, requirement: one.requirement.clone() }, one);
            }
            let mut owners: HashMap<(StandardId, String), Vec<Owner>> = HashMap::new();
            for one in owner_rows::list(&q, campaign, None).await? {
                owners.insert((one.standard, one.leaf), one.owners);
            }
            let mut counts: HashMap<Of, Vec<(UnitId, Count)>> = HashMap::new();
            let mut waiting = 0;
            for one in count::counts(&q, campaign).await? {
                let mine = unit.map_or_else(|| sees(&one.unit), |unit| unit == one.unit);
                if mine && one.counted.waits() {
                    waiting += one.links;
                }
                let of = Of { standard: one.standard, requirement: one.requirement.clone() };
                counts.entry(of).or_default().push((one.unit, one.count()));
            }
            let mut by_unit: HashMap<UnitId, Completeness> = HashMap::new();
            let mut standards = Vec::new();
            for (id, opened) in &demands.standards {
                let mut places: HashMap<usize, Completeness> = HashMap::new();
                let mut own = Vec::new();
                for demand in demands.all().iter().filter(|demand| demand.of.standard == *id) {
                    let asking = askings.get(&demand.of);
                    let said: Vec<UnitId> = asking.map(|asking| asking.units.clone()).unwrap_or_default();
                    let of_leaf = |place: &Place| owners.get(&(demand.of.standard, place.code.clone()));
                    let owning = owner::asked(demand.leaves().filter_map(of_leaf).flatten().copied());
                    let by_owners = said.is_empty() && !owning.is_empty();
                    let asked = if said.is_empty() { owning } else { said };
                    let there = counts.get(&demand.of).map_or(&[][..], Vec::as_slice);
                    let of_unit = |wanted: UnitId| {
                        asked.contains(&wanted) || there.iter().any(|(unit, _)| *unit == wanted)
                    };
                    if unit.is_some_and(|unit| !of_unit(unit)) {
                        continue;
                    }
                    let whole = scope.is_none() || asked.iter().any(sees);
                    let counted: Vec<Count> = there
                        .iter()
                        .filter(|(unit, _)| whole || sees(unit))
                        .map(|(_, count)| *count)
                        .collect();
                    let needs = needs(demand.requirement(), &counted);
                    let sum = sum(&needs);
                    for place in demand.places() {
                        *places.entry(place).or_default() += sum;
                    }
                    for unit in asked.iter().filter(|unit| sees(unit)) {
                        *by_unit.entry(*unit).or_default() += sum;
                    }
                    let mut lengths = Vec::with_capacity(needs.len());
                    for (need, filing) in needs.iter().zip(&demand.requirement().filings) {
                        let asked = filing.most_characters.is_some() && need.there > 0;
                        let of = if whole { None } else { scope.as_deref() };
                        lengths.push(if asked {
                            lengths_of(&q, campaign, demand, need.kind, of).await?
                        } else {
                            Lengths::default()
                        });
                    }
                    own.push(RequirementSeen {
                        demand: demand.clone(),
                        own: asked.iter().any(sees),
                        by_owners: by_owners && asked.iter().any(sees),
                        asking_version: asking.map_or(0, |asking| asking.version),
                        units: asked.into_iter().filter(|unit| sees(unit)).collect(),
                        needs,
                        lengths,
                        sum,
                    });
                }
                let mut places: Vec<(usize, Completeness)> = places.into_iter().collect();
                places.sort_unstable_by_key(|(place, _)| *place);
                let opened = Arc::clone(opened);
                standards.push(StandardRequirements { id: *id, opened, places, requirements: own });
            }
            let mut units: Vec<(UnitId, Completeness)> = by_unit.into_iter().collect();
            if let Some(unit) = unit {
                units.retain(|(own, _)| *own == unit);
            }
            units.sort_unstable_by_key(|(unit, sum)| (std::cmp::Reverse(sum.missing()), *unit));
            Ok((RequirementsSeen { standards, units, waiting }, Names::load(&q, campaign).await?))
        })
        .await
}
