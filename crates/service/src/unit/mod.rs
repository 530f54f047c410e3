//! The units of a campaign: one entry each, whatever names the plans give it.

pub mod add;
pub mod close;
mod contacts;
pub mod edit;
pub mod export_sheet;
pub mod import_sheet;
pub mod list;
pub mod look_up;
pub mod merge;
pub mod record;

use std::collections::{HashMap, HashSet};

use chengjing_domain::{
    campaign::{Contact, Post, Unit, UnitKind, naming::normal},
    id::{CampaignId, UnitId, UserId},
};
use chengjing_store::{Queries, StoreError, campaign as store, duty, people};

use crate::{Refusal, refusal::Faults};

/// A unit with the names of those it is tied to and how much it owes.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitView {
    pub unit: Unit,
    pub parent: Option<UnitName>,
    pub members: Vec<UnitName>,
    pub contacts: Vec<ContactView>,
    pub duties: duty::PartCounts,
}

/// Somebody of a unit, with the name of the user that they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactView {
    pub contact: Contact,
    pub user: Option<UserName>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserName {
    pub id: UserId,
    pub name: String,
}

/// What is to be said of somebody of a unit.
#[derive(Debug, Clone)]
pub struct ContactText {
    pub post: Post,
    pub name: String,
    pub duty_title: Option<String>,
    pub phone: Option<String>,
    pub user: Option<UserId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitName {
    pub id: UnitId,
    pub name: String,
}

/// What is to be said of a unit.
#[derive(Debug, Clone, Default)]
pub struct UnitChange {
    pub name: Option<String>,
    pub kind: Option<UnitKind>,
    pub parent: Option<Option<UnitId>>,
    pub aliases: Option<Vec<String>>,
    pub members: Option<Vec<UnitId>>,
    pub contacts: Option<Vec<ContactText>>,
    pub confirmed: Option<bool>,
}

/// All of a campaign's names and counts at hand: a campaign has some hundreds of units.
pub(crate) struct Directory {
    units: Vec<Unit>,
    names: HashMap<UnitId, String>,
    duties: HashMap<UnitId, duty::PartCounts>,
    /// What those of the contacts who log in are called.
    users: HashMap<UserId, String>,
}

impl Directory {
    pub(crate) async fn load(q: &impl Queries, campaign: CampaignId) -> Result<Self, StoreError> {
        let units = store::all_units(q, campaign).await?;
        let names = units.iter().map(|unit| (unit.id, unit.name.clone())).collect();
        let duties = duty::counts_of_units(q, campaign).await?;
        let users: Vec<UserId> =
            units.iter().flat_map(|unit| &unit.contacts).filter_map(|contact| contact.user).collect();
        let users = people::display_names(q, &users).await?;
        Ok(Self { units, names, duties, users })
    }

    pub(crate) fn units(&self) -> &[Unit] {
        &self.units
    }

    pub(crate) fn name(&self, id: UnitId) -> Option<UnitName> {
        self.names.get(&id).map(|name| UnitName { id, name: name.clone() })
    }

    pub(crate) fn view(&self, unit: Unit) -> UnitView {
        UnitView {
            parent: unit.parent.and_then(|parent| self.name(parent)),
            members: unit.members.iter().filter_map(|member| self.name(*member)).collect(),
            contacts: unit.contacts.iter().map(|contact| self.contact(contact)).collect(),
            duties: self.duties.get(&unit.id).copied().unwrap_or_default(),
            unit,
        }
    }

    fn contact(&self, contact: &Contact) -> ContactView {
        let user = contact.user.and_then(|id| Some(UserName { id, name: self.users.get(&id)?.clone() }));
        ContactView { contact: contact.clone(), user }
    }
}

/// What is said where a unit that is no more is named for something new.
pub(crate) const CLOSED: (&str, &str) = ("这个单位已撤销", "this unit is closed");

/// Puts what was said into a unit, against the other units of the campaign and those who belong to it; all faults at
/// once.
pub(crate) fn put(
    unit: &mut Unit,
    change: &UnitChange,
    others: &[Unit],
    belonging: &HashSet<UserId>,
) -> Result<(), Refusal> {
    let mut faults = Faults::default();
    let others: Vec<&Unit> = others.iter().filter(|other| other.id != unit.id).collect();
    let is_closed = |id: UnitId| others.iter().any(|other| other.id == id && other.closed_at.is_some());
    let taken = |name: &str| {
        others.iter().find(|other| other.name == name || other.aliases.iter().any(|alias| alias == name))
    };
    if let Some(name) = &change.name {
        let name = normal(&faults.text("name", name, 100));
        if let Some(other) = taken(&name) {
            let (zh, en) =
                (format!("已是“{}”的名称", other.name), format!("already a name of {}", other.name));
            faults.add("name", zh, en);
        }
        unit.name = name;
    }
    if let Some(aliases) = &change.aliases {
        let mut kept: Vec<String> = Vec::with_capacity(aliases.len());
        for (index, alias) in aliases.iter().enumerate() {
            let path = format!("aliases[{index}]");
            let alias = normal(&faults.text(&path, alias, 100));
            if let Some(other) = taken(&alias) {
                let (zh, en) =
                    (format!("已是“{}”的名称", other.name), format!("already a name of {}", other.name));
                faults.add(path, zh, en);
            } else if alias != unit.name && !kept.contains(&alias) {
                kept.push(alias);
            }
        }
        unit.aliases = kept;
    }
    unit.kind = change.kind.unwrap_or(unit.kind);
    if let Some(parent) = change.parent {
        if parent.is_some_and(|parent| is_above(unit.id, parent, &others)) {
            faults.add("parent_id", "上级单位不能是自己或自己的下级", "a unit can't stand under itself");
        } else if parent.is_some_and(|parent| !others.iter().any(|other| other.id == parent)) {
            faults.add("parent_id", "没有这个单位", "there is no such unit");
        } else if unit.parent != parent && parent.is_some_and(is_closed) {
            faults.add("parent_id", CLOSED.0, CLOSED.1);
        }
        unit.parent = parent;
    }
    if let Some(members) = &change.members {
        for (index, member) in members.iter().enumerate() {
            let path = format!("member_ids[{index}]");
            match others.iter().find(|other| other.id == *member) {
                None => faults.add(path, "没有这个单位", "there is no such unit"),
                Some(_) if is_closed(*member) && !unit.members.contains(member) => {
                    faults.add(path, CLOSED.0, CLOSED.1);
                }
                Some(other) if other.kind == UnitKind::Group => {
                    faults.add(path, "组合不能包含组合", "a group does not hold a group");
                }
                Some(_) => {}
            }
        }
        unit.members.clone_from(members);
        unit.members.sort_unstable();
        unit.members.dedup();
    }
    if unit.kind != UnitKind::Group && !unit.members.is_empty() {
        faults.add("member_ids", "只有组合才有成员单位", "only a group has members");
    }
    if let Some(people) = &change.contacts {
        contacts::put(unit, people, belonging, &mut faults);
    }
    unit.confirmed = change.confirmed.unwrap_or(unit.confirmed);
    faults.end()
}

/// Whether `unit` is `start` or stands anywhere above it.
fn is_above(unit: UnitId, start: UnitId, others: &[&Unit]) -> bool {
    let mut at = Some(start);
    // A chain longer than the campaign has units would be a ring.
    for _ in 0..=others.len() {
        match at {
            Some(id) if id == unit => return true,
            Some(id) => at = others.iter().find(|other| other.id == id).and_then(|other| other.parent),
            None => return false,
        }
    }
    true
}
