use rust_decimal::Decimal;

use super::*;
use crate::{
    id::{UnitId, UserId},
    standard::Method,
};

fn at(day: u32) -> DateTime<Utc> {
    format!("2026-03-{day:02}T08:00:00Z").parse().expect("a moment")
}

fn visit(site: &str, verdict: &str) -> Fact {
    Fact::Visit {
        site: site.into(),
        criterion: "market/a".into(),
        verdict: Some(verdict.into()),
        number: None,
        metres: None,
        absent: false,
    }
}

fn kept(n: u128, day: u32, fact: Fact) -> KeptObservation {
    KeptObservation {
        campaign: CampaignId(uuid::Uuid::from_u128(1)),
        id: ObservationId(uuid::Uuid::from_u128(n)),
        at: at(day),
        accepted_at: Some(at(day)),
        covert: false,
        released_at: None,
        round: None,
        fact,
        standard: None,
        unit: None,
        source: "日常巡查".into(),
        period: None,
        files: Vec::new(),
        superseded_by: None,
        withdraws: false,
        by: Author::User(UserId(uuid::Uuid::from_u128(9))),
        recorded_at: at(day),
    }
}

#[test]
fn it_is_accepted_released_and_superseded_once_each() {
    use ObservationRefusal::{Accepted, Open, Other, Released, Superseded};
    let one = KeptObservation { accepted_at: None, ..kept(1, 1, visit("s1", "met")) };
    let accepted = one.clone().accept(at(3)).expect("accepted");
    assert!(!one.counts() && accepted.counts());
    assert!(!accepted.counts_at(at(2)) && accepted.counts_at(at(3)));
    assert_eq!(accepted.clone().accept(at(4)), Err(Accepted));
    assert_eq!(accepted.clone().release(at(4)), Err(Open));
    let covert = KeptObservation { covert: true, ..accepted.clone() };
    let released = covert.clone().release(at(5)).expect("released");
    assert!(covert.is_hidden() && !covert.counts() && released.counts() && !released.is_hidden());
    assert_eq!(released.release(at(6)), Err(Released));
    let later = kept(2, 2, visit("s1", "failed"));
    let gone = accepted.clone().supersede(&later).expect("superseded");
    assert_eq!(gone.superseded_by, Some(later.id));
    assert_eq!(gone.supersede(&kept(3, 3, visit("s1", "met"))), Err(Superseded));
    assert_eq!(accepted.clone().supersede(&kept(3, 3, visit("s2", "met"))), Err(Other), "another site");
    assert_eq!(accepted.clone().supersede(&accepted), Err(Other), "itself");
    let figure = |statistic: &str| Fact::Figure { statistic: statistic.into(), value: Decimal::ONE };
    let judged = |method| Fact::Judgement {
        leaf: "1".into(),
        method,
        verdict: Some("A".into()),
        number: None,
        metres: None,
        absent: false,
    };
    for (one, other) in [
        (visit("s1", "met"), figure("x")),
        (figure("x"), figure("y")),
        (judged(Method::Report), judged(Method::Opinion)),
    ] {
        assert_eq!(kept(4, 1, one).supersede(&kept(5, 2, other)), Err(Other));
    }
    let elsewhere = KeptObservation {
        standard: Some(StandardId(uuid::Uuid::from_u128(7))),
        ..kept(6, 2, judged(Method::Report))
    };
    assert_eq!(kept(7, 1, judged(Method::Report)).supersede(&elsewhere), Err(Other), "another standard");
}

#[test]
fn of_a_place_the_newest_stands_that_counts_in_each_round_of_its_own() {
    let of_round = |round: &str, one: KeptObservation| KeptObservation { round: Some(round.into()), ..one };
    let old = of_round("1", kept(1, 1, visit("s1", "failed")));
    let new = of_round("2", kept(2, 2, visit("s1", "met")));
    let waiting = KeptObservation { accepted_at: None, ..kept(3, 3, visit("s1", "failed")) };
    let of = |all: &[KeptObservation]| -> Vec<(String, u128)> {
        standing(&all[0].cell().expect("a cell"), all)
            .into_iter()
            .map(|one| (one.scope.code(), one.id.0.as_u128()))
            .collect()
    };
    assert_eq!(
        of(&[new.clone(), old.clone(), waiting.clone()]),
        [("*".to_owned(), 2), ("=1".to_owned(), 1), ("=2".to_owned(), 2)]
    );
    // What supersedes takes its place when it counts, not before.
    let corrected = new.clone().supersede(&waiting).expect("superseded");
    let all = [old.clone(), corrected.clone(), waiting.clone()];
    assert_eq!(of(&all)[0], ("*".to_owned(), 2));
    let all = [old, corrected, waiting.accept(at(4)).expect("accepted")];
    assert_eq!(of(&all), [("*".to_owned(), 3), ("=".to_owned(), 3), ("=1".to_owned(), 1)]);
    let shown = |day| standing_at(&all, at(day)).iter().map(|one| one.id.0.as_u128()).collect::<Vec<_>>();
    assert_eq!((shown(3), shown(4)), (vec![1, 2, 3], vec![1, 3]), "the past stays as it was");
}

#[test]
fn a_score_of_a_moment_is_made_of_what_stood_then_in_each_round_and_of_all_answers() {
    let of_round = |round: &str, one: KeptObservation| KeptObservation { round: Some(round.into()), ..one };
    let answer = |n: u128, day: u32| {
        let options = [("yes".to_owned(), 1)].into();
        kept(n, day, Fact::Answers { question: "q".into(), group: None, options })
    };
    let all = [
        of_round("1", kept(1, 1, visit("s1", "failed"))),
        of_round("2", kept(2, 2, visit("s1", "met"))),
        kept(3, 3, visit("s1", "met")),
        kept(4, 4, visit("s1", "failed")),
        answer(5, 1),
        answer(6, 5),
        KeptObservation { covert: true, released_at: Some(at(9)), ..kept(7, 2, visit("s2", "met")) },
    ];
    let of = |day| scored_at(&all, at(day)).iter().map(|one| one.id.0.as_u128()).collect::<Vec<_>>();
    assert_eq!(of(2), [1, 5, 2]);
    assert_eq!(of(4), [1, 5, 2, 4], "the newest of no round in place of the one before");
    assert_eq!(of(9), [1, 5, 2, 7, 4, 6]);
}

#[test]
fn the_round_that_is_scored_is_the_one_that_was_observed_last() {
    let round = |n: u128, day: u32, round: &str| KeptObservation {
        round: (!round.is_empty()).then(|| round.to_owned()),
        ..kept(n, day, visit("s1", "met"))
    };
    let all = [round(1, 1, "一"), round(2, 5, "二"), round(3, 9, "")];
    assert_eq!(round_at(&all, at(4)).as_deref(), Some("一"));
    assert_eq!(round_at(&all, at(9)).as_deref(), Some("二"));
    assert_eq!(round_at(&all[2..], at(9)), None);
}

#[test]
fn a_site_is_judged_from_its_first_day_to_before_its_last() {
    let site = Site {
        campaign: CampaignId(uuid::Uuid::from_u128(1)),
        id: crate::id::SiteId(uuid::Uuid::from_u128(2)),
        name: "城东农贸市场".into(),
        site_type: "market".into(),
        unit: None,
        earlier: Vec::new(),
        position: None,
        added_at: at(2),
        closed_at: Some(at(5)),
        version: 1,
    };
    let there: Vec<bool> = [1, 2, 4, 5].map(|day| site.is_there_at(at(day))).to_vec();
    assert_eq!(there, [false, true, true, false]);
    let on = |longitude: i64, latitude: i64| {
        Position { longitude: longitude.into(), latitude: latitude.into(), datum: Datum::Gcj02 }.is_sound()
    };
    assert!(on(117, 36) && !on(181, 36) && !on(117, -91));
}

#[test]
fn whoever_answered_for_a_site_at_a_moment_is_named_for_that_moment() {
    let [first, second, third] = [7, 8, 9].map(|n| UnitId(uuid::Uuid::from_u128(n)));
    let mut site = Site {
        campaign: CampaignId(uuid::Uuid::from_u128(1)),
        id: crate::id::SiteId(uuid::Uuid::from_u128(2)),
        name: "城东农贸市场".into(),
        site_type: "market".into(),
        unit: None,
        earlier: Vec::new(),
        position: None,
        added_at: at(2),
        closed_at: None,
        version: 1,
    };
    site.assign(Some(first), at(2));
    assert!(site.earlier.is_empty(), "said while it was added");
    site.assign(Some(second), at(4));
    site.assign(Some(second), at(5));
    site.assign(Some(third), at(6));
    site.assign(None, at(6));
    let named = |site: &Site| [2, 3, 4, 5, 6, 7].map(|day| site.unit_at(at(day)));
    let [a, b] = [Some(first), Some(second)];
    assert_eq!(named(&site), [a, a, b, b, None, None]);
    assert_eq!(site.scored(at(3)).unit, Some(first.0.to_string()));
    site.merge_units(second, first);
    assert_eq!(named(&site), [a, a, a, a, None, None]);
}

#[test]
fn a_review_of_one_standard_stands_beside_one_of_another_and_one_of_all() {
    let review = |n: u128, day: u32, of: Option<u128>, verdict: &str| KeptObservation {
        standard: of.map(|n| StandardId(uuid::Uuid::from_u128(n))),
        ..kept(
            n,
            day,
            Fact::Review { requirement: "health".into(), verdict: verdict.into(), incomplete: false },
        )
    };
    let all = [
        review(1, 1, Some(7), "A"),
        review(2, 2, Some(8), "B"),
        review(3, 3, Some(7), "C"),
        review(4, 4, None, "A"),
    ];
    let stands = |one: &KeptObservation| {
        let cell = one.cell().expect("a cell");
        let standing = standing(&cell, &all).into_iter().find(|it| it.scope == crate::score::Scope::Any);
        standing.map(|it| it.id)
    };
    let standing: Vec<_> = all.iter().map(|one| stands(one).expect("something stands").0.as_u128()).collect();
    assert_eq!(standing, [3, 2, 3, 4]);
}

#[test]
fn what_was_corrected_twice_never_comes_back_though_the_first_correction_does_not_count() {
    let waiting = KeptObservation { accepted_at: None, ..kept(2, 2, visit("s1", "met")) };
    let last = kept(3, 3, visit("s1", "partly"));
    let first = kept(1, 1, visit("s1", "failed")).supersede(&waiting).expect("superseded");
    let all = [first, waiting.supersede(&last).expect("superseded"), last];
    let of = |day| scored_at(&all, at(day)).iter().map(|one| one.id.0.as_u128()).collect::<Vec<_>>();
    assert_eq!((of(3), of(9)), (vec![3], vec![3]));
    assert_eq!(of(2), [1], "it had not been corrected by anything that counted");
    // Of answers all count but those that were corrected.
    let answered = |one: &KeptObservation| KeptObservation {
        fact: Fact::Answers { question: "q".into(), group: None, options: [("yes".to_owned(), 1)].into() },
        ..one.clone()
    };
    let answers: Vec<KeptObservation> = all.iter().map(answered).collect();
    assert_eq!(counters(&answers).values().sum::<i64>(), 1);
}

#[test]
fn what_was_recorded_in_error_is_withdrawn_with_a_reason_and_what_was_there_before_stands_again() {
    let by = Author::User(UserId(uuid::Uuid::from_u128(9)));
    let event = kept(1, 1, Fact::Event { entry: "n1".into() });
    let reason = "录错了项目".to_owned();
    let withdraws =
        event.withdrawal(ObservationId(uuid::Uuid::from_u128(2)), reason, by, at(4)).expect("withdrawn");
    let gone = event.clone().supersede(&withdraws).expect("superseded");
    assert_eq!(
        gone.withdrawal(ObservationId(uuid::Uuid::from_u128(3)), String::new(), by, at(5)),
        Err(ObservationRefusal::Superseded)
    );
    assert_eq!(
        withdraws.withdrawal(ObservationId(uuid::Uuid::from_u128(3)), String::new(), by, at(5)),
        Err(ObservationRefusal::Withdraws)
    );
    let all = [gone, withdraws];
    let seen = |day| scored_at(&all, at(day)).iter().map(|one| one.id.0.as_u128()).collect::<Vec<_>>();
    assert_eq!((seen(3), seen(4)), (vec![1], vec![]), "the past stays as it was");
    for one in &all {
        assert_eq!(standing(&one.cell().expect("a cell"), &all), []);
    }
    // A visit that was put down at the wrong place: what was seen there before stands again. Seen covertly, it is as hidden
    // as what it withdraws, and takes it away all the same.
    let before = kept(5, 1, visit("s1", "met"));
    let wrong = KeptObservation { covert: true, ..kept(6, 2, visit("s1", "failed")) };
    let withdraws = wrong
        .withdrawal(ObservationId(uuid::Uuid::from_u128(7)), "不是这个点位".to_owned(), by, at(3))
        .expect("withdrawn");
    assert!(withdraws.is_hidden() && withdraws.counts());
    let wrong = wrong.release(at(5)).expect("released").supersede(&withdraws).expect("superseded");
    let all = [before, wrong, withdraws];
    assert_eq!(standing(&all[0].cell().expect("a cell"), &all)[0].id, all[0].id);
    assert_eq!(counters(&all).values().sum::<i64>(), 2, "once among all, once among those of no round");
    assert_eq!(round_at(&all, at(9)), None);
}

#[test]
fn a_round_that_was_typed_by_mistake_is_scored_no_more_once_it_was_corrected() {
    let of_round = |n, day, round: &str| KeptObservation {
        round: Some(round.into()),
        ..kept(n, day, visit("s1", "met"))
    };
    let right = of_round(3, 6, "二");
    let stray = of_round(2, 6, "三").supersede(&right).expect("superseded");
    let all = [of_round(1, 1, "二"), stray, right];
    assert_eq!(round_at(&all, at(9)).as_deref(), Some("二"));
}

#[test]
fn the_figures_of_a_year_and_of_its_months_stand_beside_each_other() {
    let figure = |n, day, period: Option<&str>| KeptObservation {
        period: period.map(str::to_owned),
        ..kept(n, day, Fact::Figure { statistic: "x".into(), value: Decimal::ONE })
    };
    let all = [figure(1, 1, Some("2025")), figure(2, 2, Some("2025-12")), figure(3, 3, Some("2025-12"))];
    let ids: Vec<u128> = scored_at(&all, at(9)).iter().map(|one| one.id.0.as_u128()).collect();
    assert_eq!(ids, [1, 3]);
}

#[test]
fn a_correction_that_was_recorded_in_error_leaves_what_it_corrected_as_it_was() {
    let by = Author::User(UserId(uuid::Uuid::from_u128(9)));
    let id = |n| ObservationId(uuid::Uuid::from_u128(n));
    let scored = |all: &[KeptObservation]| {
        scored_at(all, at(9)).iter().map(|one| one.id.0.as_u128()).collect::<Vec<_>>()
    };
    // Whether the correction had counted, waited, or was not to be seen by anybody yet.
    let right = kept(2, 2, visit("s1", "met"));
    let waiting = KeptObservation { accepted_at: None, ..right.clone() };
    let hidden = KeptObservation { covert: true, ..right.clone() };
    for wrong in [right, waiting, hidden] {
        let first = kept(1, 1, visit("s1", "failed")).supersede(&wrong).expect("superseded");
        let withdraws = wrong.withdrawal(id(3), "记错了".into(), by, at(3)).expect("withdrawn");
        let gone = wrong.supersede(&withdraws).expect("superseded");
        let all = [first.clone(), gone.clone(), withdraws.clone()];
        assert_eq!(scored(&all), [1], "{gone:?}");
        // A right one in its place takes that of all before it.
        let last = kept(4, 4, visit("s1", "partly"));
        let replaced = withdraws.supersede(&last).expect("superseded");
        assert_eq!(scored(&[first, gone, replaced, last]), [4]);
    }
    let hidden = KeptObservation { covert: true, ..kept(5, 1, visit("s2", "met")) };
    let withdraws = hidden.withdrawal(id(6), "记错了".into(), by, at(3)).expect("withdrawn");
    assert_eq!(withdraws.clone().release(at(4)), Err(ObservationRefusal::Withdraws));
    assert!(!withdraws.released_with(at(4)).is_hidden());
}
