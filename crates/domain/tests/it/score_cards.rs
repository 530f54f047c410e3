//! Whole scorecards, by data: what stands above the leaves. Sanctions of each kind, gates, the bonus and its cap, other standards'
//! totals, every way to round, caps.

use chengjing_domain::{
    score::{Fact, Line, Observation, Scorecard},
    standard::Method,
};
use chrono::TimeDelta;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::score::{facts, moment, observation, tree, whole};

const CARDS: &str = include_str!("../data/cards.txt");
const LEAVES: [&str; 4] = ["1.1", "1.2", "2.1", "2.2"];

/// The tree with what a line says besides.
fn standard(line: &str) -> Value {
    let changes: Map<String, Value> = serde_json::from_str(line).expect("what the standard says besides");
    tree(|standard| {
        for (field, value) in changes {
            let (place, name) = field.rsplit_once('/').unwrap_or(("", &field));
            standard.pointer_mut(place).expect("a place in the standard")[name] = value;
        }
    })
}

fn judged(leaf: &str, verdict: &str) -> Fact {
    let verdict = Some(verdict.to_owned());
    Fact::Judgement {
        leaf: leaf.to_owned(),
        method: Method::Report,
        verdict,
        number: None,
        metres: None,
        absent: false,
    }
}

/// What one part of a line tells: facts, made so many days ago.
fn told(part: &str) -> (Vec<Fact>, i64) {
    let words: Vec<&str> = part.split(' ').collect();
    let sign = |sign: char| words.iter().find_map(|word| word.strip_prefix(sign)?.parse::<i64>().ok());
    let times = usize::try_from(sign('*').unwrap_or(1)).expect("a count");
    let facts = match (words[0], words[1]) {
        ("all", verdict) => LEAVES.iter().map(|leaf| judged(leaf, verdict)).collect(),
        ("event", entry) => vec![Fact::Event { entry: entry.to_owned() }; times],
        ("honour", honour) => vec![Fact::Honour { honour: honour.to_owned() }; times],
        (leaf, verdict) => vec![judged(leaf, verdict)],
    };
    (facts, sign('@').unwrap_or(1))
}

fn card(standard: &Value, observed: &str) -> Scorecard {
    let mut observations: Vec<Observation> = Vec::new();
    let mut totals = Vec::new();
    for part in observed.split(", ").filter(|part| *part != "nothing") {
        if let Some(minors) = part.strip_prefix("minors ") {
            let [low, value, high]: [&str; 3] =
                minors.split('/').collect::<Vec<_>>().try_into().expect("three numbers");
            let total = json!({ "low": low, "value": value, "high": high, "marks": "100" });
            totals.push(("minors".to_owned(), serde_json::from_value(total).expect("a total")));
            continue;
        }
        let (told, days) = told(part);
        for fact in told {
            let mut one = observation(observations.len(), fact);
            one.at = moment() - TimeDelta::days(days);
            one.accepted_at = Some(one.at);
            observations.push(one);
        }
    }
    let mut facts = facts(observations);
    facts.totals.extend(totals);
    // The tree asks for no sites.
    facts.sites.clear();
    let whole = whole(standard.clone());
    assert_eq!(facts.check(&whole), [], "{observed}");
    Scorecard::of(&whole, &facts)
}

fn shown(card: &Scorecard) -> String {
    let mut all = vec![format!("{} {} {}", card.total.low, card.total.value, card.total.high)];
    let line = |line: &Line| {
        let what = json!(line.what);
        let of = what.get("code").or(what.get("standard")).and_then(Value::as_str);
        let named = [what["line"].as_str(), of].into_iter().flatten().collect::<Vec<_>>().join(" ");
        format!("{named} {}", line.value)
    };
    all.extend(card.lines.iter().filter(|one| json!(one.what)["line"] != "tree").map(line));
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    all.extend(card.gates.iter().map(|gate| format!("{} {}", gate.title, word(&json!(gate.state)))));
    for sanction in &card.sanctions {
        let state = json!(sanction.state);
        let months = state.get("months").map(|months| format!(" {months}")).unwrap_or_default();
        all.push(format!("{} {}{months}", sanction.title, word(&state["kind"])));
        assert!(!sanction.observations.is_empty(), "{} rests on its events", sanction.title);
    }
    all.join("; ")
}

#[test]
fn whole_cards_are_what_the_table_says() {
    let mut besides = Value::Null;
    let mut wrong = Vec::new();
    let mut cases = 0;
    for (n, line) in CARDS.lines().enumerate() {
        if let Some(changes) = line.strip_prefix("= ") {
            besides = standard(changes);
        } else if let Some((observed, expected)) = line.split_once(" => ").filter(|_| !line.starts_with('#'))
        {
            cases += 1;
            let card = card(&besides, observed);
            let got = shown(&card);
            if got != expected {
                wrong.push(format!("line {}: {observed}: expected {expected}, got {got}", n + 1));
            }
            let sum: Decimal = card.lines.iter().map(|line| line.value).sum();
            assert_eq!(sum, card.total.value, "line {}: the lines add up to the total", n + 1);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases >= 40, "{cases} cases");
}
