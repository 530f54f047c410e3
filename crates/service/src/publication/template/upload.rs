use bytes::Bytes;
use chengjing_domain::{
    id::{CampaignId, TemplateId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
    publication::{
        Form, Paper,
        template::{MOST_VERSIONS, Template, largest},
    },
};
use chengjing_store::{Paging, campaign as campaigns, ledger, publication::template as store};
use serde_json::json;

use super::put_away;
use crate::{
    App, Caller, Refusal,
    publication::render::{Mould, Unmade},
    refusal::Faults,
};

/// Takes in a template, tries it out with data in which everything is there, and uses it from now on. All faults at once,
/// each with its place; nothing is kept where there is any.
pub async fn upload(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    (paper, form): (Paper, Form),
    name: &str,
    bytes: Bytes,
) -> Result<Template, Refusal> {
    caller.may(Action::EditTemplates, Resource::Campaign(campaign))?;
    let there = app.store.read(|q| async move { campaigns::lookup(&q, campaign).await }).await?;
    there.ok_or(Refusal::NotFound)?;
    let size = bytes.len() as u64;
    if size > largest(form) {
        return Err(Refusal::TooLarge { limit: largest(form) });
    }
    let mut faults = Faults::default();
    // Whatever path a browser sends in front of it, a name is only a name.
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = faults.text("name", name, 255);
    let ending = form.template_ending();
    if !name.to_lowercase().ends_with(&format!(".{ending}")) {
        faults.add("name", format!("应为 {ending} 文件"), format!("must be a {ending} file"));
    }
    if bytes.is_empty() {
        faults.add("", "文件是空的", "the file is empty");
    }
    faults.end()?;
    let mould = Mould { paper, form, bytes: bytes.clone() };
    mould.try_out(app).await.map_err(refused)?;
    let file = app.store.files().put_bytes(bytes).await?;
    let caller = caller.clone();
    let id: TemplateId = caller.id("template");
    app.store
        .write(move |tx| {
            let (caller, name) = (caller.clone(), name.clone());
            async move {
                if let Some(there) = store::lookup(&tx, campaign, id).await? {
                    return Ok(there);
                }
                let newest = store::list(&tx, campaign, paper, form, &Paging::first(1)).await?;
                let number = newest.items.first().map_or(1, |newest| newest.number + 1);
                if number > MOST_VERSIONS {
                    return Err(Refusal::conflict(
                        "模板的版本太多了",
                        "There are too many versions of this template",
                    ));
                }
                put_away(&tx, campaign, paper, form).await?;
                let new = Template {
                    campaign,
                    id,
                    paper,
                    form,
                    number,
                    name,
                    hash: file.hash,
                    size: file.size,
                    uploaded_by: caller.actor.user,
                    created_at: caller.now,
                    in_use: true,
                    version: 1,
                };
                let added = store::add(&tx, &new).await?;
                let subject = Subject::of(campaign, SubjectKind::Template, id.0);
                let told = json!({ "paper": paper.code(), "form": form.code(), "number": number });
                ledger::record(&tx, caller.act_named("template.upload", subject, told)).await?;
                Ok(added)
            }
        })
        .await
}

/// Why a template was not taken, as the answer to whoever brought it.
pub(super) fn refused(why: Unmade) -> Refusal {
    match why {
        Unmade::Faulty(faults) => Refusal::Invalid(faults),
        Unmade::Machine(words) => Refusal::Conflict(words),
    }
}
