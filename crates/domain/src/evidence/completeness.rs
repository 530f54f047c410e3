//! How much of what is asked for is there, and how much of it was accepted.

use std::ops::AddAssign;

use super::review::CountedAs;
use crate::standard::{FilingKind, Requirement};

/// So many pieces of a kind count as that for a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub kind: FilingKind,
    pub counted: CountedAs,
    pub pieces: u32,
}

/// What a requirement asks of one kind, and what there is of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    pub kind: FilingKind,
    /// At least so many.
    pub asked: u32,
    pub at_most: Option<u32>,
    /// Before the reviewers, or accepted.
    pub there: u32,
    pub accepted: u32,
    pub waiting: u32,
    pub returned: u32,
    pub expired: u32,
}

impl Need {
    pub fn missing(&self) -> u32 {
        self.asked.saturating_sub(self.there)
    }
}

/// What all of it comes to, in pieces: of what is asked for, so much is there and so much was accepted. What is there beyond
/// what is asked for does not make up for anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Completeness {
    pub asked: u32,
    pub there: u32,
    pub accepted: u32,
}

impl Completeness {
    pub fn missing(&self) -> u32 {
        self.asked - self.there
    }
}

impl AddAssign for Completeness {
    fn add_assign(&mut self, other: Self) {
        self.asked += other.asked;
        self.there += other.there;
        self.accepted += other.accepted;
    }
}

/// What a requirement asks, kind by kind, with what there is.
pub fn needs(requirement: &Requirement, counts: &[Count]) -> Vec<Need> {
    let need = |kind: FilingKind, asked: u32, at_most: Option<u32>| {
        let sum = |wanted: fn(CountedAs) -> bool| {
            let own = counts.iter().filter(|count| count.kind == kind && wanted(count.counted));
            own.map(|count| count.pieces).sum()
        };
        Need {
            kind,
            asked,
            at_most,
            there: sum(CountedAs::is_there),
            accepted: sum(CountedAs::is_accepted),
            waiting: sum(CountedAs::waits),
            returned: sum(|counted| counted == CountedAs::Returned),
            expired: sum(|counted| counted == CountedAs::Expired),
        }
    };
    // What is asked for without a number is asked for once.
    let asked = |filing: &crate::standard::Filing| {
        need(filing.kind, filing.quota.at_least.unwrap_or(1), filing.quota.at_most)
    };
    requirement.filings.iter().map(asked).collect()
}

/// What its kinds come to together.
pub fn sum(needs: &[Need]) -> Completeness {
    let mut all = Completeness::default();
    for need in needs {
        let (there, accepted) = (need.there.min(need.asked), need.accepted.min(need.asked));
        all += Completeness { asked: need.asked, there, accepted };
    }
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn requirement() -> Requirement {
        serde_json::from_value(json!({
            "id": "r", "title": "材料", "filings": [
                { "kind": "report" },
                { "kind": "photo", "quota": { "at_least": 3, "at_most": 12 } },
                { "kind": "video", "quota": { "at_least": 0 } },
            ],
        }))
        .expect("a requirement")
    }

    fn count(kind: FilingKind, counted: CountedAs, pieces: u32) -> Count {
        Count { kind, counted, pieces }
    }

    #[test]
    fn too_many_photographs_do_not_make_up_for_a_missing_report() {
        let counts = [
            count(FilingKind::Photo, CountedAs::Submitted, 4),
            count(FilingKind::Photo, CountedAs::AcceptedAnew, 2),
            count(FilingKind::Photo, CountedAs::Returned, 5),
            count(FilingKind::Report, CountedAs::Expired, 1),
        ];
        let needs = needs(&requirement(), &counts);
        let photo = needs[1];
        assert_eq!((photo.asked, photo.there, photo.accepted, photo.returned), (3, 6, 2, 5));
        assert_eq!((photo.waiting, photo.missing(), needs[0].missing(), needs[0].expired), (6, 0, 1, 1));
        assert_eq!(sum(&needs), Completeness { asked: 4, there: 3, accepted: 2 });
        assert_eq!(sum(&needs).missing(), 1);
        assert_eq!(needs[2].asked, 0, "what may be filed and need not be");
    }

    fn counts() -> impl Strategy<Value = Vec<Count>> {
        let kind = prop::sample::select(FilingKind::ALL.to_vec());
        let counted = prop::sample::select(CountedAs::ALL.to_vec());
        let one =
            (kind, counted, 0u32..20).prop_map(|(kind, counted, pieces)| Count { kind, counted, pieces });
        prop::collection::vec(one, 0..12)
    }

    proptest! {
        #[test]
        fn accepted_is_part_of_what_is_there_and_that_of_what_is_asked(counts in counts()) {
            let needs = needs(&requirement(), &counts);
            let all = sum(&needs);
            prop_assert!(all.accepted <= all.there && all.there <= all.asked);
            prop_assert!(needs.iter().all(|need| need.accepted <= need.there));
            prop_assert_eq!(all.missing(), needs.iter().map(Need::missing).sum::<u32>());
        }

        /// What is filed more never makes less of it.
        #[test]
        fn one_more_piece_never_makes_it_less_complete(counts in counts(), more in counts()) {
            let before = sum(&needs(&requirement(), &counts));
            let with: Vec<Count> = counts.into_iter().chain(more).collect();
            let after = sum(&needs(&requirement(), &with));
            prop_assert!(after.there >= before.there && after.accepted >= before.accepted);
            prop_assert_eq!(after.asked, before.asked);
        }
    }
}
