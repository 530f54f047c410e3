/// Marks that a fingerprint holds at the most: the most pronounced spots of a picture.
pub const MOST_MARKS: usize = 48;

/// Under this many a picture is too plain to be told from another by its look: sky, a white wall, a blank sheet.
pub const LEAST_MARKS: usize = 8;

/// The first byte of a fingerprint that is kept: how spots are found and what their codes say. Fingerprints of another form can't
/// be compared with these.
const FORM: u8 = 1;
/// Bytes of a mark that is kept.
const MARK: usize = 22;

/// What a picture looks like, in some kilobyte: where its pronounced spots are, and what the surroundings of each look like.
/// It survives what a picture goes through on its way (another size or compression, a cut, a small turn, other light).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Of the frame in which marks have their places, in its own units; its proportions are those of the picture.
    pub width: u16,
    pub height: u16,
    pub marks: Vec<Mark>,
}

/// A spot and its surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// In units of [`Mark::UNITS`] to a pixel of the frame.
    pub x: u16,
    pub y: u16,
    /// How large the spot is, in the same units.
    pub size: u16,
    /// Signs of the surroundings' lowest frequencies, in the order of [`code_bits`].
    pub code: u64,
    /// Those of its bits that were nearly decided otherwise.
    pub doubtful: u64,
}

impl Mark {
    /// Units of a place to a pixel of the frame.
    pub const UNITS: f32 = 64.0;

    /// How far around a spot its surroundings reach, in sizes of the spot.
    pub const REACH: f32 = 5.0;

    pub(super) fn place(&self) -> [f32; 2] {
        [f32::from(self.x), f32::from(self.y)]
    }
}

impl Fingerprint {
    /// Whether there is too little to be seen to tell it from another picture.
    pub fn plain(&self) -> bool {
        self.marks.len() < LEAST_MARKS
    }

    /// As it is kept: a byte that tells the form, then the numbers, the low byte of each first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(5 + self.marks.len() * MARK);
        bytes.push(FORM);
        bytes.extend(self.width.to_le_bytes());
        bytes.extend(self.height.to_le_bytes());
        for mark in &self.marks {
            for small in [mark.x, mark.y, mark.size] {
                bytes.extend(small.to_le_bytes());
            }
            bytes.extend(mark.code.to_le_bytes());
            bytes.extend(mark.doubtful.to_le_bytes());
        }
        bytes
    }

    /// What [`Fingerprint::to_bytes`] gave; None where it is something else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (form, bytes) = bytes.split_first()?;
        let (sides, marks) = bytes.split_at_checked(4)?;
        if *form != FORM || marks.len() % MARK != 0 || marks.len() / MARK > MOST_MARKS {
            return None;
        }
        let small = |bytes: &[u8], at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        let large = |bytes: &[u8], at: usize| {
            let mut large = [0; 8];
            large.copy_from_slice(&bytes[at..at + 8]);
            u64::from_le_bytes(large)
        };
        let marks = marks.chunks_exact(MARK).map(|mark| Mark {
            x: small(mark, 0),
            y: small(mark, 2),
            size: small(mark, 4),
            code: large(mark, 6),
            doubtful: large(mark, 14),
        });
        Some(Self { width: small(sides, 0), height: small(sides, 2), marks: marks.collect() })
    }

    /// The fingerprint of the picture as a mirror shows it.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let odd = code_bits()
            .enumerate()
            .fold(0, |bits, (bit, (across, _))| bits | (u64::from(across % 2 == 1) << bit));
        let marks = self.marks.iter().map(|mark| Mark {
            x: self.width.saturating_sub(mark.x),
            // A cosine of an odd number of half waves changes its sign when it is turned round.
            code: mark.code ^ odd,
            ..*mark
        });
        Self { marks: marks.collect(), ..*self }
    }
}

/// The frequencies (half waves across, half waves down) whose signs are a code, from its first bit to its last: the 64 lowest
/// but the mean, which says how bright a place is; dealt out so that each quarter of a code has low and high ones.
pub fn code_bits() -> impl Iterator<Item = (usize, usize)> {
    let lowest: Vec<(usize, usize)> =
        (1..).flat_map(|sum| (0..=sum).map(move |down| (sum - down, down))).take(64).collect();
    (0..64).map(move |bit| lowest[bit % 16 * 4 + bit / 16])
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Fingerprints of any pictures, with spots all over the frame.
    pub(crate) fn fingerprints(least: usize) -> impl Strategy<Value = Fingerprint> {
        let mark = (1_500..10_300_u16, 1_500..7_700_u16, 110..230_u16, any::<u64>()).prop_map(
            |(x, y, size, code)| Mark { x, y, size, code, doubtful: 0x0101_0101_0101_0101 << (code % 8) },
        );
        proptest::collection::vec(mark, least..=MOST_MARKS).prop_map(|marks| Fingerprint {
            width: 11_800,
            height: 8_900,
            marks,
        })
    }

    #[test]
    fn a_code_has_the_lowest_frequencies_each_once_and_never_the_mean() {
        let mut bits: Vec<(usize, usize)> = code_bits().collect();
        assert!(bits.iter().all(|(across, down)| (1..=10).contains(&(across + down))));
        let of_quarter =
            |which: usize| bits[16 * which..16 * which + 16].iter().filter(|(u, v)| u + v < 5).count();
        assert_eq!([0, 1, 2, 3].map(of_quarter), [4, 4, 3, 3], "each quarter has low and high ones");
        bits.sort_unstable();
        bits.dedup();
        assert_eq!(bits.len(), 64);
    }

    #[test]
    fn a_picture_with_few_spots_is_plain() {
        let mark = Mark { x: 100, y: 100, size: 128, code: 7, doubtful: 1 };
        let with = |count| Fingerprint { width: 11_800, height: 8_900, marks: vec![mark; count] };
        assert_eq!([0, LEAST_MARKS - 1, LEAST_MARKS].map(|count| with(count).plain()), [true, true, false]);
    }

    #[test]
    fn bytes_that_are_no_fingerprint_are_told_from_one() {
        let whole = Fingerprint { width: 5, height: 4, marks: Vec::new() }.to_bytes();
        assert_eq!(whole, [1, 5, 0, 4, 0]);
        for wrong in [&b""[..], &whole[..4], &[2, 5, 0, 4, 0], &[1, 5, 0, 4, 0, 9], &[1; 5 + 49 * MARK]] {
            assert_eq!(Fingerprint::from_bytes(wrong), None, "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_kept_is_read_back(seen in fingerprints(0)) {
            let bytes = seen.to_bytes();
            prop_assert_eq!(Fingerprint::from_bytes(&bytes), Some(seen));
            prop_assert_eq!(Fingerprint::from_bytes(&bytes[..bytes.len() - 1]), None);
        }

        #[test]
        fn a_mirror_in_a_mirror_shows_the_picture(seen in fingerprints(0)) {
            let mirrored = seen.mirrored();
            prop_assert_eq!(mirrored.mirrored(), seen.clone());
            for (mark, other) in seen.marks.iter().zip(&mirrored.marks) {
                prop_assert_eq!((mark.x + other.x, mark.y), (seen.width, other.y));
                prop_assert_ne!(mark.code, other.code);
            }
        }
    }
}
