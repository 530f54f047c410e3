use chengjing_domain::{
    id::CampaignId,
    people::{
        Via,
        policy::{Action, Resource},
    },
};
use chengjing_store::{Page, Paging, campaign as campaigns, people as store};

use super::{HandoverRequestView, views};
use crate::{App, Caller, Refusal};

/// The requests of a campaign, the newest first; `waiting`: only those that have to be decided, or only the others.
pub async fn list(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    waiting: Option<bool>,
    paging: Paging,
) -> Result<Page<HandoverRequestView>, Refusal> {
    caller.may(Action::ManagePeople, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let page = store::list_handover_requests(&q, campaign, waiting, &paging).await?;
            Ok(Page { items: views(&q, &caller, page.items).await?, next: page.next })
        })
        .await
}

/// The caller's own requests in all campaigns, the newest first; with a token for one campaign only those in it.
pub async fn list_own(
    app: &App,
    caller: &Caller,
    paging: Paging,
) -> Result<Page<HandoverRequestView>, Refusal> {
    caller.may(Action::UseOwnAccount, Resource::System)?;
    let only = match caller.actor.via {
        Via::Token(limits) => limits.campaign,
        Via::Session(_) | Via::Program => None,
    };
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let page = store::list_handover_requests_by(&q, caller.actor.user, only, &paging).await?;
            Ok(Page { items: views(&q, &caller, page.items).await?, next: page.next })
        })
        .await
}
