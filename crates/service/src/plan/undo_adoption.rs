use chengjing_domain::{
    id::{CampaignId, ImportId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    plan::PlanImport,
};
use chengjing_store::{duty, ledger, plan as store};
use serde_json::json;

use super::must;
use crate::{App, Caller, Refusal};

/// Takes an adoption back: its duties go, the plan is a draft again. Units and phases stay, they are the campaign's.
///
/// Refused once anybody has touched one of the duties, and for a version that changed older duties, whose former words
/// stand only in the ledger.
pub async fn undo_adoption(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ImportId,
) -> Result<PlanImport, Refusal> {
    caller.may(Action::AdoptPlan, Resource::Campaign(campaign))?;
    let subject = Subject::of(campaign, SubjectKind::PlanImport, id.0);
    let act = caller.act_named("plan.undo_adoption", subject, json!({}));
    app.store
        .write(move |tx| {
            let act = act.clone();
            async move {
                let mut import = must(&tx, campaign, id).await?;
                if import.replaces.is_some() {
                    return Err(Refusal::conflict(
                        "新版方案改动了原有任务,不能整体撤销,请逐项修改",
                        "A newer version changed older duties; its adoption can't be undone as a whole",
                    ));
                }
                let ids = duty::list_ids_of_import(&tx, campaign, id).await?;
                let duties = duty::lookup_many(&tx, campaign, &ids).await?;
                // A duty's first version is the one it was adopted with; whatever came later is work.
                let begun = duties.iter().any(|duty| duty.version > 1);
                import.state = import.state.undo_adoption(begun)?;
                for duty in ids {
                    duty::remove(&tx, campaign, duty).await?;
                }
                let import = store::save(&tx, &import).await?;
                ledger::record(&tx, act).await?;
                Ok(import)
            }
        })
        .await
}
