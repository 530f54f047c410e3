//! Where else a material fits: the same requirement in another standard first, then what is worded alike.

use std::cmp::Reverse;

use crate::{
    standard::{FilingKind, Requirement},
    wording::Pairs,
};

/// A requirement that a material could be filed for as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Its number among those that were looked at.
    pub number: usize,
    pub why: Why,
}

/// Why it is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It is the same requirement, which several standards take from one catalogue.
    Same,
    /// It is worded like what the material is filed for or called; in thousandths, 1000 is the same text.
    Alike(Reverse<u32>),
}

/// From which overlap of texts a requirement is suggested, in thousandths.
const ALIKE_FROM: u32 = 280;

/// The best of `others` for a material of that kind, at most `most`. `own` are the requirements that it is filed for, and
/// `says` is what it says of itself.
pub fn suggest(
    kind: FilingKind,
    says: &str,
    own: &[&Requirement],
    others: &[&Requirement],
    most: usize,
) -> Vec<Suggestion> {
    let texts: Vec<Pairs> =
        std::iter::once(Pairs::of(says)).chain(own.iter().map(|one| Pairs::of(&worded(one)))).collect();
    let takes = |one: &Requirement| one.filings.iter().any(|filing| filing.kind == kind);
    let mut found: Vec<Suggestion> = Vec::new();
    for (number, other) in others.iter().enumerate().filter(|(_, other)| takes(other)) {
        if own.contains(other) {
            found.push(Suggestion { number, why: Why::Same });
            continue;
        }
        let theirs = Pairs::of(&worded(other));
        let titled = Pairs::of(&other.title);
        let best = texts.iter().map(|text| text.overlap(&theirs).max(text.overlap(&titled))).max();
        if let Some(best) = best.filter(|best| *best >= ALIKE_FROM) {
            found.push(Suggestion { number, why: Why::Alike(Reverse(best)) });
        }
    }
    found.sort_by_key(|one| (one.why, one.number));
    found.truncate(most);
    found
}

fn worded(requirement: &Requirement) -> String {
    format!("{} {}", requirement.title, requirement.text.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn requirement(id: &str, title: &str, kind: &str) -> Requirement {
        serde_json::from_value(json!({ "id": id, "title": title, "filings": [{ "kind": kind }] }))
            .expect("a requirement")
    }

    #[test]
    fn the_same_requirement_comes_first_and_what_is_worded_alike_after_it() {
        let own = requirement("health", "健康教育与健康科普", "photo");
        let alike = requirement("m-health", "校园健康教育与健康科普活动", "photo");
        let other_kind = requirement("h-report", "健康教育与健康科普", "report");
        let far = requirement("waste", "垃圾与污水处理设施运行", "photo");
        let others = [&far, &alike, &other_kind, &own];
        let found = suggest(FilingKind::Photo, "五月健康日", &[&own], &others, 5);
        let numbers: Vec<usize> = found.iter().map(|one| one.number).collect();
        assert_eq!(numbers, [3, 1]);
        assert_eq!(found[0].why, Why::Same);
        assert_eq!(suggest(FilingKind::Photo, "五月健康日", &[&own], &others, 1).len(), 1);
        // Before it is filed for anything, what it is called decides.
        let by_title = suggest(FilingKind::Photo, "污水处理设施运行照片", &[], &others, 5);
        assert_eq!(by_title.iter().map(|one| one.number).collect::<Vec<_>>(), [0]);
    }
}
