use bytes::Bytes;
use chengjing_domain::{
    id::{CampaignId, TemplateId},
    people::policy::{Action, Resource},
    publication::{Form, Paper},
};
use chengjing_store::publication::template as store;

use crate::{App, Caller, Refusal, publication::render::Mould};

/// A template: its bytes and what to call the file.
#[derive(Debug)]
pub struct TemplateFile {
    pub bytes: Bytes,
    pub name: String,
}

/// A version that an office brought.
pub async fn version(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: TemplateId,
) -> Result<TemplateFile, Refusal> {
    let (mould, name) = mould_of(app, caller, campaign, id).await?;
    Ok(TemplateFile { bytes: mould.bytes, name })
}

/// The built-in one, to begin with.
pub fn built_in(
    caller: &Caller,
    campaign: CampaignId,
    (paper, form): (Paper, Form),
) -> Result<TemplateFile, Refusal> {
    caller.may(Action::SeeTemplates, Resource::Campaign(campaign))?;
    let name = format!("{}模板.{}", paper.term(), form.template_ending());
    Ok(TemplateFile { bytes: Mould::built_in(paper, form).bytes, name })
}

pub(super) async fn mould_of(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: TemplateId,
) -> Result<(Mould, String), Refusal> {
    caller.may(Action::SeeTemplates, Resource::Campaign(campaign))?;
    let found = app.store.read(|q| async move { store::lookup(&q, campaign, id).await }).await?;
    let found = found.ok_or(Refusal::NotFound)?;
    let bytes = app.store.files().read(found.hash).await?;
    let bytes = bytes.ok_or(Refusal::Internal("a template's file is missing"))?;
    Ok((Mould { paper: found.paper, form: found.form, bytes }, found.name))
}
