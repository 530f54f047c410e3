//! What the materials that were accepted for a requirement come to together.

use super::EvidenceLink;

/// The material whose grade is the requirement's. Of each kind the best accepted counts: another one of the same kind never makes
/// less of it. Of the kinds the worst counts, since a requirement asks for all of them: a good report makes up for no poor
/// photographs. Of equals it is the one accepted last. None where nothing is accepted with a grade of this scale.
///
/// `words`: the scale's, the best first.
pub fn deciding<'a>(
    words: &[&str],
    links: impl IntoIterator<Item = &'a EvidenceLink>,
) -> Option<&'a EvidenceLink> {
    let rank = |link: &EvidenceLink| {
        let accepted = link.review.acceptance()?;
        let place = words.iter().position(|word| *word == accepted.grade)?;
        Some((place, accepted.at, link.id))
    };
    let mut best: Vec<((usize, _, _), &EvidenceLink)> = Vec::new();
    for link in links {
        let Some(own) = rank(link) else { continue };
        match best.iter_mut().find(|(_, other)| other.kind == link.kind) {
            None => best.push((own, link)),
            Some(there) => {
                let ((place, at, id), _) = *there;
                if own.0 < place || (own.0 == place && (own.1, own.2) > (at, id)) {
                    *there = (own, link);
                }
            }
        }
    }
    best.into_iter().max_by_key(|(rank, _)| *rank).map(|(_, link)| link)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
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

    fn decides(links: &[EvidenceLink]) -> Option<u128> {
        deciding(&WORDS, links).map(|link| link.id.0.as_u128())
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

    fn links() -> impl Strategy<Value = Vec<EvidenceLink>> {
        let kind = prop::sample::select(FilingKind::ALL.to_vec());
        let one = (kind, prop::sample::select(WORDS.to_vec()));
        prop::collection::vec(one, 1..10)
            .prop_map(|all| (1..).zip(all).map(|(n, (kind, grade))| link(n, kind, grade)).collect())
    }

    fn place(links: &[EvidenceLink]) -> Option<usize> {
        let grade = &deciding(&WORDS, links)?.review.acceptance()?.grade;
        WORDS.iter().position(|word| word == grade)
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
