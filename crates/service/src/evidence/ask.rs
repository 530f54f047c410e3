use std::collections::BTreeMap;

use chengjing_domain::{
    campaign::UnitKind,
    evidence::Asking,
    id::{AskingId, CampaignId, UnitId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{campaign as campaigns, evidence::asking as store, ledger};
use serde_json::json;

use super::{Demands, Of};
use crate::{App, Caller, Refusal, duty::Names, refusal::Faults, unit::CLOSED};

/// How many units are asked for one requirement at most.
const MOST: usize = 200;

/// Says which units are asked for a requirement's materials, in place of those that were; `seen` is 0 where nobody had said yet.
pub async fn ask(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    of: Of,
    seen: i64,
    units: Vec<UnitId>,
) -> Result<(Asking, Names), Refusal> {
    caller.may(Action::AskEvidence, Resource::Campaign(campaign))?;
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, of, units) = (here.clone(), caller.clone(), of.clone(), units.clone());
            async move {
                campaigns::lookup(&tx, campaign).await?.ok_or(Refusal::NotFound)?;
                let demands = Demands::load(&app, &tx, campaign).await?;
                let demand = demands.find(&of).ok_or(Refusal::NotFound)?;
                let there = store::lookup(&tx, campaign, &of).await?;
                if there.as_ref().map_or(0, |there| there.version) != seen {
                    return Err(Refusal::Stale);
                }
                let had = there.as_ref().map(|there| there.units.clone()).unwrap_or_default();
                let known = campaigns::all_units(&tx, campaign).await?;
                let mut faults = Faults::default();
                if units.len() > MOST {
                    faults.add("unit_ids", format!("最多{MOST}个单位"), format!("at most {MOST} units"));
                }
                let mut asked: Vec<UnitId> = Vec::new();
                for (number, id) in units.iter().enumerate() {
                    let path = format!("unit_ids[{number}]");
                    match known.iter().find(|unit| unit.id == *id) {
                        None => faults.add(path, "没有这个单位", "there is no such unit"),
                        Some(unit) if unit.kind == UnitKind::Group => {
                            faults.add(path, "请选择具体单位，不能是组合", "a unit, not a group");
                        }
                        Some(unit) if unit.closed_at.is_some() && !had.contains(id) => {
                            faults.add(path, CLOSED.0, CLOSED.1);
                        }
                        Some(_) if asked.contains(id) => {}
                        Some(_) => asked.push(*id),
                    }
                }
                faults.end()?;
                let names = Names::load(&tx, campaign).await?;
                let stored = match there {
                    Some(there) if there.units == asked => return Ok((there, names)),
                    Some(there) => store::save(&tx, &there.of_units(asked, caller.now)).await?,
                    None => {
                        let new = Asking {
                            campaign,
                            id: AskingId(caller.ids.uuid(caller.now)),
                            standard: of.standard,
                            requirement: of.requirement,
                            units: Vec::new(),
                            since: BTreeMap::new(),
                            version: 1,
                        };
                        let new = new.of_units(asked, caller.now);
                        store::add(&tx, &new).await?
                    }
                };
                let subject = Subject::of(campaign, SubjectKind::Asking, stored.id.0);
                let called: Vec<String> = stored.units.iter().map(|unit| names.unit(*unit).name).collect();
                let told = json!({ "requirement": demand.requirement().title, "units": called });
                ledger::record(&tx, caller.act(Action::AskEvidence, subject, told)).await?;
                Ok((stored, names))
            }
        })
        .await
}
