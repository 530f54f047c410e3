use std::{cmp::Reverse, collections::HashMap};

use chengjing_domain::{
    duty::view::Grouping,
    id::{CampaignId, PhaseId},
    people::policy::{self, Action, Visible},
    plan::part,
};
use chengjing_store::{
    Queries, StoreError, campaign as campaigns,
    duty::{self as store, Dimension, GroupCounts},
};

use super::{Names, Wanted, filter};
use crate::{App, Caller, Refusal};

/// So many of a filtered list are counted. A county's plans have a few thousand duties, so that nearly always all of them
/// are; reading so far takes some hundredths of a second, and no longer where there are more.
pub const MOST: u64 = 5_000;

/// The groups of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    /// In the order in which people read them, that of no unit, phase, month and so on last.
    pub groups: Vec<Group>,
    /// False: the list is longer than is counted, so that a group has at least as many.
    pub exact: bool,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The id of the unit, phase or initiative, the part, or the month; None: those of none.
    pub key: Option<String>,
    /// None where there is none, or the key says it already.
    pub name: Option<String>,
    pub count: u64,
}

/// How many duties of a filtered list stand in each of its groups.
///
/// Where nothing is filtered the counters tell, which know all duties that are owed. They count by one thing at a time, so
/// where something is, the list is read instead, as far as [`MOST`].
pub async fn groups(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    wanted: Wanted,
    by: Grouping,
) -> Result<Groups, Refusal> {
    let actor = caller.actor.clone();
    app.store
        .read(|q| async move {
            let filter = filter(&q, &actor, Action::SeeDuties, campaign, &wanted).await?;
            let all = policy::visible(&actor, Action::SeeDuties, campaign) == Visible::All;
            let counted = match counter(&wanted, by) {
                Some(dimension) if all => from_counters(&q, campaign, dimension).await?,
                _ => store::group_counts(&q, campaign, &filter, by, MOST).await?,
            };
            Ok(Groups { groups: in_order(&q, campaign, by, &counted).await?, exact: counted.complete })
        })
        .await
}

/// The counters that know an unfiltered list's groups. None know which duties stand in no initiative.
fn counter(wanted: &Wanted, by: Grouping) -> Option<Dimension> {
    let unfiltered = Wanted { last_first: wanted.last_first, ..Wanted::default() } == *wanted;
    let dimension = match by {
        Grouping::Unit => Dimension::UnitPart,
        Grouping::Phase => Dimension::Phase,
        Grouping::Part => Dimension::Part,
        Grouping::Month => Dimension::DueMonth,
        Grouping::Initiative => return None,
    };
    unfiltered.then_some(dimension)
}

async fn from_counters(
    q: &impl Queries,
    campaign: CampaignId,
    dimension: Dimension,
) -> Result<GroupCounts, StoreError> {
    let counts = if dimension == Dimension::UnitPart {
        let of_units = store::counts_of_units(q, campaign).await?;
        of_units.into_iter().map(|(unit, parts)| (unit.to_string(), parts.total())).collect()
    } else {
        store::counts(q, campaign, dimension).await?.into_iter().collect()
    };
    Ok(GroupCounts { counts, complete: true })
}

async fn in_order(
    q: &impl Queries,
    campaign: CampaignId,
    by: Grouping,
    counted: &GroupCounts,
) -> Result<Vec<Group>, Refusal> {
    let names = Names::load(q, campaign).await?;
    let name = |key: &str| match by {
        Grouping::Unit => Some(names.unit(key.parse().ok()?).name),
        Grouping::Phase => Some(names.phase(key.parse().ok()?)?.1.to_owned()),
        Grouping::Initiative => Some(names.initiative(key.parse().ok()?)?.1.to_owned()),
        Grouping::Part | Grouping::Month => None,
    };
    let group = |(key, count): (&String, &u64)| Group {
        name: name(key),
        key: Some(key.clone()).filter(|key| !key.is_empty()),
        count: *count,
    };
    let mut groups: Vec<Group> = counted.counts.iter().map(group).collect();
    match by {
        Grouping::Unit => groups.sort_by_cached_key(|group| (Reverse(group.count), group.name.clone())),
        Grouping::Phase => {
            let phases = campaigns::list_phases(q, campaign).await?;
            let places: HashMap<PhaseId, usize> =
                phases.iter().enumerate().map(|(place, phase)| (phase.id, place)).collect();
            groups.sort_by_key(|group| {
                let phase = group.key.as_deref().and_then(|key| key.parse().ok());
                phase.and_then(|phase: PhaseId| places.get(&phase)).copied().unwrap_or(usize::MAX)
            });
        }
        Grouping::Initiative => groups.sort_by(|one, other| one.name.cmp(&other.name)),
        Grouping::Part => groups.sort_by(|one, other| {
            part::in_order(one.key.as_deref().unwrap_or_default(), other.key.as_deref().unwrap_or_default())
        }),
        // Months are in order as they come.
        Grouping::Month => {}
    }
    groups.sort_by_key(|group| group.key.is_none());
    Ok(groups)
}
