use chengjing_domain::{
    id::{CampaignId, ViewId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{ledger, view as store};
use serde_json::json;

use super::visible;
use crate::{App, Caller, Refusal};

/// Has the caller's list begin with that view from now on; None: with all duties.
pub async fn choose_first(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    view: Option<ViewId>,
) -> Result<(), Refusal> {
    caller.may(Action::SaveViews, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let caller = caller.clone();
            async move {
                let user = caller.actor.user;
                let before = store::first(&tx, campaign, user).await?;
                if let Some(id) = view {
                    visible(&tx, &caller, campaign, id).await?;
                }
                let Some(about) = view.or(before).filter(|_| view != before) else { return Ok(()) };
                store::set_first(&tx, campaign, user, view).await?;
                let subject = Subject::of(campaign, SubjectKind::View, about.0);
                let told = json!({ "first": view.is_some() });
                ledger::record(&tx, caller.act_named("view.choose_first", subject, told)).await?;
                Ok(())
            }
        })
        .await
}
