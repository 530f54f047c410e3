//! Sites 点位: the places that are visited.

pub mod add;
pub mod close;
pub mod edit;
pub mod export_sheet;
pub mod import_sheet;
pub mod list;
pub mod look_up;

use std::collections::HashMap;

use chengjing_domain::{
    id::{CampaignId, UnitId},
    observation::{Position, Site},
};
use chengjing_store::{Queries, campaign as campaigns, site as store};
use chrono::{DateTime, Utc};

use crate::{
    App, Refusal,
    observation::Named,
    refusal::Faults,
    standard::assess::{Assessing, assessing},
    unit::CLOSED as UNIT_CLOSED,
};

/// What is said of a site; None stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SiteChange {
    pub name: Option<String>,
    pub unit: Option<Option<UnitId>>,
    pub position: Option<Option<Position>>,
}

/// A site with the names that its reader needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteView {
    pub site: Site,
    /// What its type is called; None where no standard of the campaign knows it any more.
    pub type_title: Option<String>,
    pub unit: Option<Named<UnitId>>,
}

/// What site types are called.
fn titles(standards: &[Assessing]) -> HashMap<&str, &str> {
    let types = standards.iter().flat_map(|one| &one.opened.whole.catalogue.site_types);
    types.map(|site_type| (site_type.id.as_str(), site_type.title.as_str())).collect()
}

/// The types of which there can be sites, by id and title, in the order of the standards.
async fn types(app: &App, q: &impl Queries, campaign: CampaignId) -> Result<Vec<(String, String)>, Refusal> {
    let mut types: Vec<(String, String)> = Vec::new();
    for one in assessing(app, q, campaign).await? {
        for site_type in &one.opened.whole.catalogue.site_types {
            if !types.iter().any(|(id, _)| *id == site_type.id) {
                types.push((site_type.id.clone(), site_type.title.clone()));
            }
        }
    }
    Ok(types)
}

async fn views(
    app: &App,
    q: &impl Queries,
    campaign: CampaignId,
    sites: Vec<Site>,
) -> Result<Vec<SiteView>, Refusal> {
    let standards = assessing(app, q, campaign).await?;
    let titles = titles(&standards);
    let names = campaigns::names(q, campaign).await?;
    let view = |site: Site| SiteView {
        type_title: titles.get(site.site_type.as_str()).map(|title| (*title).to_owned()),
        unit: site.unit.and_then(|id| Some(Named { id, name: names.units.get(&id)?.clone() })),
        site,
    };
    Ok(sites.into_iter().map(view).collect())
}

async fn view(app: &App, q: &impl Queries, site: Site) -> Result<SiteView, Refusal> {
    views(app, q, site.campaign, vec![site]).await?.pop().ok_or(Refusal::NotFound)
}

/// Puts what was said into a site; all that is wrong with it is added to the faults.
async fn put(
    q: &impl Queries,
    site: &mut Site,
    (change, now): (&SiteChange, DateTime<Utc>),
    place: &str,
    faults: &mut Faults,
) -> Result<(), Refusal> {
    let at = |field: &str| if place.is_empty() { field.to_owned() } else { format!("{place}.{field}") };
    if let Some(name) = &change.name {
        let name = faults.text(&at("name"), name, Site::LONGEST);
        let asked = [name.clone()].into();
        if name != site.name && !store::names_taken(q, site.campaign, &asked).await?.is_empty() {
            faults.add(at("name"), "已有同名的点位", "a site has this name already");
        }
        site.name = name;
    }
    if let Some(unit) = change.unit {
        if let Some(unit) = unit.filter(|unit| site.unit != Some(*unit)) {
            match campaigns::lookup_unit(q, site.campaign, unit).await? {
                None => faults.add(at("unit_id"), "没有这个单位", "there is no such unit"),
                Some(unit) if unit.closed_at.is_some() => {
                    faults.add(at("unit_id"), UNIT_CLOSED.0, UNIT_CLOSED.1);
                }
                Some(_) => {}
            }
        }
        site.assign(unit, now);
    }
    if let Some(position) = change.position {
        if position.is_some_and(|position| !position.is_sound()) {
            faults.add(at("position"), "经纬度超出范围", "it is not on the globe");
        }
        site.position = position;
    }
    Ok(())
}
