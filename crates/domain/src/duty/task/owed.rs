use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{StateKind, Task, TaskState};
use crate::{
    duty::{Duty, DutyState},
    id::{CampaignId, DutyId, InitiativeId, TaskId, UnitId},
    ledger::Hash,
    plan::UnitRole,
};

/// What a unit owes, before it has a life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Owed {
    pub campaign: CampaignId,
    pub duty: DutyId,
    pub unit: UnitId,
    pub role: UnitRole,
    /// The date of a recurring duty that it is owed for; None where the duty is owed once.
    pub occurrence: Option<NaiveDate>,
    /// The last day on which it is in time; None: no day was set, and it is never overdue.
    pub due_on: Option<NaiveDate>,
    /// The initiative that its duty stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initiative: Option<InitiativeId>,
}

impl Owed {
    /// The id of the task that it gives, so that whoever makes it makes the same one. `before`: how many tasks of the
    /// same unit, duty and date there were already, all of them handed on to others.
    pub fn task_id(&self, before: usize) -> TaskId {
        let mut bytes = Vec::with_capacity(64);
        bytes.extend_from_slice(self.duty.0.as_bytes());
        bytes.extend_from_slice(self.unit.0.as_bytes());
        bytes.extend_from_slice(self.occurrence.map(|day| day.to_string()).unwrap_or_default().as_bytes());
        bytes.extend_from_slice(&(before as u64).to_be_bytes());
        let mut id = [0; 16];
        // Begun with the duty's moment, tasks of one time lie beside each other in their index.
        id[..6].copy_from_slice(&self.duty.0.as_bytes()[..6]);
        id[6..].copy_from_slice(&Hash::of(&bytes).0[..10]);
        TaskId(uuid::Builder::from_custom_bytes(id).into_uuid())
    }
}

/// What the units of a duty owe once. Of a recurring duty they owe its dates instead, and of a withdrawn one nothing. A
/// unit that stands twice owes once, in the part that is named first.
pub fn owed_by(duty: &Duty) -> Vec<Owed> {
    if duty.recurrence.is_some() || duty.state == DutyState::Withdrawn {
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let units = duty.units.iter().filter(|unit| seen.insert(unit.unit));
    let owed = units.map(|unit| Owed {
        campaign: duty.campaign,
        duty: duty.id,
        unit: unit.unit,
        role: unit.role,
        occurrence: None,
        due_on: duty.due_on,
        initiative: duty.initiative,
    });
    owed.collect()
}

/// The units that owe a duty's dates, each in its part: those of a recurring duty that is owed at all.
pub fn owe_dates(duty: &Duty) -> Vec<(UnitId, UnitRole)> {
    if duty.recurrence.is_none() || duty.state == DutyState::Withdrawn {
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let units = duty.units.iter().filter(|unit| seen.insert(unit.unit));
    units.map(|unit| (unit.unit, unit.role)).collect()
}

/// What is to be done with the tasks of a duty so that they fit what is owed under it now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Owed and without a task.
    pub add: Vec<Owed>,
    /// Nobody has touched them and nobody owes them: they go without a trace.
    pub remove: Vec<TaskId>,
    /// Nobody owes them any more, but something was done under them: they are to be withdrawn.
    pub withdraw: Vec<TaskId>,
    /// Owed again by a unit that was taken off before: its task is to be restored, with all that was done.
    pub restore: Vec<TaskId>,
    /// Another part or another day than the task has.
    pub adjust: Vec<(TaskId, Owed)>,
}

impl Settlement {
    /// Nobody owes it any more.
    fn end(&mut self, task: &Task) {
        match (task.is_untouched(), task.state.kind().is_ended()) {
            (true, _) => self.remove.push(task.id),
            (false, false) => self.withdraw.push(task.id),
            (false, true) => {}
        }
    }
}

/// Compares the tasks of a duty, withdrawn ones included, with what is owed now: once, and on its dates. `before`: what was owed
/// once until now. A unit that owed before and has no task any more had it taken back by the office, and that stays so.
///
/// What has ended stays, whoever owes it: what was confirmed was done. New dates are not its matter
/// ([`super::super::schedule::Schedule::to_make`]).
pub fn settle(tasks: &[Task], before: &[Owed], owed: &[Owed], dates: &[(UnitId, UnitRole)]) -> Settlement {
    let mut settlement = Settlement::default();
    let once = || tasks.iter().filter(|task| task.owed.occurrence.is_none());
    let live = || once().filter(|task| task.state.kind() != StateKind::Withdrawn);
    for task in live() {
        match owed.iter().find(|owed| owed.unit == task.owed.unit) {
            Some(now) if *now != task.owed => settlement.adjust.push((task.id, *now)),
            Some(_) => {}
            None => settlement.end(task),
        }
    }
    let open = |task: &&Task| task.owed.occurrence.is_some() && !task.state.kind().is_ended();
    for task in tasks.iter().filter(open) {
        match dates.iter().find(|(unit, _)| *unit == task.owed.unit) {
            Some((_, role)) if *role != task.owed.role => {
                settlement.adjust.push((task.id, Owed { role: *role, ..task.owed }));
            }
            Some(_) => {}
            None => settlement.end(task),
        }
    }
    let owes_anew = |owed: &&Owed| {
        let same = |unit: UnitId| unit == owed.unit;
        !live().any(|task| same(task.owed.unit)) && !before.iter().any(|before| same(before.unit))
    };
    for now in owed.iter().filter(owes_anew) {
        let of_unit = once().filter(|task| task.owed.unit == now.unit);
        let taken_off = of_unit.filter(|task| matches!(task.state, TaskState::Withdrawn { to: None, .. }));
        match taken_off.max_by_key(|task| (task.changed_at, task.id)) {
            Some(task) => settlement.restore.push(task.id),
            None => settlement.add.push(*now),
        }
    }
    settlement
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use uuid::Uuid;

    use super::*;
    use crate::{
        duty::task::{Act, Deed, Party, perform},
        id::{StepId, UserId},
        ledger::Author,
    };

    fn owed(unit: u128, day: u32) -> Owed {
        Owed {
            campaign: CampaignId(Uuid::from_u128(1)),
            duty: DutyId(Uuid::from_u128(2)),
            unit: UnitId(Uuid::from_u128(unit)),
            role: UnitRole::Responsible,
            occurrence: None,
            due_on: NaiveDate::from_ymd_opt(2026, 6, day),
            initiative: None,
        }
    }

    fn task(unit: u128) -> Task {
        Task::new(TaskId(Uuid::from_u128(100 + unit)), owed(unit, 10), DateTime::UNIX_EPOCH)
    }

    fn after(task: Task, party: Party, deed: Deed) -> Task {
        let today = NaiveDate::from_ymd_opt(2026, 6, 1).expect("a day");
        let by = Author::User(UserId(Uuid::from_u128(3)));
        let at: DateTime<Utc> = DateTime::UNIX_EPOCH;
        perform(task, deed, &Act { step: StepId(Uuid::from_u128(4)), by, party, at, today })
            .expect("done")
            .task
    }

    #[test]
    fn a_new_duty_gives_each_of_its_units_a_task() {
        let settlement = settle(&[], &[], &[owed(1, 10), owed(2, 10)], &[]);
        assert_eq!(settlement, Settlement { add: vec![owed(1, 10), owed(2, 10)], ..Settlement::default() });
    }

    #[test]
    fn what_nobody_touched_goes_and_what_was_begun_is_withdrawn_and_what_was_confirmed_stays() {
        let begun = after(task(2), Party::Owner, Deed::Accept);
        let reported = after(task(3), Party::Owner, Deed::Report { note: None });
        let confirmed = after(reported, Party::Office, Deed::Confirm { note: None });
        let settlement =
            settle(&[task(1), begun.clone(), confirmed], &[owed(1, 10), owed(2, 10), owed(3, 10)], &[], &[]);
        let expected =
            Settlement { remove: vec![task(1).id], withdraw: vec![begun.id], ..Settlement::default() };
        assert_eq!(settlement, expected);
    }

    #[test]
    fn who_is_named_again_goes_on_where_it_was_but_what_another_unit_took_over_stays_there() {
        let begun = after(task(1), Party::Owner, Deed::Progress { percent: 40, note: None });
        let gone = after(begun, Party::Office, Deed::Withdraw { reason: "撤项".into() });
        let settlement = settle(std::slice::from_ref(&gone), &[], &[owed(1, 10)], &[]);
        assert_eq!(settlement, Settlement { restore: vec![gone.id], ..Settlement::default() });
        let to = UnitId(Uuid::from_u128(9));
        let handed = after(task(1), Party::Office, Deed::Reassign { to, reason: "职责划转".into() });
        let settlement = settle(&[handed], &[], &[owed(1, 10)], &[]);
        assert_eq!(settlement, Settlement { add: vec![owed(1, 10)], ..Settlement::default() });
    }

    #[test]
    fn what_the_office_took_back_from_a_unit_does_not_come_back_with_a_change_of_its_duty() {
        let begun = after(task(1), Party::Owner, Deed::Accept);
        let taken = after(begun, Party::Office, Deed::Withdraw { reason: "由县财政统筹".into() });
        let before = [owed(1, 10)];
        for now in [[owed(1, 10)], [owed(1, 20)], [Owed { role: UnitRole::Lead, ..owed(1, 10) }]] {
            assert_eq!(settle(std::slice::from_ref(&taken), &before, &now, &[]), Settlement::default());
        }
        let more = settle(&[taken], &before, &[owed(1, 10), owed(2, 10)], &[]);
        assert_eq!(more, Settlement { add: vec![owed(2, 10)], ..Settlement::default() });
    }

    #[test]
    fn the_dates_of_a_unit_that_was_taken_off_go_or_are_withdrawn_and_what_was_done_on_them_stays() {
        let date = NaiveDate::from_ymd_opt(2026, 6, 5);
        let dated = |unit| {
            let owed = Owed { occurrence: date, ..owed(unit, 5) };
            Task::new(TaskId(Uuid::from_u128(200 + unit)), owed, DateTime::UNIX_EPOCH)
        };
        let begun = after(dated(2), Party::Owner, Deed::Accept);
        let missed = Task { state: TaskState::Missed { at: DateTime::UNIX_EPOCH }, version: 2, ..dated(3) };
        let all = [dated(1), begun.clone(), missed, dated(4)];
        let stays = [(UnitId(Uuid::from_u128(4)), UnitRole::Lead)];
        let settlement = settle(&all, &[], &[], &stays);
        let expected = Settlement {
            remove: vec![dated(1).id],
            withdraw: vec![begun.id],
            adjust: vec![(dated(4).id, Owed { role: UnitRole::Lead, ..dated(4).owed })],
            ..Settlement::default()
        };
        assert_eq!(settlement, expected);
    }

    #[test]
    fn an_id_follows_from_what_is_owed_and_how_often_it_was() {
        assert_eq!(owed(1, 10).task_id(0), owed(1, 20).task_id(0), "a moved day makes no other task");
        assert_ne!(owed(1, 10).task_id(0), owed(1, 10).task_id(1));
        assert_ne!(owed(1, 10).task_id(0), owed(2, 10).task_id(0));
    }

    #[test]
    fn a_moved_day_is_passed_on_and_settling_twice_changes_nothing() {
        let settlement = settle(&[task(1)], &[owed(1, 10)], &[owed(1, 20)], &[]);
        let expected = Settlement { adjust: vec![(task(1).id, owed(1, 20))], ..Settlement::default() };
        assert_eq!(settlement, expected);
        assert_eq!(settle(&[task(1)], &[owed(1, 10)], &[owed(1, 10)], &[]), Settlement::default());
    }
}
