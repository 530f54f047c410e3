use std::collections::{BTreeSet, HashMap};

use chengjing_domain::{
    campaign::Post,
    duty::{DutyUnit, remind::Recipient},
    id::{CampaignId, UnitId, UserId},
    people::{Role, Scope},
    plan::UnitRole,
};
use chengjing_store::{Queries, campaign as campaigns, people};

use crate::Refusal;

/// The people of a campaign, as notices look for them.
pub(super) struct People {
    liaisons: HashMap<UnitId, Vec<UserId>>,
    heads: HashMap<UnitId, Vec<UserId>>,
    office: Vec<UserId>,
    leaders: Vec<UserId>,
    parents: HashMap<UnitId, UnitId>,
}

impl People {
    pub(super) async fn load(q: &impl Queries, campaign: CampaignId) -> Result<Self, Refusal> {
        let mut people = Self {
            liaisons: HashMap::new(),
            heads: HashMap::new(),
            office: Vec::new(),
            leaders: Vec::new(),
            parents: campaigns::unit_parents(q, campaign).await?,
        };
        let units: Vec<UnitId> = campaigns::names(q, campaign).await?.units.keys().copied().collect();
        for (unit, user) in campaigns::list_post_holders(q, campaign, &units, Post::Head).await? {
            people.heads.entry(unit).or_default().push(user);
        }
        for grant in people::list_grants_in(q, campaign).await? {
            match (grant.role, grant.scope) {
                (Role::Liaison, Scope::Unit(_, unit)) => {
                    people.liaisons.entry(unit).or_default().push(grant.user);
                }
                (Role::Office, Scope::Campaign(_)) => people.office.push(grant.user),
                (Role::Leader, Scope::Campaign(_)) => people.leaders.push(grant.user),
                _ => {}
            }
        }
        Ok(people)
    }

    /// Who that is, each once. `units`: those of the task's duty.
    pub(super) fn behind(&self, recipient: Recipient, units: &[DutyUnit]) -> BTreeSet<UserId> {
        match recipient {
            Recipient::Unit(unit) => self.of(Some(unit)),
            // Whoever is named as its head and has a login; often nobody, and then those above hear of it later.
            Recipient::Head(unit) => self.heads.get(&unit).into_iter().flatten().copied().collect(),
            Recipient::Above(unit) => self.of(self.parents.get(&unit).copied()),
            Recipient::Lead => {
                let leads = units.iter().filter(|unit| unit.role == UnitRole::Lead);
                leads.flat_map(|lead| self.of(Some(lead.unit))).collect()
            }
            Recipient::Office => self.office.iter().copied().collect(),
            Recipient::Leader => self.leaders.iter().copied().collect(),
            Recipient::Person(user) => BTreeSet::from([user]),
        }
    }

    /// The liaisons of a unit; of one that has none, those of the next above it, whose task it is too.
    fn of(&self, unit: Option<UnitId>) -> BTreeSet<UserId> {
        let (mut at, mut passed) = (unit, BTreeSet::new());
        while let Some(unit) = at.filter(|unit| passed.insert(*unit)) {
            if let Some(liaisons) = self.liaisons.get(&unit) {
                return liaisons.iter().copied().collect();
            }
            at = self.parents.get(&unit).copied();
        }
        BTreeSet::new()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_unit_without_a_liaison_is_heard_for_by_the_next_above_it() {
        let unit = |n| UnitId(Uuid::from_u128(n));
        let user = |n| UserId(Uuid::from_u128(n));
        let people = People {
            liaisons: HashMap::from([(unit(1), vec![user(1)]), (unit(3), vec![user(3), user(4)])]),
            heads: HashMap::from([(unit(3), vec![user(7)])]),
            office: vec![user(9)],
            leaders: Vec::new(),
            // A ring, which no tree has, ends the search too.
            parents: HashMap::from([
                (unit(2), unit(1)),
                (unit(3), unit(2)),
                (unit(6), unit(7)),
                (unit(7), unit(6)),
            ]),
        };
        let duty = [DutyUnit { unit: unit(3), role: UnitRole::Lead, via: None }];
        let cases: &[(Recipient, &[u128])] = &[
            (Recipient::Unit(unit(3)), &[3, 4]),
            (Recipient::Unit(unit(2)), &[1]),
            (Recipient::Unit(unit(5)), &[]),
            (Recipient::Unit(unit(6)), &[]),
            (Recipient::Above(unit(3)), &[1]),
            (Recipient::Above(unit(1)), &[]),
            (Recipient::Head(unit(3)), &[7]),
            (Recipient::Head(unit(1)), &[]),
            (Recipient::Lead, &[3, 4]),
            (Recipient::Office, &[9]),
            (Recipient::Leader, &[]),
            (Recipient::Person(user(5)), &[5]),
        ];
        for (recipient, expected) in cases {
            let expected: BTreeSet<UserId> = expected.iter().map(|n| user(*n)).collect();
            assert_eq!(people.behind(*recipient, &duty), expected, "{recipient}");
        }
    }
}
