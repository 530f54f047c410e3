use chengjing_domain::{
    campaign::{Unit, joined},
    duty::{Duty, DutyUnit},
    id::{CampaignId, GrantId, UnitId},
    ledger::{Subject, SubjectKind},
    people::{
        Grant, Scope,
        policy::{Action, Resource},
    },
};
use chengjing_store::{
    Tx, campaign as store, initiative as initiatives, ledger, observation as observations, people,
    site as sites,
};
use serde_json::json;

use super::{CLOSED, Directory, UnitView, edit::duties_of};
use crate::{
    App, Caller, Refusal, evidence, standard,
    task::settle::{merge_units, save_duty},
};

/// Two entries were one unit: names, members, people and duties of `from` move to `into`, and `from` is gone.
pub async fn merge(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    from: UnitId,
    into: UnitId,
) -> Result<UnitView, Refusal> {
    caller.may(Action::EditUnits, Resource::Campaign(campaign))?;
    if from == into {
        return Err(Refusal::invalid("into", "不能与自己合并", "a unit can't be merged with itself"));
    }
    let subject = Subject::of(campaign, SubjectKind::Unit, into.0);
    let act = caller.act_named("unit.merge", subject, json!({ "from": from }));
    let caller = caller.clone();
    let merged = app
        .store
        .write(move |tx| {
            let (act, caller) = (act.clone(), caller.clone());
            async move {
                let directory = Directory::load(&tx, campaign).await?;
                let find = |id| directory.units().iter().find(|unit| unit.id == id).cloned();
                let merged = find(from).ok_or(Refusal::NotFound)?;
                let mut kept = find(into)
                    .ok_or_else(|| Refusal::invalid("into", "没有这个单位", "there is no such unit"))?;
                if kept.closed_at.is_some() {
                    return Err(Refusal::invalid("into", CLOSED.0, CLOSED.1));
                }
                if merged.kind != kept.kind
                    && [merged.kind, kept.kind].contains(&chengjing_domain::campaign::UnitKind::Group)
                {
                    let (zh, en) = ("组合不能与单位合并", "a group can't be merged with a unit");
                    return Err(Refusal::invalid("into", zh, en));
                }
                merge_units(&tx, &caller, campaign, from, into).await?;
                evidence::merge::merge_units(&tx, campaign, from, into).await?;
                standard::owners::merge_units(&tx, campaign, from, into).await?;
                observations::merge_units(&tx, campaign, from, into).await?;
                for site in sites::list_all(&tx, campaign).await? {
                    let mut merged = site.clone();
                    merged.merge_units(from, into);
                    if merged != site {
                        sites::save(&tx, &merged).await?;
                    }
                }
                move_people(&tx, &caller, campaign, from, into).await?;
                for duty in duties_of(&tx, campaign, vec![from]).await? {
                    let changed = Duty { units: replaced(&duty.units, from, into), ..duty.clone() };
                    save_duty(&tx, &caller, &duty, &changed, "单位合并").await?;
                }
                for unit in directory.units().iter().filter(|unit| unit.id != from && unit.id != into) {
                    if unit.parent == Some(from) || unit.members.contains(&from) {
                        store::save_unit(&tx, &retied(unit, from, into)).await?;
                    }
                }
                let stored = retied(&kept, from, into);
                for initiative in initiatives::list_of_unit(&tx, campaign, from).await? {
                    if let Some(merged) = initiative.with_unit_merged(from, into) {
                        initiatives::save(&tx, &merged).await?;
                    }
                }
                store::remove_unit(&tx, campaign, from).await?;
                kept = stored;
                kept.parent = kept.parent.filter(|parent| *parent != into);
                for name in std::iter::once(merged.name).chain(merged.aliases) {
                    if name != kept.name && !kept.aliases.contains(&name) {
                        kept.aliases.push(name);
                    }
                }
                for member in merged.members {
                    if !kept.members.contains(&member) {
                        kept.members.push(member);
                    }
                }
                kept.contacts = joined(&kept.contacts, &merged.contacts);
                let kept = store::save_unit(&tx, &kept).await?;
                ledger::record(&tx, act).await?;
                Ok(Directory::load(&tx, campaign).await?.view(kept))
            }
        })
        .await;
    app.sessions.clear();
    merged
}

/// Whoever worked for the one unit works for the other.
async fn move_people(
    tx: &Tx,
    caller: &Caller,
    campaign: CampaignId,
    from: UnitId,
    into: UnitId,
) -> Result<(), Refusal> {
    let there = people::list_grants_over(tx, campaign, into).await?;
    for grant in people::list_grants_over(tx, campaign, from).await? {
        people::remove_grant(tx, &grant).await?;
        if !there.iter().any(|other| other.user == grant.user && other.role == grant.role) {
            // Another role than before, for the ledger too: the id of one that was taken away is not used again.
            let id = GrantId(caller.ids.uuid(caller.now));
            people::add_grant(tx, &Grant { id, scope: Scope::Unit(campaign, into), ..grant }).await?;
        }
    }
    Ok(())
}

fn replaced(units: &[DutyUnit], from: UnitId, into: UnitId) -> Vec<DutyUnit> {
    let swap = |unit: UnitId| if unit == from { into } else { unit };
    let mut kept: Vec<DutyUnit> = Vec::with_capacity(units.len());
    for unit in units {
        let unit = DutyUnit { unit: swap(unit.unit), via: unit.via.map(swap), ..*unit };
        if !kept.iter().any(|there| there.unit == unit.unit) {
            kept.push(unit);
        }
    }
    kept
}

fn retied(unit: &Unit, from: UnitId, into: UnitId) -> Unit {
    let mut unit = unit.clone();
    if unit.parent == Some(from) {
        unit.parent = Some(into);
    }
    if unit.members.contains(&from) {
        unit.members.retain(|member| *member != from);
        if !unit.members.contains(&into) {
            unit.members.push(into);
        }
    }
    unit
}
