use chengjing_domain::{
    id::{CampaignId, EditionId},
    observation::Site,
    people::policy::{Action, Resource},
    result::sheet::Column,
    standard::{ItemKind, Whole},
};
use chengjing_press::results::{ResultBook, result_to_xlsx};
use chengjing_store::{campaign as campaigns, site};

use super::of_edition;
use crate::{App, Caller, Refusal};

/// Rows of verdicts that are laid out to be filled in; where there would be more, people write those that they have.
const MOST: usize = 10_000;

/// A workbook for a result by that edition, to be filled in: its leaves, and the criteria at the sites that are not closed.
pub async fn export_sheet(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    edition: EditionId,
) -> Result<(String, Vec<u8>), Refusal> {
    caller.may(Action::SeeResults, Resource::Campaign(campaign))?;
    let here = app.clone();
    let book = app
        .store
        .read(|q| async move {
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let (summary, opened) = of_edition(&here, &q, campaign, edition).await?;
            let mut sites = site::list_all(&q, campaign).await?;
            sites.retain(|site| site.closed_at.is_none());
            sites.sort_by(|one, other| (&one.site_type, &one.name).cmp(&(&other.site_type, &other.name)));
            Ok::<_, Refusal>(book(&format!("{} {}", summary.title, summary.label), &opened.whole, &sites))
        })
        .await?;
    let name = format!("测评结果 {}.xlsx", book.title);
    let bytes = tokio::task::spawn_blocking(move || result_to_xlsx(&book))
        .await
        .map_err(|_| Refusal::Internal("writing a workbook panicked"))?
        .map_err(|_| Refusal::Internal("a workbook of a result could not be written"))?;
    Ok((name, bytes))
}

fn book(title: &str, whole: &Whole, sites: &[Site]) -> ResultBook {
    let heading = |column: Column| column.heading().to_owned();
    let leaves = whole.leaves.iter().map(|leaf| {
        let place = &whole.places[leaf.place];
        [place.code.clone(), place.title.clone(), place.marks.normalize().to_string(), String::new()]
    });
    let mut verdicts = Vec::new();
    for site in sites {
        for item in whole.criteria(&site.site_type) {
            let item = &whole.items[*item];
            if let ItemKind::Criterion { .. } = &item.kind {
                verdicts.push([site.name.clone(), item.id.clone(), item.text.clone(), String::new()]);
            }
        }
    }
    if verdicts.len() > MOST {
        verdicts.clear();
    }
    ResultBook {
        title: title.to_owned(),
        marks: [heading(Column::Leaf), "指标".to_owned(), "分值".to_owned(), heading(Column::Marks)],
        leaves: leaves.collect(),
        judged: [
            heading(Column::Site),
            heading(Column::Criterion),
            "考察内容".to_owned(),
            heading(Column::Verdict),
        ],
        verdicts,
    }
}
