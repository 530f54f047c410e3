use chengjing_domain::{
    duty::{Duty, DutyUnit},
    id::{CampaignId, DutyId},
    ledger::{Subject, SubjectKind},
    people::policy::Action,
};
use chengjing_store::ledger;
use serde_json::{Value, json};

use super::{
    DutyChange, Names,
    look_up::{DutyView, view},
    must, put,
};
use crate::{App, Caller, Refusal, difference::Difference, task::settle::save_duty};

/// Changes a duty.
pub async fn edit(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: DutyId,
    seen: i64,
    change: DutyChange,
) -> Result<DutyView, Refusal> {
    let caller = caller.clone();
    app.store
        .write_keyed(move |tx| {
            let (change, caller) = (change.clone(), caller.clone());
            async move {
                let before = must(&tx, &caller, Action::EditDuties, campaign, id).await?;
                if before.version != seen {
                    return Err(Refusal::Stale);
                }
                let mut duty = before.clone();
                put(&tx, &caller, &mut duty, &change).await?;
                let difference = difference(&before, &duty, &Names::load(&tx, campaign).await?);
                if difference.is_empty() {
                    return view(&tx, before).await;
                }
                let duty = save_duty(&tx, &caller, &before, &duty, "责任单位或周期调整").await?;
                let subject = Subject::of(campaign, SubjectKind::Duty, id.0);
                ledger::record(&tx, caller.act(Action::EditDuties, subject, difference.details())).await?;
                view(&tx, duty).await
            }
        })
        .await
}

pub(super) fn difference(before: &Duty, after: &Duty, names: &Names) -> Difference {
    let units = |units: &Vec<DutyUnit>| {
        // A group stands for its members, as in the plan.
        let mut told: Vec<Value> = Vec::with_capacity(units.len());
        for owing in names.units(units) {
            let one = json!({ "name": owing.via.unwrap_or(owing.unit).name, "role": owing.role });
            if !told.contains(&one) {
                told.push(one);
            }
        }
        Value::Array(told)
    };
    let mut difference = Difference::default();
    difference.of("number", &before.number, &after.number, |number| json!(number));
    difference.of_text("title", &before.title, &after.title);
    difference.of_text("text", &before.text, &after.text);
    difference.of("leads", &before.leads, &after.leads, |leads| json!(leads));
    difference.of("units", &before.units, &after.units, units);
    difference.of("start", &before.start, &after.start, |date| json!(date));
    difference.of("due", &before.due, &after.due, |date| json!(date));
    difference.of("recurrence", &before.recurrence, &after.recurrence, |recurrence| json!(recurrence));
    difference.of("phase", &before.phase, &after.phase, |phase| {
        json!(phase.and_then(|phase| names.phase(phase)).map(|p| p.1))
    });
    difference.of("initiative", &before.initiative, &after.initiative, |initiative| {
        json!(initiative.and_then(|initiative| names.initiative(initiative)).map(|i| i.1))
    });
    difference.of("targets", &before.targets, &after.targets, |targets| {
        json!(targets.iter().map(|target| &target.target).collect::<Vec<_>>())
    });
    difference
}
