//! Who answers for which leaf, as a sheet that an office fills in: a row a leaf, a column a role.

use std::collections::HashMap;

use super::owner::{MOST_OWNERS, Owner, tidy};
use crate::{
    campaign::{Unit, UnitKind, naming::normal},
    id::UnitId,
    plan::UnitRole,
};

/// A column that is read; the others are for the reader's eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Code,
    Of(UnitRole),
}

impl Column {
    pub const ROLES: [UnitRole; 3] = [UnitRole::Lead, UnitRole::Responsible, UnitRole::Support];

    pub fn heading(self) -> &'static str {
        match self {
            Self::Code => "指标编号",
            Self::Of(UnitRole::Lead) => "牵头单位",
            Self::Of(UnitRole::Responsible) => "责任单位",
            Self::Of(UnitRole::Support) => "配合单位",
        }
    }
}

/// A row as it was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// As the sheet's program counts it, from 1.
    pub row: u32,
    pub code: String,
    /// By the order of [`Column::ROLES`]; None where the sheet has no such column.
    pub cells: [Option<String>; 3],
}

/// What is wrong in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    pub row: u32,
    pub column: Column,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    UnknownLeaf,
    /// The same leaf stands in this row too.
    Twice {
        row: u32,
    },
    UnknownUnit {
        name: String,
    },
    /// It stands for several units; one of them is to be named.
    Group {
        name: String,
    },
    Closed {
        name: String,
    },
    TooMany,
}

/// What a sheet says anew: the row, the leaf's code, and who answers for it then.
pub type Changes = Vec<(u32, String, Vec<Owner>)>;

/// What the lines change against who answers now, by the leaves' codes. A column that the sheet has not leaves its role as it is;
/// who stays keeps the duty that they were taken from.
///
/// # Errors
/// All that is wrong in its cells.
pub fn compare(
    now: &HashMap<&str, Vec<Owner>>,
    units: &[Unit],
    lines: &[Line],
) -> Result<Changes, Vec<CellFault>> {
    let mut by_name: HashMap<String, &Unit> = HashMap::new();
    for unit in units {
        for name in std::iter::once(&unit.name).chain(&unit.aliases) {
            by_name.entry(normal(name)).or_insert(unit);
        }
    }
    let (mut changes, mut faults) = (Changes::new(), Vec::new());
    let mut rows: HashMap<&str, u32> = HashMap::new();
    for line in lines.iter().filter(|line| !line.code.is_empty()) {
        let mut fault = |column, why| faults.push(CellFault { row: line.row, column, why });
        let Some(there) = now.get(line.code.as_str()) else {
            fault(Column::Code, Why::UnknownLeaf);
            continue;
        };
        if let Some(row) = rows.insert(&line.code, line.row) {
            fault(Column::Code, Why::Twice { row });
            continue;
        }
        let mut owners: Vec<Owner> = Vec::new();
        for (role, cell) in Column::ROLES.into_iter().zip(&line.cells) {
            let Some(cell) = cell else {
                owners.extend(there.iter().filter(|one| one.role == role));
                continue;
            };
            for name in names(cell) {
                let unit = match by_name.get(&normal(name)) {
                    None => Err(Why::UnknownUnit { name: name.to_owned() }),
                    Some(unit) if unit.kind == UnitKind::Group => Err(Why::Group { name: name.to_owned() }),
                    Some(unit)
                        if unit.closed_at.is_some() && !there.iter().any(|one| one.unit == unit.id) =>
                    {
                        Err(Why::Closed { name: name.to_owned() })
                    }
                    Some(unit) => Ok(unit.id),
                };
                match unit {
                    Ok(unit) => owners.push(kept(there, unit, role)),
                    Err(why) => fault(Column::Of(role), why),
                }
            }
        }
        let owners = tidy(owners);
        if owners.len() > MOST_OWNERS {
            fault(Column::Of(UnitRole::Responsible), Why::TooMany);
        }
        if owners != *there {
            changes.push((line.row, line.code.clone(), owners));
        }
    }
    if faults.is_empty() { Ok(changes) } else { Err(faults) }
}

/// The unit as it stands there already, with the duty that it was taken from, or as somebody says now.
fn kept(there: &[Owner], unit: UnitId, role: UnitRole) -> Owner {
    let same = there.iter().find(|one| one.unit == unit && one.role == role);
    same.copied().unwrap_or(Owner { unit, role, duty: None })
}

/// The names in a cell: 、 and whatever else people put between them.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(['、', '，', ',', '；', ';', '\n', '\r']).map(str::trim).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::{CampaignId, DutyId};

    const HERE: CampaignId = CampaignId(Uuid::from_u128(1));

    fn units() -> Vec<Unit> {
        let unit =
            |n: u128, name: &str, kind| Unit::new(HERE, UnitId(Uuid::from_u128(n)), name.to_owned(), kind);
        let mut all = vec![
            unit(1, "县教育局", UnitKind::Department),
            unit(2, "县城管局", UnitKind::Department),
            unit(3, "各街道", UnitKind::Group),
        ];
        all[1].aliases.push("城市管理局".to_owned());
        all
    }

    fn owner(n: u128, role: UnitRole, duty: Option<u128>) -> Owner {
        Owner { unit: UnitId(Uuid::from_u128(n)), role, duty: duty.map(|n| DutyId(Uuid::from_u128(n))) }
    }

    fn line(row: u32, code: &str, cells: [Option<&str>; 3]) -> Line {
        Line { row, code: code.to_owned(), cells: cells.map(|cell| cell.map(str::to_owned)) }
    }

    #[test]
    fn a_row_says_who_answers_by_any_name_and_what_it_leaves_as_it_is_is_no_change() {
        use UnitRole::{Lead, Responsible, Support};
        let now = HashMap::from([
            ("Ⅲ-1", vec![owner(1, Lead, Some(9)), owner(2, Support, None)]),
            ("Ⅲ-2", vec![]),
            ("Ⅲ-3", vec![owner(2, Lead, None)]),
        ]);
        let lines = [
            line(4, "Ⅲ-1", [Some("县教育局"), None, Some("城市管理局")]),
            line(5, "Ⅲ-2", [Some(" 城市管理局 "), Some("县教育局，县城管局"), Some("")]),
            line(6, "", [Some("小计"), None, None]),
            line(7, "Ⅲ-3", [Some(""), None, None]),
        ];
        let changes = compare(&now, &units(), &lines).expect("no faults");
        assert_eq!(
            changes,
            [
                (5, "Ⅲ-2".to_owned(), vec![owner(2, Lead, None), owner(1, Responsible, None)]),
                (7, "Ⅲ-3".to_owned(), vec![]),
            ]
        );
        let moved = compare(&now, &units(), &[line(4, "Ⅲ-1", [None, Some("县城管局"), Some("")])]);
        assert_eq!(
            moved.expect("no faults"),
            [(4, "Ⅲ-1".to_owned(), vec![owner(1, Lead, Some(9)), owner(2, Responsible, None)])]
        );
    }

    #[test]
    fn all_faults_are_told_with_their_cells_at_once() {
        let now = HashMap::from([("Ⅲ-1", vec![]), ("Ⅲ-2", vec![])]);
        let mut units = units();
        units[0].closed_at = Some(chrono::DateTime::from_timestamp(0, 0).expect("a moment"));
        let lines = [
            line(2, "Ⅲ-9", [None, None, None]),
            line(3, "Ⅲ-1", [Some("县民政局、各街道"), Some("县教育局"), None]),
            line(4, "Ⅲ-1", [None, None, None]),
        ];
        let faults = compare(&now, &units, &lines).expect_err("faults");
        let lead = Column::Of(UnitRole::Lead);
        let told: Vec<_> = faults.into_iter().map(|fault| (fault.row, fault.column, fault.why)).collect();
        assert_eq!(
            told,
            [
                (2, Column::Code, Why::UnknownLeaf),
                (3, lead, Why::UnknownUnit { name: "县民政局".to_owned() }),
                (3, lead, Why::Group { name: "各街道".to_owned() }),
                (3, Column::Of(UnitRole::Responsible), Why::Closed { name: "县教育局".to_owned() }),
                (4, Column::Code, Why::Twice { row: 3 }),
            ]
        );
    }
}
