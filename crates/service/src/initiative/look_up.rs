use chengjing_domain::{
    id::{CampaignId, InitiativeId},
    people::policy::{Action, Resource},
};

use super::{InitiativeView, must, view};
use crate::{App, Caller, Refusal, duty::Names};

/// One initiative.
pub async fn look_up(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: InitiativeId,
) -> Result<(InitiativeView, Names), Refusal> {
    caller.may(Action::SeeInitiatives, Resource::Campaign(campaign))?;
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let initiative = must(&q, campaign, id).await?;
            view(&q, &caller, initiative).await
        })
        .await
}
