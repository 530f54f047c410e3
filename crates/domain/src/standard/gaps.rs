//! What of a file could not be read, so that all else is checked and nothing is said that only follows from it.

use std::collections::{BTreeSet, HashSet};

use super::Catalogue;

/// Places of a file whose value is not known, though something may stand in for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gaps(BTreeSet<String>);

impl Gaps {
    /// Adds a place such as `tree[0].children[2].marks`.
    pub fn add(&mut self, place: String) {
        self.0.insert(place);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the value at a place is not known: it is a gap, or stands in one.
    pub fn cover(&self, place: &str) -> bool {
        let above = place.match_indices(['.', '[']).map(|(end, _)| &place[..end]);
        !self.is_empty() && above.chain([place]).any(|place| self.0.contains(place))
    }

    /// Whether something in the value at a place is not known, or all of it.
    pub fn touch(&self, place: &str) -> bool {
        let inside = |joint: char| {
            let first = format!("{place}{joint}");
            self.0.range(first.clone()..).next().is_some_and(|next| next.starts_with(&first))
        };
        !self.is_empty() && (self.cover(place) || inside('.') || inside('['))
    }

    /// Whether there may be codes in the tree that nobody could read.
    pub(super) fn hide_codes(&self) -> bool {
        self.0.iter().any(|place| {
            let last = place.rsplit('.').next().unwrap_or_default();
            let list = last.split('[').next().unwrap_or_default();
            place.starts_with("tree") && ["tree", "children", "code"].contains(&list)
        })
    }
}

/// What catalogues may hold beside what could be read of them.
#[derive(Debug, Default)]
pub(super) struct Hidden<'a> {
    pub(super) site_types: bool,
    pub(super) requirements: bool,
    pub(super) questions: bool,
    pub(super) statistics: bool,
    /// Site types of which a criterion could not be read.
    criteria: HashSet<&'a str>,
}

impl<'a> Hidden<'a> {
    pub(super) fn add(&mut self, catalogue: &'a Catalogue, gaps: &Gaps) {
        // What has no id is told for that, and may be what is meant.
        let hidden = |list: &str, ids: Vec<&str>| {
            let list = format!("catalogue.{list}");
            let unread = |(n, id): (usize, &&str)| id.is_empty() || gaps.cover(&format!("{list}[{n}].id"));
            gaps.cover(&list) || ids.iter().enumerate().any(unread)
        };
        self.site_types |= hidden("site_types", catalogue.site_types.iter().map(|one| &*one.id).collect());
        self.requirements |=
            hidden("requirements", catalogue.requirements.iter().map(|one| &*one.id).collect());
        self.questions |= hidden("questions", catalogue.questions.iter().map(|one| &*one.id).collect());
        self.statistics |= hidden("statistics", catalogue.statistics.iter().map(|one| &*one.id).collect());
        for (n, site_type) in catalogue.site_types.iter().enumerate() {
            let ids = site_type.criteria.iter().map(|one| &*one.id).collect();
            if hidden(&format!("site_types[{n}].criteria"), ids) {
                self.criteria.insert(&site_type.id);
            }
        }
    }

    /// Whether there may be a criterion with that id: `market/licence`, `market/*`.
    pub(super) fn criterion(&self, id: &str) -> bool {
        let site_type = id.split('/').next().unwrap_or_default();
        self.site_types || (!id.ends_with("/*") && self.criteria.contains(site_type))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_covers_what_stands_in_it_and_touches_what_it_stands_in() {
        let mut gaps = Gaps::default();
        assert!(!gaps.cover("tree") && !gaps.touch("tree"));
        gaps.add("tree[1].children".to_owned());
        gaps.add("marks".to_owned());
        for (place, covered, touched) in [
            ("tree", false, true),
            ("tree[1]", false, true),
            ("tree[1].children", true, true),
            ("tree[1].children[0].marks", true, true),
            ("tree[1].childrens", false, false),
            ("tree[10]", false, false),
            ("tree[1].marks", false, false),
            ("marks", true, true),
        ] {
            assert_eq!((gaps.cover(place), gaps.touch(place)), (covered, touched), "{place}");
        }
        assert!(gaps.hide_codes());
    }
}
