use chengjing_domain::{
    id::CampaignId,
    people::{
        Via,
        policy::{Action, Resource},
    },
};
use chengjing_store::notice as store;

use crate::{App, Caller, Refusal};

/// How many notices wait for the caller.
pub async fn count(app: &App, caller: &Caller) -> Result<u64, Refusal> {
    caller.may(Action::SeeNotices, Resource::System)?;
    let (user, campaign) = (caller.actor.user, only(caller));
    app.store
        .read(|q| async move {
            match campaign {
                Some(campaign) => Ok(store::unread_of(&q, user, campaign).await?),
                None => Ok(store::inbox(&q, user).await?.unread),
            }
        })
        .await
}

/// The campaign that a token is limited to.
pub(super) fn only(caller: &Caller) -> Option<CampaignId> {
    match caller.actor.via {
        Via::Token(limits) => limits.campaign,
        Via::Program | Via::Session(_) => None,
    }
}
