use chengjing_domain::{
    id::CampaignId,
    people::policy::{Action, Resource},
    publication::{Form, Paper, template::Template},
};
use chengjing_store::{Page, Paging, campaign as campaigns, publication::template as store};

use crate::{App, Caller, Refusal};

/// The versions of a paper's template in a form, the newest first. Where none is in use, the built-in one is.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    (paper, form): (Paper, Form),
    paging: Paging,
) -> Result<Page<Template>, Refusal> {
    caller.may(Action::SeeTemplates, Resource::Campaign(campaign))?;
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            Ok(store::list(&q, campaign, paper, form, &paging).await?)
        })
        .await
}
