//! The fingerprints of many pictures, found by what their spots look like.

use std::{cmp::Reverse, collections::BTreeMap, panic::resume_unwind};

use super::{
    fingerprint::{Fingerprint, Mark},
    likeness::{Likeness, align, fit},
};

/// A code is looked up by its quarters: where two differ in few bits, some quarter of them is the same or nearly so.
const QUARTERS: usize = 4;
/// Bits in which codes of one spot may differ when they are looked up.
const ALIKE: u32 = 14;
/// Spots that a picture must have in common to be looked at more closely.
const LEAST_HITS: usize = 2;

/// With so many in common it is looked at more closely wherever they are.
const SURE_HITS: usize = 6;

/// Pictures that are looked at more closely at most, those with the most spots in common first. The same shot has many more in
/// common than others; only façades of equal windows have some with thousands, and those would take long.
const MOST_LOOKED_AT: usize = 96;

/// That a spot of a picture looks like one that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    owner: u32,
    /// The number of the spot.
    seen: u32,
    kept: u32,
}

/// Fingerprints under keys of the caller's.
#[derive(Debug, Clone)]
pub struct Album<K> {
    pictures: Vec<Kept<K>>,
    marks: Vec<Mark>,
    /// The code of each mark once more: a search looks at very many of them, here and there, and at little else.
    codes: Vec<u64>,
    /// The picture of each mark.
    owners: Vec<u32>,
    /// By quarter and its value: the marks that have it.
    drawers: Vec<Vec<u32>>,
}

#[derive(Debug, Clone)]
struct Kept<K> {
    key: K,
    width: u16,
    height: u16,
    first: u32,
    count: u32,
}

/// A picture that shows the same shot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Twin<K> {
    pub key: K,
    pub likeness: Likeness,
}

/// The drawer for a quarter of a code.
fn drawer(code: u64, which: usize) -> usize {
    (which << 16) | usize::from((code >> (16 * which)) as u16)
}

impl<K: Copy + Sync> Default for Album<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Copy + Sync> Album<K> {
    pub fn new() -> Self {
        Self {
            pictures: Vec::new(),
            marks: Vec::new(),
            codes: Vec::new(),
            owners: Vec::new(),
            drawers: vec![Vec::new(); QUARTERS << 16],
        }
    }

    /// Pictures that can be found again; plain ones are none of them.
    pub fn len(&self) -> usize {
        self.pictures.len()
    }

    pub fn is_empty(&self) -> bool {
        self.pictures.is_empty()
    }

    /// Keeps a picture. One that is too plain is left out: its look says nothing.
    pub fn add(&mut self, key: K, fingerprint: &Fingerprint) {
        if fingerprint.plain() {
            return;
        }
        let (Ok(owner), Ok(first), Ok(count)) = (
            u32::try_from(self.pictures.len()),
            u32::try_from(self.marks.len()),
            u32::try_from(fingerprint.marks.len()),
        ) else {
            return;
        };
        let Fingerprint { width, height, .. } = *fingerprint;
        self.pictures.push(Kept { key, width, height, first, count });
        for (at, mark) in (first..).zip(&fingerprint.marks) {
            for which in 0..QUARTERS {
                self.drawers[drawer(mark.code, which)].push(at);
            }
            self.marks.push(*mark);
            self.codes.push(mark.code);
            self.owners.push(owner);
        }
    }

    /// The pictures that show the same shot, the likest first.
    pub fn twins(&self, of: &Fingerprint) -> Vec<Twin<K>> {
        self.alike(of).into_iter().filter(|twin| twin.likeness.near()).collect()
    }

    /// Every picture that shares spots with it, the likest first.
    pub fn alike(&self, of: &Fingerprint) -> Vec<Twin<K>> {
        if of.plain() {
            return Vec::new();
        }
        // Both at the same time: somebody waits for the answer.
        let (straight, mirrored) = std::thread::scope(|scope| {
            let mirrored = scope.spawn(|| self.alike_as(&of.mirrored(), true));
            (self.alike_as(of, false), mirrored.join().unwrap_or_else(|panic| resume_unwind(panic)))
        });
        let mut best: BTreeMap<u32, Likeness> = straight.into_iter().collect();
        for (owner, likeness) in mirrored {
            let known = best.entry(owner).or_insert(likeness);
            if likeness.shared > known.shared {
                *known = likeness;
            }
        }
        let mut twins: Vec<(u32, Likeness)> = best.into_iter().collect();
        twins.sort_by(|(one, a), (other, b)| b.shared.cmp(&a.shared).then(one.cmp(other)));
        twins
            .into_iter()
            .map(|(owner, likeness)| Twin { key: self.pictures[owner as usize].key, likeness })
            .collect()
    }

    /// The pictures that share spots with it as it is; each once.
    fn alike_as(&self, seen: &Fingerprint, mirrored: bool) -> Vec<(u32, Likeness)> {
        let found = self.candidates(seen).into_iter().filter_map(|owner| {
            let Kept { width, height, first, count, .. } = self.pictures[owner as usize];
            let marks = &self.marks[first as usize..(first + count) as usize];
            Some((owner, align(seen, width, height, marks, mirrored)?))
        });
        found.collect()
    }

    /// The pictures that have several spots that look like those of this one, wherever they are.
    fn candidates(&self, seen: &Fingerprint) -> Vec<u32> {
        let mut hits: Vec<Hit> = Vec::new();
        for (which_mark, mark) in (0..).zip(&seen.marks) {
            for which in 0..QUARTERS {
                for probe in probes(mark, which) {
                    for at in &self.drawers[drawer(probe, which)] {
                        let apart = (self.codes[*at as usize] ^ mark.code).count_ones();
                        if apart <= ALIKE {
                            hits.push(Hit { owner: self.owners[*at as usize], seen: which_mark, kept: *at });
                        }
                    }
                }
            }
        }
        hits.sort_unstable();
        hits.dedup();
        let spots = |group: &&[Hit]| group.chunk_by(|one, other| one.seen == other.seen).count();
        let mut groups: Vec<(usize, &[Hit])> = hits
            .chunk_by(|one, other| one.owner == other.owner)
            .map(|group| (spots(&group), group))
            .filter(|(spots, _)| *spots >= LEAST_HITS)
            .collect();
        groups.sort_by_key(|(spots, _)| Reverse(*spots));
        let looked_at = |(spots, group): &(usize, &[Hit])| *spots >= SURE_HITS || self.fit(seen, group);
        groups.into_iter().filter(looked_at).take(MOST_LOOKED_AT).map(|(_, group)| group[0].owner).collect()
    }

    /// Whether two of a picture's hits lie to each other as their spots in the other picture do. Among a hundred thousand there are
    /// many pictures that have two spots like these somewhere, and hardly any where these also lie so.
    fn fit(&self, seen: &Fingerprint, group: &[Hit]) -> bool {
        let pair = |hit: &Hit| (&seen.marks[hit.seen as usize], &self.marks[hit.kept as usize]);
        group.iter().enumerate().any(|(number, one)| {
            let rest =
                group[..number].iter().filter(|other| other.seen != one.seen && other.kept != one.kept);
            rest.into_iter().any(|other| fit(pair(one), pair(other)))
        })
    }
}

/// The code itself, and with each of the quarter's doubtful bits decided otherwise.
fn probes(mark: &Mark, which: usize) -> impl Iterator<Item = u64> {
    let (code, mut doubtful) = (mark.code, mark.doubtful & (0xffff << (16 * which)));
    let others = std::iter::from_fn(move || {
        let bit = doubtful & doubtful.wrapping_neg();
        doubtful &= !bit;
        (bit != 0).then_some(code ^ bit)
    });
    std::iter::once(code).chain(others)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::photo::{fingerprint::tests::fingerprints, likeness::tests::altered};

    #[test]
    fn a_plain_picture_is_neither_kept_nor_found() {
        let mark = Mark { x: 5_000, y: 5_000, size: 128, code: 7, doubtful: 1 };
        let plain = Fingerprint { width: 11_800, height: 8_900, marks: vec![mark; 7] };
        let mut album = Album::new();
        assert!(album.is_empty());
        album.add("sky", &plain);
        assert_eq!((album.len(), album.twins(&plain).len()), (0, 0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_was_altered_finds_its_twin_and_nothing_else(
            kept in proptest::collection::vec(fingerprints(24), 2..12),
            which in any::<proptest::sample::Index>(),
            scale in 0.9..1.15_f32,
            degrees in -3.0..3.0_f32,
            mirrored in any::<bool>(),
            bits in proptest::collection::vec(0..64_u32, 0..6),
        ) {
            let mut album = Album::new();
            for (key, fingerprint) in kept.iter().enumerate() {
                album.add(key, fingerprint);
            }
            prop_assert_eq!(album.len(), kept.len());
            let which = which.index(kept.len());
            let spoilt = bits.iter().fold(0, |spoilt, bit| spoilt | 1 << bit);
            let other = altered(&kept[which], scale, degrees, [0.0, 0.0], spoilt);
            let other = if mirrored { other.mirrored() } else { other };
            // A bit of each quarter changed and undoubted: nothing is looked up under its place then.
            let quarters = (0..QUARTERS).filter(|quarter| spoilt >> (16 * quarter) & 0xffff == 0).count();
            if other.marks.len() >= 12 && quarters > 0 {
                let twins: Vec<usize> = album.twins(&other).iter().map(|twin| twin.key).collect();
                prop_assert_eq!(twins, vec![which]);
            }
        }
    }
}
