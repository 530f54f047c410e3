use std::{
    collections::HashMap,
    sync::atomic::{AtomicU64, Ordering},
};

use chengjing_domain::{
    campaign::{Campaign, Unit, UnitKind},
    id::{CampaignId, Ids, ImportId, UnitId},
    plan::{
        NamedUnit, Phase, Plan, PlanDuty, Reading, UnitRole,
        adoption::{AdoptionFault, AdoptionInput, Choice, UnitDecision, Why, adopt, propose_units},
    },
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

#[derive(Default)]
struct Counting(AtomicU64);

impl Ids for Counting {
    fn random(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        bytes[2..].copy_from_slice(&self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        bytes
    }
}

const CAMPAIGN: CampaignId = CampaignId(Uuid::from_u128(1));

fn campaign() -> Campaign {
    Campaign {
        id: CAMPAIGN,
        name: "清水县创建文明城市".into(),
        place: "清水县".into(),
        kind: "文明城市".into(),
        year: 2026,
        starts_on: None,
        ends_on: None,
        created_at: DateTime::<Utc>::UNIX_EPOCH,
        version: 1,
    }
}

fn unit(id: u128, name: &str, kind: UnitKind) -> Unit {
    Unit::new(CAMPAIGN, UnitId(Uuid::from_u128(id)), name, kind)
}

fn duty(title: &str, due: Option<&str>, units: &[(&str, UnitRole)]) -> PlanDuty {
    PlanDuty {
        title: title.into(),
        due: due.map(|due| due.parse().expect("a date")),
        units: units.iter().map(|(name, role)| NamedUnit { name: (*name).into(), role: *role }).collect(),
        ..PlanDuty::default()
    }
}

fn reading(duties: Vec<PlanDuty>, phases: Vec<Phase>) -> Reading {
    Reading { plans: vec![Plan { duties, phases, ..Plan::default() }], ..Reading::default() }
}

fn input<'a>(
    campaign: &'a Campaign,
    reading: &'a Reading,
    decisions: &'a HashMap<String, UnitDecision>,
    known: &'a [Unit],
    ids: &'a Counting,
) -> AdoptionInput<'a> {
    AdoptionInput {
        campaign,
        import: ImportId(Uuid::from_u128(77)),
        reading,
        text: &[],
        choice: &Choice::All,
        may_be_empty: false,
        without_units: &[],
        with_phases: true,
        decisions,
        known,
        known_phases: &[],
        ids,
        now: DateTime::<Utc>::UNIX_EPOCH,
    }
}

#[test]
fn a_group_makes_way_for_its_members_and_a_unit_named_twice_owes_once() {
    let (east, west) = (unit(10, "东河镇", UnitKind::Street), unit(11, "西河镇", UnitKind::Street));
    let known = [east.clone(), west.clone()];
    let reading = reading(
        vec![duty(
            "清运垃圾",
            Some("2026-06"),
            &[
                ("西河镇", UnitRole::Lead),
                ("各乡镇", UnitRole::Responsible),
                ("县 城管局", UnitRole::Support),
            ],
        )],
        Vec::new(),
    );
    let decisions = HashMap::from([
        (
            "各乡镇".to_owned(),
            UnitDecision::New {
                name: "各乡镇".into(),
                kind: UnitKind::Group,
                members: vec![east.id, west.id],
            },
        ),
        (
            "县城管局".to_owned(),
            UnitDecision::New {
                name: "县城市管理局".into(),
                kind: UnitKind::Department,
                members: Vec::new(),
            },
        ),
    ]);
    let (campaign, ids) = (campaign(), Counting::default());
    let adoption = adopt(&input(&campaign, &reading, &decisions, &known, &ids)).expect("adopts");
    let owed: Vec<_> =
        adoption.duties[0].1.units.iter().map(|unit| (unit.unit, unit.role, unit.via)).collect();
    let group = adoption.units_added[0].id;
    assert_eq!(owed[0], (west.id, UnitRole::Lead, None));
    assert_eq!(owed[1], (east.id, UnitRole::Responsible, Some(group)));
    assert_eq!(owed.len(), 3);
    assert_eq!(adoption.units_added[1].aliases, ["县城管局"]);
    assert_eq!(adoption.duties[0].1.due_on, chrono::NaiveDate::from_ymd_opt(2026, 6, 30));
}

#[test]
fn every_undecided_name_is_named_at_once() {
    let reading = reading(
        vec![duty("宣传", None, &[("县文明办", UnitRole::Lead), ("县教育局", UnitRole::Support)])],
        Vec::new(),
    );
    let (campaign, ids, decisions) = (campaign(), Counting::default(), HashMap::new());
    let faults = adopt(&input(&campaign, &reading, &decisions, &[], &ids)).expect_err("refuses");
    assert_eq!(
        faults,
        [
            AdoptionFault::Undecided { name: "县文明办".into() },
            AdoptionFault::Undecided { name: "县教育局".into() }
        ]
    );
}

#[test]
fn where_an_older_duty_keeps_its_units_nobody_is_asked_which_they_are_and_none_is_added() {
    let reading = reading(
        vec![
            duty("宣传", None, &[("县文明办", UnitRole::Lead)]),
            duty("清扫", Some("2026-06"), &[("县教育局", UnitRole::Lead)]),
        ],
        Vec::new(),
    );
    let (campaign, ids, decisions) = (campaign(), Counting::default(), HashMap::new());
    let whole = input(&campaign, &reading, &decisions, &[], &ids);
    let without_units = [(0, 1)];
    let (one, none) = (Choice::These(vec![(0, 1)]), Choice::These(Vec::new()));
    let newer = |choice| AdoptionInput { choice, without_units: &without_units, may_be_empty: true, ..whole };
    let adoption = adopt(&newer(&one)).expect("adopts");
    let made: Vec<_> =
        adoption.duties.iter().map(|(place, duty)| (*place, duty.title.as_str(), duty.units.len())).collect();
    assert_eq!((made, adoption.units_added.len()), (vec![((0, 1), "清扫", 0)], 0));
    assert_eq!(adopt(&newer(&none)).map(|adoption| adoption.duties.len()), Ok(0));
    let undecided = AdoptionFault::Undecided { name: "县文明办".into() };
    assert_eq!(adopt(&newer(&Choice::All)), Err(vec![undecided]));
    let first = AdoptionInput { choice: &none, ..whole };
    assert_eq!(adopt(&first), Err(vec![AdoptionFault::NothingChosen]));
}

#[test]
fn a_date_without_a_year_falls_into_the_campaigns_year_and_its_phase() {
    let phase = Phase {
        title: "攻坚阶段".into(),
        start: "XXXX-04-20".parse().ok(),
        end: "XXXX-06-30".parse().ok(),
        ..Phase::default()
    };
    let reading = reading(vec![duty("整治", Some("XXXX-05"), &[]), duty("长效", None, &[])], vec![phase]);
    let (campaign, ids, decisions) = (campaign(), Counting::default(), HashMap::new());
    let adoption = adopt(&input(&campaign, &reading, &decisions, &[], &ids)).expect("adopts");
    assert_eq!(adoption.duties[0].1.phase, Some(adoption.phases[0].id));
    assert_eq!(adoption.duties[0].1.due_on, chrono::NaiveDate::from_ymd_opt(2026, 5, 31));
    assert_eq!((adoption.duties[1].1.phase, adoption.duties[1].1.due_on), (None, None));
}

#[test]
fn names_are_proposed_with_what_they_may_be() {
    let mut office = unit(20, "县精神文明建设指导委员会办公室", UnitKind::Department);
    office.aliases = vec!["县创建办".into()];
    let town = unit(21, "东河镇", UnitKind::Street);
    let reading = reading(
        vec![
            duty("一", None, &[("县文明办", UnitRole::Lead), ("各乡镇", UnitRole::Support)]),
            duty("二", None, &[("县文明办", UnitRole::Lead), ("县创建办", UnitRole::Support)]),
            duty("三", None, &[("县住建局", UnitRole::Lead), ("县住房和城乡建设局", UnitRole::Lead)]),
        ],
        Vec::new(),
    );
    let proposals = propose_units(&reading.plans, &[office.clone(), town.clone()]);
    let of = |name: &str| proposals.iter().find(|proposal| proposal.name == name).expect("named");
    assert_eq!(proposals[0].name, "县文明办", "the most named comes first");
    assert_eq!(of("县文明办").existing, Some((office.id, Why::Similar)));
    assert_eq!(of("县创建办").existing, Some((office.id, Why::Alias)));
    assert_eq!((of("各乡镇").kind, of("各乡镇").members.as_slice()), (UnitKind::Group, &[town.id][..]));
    let twins = [of("县住建局").same_as.is_some(), of("县住房和城乡建设局").same_as.is_some()];
    assert!(twins[0] ^ twins[1], "one of two names of one new unit points to the other");
}
