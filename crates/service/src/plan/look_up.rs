use chengjing_domain::{
    id::{CampaignId, ImportId},
    people::policy::{Action, Resource},
    plan::PlanImport,
};

use super::{must, undo_adoption};
use crate::{App, Caller, Refusal};

/// One plan document with its draft and its cleaned text.
pub async fn look_up(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ImportId,
) -> Result<PlanImport, Refusal> {
    caller.may(Action::SeePlans, Resource::Campaign(campaign))?;
    app.store.read(|q| async move { must(&q, campaign, id).await }).await
}

/// The same, and whether its adoption can be taken back.
pub async fn look_up_with_undo(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: ImportId,
) -> Result<(PlanImport, bool), Refusal> {
    caller.may(Action::SeePlans, Resource::Campaign(campaign))?;
    app.store
        .read(|q| async move {
            let import = must(&q, campaign, id).await?;
            let undoable = undo_adoption::is_possible(&q, &import).await?;
            Ok((import, undoable))
        })
        .await
}
