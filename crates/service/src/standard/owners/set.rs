use std::collections::{HashMap, HashSet};

use chengjing_domain::{
    campaign::{Unit, UnitKind},
    id::{CampaignId, DutyId, LeafOwnersId, StandardId, UnitId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    standard::owner::{LeafOwners, MOST_OWNERS, Owner, tidy},
};
use chengjing_store::{Tx, campaign as campaigns, duty, ledger, standard::owner as store};
use serde_json::json;

use super::{OwnersSeen, list::list, load};
use crate::{App, Caller, Refusal, refusal::Faults, unit::CLOSED};

/// Who answers for a leaf from now on.
#[derive(Debug, Clone)]
pub struct Said {
    /// Its code.
    pub leaf: String,
    /// The version that was seen; 0 where nobody had said yet.
    pub seen: i64,
    pub owners: Vec<Owner>,
}

/// How many leaves one act holds at most.
pub const MOST_LEAVES: usize = 500;

/// Says who answers for some leaves, in place of what was said: for all of them, or for none where anything is wrong.
pub async fn set(
    app: &App,
    caller: &Caller,
    (campaign, standard): (CampaignId, StandardId),
    said: Vec<Said>,
) -> Result<OwnersSeen, Refusal> {
    caller.may(Action::AssignLeaves, Resource::Campaign(campaign))?;
    if said.is_empty() || said.len() > MOST_LEAVES {
        let zh = format!("请选择1到{MOST_LEAVES}项指标");
        return Err(Refusal::invalid("leaves", zh, format!("1 to {MOST_LEAVES} indicators")));
    }
    let (here, as_caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, said) = (here.clone(), as_caller.clone(), said.clone());
            async move {
                let (opened, there) = load(&app, &tx, campaign, standard).await?;
                let known = campaigns::all_units(&tx, campaign).await?;
                let known: HashMap<UnitId, &Unit> = known.iter().map(|unit| (unit.id, unit)).collect();
                let duties = duties_there(&tx, campaign, &said).await?;
                let mut faults = Faults::default();
                let mut once: HashSet<&str> = HashSet::new();
                let mut wanted = Vec::with_capacity(said.len());
                for (number, one) in said.iter().enumerate() {
                    let place = format!("leaves[{number}]");
                    if opened.whole.leaf(&one.leaf).is_none() {
                        let (zh, en) = ("体系里没有这项指标", "the standard has no such indicator");
                        faults.add(format!("{place}.leaf"), zh, en);
                    } else if !once.insert(&one.leaf) {
                        faults.add(format!("{place}.leaf"), "同一项指标写了两次", "the same indicator twice");
                    }
                    if one.owners.len() > MOST_OWNERS {
                        let (zh, en) =
                            (format!("最多{MOST_OWNERS}个单位"), format!("at most {MOST_OWNERS} units"));
                        faults.add(format!("{place}.owners"), zh, en);
                    }
                    let had = there.get(&one.leaf).map(|there| there.owners.as_slice()).unwrap_or_default();
                    for (owner_number, owner) in one.owners.iter().enumerate() {
                        let path = format!("{place}.owners[{owner_number}]");
                        match known.get(&owner.unit) {
                            None => {
                                faults.add(
                                    format!("{path}.unit_id"),
                                    "没有这个单位",
                                    "there is no such unit",
                                );
                            }
                            Some(unit) if unit.kind == UnitKind::Group => {
                                let (zh, en) = ("请选择具体单位，不能是组合", "a unit, not a group");
                                faults.add(format!("{path}.unit_id"), zh, en);
                            }
                            Some(unit)
                                if unit.closed_at.is_some() && !had.iter().any(|had| had.unit == unit.id) =>
                            {
                                faults.add(format!("{path}.unit_id"), CLOSED.0, CLOSED.1);
                            }
                            Some(_) => {}
                        }
                        if owner.duty.is_some_and(|duty| !duties.contains(&duty)) {
                            faults.add(format!("{path}.duty_id"), "没有这项任务", "there is no such duty");
                        }
                    }
                    wanted.push((one, tidy(one.owners.iter().copied())));
                }
                faults.end()?;
                let mut changed: Vec<&str> = Vec::new();
                for (one, owners) in &wanted {
                    let before = there.get(&one.leaf);
                    if before.map_or(0, |before| before.version) != one.seen {
                        return Err(Refusal::Stale);
                    }
                    if keep(&tx, &caller, (campaign, standard), before, &one.leaf, owners).await? {
                        changed.push(&one.leaf);
                    }
                }
                record(&tx, &caller, (campaign, standard), &changed).await
            }
        })
        .await?;
    list(app, caller, campaign, standard).await
}

/// The duties among those that are named that there are.
async fn duties_there(tx: &Tx, campaign: CampaignId, said: &[Said]) -> Result<HashSet<DutyId>, Refusal> {
    let mut ids: Vec<DutyId> =
        said.iter().flat_map(|one| &one.owners).filter_map(|owner| owner.duty).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(duty::versions(tx, campaign, &ids).await?.into_iter().map(|(id, _)| id).collect())
}

/// Stores who answers for a leaf, and says whether that is anything new.
pub(super) async fn keep(
    tx: &Tx,
    caller: &Caller,
    (campaign, standard): (CampaignId, StandardId),
    before: Option<&LeafOwners>,
    leaf: &str,
    owners: &[Owner],
) -> Result<bool, Refusal> {
    match before {
        Some(before) if before.owners == owners => return Ok(false),
        Some(before) => {
            let mut changed = before.clone();
            changed.assign(owners.to_vec(), caller.now);
            store::save(tx, &changed).await?
        }
        None if owners.is_empty() => return Ok(false),
        None => {
            let new = LeafOwners {
                campaign,
                id: LeafOwnersId(caller.ids.uuid(caller.now)),
                standard,
                leaf: leaf.to_owned(),
                owners: owners.to_vec(),
                earlier: Vec::new(),
                version: 1,
            };
            store::add(tx, &new).await?
        }
    };
    Ok(true)
}

/// Puts what was said into the ledger, under the standard; what changed nothing is not told.
pub(super) async fn record(
    tx: &Tx,
    caller: &Caller,
    (campaign, standard): (CampaignId, StandardId),
    changed: &[&str],
) -> Result<(), Refusal> {
    if changed.is_empty() {
        return Ok(());
    }
    let subject = Subject::of(campaign, SubjectKind::Assessed, standard.0);
    let details = json!({ "leaves": changed });
    ledger::record(tx, caller.act(Action::AssignLeaves, subject, details)).await?;
    Ok(())
}
