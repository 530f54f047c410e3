use chengjing_domain::{
    id::{CampaignId, ImportId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{ledger, plan as store};
use serde_json::json;

use super::must;
use crate::{App, Caller, Refusal};

/// Throws a plan document away that was not adopted. It stays in the list, marked; its file stays in the ledger's
/// reach.
pub async fn discard(app: &App, caller: &Caller, campaign: CampaignId, id: ImportId) -> Result<(), Refusal> {
    caller.may(Action::ImportPlan, Resource::Campaign(campaign))?;
    let subject = Subject::of(campaign, SubjectKind::PlanImport, id.0);
    let act = caller.act_named("plan.discard", subject, json!({}));
    app.store
        .write(move |tx| {
            let act = act.clone();
            async move {
                let mut import = must(&tx, campaign, id).await?;
                import.state = import.state.discard()?;
                store::save(&tx, &import).await?;
                ledger::record(&tx, act).await?;
                Ok(())
            }
        })
        .await
}
