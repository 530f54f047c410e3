use chengjing_domain::{
    id::{CampaignId, TemplateId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    publication::template::Template,
};
use chengjing_store::{ledger, publication::template as store};
use serde_json::json;

use super::put_away;
use crate::{App, Caller, Refusal};

/// Uses an older version again, or one that was put away for the built-in one.
pub async fn use_version(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: TemplateId,
    seen: i64,
) -> Result<Template, Refusal> {
    caller.may(Action::EditTemplates, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let caller = caller.clone();
            async move {
                let wanted = store::lookup(&tx, campaign, id).await?.ok_or(Refusal::NotFound)?;
                if wanted.version != seen {
                    return Err(Refusal::Stale);
                }
                if wanted.in_use {
                    return Ok(wanted);
                }
                put_away(&tx, campaign, wanted.paper, wanted.form).await?;
                let used = store::save(&tx, &Template { in_use: true, ..wanted }).await?;
                let subject = Subject::of(campaign, SubjectKind::Template, id.0);
                let (paper, form) = (used.paper.code(), used.form.code());
                let told = json!({ "paper": paper, "form": form, "number": used.number });
                ledger::record(&tx, caller.act_named("template.use", subject, told)).await?;
                Ok(used)
            }
        })
        .await
}
