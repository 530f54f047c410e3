//! The contract's scoring (`score_plan.py`), so that the accuracy tests need no other language. Gold conventions: where a
//! value is expected a list may stand (any member is right, null: may be left out); `optional*` neither rewards nor
//! punishes.

use std::collections::BTreeMap;

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Count {
    tp: usize,
    fp: usize,
    fn_: usize,
}

impl Count {
    pub(crate) fn f1(self) -> f64 {
        if self.tp + self.fp + self.fn_ == 0 {
            return 1.0;
        }
        2.0 * self.tp as f64 / (2 * self.tp + self.fp + self.fn_) as f64
    }
}

/// Counts for each metric and what differed, in words.
#[derive(Debug, Default)]
pub(crate) struct Score {
    pub(crate) counts: BTreeMap<&'static str, Count>,
    pub(crate) diff: Vec<String>,
}

impl Score {
    fn add(&mut self, metric: &'static str, tp: usize, fp: usize, fn_: usize) {
        let count = self.counts.entry(metric).or_default();
        count.tp += tp;
        count.fp += fp;
        count.fn_ += fn_;
    }

    pub(crate) fn merge(&mut self, other: Self) {
        for (metric, count) in other.counts {
            self.add(metric, count.tp, count.fp, count.fn_);
        }
        self.diff.extend(other.diff);
    }

    pub(crate) fn f1(&self, metric: &str) -> f64 {
        self.counts.get(metric).map_or(1.0, |count| count.f1())
    }

    pub(crate) fn table(&self) -> String {
        let mut table =
            format!("{:16} {:>6} {:>5} {:>5} {:>5}\n", "metric", "F1", "right", "extra", "missed");
        for (metric, count) in &self.counts {
            table +=
                &format!("{metric:16} {:6.3} {:5} {:5} {:5}\n", count.f1(), count.tp, count.fp, count.fn_);
        }
        table
    }
}

// ---------------------------------------------------------------- normal forms

fn nf(text: &str) -> String {
    let text: String = text
        .nfkc()
        .filter(|c| !c.is_whitespace() && !"\u{200b}\u{feff}\"'“”‘’〝〞「」『』".contains(*c))
        .collect();
    text.trim_matches([',', '.', ';', ':', '!', '?', '。', '、', '·', '…']).to_lowercase()
}

fn loose(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|&c| c == '*' || c == '%' || c.is_alphanumeric())
        .collect()
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn name(text: &str) -> String {
    let text = nf(text);
    if text.chars().count() > 2 { text.strip_suffix('等').map_or(text.clone(), str::to_owned) } else { text }
}

fn number(value: &Value) -> Option<String> {
    let text = text_of(value);
    (!text.is_empty()).then(|| nf(&text).replace(['(', ')', '[', ']'], ""))
}

fn alternatives(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(list) => list.iter().collect(),
        single => vec![single],
    }
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn contains(gold: &Value, out: &str) -> bool {
    let out = loose(out);
    alternatives(gold).iter().any(|gold| {
        let gold = loose(&text_of(gold));
        !gold.is_empty() && out.contains(&gold)
    })
}

fn either(gold: &Value, out: &str) -> bool {
    let out = loose(out);
    alternatives(gold).iter().any(|gold| {
        let gold = loose(&text_of(gold));
        !gold.is_empty() && !out.is_empty() && (gold.contains(&out) || out.contains(&gold))
    })
}

fn number_eq(gold: &Value, out: &Value) -> bool {
    alternatives(gold).iter().any(|gold| number(gold) == number(out))
}

fn value_eq(gold: &Value, out: &Value) -> bool {
    let Some(out) = out.as_f64() else { return false };
    alternatives(gold).iter().filter_map(|gold| gold.as_f64()).any(|gold| (gold - out).abs() < 1e-9)
}

fn target_eq(gold: &Value, out: &Value) -> bool {
    alternatives(&gold["comparator"]).iter().any(|gold| text_of(gold) == text_of(&out["comparator"]))
        && value_eq(&gold["value"], &out["value"])
        && alternatives(&gold["unit"]).iter().any(|gold| nf(&text_of(gold)) == nf(&text_of(&out["unit"])))
}

// ---------------------------------------------------------------- matching

/// Largest one-to-one matching; of several candidates the cheapest, then the nearest in order.
fn matching<G, O>(
    gold: &[G],
    out: &[O],
    ok: impl Fn(&G, &O) -> bool,
    cost: impl Fn(&G, &O) -> usize,
) -> BTreeMap<usize, usize> {
    let candidates: Vec<Vec<usize>> = gold
        .iter()
        .enumerate()
        .map(|(i, g)| {
            let mut found: Vec<usize> = (0..out.len()).filter(|&j| ok(g, &out[j])).collect();
            found.sort_by_key(|&j| (cost(g, &out[j]), j.abs_diff(i), j));
            found
        })
        .collect();
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    let mut order: Vec<usize> = (0..gold.len()).collect();
    order.sort_by_key(|&i| candidates[i].len());
    for i in order {
        attempt(i, &candidates, &mut taken, &mut Vec::new());
    }
    taken.into_iter().map(|(j, i)| (i, j)).collect()
}

fn attempt(
    i: usize,
    candidates: &[Vec<usize>],
    taken: &mut BTreeMap<usize, usize>,
    seen: &mut Vec<usize>,
) -> bool {
    for &j in &candidates[i] {
        if seen.contains(&j) {
            continue;
        }
        seen.push(j);
        let free = match taken.get(&j).copied() {
            None => true,
            Some(other) => attempt(other, candidates, taken, seen),
        };
        if free {
            taken.insert(j, i);
            return true;
        }
    }
    false
}

fn bag<G: std::fmt::Debug, O: std::fmt::Debug>(
    score: &mut Score,
    metric: &'static str,
    gold: &[G],
    out: &[O],
    ok: impl Fn(&G, &O) -> bool,
    ignore: impl Fn(&O) -> bool,
    place: &str,
) -> BTreeMap<usize, usize> {
    bag_by_cost(score, metric, gold, out, ok, ignore, place, |_, _| 0)
}

#[allow(clippy::too_many_arguments, reason = "the parts of one comparison, all of different types")]
fn bag_by_cost<G: std::fmt::Debug, O: std::fmt::Debug>(
    score: &mut Score,
    metric: &'static str,
    gold: &[G],
    out: &[O],
    ok: impl Fn(&G, &O) -> bool,
    ignore: impl Fn(&O) -> bool,
    place: &str,
    cost: impl Fn(&G, &O) -> usize,
) -> BTreeMap<usize, usize> {
    let found = matching(gold, out, ok, cost);
    let used: Vec<usize> = found.values().copied().collect();
    let extra: Vec<&O> =
        (0..out.len()).filter(|j| !used.contains(j)).map(|j| &out[j]).filter(|o| !ignore(o)).collect();
    let missed: Vec<&G> = (0..gold.len()).filter(|i| !found.contains_key(i)).map(|i| &gold[i]).collect();
    score.add(metric, found.len(), extra.len(), missed.len());
    score.diff.extend(missed.iter().map(|gold| format!("{place}: {metric} missed {gold:?}")));
    score.diff.extend(extra.iter().map(|out| format!("{place}: {metric} too much {out:?}")));
    found
}

fn scalar(score: &mut Score, metric: &'static str, gold: &Value, out: &Value, place: &str) {
    let normal = |value: &Value| match value {
        Value::String(text) if !text.is_empty() => Some(nf(text).to_uppercase()),
        _ => None,
    };
    let gold: Vec<Option<String>> = alternatives(gold).into_iter().map(normal).collect();
    let out = normal(out);
    if gold.contains(&out) {
        score.add(metric, usize::from(out.is_some() && !gold.contains(&None)), 0, 0);
        return;
    }
    score.add(metric, 0, usize::from(out.is_some()), usize::from(!gold.contains(&None)));
    score.diff.push(format!("{place}: {metric} {out:?}, gold {gold:?}"));
}

// ---------------------------------------------------------------- parts

fn duty_ok(gold: &Value, out: &Value) -> bool {
    number_eq(&gold["number"], &out["number"]) && contains(&gold["title_contains"], &text_of(&out["title"]))
}

fn units(duty: &Value) -> Vec<(String, String)> {
    list(duty, "units").iter().map(|unit| (name(&text_of(&unit["name"])), text_of(&unit["role"]))).collect()
}

fn duty(score: &mut Score, gold: &Value, out: &Value, place: &str) {
    let optional: Vec<String> =
        list(gold, "optional_units").iter().map(|unit| name(&text_of(unit))).collect();
    for metric in ["units", "units_all"] {
        let keep = score.diff.len();
        bag(
            score,
            metric,
            &units(gold),
            &units(out),
            |a, b| a == b,
            |unit| optional.contains(&unit.0),
            place,
        );
        if metric == "units_all" {
            score.diff.truncate(keep);
        }
    }
    let names = |duty: &Value| list(duty, "leads").iter().map(|lead| nf(&text_of(lead))).collect::<Vec<_>>();
    bag(score, "leads", &names(gold), &names(out), |a, b| a == b, |_| false, place);
    for metric in ["due", "due_all"] {
        let keep = score.diff.len();
        scalar(score, metric, &gold["due"], &out["due"], place);
        if metric == "due_all" {
            score.diff.truncate(keep);
        }
    }
    scalar(score, "start", &gold["start"], &out["start"], place);
    scalar(score, "recurrence", &gold["recurrence"], &out["recurrence"], place);
    let any = gold.get("optional_targets").and_then(Value::as_str) == Some("any");
    for metric in ["targets", "targets_all"] {
        let keep = score.diff.len();
        let ignore =
            |out: &Value| any || list(gold, "optional_targets").iter().any(|gold| target_eq(gold, out));
        bag(score, metric, list(gold, "targets"), list(out, "targets"), target_eq, ignore, place);
        if metric == "targets_all" {
            score.diff.truncate(keep);
        }
    }
}

fn checklists(score: &mut Score, gold: &Value, out: &Value, place: &str) {
    let (golds, outs) = (list(gold, "checklists"), list(out, "checklists"));
    let children = |item: &Value| match &item["children"] {
        Value::Array(list) => list.len() as u64,
        other => other.as_u64().unwrap_or(0),
    };
    let graded = |item: &Value| match &item["grading"] {
        Value::Object(grades) => grades.values().any(|grade| !grade.is_null() && grade != ""),
        Value::Bool(graded) => *graded,
        _ => false,
    };
    let found = matching(
        golds,
        outs,
        |gold, out| contains(&gold["site_type_contains"], &text_of(&out["site_type"])),
        |gold, out| list(gold, "items").len().abs_diff(list(out, "items").len()),
    );
    for (i, gold) in golds.iter().enumerate() {
        let empty = Value::Null;
        let out = found.get(&i).map_or(&empty, |&j| &outs[j]);
        let place = format!("{place}/{}", gold["site_type_contains"]);
        let (items, got) = (list(gold, "items"), list(out, "items"));
        let same = |gold: &Value, out: &Value| {
            number_eq(&gold["number"], &out["number"])
                && alternatives(&gold["children"])
                    .iter()
                    .any(|gold| gold.as_u64().unwrap_or(0) == children(out))
        };
        bag(score, "checklist_items", items, got, same, |_| false, &place);
        let pairs = matching(items, got, |gold, out| number_eq(&gold["number"], &out["number"]), |_, _| 0);
        for (k, item) in items.iter().enumerate() {
            let Some(wanted) = item["grading"].as_bool() else { continue };
            let is = pairs.get(&k).is_some_and(|&j| graded(&got[j]));
            score.add(
                "grading",
                usize::from(wanted && is),
                usize::from(is && !wanted),
                usize::from(wanted && !is),
            );
            if wanted != is {
                score.diff.push(format!("{place}: grading of {} is {is}", item["number"]));
            }
        }
        let paired: Vec<usize> = pairs.values().copied().collect();
        score.add(
            "grading",
            0,
            (0..got.len()).filter(|j| !paired.contains(j) && graded(&got[*j])).count(),
            0,
        );
    }
    let used: Vec<usize> = found.values().copied().collect();
    for (j, out) in outs.iter().enumerate() {
        let optional =
            list(gold, "optional_checklists").iter().any(|site| contains(site, &text_of(&out["site_type"])));
        if !used.contains(&j) && !optional {
            score.add("checklist_items", 0, list(out, "items").len(), 0);
            score.diff.push(format!("{place}: checklist too much {}", out["site_type"]));
        }
    }
}

fn figures(assessment: &Value) -> Vec<(String, String, String, Value)> {
    let mut found = Vec::new();
    for system in list(assessment, "systems") {
        for key in ["parts", "items", "indicators"] {
            if !system[key].is_null() {
                found.push((
                    "system".to_owned(),
                    system["name"].to_string(),
                    key.to_owned(),
                    system[key].clone(),
                ));
            }
        }
    }
    for method in list(assessment, "methods") {
        found.push((
            "method".into(),
            method["method"].to_string(),
            "indicators".into(),
            method["indicators"].clone(),
        ));
    }
    found
}

fn plan(score: &mut Score, gold: &Value, out: &Value, place: &str) {
    let optional = |key: &str, text: &str| list(gold, key).iter().any(|gold| contains(gold, text));
    let phase_ok = |gold: &Value, out: &Value| {
        contains(&gold["title_contains"], &text_of(&out["title"]))
            && ["start", "end"].iter().all(|key| {
                let out = text_of(&out[*key]).to_uppercase();
                alternatives(&gold[*key]).iter().any(|gold| text_of(gold).to_uppercase() == out)
            })
    };
    bag(
        score,
        "phases",
        list(gold, "phases"),
        list(out, "phases"),
        phase_ok,
        |out| optional("optional_phases", &text_of(&out["title"])),
        place,
    );

    let (golds, outs) = (list(gold, "duties"), list(out, "duties"));
    let may = |out: &Value| {
        let head: String = loose(&text_of(&out["text"])).chars().take(60).collect();
        list(gold, "optional").iter().any(|entry| {
            (entry["number"].is_null() || number_eq(&entry["number"], &out["number"]))
                && (contains(&entry["title_contains"], &text_of(&out["title"]))
                    || head.contains(&loose(&text_of(&entry["title_contains"]))))
        })
    };
    let far = |gold: &Value, out: &Value| {
        let (a, b) = (units(gold), units(out));
        a.iter().filter(|unit| !b.iter().any(|other| other.0 == unit.0)).count()
            + b.iter().filter(|unit| !a.iter().any(|other| other.0 == unit.0)).count()
    };
    let found = bag_by_cost(score, "duties", golds, outs, duty_ok, may, place, far);
    for (i, gold) in golds.iter().enumerate() {
        match found.get(&i) {
            Some(&j) => duty(score, gold, &outs[j], &format!("{place}/{}", gold["title_contains"])),
            None => {
                score.add("units_all", 0, 0, list(gold, "units").len());
                score.add(
                    "due_all",
                    0,
                    0,
                    usize::from(!alternatives(&gold["due"]).iter().any(|due| due.is_null())),
                );
                score.add("targets_all", 0, 0, list(gold, "targets").len());
            }
        }
    }
    checklists(score, gold, out, place);
    let silent = gold.get("optional_assessment") == Some(&Value::Bool(true)) && gold["assessment"].is_null();
    if !silent {
        let same = |gold: &(String, String, String, Value), out: &(String, String, String, Value)| {
            let name: Value = serde_json::from_str(&gold.1).unwrap_or_default();
            gold.0 == out.0 && gold.2 == out.2 && either(&name, &out.1) && value_eq(&gold.3, &out.3)
        };
        bag(
            score,
            "assessment",
            &figures(&gold["assessment"]),
            &figures(&out["assessment"]),
            same,
            |_| false,
            place,
        );
        let gate = |gold: &Value, out: &Value| {
            either(&gold["subject"], &text_of(&out["subject"])) && target_eq(gold, out)
        };
        bag(
            score,
            "gates",
            list(&gold["assessment"], "gates"),
            list(&out["assessment"], "gates"),
            gate,
            |_| false,
            place,
        );
    }
    let group = |gold: &Value, out: &Value| contains(&gold["name_contains"], &text_of(&out["name"]));
    bag(
        score,
        "groups",
        list(gold, "groups"),
        list(out, "groups"),
        group,
        |out| optional("optional_groups", &text_of(&out["name"])),
        place,
    );
}

/// Plans in order: the order-preserving pairing with the highest likeness.
fn align(golds: &[Value], outs: &[Value]) -> Vec<(usize, usize)> {
    let like = |i: usize, j: usize| {
        let (gold, out) = (&golds[i], &outs[j]);
        let mut sum = if contains(&gold["title_contains"], &text_of(&out["title"])) { 2.0 } else { 0.0 };
        sum += if i == j { 0.05 } else { 0.0 };
        let count = list(gold, "duties").len() + list(gold, "checklists").len() + list(gold, "phases").len();
        if count > 0 {
            let duties = matching(list(gold, "duties"), list(out, "duties"), duty_ok, |_, _| 0).len();
            let sites = matching(
                list(gold, "checklists"),
                list(out, "checklists"),
                |a, b| contains(&a["site_type_contains"], &text_of(&b["site_type"])),
                |_, _| 0,
            );
            let phases = matching(
                list(gold, "phases"),
                list(out, "phases"),
                |a, b| contains(&a["title_contains"], &text_of(&b["title"])),
                |_, _| 0,
            );
            sum += 4.0 * (duties + sites.len() + phases.len()) as f64 / count as f64;
        }
        sum
    };
    let (n, k) = (golds.len(), outs.len());
    let mut best = vec![vec![0.0_f64; k + 1]; n + 1];
    for i in (0..n).rev() {
        for j in (0..k).rev() {
            let here = like(i, j);
            let pair = if here > 0.0 { here + best[i + 1][j + 1] } else { 0.0 };
            best[i][j] = best[i + 1][j].max(best[i][j + 1]).max(pair);
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < n && j < k {
        let here = like(i, j);
        if here > 0.0 && (best[i][j] - (here + best[i + 1][j + 1])).abs() < 1e-12 {
            pairs.push((i, j));
            i += 1;
            j += 1;
        } else if (best[i][j] - best[i + 1][j]).abs() < 1e-12 {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Compares a reading with its gold.
pub(crate) fn score(gold: &Value, out: &Value) -> Score {
    let mut score = Score::default();
    let (golds, outs) = (list(gold, "plans"), list(out, "plans"));
    let source = text_of(&gold["source"]);
    let pairs = align(golds, outs);
    for &(i, j) in &pairs {
        let place = format!("{source} plan {}", i + 1);
        let titled = contains(&golds[i]["title_contains"], &text_of(&outs[j]["title"]));
        score.add("plans", usize::from(titled), usize::from(!titled), usize::from(!titled));
        if !titled {
            score.diff.push(format!("{place}: title {}", outs[j]["title"]));
        }
        let kind = alternatives(&golds[i]["kind"]).contains(&&outs[j]["kind"]);
        score.add("kind", usize::from(kind), usize::from(!kind), usize::from(!kind));
        plan(&mut score, &golds[i], &outs[j], &place);
    }
    for i in (0..golds.len()).filter(|i| !pairs.iter().any(|pair| pair.0 == *i)) {
        score.add("plans", 0, 0, 1);
        score.diff.push(format!("{source}: plan missed {}", golds[i]["title_contains"]));
        plan(&mut score, &golds[i], &Value::Null, &source);
    }
    for j in (0..outs.len()).filter(|j| !pairs.iter().any(|pair| pair.1 == *j)) {
        score.add("plans", 0, 1, 0);
        score.diff.push(format!("{source}: plan too much {}", outs[j]["title"]));
        plan(&mut score, &Value::Null, &outs[j], &source);
    }
    score
}
