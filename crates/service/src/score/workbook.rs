use chengjing_domain::{
    clock,
    id::{CampaignId, StandardId},
};
use chengjing_press::{ScoreSheet, score_to_xlsx};
use chrono::{DateTime, Utc};

use super::units::{UnitsSeen, units};
use crate::{App, Caller, Refusal};

/// A scorecard as a workbook, also by the units that hold it, with the name of its file.
pub async fn workbook(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    standard: Option<StandardId>,
    as_of: Option<DateTime<Utc>>,
) -> Result<(Vec<u8>, String), Refusal> {
    let sheet = sheet(units(app, caller, campaign, standard, as_of).await?);
    let day = sheet.as_of.split(' ').next().unwrap_or_default();
    let name = format!("{} {day}.xlsx", sheet.title);
    let bytes = tokio::task::spawn_blocking(move || score_to_xlsx(&sheet))
        .await
        .map_err(|_| Refusal::Internal("writing a workbook panicked"))?
        .map_err(|_| Refusal::Internal("the workbook could not be written"))?;
    Ok((bytes, name))
}

fn sheet(UnitsSeen { seen, units, names }: UnitsSeen) -> ScoreSheet {
    ScoreSheet {
        title: format!("{} 得分", seen.whole().standard.title),
        as_of: clock::written(seen.card.as_of),
        line_titles: seen
            .card
            .lines
            .iter()
            .map(|line| seen.title_of(&line.what).map(str::to_owned))
            .collect(),
        rounding: seen.whole().standard.rounding,
        unit_names: units.units.iter().map(|one| one.unit.map(|unit| names.unit(unit).name)).collect(),
        units,
        card: seen.card,
    }
}
