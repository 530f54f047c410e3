//! Who answers for an indicator: the units that lead, are responsible and support, as the plan's duties have them.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    duty::DutyUnit,
    id::{CampaignId, DutyId, LeafOwnersId, StandardId, UnitId},
    plan::UnitRole,
    wording::Pairs,
};

/// How many units answer for one leaf at most.
pub const MOST_OWNERS: usize = 60;

/// The units that answer for a leaf of a standard that a campaign is assessed by, whichever its edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeafOwners {
    pub campaign: CampaignId,
    pub id: LeafOwnersId,
    pub standard: StandardId,
    /// The leaf's code.
    pub leaf: String,
    /// Each unit once, those that lead first.
    pub owners: Vec<Owner>,
    /// Who answered for it before, from the first on: a score of a moment of the past is theirs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<EarlierOwners>,
    pub version: i64,
}

/// Who answered for a leaf until others did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierOwners {
    pub owners: Vec<Owner>,
    pub until: DateTime<Utc>,
}

impl LeafOwners {
    /// Others answer for it from a moment on; the same ones change nothing.
    pub fn assign(&mut self, owners: Vec<Owner>, at: DateTime<Utc>) {
        if owners == self.owners {
            return;
        }
        // Of what was changed again in the same moment nothing is left.
        if self.earlier.last().is_none_or(|last| last.until < at) {
            self.earlier.push(EarlierOwners { owners: std::mem::take(&mut self.owners), until: at });
        }
        self.owners = owners;
    }

    /// Who answered for it at a moment. Before anybody was named they are those who were named first.
    pub fn owners_at(&self, moment: DateTime<Utc>) -> &[Owner] {
        let then = self.earlier.iter().find(|earlier| moment < earlier.until);
        then.map_or(&self.owners, |earlier| &earlier.owners)
    }

    /// Two units were one all along; whether that changes anything here.
    pub fn merge_units(&mut self, from: UnitId, into: UnitId) -> bool {
        let mut changed = false;
        let earlier = self.earlier.iter_mut().map(|earlier| &mut earlier.owners);
        for owners in earlier.chain([&mut self.owners]) {
            if let Some(merged) = merged(owners, from, into) {
                *owners = merged;
                changed = true;
            }
        }
        changed
    }
}

/// A unit that answers for a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    pub unit: UnitId,
    pub role: UnitRole,
    /// The duty that it was taken from; None: somebody said so.
    pub duty: Option<DutyId>,
}

/// Each unit once, in the weightiest of its roles, by role and then as they came.
pub fn tidy(owners: impl IntoIterator<Item = Owner>) -> Vec<Owner> {
    let mut all: Vec<Owner> = Vec::new();
    for one in owners {
        match all.iter_mut().find(|there| there.unit == one.unit) {
            Some(there) if one.role < there.role => *there = one,
            Some(_) => {}
            None => all.push(one),
        }
    }
    all.sort_by_key(|one| one.role);
    all
}

/// The owners that duties give a leaf: whoever owes one of them, as what.
pub fn owners_of<'a>(duties: impl IntoIterator<Item = (DutyId, &'a [DutyUnit])>) -> Vec<Owner> {
    tidy(duties.into_iter().flat_map(|(duty, units)| {
        units.iter().map(move |one| Owner { unit: one.unit, role: one.role, duty: Some(duty) })
    }))
}

/// The units that are asked for what a leaf wants shown: those that lead and are responsible, each once, those that lead first.
/// Who supports is asked by these.
pub fn asked(owners: impl IntoIterator<Item = Owner>) -> Vec<UnitId> {
    let answering = tidy(owners).into_iter().filter(|one| one.role != UnitRole::Support);
    answering.map(|one| one.unit).collect()
}

/// The units that hold the marks of a leaf: those that lead or, where none does, those that are responsible; they share them
/// alike. Who supports holds none.
pub fn holders(owners: &[Owner]) -> Vec<UnitId> {
    let as_what = |role| owners.iter().filter(move |one| one.role == role).map(|one| one.unit);
    let leading: Vec<UnitId> = as_what(UnitRole::Lead).collect();
    if leading.is_empty() { as_what(UnitRole::Responsible).collect() } else { leading }
}

/// The owners after one unit became another; None where it was none of them.
fn merged(owners: &[Owner], from: UnitId, into: UnitId) -> Option<Vec<Owner>> {
    owners.iter().any(|one| one.unit == from).then(|| {
        let moved = |one: &Owner| if one.unit == from { Owner { unit: into, ..*one } } else { *one };
        tidy(owners.iter().map(moved))
    })
}

/// A duty that a leaf's words stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fit {
    /// Its number among those that were looked at.
    pub duty: usize,
    /// How much of the leaf's words it holds, in thousandths; what few duties hold counts more.
    pub held: u32,
}

/// From which share of its words a duty is shown for a leaf, in thousandths.
const HELD_FROM: u32 = 450;

/// For each leaf, by whatever it is called, the duties that hold its words, the best first, at most `most`. A pair of letters
/// that stands in nearly every duty (工作, 建设) says little, one that stands in few says much.
pub fn fits(leaves: &[Vec<&str>], duties: &[String], most: usize) -> Vec<Vec<Fit>> {
    let wanted: Vec<Vec<Pairs>> =
        leaves.iter().map(|names| names.iter().map(|name| Pairs::of(name)).collect()).collect();
    let known: HashSet<(char, char)> = wanted.iter().flatten().flat_map(Pairs::each).collect();
    // Which duties hold each pair that some leaf has.
    let mut holders: HashMap<(char, char), Vec<usize>> = HashMap::new();
    for (number, text) in duties.iter().enumerate() {
        for pair in Pairs::of(text).each().filter(|pair| known.contains(pair)) {
            holders.entry(pair).or_default().push(number);
        }
    }
    // In ten-thousandths of the weight of a pair that stands in one duty only.
    let weight = |pair: (char, char)| 30_000 / (2 + holders.get(&pair).map_or(0, Vec::len).max(1) as u64);
    let of_leaf = |names: &Vec<Pairs>| {
        let mut best: HashMap<usize, u32> = HashMap::new();
        for name in names {
            let all: u64 = name.each().map(weight).sum();
            let mut held: HashMap<usize, u64> = HashMap::new();
            for pair in name.each() {
                for duty in holders.get(&pair).into_iter().flatten() {
                    *held.entry(*duty).or_default() += weight(pair);
                }
            }
            for (duty, held) in held {
                let share = u32::try_from(held * 1_000 / all.max(1)).unwrap_or(1_000);
                let there = best.entry(duty).or_default();
                *there = share.max(*there);
            }
        }
        let mut found: Vec<Fit> = best
            .into_iter()
            .filter(|(_, held)| *held >= HELD_FROM)
            .map(|(duty, held)| Fit { duty, held })
            .collect();
        found.sort_by_key(|fit| (std::cmp::Reverse(fit.held), fit.duty));
        found.truncate(most);
        found
    };
    wanted.iter().map(of_leaf).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn unit(n: u128) -> UnitId {
        UnitId(Uuid::from_u128(n))
    }

    fn owner(n: u128, role: UnitRole) -> Owner {
        Owner { unit: unit(n), role, duty: None }
    }

    #[test]
    fn whoever_answered_for_a_leaf_at_a_moment_is_named_for_that_moment() {
        let at = |day: i64| DateTime::<Utc>::UNIX_EPOCH + chrono::TimeDelta::days(day);
        let lead = |n| vec![owner(n, UnitRole::Lead)];
        let mut leaf = LeafOwners {
            campaign: CampaignId(Uuid::nil()),
            id: LeafOwnersId(Uuid::nil()),
            standard: StandardId(Uuid::nil()),
            leaf: "1".into(),
            owners: lead(1),
            earlier: Vec::new(),
            version: 1,
        };
        leaf.assign(lead(2), at(4));
        leaf.assign(lead(2), at(5));
        leaf.assign(lead(9), at(6));
        leaf.assign(lead(3), at(6));
        let named = |leaf: &LeafOwners| [3, 4, 5, 6].map(|day| leaf.owners_at(at(day))[0].unit);
        assert_eq!(named(&leaf), [1, 2, 2, 3].map(unit));
        assert!(leaf.merge_units(unit(2), unit(1)) && !leaf.merge_units(unit(9), unit(1)));
        assert_eq!(named(&leaf), [1, 1, 1, 3].map(unit));
    }

    #[test]
    fn a_unit_owns_a_leaf_once_as_the_weightiest_that_its_duties_say() {
        use UnitRole::{Lead, Responsible, Support};
        let owing = |n: u128, role| DutyUnit { unit: unit(n), role, via: None };
        let (one, other) = (DutyId(Uuid::from_u128(70)), DutyId(Uuid::from_u128(71)));
        let first = [owing(1, Support), owing(2, Lead)];
        let second = [owing(1, Responsible), owing(3, Support)];
        let owners = owners_of([(one, &first[..]), (other, &second[..])]);
        let said: Vec<_> = owners.iter().map(|own| (own.unit, own.role, own.duty)).collect();
        assert_eq!(
            said,
            [
                (unit(2), Lead, Some(one)),
                (unit(1), Responsible, Some(other)),
                (unit(3), Support, Some(other)),
            ]
        );
        assert_eq!(asked(owners.clone()), [unit(2), unit(1)], "who supports is asked by these");
        assert_eq!(holders(&owners), [unit(2)], "who leads holds the marks");
        assert_eq!(holders(&owners[1..]), [unit(1)], "where nobody leads, who is responsible");
        assert_eq!(holders(&owners[2..]), [], "who supports holds none");
        assert_eq!(merged(&owners, unit(9), unit(1)), None);
        let merged = merged(&owners, unit(2), unit(1)).expect("changed");
        assert_eq!(
            merged.iter().map(|own| (own.unit, own.role)).collect::<Vec<_>>(),
            [(unit(1), Lead), (unit(3), Support)]
        );
    }

    #[test]
    fn a_duty_fits_the_leaf_whose_words_it_holds_and_common_words_alone_are_not_enough() {
        let duties = [
            "加强未成年人思想道德建设工作，深化文明校园创建".to_owned(),
            "推进生活垃圾分类工作，建设分类收运体系".to_owned(),
            "推进志愿服务工作，建设志愿服务站点".to_owned(),
            "推进诚信建设工作".to_owned(),
            "推进法治建设工作".to_owned(),
        ];
        let leaves = [
            vec!["文明校园"],
            vec!["生活垃圾分类"],
            vec!["建设工作"],
            vec!["志愿服务制度化", "志愿服务站点"],
            vec!["消防安全"],
        ];
        let found = fits(&leaves, &duties, 3);
        let numbers: Vec<Vec<usize>> =
            found.iter().map(|fits| fits.iter().map(|fit| fit.duty).collect()).collect();
        assert_eq!(numbers[0], [0]);
        assert_eq!(numbers[1], [1]);
        assert_eq!(numbers[3], [2]);
        assert_eq!(numbers[4], Vec::<usize>::new());
        assert_eq!(found[1][0].held, 1_000);
        assert!(numbers[2].len() <= 3, "at most as many as are wanted");
    }

    proptest! {
        #[test]
        fn tidying_twice_is_tidying_once_and_loses_no_unit(given in prop::collection::vec((0_u128..6, 0_usize..3), 0..20)) {
            const ROLES: [UnitRole; 3] = [UnitRole::Lead, UnitRole::Responsible, UnitRole::Support];
            let owners: Vec<Owner> = given.iter().map(|(n, role)| owner(*n, ROLES[*role])).collect();
            let once = tidy(owners.clone());
            prop_assert_eq!(&tidy(once.clone()), &once);
            for own in &owners {
                let kept = once.iter().filter(|one| one.unit == own.unit).collect::<Vec<_>>();
                prop_assert_eq!(kept.len(), 1);
                prop_assert!(kept[0].role <= own.role);
            }
        }

        #[test]
        fn a_share_is_at_most_the_whole_and_a_duty_that_holds_all_is_found(
            name in "[甲乙丙丁戊]{2,6}", others in prop::collection::vec("[甲乙丙丁戊己庚]{0,10}", 0..6), before in "[己庚]{0,4}",
        ) {
            let mut duties = others;
            duties.push(format!("{before}{name}"));
            let found = fits(&[vec![name.as_str()]], &duties, duties.len());
            prop_assert!(found[0].iter().all(|fit| fit.held <= 1_000));
            let whole = found[0].iter().find(|fit| fit.duty == duties.len() - 1).map(|fit| fit.held);
            prop_assert_eq!(whole, Some(1_000));
        }
    }
}
