//! Laws of the score, on random standards and facts.

use chengjing_domain::{
    score::{Book, Fact, Facts, Observation, Scorecard, Status},
    standard::{Grading, Input, Method, Whole},
};
use chrono::TimeDelta;
use proptest::{prelude::*, sample::subsequence};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    score::{catalogue, facts, moment, observation, whole},
    score_plain::{self, FORMULAS, Plain, Taking},
};

/// Cases a law, in the suite's fast mode.
const CASES: u32 = 10_000;

fn counts() -> impl Strategy<Value = Decimal> {
    (0_i64..=20).prop_map(|n| Decimal::new(n * 5, 2).normalize())
}

/// Steps that never give less for more, over numbers up to `most`.
fn steps(most: i64) -> impl Strategy<Value = Value> {
    stepped(most, "from").prop_map(|steps| Value::Array(steps.into_iter().rev().collect()))
}

/// Steps that never give less for less.
fn steps_down(most: i64) -> impl Strategy<Value = Value> {
    stepped(most, "up_to").prop_map(|mut steps| {
        let mut worth: Vec<Value> = steps.iter().map(|step| step["counts"].clone()).collect();
        for step in &mut steps {
            step["counts"] = worth.pop().unwrap_or_default();
        }
        Value::Array(steps)
    })
}

/// Bounds and what they count, both the least first.
fn stepped(most: i64, bound: &'static str) -> impl Strategy<Value = Vec<Value>> {
    proptest::collection::btree_set((1..=most, 0_i64..=20), 1..4).prop_map(move |set| {
        let (mut bounds, mut worth): (Vec<i64>, Vec<i64>) = set.into_iter().unzip();
        bounds.sort_unstable();
        bounds.dedup();
        worth.sort_unstable();
        let step = |(at, worth): (&i64, i64)| {
            json!({ bound: at.to_string(), "counts": Decimal::new(worth * 5, 2).normalize().to_string() })
        };
        bounds.iter().zip(worth).map(step).collect()
    })
}

/// So much off for each, at most so much or all.
fn deduction() -> impl Strategy<Value = Value> {
    (1_i64..30, proptest::option::of(1_i64..60)).prop_map(|(off, at_most)| {
        let marks = |tenths: i64| Decimal::new(tenths, 1).to_string();
        let mut grading = json!({ "form": "deduction", "off": marks(off) });
        if let Some(most) = at_most {
            grading["at_most"] = json!(marks(most));
        }
        grading
    })
}

/// How many things are graded.
fn gradings() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => Just(json!({ "form": "ratio" })),
        1 => steps(100).prop_map(|steps| json!({ "form": "ratio", "steps": steps })),
        1 => steps(100).prop_map(|steps| json!({ "form": "thresholds", "steps": steps })),
        1 => steps(5).prop_map(|steps| json!({ "form": "count_to_grade", "steps": steps })),
        1 => steps_down(5).prop_map(|steps| json!({ "form": "count_to_grade", "counted": "failed", "steps": steps })),
        1 => deduction(),
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

/// Of which months or round something is taken; mostly of all.
fn window() -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        6 => Just(None),
        1 => (6_u32..14).prop_map(|months| Some(json!({ "months": months }))),
        1 => Just(Some(json!({ "this_round": true }))),
    ]
}

/// The more of x and the less of y the better, in every form that grades figures.
fn by_figures() -> impl Strategy<Value = Value> {
    let formula = (0..FORMULAS.len(), steps(12), any::<bool>()).prop_map(|(which, steps, linear)| {
        let mut grading = json!({ "form": "formula", "expression": FORMULAS[which] });
        if linear {
            grading["linear"] = json!({ "zero_at": "-2", "full_at": "7" });
        } else {
            grading["steps"] = steps;
        }
        json!({ "method": "statistic", "grading": grading })
    });
    let with = |id: &'static str| move |grading: Value| json!({ "method": "statistic", "statistic": id, "grading": grading });
    let comparison = proptest::collection::vec(counts(), 3).prop_map(|mut worth| {
        worth.sort_unstable();
        let [below, equal, above] = [0, 1, 2].map(|n| worth[n].to_string());
        json!({ "form": "comparison", "with": "y", "above": above, "equal": equal, "below": below })
    });
    prop_oneof![
        3 => steps(12).prop_map(|steps| json!({ "form": "thresholds", "steps": steps })).prop_map(with("x")),
        3 => steps_down(12).prop_map(|steps| json!({ "form": "thresholds", "steps": steps })).prop_map(with("y")),
        3 => comparison.prop_map(with("x")),
        // Each is read anew for every standard, by a thread of its own.
        1 => formula,
    ]
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
    let groups = prop_oneof![2 => Just(vec![]), 1 => subsequence(vec!["old", "young"], 1..=2)];
    let survey = (subsequence(vec!["q", "p"], 1..=2), shares, average(), groups).prop_map(
        |(questions, grading, average, groups)| {
            let mut measure = json!({ "method": "survey", "questions": questions, "grading": grading,
                "average": average });
            if !groups.is_empty() {
                measure["groups"] = json!(groups);
            }
            measure
        },
    );
    prop_oneof![3 => visit, 1 => material, 1 => survey, 1 => by_figures()]
}

fn judged() -> impl Strategy<Value = Value> {
    let grading = prop_oneof![
        Just(json!({ "form": "letters" })),
        Just(json!({ "form": "three_step" })),
        Just(json!({ "form": "binary" })),
        steps(10).prop_map(|steps| json!({ "form": "thresholds", "steps": steps })),
        (steps(8), any::<bool>()).prop_map(|(steps, along)| {
            let mut grading = json!({ "form": "count_to_grade", "counted": "number", "steps": steps });
            if along {
                grading["along"] = json!("300");
            }
            grading
        }),
        deduction(),
    ];
    grading.prop_map(|grading| json!({ "method": "report", "grading": grading }))
}

fn leaf(code: &'static str) -> impl Strategy<Value = Value> {
    let measures = (proptest::collection::vec((measure(), window()), 0..3), proptest::option::of(judged()));
    let combine = prop_oneof![Just("all"), Just("any"), Just("mean"), Just("weighted")];
    (measures, combine, 1_i64..200, proptest::collection::vec(1_u32..5, 3)).prop_map(
        move |((measures, judged), combine, marks, weights)| {
            let within = |(mut measure, window): (Value, Option<Value>)| {
                if let Some(window) = window {
                    measure["window"] = window;
                }
                measure
            };
            let mut measures: Vec<Value> = measures.into_iter().map(within).chain(judged).collect();
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

/// What stands above the leaves: rounding, what an unknown leaf counts, and what else a total is made of.
#[derive(Debug, Clone)]
struct Above {
    rounding: Value,
    proportional: bool,
    window: Option<Value>,
    /// Whether another standard contributes, and whether its total is known.
    shared: Option<bool>,
    listed: bool,
    honoured: bool,
    capped: (bool, bool),
    gates: Option<(u8, u8, u8)>,
}

fn above() -> impl Strategy<Value = Above> {
    let mode = prop_oneof![Just("half_up"), Just("half_even"), Just("down")];
    let at = prop_oneof![Just("leaf"), Just("part"), Just("total")];
    let rounding = (0_u32..=3, mode, at)
        .prop_map(|(places, mode, at)| json!({ "places": places, "mode": mode, "at": at }));
    let gates = proptest::option::of((0_u8..100, 0_u8..100, 20_u8..75));
    let more = (proptest::option::of(any::<bool>()), any::<bool>(), any::<bool>());
    (rounding, any::<bool>(), window(), more, any::<(bool, bool)>(), gates).prop_map(
        |(rounding, proportional, window, (shared, listed, honoured), capped, gates)| Above {
            rounding,
            proportional,
            window,
            shared,
            listed,
            honoured,
            capped,
            gates,
        },
    )
}

pub(crate) fn standards() -> impl Strategy<Value = Whole> {
    (leaf("1.1"), leaf("1.2"), leaf("2"), above()).prop_map(|(one, two, three, above)| {
        let marks =
            |leaf: &Value| leaf["marks"].as_str().map_or(Decimal::ZERO, |text| text.parse().expect("marks"));
        let cut = |capped: bool, marks: Decimal| {
            if capped { (marks / Decimal::TWO).round_dp(1).max(Decimal::new(1, 1)) } else { marks }
        };
        let part = cut(above.capped.0, marks(&one) + marks(&two));
        let all = cut(above.capped.1, part + marks(&three));
        let mut standard = json!({
            "id": "random", "edition": "1", "title": "随机", "marks": all.to_string(),
            "catalogue": catalogue(), "rounding": above.rounding,
            "unknown": if above.proportional { "proportional" } else { "nothing" },
            "tree": [
                { "code": "1", "title": "一", "marks": part.to_string(), "children": [one, two] }, three,
            ],
        });
        if above.capped.0 {
            standard["tree"][0]["capped"] = json!("只计一半");
        }
        if above.capped.1 {
            standard["capped"] = json!("只计一半");
        }
        if let Some(window) = above.window {
            standard["window"] = window;
        }
        if let Some(known) = above.shared {
            let other = if known { "other" } else { "unknown" };
            standard["contributions"] = json!([{ "standard": other, "share": "0.2" }]);
        }
        if above.listed {
            standard["negative_list"] = json!([
                { "code": "G", "title": "事故", "sanction": { "kind": "deduct", "marks": "1.5", "at_most": "4" } },
                { "code": "F", "title": "瞒报", "sanction": { "kind": "deduct", "marks": "0.7" }, "months": 12 },
                { "code": "S", "title": "舆情", "sanction": { "kind": "stop_nomination" }, "months": 12 },
            ]);
        }
        if above.honoured {
            standard["bonus"] = json!({ "at_most": "2.5", "honours": [
                { "code": "H", "title": "国家级", "marks": "1", "at_most": "2" },
                { "code": "P", "title": "省级", "marks": "0.4" },
            ] });
        }
        if let Some((total, part_share, other)) = above.gates {
            let of = |marks: Decimal, percent: u8| (marks * Decimal::new(percent.into(), 2)).round_dp(1).to_string();
            standard["gates"] = json!([
                { "title": "总分", "of": "total", "at_least": of(all, total) },
                { "title": "一", "of": { "node": "1" }, "at_least": of(part, part_share) },
                { "title": "另一个", "of": { "standard": "other" }, "at_least": other.to_string() },
            ]);
        }
        whole(standard)
    })
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
    let group = prop_oneof![Just(None), Just(Some("old")), Just(Some("young"))];
    let answers =
        (any::<bool>(), group, 0_u32..3, 0_u32..3).prop_map(|(long, group, yes, no)| Fact::Answers {
            question: if long { "q" } else { "p" }.into(),
            group: group.map(str::to_owned),
            options: [("yes".to_owned(), yes), ("no".to_owned(), no)].into(),
        });
    let judgement = (0_usize..3, 0_usize..11, any::<bool>()).prop_map(|(leaf, how, along)| {
        let verdict = ["A", "met", "partly", "failed"].get(how);
        Fact::Judgement {
            leaf: ["1.1", "1.2", "2"][leaf].into(),
            method: Method::Report,
            verdict: verdict.map(|word| (*word).into()),
            number: verdict.is_none().then(|| how.into()),
            metres: (verdict.is_none() && along).then(|| 250.into()),
            absent: false,
        }
    });
    let figure = (any::<bool>(), 0_i64..=24).prop_map(|(x, halves)| Fact::Figure {
        statistic: if x { "x" } else { "y" }.into(),
        value: Decimal::new(halves * 5, 1).normalize(),
    });
    prop_oneof![
        6 => visit,
        1 => any::<(bool, bool)>().prop_map(|(met, incomplete)| Fact::Review {
            requirement: "r1".into(), verdict: if met { "met" } else { "failed" }.into(), incomplete,
        }),
        1 => (0_usize..4, any::<bool>()).prop_map(|(n, incomplete)| Fact::Review {
            requirement: "r2".into(), verdict: ["A", "B", "C", "D"][n].into(), incomplete,
        }),
        2 => answers,
        2 => judgement,
        2 => figure,
        1 => Just(Fact::NoSites { site_type: "river".into() }),
        1 => prop_oneof![Just("G"), Just("F"), Just("S")].prop_map(|entry| Fact::Event { entry: entry.into() }),
        1 => prop_oneof![Just("H"), Just("P")].prop_map(|honour| Fact::Honour { honour: honour.into() }),
    ]
}

pub(crate) fn observations() -> impl Strategy<Value = Vec<Observation>> {
    let one = (observed(), 0_u8..14, 0_u8..12);
    proptest::collection::vec(one, 0..16).prop_map(|all| {
        let each = all.into_iter().enumerate().map(|(n, (fact, kind, age))| {
            let mut observation = observation(n, fact);
            // Several of one moment: the id decides.
            observation.at -= TimeDelta::minutes(i64::from(age / 2) * 7);
            match kind {
                0 => observation.accepted_at = None,
                1 => observation.covert = true,
                2 => (observation.covert, observation.released_at) = (true, Some(moment())),
                3 => observation.round = Some("now".into()),
                4 => observation.round = Some("before".into()),
                5 => observation.at -= TimeDelta::days(i64::from(age) * 60),
                _ => {}
            }
            if let Fact::Figure { .. } = &observation.fact {
                let period = [None, Some("2026"), Some("2026-Q2"), Some("2026-06"), Some("2025")];
                observation.period = period[usize::from(age) % 5].map(|text| text.parse().expect("a period"));
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
        (Fact::Figure { statistic, .. }, Fact::Figure { statistic: s, .. }) => statistic == s,
        // Answers beyond those that are enough were not unknown; and some of a batch may be.
        (Fact::Answers { .. }, Fact::Answers { .. }) => true,
        _ => false,
    };
    !facts.observations.iter().any(|other| same(&other))
}

/// Whether all figures are of one span of time. Where they are not, one more may make a newer span the one that counts: what was
/// known of an older one is then no longer asked.
fn of_one_span(facts: &Facts) -> bool {
    let figures = facts.observations.iter().filter(|seen| matches!(seen.fact, Fact::Figure { .. }));
    let mut spans: Vec<_> = figures.map(|seen| seen.period).collect();
    spans.dedup();
    spans.len() <= 1
}

/// The measures of which nothing is known.
fn unknown(whole: &Whole, facts: &Facts) -> Vec<(usize, usize)> {
    let book = Book::open(whole, facts);
    let of =
        |leaf| book.measures(leaf).into_iter().enumerate().map(move |(n, measure)| (leaf, n, measure.status));
    let all = (0..whole.leaves.len()).flat_map(of);
    all.filter(|(.., status)| *status == Status::Unknown).map(|(leaf, n, _)| (leaf, n)).collect()
}

/// The best number that can be recorded on a leaf: none of what takes marks off, much of all else.
fn best(whole: &Whole, leaf: &str) -> Decimal {
    let number = whole.leaf(leaf).expect("a leaf");
    let judged = whole.leaves[number].measures.iter().find(|taken| taken.input == Input::Judgement);
    match judged.expect("a judgement").measure.grading {
        Grading::Deduction { .. } => Decimal::ZERO,
        _ => Decimal::from(30),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_score_is_what_the_plain_rules_give(whole in standards(), seen in observations()) {
        let facts = fitting(&whole, seen);
        let card = Scorecard::of(&whole, &facts);
        let shown = || format!("{}\n{}", json!(whole.standard), json!(facts.observations));
        let plain = [Taking::Worst, Taking::Known, Taking::Best].map(|taking| Plain::new(&whole.standard, &facts, taking));
        let total = plain.each_ref().map(|plain| plain.total().normalize());
        prop_assert_eq!([card.total.low, card.total.value, card.total.high], total, "{}", shown());
        for place in &card.places {
            let expected = plain.each_ref().map(|plain| plain.place(&place.code).normalize());
            prop_assert_eq!([place.low, place.value, place.high], expected, "{} {}", place.code, shown());
        }
        for (gate, said) in whole.standard.gates.iter().zip(&card.gates) {
            prop_assert_eq!(said.state, score_plain::gate(&whole.standard, &facts, gate), "{} {}", gate.title, shown());
        }
        let sanctions: Vec<String> = card.sanctions.iter().map(|said| said.title.clone()).collect();
        prop_assert_eq!(sanctions, score_plain::sanctions(&whole.standard, &facts), "{}", shown());
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
        prop_assume!(!matches!(added.fact, Fact::Figure { .. }) || of_one_span(&before));
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
        prop_assume!(!matches!(before.observations[which].fact, Fact::Figure { .. }) || of_one_span(&before));
        let mut after = before.clone();
        match &mut after.observations[which].fact {
            Fact::Visit { criterion, verdict, number, absent: false, .. } => match criterion.as_str() {
                "market/c" => *verdict = Some("A".into()),
                "market/d" => *number = Some(Decimal::TEN),
                _ => *verdict = Some("met".into()),
            },
            Fact::Review { requirement, verdict, .. } => *verdict = if requirement == "r1" { "met" } else { "A" }.into(),
            Fact::Judgement { leaf, verdict: None, number: Some(number), .. } => *number = best(&whole, leaf),
            Fact::Figure { statistic, value } if statistic == "x" => *value = Decimal::from(12).max(*value),
            // Nothing can be divided by nothing: less of it is no better.
            Fact::Figure { value, .. } => {
                prop_assume!(!value.is_zero());
                *value = Decimal::ONE.min(*value);
            }
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
        // A formula that takes another figure for a better one may be known by it, and come to less than was hoped.
        prop_assume!(unknown(&whole, &before) == unknown(&whole, &after));
        prop_assert!(other.total.value >= one.total.value, "{:?} {:?} {} {}", one.total, other.total, json!(whole.standard.tree), json!(after.observations));
        prop_assert!(other.total.high >= one.total.high, "{:?} {:?}", one.total, other.total);
    }
}
