use chengjing_domain::{
    id::{CampaignId, ViewId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{ledger, view as store};
use serde_json::json;

use super::must;
use crate::{App, Caller, Refusal};

/// Deletes a view; the duties stay what they are.
pub async fn remove(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ViewId,
    seen: i64,
) -> Result<(), Refusal> {
    caller.may(Action::SaveViews, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let caller = caller.clone();
            async move {
                let view = must(&tx, &caller, campaign, id, seen).await?;
                store::remove(&tx, &view).await?;
                let subject = Subject::of(campaign, SubjectKind::View, id.0);
                let told = json!({ "name": view.name, "shared": view.owner.is_none() });
                ledger::record(&tx, caller.act_named("view.remove", subject, told)).await?;
                Ok(())
            }
        })
        .await
}
