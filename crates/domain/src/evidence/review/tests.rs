use chrono::{Days, TimeDelta};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    id::{CampaignId, EvidenceId, EvidenceLinkId, StandardId, UnitId},
    standard::FilingKind,
};

const FILER: UserId = UserId(Uuid::from_u128(1));
const REVIEWER: UserId = UserId(Uuid::from_u128(2));

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn at(n: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::hours(n)
}

fn shown(version: u32) -> Shown {
    Shown { version, pieces: version + 1 }
}

fn link() -> EvidenceLink {
    EvidenceLink {
        campaign: CampaignId(Uuid::from_u128(10)),
        id: EvidenceLinkId(Uuid::from_u128(11)),
        evidence: EvidenceId(Uuid::from_u128(12)),
        unit: UnitId(Uuid::from_u128(13)),
        kind: FilingKind::Photo,
        standard: StandardId(Uuid::from_u128(14)),
        requirement: "h-campaign".into(),
        review: Review::Submitted { shown: shown(1), by: FILER, at: at(0), stands: None, lapsed: false },
        changed_at: at(0),
        version: 1,
    }
}

fn accept() -> Deed {
    Deed::Accept { grade: "A".into(), until: Some(day("2026-12-31")) }
}

fn accepted() -> EvidenceLink {
    link().perform(accept(), Party::Reviewer, REVIEWER, at(1)).expect("it waits")
}

fn returned() -> EvidenceLink {
    let deed = Deed::Return { reason: "看不清".into() };
    link().perform(deed, Party::Reviewer, REVIEWER, at(1)).expect("it waits")
}

fn expired() -> EvidenceLink {
    let deed = Deed::Expire { today: day("2027-01-01") };
    accepted().perform(deed, Party::System, REVIEWER, at(2)).expect("it is too old")
}

/// The table as the office would write it: in each state, who may do what. What is not here is refused.
const TABLE: &[(StateKind, DeedKind, Party)] = &[
    (StateKind::Submitted, DeedKind::Submit, Party::Unit),
    (StateKind::Submitted, DeedKind::Accept, Party::Reviewer),
    (StateKind::Submitted, DeedKind::Return, Party::Reviewer),
    (StateKind::Submitted, DeedKind::Expire, Party::System),
    (StateKind::Accepted, DeedKind::Submit, Party::Unit),
    (StateKind::Accepted, DeedKind::TakeBack, Party::Reviewer),
    (StateKind::Accepted, DeedKind::Expire, Party::System),
    (StateKind::Returned, DeedKind::Submit, Party::Unit),
    (StateKind::Returned, DeedKind::Expire, Party::System),
    (StateKind::Expired, DeedKind::Submit, Party::Unit),
];

#[test]
fn the_table_allows_what_is_written_here_and_nothing_else() {
    for link in [link(), accepted(), returned(), expired()] {
        let state = link.review.kind();
        for deed in DeedKind::ALL {
            for party in [Party::Unit, Party::Reviewer, Party::System] {
                let written = TABLE.contains(&(state, deed, party));
                assert_eq!(may(state, deed, party), written, "{state:?} {deed:?} {party:?}");
                let whole = match deed {
                    DeedKind::Submit => Deed::Submit { shown: shown(9) },
                    DeedKind::Accept => accept(),
                    DeedKind::Return => Deed::Return { reason: "看不清".into() },
                    DeedKind::TakeBack => Deed::TakeBack { reason: "弄错了".into() },
                    DeedKind::Expire => Deed::Expire { today: day("2027-01-01") },
                };
                let outcome = link.clone().perform(whole, party, REVIEWER, at(5));
                // Where nothing stands accepted there is nothing that could be too old.
                let idle = deed == DeedKind::Expire && link.review.acceptance().is_none();
                assert_eq!(outcome.is_ok(), written && !idle, "{state:?} {deed:?} {party:?}: {outcome:?}");
            }
        }
    }
}

#[test]
fn nobody_decides_about_what_they_submitted() {
    for deed in [accept(), Deed::Return { reason: "不".into() }] {
        assert_eq!(link().perform(deed, Party::Reviewer, FILER, at(1)), Err(Refused::OwnWork));
    }
}

#[test]
fn what_was_accepted_stands_while_a_later_version_is_reviewed_and_after_it_was_returned() {
    let again = Deed::Submit { shown: shown(1) };
    assert_eq!(accepted().perform(again, Party::Unit, FILER, at(2)), Err(Refused::SameVersion));
    let anew =
        accepted().perform(Deed::Submit { shown: shown(2) }, Party::Unit, FILER, at(2)).expect("later");
    assert_eq!(anew.review.counted(), Counted { what: CountedAs::AcceptedAnew, pieces: 2 });
    let deed = Deed::Return { reason: "不如原来".into() };
    let back = anew.clone().perform(deed, Party::Reviewer, REVIEWER, at(3)).expect("it waits");
    assert_eq!(back.review.counted(), Counted { what: CountedAs::Accepted, pieces: 2 });
    assert_eq!(back.may_unlink(), Err(Refused::Locked));
    let better = anew.perform(accept(), Party::Reviewer, REVIEWER, at(3)).expect("it waits");
    assert_eq!(better.review.counted(), Counted { what: CountedAs::Accepted, pieces: 3 });
}

#[test]
fn it_may_be_taken_off_a_requirement_until_it_is_accepted() {
    assert_eq!(link().may_unlink(), Ok(()));
    assert_eq!(returned().may_unlink(), Ok(()));
    assert_eq!(accepted().may_unlink(), Err(Refused::Locked));
    assert_eq!(expired().may_unlink(), Err(Refused::Locked));
    let taken_back =
        accepted().perform(Deed::TakeBack { reason: "弄错了".into() }, Party::Reviewer, REVIEWER, at(2));
    assert_eq!(taken_back.expect("it is accepted").may_unlink(), Err(Refused::Locked));
}

#[test]
fn it_counts_on_its_last_day_and_not_on_the_next() {
    let deed = |today| Deed::Expire { today: day(today) };
    let early = accepted().perform(deed("2026-12-31"), Party::System, REVIEWER, at(2));
    assert_eq!(early, Err(Refused::NotOver));
    assert_eq!(expired().review.counted().what, CountedAs::Expired);
}

#[test]
fn every_code_is_its_own_and_comes_back() {
    for state in StateKind::ALL {
        assert_eq!(StateKind::from_code(state.code()), Some(state));
        assert_eq!(serde_json::to_value(state).expect("a word"), state.code());
    }
    for deed in DeedKind::ALL {
        assert_eq!(DeedKind::from_code(deed.code()), Some(deed));
        assert_eq!(serde_json::to_value(deed).expect("a word"), deed.code());
    }
    for counted in CountedAs::ALL {
        assert_eq!(CountedAs::from_code(counted.code()), Some(counted));
    }
}

#[test]
fn what_counts_no_more_on_the_day_is_not_accepted() {
    let accept = |until: &str| {
        let deed = Deed::Accept { grade: "A".into(), until: Some(day(until)) };
        link().perform(deed, Party::Reviewer, REVIEWER, at(1)).map(|link| link.review.kind())
    };
    assert_eq!(accept("1969-12-31"), Err(Refused::TooOld));
    assert_eq!(accept("1970-01-01"), Ok(StateKind::Accepted), "the last day counts");
}

/// What a reviewer with a pencil would note of a link: which version waits, and which is accepted until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Note {
    waits: Option<u32>,
    accepted: Option<(u32, NaiveDate)>,
    seen: u32,
    ever_over: bool,
}

#[derive(Debug, Clone)]
enum Try {
    Submit(u32),
    Accept(bool, u64),
    Return(bool),
    TakeBack,
    Expire(u64),
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = prop_oneof![
        3 => (0u32..3).prop_map(Try::Submit),
        3 => (any::<bool>(), 0u64..40).prop_map(|(own, until)| Try::Accept(own, until)),
        2 => any::<bool>().prop_map(Try::Return),
        1 => Just(Try::TakeBack),
        1 => (0u64..40).prop_map(Try::Expire),
    ];
    prop::collection::vec(one, 0..30)
}

proptest! {
    /// Whatever is tried in whatever order, the review stands as the pencil's note says.
    #[test]
    fn random_histories_agree_with_a_plain_note(tries in tries()) {
        let start = day("2026-01-01");
        let plus = |days: u64| start.checked_add_days(Days::new(days)).expect("a day");
        let mut link = link();
        let mut note = Note { waits: Some(1), accepted: None, seen: 1, ever_over: false };
        for (n, one) in tries.into_iter().enumerate() {
            let now = at(i64::try_from(n).expect("few") + 1);
            let before = note;
            let (deed, party, by) = match one {
                Try::Submit(ahead) => {
                    let version = note.seen + ahead;
                    // The same version again only where it was returned: nothing waits, and it is not the accepted one.
                    let same_accepted = note.accepted.is_some_and(|(accepted, _)| accepted == note.seen);
                    let again = note.waits.is_none() && !same_accepted && !note.ever_over;
                    if version > note.seen || again {
                        note = Note { waits: Some(version), seen: version, ever_over: false, ..note };
                    }
                    (Deed::Submit { shown: shown(version) }, Party::Unit, FILER)
                }
                Try::Accept(own, until) => {
                    if let Some(version) = note.waits.filter(|_| !own) {
                        note = Note { waits: None, accepted: Some((version, plus(until))), ..note };
                    }
                    let by = if own { FILER } else { REVIEWER };
                    (Deed::Accept { grade: "A".into(), until: Some(plus(until)) }, Party::Reviewer, by)
                }
                Try::Return(own) => {
                    if !own {
                        note.waits = None;
                    }
                    (Deed::Return { reason: "退".into() }, Party::Reviewer, if own { FILER } else { REVIEWER })
                }
                Try::TakeBack => {
                    if note.waits.is_none() && note.accepted.is_some_and(|(version, _)| version == note.seen) {
                        note.accepted = None;
                    }
                    (Deed::TakeBack { reason: "错".into() }, Party::Reviewer, REVIEWER)
                }
                Try::Expire(today) => {
                    if let Some((version, until)) = note.accepted && until < plus(today) {
                        note.ever_over = note.waits.is_none() && version == note.seen;
                        note.accepted = None;
                    }
                    (Deed::Expire { today: plus(today) }, Party::System, REVIEWER)
                }
            };
            match link.clone().perform(deed.clone(), party, by, now) {
                Ok(after) => link = after,
                Err(_) => prop_assert_eq!(before, note, "refused, and noted all the same: {:?}", deed),
            }
            let waits = match &link.review {
                Review::Submitted { shown, .. } => Some(shown.version),
                _ => None,
            };
            prop_assert_eq!(waits, note.waits, "after {:?}", deed);
            let accepted = link.review.acceptance().map(|one| (one.shown.version, one.until));
            prop_assert_eq!(accepted, note.accepted.map(|(version, until)| (version, Some(until))), "after {:?}", deed);
            prop_assert_eq!(link.review.counted().what.is_accepted(), note.accepted.is_some());
            prop_assert_eq!(link.review.counted().what.waits(), note.waits.is_some());
        }
    }
}
