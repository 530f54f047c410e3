use chengjing_domain::{
    id::{CampaignId, UnitId},
    people::policy::{Action, Resource},
};

use super::{Directory, UnitView};
use crate::{App, Caller, Refusal};

/// One unit.
pub async fn look_up(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    id: UnitId,
) -> Result<UnitView, Refusal> {
    caller.may(Action::SeeUnits, Resource::Campaign(campaign))?;
    let directory = app
        .store
        .read(|q| async move { Directory::load(&q, campaign).await })
        .await
        .map_err(Refusal::from)?;
    let unit = directory.units().iter().find(|unit| unit.id == id).ok_or(Refusal::NotFound)?;
    Ok(directory.view(unit.clone()))
}
