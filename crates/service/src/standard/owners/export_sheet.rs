use chengjing_domain::{
    id::{CampaignId, StandardId},
    plan::UnitRole,
};
use chengjing_press::owners::{OwnersRow, OwnersTable, owners_to_xlsx};
use chengjing_store::campaign as campaigns;

use super::{OwnerSeen, list::list};
use crate::{App, Caller, Refusal};

/// Who answers for which indicator as an xlsx 责任分解一体表, which can be filled in and read in again; its name and its bytes.
pub async fn export_sheet(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    standard: StandardId,
) -> Result<(String, Vec<u8>), Refusal> {
    let seen = list(app, caller, campaign, standard).await?;
    let named = app.store.read(|q| async move { campaigns::lookup(&q, campaign).await }).await?;
    let named = named.ok_or(Refusal::NotFound)?.name;
    let whole = &seen.opened.whole;
    let table = OwnersTable {
        title: format!("{named}{}责任分解一体表", whole.standard.title),
        levels: (0..whole.leaves.iter().map(|leaf| whole.places[leaf.place].depth).max().unwrap_or(0))
            .map(|level| whole.standard.levels.get(level).cloned().unwrap_or_default())
            .collect(),
        rows: seen
            .leaves
            .iter()
            .map(|leaf| {
                let place = &whole.places[whole.leaves[leaf.leaf].place];
                let mut above = Vec::new();
                let mut next = place.parent;
                while let Some(number) = next {
                    above.push(whole.places[number].title.clone());
                    next = whole.places[number].parent;
                }
                above.reverse();
                let of = |role: UnitRole| {
                    let units = leaf.owners.iter().filter(|one| one.role == role);
                    units.map(|one| one.unit.name.as_str()).collect::<Vec<_>>().join("、")
                };
                OwnersRow {
                    above,
                    code: place.code.clone(),
                    title: place.title.clone(),
                    marks: place.marks.normalize().to_string(),
                    roles: [of(UnitRole::Lead), of(UnitRole::Responsible), of(UnitRole::Support)],
                    duties: duties(&leaf.owners),
                }
            })
            .collect(),
    };
    let name = format!("{}.xlsx", table.title);
    let bytes = tokio::task::spawn_blocking(move || owners_to_xlsx(&table))
        .await
        .map_err(|_| Refusal::Internal("writing a workbook panicked"))?
        .map_err(|_| Refusal::Internal("a table of owners could not be written"))?;
    Ok((name, bytes))
}

/// The duties that the owners were taken from, each once.
fn duties(owners: &[OwnerSeen]) -> String {
    let mut titles: Vec<&str> = Vec::new();
    for (_, title) in owners.iter().filter_map(|one| one.duty.as_ref()) {
        if !titles.contains(&title.as_str()) {
            titles.push(title);
        }
    }
    titles.join("\n")
}
