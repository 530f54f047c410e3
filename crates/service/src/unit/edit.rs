use std::collections::HashMap;

use chengjing_domain::{
    campaign::Unit,
    duty::Duty,
    id::{CampaignId, UnitId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    plan::adoption::expand,
};
use chengjing_store::{Paging, Tx, campaign as store, duty, ledger};
use serde_json::json;

use super::{Directory, UnitChange, UnitView, contacts, put};
use crate::{App, Caller, Refusal, difference::Difference, task::settle::save_duty};

/// Changes a unit. A group's new members take over the duties that name the group.
pub async fn edit(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: UnitId,
    seen: i64,
    change: UnitChange,
) -> Result<UnitView, Refusal> {
    caller.may(Action::EditUnits, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let (change, caller) = (change.clone(), caller.clone());
            async move {
                let before = Directory::load(&tx, campaign).await?;
                let unit = before.units().iter().find(|unit| unit.id == id).ok_or(Refusal::NotFound)?;
                if unit.version != seen {
                    return Err(Refusal::Stale);
                }
                if unit.closed_at.is_some() {
                    let (zh, en) =
                        ("单位已撤销，恢复后才能修改", "The unit is closed; reopen it to change it");
                    return Err(Refusal::conflict(zh, en));
                }
                let mut changed = unit.clone();
                let belonging = contacts::belonging(&tx, campaign, &change).await?;
                put(&mut changed, &change, before.units(), &belonging)?;
                let difference = difference(unit, &changed, &before);
                if difference.is_empty() {
                    return Ok(before.view(changed));
                }
                let saved = store::save_unit(&tx, &changed).await?;
                if unit.members != saved.members {
                    hand_over(&tx, &caller, campaign, id, &unit.members, &saved.members).await?;
                }
                let subject = Subject::of(campaign, SubjectKind::Unit, id.0);
                ledger::record(&tx, caller.act(Action::EditUnits, subject, difference.details())).await?;
                Ok(Directory::load(&tx, campaign).await?.view(saved))
            }
        })
        .await
}

fn difference(before: &Unit, after: &Unit, directory: &Directory) -> Difference {
    let name = |unit: UnitId| directory.name(unit).map(|unit| unit.name);
    let mut difference = Difference::default();
    difference.of("name", &before.name, &after.name, |name| json!(name));
    difference.of("kind", &before.kind, &after.kind, |kind| json!(kind.code()));
    difference.of("parent_id", &before.parent, &after.parent, |parent| json!(parent.and_then(name)));
    difference.of("aliases", &before.aliases, &after.aliases, |aliases| json!(aliases));
    difference.of("member_ids", &before.members, &after.members, |members| {
        json!(members.iter().filter_map(|member| name(*member)).collect::<Vec<_>>())
    });
    contacts::tell(&mut difference, &before.contacts, &after.contacts);
    difference.of("confirmed", &before.confirmed, &after.confirmed, |confirmed| json!(confirmed));
    difference
}

/// Gives the duties that name a group to its new members.
async fn hand_over(
    tx: &Tx,
    caller: &Caller,
    campaign: CampaignId,
    group: UnitId,
    before: &[UnitId],
    after: &[UnitId],
) -> Result<(), Refusal> {
    // Those that name the group stand under it, where it had no members, or under its members.
    let holders: Vec<UnitId> = before.iter().copied().chain([group]).collect();
    let members = HashMap::from([(group, after.to_vec())]);
    for duty in duties_of(tx, campaign, holders).await? {
        let named_group =
            |unit: &&chengjing_domain::duty::DutyUnit| unit.unit == group || unit.via == Some(group);
        if !duty.units.iter().any(|unit| named_group(&unit)) {
            continue;
        }
        let mut named: Vec<_> = Vec::with_capacity(duty.units.len());
        for unit in &duty.units {
            let own = unit.via.unwrap_or(unit.unit);
            if !named.iter().any(|(there, _)| *there == own) {
                named.push((own, unit.role));
            }
        }
        // Other groups of the same duty keep the members they have.
        let mut of_others: HashMap<UnitId, Vec<UnitId>> = members.clone();
        for unit in duty.units.iter().filter(|unit| unit.via.is_some_and(|via| via != group)) {
            of_others.entry(unit.via.unwrap_or(group)).or_default().push(unit.unit);
        }
        let units = expand(named, &|unit| of_others.get(&unit).map_or(&[][..], Vec::as_slice));
        let changed = Duty { units, ..duty.clone() };
        save_duty(tx, caller, &duty, &changed, "组合成员调整").await?;
    }
    Ok(())
}

/// Every duty of any of these units.
pub(super) async fn duties_of(
    tx: &Tx,
    campaign: CampaignId,
    units: Vec<UnitId>,
) -> Result<Vec<Duty>, Refusal> {
    let filter = duty::DutyFilter { any_unit: Some(units), ..duty::DutyFilter::default() };
    let (mut duties, mut after) = (Vec::new(), None);
    loop {
        let page = duty::list_whole(tx, campaign, &filter, &Paging { after, limit: 1_000 }).await?;
        duties.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(duties);
        }
    }
}
