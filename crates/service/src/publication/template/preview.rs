use bytes::Bytes;
use chengjing_domain::{
    id::{CampaignId, TemplateId},
    people::policy::{Action, Resource},
    publication::{Form, Paper},
};

use super::{download::mould_of, upload::refused};
use crate::{App, Caller, Refusal, publication::render::Mould};

/// A document made of made-up data.
#[derive(Debug)]
pub struct Preview {
    pub bytes: Bytes,
    pub name: String,
    pub form: Form,
}

/// What a version that an office brought makes of made-up data.
pub async fn version(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: TemplateId,
) -> Result<Preview, Refusal> {
    let (mould, _) = mould_of(app, caller, campaign, id).await?;
    show(app, &mould).await
}

/// The same of the built-in one.
pub async fn built_in(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    (paper, form): (Paper, Form),
) -> Result<Preview, Refusal> {
    caller.may(Action::SeeTemplates, Resource::Campaign(campaign))?;
    show(app, &Mould::built_in(paper, form)).await
}

async fn show(app: &App, mould: &Mould) -> Result<Preview, Refusal> {
    let bytes = Bytes::from(mould.try_out(app).await.map_err(refused)?);
    let name = format!("{}样张.{}", mould.paper.term(), mould.form.code());
    Ok(Preview { bytes, name, form: mould.form })
}
