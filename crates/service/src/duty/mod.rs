//! Duties 责任任务: who owes what, by when.

pub mod add;
pub mod count;
pub mod edit;
pub mod edit_many;
pub mod groups;
pub mod list;
pub mod look_up;
pub mod overview;
pub mod source;
pub mod task_table;
pub mod withdraw;

use std::{collections::HashMap, sync::Arc};

use chengjing_domain::{
    duty::{Duty, DutyTarget, DutyUnit, task::with_those_above},
    id::{CampaignId, InitiativeId, PhaseId, TargetId, UnitId},
    people::{
        Actor,
        policy::{self, Action, Resource, Visible},
    },
    plan::{PlanDate, Recurrence, Target, UnitRole},
};
use chengjing_store::{
    Queries, StoreError,
    campaign::{self as campaigns, CampaignNames},
    duty as store, initiative as initiatives,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
pub use store::DutySummary;

use crate::{
    Caller, Refusal, initiative,
    refusal::Faults,
    unit::{CLOSED, UnitName},
};

/// Which duties are wanted; a stored format, in jobs and in the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    pub unit: Option<UnitId>,
    pub phase: Option<PhaseId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initiative: Option<InitiativeId>,
    /// In this part of a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Only those of no phase.
    #[serde(default)]
    pub phaseless: bool,
    /// Only those of no special action or working group.
    #[serde(default)]
    pub ungathered: bool,
    /// Only those in no part of a plan.
    #[serde(default)]
    pub partless: bool,
    pub due_from: Option<NaiveDate>,
    pub due_to: Option<NaiveDate>,
    /// Only those without a deadline.
    pub undated: bool,
    pub has_target: Option<bool>,
    pub recurrence: Option<Recurrence>,
    pub state: Option<chengjing_domain::duty::DutyState>,
    pub plan: Option<chengjing_domain::id::ImportId>,
    pub text: Option<String>,
    /// The last deadline first.
    #[serde(default)]
    pub last_first: bool,
}

/// A unit of a duty with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwingUnit {
    pub unit: UnitName,
    pub role: UnitRole,
    pub via: Option<UnitName>,
}

/// The names that a page of duties needs.
#[derive(Debug, Clone, Default)]
pub struct Names(Arc<CampaignNames>);

impl Names {
    pub(crate) async fn load(q: &impl Queries, campaign: CampaignId) -> Result<Self, StoreError> {
        Ok(Self(campaigns::names(q, campaign).await?))
    }

    pub fn unit(&self, id: UnitId) -> UnitName {
        UnitName { id, name: self.0.units.get(&id).cloned().unwrap_or_default() }
    }

    pub fn units(&self, units: &[DutyUnit]) -> Vec<OwingUnit> {
        let owing = |unit: &DutyUnit| OwingUnit {
            unit: self.unit(unit.unit),
            role: unit.role,
            via: unit.via.map(|via| self.unit(via)),
        };
        units.iter().map(owing).collect()
    }

    pub(crate) fn has_unit(&self, id: UnitId) -> bool {
        self.0.units.contains_key(&id)
    }

    pub fn phase(&self, id: PhaseId) -> Option<(PhaseId, &str)> {
        self.0.phases.get(&id).map(|title| (id, title.as_str()))
    }

    pub fn initiative(&self, id: InitiativeId) -> Option<(InitiativeId, &str)> {
        self.0.initiatives.get(&id).map(|name| (id, name.as_str()))
    }
}

/// The filter of a list, cut to what the actor may do `action` to. Who may do nothing gets `NotFound`, as if the
/// campaign were not there.
pub(crate) async fn filter(
    q: &impl Queries,
    actor: &Actor,
    action: Action,
    campaign: CampaignId,
    wanted: &Wanted,
) -> Result<store::DutyFilter, Refusal> {
    let (any_unit, led) = match policy::visible(actor, action, campaign) {
        Visible::All => {
            campaigns::lookup(q, campaign).await?.ok_or(Refusal::NotFound)?;
            (None, Vec::new())
        }
        Visible::OfUnits(units) => {
            let units = campaigns::list_units_below(q, campaign, &units).await?;
            let led = initiative::led_by(q, campaign, action, &units).await?;
            (Some(units), led)
        }
        Visible::Nothing => {
            // Whoever belongs to the campaign may know that it has duties.
            let belongs = policy::visible(actor, Action::SeeCampaign, campaign) != Visible::Nothing;
            return Err(if belongs { Refusal::Forbidden } else { Refusal::NotFound });
        }
    };
    Ok(store::DutyFilter { led, ..wanted.within(any_unit) })
}

impl Wanted {
    /// As the store takes it, within a scope of units; None: no limit.
    pub(crate) fn within(&self, any_unit: Option<Vec<UnitId>>) -> store::DutyFilter {
        let due = match (self.undated, self.due_from, self.due_to) {
            (true, _, _) => store::DueFilter::None,
            (false, None, None) => store::DueFilter::Any,
            (false, from, to) => store::DueFilter::Between(from, to),
        };
        store::DutyFilter {
            unit: self.unit,
            any_unit,
            led: Vec::new(),
            phase: self.phase,
            initiative: self.initiative,
            part: self.part.clone(),
            partless: self.partless,
            phaseless: self.phaseless,
            ungathered: self.ungathered,
            due,
            has_target: self.has_target,
            recurrence: self.recurrence,
            state: self.state,
            import: self.plan,
            text: self.text.clone().filter(|text| !text.trim().is_empty()),
            last_first: self.last_first,
        }
    }
}

/// One duty that the caller may do `action` to.
pub(crate) async fn must(
    q: &impl Queries,
    caller: &Caller,
    action: Action,
    campaign: CampaignId,
    id: chengjing_domain::id::DutyId,
) -> Result<Duty, Refusal> {
    let duty = store::lookup(q, campaign, id).await?;
    let Some(duty) = duty else {
        // Nobody learns whether a duty is missing or not theirs; who is not in the campaign learns nothing at all.
        caller.may(action, Resource::Units(campaign, &[]))?;
        return Err(Refusal::NotFound);
    };
    let (parents, leader) = match policy::visible(&caller.actor, Action::SeeDuties, campaign) {
        // Only a scope of units needs the tree above the duty's units.
        Visible::OfUnits(_) => {
            let leader = match duty.initiative {
                Some(initiative) => initiatives::leaders(q, campaign).await?.remove(&initiative),
                None => None,
            };
            (campaigns::unit_parents(q, campaign).await?, leader)
        }
        Visible::All | Visible::Nothing => (HashMap::new(), None),
    };
    let own = with_those_above(duty.units.iter().map(|unit| unit.unit), &parents);
    let leader = with_those_above(leader, &parents);
    caller.may(action, Resource::Led(campaign, &own, &leader))?;
    Ok(duty)
}

/// What is said of a duty by hand; None stays.
#[derive(Debug, Clone, Default)]
pub struct DutyChange {
    pub number: Option<Option<String>>,
    pub title: Option<String>,
    pub text: Option<String>,
    pub leads: Option<Vec<String>>,
    pub units: Option<Vec<(UnitId, UnitRole)>>,
    pub start: Option<Option<PlanDate>>,
    pub due: Option<Option<PlanDate>>,
    pub recurrence: Option<Option<Recurrence>>,
    pub phase: Option<Option<PhaseId>>,
    pub initiative: Option<Option<InitiativeId>>,
    pub targets: Option<Vec<Target>>,
}

/// Puts what was said into a duty; all faults at once.
pub(crate) async fn put(
    q: &impl Queries,
    caller: &Caller,
    duty: &mut Duty,
    change: &DutyChange,
) -> Result<(), Refusal> {
    let mut faults = Faults::default();
    if let Some(title) = &change.title {
        duty.title = faults.text("title", title, 300);
    }
    if let Some(text) = &change.text {
        if text.chars().count() > 20_000 {
            faults.add("text", "最多20000个字", "at most 20000 characters");
        }
        duty.text = text.replace('\0', "").trim().to_owned();
    }
    if let Some(number) = &change.number {
        duty.number = number.as_ref().map(|number| faults.text("number", number, 20));
    }
    if let Some(leads) = &change.leads {
        duty.leads = leads
            .iter()
            .enumerate()
            .map(|(index, lead)| faults.text(&format!("leads[{index}]"), lead, 50))
            .collect();
    }
    if let Some(units) = &change.units {
        let ids: Vec<UnitId> = units.iter().map(|(unit, _)| *unit).collect();
        let known = campaigns::lookup_units(q, duty.campaign, &ids).await?;
        let closed = campaigns::closed_units(q, duty.campaign).await?;
        let had = |unit: &UnitId| duty.units.iter().any(|part| part.unit == *unit || part.via == Some(*unit));
        for (index, (unit, _)) in units.iter().enumerate() {
            let path = format!("units[{index}].id");
            if !known.iter().any(|known| known.id == *unit) {
                faults.add(path, "没有这个单位", "there is no such unit");
            } else if closed.contains(unit) && !had(unit) {
                faults.add(path, CLOSED.0, CLOSED.1);
            }
        }
        let open: HashMap<UnitId, Vec<UnitId>> = known
            .iter()
            .map(|unit| {
                let members = unit.members.iter().filter(|member| !closed.contains(member) || had(member));
                (unit.id, members.copied().collect())
            })
            .collect();
        let members = |unit| open.get(&unit).map_or(&[][..], Vec::as_slice);
        duty.units = chengjing_domain::plan::adoption::expand(units.iter().copied(), &members);
    }
    if let Some(start) = change.start {
        duty.start = start;
    }
    if let Some(due) = change.due {
        duty.due = due;
    }
    if change.start.is_some() || change.due.is_some() {
        // A date without a year is one of the campaign's.
        let year = campaigns::names(q, duty.campaign).await?.year.ok_or(Refusal::NotFound)?;
        duty.due_on = duty.due.and_then(|due| due.in_year(year).last_day());
        if let (Some(start), Some(due)) = (duty.start, duty.due)
            && start.in_year(year).first_day() > due.in_year(year).last_day()
        {
            faults.add("due", "完成时限早于开始时间", "due before it starts");
        }
    }
    if let Some(recurrence) = change.recurrence {
        duty.recurrence = recurrence;
    }
    if let Some(phase) = change.phase {
        if let Some(phase) = phase
            && campaigns::lookup_phase(q, duty.campaign, phase).await?.is_none()
        {
            faults.add("phase_id", "没有这个阶段", "there is no such phase");
        }
        duty.phase = phase;
    }
    if let Some(initiative) = change.initiative.filter(|initiative| *initiative != duty.initiative) {
        if let Some(initiative) = initiative {
            match initiatives::lookup(q, duty.campaign, initiative).await? {
                None => faults.add(
                    "initiative_id",
                    "没有这个专项行动或工作组",
                    "there is no such special action or working group",
                ),
                Some(found) if !found.is_open() => {
                    faults.add("initiative_id", initiative::CLOSED.0, initiative::CLOSED.1);
                }
                Some(_) => {}
            }
        }
        duty.initiative = initiative;
    }
    if let Some(targets) = &change.targets {
        duty.targets = targets
            .iter()
            .enumerate()
            .map(|(index, target)| {
                if target.subject.chars().count() > 200 || target.unit.chars().count() > 50 {
                    faults.add(
                        format!("targets[{index}]"),
                        "目标名称或单位太长",
                        "subject or unit is too long",
                    );
                }
                // A target that did not change keeps its id, and with it its figures.
                let same = duty.targets.iter().find(|old| old.target == *target).map(|old| old.id);
                let id = same.unwrap_or_else(|| TargetId(caller.ids.uuid(caller.now)));
                DutyTarget { id, target: target.clone() }
            })
            .collect();
    }
    faults.end()
}
