//! A newer version of a plan beside the duties adopted from the older one: added, changed, gone, the same.

use std::collections::{HashMap, HashSet};

use super::{PlanDate, PlanDuty, Recurrence, Target, UnitRole};
use crate::id::DutyId;

/// What a duty says, without ids: the form in which two versions are compared and shown side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct DutyText {
    pub number: Option<String>,
    pub title: String,
    pub text: String,
    pub leads: Vec<String>,
    pub units: Vec<(String, UnitRole)>,
    pub start: Option<PlanDate>,
    pub due: Option<PlanDate>,
    pub recurrence: Option<Recurrence>,
    pub targets: Vec<Target>,
}

impl From<&PlanDuty> for DutyText {
    fn from(duty: &PlanDuty) -> Self {
        Self {
            number: duty.number.clone(),
            title: duty.title.clone(),
            text: duty.text.clone(),
            leads: duty.leads.clone(),
            units: duty.units.iter().map(|unit| (unit.name.clone(), unit.role)).collect(),
            start: duty.start,
            due: duty.due,
            recurrence: duty.recurrence,
            targets: duty.targets.clone(),
        }
    }
}

/// One line of the comparison. Indices are (plan, duty) in the newer reading, both from 0.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Added {
        index: (usize, usize),
        after: DutyText,
    },
    Changed {
        duty: DutyId,
        index: (usize, usize),
        before: Box<DutyText>,
        after: Box<DutyText>,
        fields: Vec<&'static str>,
    },
    Gone {
        duty: DutyId,
        before: DutyText,
    },
    Same {
        duty: DutyId,
        index: (usize, usize),
        after: DutyText,
    },
}

/// Pairs the duties of two versions and names what differs, in the newer plan's order; what is gone comes last.
///
/// Two duties are one where title and number agree, else where the titles agree, else where at least half of the
/// character pairs of title and text are shared: an office rewords more often than it replaces.
pub fn compare(before: &[(DutyId, DutyText)], after: &[((usize, usize), DutyText)]) -> Vec<Change> {
    let mut partner: Vec<Option<usize>> = vec![None; after.len()];
    let mut taken: HashSet<usize> = HashSet::new();
    let by_key =
        |key: &dyn Fn(&DutyText) -> String, partner: &mut Vec<Option<usize>>, taken: &mut HashSet<usize>| {
            let mut places: HashMap<String, Vec<usize>> = HashMap::new();
            for (index, (_, duty)) in before.iter().enumerate().rev() {
                if !taken.contains(&index) {
                    places.entry(key(duty)).or_default().push(index);
                }
            }
            for (index, (_, duty)) in after.iter().enumerate() {
                if partner[index].is_none()
                    && let Some(found) = places.get_mut(&key(duty)).and_then(Vec::pop)
                {
                    partner[index] = Some(found);
                    taken.insert(found);
                }
            }
        };
    by_key(&|duty| format!("{:?}\u{0}{}", duty.number, duty.title), &mut partner, &mut taken);
    by_key(&|duty| duty.title.clone(), &mut partner, &mut taken);
    pair_reworded(before, after, &mut partner, &mut taken);

    let mut changes: Vec<Change> = after
        .iter()
        .zip(&partner)
        .map(|((index, duty), partner)| match partner.and_then(|partner| before.get(partner)) {
            None => Change::Added { index: *index, after: duty.clone() },
            Some((id, old)) => {
                let fields = differing(old, duty);
                if fields.is_empty() {
                    Change::Same { duty: *id, index: *index, after: duty.clone() }
                } else {
                    Change::Changed {
                        duty: *id,
                        index: *index,
                        before: Box::new(old.clone()),
                        after: Box::new(duty.clone()),
                        fields,
                    }
                }
            }
        })
        .collect();
    let gone = before.iter().enumerate().filter(|(index, _)| !taken.contains(index));
    changes.extend(gone.map(|(_, (id, old))| Change::Gone { duty: *id, before: old.clone() }));
    changes
}

fn pair_reworded(
    before: &[(DutyId, DutyText)],
    after: &[((usize, usize), DutyText)],
    partner: &mut [Option<usize>],
    taken: &mut HashSet<usize>,
) {
    // Only what found no partner by name comes here, so the square of its number is small.
    let grams = |duty: &DutyText| -> HashSet<(char, char)> {
        let text: Vec<char> = duty.title.chars().chain(duty.text.chars().take(400)).collect();
        text.windows(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let old: Vec<(usize, HashSet<(char, char)>)> = before
        .iter()
        .enumerate()
        .filter(|(index, _)| !taken.contains(index))
        .map(|(index, (_, duty))| (index, grams(duty)))
        .collect();
    let mut likely: Vec<(usize, usize, usize)> = Vec::new();
    for (new, (_, duty)) in after.iter().enumerate().filter(|(index, _)| partner[*index].is_none()) {
        let own = grams(duty);
        for (index, theirs) in &old {
            let shared = own.intersection(theirs).count();
            let smaller = own.len().min(theirs.len());
            if smaller > 0 && shared * 2 >= smaller && shared * 3 >= own.len().max(theirs.len()) {
                likely.push((shared * 1000 / own.len().max(theirs.len()), new, *index));
            }
        }
    }
    likely.sort_unstable_by(|one, other| {
        other.0.cmp(&one.0).then(one.1.cmp(&other.1)).then(one.2.cmp(&other.2))
    });
    for (_, new, index) in likely {
        if partner[new].is_none() && taken.insert(index) {
            partner[new] = Some(index);
        }
    }
}

fn differing(before: &DutyText, after: &DutyText) -> Vec<&'static str> {
    let mut fields = Vec::new();
    let mut field = |name, differs: bool| {
        if differs {
            fields.push(name);
        }
    };
    field("number", before.number != after.number);
    field("title", before.title != after.title);
    field("text", before.text != after.text);
    field("leads", before.leads != after.leads);
    field("units", before.units != after.units);
    field("start", before.start != after.start);
    field("due", before.due != after.due);
    field("recurrence", before.recurrence != after.recurrence);
    field("targets", before.targets != after.targets);
    fields
}
