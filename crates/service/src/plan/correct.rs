use chengjing_domain::{
    id::{CampaignId, ImportId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    plan::{
        Plan, PlanImport,
        draft::{self, DraftFaultKind},
    },
};
use chengjing_store::{ledger, plan as store};
use serde_json::json;

use super::must_at;
use crate::{App, Caller, Refusal, refusal::Faults};

/// Takes over the corrected entries of a draft. What stands in no entry is worked out anew.
pub async fn correct(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ImportId,
    seen: i64,
    plans: Vec<Plan>,
) -> Result<PlanImport, Refusal> {
    caller.may(Action::CorrectPlan, Resource::Campaign(campaign))?;
    let subject = Subject::of(campaign, SubjectKind::PlanImport, id.0);
    let act = caller.act(Action::CorrectPlan, subject, json!({}));
    app.store
        .write(move |tx| {
            let (plans, act) = (plans.clone(), act.clone());
            async move {
                let mut import = must_at(&tx, campaign, id, seen).await?;
                import.state.correct()?;
                let (Some(reading), Some(cleaned)) = (&mut import.reading, &import.cleaned) else {
                    return Err(Refusal::Internal("a draft without a reading"));
                };
                refuse_faults(&plans, cleaned.chars().count())?;
                draft::correct(reading, plans, cleaned);
                let import = store::save(&tx, &import).await?;
                ledger::record(&tx, act).await?;
                Ok(import)
            }
        })
        .await
}

fn refuse_faults(plans: &[Plan], length: usize) -> Result<(), Refusal> {
    let mut faults = Faults::default();
    for fault in draft::check(plans, length) {
        match fault.kind {
            DraftFaultKind::Empty => faults.add(fault.path, "请填写", "must not be empty"),
            DraftFaultKind::SpanOutside { length } => faults.add(
                fault.path,
                format!("位置超出正文(共{length}字)"),
                format!("outside the text of {length} characters"),
            ),
            DraftFaultKind::StartsAfterDue => {
                faults.add(fault.path, "完成时限早于开始时间", "due before it starts");
            }
        }
    }
    faults.end()
}
