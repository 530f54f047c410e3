//! Two scorecards beside each other, and one by the units that hold its leaves: by data, and what must add up.

use std::collections::{BTreeMap, HashMap};

use chengjing_domain::{
    id::UnitId,
    score::{
        Comparison, Held, Line, PlaceRow, PlaceScore, Range, Reason, Scorecard, Status, What, by_unit,
        compare,
    },
    standard::RoundingAt,
};
use proptest::{prelude::*, sample::subsequence};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::{
    score::{decimal, moment},
    score_laws::{config, fitting, observations, standards},
};

fn range(low: &str, value: &str, high: &str) -> Range {
    Range { low: decimal(low), value: decimal(value), high: decimal(high) }
}

fn plus(one: Range, other: Range) -> Range {
    Range { low: one.low + other.low, value: one.value + other.value, high: one.high + other.high }
}

fn negative(range: Range) -> Range {
    Range { low: -range.low, value: -range.value, high: -range.high }
}

/// The parts at the top together.
fn tree(card: &Scorecard) -> Range {
    card.places.iter().filter(|place| place.depth == 0).map(PlaceScore::range).fold(Range::default(), plus)
}

/// A scorecard whose total is its tree.
fn card(places: Vec<PlaceScore>) -> Scorecard {
    let mut card = Scorecard {
        standard: "s".into(),
        edition: "1".into(),
        as_of: moment(),
        marks: Decimal::ONE_HUNDRED,
        total: Range::default(),
        lines: Vec::new(),
        gates: Vec::new(),
        sanctions: Vec::new(),
        places,
        losses: Vec::new(),
    };
    let Range { low, value, high } = tree(&card);
    card.total = Range { low, value, high };
    card.lines.push(Line { what: What::Tree, low, value, high, observations: Vec::new() });
    card
}

/// A place a line: its code, marks, what it has and how much is known, each level set in by a blank.
fn told(text: &str) -> Scorecard {
    let place = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        PlaceScore {
            code: words[0].into(),
            title: (*words.get(6).unwrap_or(&words[0])).into(),
            depth: line.len() - line.trim_start().len(),
            marks: decimal(words[1]),
            low: decimal(words[2]),
            value: decimal(words[3]),
            high: decimal(words[4]),
            status: match words[5] {
                "unknown" => Status::Unknown,
                "partly" => Status::Partly,
                "known" => Status::Known,
                _ => Status::NotApplicable,
            },
        }
    };
    card(text.lines().map(place).collect())
}

fn shown(row: &PlaceRow) -> String {
    let reasons: Vec<String> = row.reasons.iter().map(|reason| format!("{reason:?}")).collect();
    let Range { low, value, high } = row.by;
    format!("{}{} {low} {value} {high} {}", " ".repeat(row.depth), row.code, reasons.join(" "))
}

#[track_caller]
fn check(own: &str, with: &str, expected: &str) {
    let rows: Vec<String> = compare(&told(own), &told(with)).places.iter().map(shown).collect();
    let trimmed: Vec<&str> = rows.iter().map(|row| row.trim_end()).collect();
    assert_eq!(trimmed.join("\n"), expected);
}

#[test]
fn a_leaf_says_what_it_has_more_and_why() {
    check(
        "1 10 3 5 9 partly\n a 4 2 2 2 known\n b 6 1 3 7 partly",
        "1 10 1 1 10 partly\n a 4 0 0 4 unknown\n b 6 1 1 6 partly",
        "1 2 4 -1\n a 2 2 -2 MoreKnown\n b 0 2 1 Better",
    );
    check("a 4 0 0 4 unknown", "a 4 2 2 2 known", "a -2 -2 2 LessKnown");
    check("a 4 4 4 4 none", "a 4 1 1 1 known", "a 3 3 3 NotApplicable Better");
    check("a 4 1 1 1 known", "a 4 4 4 4 none", "a -3 -3 -3 Applicable Worse");
    // Half of either marks: what it has more is the edition's doing alone.
    check("a 6 3 3 3 known", "a 4 2 2 2 known", "a 1 1 1 Marks");
    check("a 6 2 2 2 known", "a 4 2 2 2 known", "a 0 0 0 Marks Worse");
    check("a 4 2 2 3 partly", "a 4 2 2 4 partly", "a 0 0 -1");
}

#[test]
fn what_only_one_tree_has_stands_where_it_has_it() {
    check(
        "1 5 1 1 1 known\n a 2 1 1 1 known\n c 3 0 0 0 known\n2 5 5 5 5 known",
        "1 6 3 3 3 known\n a 2 1 1 1 known\n b 4 2 2 2 known\n3 1 1 1 1 known\n2 5 5 5 5 known",
        "1 -2 -2 -2 Marks\n a 0 0 0\n b -2 -2 -2 Removed\n c 0 0 0 Added\n3 -1 -1 -1 Removed\n2 0 0 0",
    );
    // A leaf that was divided; a place that moved.
    check(
        "1 4 3 3 3 known\n a 2 2 2 2 known\n b 2 1 1 1 known\n2 2 2 2 2 known\n c 2 2 2 2 known",
        "1 4 1 1 1 known\n2 6 6 6 6 known\n c 2 2 2 2 known\n d 4 4 4 4 known",
        "1 2 2 2 Divided\n a 2 2 2 Added\n b 1 1 1 Added\n2 -4 -4 -4 Marks\n c 0 0 0\n d -4 -4 -4 Removed",
    );
}

#[test]
fn lines_stand_in_the_order_of_a_sum_and_a_title_that_changed_is_told() {
    let mut own = told("a 4 2 2 2 known 市容");
    let with = told("a 4 1 1 1 known 市貌");
    let deduction = What::Deduction { code: "N1".into() };
    let rounding = What::Rounding;
    for what in [rounding.clone(), deduction.clone()] {
        let marks = decimal("-1");
        own.lines.push(Line { what, low: marks, value: marks, high: marks, observations: Vec::new() });
    }
    own.total = range("0", "0", "0");
    let found = compare(&own, &with);
    let whats: Vec<&What> = found.lines.iter().map(|line| &line.what).collect();
    assert_eq!(whats, [&What::Tree, &deduction, &rounding]);
    assert_eq!((found.lines[1].with, found.lines[1].by), (None, range("-1", "-1", "-1")));
    assert_eq!(found.by, range("-1", "-1", "-1"));
    assert_eq!(
        (found.places[0].title.as_str(), found.places[0].with_title.as_deref()),
        ("市容", Some("市貌"))
    );
}

#[test]
fn units_share_what_they_hold_together_and_what_nobody_holds_stands_by_itself() {
    let units = [1, 2, 3].map(|n| UnitId(Uuid::from_u128(n)));
    let card = told("1 9 2 3 8 partly\n a 4 1 2 4 partly\n b 3 1 1 2 partly\n c 3 0 0 3 unknown");
    let holders = HashMap::from([
        ("a".to_owned(), vec![units[0], units[1]]),
        ("b".to_owned(), vec![units[1]]),
        ("z".to_owned(), vec![units[2]]),
    ]);
    let seen = by_unit(&card, &holders);
    let rows: Vec<_> = seen
        .units
        .iter()
        .map(|one| {
            let codes: Vec<&str> = one.leaves.iter().map(|leaf| leaf.code.as_str()).collect();
            let (marks, value) = (one.held.marks, one.held.range.value);
            (one.unit, codes, [marks, value, one.held.lost(), one.held.open()])
        })
        .collect();
    let all = |each: [i64; 4]| each.map(Decimal::from);
    assert_eq!(
        rows,
        [
            (Some(units[1]), vec!["a", "b"], all([5, 2, 1, 2])),
            (Some(units[0]), vec!["a"], all([2, 1, 0, 1])),
            (None, vec!["c"], all([3, 0, 0, 3])),
        ]
    );
    assert_eq!(seen.units[0].leaves[0].holders, 2);
    // Marks of the part are capped: its leaves have one more.
    assert_eq!(seen.cut, Held { marks: decimal("-1"), range: range("0", "0", "-1") });
}

/// What a leaf has, in tenths: the marks, and three numbers in order.
fn leaf_marks() -> impl Strategy<Value = (i64, [i64; 3], usize)> {
    (1_i64..90, 0_i64..90, 0_i64..90, 0_i64..90, 0_usize..4).prop_map(|(marks, one, two, three, status)| {
        let mut all = [one % (marks + 1), two % (marks + 1), three % (marks + 1)];
        all.sort_unstable();
        (marks, all, status)
    })
}

/// Any tree of two levels over a few codes: leaves stand under this part or that one, or at the top.
fn cards() -> impl Strategy<Value = Scorecard> {
    let leaves = subsequence(vec!["a", "b", "c", "d", "e", "f"], 0..=6).prop_shuffle();
    let one = (0_usize..3, leaf_marks());
    let placed = leaves.prop_flat_map(move |codes| {
        let count = codes.len();
        (Just(codes), proptest::collection::vec((0_usize..3, leaf_marks()), count))
    });
    let tops = proptest::collection::vec(one, 3);
    (placed, tops, subsequence(vec!["1", "2", "3"], 1..=3).prop_shuffle()).prop_map(
        |((codes, leaves), own, tops)| {
            let place = |code: &str, depth, (marks, [low, value, high], status): (i64, [i64; 3], usize)| {
                let tenths = |n| Decimal::new(n, 1).normalize();
                PlaceScore {
                    code: code.into(),
                    title: code.into(),
                    depth,
                    marks: tenths(marks),
                    low: tenths(low),
                    value: tenths(value),
                    high: tenths(high),
                    status: [Status::Unknown, Status::Partly, Status::Known, Status::NotApplicable][status],
                }
            };
            let mut places = Vec::new();
            for (number, top) in tops.iter().enumerate() {
                let under = codes.iter().zip(&leaves).filter(|(_, (at, _))| at % tops.len() == number);
                let under: Vec<PlaceScore> = under.map(|(code, (_, marks))| place(code, 1, *marks)).collect();
                let mut whole = place(top, 0, own[number].1);
                if !under.is_empty() {
                    whole.marks = under.iter().map(|leaf| leaf.marks).sum();
                    let sum = under.iter().map(PlaceScore::range).fold(Range::default(), plus);
                    (whole.low, whole.value, whole.high) = (sum.low, sum.value, sum.high);
                }
                places.push(whole);
                places.extend(under);
            }
            card(places)
        },
    )
}

fn opposite(reason: Reason) -> Reason {
    match reason {
        Reason::Added => Reason::Removed,
        Reason::Removed => Reason::Added,
        Reason::Divided => Reason::Divided,
        Reason::Marks => Reason::Marks,
        Reason::MoreKnown => Reason::LessKnown,
        Reason::LessKnown => Reason::MoreKnown,
        Reason::NotApplicable => Reason::Applicable,
        Reason::Applicable => Reason::NotApplicable,
        Reason::Better => Reason::Worse,
        Reason::Worse => Reason::Better,
    }
}

fn by_code(comparison: &Comparison) -> BTreeMap<&str, &PlaceRow> {
    comparison.places.iter().map(|row| (row.code.as_str(), row)).collect()
}

fn opposed(comparison: &Comparison, swapped: &Comparison) -> Result<(), TestCaseError> {
    prop_assert_eq!(comparison.by, negative(swapped.by));
    let there = by_code(swapped);
    prop_assert_eq!(comparison.places.len(), there.len());
    for row in &comparison.places {
        let other = there[row.code.as_str()];
        prop_assert_eq!(row.by, negative(other.by));
        prop_assert_eq!(row.by_leaf(), negative(other.by_leaf()));
        prop_assert_eq!((row.own, row.with), (other.with, other.own));
        let reasons: Vec<Reason> = other.reasons.iter().map(|reason| opposite(*reason)).collect();
        prop_assert_eq!(&row.reasons, &reasons);
    }
    // Of one kind, those of the own side stand first: what is of one side only changes its place.
    prop_assert_eq!(comparison.lines.len(), swapped.lines.len());
    for line in &comparison.lines {
        let other = swapped.lines.iter().find(|other| other.what == line.what);
        prop_assert_eq!(Some(line.by), other.map(|other| negative(other.by)));
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn differences_of_leaves_add_up_to_the_difference_of_the_trees_whatever_moved(own in cards(), with in cards()) {
        let found = compare(&own, &with);
        let leaves = found.places.iter().map(PlaceRow::by_leaf).fold(Range::default(), plus);
        prop_assert_eq!(leaves, found.by);
        prop_assert_eq!(plus(tree(&with), found.by), tree(&own));
    }

    #[test]
    fn every_place_of_both_stands_once_and_each_behind_the_one_above_it(own in cards(), with in cards()) {
        let found = compare(&own, &with);
        let mut codes: Vec<&str> = own.places.iter().chain(&with.places).map(|place| place.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        prop_assert_eq!(by_code(&found).into_keys().collect::<Vec<_>>(), codes);
        prop_assert_eq!(by_code(&found).len(), found.places.len());
        let mut before = 0;
        for row in &found.places {
            prop_assert!(row.depth <= before, "{found:?}");
            before = row.depth + 1;
        }
        // The own tree stands as it is.
        let own_order: Vec<&str> =
            found.places.iter().filter(|row| row.own.is_some()).map(|row| row.code.as_str()).collect();
        let expected: Vec<&str> = own.places.iter().map(|place| place.code.as_str()).collect();
        prop_assert_eq!(own_order, expected);
    }

    #[test]
    fn swapped_they_say_the_opposite_and_one_with_itself_nothing(own in cards(), with in cards()) {
        opposed(&compare(&own, &with), &compare(&with, &own))?;
        prop_assert!(compare(&own, &own).is_empty());
        prop_assert_eq!(compare(&own, &with).is_empty(), own == with || compare(&with, &own).is_empty());
    }

    #[test]
    fn scores_of_a_standard_differ_by_their_lines_and_each_place_by_those_below_it(
        whole in standards(), before in observations(), after in observations(),
    ) {
        let own = Scorecard::of(&whole, &fitting(&whole, after));
        let with = Scorecard::of(&whole, &fitting(&whole, before));
        let found = compare(&own, &with);
        opposed(&found, &compare(&with, &own))?;
        prop_assert!(compare(&own, &own).is_empty());
        let lines = found.lines.iter().map(|line| line.by).fold(Range::default(), plus);
        prop_assert_eq!(lines, found.by, "the difference of the totals");
        // A part that is rounded is no sum of what is below it any more.
        let rounded = whole.standard.rounding.at == RoundingAt::Part;
        for (number, place) in whole.places.iter().enumerate() {
            let below = whole.places.iter().enumerate().filter(|(_, other)| other.parent == Some(number));
            let below: Vec<usize> = below.map(|(other, _)| other).collect();
            if below.is_empty() || place.capped || (rounded && place.parent.is_none()) {
                continue;
            }
            let sum = below.iter().map(|other| found.places[*other].by).fold(Range::default(), plus);
            prop_assert_eq!(sum, found.places[number].by);
        }
        if !rounded && !whole.places.iter().any(|place| place.capped) {
            let leaves = found.places.iter().map(PlaceRow::by_leaf).fold(Range::default(), plus);
            prop_assert_eq!(leaves, found.lines[0].by, "the difference of the trees");
        }
    }

    #[test]
    fn what_units_hold_adds_up_to_the_whole_and_each_of_them_to_its_leaves(
        card in cards(), held in proptest::collection::btree_map("[a-f1-3]", proptest::collection::btree_set(1_u128..6, 0..5), 0..9),
    ) {
        let holders: HashMap<String, Vec<UnitId>> = held
            .into_iter()
            .map(|(code, units)| (code, units.into_iter().map(|n| UnitId(Uuid::from_u128(n))).collect()))
            .collect();
        let seen = by_unit(&card, &holders);
        let whole = seen.units.iter().fold(seen.cut, |sum, one| sum.plus(one.held));
        let tops = card.places.iter().filter(|place| place.depth == 0);
        prop_assert_eq!(whole, Held { marks: tops.map(|place| place.marks).sum(), range: tree(&card) });
        prop_assert_eq!(seen.cut, Held::default(), "this tree adds up");
        for one in &seen.units {
            let leaves = one.leaves.iter().fold(Held::default(), |sum, leaf| sum.plus(leaf.held));
            prop_assert_eq!(leaves, one.held);
            for held in one.leaves.iter().map(|leaf| leaf.held).chain([one.held]) {
                prop_assert_eq!(held.range.value + held.lost() + held.open(), held.marks);
            }
            for leaf in &one.leaves {
                let of = holders.get(&leaf.code).map_or(0, Vec::len);
                prop_assert_eq!(leaf.holders, of.max(1));
                prop_assert_eq!(one.unit.is_none(), of == 0);
            }
        }
    }
}
