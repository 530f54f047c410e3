//! How a plan's entries become a campaign's units, phases and duties.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::{Plan, PlanDuty, Reading, UnitRole, part::Headings};
use crate::{
    campaign::{
        Campaign, Likeness, Phase, Unit, UnitKind,
        naming::{self, kind_of, kind_of_members, normal},
    },
    duty::{Duty, DutyState, DutyTarget, DutyUnit},
    id::{DutyId, Ids, ImportId, PhaseId, TargetId, UnitId},
};

/// One name of a plan, and which unit it may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitProposal {
    /// As the plan prints it.
    pub name: String,
    /// How many duties name it.
    pub count: usize,
    pub kind: UnitKind,
    /// The campaign's unit that it seems to be.
    pub existing: Option<(UnitId, Why)>,
    /// Another, earlier name in the same plan that seems to mean the same new unit.
    pub same_as: Option<String>,
    /// For a group: the units it seems to stand for.
    pub members: Vec<UnitId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Name,
    Alias,
    Similar,
}

/// What the office decided about one name of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitDecision {
    /// It is this unit of the campaign; the name becomes an alias.
    Existing(UnitId),
    /// It is a new unit of that name, kind and, for a group, members.
    New { name: String, kind: UnitKind, members: Vec<UnitId> },
    /// It is no unit (a slip of the reader): duties do without it.
    Leave,
}

/// Every unit name of the chosen plans, the most named first, each with a proposal. A unit that is no more is proposed
/// for nothing.
pub fn propose_units(plans: &[Plan], known: &[Unit]) -> Vec<UnitProposal> {
    let known: &[Unit] = &known.iter().filter(|unit| unit.closed_at.is_none()).cloned().collect::<Vec<_>>();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for duty in plans.iter().flat_map(|plan| &plan.duties) {
        let names: HashSet<String> = duty.units.iter().map(|unit| normal(&unit.name)).collect();
        for name in names {
            *counts.entry(name).or_default() += 1;
        }
    }
    let mut names: Vec<(String, usize)> = counts.into_iter().collect();
    names.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let mut proposals: Vec<UnitProposal> = Vec::with_capacity(names.len());
    for (name, count) in names {
        let kind = kind_of(&name);
        let existing = find(&name, known);
        let same_as = if existing.is_some() || kind == UnitKind::Group {
            None
        } else {
            proposals
                .iter()
                .find(|earlier| earlier.existing.is_none() && naming::alike(&earlier.name, &name).is_some())
                .map(|earlier| earlier.name.clone())
        };
        let members = if kind == UnitKind::Group { members_of(&name, known) } else { Vec::new() };
        proposals.push(UnitProposal { name, count, kind, existing, same_as, members });
    }
    proposals
}

fn find(name: &str, known: &[Unit]) -> Option<(UnitId, Why)> {
    let same = |other: &str| normal(other) == name;
    let exact = known.iter().find(|unit| same(&unit.name)).map(|unit| (unit.id, Why::Name));
    let alias = || {
        known
            .iter()
            .find(|unit| unit.aliases.iter().any(|alias| same(alias)))
            .map(|unit| (unit.id, Why::Alias))
    };
    let similar = || {
        let alike = |wanted: Likeness| {
            known.iter().filter(|unit| unit.kind != UnitKind::Group).find(|unit| {
                std::iter::once(&unit.name)
                    .chain(&unit.aliases)
                    .any(|own| naming::alike(own, name) == Some(wanted))
            })
        };
        alike(Likeness::Name).or_else(|| alike(Likeness::ShortForm)).map(|unit| (unit.id, Why::Similar))
    };
    exact.or_else(alias).or_else(similar)
}

fn members_of(group: &str, known: &[Unit]) -> Vec<UnitId> {
    let Some(kind) = kind_of_members(group) else { return Vec::new() };
    known.iter().filter(|unit| unit.kind == kind).map(|unit| unit.id).collect()
}

/// Which duties of a reading the office adopts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    All,
    /// (index of the plan, index of the duty), both from 0.
    These(Vec<(usize, usize)>),
}

/// All that an adoption adds or changes, ready to be saved in one act.
#[derive(Debug, Clone, PartialEq)]
pub struct Adoption {
    pub units_added: Vec<Unit>,
    /// Known units that got an alias.
    pub units_changed: Vec<Unit>,
    pub phases: Vec<Phase>,
    /// In the plan's order, each with the place of its entry: (index of the plan, index of the duty).
    pub duties: Vec<((usize, usize), Duty)>,
}

/// Why an adoption is refused; all reasons at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdoptionFault {
    NoSuchDuty {
        plan: usize,
        duty: usize,
    },
    /// A name of a chosen duty has no decision.
    Undecided {
        name: String,
    },
    NoSuchUnit {
        name: String,
        unit: UnitId,
    },
    /// It is no more: it must be opened again, or another be chosen.
    ClosedUnit {
        name: String,
        unit: UnitId,
    },
    /// Two names are to become new units of one name but of different kinds.
    TwoKinds {
        name: String,
    },
    EmptyName {
        name: String,
    },
    NothingChosen,
}

/// Everything an adoption is made from.
#[derive(Debug)]
pub struct AdoptionInput<'a> {
    pub campaign: &'a Campaign,
    pub import: ImportId,
    pub reading: &'a Reading,
    /// The cleaned text that it was read from.
    pub text: &'a [char],
    pub choice: &'a Choice,
    /// Whether nothing at all may be chosen, as of a newer version that changes nothing.
    pub may_be_empty: bool,
    /// Chosen entries for which duties of an older version stand that keep their own units: they are made without any.
    pub without_units: &'a [(usize, usize)],
    pub with_phases: bool,
    pub decisions: &'a HashMap<String, UnitDecision>,
    pub known: &'a [Unit],
    pub known_phases: &'a [Phase],
    pub ids: &'a dyn Ids,
    pub now: DateTime<Utc>,
}

/// Makes duties of a plan's entries.
pub fn adopt(input: &AdoptionInput<'_>) -> Result<Adoption, Vec<AdoptionFault>> {
    let mut faults = Vec::new();
    let chosen = chosen(input.reading, input.choice, &mut faults);
    if chosen.is_empty() && !input.may_be_empty && faults.is_empty() {
        faults.push(AdoptionFault::NothingChosen);
    }
    let bare: HashSet<&(usize, usize)> = input.without_units.iter().collect();
    let mut units = Units::new(input);
    let names: Vec<String> = {
        let mut seen = HashSet::new();
        chosen
            .iter()
            .filter(|(place, _)| !bare.contains(place))
            .flat_map(|(_, duty)| &duty.units)
            .map(|unit| normal(&unit.name))
            .filter(|name| seen.insert(name.clone()))
            .collect()
    };
    for name in &names {
        units.decide(name, &mut faults);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let phases = if input.with_phases { phases(input) } else { Vec::new() };
    let all_phases: Vec<&Phase> = input.known_phases.iter().chain(&phases).collect();
    let headings = Headings::find(input.text, input.reading);
    let duties = chosen
        .iter()
        .enumerate()
        .map(|(ordinal, &(place, duty))| {
            let units = if bare.contains(&place) { Vec::new() } else { units.of(duty) };
            let made = Duty {
                part: headings.part_of(place.0, &duty.path, duty.span.start),
                phase: phase_of(duty, &all_phases, input.campaign.year),
                ..make(input, ordinal, duty, units)
            };
            (place, made)
        })
        .collect();
    let (units_added, units_changed) = units.finish();
    Ok(Adoption { units_added, units_changed, phases, duties })
}

fn chosen<'a>(
    reading: &'a Reading,
    choice: &Choice,
    faults: &mut Vec<AdoptionFault>,
) -> Vec<((usize, usize), &'a PlanDuty)> {
    match choice {
        Choice::All => reading
            .plans
            .iter()
            .enumerate()
            .flat_map(|(p, plan)| plan.duties.iter().enumerate().map(move |(d, duty)| ((p, d), duty)))
            .collect(),
        Choice::These(indices) => {
            let mut sorted = indices.clone();
            sorted.sort_unstable();
            sorted.dedup();
            sorted
                .into_iter()
                .filter_map(|place| {
                    let found = reading.plans.get(place.0).and_then(|plan| plan.duties.get(place.1));
                    if found.is_none() {
                        faults.push(AdoptionFault::NoSuchDuty { plan: place.0, duty: place.1 });
                    }
                    found.map(|duty| (place, duty))
                })
                .collect()
        }
    }
}

/// The campaign's units while an adoption adds to them.
struct Units<'a> {
    input: &'a AdoptionInput<'a>,
    by_name: HashMap<String, Option<UnitId>>,
    added: Vec<Unit>,
    changed: Vec<Unit>,
}

impl<'a> Units<'a> {
    fn new(input: &'a AdoptionInput<'a>) -> Self {
        Self { input, by_name: HashMap::new(), added: Vec::new(), changed: Vec::new() }
    }

    fn decide(&mut self, name: &str, faults: &mut Vec<AdoptionFault>) {
        let decision = self.input.decisions.get(name);
        let unit = match decision {
            None => {
                // A name that already is a unit's, to the letter, needs no decision.
                match find(name, self.input.known) {
                    Some((unit, Why::Name | Why::Alias)) => Some(unit),
                    _ => {
                        faults.push(AdoptionFault::Undecided { name: name.to_owned() });
                        None
                    }
                }
            }
            Some(UnitDecision::Leave) => None,
            Some(UnitDecision::Existing(unit)) => {
                if self.input.known.iter().any(|known| known.id == *unit) {
                    self.alias(*unit, name);
                    Some(*unit)
                } else {
                    faults.push(AdoptionFault::NoSuchUnit { name: name.to_owned(), unit: *unit });
                    None
                }
            }
            Some(UnitDecision::New { name: new, kind, members }) => {
                self.add(name, new, *kind, members, faults)
            }
        };
        if let Some(unit) = unit
            && self.is_closed(unit)
        {
            faults.push(AdoptionFault::ClosedUnit { name: name.to_owned(), unit });
        }
        self.by_name.insert(name.to_owned(), unit);
    }

    fn is_closed(&self, unit: UnitId) -> bool {
        self.input.known.iter().any(|known| known.id == unit && known.closed_at.is_some())
    }

    fn add(
        &mut self,
        printed: &str,
        name: &str,
        kind: UnitKind,
        members: &[UnitId],
        faults: &mut Vec<AdoptionFault>,
    ) -> Option<UnitId> {
        let name = normal(name);
        if name.is_empty() {
            faults.push(AdoptionFault::EmptyName { name: printed.to_owned() });
            return None;
        }
        if let Some((unit, Why::Name | Why::Alias)) = find(&name, self.input.known) {
            self.alias(unit, printed);
            return Some(unit);
        }
        for member in members {
            if !self.input.known.iter().any(|unit| unit.id == *member) {
                faults.push(AdoptionFault::NoSuchUnit { name: printed.to_owned(), unit: *member });
            } else if self.is_closed(*member) {
                faults.push(AdoptionFault::ClosedUnit { name: printed.to_owned(), unit: *member });
            }
        }
        if let Some(twin) = self.added.iter_mut().find(|unit| unit.name == name) {
            if twin.kind != kind {
                faults.push(AdoptionFault::TwoKinds { name });
                return None;
            }
            if twin.name != printed && !twin.aliases.iter().any(|alias| alias == printed) {
                twin.aliases.push(printed.to_owned());
            }
            return Some(twin.id);
        }
        let new = UnitId::new(self.input.ids, self.input.now);
        let unit = Unit {
            aliases: if name == printed { Vec::new() } else { vec![printed.to_owned()] },
            members: if kind == UnitKind::Group { members.to_vec() } else { Vec::new() },
            ..Unit::new(self.input.campaign.id, new, name, kind)
        };
        let id = unit.id;
        self.added.push(unit);
        Some(id)
    }

    fn alias(&mut self, unit: UnitId, name: &str) {
        let known = self
            .changed
            .iter()
            .position(|changed| changed.id == unit)
            .or_else(|| {
                let known = self.input.known.iter().find(|known| known.id == unit)?;
                self.changed.push(known.clone());
                Some(self.changed.len() - 1)
            })
            .and_then(|index| self.changed.get_mut(index));
        if let Some(known) = known
            && known.name != name
            && !known.aliases.iter().any(|alias| alias == name)
        {
            known.aliases.push(name.to_owned());
        }
    }

    /// The duty's units: a group with members makes way for them; of several roles the first named counts.
    fn of(&self, duty: &PlanDuty) -> Vec<DutyUnit> {
        let named = duty.units.iter().filter_map(|named| {
            let unit = self.by_name.get(&normal(&named.name)).copied().flatten()?;
            Some((unit, named.role))
        });
        // A member that is no more stays in its group, for what was; it gets nothing new.
        let open = |unit: &Unit| -> Vec<UnitId> {
            unit.members.iter().copied().filter(|member| !self.is_closed(*member)).collect()
        };
        let units = self.input.known.iter().chain(&self.added);
        let members: HashMap<UnitId, Vec<UnitId>> = units.map(|unit| (unit.id, open(unit))).collect();
        expand(named, &|unit| members.get(&unit).map_or(&[][..], Vec::as_slice))
    }

    fn finish(self) -> (Vec<Unit>, Vec<Unit>) {
        let unchanged = |unit: &Unit| self.input.known.iter().any(|known| known == unit);
        (self.added, self.changed.into_iter().filter(|unit| !unchanged(unit)).collect())
    }
}

/// Puts a group's members in its place. A unit named by itself is not repeated as a group's member.
pub fn expand<'m>(
    named: impl IntoIterator<Item = (UnitId, UnitRole)>,
    members: &dyn Fn(UnitId) -> &'m [UnitId],
) -> Vec<DutyUnit> {
    let named: Vec<(UnitId, UnitRole)> = named.into_iter().collect();
    let mut seen: HashSet<UnitId> = HashSet::new();
    let themselves: HashSet<UnitId> = named.iter().map(|(unit, _)| *unit).collect();
    let mut units = Vec::with_capacity(named.len());
    for (unit, role) in named {
        let of_group = members(unit);
        if of_group.is_empty() {
            if seen.insert(unit) {
                units.push(DutyUnit { unit, role, via: None });
            }
            continue;
        }
        for member in of_group.iter().filter(|member| !themselves.contains(member)) {
            if seen.insert(*member) {
                units.push(DutyUnit { unit: *member, role, via: Some(unit) });
            }
        }
    }
    units
}

fn phases(input: &AdoptionInput<'_>) -> Vec<Phase> {
    let mut ordinal = input.known_phases.iter().map(|phase| phase.ordinal + 1).max().unwrap_or(0);
    let mut phases: Vec<Phase> = Vec::new();
    for phase in input.reading.plans.iter().flat_map(|plan| &plan.phases) {
        let there = |other: &Phase| other.title == phase.title;
        if input.known_phases.iter().any(there) || phases.iter().any(there) {
            continue;
        }
        phases.push(Phase {
            campaign: input.campaign.id,
            id: PhaseId::new(input.ids, input.now),
            title: phase.title.clone(),
            start: phase.start,
            end: phase.end,
            ordinal,
        });
        ordinal += 1;
    }
    phases
}

/// The phase in which a duty falls due: the first that its date fits.
fn phase_of(duty: &PlanDuty, phases: &[&Phase], year: i32) -> Option<PhaseId> {
    let due = duty.due?.in_year(year).last_day()?;
    phases
        .iter()
        .find(|phase| {
            let start = phase.start.and_then(|date| date.in_year(year).first_day());
            let end = phase.end.and_then(|date| date.in_year(year).last_day());
            start.is_none_or(|start| start <= due) && end.is_some_and(|end| due <= end)
        })
        .map(|phase| phase.id)
}

fn make(input: &AdoptionInput<'_>, ordinal: usize, duty: &PlanDuty, units: Vec<DutyUnit>) -> Duty {
    let targets = duty
        .targets
        .iter()
        .map(|target| DutyTarget { id: TargetId::new(input.ids, input.now), target: target.clone() })
        .collect();
    Duty {
        campaign: input.campaign.id,
        id: DutyId::new(input.ids, input.now),
        import: Some(input.import),
        ordinal: i32::try_from(ordinal).unwrap_or(i32::MAX),
        number: duty.number.clone(),
        path: duty.path.clone(),
        part: None,
        title: duty.title.clone(),
        text: duty.text.clone(),
        leads: duty.leads.clone(),
        units,
        start: duty.start,
        due: duty.due,
        due_on: duty.due.and_then(|due| due.in_year(input.campaign.year).last_day()),
        recurrence: duty.recurrence,
        phase: None,
        initiative: None,
        targets,
        span: Some(duty.span),
        state: DutyState::Assigned,
        created_at: input.now,
        version: 1,
    }
}
