use std::collections::HashMap;

use chengjing_domain::{
    id::{CampaignId, StandardId},
    people::policy::{Action, Resource},
    standard::{
        owner::{LeafOwners, Owner},
        owner_sheet::{CellFault, Changes, Column, Line, Why, compare},
    },
};
use chengjing_store::{Queries, campaign as campaigns};

use super::{Opened, load, set};
use crate::{App, Caller, Fault, Refusal, Words, duty::Names, sheet::Filled};

/// Rows of a sheet at most; a standard has some hundreds of leaves.
const MOST: usize = 2_000;

/// What a sheet changes, or has changed.
#[derive(Debug, Clone)]
pub struct SheetChanges {
    pub changes: Changes,
    pub names: Names,
    /// Rows that say what is there already.
    pub unchanged: usize,
}

/// What an xlsx would change, without changing anything; or all that is wrong with it.
pub async fn preview(
    app: &App,
    caller: &Caller,
    (campaign, standard): (CampaignId, StandardId),
    bytes: Vec<u8>,
) -> Result<SheetChanges, Refusal> {
    caller.may(Action::AssignLeaves, Resource::Campaign(campaign))?;
    let (sheet, lines) = read(bytes).await?;
    let here = app.clone();
    app.store
        .read(|q| async move {
            let (opened, there) = load(&here, &q, campaign, standard).await?;
            changes(&q, campaign, (&opened, &there), &sheet, &lines).await
        })
        .await
}

/// Takes in an xlsx: all of it, or nothing where anything is wrong.
pub async fn apply(
    app: &App,
    caller: &Caller,
    (campaign, standard): (CampaignId, StandardId),
    bytes: Vec<u8>,
) -> Result<SheetChanges, Refusal> {
    caller.may(Action::AssignLeaves, Resource::Campaign(campaign))?;
    let given = std::sync::Arc::new(read(bytes).await?);
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, given) = (here.clone(), caller.clone(), std::sync::Arc::clone(&given));
            async move {
                let (sheet, lines) = &*given;
                let (opened, there) = load(&app, &tx, campaign, standard).await?;
                let list = changes(&tx, campaign, (&opened, &there), sheet, lines).await?;
                let mut changed: Vec<&str> = Vec::new();
                for (_, leaf, owners) in &list.changes {
                    let before = there.get(leaf);
                    if set::keep(&tx, &caller, (campaign, standard), before, leaf, owners).await? {
                        changed.push(leaf);
                    }
                }
                set::record(&tx, &caller, (campaign, standard), &changed).await?;
                Ok(list)
            }
        })
        .await
}

async fn read(bytes: Vec<u8>) -> Result<(Filled, Vec<Line>), Refusal> {
    let filled = Filled::read(bytes, Column::Code.heading(), MOST).await?;
    let code = filled.place(Column::Code.heading());
    let roles = Column::ROLES.map(|role| filled.place(Column::Of(role).heading()));
    let cell = |row: &chengjing_reader::source::Row, place: usize| {
        // A row ends with its last cell that holds something.
        row.cells.get(place).map(|cell| cell.trim().to_owned()).unwrap_or_default()
    };
    let line = |row: &chengjing_reader::source::Row| Line {
        row: row.number,
        code: code.map(|place| cell(row, place)).unwrap_or_default(),
        cells: roles.map(|place| place.map(|place| cell(row, place))),
    };
    let lines = filled.rows().iter().map(line).collect();
    Ok((filled, lines))
}

async fn changes(
    q: &impl Queries,
    campaign: CampaignId,
    (opened, there): (&Opened, &HashMap<String, LeafOwners>),
    sheet: &Filled,
    lines: &[Line],
) -> Result<SheetChanges, Refusal> {
    let units = campaigns::all_units(q, campaign).await?;
    let codes = opened.whole.leaves.iter().map(|leaf| opened.whole.places[leaf.place].code.as_str());
    let now: HashMap<&str, Vec<Owner>> = codes
        .map(|code| (code, there.get(code).map(|there| there.owners.clone()).unwrap_or_default()))
        .collect();
    let changes = compare(&now, &units, lines)
        .map_err(|faults| Refusal::Invalid(faults.iter().map(|fault| told(sheet, fault)).collect()))?;
    let said = lines.iter().filter(|line| !line.code.is_empty()).count();
    let unchanged = said - changes.len();
    Ok(SheetChanges { changes, names: Names::load(q, campaign).await?, unchanged })
}

fn told(sheet: &Filled, fault: &CellFault) -> Fault {
    let (zh, en) = match &fault.why {
        Why::UnknownLeaf => {
            ("体系里没有这项指标".to_owned(), "the standard has no such indicator".to_owned())
        }
        Why::Twice { row } => {
            (format!("与第{row}行是同一项指标"), format!("the same indicator as in row {row}"))
        }
        Why::UnknownUnit { name } => {
            (format!("没有单位“{name}”，请先在单位页添加"), format!("there is no unit {name}; add it first"))
        }
        Why::Group { name } => {
            (format!("“{name}”是统称，请写具体单位"), format!("{name} stands for several units; name them"))
        }
        Why::Closed { name } => (format!("“{name}”已撤销"), format!("{name} is closed")),
        Why::TooMany => ("单位太多".to_owned(), "too many units".to_owned()),
    };
    sheet.fault(fault.column.heading(), fault.row, Words::new(zh, en))
}
