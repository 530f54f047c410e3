use std::collections::HashMap;

use chengjing_domain::{
    duty::{Duty, DutyState},
    id::{CampaignId, DutyId, InitiativeId, PhaseId, UnitId},
    ledger::{Subject, SubjectKind},
    people::policy::{self, Action, Resource, Visible},
    plan::{PlanDate, UnitRole, adoption::expand},
};
use chengjing_store::{campaign as campaigns, ledger};

use super::{DutyChange, Names, edit::difference, must, put};
use crate::{App, Caller, Refusal, refusal::Faults, task::settle::save_duty, unit::CLOSED};

/// Duties that one act may change.
pub const MOST: usize = 200;

/// What happens to all of them; None stays.
#[derive(Debug, Clone, Default)]
pub struct ManyChange {
    /// Units that they get beside those that they have; who is there already keeps the unit and gets this part.
    pub add_units: Vec<(UnitId, UnitRole)>,
    /// Units that are taken off them.
    pub remove_units: Vec<UnitId>,
    pub due: Option<Option<PlanDate>>,
    pub phase: Option<Option<PhaseId>>,
    pub initiative: Option<Option<InitiativeId>>,
}

/// How many of them became other than they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed(pub usize);

/// Changes several duties in one act: all of them, or none where anything is in the way; then every obstacle is named
/// at its place in `duties`. `wanted`: each duty with the version that the caller saw.
pub async fn edit_many(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    wanted: Vec<(DutyId, i64)>,
    change: ManyChange,
) -> Result<Changed, Refusal> {
    if policy::visible(&caller.actor, Action::EditDuties, campaign) == Visible::Nothing {
        caller.may(Action::EditDuties, Resource::Campaign(campaign))?;
    }
    let mut faults = Faults::default();
    if wanted.is_empty() || wanted.len() > MOST {
        faults.add("duties", format!("一次1到{MOST}项"), format!("1 to {MOST} at a time"));
    }
    let nothing = change.add_units.is_empty() && change.remove_units.is_empty();
    let nothing = nothing && change.due.is_none() && change.phase.is_none();
    if nothing && change.initiative.is_none() {
        faults.add("", "没有说明要改什么", "nothing is to be changed");
    }
    for (index, (unit, _)) in change.add_units.iter().enumerate() {
        if change.remove_units.contains(unit) {
            let place = format!("add_units[{index}].id");
            faults.add(place, "同一单位不能既加又减", "the same unit is to be taken off");
        }
    }
    faults.end()?;
    let caller = caller.clone();
    app.store
        .write_keyed(move |tx| {
            let (caller, wanted, change) = (caller.clone(), wanted.clone(), change.clone());
            async move {
                let names = Names::load(&tx, campaign).await?;
                let ids: Vec<UnitId> = change.add_units.iter().map(|(unit, _)| *unit).collect();
                let known = campaigns::lookup_units(&tx, campaign, &ids).await?;
                let mut faults = Faults::default();
                for (index, id) in ids.iter().enumerate() {
                    let place = format!("add_units[{index}].id");
                    match known.iter().find(|unit| unit.id == *id) {
                        None => faults.add(place, "没有这个单位", "there is no such unit"),
                        Some(unit) if unit.closed_at.is_some() => faults.add(place, CLOSED.0, CLOSED.1),
                        Some(_) => {}
                    }
                }
                let closed = campaigns::closed_units(&tx, campaign).await?;
                let open: HashMap<UnitId, Vec<UnitId>> = known
                    .iter()
                    .map(|unit| {
                        let members = unit.members.iter().filter(|member| !closed.contains(member));
                        (unit.id, members.copied().collect())
                    })
                    .collect();
                let members = |unit| open.get(&unit).map_or(&[][..], Vec::as_slice);
                let added = expand(change.add_units.iter().copied(), &members);
                let common = DutyChange {
                    due: change.due,
                    phase: change.phase,
                    initiative: change.initiative,
                    ..DutyChange::default()
                };
                let mut changes: Vec<(Duty, Duty)> = Vec::with_capacity(wanted.len());
                for (index, (id, seen)) in wanted.iter().enumerate() {
                    let mut refuse = |zh: &str, en: &str| faults.add(format!("duties[{index}]"), zh, en);
                    let before = match must(&tx, &caller, Action::EditDuties, campaign, *id).await {
                        Ok(before) => before,
                        Err(Refusal::NotFound)
                            if caller.may(Action::EditDuties, Resource::Campaign(campaign)).is_ok() =>
                        {
                            refuse("没有这项任务", "there is no such duty");
                            continue;
                        }
                        Err(other) => return Err(other),
                    };
                    if before.version != *seen {
                        refuse("已被他人修改，请刷新", "changed by somebody else in the meantime");
                        continue;
                    }
                    if before.state != DutyState::Assigned {
                        refuse("任务已撤回", "it is withdrawn");
                        continue;
                    }
                    let mut after = before.clone();
                    after.units.retain(|unit| {
                        !change.remove_units.contains(&unit.unit)
                            && !unit.via.is_some_and(|group| change.remove_units.contains(&group))
                    });
                    for unit in &added {
                        match after.units.iter_mut().find(|own| own.unit == unit.unit) {
                            Some(own) => own.role = unit.role,
                            None => after.units.push(*unit),
                        }
                    }
                    match put(&tx, &caller, &mut after, &common).await {
                        Ok(()) => changes.push((before, after)),
                        Err(Refusal::Invalid(found)) => {
                            for fault in found {
                                refuse(&fault.words.zh, &fault.words.en);
                            }
                        }
                        Err(other) => return Err(other),
                    }
                }
                faults.end()?;
                let mut changed = 0;
                for (before, after) in &changes {
                    let difference = difference(before, after, &names);
                    if difference.is_empty() {
                        continue;
                    }
                    changed += 1;
                    save_duty(&tx, &caller, before, after, "责任单位或周期调整").await?;
                    let subject = Subject::of(campaign, SubjectKind::Duty, before.id.0);
                    ledger::record(&tx, caller.act(Action::EditDuties, subject, difference.details()))
                        .await?;
                }
                Ok(Changed(changed))
            }
        })
        .await
}
