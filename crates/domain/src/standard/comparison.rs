//! What differs between two editions: the places of their trees, what is looked at, filed, asked and counted, and the rules of
//! the whole. Things are the same by their codes and ids, whatever they are called.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::Value;

use super::{Input, Node, Standard, Whole, plain};

/// What kind of thing differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The standard's own fields: marks, rounding, gates, the negative list.
    Rule,
    /// A place that has others below it.
    Place,
    Leaf,
    SiteType,
    /// By its site type and its id: `market/licence`.
    Criterion,
    Requirement,
    Question,
    Statistic,
}

impl Kind {
    pub const ALL: [Self; 8] = [
        Self::Rule,
        Self::Place,
        Self::Leaf,
        Self::SiteType,
        Self::Criterion,
        Self::Requirement,
        Self::Question,
        Self::Statistic,
    ];
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub kind: Kind,
    /// Its code or id.
    pub key: String,
    /// As it is called now, or was at last.
    pub title: String,
    pub change: Change,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Added,
    Removed,
    /// It stands elsewhere in the tree, or some of its fields say something else.
    Changed {
        /// The codes of the places that it stood and stands under; empty: at the top. None: it did not move.
        moved: Option<(String, String)>,
        fields: Vec<FieldChange>,
    },
}

/// A field that says something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// As files name it.
    pub field: &'static str,
    /// Empty: it was not there.
    pub before: String,
    pub after: String,
}

/// How many things of a kind there were and are, and what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    pub before: usize,
    pub after: usize,
    pub added: usize,
    pub removed: usize,
    pub changed: usize,
}

/// What differs, in the order of the newer edition, what it has no more at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub differences: Vec<Difference>,
    counts: BTreeMap<Kind, Count>,
}

impl Comparison {
    pub fn count(&self, kind: Kind) -> Count {
        self.counts.get(&kind).copied().unwrap_or_default()
    }

    pub fn is_empty(&self) -> bool {
        self.differences.is_empty()
    }
}

/// What became of `before` in `after`.
pub fn compare(before: &Whole, after: &Whole) -> Comparison {
    let (old, new) = (things(before), things(after));
    let known: HashMap<(Kind, &str), &Thing> =
        old.iter().map(|thing| ((thing.kind, thing.key.as_str()), thing)).collect();
    let mut counts: BTreeMap<Kind, Count> = BTreeMap::new();
    for thing in &old {
        counts.entry(thing.kind).or_default().before += 1;
    }
    let mut differences = Vec::new();
    let mut left: HashMap<(Kind, &str), &Thing> = known.clone();
    for thing in &new {
        let count = counts.entry(thing.kind).or_default();
        count.after += 1;
        let key = (thing.kind, thing.key.as_str());
        left.remove(&key);
        let change = match known.get(&key) {
            None => {
                count.added += 1;
                Some(Change::Added)
            }
            Some(former) => {
                let change = changed(former, thing);
                count.changed += usize::from(change.is_some());
                change
            }
        };
        differences.extend(change.map(|change| thing.differs(change)));
    }
    for thing in old.iter().filter(|thing| left.contains_key(&(thing.kind, thing.key.as_str()))) {
        counts.entry(thing.kind).or_default().removed += 1;
        differences.push(thing.differs(Change::Removed));
    }
    Comparison { differences, counts }
}

fn changed(former: &Thing, thing: &Thing) -> Option<Change> {
    let moved = (former.parent != thing.parent).then(|| (former.parent.clone(), thing.parent.clone()));
    let names = former.fields.keys().chain(thing.fields.keys());
    let mut names: Vec<&'static str> = names.copied().collect();
    names.sort_unstable();
    names.dedup();
    let said = |fields: &BTreeMap<&'static str, String>, name| fields.get(name).cloned().unwrap_or_default();
    let fields: Vec<FieldChange> = names
        .into_iter()
        .map(|field| FieldChange {
            field,
            before: said(&former.fields, field),
            after: said(&thing.fields, field),
        })
        .filter(|change| change.before != change.after)
        .collect();
    (moved.is_some() || !fields.is_empty()).then_some(Change::Changed { moved, fields })
}

/// Something with all that is said of it, in words.
struct Thing {
    kind: Kind,
    key: String,
    title: String,
    parent: String,
    fields: BTreeMap<&'static str, String>,
}

impl Thing {
    fn new(kind: Kind, key: &str, title: &str, fields: Vec<(&'static str, String)>) -> Self {
        let fields = fields.into_iter().filter(|(_, said)| !said.is_empty()).collect();
        Self { kind, key: key.to_owned(), title: title.to_owned(), parent: String::new(), fields }
    }

    fn differs(&self, change: Change) -> Difference {
        Difference { kind: self.kind, key: self.key.clone(), title: self.title.clone(), change }
    }
}

/// Everything that an edition says, one thing after the other; of several with one key the first.
fn things(whole: &Whole) -> Vec<Thing> {
    let mut all = rules(&whole.standard);
    for node in &whole.standard.tree {
        add_places(&mut all, whole, node, "");
    }
    let catalogue = &whole.catalogue;
    for site_type in &catalogue.site_types {
        let title = site_type.title.clone();
        all.push(Thing::new(Kind::SiteType, &site_type.id, &site_type.title, vec![("title", title)]));
        for one in &site_type.criteria {
            let exceptions: Vec<&str> = one.exceptions.iter().map(|exception| exception.0.as_str()).collect();
            let fields = vec![
                ("text", one.text.clone()),
                ("exceptions", exceptions.join("\n")),
                ("scale", plain::scale(&one.scale).zh),
                ("when", one.when.clone().unwrap_or_default()),
                ("proof", said(&one.proof)),
                ("absent", said(&one.absent)),
            ];
            let key = format!("{}/{}", site_type.id, one.id);
            all.push(Thing::new(Kind::Criterion, &key, &one.text, fields));
        }
    }
    for one in &catalogue.requirements {
        let fields = vec![
            ("title", one.title.clone()),
            ("text", one.text.clone().unwrap_or_default()),
            ("filings", said(&one.filings)),
            ("scale", plain::scale(&one.scale).zh),
        ];
        all.push(Thing::new(Kind::Requirement, &one.id, &one.title, fields));
    }
    for one in &catalogue.questions {
        let fields =
            vec![("text", one.text.clone()), ("options", said(&one.options)), ("enough", said(&one.enough))];
        all.push(Thing::new(Kind::Question, &one.id, &one.text, fields));
    }
    for one in &catalogue.statistics {
        let fields = vec![
            ("title", one.title.clone()),
            ("unit", one.unit.clone().unwrap_or_default()),
            ("source", one.source.clone().unwrap_or_default()),
            ("every", said(&one.every)),
        ];
        all.push(Thing::new(Kind::Statistic, &one.id, &one.title, fields));
    }
    let mut seen = std::collections::HashSet::new();
    all.retain(|thing| seen.insert((thing.kind, thing.key.clone())));
    all
}

fn rules(standard: &Standard) -> Vec<Thing> {
    let rules: [(&str, String); 13] = [
        ("title", standard.title.clone()),
        ("about", standard.about.clone().unwrap_or_default()),
        ("marks", standard.marks.normalize().to_string()),
        ("levels", standard.levels.join("\n")),
        ("capped", standard.capped.clone().unwrap_or_default()),
        ("unknown", said(&standard.unknown)),
        ("window", said(&standard.window)),
        ("rounding", said(&standard.rounding)),
        ("sampling", said(&standard.sampling)),
        ("gates", said(&standard.gates)),
        ("negative_list", said(&standard.negative_list)),
        ("bonus", said(&standard.bonus)),
        ("contributions", said(&standard.contributions)),
    ];
    rules.into_iter().map(|(key, said)| Thing::new(Kind::Rule, key, key, vec![("value", said)])).collect()
}

fn add_places(all: &mut Vec<Thing>, whole: &Whole, node: &Node, parent: &str) {
    let leaf = node.children.is_empty();
    let mut fields = vec![
        ("title", node.title.clone()),
        ("text", node.text.clone().unwrap_or_default()),
        ("marks", node.marks.normalize().to_string()),
        ("capped", node.capped.clone().unwrap_or_default()),
    ];
    if leaf {
        let taken = whole.leaf(&node.code).map(|leaf| whole.leaves[leaf].measures.as_slice());
        let measures: Vec<String> =
            taken.unwrap_or_default().iter().map(|taken| measure(whole, taken)).collect();
        fields.push(("measures", measures.join("\n")));
        if node.measures.len() > 1 {
            fields.push(("combine", said(&node.combine)));
        }
    }
    let kind = if leaf { Kind::Leaf } else { Kind::Place };
    let thing = Thing::new(kind, &node.code, &node.title, fields);
    all.push(Thing { parent: parent.to_owned(), ..thing });
    for child in &node.children {
        add_places(all, whole, child, &node.code);
    }
}

/// A measure with what it takes, in a line. What is taken is named, so that a criterion that is put to a leaf is seen there.
fn measure(whole: &Whole, taken: &super::Taken) -> String {
    let measure = &taken.measure;
    let called =
        |id: &str| whole.statistic(id).map_or_else(|| id.to_owned(), |statistic| statistic.title.clone());
    let takes = match &taken.input {
        Input::Criteria(_) => measure.criteria.join("、"),
        Input::Requirements(_) => measure.requirements.join("、"),
        Input::Questions(_) => [measure.questions.join("、"), measure.groups.join("、")].join(" "),
        Input::Statistic(id) => called(id),
        Input::Judgement | Input::Formula(_) => String::new(),
    };
    let rest = [("weight", said(&measure.weight)), ("window", said(&measure.window))];
    let rest = rest.into_iter().filter(|(_, said)| !said.is_empty());
    let rest: Vec<String> = rest.map(|(name, said)| format!("{name} {said}")).collect();
    let average = if measure.average == super::Average::Items { "items" } else { "" };
    let parts = [
        plain::method(measure.method).zh,
        takes.trim().to_owned(),
        plain::grading(&measure.grading, called).zh,
        average.to_owned(),
        rest.join(" "),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// A value as people read it: a word as it is, what has parts with its fields' names.
fn said<T: Serialize>(value: &T) -> String {
    fn tell(value: &Value, top: bool) -> String {
        match value {
            Value::Null => String::new(),
            Value::String(word) => word.clone(),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| tell(item, false)).collect();
                items.join(if top { "\n" } else { "、" })
            }
            Value::Object(fields) => {
                let told = fields.iter().map(|(name, value)| (name, tell(value, false)));
                let told: Vec<String> = told
                    .filter(|(_, said)| !said.is_empty())
                    .map(|(name, said)| format!("{name} {said}"))
                    .collect();
                told.join(" ")
            }
            other => other.to_string(),
        }
    }
    serde_json::to_value(value).map(|value| tell(&value, true)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::standard::edition::node_mut;

    /// A standard of some leaves under two places, each with one criterion of its own.
    fn standard(leaves: &[(u8, u8, u8)]) -> Standard {
        let leaf = |(n, title, marks): &(u8, u8, u8)| {
            json!({ "code": format!("L{n}"), "title": format!("叶{title}"), "marks": marks.to_string(),
                "measures": [{ "method": "visit", "criteria": [format!("s{n}/c")], "grading": { "form": "ratio" } }] })
        };
        let (left, right): (Vec<_>, Vec<_>) = leaves.iter().partition(|(n, ..)| n % 2 == 0);
        let site = |(n, title, _): &(u8, u8, u8)| {
            json!({ "id": format!("s{n}"), "title": format!("类{n}"),
                "criteria": [{ "id": "c", "text": format!("看{title}") }] })
        };
        let place = |code: &str, leaves: Vec<&(u8, u8, u8)>| {
            json!({ "code": code, "title": code, "marks": "1", "capped": "随意",
                "children": leaves.into_iter().map(leaf).collect::<Vec<_>>() })
        };
        let tree: Vec<Value> = [("A", left), ("B", right)]
            .into_iter()
            .filter(|(_, leaves)| !leaves.is_empty())
            .map(|(code, leaves)| place(code, leaves))
            .collect();
        serde_json::from_value(json!({
            "id": "some", "edition": "1", "title": "甲", "marks": "2", "capped": "随意", "tree": tree,
            "catalogue": { "site_types": leaves.iter().map(site).collect::<Vec<_>>() },
        }))
        .expect("a standard")
    }

    fn whole(standard: Standard) -> Whole {
        Whole::unfinished(standard, &[]).0
    }

    fn some() -> impl Strategy<Value = Vec<(u8, u8, u8)>> {
        proptest::collection::btree_map(0_u8..12, (0_u8..3, 1_u8..4), 1..8)
            .prop_map(|leaves| leaves.into_iter().map(|(n, (title, marks))| (n, title, marks)).collect())
    }

    proptest! {
        #[test]
        fn nothing_differs_from_itself(leaves in some()) {
            let one = whole(standard(&leaves));
            let none = compare(&one, &one);
            prop_assert!(none.is_empty());
            prop_assert_eq!(none.count(Kind::Leaf).before, leaves.len());
        }

        #[test]
        fn what_is_added_and_removed_adds_up_and_turns_around(one in some(), other in some()) {
            let (one, other) = (whole(standard(&one)), whole(standard(&other)));
            let (there, back) = (compare(&one, &other), compare(&other, &one));
            for kind in Kind::ALL {
                let (count, turned) = (there.count(kind), back.count(kind));
                prop_assert_eq!(count.before - count.removed + count.added, count.after);
                prop_assert!(count.changed <= count.after - count.added);
                prop_assert_eq!((count.added, count.removed, count.changed), (turned.removed, turned.added, turned.changed));
                let told = there.differences.iter().filter(|one| one.kind == kind).count();
                prop_assert_eq!(told, count.added + count.removed + count.changed);
            }
        }
    }

    #[test]
    fn what_moved_and_which_field_changed_is_told() {
        let before = standard(&[(0, 0, 1), (1, 0, 1), (2, 0, 1)]);
        let mut after = before.clone();
        let moved = after.tree[1].children.remove(0);
        after.tree[0].children.push(moved);
        after.tree.remove(1);
        let leaf = node_mut(&mut after.tree, "L2").expect("a leaf");
        leaf.text = Some("应当干净".to_owned());
        leaf.marks = 3.into();
        after.catalogue.site_types[0].criteria[0]
            .exceptions
            .push(crate::standard::Exception("划线以内".to_owned()));
        after.marks = 5.into();
        let comparison = compare(&whole(before), &whole(after));
        let told: Vec<(Kind, &str)> =
            comparison.differences.iter().map(|one| (one.kind, one.key.as_str())).collect();
        assert_eq!(
            told,
            [
                (Kind::Rule, "marks"),
                (Kind::Leaf, "L2"),
                (Kind::Leaf, "L1"),
                (Kind::Criterion, "s0/c"),
                (Kind::Place, "B"),
            ]
        );
        let change =
            |key: &str| &comparison.differences.iter().find(|one| one.key == key).expect("it").change;
        let field = |field, before: &str, after: &str| FieldChange {
            field,
            before: before.to_owned(),
            after: after.to_owned(),
        };
        assert_eq!(
            *change("L2"),
            Change::Changed {
                moved: None,
                fields: vec![field("marks", "1", "3"), field("text", "", "应当干净")]
            }
        );
        let moved = Some(("B".to_owned(), "A".to_owned()));
        assert_eq!(*change("L1"), Change::Changed { moved, fields: Vec::new() });
        assert_eq!(
            *change("s0/c"),
            Change::Changed { moved: None, fields: vec![field("exceptions", "", "划线以内")] }
        );
        assert_eq!(*change("B"), Change::Removed);
    }
}
