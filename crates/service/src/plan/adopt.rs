use std::collections::HashMap;

use chengjing_domain::{
    duty::{Duty, DutyState},
    id::{CampaignId, DutyId, ImportId, PhaseId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    plan::{
        PlanImport,
        adoption::{self, Adoption, AdoptionFault, AdoptionInput, Choice, UnitDecision},
        comparison::{Change, Field},
    },
};
use chengjing_store::{Tx, campaign as campaigns, duty, ledger, plan as store};
use serde_json::json;

use super::{compare, must_at};
use crate::{
    App, Caller, Refusal,
    refusal::Faults,
    task::{dates, settle::save_duty},
};

/// Where the ledger's entry of an adoption keeps the duties that it changed, as they were: whoever takes it back needs
/// them, and the ledger is where nobody can alter them.
pub(crate) const FORMER: &str = "former";
/// In the entry of an adoption: the phases that it added, so that taking it back finds them.
pub(crate) const PHASES: &str = "phases";

/// What the office decided.
#[derive(Debug, Clone)]
pub struct Decisions {
    pub choice: Choice,
    pub with_phases: bool,
    /// By the name as the plan prints it.
    pub units: HashMap<String, UnitDecision>,
    /// Of a newer version: duties of the older one that it no longer has, to be withdrawn.
    pub gone: Vec<DutyId>,
}

/// What an adoption did.
#[derive(Debug, Clone)]
pub struct Adopted {
    pub import: PlanImport,
    pub duties_added: usize,
    pub duties_changed: usize,
    pub duties_withdrawn: usize,
    pub units_added: usize,
    pub phases_added: usize,
}

/// Makes duties of a draft, in one act: units, phases and duties, or nothing.
///
/// A newer version of an adopted plan changes the chosen duties in what it says otherwise, adds those that are new, and
/// withdraws those that the office named. All others stay as they are, under the version that they came with.
pub async fn adopt(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ImportId,
    seen: i64,
    decisions: Decisions,
) -> Result<Adopted, Refusal> {
    caller.may(Action::AdoptPlan, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let (caller, decisions) = (caller.clone(), decisions.clone());
            async move { in_one_act(&tx, &caller, campaign, id, seen, &decisions).await }
        })
        .await
}

async fn in_one_act(
    tx: &Tx,
    caller: &Caller,
    campaign: CampaignId,
    id: ImportId,
    seen: i64,
    decisions: &Decisions,
) -> Result<Adopted, Refusal> {
    let mut import = must_at(tx, campaign, id, seen).await?;
    let state = import.state.clone().adopt(caller.now, caller.actor.user)?;
    let own = campaigns::lookup(tx, campaign).await?.ok_or(Refusal::NotFound)?;
    let known = campaigns::all_units(tx, campaign).await?;
    let known_phases = campaigns::list_phases(tx, campaign).await?;
    let reading = import.reading.as_ref().ok_or(Refusal::Internal("a draft without a reading"))?;
    let changes = match import.replaces {
        Some(replaced) => {
            is_replaced_once(tx, campaign, replaced).await?;
            compare::changes(tx, &import).await?
        }
        None => Vec::new(),
    };
    let standing = standing(&changes, &decisions.choice);
    let keeps_units = |taken: &Taken<'_>| !taken.fields.contains(&Field::Units);
    let without_units: Vec<(usize, usize)> =
        standing.iter().filter(|(_, taken)| keeps_units(taken)).map(|(index, _)| *index).collect();
    let text: Vec<char> = import.cleaned.as_deref().unwrap_or_default().chars().collect();
    let input = AdoptionInput {
        campaign: &own,
        import: id,
        reading,
        text: &text,
        choice: &decisions.choice,
        may_be_empty: import.replaces.is_some(),
        without_units: &without_units,
        with_phases: decisions.with_phases,
        decisions: &decisions.units,
        known: &known,
        known_phases: &known_phases,
        ids: &*caller.ids,
        now: caller.now,
    };
    let adoption = adoption::adopt(&input).map_err(faults)?;
    let phases: Vec<PhaseId> = adoption.phases.iter().map(|phase| phase.id).collect();
    let phases_added = phases.len();
    let units_added = adoption.units_added.len();

    if !adoption.units_added.is_empty() {
        campaigns::add_units(tx, &adoption.units_added).await?;
    }
    for unit in &adoption.units_changed {
        campaigns::save_unit(tx, unit).await?;
    }
    for phase in &adoption.phases {
        campaigns::add_phase(tx, phase).await?;
    }
    let merged = merge(tx, campaign, adoption, &standing, &changes, decisions).await?;
    if !merged.added.is_empty() {
        duty::add_many(tx, &merged.added).await?;
        // One job makes the dates of all.
        if let Some(added) = merged.added.iter().find(|duty| duty.recurrence.is_some()) {
            dates::order(tx, caller, added).await?;
        }
    }
    for changed in &merged.changed {
        let older = merged.former.iter().find(|former| former.id == changed.id).ok_or(Refusal::Stale)?;
        save_duty(tx, caller, older, changed, "方案更新").await?;
    }
    import.state = state;
    let import = store::save(tx, &import).await?;
    let result = Adopted {
        import,
        duties_added: merged.added.len(),
        duties_changed: merged.reworded,
        duties_withdrawn: merged.withdrawn,
        units_added,
        phases_added,
    };
    let mut details = json!({
        "duties_added": result.duties_added,
        "duties_changed": result.duties_changed,
        "duties_withdrawn": result.duties_withdrawn,
        "units_added": units_added,
        "phases_added": phases_added,
    });
    if !phases.is_empty() {
        details[PHASES] = json!(phases);
    }
    if !merged.former.is_empty() {
        details[FORMER] = json!(merged.former);
    }
    let subject = Subject::of(campaign, SubjectKind::PlanImport, id.0);
    ledger::record(tx, caller.act(Action::AdoptPlan, subject, details)).await?;
    Ok(result)
}

#[derive(Default)]
struct Merged {
    added: Vec<Duty>,
    /// Older duties that move to the newer version or are withdrawn, as they are to be.
    changed: Vec<Duty>,
    /// The same, as they were.
    former: Vec<Duty>,
    /// Those of them that say something else than before.
    reworded: usize,
    withdrawn: usize,
}

/// A plan is replaced once: its duties have moved on to the version that replaced it, and a second one would bring them
/// all again.
async fn is_replaced_once(tx: &Tx, campaign: CampaignId, replaced: ImportId) -> Result<(), Refusal> {
    match store::lookup_heir(tx, campaign, replaced).await? {
        None => Ok(()),
        Some(_) => Err(Refusal::conflict(
            "原方案已被另一新版替换，请改为替换最新一版",
            "Another newer version has replaced that plan already; replace the newest one",
        )),
    }
}

/// An older duty that stands for an entry, and in what it is to follow the newer version.
struct Taken<'a> {
    duty: DutyId,
    fields: &'a [Field],
}

/// The older duties that stand for chosen entries, by their entry.
fn standing<'a>(changes: &'a [Change], choice: &Choice) -> HashMap<(usize, usize), Taken<'a>> {
    let is_chosen = |index: &(usize, usize)| match choice {
        Choice::All => true,
        Choice::These(these) => these.contains(index),
    };
    let standing = changes.iter().filter_map(|change| match change {
        Change::Changed { duty, index, fields, .. } => Some((*index, Taken { duty: *duty, fields })),
        Change::Same { duty, index, .. } => Some((*index, Taken { duty: *duty, fields: &[] })),
        Change::Added { .. } | Change::Gone { .. } => None,
    });
    standing.filter(|(index, _)| is_chosen(index)).collect()
}

/// Sorts an adoption's duties into new ones and those that an older version already brought.
async fn merge(
    tx: &Tx,
    campaign: CampaignId,
    adoption: Adoption,
    standing: &HashMap<(usize, usize), Taken<'_>>,
    changes: &[Change],
    decisions: &Decisions,
) -> Result<Merged, Refusal> {
    let mut merged = Merged::default();
    for (index, newer) in adoption.duties {
        let Some(Taken { duty: older, fields }) = standing.get(&index) else {
            merged.added.push(newer);
            continue;
        };
        let older = duty::lookup(tx, campaign, *older).await?.ok_or(Refusal::Stale)?;
        // Where it stands comes from the newer version, what it says only where that says something else.
        let mut after = Duty {
            import: newer.import,
            ordinal: newer.ordinal,
            path: newer.path.clone(),
            part: newer.part.clone(),
            span: newer.span,
            phase: older.phase.or(newer.phase.filter(|_| older.due_on == newer.due_on)),
            ..older.clone()
        };
        for field in *fields {
            field.take(&mut after, &newer);
        }
        merged.reworded += usize::from(!fields.is_empty());
        merged.former.push(older);
        merged.changed.push(after);
    }
    for gone in &decisions.gone {
        let is_gone =
            changes.iter().any(|change| matches!(change, Change::Gone { duty, .. } if duty == gone));
        if !is_gone {
            return Err(Refusal::invalid(
                "gone",
                "新方案里还有这项任务",
                "the newer plan still has this duty",
            ));
        }
        let older = duty::lookup(tx, campaign, *gone).await?.ok_or(Refusal::Stale)?;
        merged.former.push(older.clone());
        merged.changed.push(Duty { state: DutyState::Withdrawn, ..older });
        merged.withdrawn += 1;
    }
    Ok(merged)
}

fn faults(all: Vec<AdoptionFault>) -> Refusal {
    let mut faults = Faults::default();
    for fault in all {
        match fault {
            AdoptionFault::NoSuchDuty { plan, duty } => faults.add(
                "duties",
                format!("方案{}没有第{}项任务", plan + 1, duty + 1),
                format!("plan {plan} has no duty {duty}"),
            ),
            AdoptionFault::Undecided { name } => {
                faults.add(
                    format!("units.{name}"),
                    format!("请确认“{name}”是哪个单位"),
                    format!("which unit is {name}?"),
                );
            }
            AdoptionFault::NoSuchUnit { name, .. } => {
                faults.add(format!("units.{name}"), "没有所选的单位", "there is no such unit");
            }
            AdoptionFault::ClosedUnit { name, .. } => faults.add(
                format!("units.{name}"),
                "这个单位已撤销，请恢复它或改选别的单位",
                "this unit is closed; reopen it or choose another",
            ),
            AdoptionFault::TwoKinds { name } => faults.add(
                format!("units.{name}"),
                format!("“{name}”被当作两种单位"),
                format!("{name} is said to be of two kinds"),
            ),
            AdoptionFault::EmptyName { name } => {
                faults.add(format!("units.{name}"), "请填写单位名称", "the unit needs a name");
            }
            AdoptionFault::NothingChosen => {
                faults.add("duties", "请至少选择一项任务", "choose at least one duty");
            }
        }
    }
    match faults.end() {
        Err(refusal) => refusal,
        Ok(()) => Refusal::Internal("an adoption failed without a fault"),
    }
}
