use chengjing_domain::{
    campaign::roster::Line,
    id::CampaignId,
    people::policy::{Action, Resource},
};
use chengjing_store::campaign as store;

use super::Directory;
use crate::{App, Caller, Refusal};

/// The units of a campaign as an xlsx that can be edited and read in again; its name and its bytes.
pub async fn export_sheet(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
) -> Result<(String, Vec<u8>), Refusal> {
    caller.may(Action::SeeUnits, Resource::Campaign(campaign))?;
    let loaded = app.store.read(|q| async move {
        let campaign = store::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
        let directory = Directory::load(&q, campaign.id).await?;
        Ok::<_, Refusal>((campaign, directory))
    });
    let (campaign, directory) = loaded.await?;
    let lines: Vec<Line> = directory
        .units()
        .iter()
        .filter(|unit| unit.closed_at.is_none())
        .zip(2..)
        .map(|(unit, row)| {
            let parent = unit.parent.and_then(|id| directory.name(id));
            Line::of(row, unit, parent.as_ref().map(|unit| unit.name.as_str()))
        })
        .collect();
    let bytes = chengjing_press::units_to_xlsx(&lines)
        .map_err(|_| Refusal::Internal("a list of units could not be written"))?;
    Ok((format!("{}单位名单.xlsx", campaign.name), bytes))
}
