use chengjing_domain::{
    campaign::UnitKind,
    clock::day_of,
    id::{CampaignId, JobId, UnitId},
    ledger::{Subject, SubjectKind},
    people::policy::{self, Action, Visible},
    publication::Form,
};
use chengjing_store::{Queries, campaign as campaigns, duty, job as jobs, ledger, publication::letter};
use serde_json::json;

use super::{Payload, What, job};
use crate::{App, Caller, Refusal};

/// Orders the letter of a unit, or (None) those of all units that owe something and that the caller may have made, packed
/// together. Units get their numbers here; that letters were made stands in the ledger.
pub async fn order(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    unit: Option<UnitId>,
    form: Form,
) -> Result<JobId, Refusal> {
    let caller = caller.clone();
    let id: JobId = caller.id("job");
    app.store
        .write(move |tx| {
            let caller = caller.clone();
            async move {
                if jobs::lookup(&tx, id).await?.is_some() {
                    return Ok(id);
                }
                let units = wanted(&tx, &caller, campaign, unit).await?;
                if units.is_empty() {
                    let (zh, en) = match unit {
                        Some(_) => ("这个单位没有责任任务", "this unit has no duties"),
                        None => ("没有单位承担责任任务", "no unit has duties"),
                    };
                    return Err(Refusal::conflict(zh, en));
                }
                let numbers = letter::number(&tx, campaign, &units).await?;
                let numbered = units.iter().map(|unit| (*unit, numbers.get(unit).copied().unwrap_or(0)));
                let payload = Payload {
                    campaign,
                    owner: caller.actor.user,
                    what: What::Letter { units: numbered.collect(), together: unit.is_none() },
                    form,
                    as_of: day_of(caller.now),
                };
                jobs::add(&tx, &job(&caller, id, &payload)).await?;
                let subject = match unit {
                    Some(unit) => Subject::of(campaign, SubjectKind::Unit, unit.0),
                    None => Subject::of(campaign, SubjectKind::Campaign, campaign.0),
                };
                let told = json!({ "form": form.code(), "units": units.len() });
                ledger::record(&tx, caller.act(Action::PrintLetters, subject, told)).await?;
                Ok(id)
            }
        })
        .await
}

/// The units whose letters are wanted and may be made, in the order of their names.
async fn wanted(
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
    unit: Option<UnitId>,
) -> Result<Vec<UnitId>, Refusal> {
    let within = match policy::visible(&caller.actor, Action::PrintLetters, campaign) {
        Visible::All => {
            campaigns::lookup(q, campaign).await?.ok_or(Refusal::NotFound)?;
            None
        }
        Visible::OfUnits(units) => Some(campaigns::list_units_below(q, campaign, &units).await?),
        Visible::Nothing => {
            // Whoever belongs to the campaign may know that there are letters.
            let belongs = policy::visible(&caller.actor, Action::SeeCampaign, campaign) != Visible::Nothing;
            return Err(if belongs { Refusal::Forbidden } else { Refusal::NotFound });
        }
    };
    let covered = |unit: UnitId| within.as_ref().is_none_or(|within| within.contains(&unit));
    let all = campaigns::all_units(q, campaign).await?;
    if let Some(wanted) = unit
        && !all.iter().any(|unit| unit.id == wanted && covered(wanted))
    {
        return Err(Refusal::NotFound);
    }
    let parts = duty::counts_of_units(q, campaign).await?;
    let owes = |unit: UnitId| parts.get(&unit).is_some_and(|parts| parts.total() > 0);
    let wanted = all.into_iter().filter(|one| {
        // A group signs nothing; its members do.
        one.kind != UnitKind::Group
            && owes(one.id)
            && covered(one.id)
            && unit.is_none_or(|unit| unit == one.id)
    });
    Ok(wanted.map(|unit| unit.id).collect())
}
