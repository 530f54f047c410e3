//! What the materials that were accepted for a requirement come to together.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

use super::{
    EvidenceLink,
    completeness::{Count, needs},
};
use crate::standard::Requirement;

/// What a requirement comes to, and the material that decides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided<'a> {
    /// A word of the scale.
    pub grade: &'a str,
    pub link: &'a EvidenceLink,
}

/// What all that was filed for a requirement comes to. Of each kind the best accepted counts: another one of the same kind never
/// makes less of it. A kind of which nothing is accepted any more, though something was once, counts the worst. Of the kinds
/// the worst counts, since a requirement asks for all of them: a good report makes up for no poor photographs. Of equals it is
/// the one decided last. None where nothing was ever accepted with a grade of this scale: what waits, was returned or is
/// missing says nothing.
///
/// `words`: the scale's, the best first.
pub fn decided<'a>(
    words: &[&'a str],
    links: impl IntoIterator<Item = &'a EvidenceLink>,
) -> Option<Decided<'a>> {
    let rank = |link: &'a EvidenceLink| match link.review.acceptance() {
        Some(accepted) => {
            let place = words.iter().position(|word| *word == accepted.grade)?;
            Some((true, place, accepted.at, link))
        }
        None if link.review.has_lapsed() => Some((false, words.len().checked_sub(1)?, link.changed_at, link)),
        None => None,
    };
    let mut of_kind: Vec<(bool, usize, DateTime<Utc>, &EvidenceLink)> = Vec::new();
    for link in links {
        let Some(own) = rank(link) else { continue };
        let goodness = |(accepted, place, at, link): (bool, usize, DateTime<Utc>, &EvidenceLink)| {
            (accepted, Reverse(place), at, link.id)
        };
        match of_kind.iter_mut().find(|(.., other)| other.kind == link.kind) {
            None => of_kind.push(own),
            Some(there) if goodness(own) > goodness(*there) => *there = own,
            Some(_) => {}
        }
    }
    let worst = of_kind.into_iter().max_by_key(|(_, place, at, link)| (*place, *at, link.id));
    worst.map(|(_, place, _, link)| Decided { grade: words[place], link })
}

/// Whether not all that a requirement asks for has been accepted: then what is missing may turn out to be nothing, and what was
/// accepted may come to nothing with it.
pub fn is_incomplete<'a>(
    requirement: &Requirement,
    links: impl IntoIterator<Item = &'a EvidenceLink>,
) -> bool {
    let count = |link: &EvidenceLink| {
        let counted = link.review.counted();
        Count { kind: link.kind, counted: counted.what, pieces: counted.pieces }
    };
    let counts: Vec<Count> = links.into_iter().map(count).collect();
    needs(requirement, &counts).iter().any(|need| need.accepted < need.asked)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{
        evidence::review::{Acceptance, Review, Shown},
        id::{CampaignId, EvidenceId, EvidenceLinkId, StandardId, UnitId, UserId},
        standard::FilingKind,
    };

    const WORDS: [&str; 4] = ["A", "B", "C", "D"];

    fn link(n: u128, kind: FilingKind, grade: &str) -> EvidenceLink {
        let at = DateTime::<Utc>::UNIX_EPOCH + chrono::TimeDelta::minutes(i64::try_from(n).expect("few"));
        let acceptance = Acceptance {
            shown: Shown { version: 1, pieces: 1 },
            by: UserId(Uuid::nil()),
            at,
            grade: grade.to_owned(),
            until: None,
        };
        EvidenceLink {
            campaign: CampaignId(Uuid::nil()),
            id: EvidenceLinkId(Uuid::from_u128(n)),
            evidence: EvidenceId(Uuid::from_u128(n)),
            unit: UnitId(Uuid::nil()),
            kind,
            standard: StandardId(Uuid::nil()),
            requirement: "r".into(),
            review: Review::Accepted { acceptance },
            changed_at: at,
            version: 1,
        }
    }

    /// The same, and its acceptance has lapsed meanwhile.
    fn lapsed(link: EvidenceLink) -> EvidenceLink {
        let Review::Accepted { acceptance } = link.review else { return link };
        EvidenceLink { review: Review::Expired { at: acceptance.at, acceptance }, ..link }
    }

    fn decides(links: &[EvidenceLink]) -> Option<u128> {
        decided(&WORDS, links).map(|decided| decided.link.id.0.as_u128())
    }

    #[test]
    fn the_best_of_each_kind_and_of_these_the_worst_decides() {
        let report = FilingKind::Report;
        let photo = FilingKind::Photo;
        assert_eq!(decides(&[]), None);
        assert_eq!(decides(&[link(1, report, "met")]), None, "a word of another scale");
        assert_eq!(decides(&[link(1, report, "A"), link(2, report, "C")]), Some(1));
        assert_eq!(decides(&[link(1, report, "A"), link(2, photo, "B")]), Some(2));
        assert_eq!(decides(&[link(1, report, "A"), link(2, photo, "B"), link(3, photo, "A")]), Some(3));
    }

    #[test]
    fn a_kind_of_which_nothing_is_accepted_any_more_counts_the_worst_whatever_else_is_accepted() {
        let grade = |links: &[EvidenceLink]| decided(&WORDS, links).map(|decided| decided.grade.to_owned());
        let (report, photo) = (FilingKind::Report, FilingKind::Photo);
        let gone = lapsed(link(1, report, "A"));
        assert_eq!(grade(std::slice::from_ref(&gone)).as_deref(), Some("D"));
        assert_eq!(
            grade(&[gone.clone(), link(2, photo, "A")]).as_deref(),
            Some("D"),
            "photographs are no report"
        );
        assert_eq!(grade(&[gone, link(2, photo, "B"), link(3, report, "A")]).as_deref(), Some("B"));
        let at = DateTime::<Utc>::UNIX_EPOCH;
        let waiting = |lapsed| EvidenceLink {
            review: Review::Submitted {
                shown: Shown { version: 2, pieces: 1 },
                by: UserId(Uuid::nil()),
                at,
                stands: None,
                lapsed,
            },
            ..link(4, report, "A")
        };
        assert_eq!(grade(&[waiting(false)]), None, "it was never accepted");
        assert_eq!(grade(&[waiting(true)]).as_deref(), Some("D"), "it was, and is put forward again");
    }

    #[test]
    fn all_that_is_asked_for_is_there_when_enough_of_each_kind_is_accepted() {
        let requirement: Requirement = serde_json::from_value(serde_json::json!({
            "id": "r", "title": "活动", "filings": [
                { "kind": "report" },
                { "kind": "photo", "quota": { "at_least": 3 } },
                { "kind": "video", "quota": { "at_least": 0 } },
            ],
        }))
        .expect("a requirement");
        let (report, photo) = (FilingKind::Report, FilingKind::Photo);
        let photos = |n, pieces| {
            let EvidenceLink { review: Review::Accepted { acceptance }, .. } = link(n, photo, "A") else {
                panic!("it is accepted")
            };
            let shown = Shown { pieces, ..acceptance.shown };
            EvidenceLink {
                review: Review::Accepted { acceptance: Acceptance { shown, ..acceptance } },
                ..link(n, photo, "A")
            }
        };
        for (links, incomplete) in [
            (vec![], true),
            (vec![link(1, report, "A")], true),
            (vec![link(1, report, "A"), photos(2, 2)], true),
            (vec![link(1, report, "A"), photos(2, 3)], false),
            (vec![link(1, report, "C"), photos(2, 1), photos(3, 2)], false),
            (vec![lapsed(link(1, report, "A")), photos(2, 3)], true),
        ] {
            assert_eq!(is_incomplete(&requirement, &links), incomplete, "{links:?}");
        }
    }

    fn links() -> impl Strategy<Value = Vec<EvidenceLink>> {
        let kind = prop::sample::select(FilingKind::ALL.to_vec());
        let one = (kind, prop::sample::select(WORDS.to_vec()), prop::bool::weighted(0.3));
        let made = |(n, (kind, grade, gone))| {
            let own = link(n, kind, grade);
            if gone { lapsed(own) } else { own }
        };
        prop::collection::vec(one, 1..10).prop_map(move |all| (1..).zip(all).map(made).collect())
    }

    fn place(links: &[EvidenceLink]) -> Option<usize> {
        let grade = decided(&WORDS, links)?.grade;
        WORDS.iter().position(|word| *word == grade)
    }

    proptest! {
        #[test]
        fn another_material_of_a_kind_that_is_there_never_makes_less_of_a_requirement(
            links in links(), which: prop::sample::Index, grade in prop::sample::select(WORDS.to_vec()),
        ) {
            let mut more = links.clone();
            more.push(link(99, which.get(&links).kind, grade));
            prop_assert!(place(&more) <= place(&links));
        }

        #[test]
        fn the_order_in_which_they_are_looked_at_does_not_matter(links in links()) {
            let backwards: Vec<EvidenceLink> = links.iter().rev().cloned().collect();
            prop_assert_eq!(decides(&links), decides(&backwards));
        }
    }
}
