//! The table of a task's life against an expectation written down on its own, cell by cell.

use chengjing_domain::{
    duty::task::{DeedKind, Outcome, Party, StateKind, Why, markdown, may, outcome, perform},
    plan::UnitRole,
};

use crate::task_making::{act, deed_of, task_in};

/// Columns: the states in this order. Letters: o(wner), l(ead), f (the office), s(uperior), y (the system).
const STATES: [&str; 9] = [
    "assigned",
    "accepted",
    "in_progress",
    "returned",
    "reported",
    "confirmed",
    "sent_back",
    "missed",
    "withdrawn",
];

#[rustfmt::skip] // a table is read in columns
const EXPECTED: &[(&str, [&str; 9])] = &[
    //                       ass   acc   prog  ret   rep   conf  sent  miss  withdr
    ("accept",             ["o",  "",   "",   "o",  "",   "",   "",   "",   ""]),
    ("return_as_not_ours", ["o",  "o",  "",   "",   "",   "",   "",   "",   ""]),
    ("uphold",             ["",   "",   "",   "f",  "",   "",   "",   "",   ""]),
    ("reassign",           ["f",  "f",  "f",  "f",  "",   "",   "f",  "",   ""]),
    ("progress",           ["o",  "o",  "o",  "",   "",   "",   "o",  "",   ""]),
    ("report",             ["o",  "o",  "o",  "",   "",   "",   "o",  "",   ""]),
    ("take_back_report",   ["",   "",   "",   "",   "o",  "",   "",   "",   ""]),
    ("confirm",            ["",   "",   "",   "",   "f",  "",   "",   "",   ""]),
    ("send_back",          ["",   "",   "",   "",   "lf", "",   "",   "",   ""]),
    ("reopen",             ["",   "",   "",   "",   "",   "f",  "",   "",   ""]),
    ("ask_extension",      ["o",  "o",  "o",  "",   "",   "",   "o",  "",   ""]),
    ("grant_extension",    ["f",  "f",  "f",  "f",  "f",  "",   "f",  "",   ""]),
    ("refuse_extension",   ["f",  "f",  "f",  "f",  "f",  "",   "f",  "",   ""]),
    ("ask_help",           ["o",  "o",  "o",  "",   "",   "",   "o",  "",   ""]),
    ("answer_help",        ["fs", "fs", "fs", "fs", "fs", "",   "fs", "",   ""]),
    ("withdraw",           ["f",  "f",  "f",  "f",  "f",  "",   "f",  "",   ""]),
    ("restore",            ["",   "",   "",   "",   "",   "",   "",   "",   "f"]),
    ("miss",               ["y",  "y",  "y",  "",   "",   "",   "",   "",   ""]),
];

fn letter(party: Party) -> char {
    match party {
        Party::Owner => 'o',
        Party::Lead => 'l',
        Party::Office => 'f',
        Party::Superior => 's',
        Party::System => 'y',
    }
}

/// Every (state, deed, party) with what is expected of it.
fn cells() -> impl Iterator<Item = (StateKind, DeedKind, Party, bool)> {
    EXPECTED.iter().flat_map(|(deed, row)| {
        let deed = DeedKind::from_code(deed).expect("a deed");
        row.iter().zip(STATES).flat_map(move |(who, state)| {
            let state = StateKind::from_code(state).expect("a state");
            Party::ALL.into_iter().map(move |party| (state, deed, party, who.contains(letter(party))))
        })
    })
}

#[test]
fn the_expectation_covers_every_state_deed_and_party() {
    assert_eq!(cells().count(), StateKind::ALL.len() * DeedKind::ALL.len() * Party::ALL.len());
}

#[test]
fn the_table_says_what_is_expected_in_every_cell() {
    for (state, deed, party, expected) in cells() {
        assert_eq!(may(state, deed, party), expected, "{} {} {}", party.code(), deed.code(), state.code());
    }
}

#[test]
fn a_task_does_what_the_table_allows_and_refuses_the_rest_with_what_is_possible() {
    for (state, deed, party, allowed) in cells() {
        let cell = format!("{} {} {}", party.code(), deed.code(), state.code());
        let task = task_in(state, deed, UnitRole::Responsible);
        let before = task.clone();
        match perform(task, deed_of(deed), &act(party)) {
            Ok(done) => {
                assert!(allowed, "{cell}");
                assert_eq!(
                    (done.step.from, done.step.to, done.step.deed),
                    (state, done.task.state.kind(), deed)
                );
                let expected = match outcome(deed) {
                    Outcome::To(state) => state,
                    Outcome::Stays => state,
                    Outcome::AsBefore => StateKind::Assigned,
                };
                assert_eq!(done.task.state.kind(), expected, "{cell}");
                assert_eq!(done.task.version, before.version + 1, "{cell}");
            }
            Err(refused) => {
                assert!(!allowed, "{cell}: {refused:?}");
                let somebody = cells().any(|(s, d, _, yes)| yes && (s, d) == (state, deed));
                let why = if somebody { Why::NotYours(party) } else { Why::NotFromHere };
                assert_eq!(refused.why, why, "{cell}");
                for possible in refused.possible {
                    let row = cells().find(|(s, d, p, _)| (*s, *d, *p) == (state, possible, party));
                    assert!(row.is_some_and(|(.., yes)| yes), "{cell}: {possible:?} is offered");
                }
            }
        }
    }
}

#[test]
fn the_page_shows_the_same_table() {
    let page = markdown();
    for (deed, row) in EXPECTED {
        let line = page.lines().find(|line| line.starts_with(&format!("| `{deed}` |"))).expect("a line");
        let shown: Vec<&str> = line.split('|').skip(3).take(9).map(str::trim).collect();
        let expected: Vec<String> = row
            .iter()
            .map(|who| {
                let names = Party::ALL.into_iter().filter(|party| who.contains(letter(*party)));
                names.map(Party::code).collect::<Vec<_>>().join(", ")
            })
            .collect();
        assert_eq!(shown, expected, "{deed}");
    }
}
