//! A newer version of a plan beside the duties adopted from the older one: added, changed, gone, the same.
//!
//! Three texts tell who changed what: what the older document said, what the duty says today, what the newer document
//! says. Where the documents agree, the office's own wording stands; where only the document changed, it goes in; where
//! both did, a person decides.

use std::collections::{HashMap, HashSet};

use super::{PlanDate, PlanDuty, Recurrence, Target, UnitRole};
use crate::{duty::Duty, id::DutyId};

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

/// What two versions of a duty can differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Number,
    Title,
    Text,
    Leads,
    Units,
    Start,
    Due,
    Recurrence,
    Targets,
}

impl Field {
    pub const ALL: [Self; 9] = [
        Self::Number,
        Self::Title,
        Self::Text,
        Self::Leads,
        Self::Units,
        Self::Start,
        Self::Due,
        Self::Recurrence,
        Self::Targets,
    ];

    /// Puts the newer version's words into an adopted duty.
    pub fn take(self, duty: &mut Duty, newer: &Duty) {
        match self {
            Self::Number => duty.number.clone_from(&newer.number),
            Self::Title => duty.title.clone_from(&newer.title),
            Self::Text => duty.text.clone_from(&newer.text),
            Self::Leads => duty.leads.clone_from(&newer.leads),
            Self::Units => duty.units.clone_from(&newer.units),
            Self::Start => duty.start = newer.start,
            // The phase is the one in which it falls due.
            Self::Due => (duty.due, duty.due_on, duty.phase) = (newer.due, newer.due_on, newer.phase),
            Self::Recurrence => duty.recurrence = newer.recurrence,
            Self::Targets => duty.targets.clone_from(&newer.targets),
        }
    }
}

impl DutyText {
    fn agrees(&self, other: &Self, field: Field) -> bool {
        match field {
            Field::Number => self.number == other.number,
            Field::Title => self.title == other.title,
            Field::Text => self.text == other.text,
            Field::Leads => self.leads == other.leads,
            Field::Units => self.units == other.units,
            Field::Start => self.start == other.start,
            Field::Due => self.due == other.due,
            Field::Recurrence => self.recurrence == other.recurrence,
            Field::Targets => self.targets == other.targets,
        }
    }

    fn take(&mut self, other: &Self, field: Field) {
        match field {
            Field::Number => self.number.clone_from(&other.number),
            Field::Title => self.title.clone_from(&other.title),
            Field::Text => self.text.clone_from(&other.text),
            Field::Leads => self.leads.clone_from(&other.leads),
            Field::Units => self.units.clone_from(&other.units),
            Field::Start => self.start = other.start,
            Field::Due => self.due = other.due,
            Field::Recurrence => self.recurrence = other.recurrence,
            Field::Targets => self.targets.clone_from(&other.targets),
        }
    }
}

/// One line of the comparison. Indices are (plan, duty) in the newer reading, both from 0.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Added {
        index: (usize, usize),
        after: DutyText,
        /// The older version had it too, and the office did without.
        left_out: bool,
    },
    Changed {
        duty: DutyId,
        index: (usize, usize),
        before: Box<DutyText>,
        /// What the duty is to say: the newer version's words, and the office's own where only the office changed them.
        after: Box<DutyText>,
        /// In which `before` and `after` differ.
        fields: Vec<Field>,
        /// Those of them that the office had changed as well.
        contested: Vec<Field>,
        /// In which the office's own words stand.
        kept: Vec<Field>,
    },
    Gone {
        duty: DutyId,
        before: DutyText,
        /// The older version did not have it: somebody put it in by hand.
        own: bool,
    },
    Same {
        duty: DutyId,
        index: (usize, usize),
        after: DutyText,
        /// In which the office's own words stand.
        kept: Vec<Field>,
    },
}

impl Change {
    /// Whether it can be followed without asking: nobody decided otherwise before.
    pub fn is_suggested(&self) -> bool {
        match self {
            Self::Added { left_out, .. } => !left_out,
            Self::Changed { contested, .. } => contested.is_empty(),
            Self::Gone { own, .. } => !own,
            Self::Same { .. } => true,
        }
    }
}

/// Pairs the duties of two versions and names what differs, in the newer plan's order; what is gone comes last.
///
/// `base`: what the older document said; `before`: the duties of today, in its order, behind them those that still stand
/// under earlier versions; `after`: the newer document.
///
/// A duty is that of the newer version whose older wording it was adopted from; those without such a one are paired with
/// what is left. Two texts are one where all their words agree, else where title and number do, else where the titles
/// agree, else where at least half of the character pairs of title and text are shared: an office rewords more often than
/// it replaces.
pub fn compare(
    base: &[DutyText],
    before: &[(DutyId, DutyText)],
    after: &[((usize, usize), DutyText)],
) -> Vec<Change> {
    let documents: Vec<&DutyText> = base.iter().collect();
    let duties: Vec<&DutyText> = before.iter().map(|(_, duty)| duty).collect();
    let newer: Vec<&DutyText> = after.iter().map(|(_, duty)| duty).collect();
    // For each duty, and for each entry of the newer version, its entry of the older one.
    let adopted_from = pairs(&documents, &duties);
    let origins = pairs(&documents, &newer);
    let by_origin: HashMap<usize, usize> =
        adopted_from.iter().enumerate().filter_map(|(duty, origin)| Some(((*origin)?, duty))).collect();
    let mut partners: Vec<Option<usize>> =
        origins.iter().map(|origin| origin.and_then(|origin| by_origin.get(&origin).copied())).collect();
    let mut taken: HashSet<usize> = partners.iter().flatten().copied().collect();
    let rest: Vec<usize> = (0..duties.len()).filter(|duty| !taken.contains(duty)).collect();
    let open: Vec<usize> = (0..newer.len()).filter(|&entry| partners[entry].is_none()).collect();
    let of =
        |all: &[&'_ DutyText], some: &[usize]| some.iter().map(|&at| all[at].clone()).collect::<Vec<_>>();
    let (rest_texts, open_texts) = (of(&duties, &rest), of(&newer, &open));
    let found = pairs(&rest_texts.iter().collect::<Vec<_>>(), &open_texts.iter().collect::<Vec<_>>());
    for (entry, duty) in open.into_iter().zip(found) {
        if let Some(duty) = duty.and_then(|duty| rest.get(duty)) {
            partners[entry] = Some(*duty);
            taken.insert(*duty);
        }
    }
    let mut changes: Vec<Change> = after
        .iter()
        .zip(partners.iter().zip(&origins))
        .map(|((index, duty), (partner, origin))| {
            let origin = origin.and_then(|origin| base.get(origin));
            match partner.and_then(|partner| before.get(partner)) {
                None => Change::Added { index: *index, after: duty.clone(), left_out: origin.is_some() },
                Some((id, own)) => merged(*id, *index, origin, own, duty),
            }
        })
        .collect();
    let gone = before.iter().zip(&adopted_from).enumerate().filter(|(index, _)| !taken.contains(index));
    changes.extend(gone.map(|(_, ((id, old), origin))| Change::Gone {
        duty: *id,
        before: old.clone(),
        own: origin.is_none(),
    }));
    changes
}

fn merged(
    id: DutyId,
    index: (usize, usize),
    base: Option<&DutyText>,
    own: &DutyText,
    newer: &DutyText,
) -> Change {
    let mut after = newer.clone();
    let (mut fields, mut contested, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for field in Field::ALL.into_iter().filter(|&field| !own.agrees(newer, field)) {
        if base.is_some_and(|base| base.agrees(newer, field)) {
            after.take(own, field);
            kept.push(field);
            continue;
        }
        fields.push(field);
        if !base.is_some_and(|base| base.agrees(own, field)) {
            contested.push(field);
        }
    }
    if fields.is_empty() {
        return Change::Same { duty: id, index, after, kept };
    }
    let (before, after) = (Box::new(own.clone()), Box::new(after));
    Change::Changed { duty: id, index, before, after, fields, contested, kept }
}

/// For each of the newer ones, which of the older it is.
fn pairs(before: &[&DutyText], after: &[&DutyText]) -> Vec<Option<usize>> {
    let mut partner: Vec<Option<usize>> = vec![None; after.len()];
    let mut taken: HashSet<usize> = HashSet::new();
    let by_key =
        |key: &dyn Fn(&DutyText) -> String, partner: &mut Vec<Option<usize>>, taken: &mut HashSet<usize>| {
            let mut places: HashMap<String, Vec<usize>> = HashMap::new();
            for (index, duty) in before.iter().enumerate().rev() {
                if !taken.contains(&index) {
                    places.entry(key(duty)).or_default().push(index);
                }
            }
            for (index, duty) in after.iter().enumerate() {
                if partner[index].is_none()
                    && let Some(found) = places.get_mut(&key(duty)).and_then(Vec::pop)
                {
                    partner[index] = Some(found);
                    taken.insert(found);
                }
            }
        };
    by_key(
        &|duty| format!("{:?}\u{0}{}\u{0}{}", duty.number, duty.title, duty.text),
        &mut partner,
        &mut taken,
    );
    by_key(&|duty| format!("{:?}\u{0}{}", duty.number, duty.title), &mut partner, &mut taken);
    by_key(&|duty| duty.title.clone(), &mut partner, &mut taken);
    pair_reworded(before, after, &mut partner, &mut taken);
    partner
}

fn pair_reworded(
    before: &[&DutyText],
    after: &[&DutyText],
    partner: &mut [Option<usize>],
    taken: &mut HashSet<usize>,
) {
    // Only what found no partner by name comes here, so the square of its number is small. Where it is not, all was written
    // anew, and nothing would be found but chance.
    const MOST: usize = 250_000;
    let left = |taken: usize, all: usize| all - taken.min(all);
    if left(taken.len(), before.len()) * left(taken.len(), after.len()) > MOST {
        return;
    }
    let grams = |duty: &DutyText| -> HashSet<(char, char)> {
        let text: Vec<char> = duty.title.chars().chain(duty.text.chars().take(400)).collect();
        text.windows(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let old: Vec<(usize, HashSet<(char, char)>)> = before
        .iter()
        .enumerate()
        .filter(|(index, _)| !taken.contains(index))
        .map(|(index, duty)| (index, grams(duty)))
        .collect();
    let mut likely: Vec<(usize, usize, usize)> = Vec::new();
    for (new, duty) in after.iter().enumerate().filter(|(index, _)| partner[*index].is_none()) {
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
