use chengjing_domain::{
    id::CampaignId,
    observation::site_sheet::{Column, datum_name},
    people::policy::{Action, Resource},
};
use chengjing_press::sites::{SitesTable, sites_to_xlsx};
use chengjing_store::{campaign as campaigns, site as store};

use super::{SiteView, views};
use crate::{App, Caller, Refusal};

/// The sites of a campaign that are not closed as an xlsx, which can be filled in and taken in again; its name and its bytes.
pub async fn export_sheet(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
) -> Result<(String, Vec<u8>), Refusal> {
    caller.may(Action::SeeSites, Resource::Campaign(campaign))?;
    let here = app.clone();
    let table = app
        .store
        .read(|q| async move {
            let named = campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?.name;
            let mut sites = store::list_all(&q, campaign).await?;
            sites.retain(|site| site.closed_at.is_none());
            sites.sort_by(|one, other| (&one.site_type, &one.name).cmp(&(&other.site_type, &other.name)));
            let rows = views(&here, &q, campaign, sites).await?.into_iter().map(row).collect();
            let headings = Column::ALL.map(|column| column.heading().to_owned());
            Ok::<_, Refusal>(SitesTable { title: format!("{named}点位清单"), headings, rows })
        })
        .await?;
    let name = format!("{}.xlsx", table.title);
    let bytes = tokio::task::spawn_blocking(move || sites_to_xlsx(&table))
        .await
        .map_err(|_| Refusal::Internal("writing a workbook panicked"))?
        .map_err(|_| Refusal::Internal("a table of sites could not be written"))?;
    Ok((name, bytes))
}

fn row(view: SiteView) -> [String; 6] {
    let SiteView { site, type_title, unit } = view;
    let degrees = |of: fn(&chengjing_domain::observation::Position) -> String| {
        site.position.as_ref().map(of).unwrap_or_default()
    };
    let (longitude, latitude) =
        (degrees(|at| at.longitude.to_string()), degrees(|at| at.latitude.to_string()));
    let datum = site.position.map(|at| datum_name(at.datum).to_owned()).unwrap_or_default();
    let unit = unit.map(|unit| unit.name).unwrap_or_default();
    [site.name, type_title.unwrap_or(site.site_type), unit, longitude, latitude, datum]
}
