use chengjing_domain::{
    id::CampaignId,
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    publication::{Form, Paper},
};
use chengjing_store::ledger;
use serde_json::json;

use super::put_away;
use crate::{App, Caller, Refusal};

/// Goes back to the built-in template. The versions that were used stay, and can be used again.
pub async fn use_built_in(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    (paper, form): (Paper, Form),
) -> Result<(), Refusal> {
    caller.may(Action::EditTemplates, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let caller = caller.clone();
            async move {
                // None is in use: it is as it should be.
                let Some(away) = put_away(&tx, campaign, paper, form).await? else { return Ok(()) };
                let subject = Subject::of(campaign, SubjectKind::Template, away.id.0);
                let told = json!({ "paper": paper.code(), "form": form.code(), "number": away.number });
                ledger::record(&tx, caller.act_named("template.use_built_in", subject, told)).await?;
                Ok(())
            }
        })
        .await
}
