use chengjing_domain::{
    campaign::{
        Contact, Unit,
        roster::{CellFault, Changes, Column, Line, Why, compare},
    },
    id::{CampaignId, UnitId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{Queries, StoreError, Tx, campaign as store, ledger};
use serde_json::json;

use super::{Directory, UnitName};
use crate::{App, Caller, Fault, Refusal, Words, sheet::Filled};

/// What a list of units changes, or has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListChanges {
    pub changes: Changes,
    /// The names of all units that are named as parents.
    pub names: Vec<UnitName>,
}

/// Rows of a list; a campaign has some hundreds of units.
const MOST: usize = 5_000;

/// What an xlsx of units would change, without changing anything; or all that is wrong with it.
pub async fn preview(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    bytes: Vec<u8>,
) -> Result<ListChanges, Refusal> {
    caller.may(Action::EditUnits, Resource::Campaign(campaign))?;
    let (sheet, lines) = read(bytes).await?;
    let ids = ids(app, caller, lines.len());
    app.store.read(|q| async move { changes(&q, campaign, &sheet, &lines, &ids).await }).await
}

/// Takes in an xlsx of units: all of it, or nothing where anything is wrong.
pub async fn apply(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    bytes: Vec<u8>,
) -> Result<ListChanges, Refusal> {
    caller.may(Action::EditUnits, Resource::Campaign(campaign))?;
    let (sheet, lines) = read(bytes).await?;
    let ids = ids(app, caller, lines.len());
    let caller = caller.clone();
    let given = std::sync::Arc::new((sheet, lines, ids));
    let applied = app.store.write(move |tx| {
        let (given, caller) = (std::sync::Arc::clone(&given), caller.clone());
        async move {
            let (sheet, lines, ids) = &*given;
            let list = changes(&tx, campaign, sheet, lines, ids).await?;
            let Changes { added, changed, .. } = &list.changes;
            if added.is_empty() && changed.is_empty() {
                return Ok(list);
            }
            save(&tx, added, changed).await?;
            let subject = Subject::of(campaign, SubjectKind::Campaign, campaign.0);
            let details = json!({ "added": added.len(), "changed": changed.len() });
            ledger::record(&tx, caller.act_named("unit.import", subject, details)).await?;
            Ok::<_, Refusal>(list)
        }
    });
    applied.await
}

/// Names are let go of before another unit takes them, and a unit is stored before those that stand under it.
async fn save(tx: &Tx, added: &[(u32, Unit)], changed: &[(u32, Unit, Unit)]) -> Result<(), StoreError> {
    let mut to_change: Vec<Unit> = Vec::with_capacity(changed.len());
    for (_, before, after) in changed {
        let kept: Vec<String> =
            before.aliases.iter().filter(|alias| after.aliases.contains(alias)).cloned().collect();
        let mut version = before.version;
        if kept.len() < before.aliases.len() {
            version = store::save_unit(tx, &Unit { aliases: kept, ..before.clone() }).await?.version;
        }
        to_change.push(Unit { version, ..after.clone() });
    }
    let orphans: Vec<Unit> = added.iter().map(|(_, unit)| Unit { parent: None, ..unit.clone() }).collect();
    store::add_units(tx, &orphans).await?;
    to_change.extend(added.iter().map(|(_, unit)| unit).filter(|unit| unit.parent.is_some()).cloned());
    for unit in &to_change {
        store::save_unit(tx, unit).await?;
    }
    Ok(())
}

async fn read(bytes: Vec<u8>) -> Result<(Filled, Vec<Line>), Refusal> {
    let filled = Filled::read(bytes, Column::Name.heading(), MOST).await?;
    let places = Column::ALL.map(|column| filled.place(column.heading()));
    let line = |row: &chengjing_reader::source::Row| {
        // A row ends with its last cell that holds something.
        let cells = places.map(|place| Some(row.cells.get(place?).cloned().unwrap_or_default()));
        Line { row: row.number, cells }
    };
    let lines = filled.rows().iter().map(line).filter(|line| !line.is_blank()).collect();
    Ok((filled, lines))
}

fn ids(app: &App, caller: &Caller, count: usize) -> Vec<UnitId> {
    (0..count).map(|_| UnitId(app.ids.uuid(caller.now))).collect()
}

async fn changes(
    q: &impl Queries,
    campaign: CampaignId,
    sheet: &Filled,
    lines: &[Line],
    ids: &[UnitId],
) -> Result<ListChanges, Refusal> {
    store::lookup(q, campaign).await?.ok_or(Refusal::NotFound)?;
    let directory = Directory::load(q, campaign).await?;
    let changes = compare(campaign, directory.units(), lines, ids)
        .map_err(|faults| Refusal::Invalid(faults.iter().map(|fault| told(sheet, fault)).collect()))?;
    let new = changes.added.iter().map(|(_, unit)| UnitName { id: unit.id, name: unit.name.clone() });
    let known = directory.units().iter().map(|unit| UnitName { id: unit.id, name: unit.name.clone() });
    let names = known.chain(new).collect();
    Ok(ListChanges { names, changes })
}

fn told(sheet: &Filled, fault: &CellFault) -> Fault {
    let (zh, en) = match &fault.why {
        Why::Missing => ("请填写".to_owned(), "must not be empty".to_owned()),
        Why::TooLong { most } => (format!("最多{most}个字"), format!("at most {most} characters")),
        Why::Twice { row } => (format!("与第{row}行是同一个单位"), format!("the same unit as in row {row}")),
        Why::UnknownKind => {
            ("没有这个类别，请从下拉框里选".to_owned(), "no such kind; choose one from the list".to_owned())
        }
        Why::UnknownUnit => {
            ("没有这个单位，请先加一行".to_owned(), "there is no such unit; add a row for it".to_owned())
        }
        Why::Closed => {
            ("这个单位已撤销，请先恢复".to_owned(), "this unit is closed; reopen it first".to_owned())
        }
        Why::Ring => {
            ("上级单位不能是自己或自己的下级".to_owned(), "a unit can't stand under itself".to_owned())
        }
        Why::Taken { by } => (format!("已是“{by}”的名称"), format!("already a name of {by}")),
        Why::PersonTwice => ("同一个人写了两次".to_owned(), "the same person is named twice".to_owned()),
        Why::PhoneOfNobody => (
            "电话比人多，请按人的顺序填写".to_owned(),
            "more phones than people; give them in the people's order".to_owned(),
        ),
        Why::NoPhone => ("不是电话号码".to_owned(), "not a telephone number".to_owned()),
        Why::TooMany => (format!("最多{}人", Contact::MOST), format!("at most {} people", Contact::MOST)),
        Why::HasMembers => (
            "它有成员单位，类别只能是统称".to_owned(),
            "it has members, so that it stays a group (统称)".to_owned(),
        ),
    };
    sheet.fault(fault.column.heading(), fault.row, Words::new(zh, en))
}
