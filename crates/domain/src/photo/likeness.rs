//! Two fingerprints side by side.

use super::fingerprint::{Fingerprint, Mark};

/// Bits in which codes of one spot may differ once their places agree.
const SAME_SPOT: u32 = 20;
/// How far from where it should be a spot may be found, in pixels of the frame.
const ASTRAY: f32 = 3.0;
/// Spots that two pictures of one shot share at the least.
const LEAST_SHARED: usize = 8;
/// And how many of them there are at the least when each counts for the part of the spots that both could show and do: many
/// spots that a few bins have in common don't make one shot of two.
const LEAST_WEIGHT: f32 = 7.0;
/// And which part of each frame lies in the other: 15 % cut off across and down leave 72 %.
const LEAST_OVERLAP: f32 = 0.6;
/// Pairs of spots from which a way between the pictures is guessed, at the most.
const MOST_GUESSES: usize = 120;
/// Pairs by which guesses are told apart, the surest first. Façades of equal windows have thousands, most other pictures fewer.
const MOST_WEIGHED: usize = 256;

/// How one picture lies in the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// Spots found in both, at the same place.
    pub shared: usize,
    /// Of the spots that both could show, the part that both do.
    pub share: f32,
    /// Of the two frames, the part that lies in the other: the smaller one.
    pub overlap: f32,
    /// How much larger things are in the other picture.
    pub scale: f32,
    /// In degrees, clockwise.
    pub turn: f32,
    pub mirrored: bool,
}

impl Likeness {
    /// Whether they are one shot.
    pub fn near(&self) -> bool {
        self.shared >= LEAST_SHARED
            && self.shared as f32 * self.share >= LEAST_WEIGHT
            && self.overlap >= LEAST_OVERLAP
    }
}

/// A way from one frame to the other: turn and scale, then shift.
#[derive(Debug, Clone, Copy)]
struct Way {
    /// Scale times cosine and sine of the turn.
    along: [f32; 2],
    shift: [f32; 2],
}

impl Way {
    /// The way that brings two places to two others. None where it turns or scales more than a picture on its way is turned or
    /// scaled, or where the places are too near to each other to tell.
    fn through(from: [[f32; 2]; 2], to: [[f32; 2]; 2]) -> Option<Self> {
        let (dx, dy) = (from[1][0] - from[0][0], from[1][1] - from[0][1]);
        let (ex, ey) = (to[1][0] - to[0][0], to[1][1] - to[0][1]);
        let length = dx * dx + dy * dy;
        let least = 12.0 * Mark::UNITS;
        if length < least * least {
            return None;
        }
        let along = [(dx * ex + dy * ey) / length, (dx * ey - dy * ex) / length];
        let scale = along[0].hypot(along[1]);
        let upright = along[0] > 0.0 && along[1].abs() < 0.14 * along[0];
        (upright && (0.75..1.34).contains(&scale)).then(|| Self {
            along,
            shift: [
                to[0][0] - along[0] * from[0][0] + along[1] * from[0][1],
                to[0][1] - along[1] * from[0][0] - along[0] * from[0][1],
            ],
        })
    }

    fn go(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        [
            self.along[0] * x - self.along[1] * y + self.shift[0],
            self.along[1] * x + self.along[0] * y + self.shift[1],
        ]
    }

    fn back(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let (x, y) = (x - self.shift[0], y - self.shift[1]);
        let square = self.along[0] * self.along[0] + self.along[1] * self.along[1];
        [(self.along[0] * x + self.along[1] * y) / square, (self.along[0] * y - self.along[1] * x) / square]
    }

    fn scale(&self) -> f32 {
        self.along[0].hypot(self.along[1])
    }
}

/// Whether there is a way on which both pairs of spots agree.
pub(super) fn fit(one: (&Mark, &Mark), other: (&Mark, &Mark)) -> bool {
    let Some(way) = Way::through([one.0.place(), other.0.place()], [one.1.place(), other.1.place()]) else {
        return false;
    };
    let sized = |(from, to): (&Mark, &Mark)| {
        let ratio = f32::from(to.size) / (f32::from(from.size.max(1)) * way.scale());
        (0.7..1.43).contains(&ratio)
    };
    sized(one) && sized(other)
}

/// Compares two pictures as they are and mirrored. None: they have nothing in common.
pub fn compare(one: &Fingerprint, other: &Fingerprint) -> Option<Likeness> {
    let best = |one: &Fingerprint, mirrored| align(one, other.width, other.height, &other.marks, mirrored);
    let (straight, mirrored) = (best(one, false), best(&one.mirrored(), true));
    match (straight, mirrored) {
        (Some(straight), Some(mirrored)) if mirrored.shared > straight.shared => Some(mirrored),
        (straight, mirrored) => straight.or(mirrored),
    }
}

/// Finds the way from `one` to the frame of `marks` on which most spots agree.
pub(super) fn align(
    one: &Fingerprint,
    width: u16,
    height: u16,
    marks: &[Mark],
    mirrored: bool,
) -> Option<Likeness> {
    let mut pairs: Vec<(u32, &Mark, &Mark)> = Vec::new();
    for from in &one.marks {
        for to in marks {
            let apart = (from.code ^ to.code).count_ones();
            let ratio = f32::from(to.size) / f32::from(from.size.max(1));
            if apart <= SAME_SPOT && (0.5..2.0).contains(&ratio) {
                pairs.push((apart, from, to));
            }
        }
    }
    if pairs.len() < 2 {
        return None;
    }
    // The surest first: guesses are taken from them.
    pairs.sort_by_key(|(apart, from, to)| (*apart, from.x, from.y, to.x, to.y));
    let weighed = &pairs[..pairs.len().min(MOST_WEIGHED)];
    let mut best: Option<(usize, Way)> = None;
    let mut guesses = 0;
    'guess: for last in 1..pairs.len() {
        for first in 0..last {
            let (a, b) = (&pairs[first], &pairs[last]);
            let Some(way) = Way::through([a.1.place(), b.1.place()], [a.2.place(), b.2.place()]) else {
                continue;
            };
            let agree = agreeing(weighed, &way).len();
            if best.is_none_or(|(most, _)| agree > most) {
                best = Some((agree, way));
            }
            guesses += 1;
            if guesses >= MOST_GUESSES {
                break 'guess;
            }
        }
    }
    let (_, guess) = best?;
    let way = refit(&agreeing(&pairs, &guess)).unwrap_or(guess);
    let shared = agreeing(&pairs, &way).len();
    let seen = |[x, y]: [f32; 2], width: u16, height: u16, size: f32| {
        let margin = size * Mark::REACH;
        x >= margin && y >= margin && x <= f32::from(width) - margin && y <= f32::from(height) - margin
    };
    let scale = way.scale();
    let there = one
        .marks
        .iter()
        .filter(|mark| seen(way.go(mark.place()), width, height, f32::from(mark.size) * scale))
        .count();
    let here = marks
        .iter()
        .filter(|mark| seen(way.back(mark.place()), one.width, one.height, f32::from(mark.size) / scale))
        .count();
    let share = shared as f32 / there.min(here).max(1) as f32;
    let inside = |from: [u16; 2], to: [u16; 2], go: &dyn Fn([f32; 2]) -> [f32; 2]| {
        let cells = (0..100).filter(|cell| {
            let part = |at: i32, side: u16| (at as f32 + 0.5) / 10.0 * f32::from(side);
            let [x, y] = go([part(cell % 10, from[0]), part(cell / 10, from[1])]);
            x >= 0.0 && y >= 0.0 && x <= f32::from(to[0]) && y <= f32::from(to[1])
        });
        cells.count() as f32 / 100.0
    };
    let (own, others) = ([one.width, one.height], [width, height]);
    let overlap = inside(own, others, &|at| way.go(at)).min(inside(others, own, &|at| way.back(at)));
    let turn = way.along[1].atan2(way.along[0]).to_degrees();
    Some(Likeness {
        shared,
        share: share.min(1.0),
        overlap,
        scale,
        turn: if mirrored { -turn } else { turn },
        mirrored,
    })
}

/// The pairs that a way brings together, each spot once.
fn agreeing<'a>(pairs: &[(u32, &'a Mark, &'a Mark)], way: &Way) -> Vec<(&'a Mark, &'a Mark)> {
    let limit = (ASTRAY * Mark::UNITS).powi(2);
    let mut agreed: Vec<(&Mark, &Mark)> = Vec::new();
    for (_, from, to) in pairs {
        let [x, y] = way.go(from.place());
        let [tx, ty] = to.place();
        let near = (x - tx).powi(2) + (y - ty).powi(2) <= limit;
        let ratio = f32::from(to.size) / (f32::from(from.size.max(1)) * way.scale());
        if near
            && (0.7..1.43).contains(&ratio)
            && !agreed.iter().any(|(f, t)| std::ptr::eq(*f, *from) || std::ptr::eq(*t, *to))
        {
            agreed.push((from, to));
        }
    }
    agreed
}

/// The way that fits all of them best, by least squares.
fn refit(pairs: &[(&Mark, &Mark)]) -> Option<Way> {
    if pairs.len() < 3 {
        return None;
    }
    let count = pairs.len() as f32;
    let mean = |side: fn(&(&Mark, &Mark)) -> [f32; 2]| {
        let sum = pairs.iter().map(side).fold([0.0, 0.0], |sum, at| [sum[0] + at[0], sum[1] + at[1]]);
        [sum[0] / count, sum[1] / count]
    };
    let (from, to) = (mean(|pair| pair.0.place()), mean(|pair| pair.1.place()));
    let (mut cosine, mut sine, mut square) = (0.0, 0.0, 0.0);
    for (a, b) in pairs {
        let (dx, dy) = (f32::from(a.x) - from[0], f32::from(a.y) - from[1]);
        let (ex, ey) = (f32::from(b.x) - to[0], f32::from(b.y) - to[1]);
        cosine += dx * ex + dy * ey;
        sine += dx * ey - dy * ex;
        square += dx * dx + dy * dy;
    }
    (square > 0.0).then(|| {
        let along = [cosine / square, sine / square];
        Way {
            along,
            shift: [
                to[0] - along[0] * from[0] + along[1] * from[1],
                to[1] - along[1] * from[0] - along[0] * from[1],
            ],
        }
    })
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::photo::fingerprint::tests::fingerprints;

    /// What a cut and a turn leave of a fingerprint: spots that moved, and codes of which some bits changed.
    pub(crate) fn altered(
        of: &Fingerprint,
        scale: f32,
        degrees: f32,
        shift: [f32; 2],
        spoilt: u64,
    ) -> Fingerprint {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        let way = Way { along: [scale * cosine, scale * sine], shift };
        let marks = of.marks.iter().filter_map(|mark| {
            let [x, y] = way.go(mark.place());
            let there = x >= 0.0 && y >= 0.0 && x <= f32::from(of.width) && y <= f32::from(of.height);
            there.then(|| Mark {
                x: x as u16,
                y: y as u16,
                size: (f32::from(mark.size) * scale) as u16,
                code: mark.code ^ spoilt,
                ..*mark
            })
        });
        Fingerprint { marks: marks.collect(), ..*of }
    }

    #[test]
    fn how_one_picture_lies_in_the_other_is_told() {
        let marks = (0..40_u16).map(|n| Mark {
            x: 2_000 + n % 8 * 1_000,
            y: 2_000 + n / 8 * 1_000,
            size: 128,
            code: u64::from(n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15),
            doubtful: 0,
        });
        let seen = Fingerprint { width: 11_800, height: 8_900, marks: marks.collect() };
        let likeness = compare(&altered(&seen, 1.1, 2.0, [-300.0, 200.0], 0b101), &seen).expect("alike");
        assert!(likeness.near() && !likeness.mirrored, "{likeness:?}");
        assert!((likeness.scale - 1.0 / 1.1).abs() < 0.01, "{likeness:?}");
        assert!((likeness.turn + 2.0).abs() < 0.2, "{likeness:?}: turned back");
        let likeness = compare(&seen.mirrored(), &seen).expect("alike");
        assert!(likeness.mirrored && likeness.shared == 40 && likeness.near(), "{likeness:?}");
        let likeness =
            compare(&altered(&seen, 1.0, 0.0, [6_000.0, 0.0], 0), &seen).expect("some spots are the same");
        assert!(likeness.overlap < 0.6 && !likeness.near(), "{likeness:?}: half of it is another place");
        assert_eq!(compare(&altered(&seen, 0.5, 0.0, [0.0, 0.0], 0), &seen).filter(Likeness::near), None);
        assert_eq!(compare(&altered(&seen, 1.0, 12.0, [0.0, 0.0], 0), &seen).filter(Likeness::near), None);
        assert_eq!(compare(&seen, &Fingerprint { marks: Vec::new(), ..seen.clone() }), None);
    }

    proptest! {
        #[test]
        fn a_picture_is_like_itself_and_likeness_is_mutual(
            seen in fingerprints(24),
            scale in 0.9..1.1_f32,
            degrees in -3.0..3.0_f32,
            shift in [-300.0..300.0_f32, -300.0..300.0_f32],
            spoilt in any::<u64>(),
        ) {
            // Some six bits, the same ones in all codes.
            let spoilt = spoilt & spoilt.rotate_left(13) & spoilt.rotate_left(29);
            let itself = compare(&seen, &seen);
            prop_assert!(itself.is_some_and(|likeness| likeness.near() && likeness.overlap == 1.0));
            let other = altered(&seen, scale, degrees, shift, spoilt);
            if !other.plain() && spoilt.count_ones() < 14 {
                for likeness in [compare(&seen, &other), compare(&other, &seen)] {
                    let shared = likeness.map_or(0, |likeness| likeness.shared);
                    prop_assert!(shared * 10 >= other.marks.len() * 9, "{} {:?}", other.marks.len(), likeness);
                }
            }
        }

        #[test]
        fn pictures_that_have_nothing_to_do_with_each_other_are_not_near(
            one in fingerprints(8),
            other in fingerprints(8),
        ) {
            prop_assert!(!compare(&one, &other).is_some_and(|likeness| likeness.near()));
        }
    }
}
