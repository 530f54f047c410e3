use chengjing_domain::{
    campaign::roster::{Line, kind_words},
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
        .zip(2..)
        .map(|(unit, row)| Line {
            row,
            name: unit.name.clone(),
            kind: kind_words(unit.kind)[0].to_owned(),
            parent: unit.parent.and_then(|id| directory.name(id)).map(|unit| unit.name).unwrap_or_default(),
            aliases: unit.aliases.join("、"),
        })
        .collect();
    let bytes = chengjing_press::units_to_xlsx(&lines)
        .map_err(|_| Refusal::Internal("a list of units could not be written"))?;
    Ok((format!("{}单位名单.xlsx", campaign.name), bytes))
}
