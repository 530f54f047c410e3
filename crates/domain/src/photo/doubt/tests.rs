use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::id::TaskId;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(seconds)
}

fn material(n: u128) -> AttachedTo {
    AttachedTo::Evidence(EvidenceId(Uuid::from_u128(n)))
}

fn task(n: u128) -> AttachedTo {
    AttachedTo::Task(TaskId(Uuid::from_u128(n)))
}

/// A photograph of its own bytes; `taken_at` in seconds.
fn used(n: u8, by: AttachedTo, unit: u128, taken_at: Option<i64>) -> Used {
    Used {
        photo: AttachmentId(Uuid::from_u128(n.into())),
        by,
        unit: UnitId(Uuid::from_u128(unit)),
        hash: Hash([n; 32]),
        taken_at: taken_at.map(at),
        place: None,
        named: None,
    }
}

fn near() -> Likeness {
    Likeness { shared: 20, share: 0.815, overlap: 0.9, scale: 1.104, turn: -2.04, mirrored: true }
}

fn kind(one: &Used, other: &Used, likeness: Option<&Likeness>) -> Option<DoubtKind> {
    let found = between(one, other, likeness);
    assert_eq!(found, between(other, one, likeness), "which one came first makes no difference");
    found.map(|found| found.kind())
}

#[test]
fn the_same_bytes_are_a_doubt_wherever_they_are_but_in_a_report_of_the_same_unit() {
    let own = used(1, material(1), 1, None);
    for (by, unit) in [(material(1), 1), (material(2), 1), (material(2), 2), (task(2), 2)] {
        let other = Used { hash: own.hash, ..used(2, by, unit, None) };
        assert_eq!(kind(&own, &other, None), Some(DoubtKind::SameBytes), "{by:?} of {unit}");
    }
    let told_again = Used { hash: own.hash, ..used(2, task(2), 1, None) };
    assert_eq!(kind(&own, &told_again, None), None);
    assert_eq!(kind(&used(2, task(2), 1, None), &own, Some(&near())), None);
}

#[test]
fn shots_of_one_thing_belong_together_and_the_same_shot_twice_does_not() {
    let shot = |by, unit, taken_at| used(2, by, unit, taken_at);
    let own = used(1, material(1), 1, Some(0));
    let near = near();
    // Beside each other in one material: three shots of one thing, before and after.
    assert_eq!(kind(&own, &shot(material(1), 1, Some(9)), Some(&near)), None);
    assert_eq!(kind(&own, &shot(material(1), 1, Some(90_000)), Some(&near)), None);
    // One shot that was sent along twice, or of which nobody knows when it was taken.
    assert_eq!(kind(&own, &shot(material(1), 1, Some(0)), Some(&near)), Some(DoubtKind::SameShot));
    assert_eq!(kind(&own, &shot(material(1), 1, None), Some(&near)), Some(DoubtKind::SameShot));
    assert_eq!(kind(&own, &shot(material(2), 1, Some(90_000)), Some(&near)), Some(DoubtKind::SameShot));
    let far = Likeness { shared: 5, ..near };
    assert_eq!(kind(&own, &shot(material(2), 2, None), Some(&far)), None);
    assert_eq!(kind(&own, &shot(material(2), 2, None), None), None);
}

#[test]
fn a_burst_is_a_doubt_where_it_is_used_for_several_sites_or_by_several_units() {
    let near = near();
    let own = used(1, material(1), 1, Some(0));
    let next = used(2, material(2), 1, Some(8));
    assert_eq!(kind(&own, &next, Some(&near)), None, "one activity, filed twice");
    assert_eq!(kind(&own, &used(2, material(2), 2, Some(8)), Some(&near)), Some(DoubtKind::Burst));
    let at = |longitude| Some(Ground::told(36.6, longitude, Datum::Wgs84));
    let here = Used { place: at(117.0), named: Some("东风路社区".into()), ..own };
    let same_site = Used { place: at(117.002), named: Some("东风路社区广场".into()), ..next.clone() };
    assert_eq!(kind(&here, &same_site, Some(&near)), None, "180 metres, whatever it is called");
    let other_site = Used { place: at(117.02), ..next.clone() };
    let Some(Found::Burst { seconds: 8, metres: Some(metres), alike }) =
        between(&here, &other_site, Some(&near))
    else {
        panic!("a burst for two sites");
    };
    assert!((1_780..1_790).contains(&metres), "{metres}");
    assert_eq!(alike, Alike { spots: 20, share: 82, scale: 110, turn: -20, mirrored: true });
    let by_name = Used { named: Some("西苑社区".into()), ..next };
    assert_eq!(kind(&Used { place: None, ..here }, &by_name, Some(&near)), Some(DoubtKind::Burst));
}

#[test]
fn of_several_windows_the_narrowest_is_told_and_the_first_day_counts() {
    let window = |not_before: &str, requirement: &str| Window {
        not_before: not_before.parse().expect("a day"),
        requirement: requirement.into(),
    };
    let windows = [window("2025-05-06", "健康教育"), window("2026-01-01", "爱国卫生月")];
    // Half past eleven in the evening in UTC is the next day in China.
    let taken = |text: &str| Some(text.parse().expect("a moment"));
    assert_eq!(too_old(taken("2025-12-31T23:30:00Z"), &windows), None);
    let expected = Found::TooOld {
        taken_on: "2025-12-31".parse().expect("a day"),
        not_before: "2026-01-01".parse().expect("a day"),
        requirement: "爱国卫生月".into(),
    };
    assert_eq!(too_old(taken("2025-12-31T15:30:00Z"), &windows), Some(expected));
    assert_eq!(too_old(None, &windows), None);
    assert_eq!(too_old(taken("2020-01-01T00:00:00Z"), &[]), None);
}

#[test]
fn far_is_measured_from_the_site_and_a_phone_that_writes_its_maps_datum_is_not_far() {
    let place = |longitude| Place::new(36_650_000, longitude);
    let claim = |longitude, datum, site: Option<&str>| Claimed {
        ground: Ground::told(36.65, longitude, datum),
        site: site.map(str::to_owned),
    };
    let here = claim(117.0, Datum::Wgs84, None);
    assert_eq!(far_off(place(117_004_000), std::slice::from_ref(&here)), None, "357 metres");
    let found = far_off(place(117_100_000), &[here.clone(), claim(116.9, Datum::Wgs84, Some("人民广场"))]);
    let Some(Found::FarOff { metres, site }) = found else { panic!("far") };
    assert!((17_000..17_850).contains(&metres), "{metres}: the farther one is told, by the nearer reading");
    assert_eq!(site.as_deref(), Some("人民广场"));
    // The numbers of GCJ-02 in the metadata, the same place on the map.
    let on_the_map = claim(117.0, Datum::Gcj02, None);
    assert_eq!(far_off(place(117_000_000), &[on_the_map]), None);
    assert_eq!(far_off(None, std::slice::from_ref(&here)), None);
    assert_eq!(far_off(place(100_000_000), &[]), None);
}

#[test]
fn a_doubt_is_dismissed_once_and_may_be_raised_again() {
    let by = UserId(Uuid::from_u128(5));
    let open = Doubt {
        campaign: CampaignId(Uuid::from_u128(1)),
        id: DoubtId(Uuid::from_u128(2)),
        photo: AttachmentId(Uuid::from_u128(3)),
        twin: None,
        evidence: Some(EvidenceId(Uuid::from_u128(4))),
        twin_evidence: None,
        found: Found::SameBytes,
        found_at: at(0),
        state: DoubtState::Open,
        version: 1,
    };
    assert_eq!(open.clone().raise(), Err(StandsOtherwise));
    let dismissed = open.clone().dismiss("同一活动".into(), by, at(9)).expect("it was open");
    assert!(!dismissed.is_open());
    assert_eq!(dismissed.clone().dismiss("再说".into(), by, at(10)), Err(StandsOtherwise));
    assert_eq!(dismissed.raise(), Ok(open));
}

#[test]
fn every_kind_has_a_code_of_its_own() {
    for kind in DoubtKind::ALL {
        assert_eq!(DoubtKind::from_code(kind.code()), Some(kind));
        assert_eq!(serde_json::to_value(kind).expect("a word"), kind.code());
    }
    let found = Found::SameShot(Alike::from(near()));
    let told = serde_json::to_value(&found).expect("JSON");
    assert_eq!(told["kind"], found.kind().code(), "{told}");
    assert_eq!(serde_json::from_value::<Found>(told).expect("read back"), found);
}

proptest! {
    /// Two photographs that don't look alike and are not the same bytes are never a doubt, whatever is said of them.
    #[test]
    fn unlike_photographs_are_never_compared_by_what_is_said_of_them(
        taken in (proptest::option::of(0..9_000_i64), proptest::option::of(0..9_000_i64)),
        units in (0..3_u128, 0..3_u128),
        materials in (0..3_u128, 0..3_u128),
        shared in 0..8_usize,
    ) {
        let one = used(1, material(materials.0), units.0, taken.0);
        let other = used(2, material(materials.1), units.1, taken.1);
        let unlike = Likeness { shared, ..near() };
        prop_assert_eq!(between(&one, &other, Some(&unlike)), None);
        prop_assert_eq!(between(&one, &other, None), None);
    }

    #[test]
    fn which_one_came_first_makes_no_difference(
        taken in (proptest::option::of(0..2_000_i64), proptest::option::of(0..2_000_i64)),
        units in (0..2_u128, 0..2_u128),
        materials in (0..2_u128, 0..2_u128),
        tasks in (any::<bool>(), any::<bool>()),
        same in any::<bool>(),
    ) {
        let by = |of_task: bool, n| if of_task { task(n) } else { material(n) };
        let one = used(1, by(tasks.0, materials.0), units.0, taken.0);
        let other = used(if same { 1 } else { 2 }, by(tasks.1, materials.1), units.1, taken.1);
        let found = between(&one, &other, Some(&near()));
        prop_assert_eq!(&found, &between(&other, &one, Some(&near())));
        prop_assert!(!matches!(found, Some(Found::Burst { .. })) || units.0 != units.1, "nothing is said of sites");
    }
}
