use std::sync::Arc;

use chengjing_domain::{
    id::{CampaignId, SiteId},
    ledger::{Subject, SubjectKind},
    observation::{
        Site,
        site_sheet::{CellFault, Changes, Column, Line, There, Why, compare},
    },
    people::policy::{Action, Resource},
};
use chengjing_store::{Queries, campaign as campaigns, ledger, site as store};
use serde_json::json;

use super::{SiteView, types, views};
use crate::{App, Caller, Fault, Refusal, Words, sheet::Filled};

/// Rows of a sheet at most.
const MOST: usize = 5_000;

/// What a sheet of sites adds and changes, or has.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetSites {
    pub added: Vec<(u32, SiteView)>,
    pub changed: Vec<(u32, SiteView)>,
    /// Rows that say what is there already.
    pub unchanged: usize,
}

/// What an xlsx would add and change, without doing it; or all that is wrong with it.
pub async fn preview(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    bytes: Vec<u8>,
) -> Result<SheetSites, Refusal> {
    caller.may(Action::EditSites, Resource::Campaign(campaign))?;
    let (sheet, lines) = read(bytes).await?;
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            let changes = changes(&here, &q, &caller, campaign, &sheet, &lines).await?;
            seen(&here, &q, campaign, changes).await
        })
        .await
}

/// Takes in an xlsx: all of it, or nothing where anything is wrong. Sites that are not in it stay as they are.
pub async fn apply(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    bytes: Vec<u8>,
) -> Result<SheetSites, Refusal> {
    caller.may(Action::EditSites, Resource::Campaign(campaign))?;
    let given = Arc::new(read(bytes).await?);
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, given) = (here.clone(), caller.clone(), Arc::clone(&given));
            async move {
                let (sheet, lines) = &*given;
                let mut list = changes(&app, &tx, &caller, campaign, sheet, lines).await?;
                if list.added.is_empty() && list.changed.is_empty() {
                    return seen(&app, &tx, campaign, list).await;
                }
                let added: Vec<Site> = list.added.iter().map(|(_, site)| site.clone()).collect();
                store::add_many(&tx, &added).await?;
                for (_, site) in &mut list.changed {
                    *site = store::save(&tx, site).await?;
                }
                let subject = Subject::of(campaign, SubjectKind::Campaign, campaign.0);
                let details = json!({ "added": list.added.len(), "changed": list.changed.len() });
                ledger::record(&tx, caller.act_named("site.import", subject, details)).await?;
                seen(&app, &tx, campaign, list).await
            }
        })
        .await
}

async fn read(bytes: Vec<u8>) -> Result<(Filled, Vec<Line>), Refusal> {
    let filled = Filled::read(bytes, Column::Name.heading(), MOST).await?;
    let places = Column::ALL.map(|column| filled.place(column.heading()));
    let line = |row: &chengjing_reader::source::Row| Line {
        row: row.number,
        // A row ends with its last cell that holds something.
        cells: places.map(|place| {
            place.map(|place| row.cells.get(place).map(|cell| cell.trim().to_owned()).unwrap_or_default())
        }),
    };
    let lines = filled.rows().iter().map(line).collect();
    Ok((filled, lines))
}

async fn changes(
    app: &App,
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
    sheet: &Filled,
    lines: &[Line],
) -> Result<Changes, Refusal> {
    campaigns::lookup(q, campaign).await?.ok_or(Refusal::NotFound)?;
    let types = types(app, q, campaign).await?;
    let units = campaigns::all_units(q, campaign).await?;
    let mut sites = store::list_all(q, campaign).await?;
    sites.retain(|site| site.closed_at.is_none());
    let ids: Vec<SiteId> = (0..lines.len()).map(|n| caller.id(&format!("site:{n}"))).collect();
    let there = There { campaign, sites: &sites, types: &types, units: &units, now: caller.now };
    compare(there, lines, &ids)
        .map_err(|faults| Refusal::Invalid(faults.iter().map(|fault| told(sheet, fault)).collect()))
}

async fn seen(
    app: &App,
    q: &impl Queries,
    campaign: CampaignId,
    changes: Changes,
) -> Result<SheetSites, Refusal> {
    let Changes { added, changed, unchanged } = changes;
    let mut both = Vec::with_capacity(2);
    for list in [added, changed] {
        let (rows, sites): (Vec<u32>, Vec<Site>) = list.into_iter().unzip();
        both.push(rows.into_iter().zip(views(app, q, campaign, sites).await?).collect());
    }
    let changed = both.pop().unwrap_or_default();
    Ok(SheetSites { added: both.pop().unwrap_or_default(), changed, unchanged })
}

fn told(sheet: &Filled, fault: &CellFault) -> Fault {
    let most = Site::LONGEST;
    let (zh, en) = match &fault.why {
        Why::TooLong => (format!("最多{most}个字"), format!("at most {most} characters")),
        Why::Twice { row } => (format!("与第{row}行是同一个点位"), format!("the same site as in row {row}")),
        Why::UnknownType => (
            "创建项目的测评体系没有这个点位类型".to_owned(),
            "no standard of the campaign knows this type".to_owned(),
        ),
        Why::OtherType { now } => (
            format!("这个点位是“{now}”，类型不能改；请停用后另加一个"),
            format!("this site is a {now}, which never changes; close it and add another one"),
        ),
        Why::UnknownUnit => {
            ("没有这个单位，请先在单位页添加".to_owned(), "there is no such unit; add it first".to_owned())
        }
        Why::Closed => ("这个单位已撤销".to_owned(), "this unit is closed".to_owned()),
        Why::NoDegrees => (
            "经度、纬度应是度数，两个都填或都不填".to_owned(),
            "longitude and latitude are degrees, both or none".to_owned(),
        ),
        Why::UnknownDatum => (
            "坐标系应是 WGS-84、CGCS2000、GCJ-02 或 BD-09".to_owned(),
            "expected WGS-84, CGCS2000, GCJ-02 or BD-09".to_owned(),
        ),
    };
    sheet.fault(fault.column.heading(), fault.row, Words::new(zh, en))
}
