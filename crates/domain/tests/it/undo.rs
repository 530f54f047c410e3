use std::collections::HashSet;

use chengjing_domain::{
    duty::{Duty, DutyState, DutyUnit},
    id::{CampaignId, DutyId, UnitId},
    plan::{ImportRefusal, UnitRole, undo::undo},
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

fn duty(id: u128, title: &str, version: i64) -> Duty {
    Duty {
        campaign: CampaignId(Uuid::from_u128(1)),
        id: DutyId(Uuid::from_u128(id)),
        import: None,
        ordinal: 0,
        number: None,
        path: Vec::new(),
        part: None,
        title: title.into(),
        text: String::new(),
        leads: Vec::new(),
        units: vec![DutyUnit { unit: UnitId(Uuid::from_u128(5)), role: UnitRole::Lead, via: None }],
        start: None,
        due: None,
        due_on: None,
        recurrence: None,
        phase: None,
        initiative: None,
        targets: Vec::new(),
        span: None,
        state: DutyState::Assigned,
        created_at: DateTime::<Utc>::UNIX_EPOCH,
        version,
    }
}

fn units() -> HashSet<UnitId> {
    HashSet::from([UnitId(Uuid::from_u128(5))])
}

#[test]
fn what_was_changed_or_withdrawn_comes_back_and_what_was_added_goes() {
    let former = vec![duty(1, "清理小巷", 1), duty(2, "规范摊点", 3)];
    let withdrawn = Duty { state: DutyState::Withdrawn, ..duty(2, "规范摊点", 4) };
    let now = [duty(1, "整治小巷", 2), withdrawn, duty(3, "新建公厕", 1)];
    let undo = undo(former, &now, &units(), &HashSet::new()).expect("can be undone");
    assert_eq!(
        undo.restored,
        [duty(1, "清理小巷", 2), duty(2, "规范摊点", 4)],
        "their words, the versions of now"
    );
    assert_eq!(undo.removed, [DutyId(Uuid::from_u128(3))]);
}

#[test]
fn a_first_version_only_takes_its_duties_away() {
    let undo = undo(Vec::new(), &[duty(1, "清理小巷", 1)], &units(), &HashSet::new()).expect("can be undone");
    assert_eq!((undo.restored.len(), undo.removed), (0, vec![DutyId(Uuid::from_u128(1))]));
}

#[test]
fn a_duty_whose_unit_is_gone_cannot_come_back() {
    let now = [duty(1, "整治小巷", 2)];
    let refused = undo(vec![duty(1, "清理小巷", 1)], &now, &HashSet::new(), &HashSet::new());
    assert_eq!(refused, Err(ImportRefusal::FormerUnitGone));
    let missing = undo(vec![duty(2, "规范摊点", 1)], &now, &units(), &HashSet::new());
    assert_eq!(missing, Err(ImportRefusal::WorkHasBegun));
}
