use std::collections::HashMap;

use super::{DeedKind, Party, Task, may};
use crate::{
    duty::DutyUnit,
    id::{CampaignId, UnitId},
    people::{
        Actor,
        policy::{Action, Decision, Resource, decide},
    },
    plan::UnitRole,
};

/// The units that have to do with a task, each with all units above it: who belongs to none of them does not learn that
/// the task exists, unless the role reaches over the whole campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circle {
    campaign: CampaignId,
    owner: Vec<UnitId>,
    lead: Vec<UnitId>,
    asked: Vec<UnitId>,
    /// Who leads the initiative that its duty stands in: they look, and that is all.
    leader: Vec<UnitId>,
}

impl Circle {
    /// `units`: those of the task's duty; `parents`: the tree of the campaign's units.
    pub fn of(task: &Task, units: &[DutyUnit], parents: &HashMap<UnitId, UnitId>) -> Self {
        let leads = units.iter().filter(|unit| unit.role == UnitRole::Lead).map(|unit| unit.unit);
        Self {
            campaign: task.owed.campaign,
            owner: with_those_above([task.owed.unit], parents),
            lead: with_those_above(leads, parents),
            asked: with_those_above(task.help.as_ref().map(|help| help.of), parents),
            leader: Vec::new(),
        }
    }

    /// The same circle with the unit that leads the initiative of the task's duty.
    #[must_use]
    pub fn led_by(self, leader: Option<UnitId>, parents: &HashMap<UnitId, UnitId>) -> Self {
        Self { leader: with_those_above(leader, parents), ..self }
    }

    /// Whether the actor may do that to the task as a whole: see it, act on it.
    pub fn decide(&self, actor: Option<&Actor>, action: Action) -> Decision {
        decide(actor, action, Resource::Led(self.campaign, &self.units(), &self.leader))
    }

    /// The unit that leads the initiative of its duty, and those above it.
    pub fn leader(&self) -> &[UnitId] {
        &self.leader
    }

    /// All units of it.
    pub fn units(&self) -> Vec<UnitId> {
        [&self.owner[..], &self.lead, &self.asked].concat()
    }

    /// As what the actor can act towards the task; empty: only look, if at all.
    pub fn parties(&self, actor: &Actor) -> Vec<Party> {
        let may = |action, units: &[UnitId]| {
            decide(Some(actor), action, Resource::Units(self.campaign, units)) == Decision::Allowed
        };
        let liaison = |units: &[UnitId]| !units.is_empty() && may(Action::WorkOnTasks, units);
        let parties = [
            (Party::Owner, liaison(&self.owner)),
            (Party::Lead, liaison(&self.lead)),
            (Party::Office, may(Action::DecideTasks, &self.owner)),
            (Party::Superior, liaison(&self.asked)),
        ];
        parties.into_iter().filter(|(_, is)| *is).map(|(party, _)| party).collect()
    }

    /// As what the actor does that deed: the first party that the table allows it to; None: the actor is none at all.
    pub fn party(&self, actor: &Actor, task: &Task, deed: DeedKind) -> Option<Party> {
        let parties = self.parties(actor);
        let allowed = parties.iter().find(|party| may(task.state.kind(), deed, **party));
        allowed.or_else(|| parties.first()).copied()
    }
}

/// These units and all above them, each once.
pub fn with_those_above(
    units: impl IntoIterator<Item = UnitId>,
    parents: &HashMap<UnitId, UnitId>,
) -> Vec<UnitId> {
    let mut all = Vec::new();
    for unit in units {
        let mut at = Some(unit);
        // A unit that is there already brought those above it along; a ring would end here too.
        while let Some(unit) = at.filter(|unit| !all.contains(unit)) {
            all.push(unit);
            at = parents.get(&unit).copied();
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::{
        duty::task::{HelpRequest, Owed},
        id::{DutyId, GrantId, TaskId, UserId},
        ledger::Author,
        people::{Grant, Role, Scope, Via},
    };

    const HERE: CampaignId = CampaignId(Uuid::from_u128(1));

    fn unit(n: u128) -> UnitId {
        UnitId(Uuid::from_u128(n))
    }

    fn actor(role: Role, scope: Scope) -> Actor {
        let user = UserId(Uuid::from_u128(9));
        let grant = Grant::new(GrantId(Uuid::from_u128(8)), user, role, scope);
        Actor {
            user,
            name: "a".into(),
            display_name: "A".into(),
            grants: vec![grant],
            via: Via::Program,
            must_change_password: false,
        }
    }

    /// Unit 11 owes, under 10; 20 leads; 30 was asked for help; 40 supports the same duty.
    fn circle(asks: bool) -> (Circle, Task) {
        let owed = Owed {
            campaign: HERE,
            duty: DutyId(Uuid::from_u128(2)),
            unit: unit(11),
            role: UnitRole::Responsible,
            occurrence: None,
            due_on: None,
            initiative: None,
        };
        let mut task = Task::new(TaskId(Uuid::from_u128(3)), owed, DateTime::UNIX_EPOCH);
        let by = Author::User(UserId(Uuid::from_u128(9)));
        let help = HelpRequest { of: unit(30), text: "缺人".into(), by, at: DateTime::UNIX_EPOCH };
        task.help = asks.then_some(help);
        let part = |n, role| DutyUnit { unit: unit(n), role, via: None };
        let units = [part(11, UnitRole::Responsible), part(20, UnitRole::Lead), part(40, UnitRole::Support)];
        let parents = HashMap::from([(unit(11), unit(10)), (unit(10), unit(5)), (unit(5), unit(10))]);
        (Circle::of(&task, &units, &parents), task)
    }

    #[test]
    fn who_is_what_towards_a_task_follows_from_role_and_unit() {
        let (circle, _) = circle(true);
        let liaison = |n| actor(Role::Liaison, Scope::Unit(HERE, unit(n)));
        let cases = [
            (liaison(11), vec![Party::Owner]),
            (liaison(10), vec![Party::Owner]),
            (liaison(20), vec![Party::Lead]),
            (liaison(30), vec![Party::Superior]),
            (liaison(40), vec![]),
            (actor(Role::Office, Scope::Campaign(HERE)), vec![Party::Office]),
            (actor(Role::Office, Scope::Unit(HERE, unit(10))), vec![Party::Office]),
            (actor(Role::Office, Scope::Unit(HERE, unit(20))), vec![]),
            (actor(Role::SystemAdmin, Scope::System), vec![Party::Office]),
            (actor(Role::Leader, Scope::Campaign(HERE)), vec![]),
            (actor(Role::Liaison, Scope::Campaign(HERE)), vec![Party::Owner, Party::Lead, Party::Superior]),
        ];
        for (actor, expected) in cases {
            assert_eq!(circle.parties(&actor), expected, "{:?}", actor.grants);
        }
    }

    #[test]
    fn a_unit_beside_it_does_not_learn_of_the_task_and_one_that_was_asked_for_help_does_only_then() {
        let decide = |asks, n| {
            let (circle, _) = circle(asks);
            circle.decide(Some(&actor(Role::Liaison, Scope::Unit(HERE, unit(n)))), Action::SeeTasks)
        };
        assert_eq!(decide(true, 40), Decision::Hidden);
        assert_eq!(decide(true, 30), Decision::Allowed);
        assert_eq!(decide(false, 30), Decision::Hidden);
        assert_eq!(decide(false, 20), Decision::Allowed);
    }

    #[test]
    fn somebody_who_is_several_things_acts_as_the_one_that_may() {
        let (circle, task) = circle(false);
        let mut both = actor(Role::Liaison, Scope::Unit(HERE, unit(11)));
        both.grants.extend(actor(Role::Office, Scope::Campaign(HERE)).grants);
        assert_eq!(circle.party(&both, &task, DeedKind::Accept), Some(Party::Owner));
        assert_eq!(circle.party(&both, &task, DeedKind::Reassign), Some(Party::Office));
        let leader = actor(Role::Leader, Scope::Campaign(HERE));
        assert_eq!(circle.party(&leader, &task, DeedKind::Accept), None);
    }
}
