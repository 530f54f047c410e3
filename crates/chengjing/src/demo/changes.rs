//! How the county itself changed in half a year: a unit that was founded and closed, two that were one, a liaison who
//! left, a duty that was given up.

use std::{collections::HashMap, sync::Arc};

use anyhow::{Context, Result};
use chengjing_domain::{
    campaign::UnitKind,
    clock::day_of,
    id::{CampaignId, UnitId},
    people::{Actor, Role},
};
use chengjing_service::{
    App, Caller,
    duty::{self, Wanted},
    people::{
        self,
        handover::{Successor, hand_over},
    },
    unit::{self, UnitChange},
};
use chengjing_store::Paging;
use chrono::NaiveDate;

use super::{
    PASSWORD,
    cases::{Units, at},
    history::{Line, actor_of, lookup_version},
};
use crate::command::told;

/// Closed when its work was done.
pub(super) const HEADQUARTERS: &str = "县棚户区改造指挥部";
/// A second entry for 县融媒体中心, under the name that it had before.
pub(super) const STATION: &str = "县广播电视台";
const MEDIA_CENTRE: &str = "县融媒体中心";

enum What {
    Merge {
        from: &'static str,
        into: &'static str,
    },
    Close {
        unit: &'static str,
        reason: &'static str,
    },
    /// The liaison of that unit leaves; their work goes to somebody new.
    HandOver {
        unit: &'static str,
        to: (&'static str, &'static str),
    },
    /// A whole duty, by how its title begins.
    Withdraw {
        duty: &'static str,
        reason: &'static str,
    },
}

pub(super) struct Change {
    /// Month and day of 2026.
    on: (u32, u32),
    what: What,
}

impl Change {
    pub(super) fn day(&self) -> NaiveDate {
        day_of(at(self.on, (12, 0)))
    }
}

/// In the order of time.
pub(super) const ALL: &[Change] = &[
    Change { on: (3, 18), what: What::Merge { from: STATION, into: MEDIA_CENTRE } },
    Change {
        on: (4, 28),
        what: What::Withdraw {
            duty: "规范宣传栏", reason: "与“刊播公益广告”合并实施，不再单列。"
        },
    },
    Change { on: (6, 18), what: What::HandOver { unit: "县城管局", to: ("successor", "宋承志") } },
    Change {
        on: (6, 26),
        what: What::Close { unit: HEADQUARTERS, reason: "征收与周转任务完成，机构撤销。" },
    },
];

/// What a change needs and may change.
pub(super) struct County<'a> {
    pub(super) app: &'a App,
    pub(super) administrator: &'a Caller,
    pub(super) office: &'a Arc<Actor>,
    pub(super) campaign: CampaignId,
    pub(super) units: &'a mut Units,
    pub(super) liaisons: &'a mut HashMap<UnitId, Arc<Actor>>,
    pub(super) lines: &'a mut [Line],
}

impl County<'_> {
    fn caller(&self, actor: &Arc<Actor>, on: (u32, u32)) -> Caller {
        let mut caller = Caller::new(self.app, Arc::clone(actor), None);
        caller.now = at(on, (16, 30));
        caller
    }

    /// Adds the two units that the plan does not know, each with a liaison.
    pub(super) async fn found(&mut self) -> Result<()> {
        for (unit, login, display_name) in
            [(STATION, "station", "顾广播"), (HEADQUARTERS, "headquarters", "丁志高")]
        {
            let caller = self.caller(self.office, (1, 13));
            let text = UnitChange {
                name: Some(unit.to_owned()),
                kind: Some(UnitKind::Department),
                ..UnitChange::default()
            };
            let id = told(unit::add::add(self.app, &caller, self.campaign, text).await)?.unit.id;
            self.units.add(unit, id);
            let grant =
                people::NewGrant { role: Role::Liaison, campaign: Some(self.campaign), unit: Some(id) };
            let liaison = self.person(login, display_name, vec![grant], (1, 13)).await?;
            self.liaisons.insert(id, liaison);
        }
        Ok(())
    }

    async fn person(
        &self,
        name: &str,
        display_name: &str,
        grants: Vec<people::NewGrant>,
        on: (u32, u32),
    ) -> Result<Arc<Actor>> {
        let new = people::add_user::NewUser {
            name: name.to_owned(),
            display_name: display_name.to_owned(),
            password: PASSWORD.to_owned(),
            must_change_password: false,
            grants,
        };
        let caller = self.caller(&self.administrator.actor, on);
        let user = told(people::add_user::add_user(self.app, &caller, new).await)?.user.id;
        actor_of(self.app, user).await
    }

    pub(super) async fn change(&mut self, change: &Change) -> Result<()> {
        let caller = self.caller(self.office, change.on);
        let (app, campaign) = (self.app, self.campaign);
        match change.what {
            What::Merge { from, into } => {
                let (from, into) = (self.units.named(from)?, self.units.named(into)?);
                told(unit::merge::merge(app, &caller, campaign, from, into).await)?;
                for line in self.lines.iter_mut().filter(|line| line.unit == from) {
                    line.unit = into;
                    line.version = lookup_version(app, &caller, campaign, line.task).await?;
                }
            }
            What::Close { unit, reason } => {
                let unit = self.units.named(unit)?;
                let seen = unit::look_up::look_up(app, &caller, campaign, unit).await?.unit.version;
                told(unit::close::close(app, &caller, campaign, unit, seen, reason).await)?;
            }
            What::HandOver { unit, to: (name, display_name) } => {
                let unit = self.units.named(unit)?;
                let leaver = self.liaisons.get(&unit).context("a unit with a liaison")?.user;
                let successor = self.person(name, display_name, Vec::new(), change.on).await?;
                let administrator = self.caller(&self.administrator.actor, change.on);
                let to = Successor::User(successor.user);
                told(hand_over(app, &administrator, campaign, leaver, to, None).await)?;
                self.liaisons.insert(unit, actor_of(app, successor.user).await?);
            }
            What::Withdraw { duty, reason } => {
                let wanted = Wanted { text: Some(duty.to_owned()), ..Wanted::default() };
                let (found, _) = duty::list::list(app, &caller, campaign, wanted, Paging::first(10)).await?;
                let found = found.items.iter().find(|found| found.title.starts_with(duty));
                let id = found.with_context(|| format!("{duty} is not a duty of the county"))?.id;
                told(duty::withdraw::withdraw(app, &caller, campaign, id, reason).await)?;
                for line in self.lines.iter_mut().filter(|line| line.duty == id) {
                    line.deeds.clear();
                }
            }
        }
        Ok(())
    }
}
