use std::collections::HashSet;

use chengjing_domain::{
    duty::Duty,
    id::{CampaignId, DutyId, EntryId, ImportId, PhaseId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    plan::{ImportRefusal, ImportState, PlanImport, undo},
};
use chengjing_store::{Paging, Queries, campaign as campaigns, duty, ledger, plan as store, task};
use serde_json::{Value, json};
use uuid::Uuid;

use super::must;
use crate::{App, Caller, Refusal, task::settle::save_duty};

/// What the ledger calls it.
const ACTION: &str = "plan.undo_adoption";

/// Takes an adoption back: its duties and the phases that it added go, those that it changed or withdrew are as before, the plan is
/// a draft again. Units stay: somebody has confirmed them, and may have given them people. A phase that another adopted plan names, or
/// to which another one's duties belong, stays, too.
///
/// Refused once anybody has touched one of the duties that it added, changed or withdrew.
pub async fn undo_adoption(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ImportId,
) -> Result<PlanImport, Refusal> {
    caller.may(Action::AdoptPlan, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let caller = caller.clone();
            async move {
                let mut import = must(&tx, campaign, id).await?;
                let ground = ground(&tx, &import).await?;
                import.state = import.state.undo_adoption(ground.begun)?;
                if ground.replaced {
                    return Err(ImportRefusal::Replaced.into());
                }
                // A unit that is no more can be given nothing back.
                let units = campaigns::all_units(&tx, campaign).await?.into_iter();
                let units = units.filter(|unit| unit.closed_at.is_none()).map(|unit| unit.id).collect();
                let phases =
                    campaigns::list_phases(&tx, campaign).await?.into_iter().map(|phase| phase.id).collect();
                let now = duty::lookup_many(&tx, campaign, &ground.duties).await?;
                let undo = undo::undo(ground.former, &now, &units, &phases)?;
                for former in &undo.restored {
                    let newer = now.iter().find(|duty| duty.id == former.id).ok_or(Refusal::Stale)?;
                    save_duty(&tx, &caller, newer, former, "撤销采用").await?;
                }
                for added in &undo.removed {
                    duty::remove(&tx, campaign, *added).await?;
                }
                let unused = unused_phases(&tx, &import, &ground.phases).await?;
                for phase in &unused {
                    campaigns::remove_phase(&tx, campaign, *phase).await?;
                }
                let import = store::save(&tx, &import).await?;
                let subject = Subject::of(campaign, SubjectKind::PlanImport, id.0);
                let details = json!({
                    "duties_restored": undo.restored.len(),
                    "duties_removed": undo.removed.len(),
                    "phases_removed": unused.len(),
                });
                ledger::record(&tx, caller.act_named(ACTION, subject, details)).await?;
                Ok(import)
            }
        })
        .await
}

/// Those of the phases that an adoption added which are no other plan's.
async fn unused_phases(
    q: &impl Queries,
    import: &PlanImport,
    added: &[PhaseId],
) -> Result<Vec<PhaseId>, Refusal> {
    let used = duty::phases_in_use(q, import.campaign, added).await?;
    let mut named: HashSet<String> = HashSet::new();
    let mut paging = Paging::first(200);
    loop {
        let page = store::list(q, import.campaign, &paging).await?;
        let others = page.items.iter().filter(|other| other.id != import.id);
        for other in others.filter(|other| matches!(other.state, ImportState::Adopted { .. })) {
            let reading = store::lookup(q, import.campaign, other.id).await?.and_then(|other| other.reading);
            let plans = reading.into_iter().flat_map(|reading| reading.plans);
            named.extend(plans.flat_map(|plan| plan.phases).map(|phase| phase.title));
        }
        let Some(next) = page.next else { break };
        paging = Paging::after(next, 200);
    }
    let all = campaigns::list_phases(q, import.campaign).await?.into_iter();
    let own = all.filter(|phase| added.contains(&phase.id));
    let unused = own.filter(|phase| !used.contains(&phase.id) && !named.contains(&phase.title));
    Ok(unused.map(|phase| phase.id).collect())
}

/// Whether an adoption can still be taken back.
pub(super) async fn is_possible(q: &impl Queries, import: &PlanImport) -> Result<bool, Refusal> {
    if !matches!(import.state, ImportState::Adopted { .. }) {
        return Ok(false);
    }
    let ground = ground(q, import).await?;
    Ok(!ground.begun && !ground.replaced)
}

/// What an adoption did, as far as taking it back must know.
#[derive(Default)]
struct Ground {
    /// The duties that it changed or withdrew, as they were.
    former: Vec<Duty>,
    /// These and those that it added.
    duties: Vec<DutyId>,
    /// The phases that it added.
    phases: Vec<PhaseId>,
    begun: bool,
    replaced: bool,
}

async fn ground(q: &impl Queries, import: &PlanImport) -> Result<Ground, Refusal> {
    let mut ground = Ground::default();
    let Some((adoption, former, phases)) = adoption(q, import).await? else { return Ok(ground) };
    (ground.former, ground.phases) = (former, phases);
    ground.duties = duty::list_ids_of_import(q, import.campaign, import.id).await?;
    let known: HashSet<DutyId> = ground.duties.iter().copied().collect();
    ground.duties.extend(ground.former.iter().map(|duty| duty.id).filter(|id| !known.contains(id)));
    ground.replaced = store::lookup_heir(q, import.campaign, import.id).await?.is_some();
    let plans_own = [Action::AdoptPlan.code(), ACTION];
    let duties: Vec<Uuid> = ground.duties.iter().map(|duty| duty.0).collect();
    let tasks = task::ids_of_duties(q, import.campaign, &ground.duties).await?;
    let tasks: Vec<Uuid> = tasks.into_iter().map(|task| task.0).collect();
    ground.begun = ledger::begun_since(q, SubjectKind::Duty, &duties, adoption, &plans_own).await?
        || ledger::begun_since(q, SubjectKind::Task, &tasks, adoption, &plans_own).await?;
    Ok(ground)
}

/// The ledger's entry of the newest adoption, the former duties that it keeps, and the phases that it added.
async fn adoption(
    q: &impl Queries,
    import: &PlanImport,
) -> Result<Option<(EntryId, Vec<Duty>, Vec<PhaseId>)>, Refusal> {
    let filter = ledger::LedgerFilter {
        campaign: Some(import.campaign),
        subject: Some((SubjectKind::PlanImport, import.id.0)),
        action: Some(Action::AdoptPlan.code().to_owned()),
        ..ledger::LedgerFilter::default()
    };
    let Some(recorded) = ledger::list(q, &filter, &Paging::first(1)).await?.items.pop() else {
        return Ok(None);
    };
    let mut details: Value = serde_json::from_str(&recorded.entry.details).unwrap_or_default();
    let mut kept = |name: &str| details.get_mut(name).map(Value::take).unwrap_or_else(|| json!([]));
    let not_understood = |_| Refusal::Internal("what an adoption's entry keeps is not understood");
    let former = serde_json::from_value(kept(super::adopt::FORMER)).map_err(not_understood)?;
    let phases = serde_json::from_value(kept(super::adopt::PHASES)).map_err(not_understood)?;
    Ok(Some((recorded.entry.id, former, phases)))
}
