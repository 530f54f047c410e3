//! Whether texts say the same: by their pairs of neighbouring letters, which needs no dictionary in any language.

use std::collections::HashMap;

/// A text as its pairs of neighbouring letters.
pub(crate) struct Pairs {
    counted: HashMap<(char, char), u32>,
    all: u32,
}

impl Pairs {
    pub(crate) fn of(text: &str) -> Self {
        let letters: Vec<char> =
            text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let mut pairs = Self { counted: HashMap::new(), all: 0 };
        for pair in letters.windows(2) {
            *pairs.counted.entry((pair[0], pair[1])).or_default() += 1;
            pairs.all += 1;
        }
        pairs
    }

    /// Each pair once.
    pub(crate) fn each(&self) -> impl Iterator<Item = (char, char)> {
        self.counted.keys().copied()
    }

    /// How much of the two is the same (Dice), in thousandths.
    pub(crate) fn overlap(&self, other: &Self) -> u32 {
        if self.all == 0 || other.all == 0 {
            return 0;
        }
        let shared = |(pair, n): (&(char, char), &u32)| other.counted.get(pair).map_or(0, |m| *n.min(m));
        let same: u32 = self.counted.iter().map(shared).sum();
        same * 2_000 / (self.all + other.all)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn overlap_is_the_same_both_ways_and_whole_with_itself(one in "[甲乙丙丁a-c]{2,12}", other in "[甲乙丙丁a-c]{2,12}") {
            let (a, b) = (Pairs::of(&one), Pairs::of(&other));
            prop_assert_eq!(a.overlap(&b), b.overlap(&a));
            prop_assert_eq!(a.overlap(&a), 1_000);
            prop_assert!(a.overlap(&b) <= 1_000);
        }
    }
}
