use std::collections::HashMap;

use chengjing_domain::{
    campaign::naming::normal,
    duty::{Duty, DutyState},
    id::{CampaignId, DutyId, ImportId, UnitId},
    people::policy::{Action, Resource},
    plan::{
        PlanDuty, PlanImport, Reading, UnitRole,
        comparison::{Change, DutyText, compare as compare_texts},
    },
};
use chengjing_store::{Queries, campaign as campaigns, duty, plan};

use super::must;
use crate::{App, Caller, Refusal};

/// A draft beside the duties that were adopted from the version it replaces.
pub async fn compare(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ImportId,
) -> Result<Vec<Change>, Refusal> {
    caller.may(Action::SeePlans, Resource::Campaign(campaign))?;
    app.store
        .read(|q| async move {
            let import = must(&q, campaign, id).await?;
            changes(&q, &import).await
        })
        .await
}

pub(super) async fn changes(q: &impl Queries, import: &PlanImport) -> Result<Vec<Change>, Refusal> {
    let Some(replaced) = import.replaces else {
        return Err(Refusal::conflict("这份方案不替换别的方案", "This plan replaces no other"));
    };
    let Some(reading) = &import.reading else {
        return Err(Refusal::conflict("方案还没有读完", "The plan has not been read"));
    };
    let units = campaigns::all_units(q, import.campaign).await?;
    let names: HashMap<UnitId, &str> = units.iter().map(|unit| (unit.id, unit.name.as_str())).collect();
    let aliases: HashMap<&str, &str> = units
        .iter()
        .flat_map(|unit| unit.aliases.iter().map(|alias| (alias.as_str(), unit.name.as_str())))
        .collect();
    let named = |duty: &PlanDuty| {
        let mut text = DutyText::from(duty);
        // The older version's names were made into units, each of which owes a duty once; the same name must not look like
        // another unit.
        let mut named: Vec<(String, UnitRole)> = Vec::with_capacity(text.units.len());
        for (name, role) in text.units {
            let name = normal(&name);
            let name = aliases.get(name.as_str()).map_or(name, |unit| (*unit).to_owned());
            if !named.iter().any(|(there, _)| *there == name) {
                named.push((name, role));
            }
        }
        text.units = named;
        text
    };
    // What no version changed stands under the one that it came with.
    let mut ids = Vec::new();
    let mut version = Some(replaced);
    while let Some(older) = version {
        ids.extend(duty::list_ids_of_import(q, import.campaign, older).await?);
        version = plan::lookup_replaced(q, import.campaign, older).await?;
    }
    let places: HashMap<DutyId, usize> = ids.iter().copied().zip(0..).collect();
    let mut duties = duty::lookup_many(q, import.campaign, &ids).await?;
    duties.sort_by_key(|duty| places.get(&duty.id).copied());
    let standing = duties.iter().filter(|duty| duty.state != DutyState::Withdrawn);
    let before: Vec<_> = standing.map(|duty| (duty.id, text(duty, &names))).collect();
    // Where the older document was not read along, its draft is the next best: it holds what was corrected before it was
    // adopted, and not what was changed since.
    let draft = match import.older {
        Some(_) => None,
        None => plan::lookup(q, import.campaign, replaced).await?.and_then(|older| older.reading),
    };
    let base: Vec<_> =
        import.older.iter().chain(&draft).flat_map(entries).map(|(_, duty)| named(duty)).collect();
    let after: Vec<_> = entries(reading).map(|(index, duty)| (index, named(duty))).collect();
    Ok(compare_texts(&base, &before, &after))
}

/// The duties of a reading, each with its place: (plan, duty).
fn entries(reading: &Reading) -> impl Iterator<Item = ((usize, usize), &PlanDuty)> {
    let plans = reading.plans.iter().enumerate();
    plans.flat_map(|(p, plan)| plan.duties.iter().enumerate().map(move |(d, duty)| ((p, d), duty)))
}

/// A stored duty in the form in which versions are compared: a group stands where its members do.
fn text(duty: &Duty, names: &HashMap<UnitId, &str>) -> DutyText {
    let mut units: Vec<(String, UnitRole)> = Vec::with_capacity(duty.units.len());
    for unit in &duty.units {
        let name = names.get(&unit.via.unwrap_or(unit.unit)).copied().unwrap_or_default().to_owned();
        if !units.iter().any(|(there, _)| *there == name) {
            units.push((name, unit.role));
        }
    }
    DutyText {
        number: duty.number.clone(),
        title: duty.title.clone(),
        text: duty.text.clone(),
        leads: duty.leads.clone(),
        units,
        start: duty.start,
        due: duty.due,
        recurrence: duty.recurrence,
        targets: duty.targets.iter().map(|target| target.target.clone()).collect(),
    }
}
