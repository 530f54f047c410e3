use chengjing_domain::{
    campaign::Unit,
    duty::{Duty, DutyUnit},
    id::{CampaignId, UnitId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{campaign as store, duty, ledger};
use serde_json::json;

use super::{Directory, UnitView, edit::duties_of};
use crate::{App, Caller, Refusal, task::settle::merge_units};

/// Two entries were one unit: names, members and duties of `from` move to `into`, and `from` is gone.
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
    app.store
        .write(move |tx| {
            let (act, caller) = (act.clone(), caller.clone());
            async move {
                let directory = Directory::load(&tx, campaign).await?;
                let find = |id| directory.units().iter().find(|unit| unit.id == id).cloned();
                let merged = find(from).ok_or(Refusal::NotFound)?;
                let mut kept = find(into)
                    .ok_or_else(|| Refusal::invalid("into", "没有这个单位", "there is no such unit"))?;
                if merged.kind != kept.kind
                    && [merged.kind, kept.kind].contains(&chengjing_domain::campaign::UnitKind::Group)
                {
                    let (zh, en) = ("组合不能与单位合并", "a group can't be merged with a unit");
                    return Err(Refusal::invalid("into", zh, en));
                }
                merge_units(&tx, &caller, campaign, from, into).await?;
                for duty in duties_of(&tx, campaign, vec![from]).await? {
                    let changed = Duty { units: replaced(&duty.units, from, into), ..duty.clone() };
                    duty::save_over(&tx, &duty, &changed, caller.now).await?;
                }
                for unit in directory.units().iter().filter(|unit| unit.id != from && unit.id != into) {
                    if unit.parent == Some(from) || unit.members.contains(&from) {
                        store::save_unit(&tx, &retied(unit, from, into)).await?;
                    }
                }
                let stored = retied(&kept, from, into);
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
                let kept = store::save_unit(&tx, &kept).await?;
                ledger::record(&tx, act).await?;
                Ok(Directory::load(&tx, campaign).await?.view(kept))
            }
        })
        .await
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
