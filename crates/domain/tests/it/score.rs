//! What observations come to, by data: every form of grading, every way to combine, and what stands above the leaves.

use chengjing_domain::{
    score::{Fact, Facts, GateState, Observation, Scorecard, Site},
    standard::{Method, Standard, Whole},
};
use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};

const GRADINGS: &str = include_str!("../data/gradings.txt");

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|_| panic!("a number: {text}"))
}

pub(crate) fn moment() -> DateTime<Utc> {
    "2026-07-08T10:00:00Z".parse().expect("a moment")
}

/// What every small standard here can ask for.
pub(crate) fn catalogue() -> Value {
    json!({
        "site_types": [
            { "id": "market", "title": "集贸市场", "criteria": [
                { "id": "a", "text": "证照公示" },
                { "id": "b", "text": "地面清洁", "scale": { "form": "three_step" } },
                { "id": "c", "text": "秩序", "scale": { "form": "letters" } },
                { "id": "d", "text": "公益广告", "scale": { "form": "count", "steps": [
                    { "from": "3", "counts": "1" }, { "from": "1", "counts": "0.5" },
                ] } },
                { "id": "e", "text": "公厕", "absent": "met" },
                { "id": "f", "text": "沿街展示", "scale": { "form": "count", "along": "300", "steps": [
                    { "from": "5", "counts": "1" },
                ] } },
            ] },
            { "id": "river", "title": "河道", "criteria": [
                { "id": "clean", "text": "水面清洁" },
                { "id": "guarded", "text": "护栏完好", "absent": "met" },
            ] },
        ],
        "requirements": [
            { "id": "r1", "title": "制度文件", "filings": [{ "kind": "issued_document" }] },
            { "id": "r2", "title": "活动图片", "filings": [{ "kind": "photo" }], "scale": { "form": "letters" } },
        ],
        "questions": [
            { "id": "q", "text": "是否满意", "enough": 4, "options": [
                { "option": "yes", "counts": "1" }, { "option": "partly", "counts": "0.5" },
                { "option": "no", "counts": "0" },
            ] },
            { "id": "p", "text": "是否参与", "enough": 2, "options": [
                { "option": "yes", "counts": "1" }, { "option": "no", "counts": "0" },
            ] },
        ],
        "statistics": [{ "id": "x", "title": "一" }, { "id": "y", "title": "二" }],
    })
}

pub(crate) fn whole(standard: Value) -> Whole {
    let standard: Standard = serde_json::from_value(standard).expect("a standard");
    Whole::of(standard, &[]).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

pub(crate) fn facts(observations: Vec<Observation>) -> Facts {
    let site =
        |id: &str| Site { id: id.into(), site_type: "market".into(), unit: Some(format!("unit of {id}")) };
    Facts {
        as_of: moment(),
        round: Some("now".into()),
        sites: ["s1", "s2", "s3"].map(site).to_vec(),
        observations,
        totals: [].into(),
    }
}

/// The nth observation, made n minutes after the first.
pub(crate) fn observation(n: usize, fact: Fact) -> Observation {
    let at = moment() - TimeDelta::days(10) + TimeDelta::minutes(i64::try_from(n).expect("a small number"));
    Observation {
        id: format!("o{n:03}"),
        at,
        accepted_at: Some(at),
        covert: false,
        released_at: None,
        round: None,
        period: None,
        fact,
    }
}

fn seen(n: usize, text: &str, leaf_method: Method) -> Observation {
    let words: Vec<&str> = text.split_whitespace().collect();
    let rest: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| {
            !matches!(*word, "old" | "unaccepted" | "covert" | "released" | "later" | "round" | "incomplete")
        })
        .collect();
    let metres = rest.iter().position(|word| *word == "along").map(|at| decimal(rest[at + 1]));
    let found = rest.get(1).copied().unwrap_or_default();
    let number: Option<Decimal> = found.parse().ok();
    let absent = found == "absent";
    let verdict = (number.is_none() && !absent).then(|| found.to_owned());
    let fact = match rest[0].split_once('/') {
        Some((site, criterion)) => Fact::Visit {
            site: site.into(),
            criterion: format!("market/{criterion}"),
            verdict,
            number,
            metres,
            absent,
        },
        None => match rest[0] {
            figure
                if figure == "x" || figure == "y" || figure.starts_with("x@") || figure.starts_with("y@") =>
            {
                Fact::Figure { statistic: figure[..1].into(), value: number.expect("a figure") }
            }
            "none" => Fact::NoSites { site_type: found.into() },
            "r1" | "r2" => {
                let incomplete = words.contains(&"incomplete");
                Fact::Review { requirement: rest[0].into(), verdict: found.into(), incomplete }
            }
            "!" | "overall!" => {
                let method = if rest[0] == "!" { leaf_method } else { Method::Overall };
                Fact::Judgement { leaf: "1".into(), method, verdict, number, metres, absent }
            }
            question => {
                let (question, group) = question.split_once('@').unzip();
                let options = rest[1..].iter().map(|one| {
                    let (option, times) = one.split_once('=').expect("option=times");
                    (option.to_owned(), times.parse().expect("a count"))
                });
                Fact::Answers {
                    question: question.unwrap_or(rest[0]).into(),
                    group: group.map(str::to_owned),
                    options: options.collect(),
                }
            }
        },
    };
    let mut observation = observation(n, fact);
    if let Fact::Figure { .. } = &observation.fact {
        observation.period = rest[0].split_once('@').map(|(_, period)| period.parse().expect("a period"));
    }
    for word in &words {
        match *word {
            "old" => observation.at -= TimeDelta::days(400),
            "later" => observation.at = moment() + TimeDelta::minutes(1),
            "unaccepted" => observation.accepted_at = None,
            "covert" => observation.covert = true,
            "released" => {
                observation.covert = true;
                observation.released_at = Some(moment());
            }
            "round" => observation.round = Some("now".into()),
            _ => {}
        }
    }
    observation
}

fn one_leaf(measures: &str) -> (Whole, Method) {
    let (combine, measures) = match measures.split_once(' ') {
        Some((word, rest)) if !word.starts_with('{') => (word, rest),
        _ => ("all", measures),
    };
    let stream = serde_json::Deserializer::from_str(measures).into_iter::<Value>();
    let measures: Vec<Value> = stream.map(|value| value.expect("a measure")).collect();
    let judged = measures.iter().find(|measure| {
        ["requirements", "criteria", "questions", "statistic"]
            .iter()
            .all(|field| measure.get(field).is_none())
    });
    let method = judged.map_or(Method::Overall, |measure| {
        serde_json::from_value(measure["method"].clone()).expect("a method")
    });
    let standard = json!({
        "id": "small", "edition": "1", "title": "小标准", "marks": "10", "catalogue": catalogue(),
        "tree": [{ "code": "1", "title": "一", "marks": "10", "combine": combine, "measures": measures }],
        "rounding": { "places": 6, "at": "total" },
    });
    (whole(standard), method)
}

#[test]
fn every_form_of_grading_gives_what_the_table_says() {
    let mut standard = None;
    let mut wrong = Vec::new();
    let mut cases = 0;
    for (n, line) in GRADINGS.lines().enumerate() {
        if let Some(measures) = line.strip_prefix("= ") {
            standard = Some(one_leaf(measures));
        } else if let Some((observed, expected)) = line.split_once(" => ").filter(|_| !line.starts_with('#'))
        {
            cases += 1;
            let (whole, method) = standard.as_ref().expect("a measure above");
            let observations = observed.split(", ").filter(|text| *text != "nothing").enumerate();
            let facts = facts(observations.map(|(n, text)| seen(n, text, *method)).collect());
            assert_eq!(facts.check(whole), [], "line {}: {line}", n + 1);
            let card = Scorecard::of(whole, &facts);
            let leaf = &card.places[0];
            let got = format!("{} {} {}", leaf.low, leaf.value, leaf.high);
            if got != expected {
                wrong.push(format!("line {}: {observed}: expected {expected}, got {got}", n + 1));
            }
            let lost: Decimal = card.losses.iter().map(|loss| loss.marks).sum();
            assert_eq!(lost, leaf.marks - leaf.value, "line {}: what is lost adds up", n + 1);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases >= 150, "{cases} cases");
}

/// A tree of two parts with two leaves each, each leaf one verdict by report.
pub(crate) fn tree(change: impl FnOnce(&mut Value)) -> Value {
    let leaf = |code: &str, marks: &str| {
        json!({ "code": code, "title": code, "marks": marks,
            "measures": [{ "method": "report", "grading": { "form": "letters" } }] })
    };
    let mut standard = json!({
        "id": "small", "edition": "1", "title": "小标准", "marks": "100",
        "tree": [
            { "code": "1", "title": "一", "marks": "60", "children": [leaf("1.1", "40"), leaf("1.2", "20")] },
            { "code": "2", "title": "二", "marks": "40", "children": [leaf("2.1", "25"), leaf("2.2", "15")] },
        ],
    });
    change(&mut standard);
    standard
}

fn verdicts(given: &[(&str, &str)]) -> Vec<Observation> {
    let one = |(n, (leaf, verdict)): (usize, &(&str, &str))| {
        let (verdict, fact_leaf) = (Some((*verdict).to_owned()), (*leaf).to_owned());
        let method = Method::Report;
        observation(
            n,
            Fact::Judgement { leaf: fact_leaf, method, verdict, number: None, metres: None, absent: false },
        )
    };
    given.iter().enumerate().map(one).collect()
}

fn total(standard: Value, observations: Vec<Observation>) -> Scorecard {
    Scorecard::of(&whole(standard), &facts(observations))
}

fn shown(card: &Scorecard) -> String {
    format!("{} {} {}", card.total.low, card.total.value, card.total.high)
}

#[test]
fn parts_add_up_and_what_is_unknown_is_neither_nothing_nor_all() {
    let card = total(tree(|_| {}), verdicts(&[("1.1", "A"), ("2.2", "B")]));
    assert_eq!(shown(&card), "49.9 49.9 94.9");
    let part = |code: &str| card.places.iter().find(|place| place.code == code).expect("a part");
    assert_eq!((part("1").low, part("1").value, part("1").high), (40.into(), 40.into(), 60.into()));
    assert_eq!(json!(part("1").status), "partly");
    assert_eq!(json!(part("1.2").status), "unknown");
    assert_eq!(json!(part("2.2").status), "known");
    let proportional = tree(|standard| standard["unknown"] = json!("proportional"));
    let card = total(proportional, verdicts(&[("1.1", "A"), ("2.2", "B")]));
    // 49.9 of 55 are known.
    assert_eq!(shown(&card), "49.9 90.73 94.9");
}

#[test]
fn rounding_is_the_standards_own_in_places_mode_and_level() {
    let leaf = |n: u32| {
        json!({ "code": format!("1.{n}"), "title": "叶", "marks": "1.005",
            "measures": [{ "method": "report", "grading": { "form": "letters" } }] })
    };
    let rounded = |rounding: Value| {
        let standard = json!({
            "id": "small", "edition": "1", "title": "小标准", "marks": "3.015", "rounding": rounding,
            "tree": [{ "code": "1", "title": "一", "marks": "3.015", "children": [leaf(1), leaf(2), leaf(3)] }],
        });
        shown(&total(standard, verdicts(&[("1.1", "A"), ("1.2", "A"), ("1.3", "A")])))
    };
    assert_eq!(rounded(json!({ "places": 2, "at": "total" })), "3.02 3.02 3.02");
    assert_eq!(rounded(json!({ "places": 2, "at": "leaf" })), "3.03 3.03 3.03");
    assert_eq!(rounded(json!({ "places": 2, "at": "part", "mode": "half_even" })), "3.02 3.02 3.02");
    assert_eq!(rounded(json!({ "places": 2, "at": "leaf", "mode": "half_even" })), "3 3 3");
    assert_eq!(rounded(json!({ "places": 2, "at": "leaf", "mode": "down" })), "3 3 3");
    assert_eq!(rounded(json!({ "places": 0, "at": "total" })), "3 3 3");
    assert_eq!(rounded(json!({ "places": 3, "at": "total" })), "3.015 3.015 3.015");
}

#[test]
fn sanctions_take_marks_and_say_what_is_no_marks_and_age() {
    let negative = json!([
        { "code": "G1", "title": "较大事故", "sanction": { "kind": "deduct", "marks": "3", "at_most": "5" } },
        { "code": "G2", "title": "重大事故", "sanction": { "kind": "suspend_title", "months": 12 }, "months": 12 },
        { "code": "G3", "title": "弄虚作假", "sanction": { "kind": "cancel_title" } },
    ]);
    let standard = || tree(|standard| standard["negative_list"] = negative.clone());
    let all = [("1.1", "A"), ("1.2", "A"), ("2.1", "A"), ("2.2", "A")];
    let with = |events: &[(&str, i64)]| {
        let mut observations = verdicts(&all);
        for (entry, days_ago) in events {
            let mut event = observation(observations.len() + 1, Fact::Event { entry: (*entry).into() });
            event.at = moment() - TimeDelta::days(*days_ago);
            observations.push(event);
        }
        total(standard(), observations)
    };
    assert_eq!(shown(&with(&[])), "100 100 100");
    assert_eq!(shown(&with(&[("G1", 1)])), "97 97 97");
    assert_eq!(shown(&with(&[("G1", 1), ("G1", 2)])), "95 95 95");
    let suspended = with(&[("G2", 300)]);
    assert_eq!(shown(&suspended), "100 100 100");
    assert_eq!(json!(suspended.sanctions[0].state), json!({ "kind": "suspend_title", "months": 12 }));
    assert_eq!(suspended.sanctions[0].observations, ["o005"]);
    assert!(with(&[("G2", 400)]).sanctions.is_empty(), "what is older than its months weighs no more");
    assert_eq!(with(&[("G3", 4000)]).sanctions.len(), 1);
    let nothing = total(standard(), vec![observation(1, Fact::Event { entry: "G1".into() })]);
    assert_eq!(shown(&nothing), "0 0 97", "a total is never less than nothing");
}

#[test]
fn a_bonus_is_capped_by_kind_and_in_all() {
    let bonus = json!({ "at_most": "4", "honours": [
        { "code": "H1", "title": "国家级荣誉", "marks": "1", "at_most": "3" },
        { "code": "H2", "title": "省级荣誉", "marks": "0.5" },
    ] });
    let won = |honours: &[&str]| {
        let mut observations = verdicts(&[("1.1", "A")]);
        for honour in honours {
            let n = observations.len() + 1;
            observations.push(observation(n, Fact::Honour { honour: (*honour).into() }));
        }
        total(tree(|standard| standard["bonus"] = bonus.clone()), observations)
    };
    assert_eq!(shown(&won(&["H1"])), "41 41 101");
    assert_eq!(shown(&won(&["H1"; 5])), "43 43 103");
    let capped = won(&["H1", "H1", "H1", "H2", "H2", "H2"]);
    assert_eq!(shown(&capped), "44 44 104");
    let sum: Decimal = capped.lines.iter().map(|line| line.value).sum();
    assert_eq!(sum, capped.total.value, "the lines add up to the total");
}

#[test]
fn another_standards_total_counts_its_share_and_is_a_gate() {
    let standard = || {
        tree(|standard| {
            standard["contributions"] = json!([{ "standard": "minors", "share": "0.2" }]);
            standard["gates"] = json!([
                { "title": "未成年人测评不低于85分", "of": { "standard": "minors" }, "at_least": "85" },
                { "title": "总分", "of": "total", "at_least": "90" },
                { "title": "第一部分", "of": { "node": "1" }, "at_least": "60" },
            ]);
        })
    };
    let with = |minors: Option<(&str, &str, &str)>, given: &[(&str, &str)]| {
        let mut facts = facts(verdicts(given));
        if let Some((low, value, high)) = minors {
            let total = json!({ "low": low, "value": value, "high": high, "marks": "100" });
            facts.totals.insert("minors".into(), serde_json::from_value(total).expect("a total"));
        }
        Scorecard::of(&whole(standard()), &facts)
    };
    let all = [("1.1", "A"), ("1.2", "A"), ("2.1", "A"), ("2.2", "A")];
    let gates = |card: &Scorecard| card.gates.iter().map(|gate| gate.state).collect::<Vec<_>>();
    let card = with(Some(("80", "86", "90")), &all);
    assert_eq!(shown(&card), "96 97.2 98");
    assert_eq!(gates(&card), [GateState::Open, GateState::Held, GateState::Held]);
    let card = with(Some(("10", "20", "84.99")), &all);
    assert_eq!(gates(&card), [GateState::Missed, GateState::Open, GateState::Held]);
    let card = with(None, &[("1.1", "D")]);
    assert_eq!(shown(&card), "0 0 68");
    assert_eq!(gates(&card), [GateState::Open, GateState::Missed, GateState::Missed]);
}

#[test]
fn what_is_said_not_to_add_up_is_cut_at_its_marks() {
    let capped = || {
        tree(|standard| {
            standard["tree"][0]["marks"] = json!("50");
            standard["tree"][0]["capped"] = json!("两项合计至多 50 分");
            standard["marks"] = json!("90");
        })
    };
    let card = total(capped(), verdicts(&[("1.1", "A"), ("1.2", "A"), ("2.1", "A"), ("2.2", "A")]));
    assert_eq!(shown(&card), "90 90 90");
    let card = total(capped(), verdicts(&[("1.1", "A"), ("1.2", "D")]));
    assert_eq!(shown(&card), "40 40 80");
}

#[test]
fn a_loss_names_its_place_and_what_was_seen_before() {
    let (whole, method) =
        one_leaf(r#"{"method":"visit","criteria":["market/a","market/b"],"grading":{"form":"ratio"}}"#);
    let texts = ["s1/a met", "s1/a failed", "s2/b partly"];
    let facts = facts(texts.iter().enumerate().map(|(n, text)| seen(n, text, method)).collect());
    let card = Scorecard::of(&whole, &facts);
    let told: Vec<String> = card
        .losses
        .iter()
        .map(|loss| {
            let (item, site) = (loss.item.clone().unwrap_or_default(), loss.site.clone().unwrap_or_default());
            let unit = loss.unit.clone().unwrap_or_default();
            format!("{item} {site} {unit} {} {:?} {:?}", loss.marks, loss.observations, loss.superseded)
        })
        .collect();
    assert_eq!(
        told,
        [r#"market/a s1 unit of s1 5 ["o001"] ["o000"]"#, r#"market/b s2 unit of s2 2.5 ["o002"] []"#,]
    );
}

#[test]
fn what_is_not_known_is_named_thing_by_thing_and_weighs_as_its_measure_does() {
    const COMPARISON: &str = r#"{"method":"statistic","statistic":"x","grading":{"form":"comparison","with":"y","above":"1","equal":"1","below":"0"}}"#;
    const FORMULA: &str = r#"{"method":"statistic","grading":{"form":"formula","expression":"x * 100.0 / y","steps":[{"from":"90","counts":"1"}]}}"#;
    let visits = r#"{"method":"visit","criteria":["market/a","market/b"],"grading":{"form":"ratio"}}"#;
    let materials = r#"{"method":"material","requirements":["r1","r2"],"grading":{"form":"ratio"}}"#;
    let weighed = r#"weighted {"method":"material","weight":"3","requirements":["r1"],"grading":{"form":"ratio"}} {"method":"report","weight":"1","grading":{"form":"binary"}}"#;
    let counted = r#"{"method":"visit","criteria":["market/a","market/b"],"grading":{"form":"count_to_grade","steps":[{"from":"4","counts":"1"}]}}"#;
    let table: &[(&str, &str, &[&str])] = &[
        (COMPARISON, "nothing", &["Statistic x 5", "Statistic y 5"]),
        (COMPARISON, "x 5", &["Statistic y 10"]),
        (COMPARISON, "y 5", &["Statistic x 10"]),
        (FORMULA, "nothing", &["Statistic x 5", "Statistic y 5"]),
        (FORMULA, "x 5", &["Statistic y 10"]),
        // Both are known, and it comes to nothing: no figure is missing.
        (FORMULA, "x 5, y 0", &["Statistic  10"]),
        (materials, "nothing", &["Material r1 5", "Material r2 5"]),
        (visits, "nothing", &["Visit market/a 5", "Visit market/b 5"]),
        (weighed, "nothing", &["Material r1 7.5", "Report  2.5"]),
        // Three of four that have to be met are, and none failed: what is not seen yet may be the fourth.
        (counted, "s1/a met, s2/a met, s3/a met", &["Visit market/b 10"]),
    ];
    for (measures, observed, expected) in table {
        let (whole, method) = one_leaf(measures);
        let told = observed.split(", ").filter(|text| *text != "nothing").enumerate();
        let card = Scorecard::of(&whole, &facts(told.map(|(n, text)| seen(n, text, method)).collect()));
        let losses: Vec<String> = card
            .losses
            .iter()
            .map(|loss| {
                let (method, item) =
                    (loss.method.expect("a method"), loss.item.as_deref().unwrap_or_default());
                assert_eq!(json!(loss.cause), "unknown", "{observed}");
                format!("{method:?} {item} {}", loss.marks)
            })
            .collect();
        assert_eq!(losses, *expected, "{measures}: {observed}");
        let leaf = &card.places[0];
        let lost: Decimal = card.losses.iter().map(|loss| loss.marks).sum();
        assert_eq!((lost, leaf.low, leaf.high), (leaf.marks - leaf.value, 0.into(), 10.into()), "{observed}");
    }
}

#[test]
fn a_figure_of_another_period_than_is_asked_for_is_told_and_counts_nowhere() {
    let measure = r#"{"method":"statistic","statistic":"x","grading":{"form":"thresholds","steps":[{"from":"90","counts":"1"}]}}"#;
    let (any, method) = one_leaf(measure);
    for (every, told, value) in [
        // Of 2025 there are 95, of 2026-Q1 80, of 2026-05 92.
        (None, vec![], 10),
        (Some("month"), vec!["observations[0].period", "observations[1].period"], 10),
        (Some("quarter"), vec!["observations[0].period", "observations[2].period"], 0),
        (Some("year"), vec!["observations[1].period", "observations[2].period"], 10),
    ] {
        let mut standard = json!(any.standard);
        if let Some(every) = every {
            standard["catalogue"]["statistics"][0]["every"] = json!(every);
        }
        let whole = whole(standard);
        let texts = ["x@2025 95", "x@2026-Q1 80", "x@2026-05 92"];
        let facts = facts(texts.iter().enumerate().map(|(n, text)| seen(n, text, method)).collect());
        let faults: Vec<String> = facts.check(&whole).into_iter().map(|fault| fault.path).collect();
        assert_eq!(faults, told, "{every:?}");
        assert_eq!(Scorecard::of(&whole, &facts).total.value, value.into(), "{every:?}");
        let none = self::facts(vec![seen(0, "x 95", method)]);
        assert_eq!(none.check(&whole), [], "what is of no period holds whatever the time");
        assert_eq!(Scorecard::of(&whole, &none).total.value, 10.into(), "{every:?}");
    }
}
