//! Who leads and who helps, where the sentence itself says it: 由县城管局牵头,各镇配合,于6月底前…

use chengjing_domain::plan::UnitRole::Responsible;

use super::{
    item_marks::{names_topic, task_before, verb_behind},
    markers::{Field, Mark},
    units,
};
use crate::chars::{ends_clause, ends_with_any, is_han, skip_blanks, starts_at};

/// Words that may lead to the units.
const ASKING: [&str; 8] = ["要求", "明确由", "要由", "须由", "由", "请", "责成", "以"];

/// What says a unit's part behind its name.
const PARTS: &[&str] =
    &["牵头", "负责", "配合", "参与", "协助", "协办", "落实", "组织实施", "牵头实施", "牵头落实"];

/// Names of kinds of units, shorter than a unit's own name.
const KINDS: [&str; 5] = ["街道", "乡镇", "镇街", "街镇", "社区"];

/// Is this long enough for a unit's whole name?
fn is_named(name: &str) -> bool {
    name.starts_with('各') || name.chars().count() >= 3 || KINDS.contains(&name)
}

/// Where the clause begins that says at `at` who leads, and where the names do.
fn begins(text: &[char], from: usize, at: usize) -> (usize, usize) {
    let ends = |c: char| c == '\n' || ends_clause(c);
    let clause = (from.max(at.saturating_sub(60))..at).rev().find(|&i| ends(text[i])).map_or(from, |i| i + 1);
    let start = skip_blanks(text, clause);
    let named =
        ASKING.iter().find(|word| starts_at(text, start, word)).map_or(start, |w| start + w.chars().count());
    // 此项工作由县城管局牵头
    let by = (start..at)
        .find(|&i| text[i] == '由')
        .filter(|&by| task_before(&text[start..by]) == by - start || names_topic(&text[from.min(by)..by]));
    let named = by.map_or(named, |by| by + 1);
    // 犬只收容由县城管局牵头: what it is about stays part of the text
    let start = by.filter(|&by| task_before(&text[start..by]) != by - start).unwrap_or(start);
    (start, named)
}

/// The clauses around the 牵头 at `at`, if they hold nothing but units with their parts: [要求]县住建局牵头、各乡镇配合,
pub(super) fn led(text: &[char], from: usize, at: usize, to: usize) -> Option<Mark> {
    let follows = |i: usize| text.get(i).is_some_and(|&c| c == '、' || ends_clause(c));
    if text.get(at + 1) != Some(&'头') || !(follows(at + 2) || follows(at + 4)) {
        return None;
    }
    let (start, named) = begins(text, from, at);
    let ends = |c: char| c == '\n' || ends_clause(c);
    // as many clauses as go on with it
    let mut best = None;
    for stop in (at..to.min(at + 120)).filter(|&i| ends(text[i])).chain((to <= at + 120).then_some(to)) {
        let clauses = text.get(named..stop)?;
        // 县农业局牵头,会同县财政局、各镇,…
        let called = clauses
            .iter()
            .rposition(|&c| c == ',')
            .is_some_and(|comma| starts_at(clauses, comma + 1, "会同"));
        let units = units::in_bracket(clauses).filter(|_| called || ends_with_any(clauses, PARTS));
        if !units.is_some_and(|units| units.iter().all(|unit| is_named(&unit.name))) {
            break;
        }
        best = Some(stop);
        if stop == to || text[stop] != ',' {
            break;
        }
    }
    let stop = best?;
    // 县住建局牵头,会同县林业局推进…: who is called in stands before the verb
    if stop < to && text[stop] == ',' && starts_at(text, stop + 1, "会同") {
        let verb = verb_behind(&text[..to.min(stop + 60)], stop + 3);
        let whole = |verb: &usize| {
            units::in_bracket(&text[named..*verb])
                .is_some_and(|units| units.iter().all(|unit| unit.name.chars().count() >= 3))
        };
        if let Some(verb) = verb.filter(whole) {
            return Some(Mark {
                field: Field::Unit(Responsible),
                start,
                from: named,
                to: verb,
                end: verb,
                bracketed: false,
            });
        }
    }
    let end = if stop < to && text[stop] != '\n' { stop + 1 } else { stop };
    Some(Mark { field: Field::Unit(Responsible), start, from: named, to: stop, end, bracketed: false })
}

/// 由周立副县长牵头,县城管局负责,各镇配合: a person leads, and the clauses that go on with it say which units do what.
pub(super) fn led_by_person(text: &[char], from: usize, at: usize, to: usize) -> Option<Vec<Mark>> {
    const POSTS: &[&str] = &[
        "区长",
        "县长",
        "市长",
        "镇长",
        "乡长",
        "书记",
        "主任",
        "局长",
        "部长",
        "主席",
        "常委",
        "秘书长",
        "同志",
    ];
    if !starts_at(text, at, "牵头") || !text.get(at + 2).is_some_and(|&c| c == '、' || ends_clause(c)) {
        return None;
    }
    let (start, named) = begins(text, from, at);
    let name = text.get(named..at)?;
    if !(3..=14).contains(&name.len()) || !name.iter().all(|&c| is_han(c)) || !ends_with_any(name, POSTS) {
        return None;
    }
    let end = (at + 3).min(to);
    let mut marks = vec![Mark { field: Field::Person, start, from: named, to: at, end, bracketed: false }];
    let ends = |c: char| c == '\n' || ends_clause(c);
    let mut best = None;
    for stop in (end..to.min(end + 120)).filter(|&i| ends(text[i])).chain((to <= end + 120).then_some(to)) {
        let clauses = text.get(end..stop)?;
        let units = units::in_bracket(clauses).filter(|_| ends_with_any(clauses, PARTS));
        if !units.is_some_and(|units| units.iter().all(|unit| is_named(&unit.name))) {
            break;
        }
        best = Some(stop);
        if stop == to || text[stop] != ',' {
            break;
        }
    }
    // 严格落实党委书记牵头、班子成员包保的机制: nothing says that it is this one who leads here
    if named == start && best.is_none() {
        return None;
    }
    if let Some(stop) = best {
        let behind = if stop < to && text[stop] != '\n' { stop + 1 } else { stop };
        marks.push(Mark {
            field: Field::Unit(Responsible),
            start: end,
            from: end,
            to: stop,
            end: behind,
            bracketed: false,
        });
    }
    Some(marks)
}
