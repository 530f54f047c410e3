//! Closing a unit that is no more: it must owe nothing, and nothing may hang on it.

use chrono::NaiveDate;

use super::{Unit, initiative::Initiative};
use crate::{
    duty::{Duty, DutyState, DutyUnit, task::Task},
    id::{DutyId, InitiativeId, TaskId, UnitId},
};

/// What keeps a unit from being closed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hindrances {
    /// Its tasks that have not ended, and others' in which it was asked for help.
    pub tasks: Vec<TaskId>,
    /// Duties that name it and of which it will owe more, or has not done everything.
    pub duties: Vec<DutyId>,
    /// Units that stand under it and are not closed.
    pub below: Vec<UnitId>,
    /// What it leads and is not closed.
    pub leads: Vec<InitiativeId>,
}

impl Hindrances {
    pub fn are_none(&self) -> bool {
        self.tasks.is_empty() && self.duties.is_empty() && self.below.is_empty() && self.leads.is_empty()
    }
}

/// What keeps `unit` from being closed today. `duties` are those that name it, itself or as a group; `tasks` are the
/// tasks of those duties and those in which it was asked for help; `initiatives` those in which it has a part.
pub fn hindrances(
    unit: UnitId,
    units: &[Unit],
    duties: &[Duty],
    tasks: &[Task],
    initiatives: &[Initiative],
    today: NaiveDate,
) -> Hindrances {
    let its_own = |task: &&Task| task.owed.unit == unit && !task.state.kind().is_ended();
    let asked = |task: &&Task| task.help.as_ref().is_some_and(|help| help.of == unit);
    let open = |duty: &&Duty| {
        let named = duty.units.iter().any(|part| part.unit == unit || part.via == Some(unit));
        if duty.state == DutyState::Withdrawn || !named {
            return false;
        }
        let comes_again = duty.recurrence.is_some() && duty.due_on.is_none_or(|last| last >= today);
        // A group owes by its members: the duty is over when all of theirs is.
        let held: Vec<&Task> = tasks.iter().filter(|task| holds(task, duty, unit)).collect();
        comes_again || held.is_empty() || held.iter().any(|task| !task.state.kind().is_ended())
    };
    Hindrances {
        tasks: tasks.iter().filter(|task| its_own(task) || asked(task)).map(|task| task.id).collect(),
        duties: duties.iter().filter(open).map(|duty| duty.id).collect(),
        below: units
            .iter()
            .filter(|other| other.parent == Some(unit) && other.closed_at.is_none())
            .map(|other| other.id)
            .collect(),
        leads: initiatives
            .iter()
            .filter(|initiative| initiative.leader == unit && initiative.is_open())
            .map(|initiative| initiative.id)
            .collect(),
    }
}

/// Whether a task of that duty is the unit's, or, of a group, one of its members'.
fn holds(task: &Task, duty: &Duty, unit: UnitId) -> bool {
    let member = |part: &DutyUnit| part.via == Some(unit) && part.unit == task.owed.unit;
    task.owed.duty == duty.id && (task.owed.unit == unit || duty.units.iter().any(member))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use uuid::Uuid;

    use super::*;
    use crate::{
        campaign::{
            UnitKind,
            initiative::{InitiativeKind, InitiativeState},
        },
        duty::task::{Act, Deed, HelpRequest, Owed, Party, perform},
        id::{CampaignId, StepId, UserId},
        ledger::Author,
        plan::{Recurrence, UnitRole},
    };

    const HERE: CampaignId = CampaignId(Uuid::from_u128(1));
    const OURS: UnitId = UnitId(Uuid::from_u128(2));
    const GROUP: UnitId = UnitId(Uuid::from_u128(3));
    const OTHER: UnitId = UnitId(Uuid::from_u128(4));
    const BY: Author = Author::User(UserId(Uuid::from_u128(5)));

    fn at() -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000, 0).expect("a moment")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn duty(n: u128, units: &[(UnitId, Option<UnitId>)]) -> Duty {
        Duty {
            campaign: HERE,
            id: DutyId(Uuid::from_u128(n)),
            import: None,
            ordinal: 0,
            number: None,
            path: Vec::new(),
            part: None,
            title: "清理".into(),
            text: String::new(),
            leads: Vec::new(),
            units: units
                .iter()
                .map(|(unit, via)| DutyUnit { unit: *unit, role: UnitRole::Responsible, via: *via })
                .collect(),
            start: None,
            due: None,
            due_on: None,
            recurrence: None,
            phase: None,
            initiative: None,
            targets: Vec::new(),
            span: None,
            state: DutyState::Assigned,
            created_at: at(),
            version: 1,
        }
    }

    fn task(duty: &Duty, unit: UnitId) -> Task {
        let owed = Owed {
            campaign: HERE,
            duty: duty.id,
            unit,
            role: UnitRole::Responsible,
            occurrence: None,
            due_on: None,
            initiative: None,
        };
        Task::new(TaskId(Uuid::from_u128(100 + unit.0.as_u128() + duty.id.0.as_u128())), owed, at())
    }

    fn done(task: Task) -> Task {
        let act = |party| Act {
            step: StepId(Uuid::from_u128(9)),
            by: BY,
            party,
            at: at(),
            today: day("2026-06-01"),
        };
        let reported = perform(task, Deed::Report { note: None }, &act(Party::Owner)).expect("reported").task;
        perform(reported, Deed::Confirm { note: None }, &act(Party::Office)).expect("confirmed").task
    }

    fn found(duties: &[Duty], tasks: &[Task], unit: UnitId) -> (usize, usize) {
        let found = hindrances(unit, &[], duties, tasks, &[], day("2026-06-10"));
        (found.tasks.len(), found.duties.len())
    }

    #[test]
    fn what_is_open_or_comes_again_keeps_a_unit_from_being_closed_and_what_is_done_does_not() {
        let once = duty(10, &[(OURS, None), (OTHER, None)]);
        let own = task(&once, OURS);
        let theirs = task(&once, OTHER);
        let cases = [
            ("begun", vec![own.clone()], once.clone(), (1, 1)),
            ("done, though the other is not", vec![done(own.clone()), theirs.clone()], once.clone(), (0, 0)),
            ("nobody has a task of it", vec![], once.clone(), (0, 1)),
            ("withdrawn", vec![], Duty { state: DutyState::Withdrawn, ..once.clone() }, (0, 0)),
        ];
        for (which, tasks, duty, expected) in cases {
            assert_eq!(found(&[duty], &tasks, OURS), expected, "{which}");
        }
        let monthly = Duty { recurrence: Some(Recurrence::Monthly), ..once };
        let ended = done(own);
        for (due_on, duties) in [(None, 1), (Some("2026-06-10"), 1), (Some("2026-06-09"), 0)] {
            let duty = Duty { due_on: due_on.map(day), ..monthly.clone() };
            assert_eq!(found(&[duty], std::slice::from_ref(&ended), OURS), (0, duties), "{due_on:?}");
        }
    }

    #[test]
    fn a_group_owes_by_its_members_and_a_call_for_help_counts() {
        let grouped = duty(10, &[(OURS, Some(GROUP)), (OTHER, Some(GROUP))]);
        let tasks = [done(task(&grouped, OURS)), task(&grouped, OTHER)];
        assert_eq!(found(std::slice::from_ref(&grouped), &tasks, GROUP), (0, 1));
        assert_eq!(found(std::slice::from_ref(&grouped), &tasks, OURS), (0, 0));
        let both = tasks.map(|task| if task.owed.unit == OTHER { done(task) } else { task });
        assert_eq!(found(&[grouped], &both, GROUP), (0, 0));

        let foreign = duty(11, &[(OTHER, None)]);
        let help = HelpRequest { of: OURS, text: "借车".into(), by: BY, at: at() };
        let asked = Task { help: Some(help), ..task(&foreign, OTHER) };
        assert_eq!(found(&[], &[asked], OURS), (1, 0));
    }

    #[test]
    fn units_below_hold_it_until_they_are_closed() {
        let below = |n: u128, closed: bool| Unit {
            parent: Some(OURS),
            closed_at: closed.then(at),
            ..Unit::new(HERE, UnitId(Uuid::from_u128(n)), format!("第{n}村"), UnitKind::Community)
        };
        let units = [below(20, true), below(21, false)];
        let found = hindrances(OURS, &units, &[], &[], &[], day("2026-06-10"));
        assert_eq!(found, Hindrances { below: vec![units[1].id], ..Hindrances::default() });
        assert!(!found.are_none());
        assert!(hindrances(OURS, &units[..1], &[], &[], &[], day("2026-06-10")).are_none());
    }

    #[test]
    fn what_it_leads_holds_it_until_that_is_closed() {
        let led = |n: u128, leader: UnitId| Initiative {
            campaign: HERE,
            id: InitiativeId(Uuid::from_u128(n)),
            kind: InitiativeKind::WorkingGroup,
            name: format!("第{n}工作组"),
            purpose: String::new(),
            leader,
            head: None,
            members: vec![OURS],
            starts_on: None,
            ends_on: None,
            state: InitiativeState::Open,
            created_at: at(),
            version: 1,
        };
        let over = led(32, OURS).close(at(), "完成".into()).expect("it was open");
        let all = [led(30, OURS), led(31, OTHER), over];
        let found = hindrances(OURS, &[], &[], &[], &all, day("2026-06-10"));
        assert_eq!(found, Hindrances { leads: vec![all[0].id], ..Hindrances::default() });
        assert!(!found.are_none());
    }
}
