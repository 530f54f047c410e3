use chengjing_domain::{
    campaign::Phase,
    id::CampaignId,
    people::policy::{Action, Resource},
};
use chengjing_store::campaign as store;

use crate::{App, Caller, Refusal};

/// The phases of a campaign, in order.
pub async fn phases(app: &App, caller: &Caller, id: CampaignId) -> Result<Vec<Phase>, Refusal> {
    caller.may(Action::SeeCampaign, Resource::Campaign(id))?;
    app.store
        .read(|q| async move {
            store::lookup(&q, id).await?.ok_or(Refusal::NotFound)?;
            Ok(store::list_phases(&q, id).await?)
        })
        .await
}
