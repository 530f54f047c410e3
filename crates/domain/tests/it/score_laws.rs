//! Laws of the score, on random standards and facts.

use chengjing_domain::{
    score::{Book, Fact, Facts, Observation, Scorecard},
    standard::{Method, Whole},
};
use chrono::TimeDelta;
use proptest::{prelude::*, sample::subsequence};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    score::{catalogue, facts, moment, observation, whole},
    score_plain::{self, Taking},
};

/// Cases a law, in the suite's fast mode.
const CASES: u32 = 10_000;

fn counts() -> impl Strategy<Value = Decimal> {
    (0_i64..=20).prop_map(|n| Decimal::new(n * 5, 2).normalize())
}

/// Steps that never give less for more, over numbers up to `most`.
fn steps(most: i64) -> impl Strategy<Value = Value> {
    proptest::collection::btree_set((1..=most, 0_i64..=20), 1..4).prop_map(|set| {
        let (mut bounds, mut worth): (Vec<i64>, Vec<i64>) = set.into_iter().unzip();
        bounds.sort_unstable();
        bounds.dedup();
        worth.sort_unstable();
        let steps: Vec<Value> = bounds
            .iter()
            .zip(worth)
            .map(|(bound, worth)| {
                json!({ "from": bound.to_string(), "counts": Decimal::new(worth * 5, 2).normalize().to_string() })
            })
            .collect();
        Value::Array(steps.into_iter().rev().collect())
    })
}

/// How many things are graded.
fn gradings() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => Just(json!({ "form": "ratio" })),
        1 => steps(100).prop_map(|steps| json!({ "form": "ratio", "steps": steps })),
        1 => steps(100).prop_map(|steps| json!({ "form": "thresholds", "steps": steps })),
        1 => steps(5).prop_map(|steps| json!({ "form": "count_to_grade", "steps": steps })),
        1 => (1_i64..30).prop_map(|off| json!({ "form": "deduction", "off": Decimal::new(off, 1).to_string() })),
        1 => (proptest::collection::vec(counts(), 1..4), 1_i64..=10).prop_map(|(mut missing, from)| {
            missing.sort_unstable();
            missing.reverse();
            let missing: Vec<String> = missing.iter().map(Decimal::to_string).collect();
            json!({ "form": "k_of_n", "missing": missing, "met_from": Decimal::new(from, 1).to_string() })
        }),
    ]
}

fn average() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("cells"), Just("items")]
}

fn measure() -> impl Strategy<Value = Value> {
    let criteria =
        ["market/a", "market/b", "market/c", "market/d", "market/e", "river/clean", "river/guarded"];
    let visit = (subsequence(criteria.to_vec(), 1..4), gradings(), average()).prop_map(|(criteria, grading, average)| {
        json!({ "method": "visit", "criteria": criteria, "grading": grading, "average": average })
    });
    let material =
        (subsequence(vec!["r1", "r2"], 1..=2), gradings()).prop_map(|(requirements, grading)| {
            json!({ "method": "material", "requirements": requirements, "grading": grading })
        });
    let shares = prop_oneof![
        Just(json!({ "form": "ratio" })),
        steps(100).prop_map(|steps| json!({ "form": "thresholds", "steps": steps })),
    ];
    let survey =
        (subsequence(vec!["q", "p"], 1..=2), shares, average()).prop_map(|(questions, grading, average)| {
            json!({ "method": "survey", "questions": questions, "grading": grading, "average": average })
        });
    prop_oneof![3 => visit, 1 => material, 1 => survey]
}

fn judged() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({ "method": "report", "grading": { "form": "letters" } })),
        Just(json!({ "method": "report", "grading": { "form": "three_step" } })),
        Just(json!({ "method": "report", "grading": { "form": "binary" } })),
    ]
}

fn leaf(code: &'static str) -> impl Strategy<Value = Value> {
    let measures = (proptest::collection::vec(measure(), 0..3), proptest::option::of(judged()));
    let combine = prop_oneof![Just("all"), Just("any"), Just("mean"), Just("weighted")];
    (measures, combine, 1_i64..200, proptest::collection::vec(1_u32..5, 3)).prop_map(
        move |((mut measures, judged), combine, marks, weights)| {
            measures.extend(judged);
            if measures.is_empty() {
                measures.push(json!({ "method": "report", "grading": { "form": "binary" } }));
            }
            if combine == "weighted" {
                for (measure, weight) in measures.iter_mut().zip(weights) {
                    measure["weight"] = json!(weight.to_string());
                }
            }
            let marks = Decimal::new(marks, 1).to_string();
            json!({ "code": code, "title": code, "marks": marks, "combine": combine, "measures": measures })
        },
    )
}

pub(crate) fn standards() -> impl Strategy<Value = Whole> {
    let rounding = (0_u32..=3, prop_oneof![Just("leaf"), Just("total")]);
    let extra = (any::<bool>(), any::<bool>(), any::<bool>());
    (leaf("1.1"), leaf("1.2"), leaf("2"), rounding, extra).prop_map(
        |(one, two, three, (places, at), (shared, listed, capped))| {
            let marks = |leaf: &Value| {
                leaf["marks"].as_str().map_or(Decimal::ZERO, |text| text.parse().expect("marks"))
            };
            let both = marks(&one) + marks(&two);
            let part = if capped { (both / Decimal::TWO).round_dp(1) } else { both };
            let mut standard = json!({
                "id": "random", "edition": "1", "title": "随机", "marks": (part + marks(&three)).to_string(),
                "catalogue": catalogue(), "rounding": { "places": places, "at": at },
                "tree": [
                    { "code": "1", "title": "一", "marks": part.to_string(), "children": [one, two] }, three,
                ],
            });
            if capped {
                standard["tree"][0]["capped"] = json!("只计一半");
            }
            if shared {
                standard["contributions"] = json!([{ "standard": "other", "share": "0.2" }]);
            }
            if listed {
                let sanction = json!({ "kind": "deduct", "marks": "1.5" });
                standard["negative_list"] = json!([{ "code": "G", "title": "事故", "sanction": sanction }]);
            }
            whole(standard)
        },
    )
}

/// Anything that can be observed; what a standard does not ask for is left out.
fn observed() -> impl Strategy<Value = Fact> {
    let site = prop_oneof![Just("s1"), Just("s2"), Just("s3")];
    let criterion = prop_oneof![Just("a"), Just("b"), Just("c"), Just("d"), Just("e")];
    let visit = (site, criterion, 0_usize..5, proptest::bool::weighted(0.1)).prop_map(
        |(site, criterion, how, absent)| {
            let word = match criterion {
                "a" | "e" => ["met", "failed"][how % 2],
                "b" => ["met", "partly", "failed"][how % 3],
                _ => ["A", "B", "C", "D"][how % 4],
            };
            let counted = criterion == "d";
            Fact::Visit {
                site: site.into(),
                criterion: format!("market/{criterion}"),
                verdict: (!counted && !absent).then(|| word.to_owned()),
                number: (counted && !absent).then(|| how.into()),
                metres: None,
                absent,
            }
        },
    );
    let answers = (any::<bool>(), 0_u32..3, 0_u32..3).prop_map(|(long, yes, no)| Fact::Answers {
        question: if long { "q" } else { "p" }.into(),
        group: None,
        options: [("yes".to_owned(), yes), ("no".to_owned(), no)].into(),
    });
    let judgement = (0_usize..3, 0_usize..4).prop_map(|(leaf, how)| Fact::Judgement {
        leaf: ["1.1", "1.2", "2"][leaf].into(),
        method: Method::Report,
        verdict: Some(["A", "met", "partly", "failed"][how].into()),
        number: None,
        metres: None,
        absent: false,
    });
    prop_oneof![
        6 => visit,
        1 => any::<bool>().prop_map(|met| Fact::Review {
            requirement: "r1".into(), verdict: if met { "met" } else { "failed" }.into(),
        }),
        1 => (0_usize..4).prop_map(|n| Fact::Review { requirement: "r2".into(), verdict: ["A", "B", "C", "D"][n].into() }),
        2 => answers,
        1 => judgement,
        1 => Just(Fact::NoSites { site_type: "river".into() }),
        1 => Just(Fact::Event { entry: "G".into() }),
    ]
}

pub(crate) fn observations() -> impl Strategy<Value = Vec<Observation>> {
    let one = (observed(), 0_u8..10, 0_u8..12);
    proptest::collection::vec(one, 0..14).prop_map(|all| {
        let each = all.into_iter().enumerate().map(|(n, (fact, kind, age))| {
            let mut observation = observation(n, fact);
            // Several of one moment: the id decides.
            observation.at -= TimeDelta::minutes(i64::from(age / 2) * 7);
            match kind {
                0 => observation.accepted_at = None,
                1 => observation.covert = true,
                2 => (observation.covert, observation.released_at) = (true, Some(moment())),
                _ => {}
            }
            observation
        });
        each.collect()
    })
}

/// Only what fits the standard.
pub(crate) fn fitting(whole: &Whole, observations: Vec<Observation>) -> Facts {
    let mut facts = facts(Vec::new());
    facts.totals.insert(
        "other".into(),
        serde_json::from_value(json!({ "low": "20", "value": "30", "high": "70", "marks": "80" }))
            .expect("a total"),
    );
    for observation in observations {
        let alone = Facts { observations: vec![observation.clone()], ..facts.clone() };
        if alone.check(whole).is_empty() {
            facts.observations.push(observation);
        }
    }
    facts
}

pub(crate) fn config() -> ProptestConfig {
    ProptestConfig {
        cases: CASES,
        // The default generator, made for secrets, took a sixth of the time of these laws.
        rng_algorithm: proptest::test_runner::RngAlgorithm::XorShift,
        max_shrink_iters: 2_000,
        max_global_rejects: 1_000_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Whether the place that an observation speaks of has been judged by another one.
fn is_new(facts: &Facts, added: &Observation) -> bool {
    let same = |other: &&Observation| match (&other.fact, &added.fact) {
        (Fact::Visit { site, criterion, .. }, Fact::Visit { site: s, criterion: c, .. }) => {
            site == s && criterion == c
        }
        (Fact::Review { requirement, .. }, Fact::Review { requirement: r, .. }) => requirement == r,
        (Fact::Judgement { leaf, .. }, Fact::Judgement { leaf: l, .. }) => leaf == l,
        // Answers beyond those that are enough were not unknown; and some of a batch may be.
        (Fact::Answers { .. }, Fact::Answers { .. }) => true,
        _ => false,
    };
    !facts.observations.iter().any(|other| same(&other))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_score_is_what_the_plain_rules_give(whole in standards(), seen in observations()) {
        let facts = fitting(&whole, seen);
        let card = Scorecard::of(&whole, &facts);
        let plain = |taking| score_plain::total(&whole.standard, &facts, taking).normalize();
        let shown = || format!("{}\n{}", json!(whole.standard.tree), json!(facts.observations));
        prop_assert_eq!(card.total.low, plain(Taking::Worst), "{}", shown());
        prop_assert_eq!(card.total.value, plain(Taking::Known), "{}", shown());
        prop_assert_eq!(card.total.high, plain(Taking::Best), "{}", shown());
    }

    #[test]
    fn low_is_at_most_value_is_at_most_high_everywhere(whole in standards(), seen in observations()) {
        let card = Scorecard::of(&whole, &fitting(&whole, seen));
        for place in &card.places {
            prop_assert!(Decimal::ZERO <= place.low && place.low <= place.value, "{place:?}");
            prop_assert!(place.value <= place.high, "{place:?}");
        }
        prop_assert!(card.total.low <= card.total.value && card.total.value <= card.total.high);
    }

    #[test]
    fn losses_add_up_to_what_each_leaf_lost_and_lines_to_the_total(whole in standards(), seen in observations()) {
        let card = Scorecard::of(&whole, &fitting(&whole, seen));
        for leaf in &whole.leaves {
            let place = &card.places[leaf.place];
            let lost: Decimal = card.losses.iter().filter(|loss| loss.leaf == place.code).map(|loss| loss.marks).sum();
            prop_assert_eq!(lost, place.marks - place.value);
        }
        let sum: Decimal = card.lines.iter().map(|line| line.value).sum();
        prop_assert_eq!(sum, card.total.value);
    }

    #[test]
    fn the_order_in_which_observations_come_does_not_matter(
        whole in standards(), seen in observations().prop_flat_map(|seen| (Just(seen.clone()), Just(seen).prop_shuffle())),
    ) {
        let (one, other) = (fitting(&whole, seen.0), fitting(&whole, seen.1));
        let bytes = |facts: &Facts| serde_json::to_vec(&Scorecard::of(&whole, facts)).expect("json");
        prop_assert_eq!(bytes(&one), bytes(&one), "a snapshot scored twice is the same to the byte");
        prop_assert_eq!(bytes(&one), bytes(&other));
        // Counted one by one in any order, too, and with the score looked at in between.
        let empty = Facts { observations: Vec::new(), ..other.clone() };
        let mut book = Book::open(&whole, &empty);
        for (number, observation) in other.observations.iter().enumerate() {
            if number % 3 == 0 {
                book.card();
            }
            book.add(observation);
        }
        prop_assert_eq!(book.card(), Book::open(&whole, &one).card());
    }

    #[test]
    fn an_observation_of_what_was_unknown_never_widens_the_span(
        whole in standards(), seen in observations(), added in observed(),
    ) {
        let before = fitting(&whole, seen);
        let added = observation(900, added);
        let mut after = before.clone();
        after.observations.push(added.clone());
        prop_assume!(after.check(&whole).is_empty() && is_new(&before, &added));
        let other_facts = &after;
        let (one, other) = (Scorecard::of(&whole, &before), Scorecard::of(&whole, &after));
        for (before, after) in one.places.iter().zip(&other.places) {
            prop_assert!(after.low >= before.low && after.high <= before.high, "{before:?} {after:?}\n{}\n{}", json!(whole.standard.tree), json!(other_facts.observations));
        }
    }

    #[test]
    fn better_evidence_never_lowers_a_score(whole in standards(), seen in observations(), which in any::<prop::sample::Index>()) {
        let before = fitting(&whole, seen);
        prop_assume!(!before.observations.is_empty());
        let which = which.index(before.observations.len());
        let mut after = before.clone();
        match &mut after.observations[which].fact {
            Fact::Visit { criterion, verdict, number, absent: false, .. } => match criterion.as_str() {
                "market/c" => *verdict = Some("A".into()),
                "market/d" => *number = Some(Decimal::TEN),
                _ => *verdict = Some("met".into()),
            },
            Fact::Review { requirement, verdict } => *verdict = if requirement == "r1" { "met" } else { "A" }.into(),
            Fact::Judgement { verdict: Some(verdict), .. } => {
                *verdict = if ["A", "B", "C", "D"].contains(&verdict.as_str()) { "A" } else { "met" }.into();
            }
            Fact::Answers { options, .. } => {
                let no = options.insert("no".to_owned(), 0).unwrap_or_default();
                *options.entry("yes".to_owned()).or_default() += no;
            }
            _ => prop_assume!(false),
        }
        let (one, other) = (Scorecard::of(&whole, &before), Scorecard::of(&whole, &after));
        prop_assert!(other.total.low >= one.total.low, "{:?} {:?}", one.total, other.total);
        prop_assert!(other.total.value >= one.total.value, "{:?} {:?} {} {}", one.total, other.total, json!(whole.standard.tree), json!(after.observations));
        prop_assert!(other.total.high >= one.total.high, "{:?} {:?}", one.total, other.total);
    }
}
