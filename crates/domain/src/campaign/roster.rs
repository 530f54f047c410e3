//! A list of units as an office keeps it in a spreadsheet, against the units that are there.

use std::collections::{HashMap, HashSet};

use super::{Unit, UnitKind, naming::normal};
use crate::id::{CampaignId, UnitId};

/// A column of the list, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    Name,
    Kind,
    Parent,
    Aliases,
}

impl Column {
    pub const ALL: [Self; 4] = [Self::Name, Self::Kind, Self::Parent, Self::Aliases];

    /// What stands over it.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Name => "单位名称",
            Self::Kind => "类别",
            Self::Parent => "上级单位",
            Self::Aliases => "别名",
        }
    }
}

/// A line of the list. A list says all of a unit: what is left blank is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Its row in the sheet, from 1.
    pub row: u32,
    pub name: String,
    pub kind: String,
    pub parent: String,
    /// With 、 or ; or , between them.
    pub aliases: String,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    pub row: u32,
    pub column: Column,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    Missing,
    TooLong,
    /// The row that has the same unit.
    Twice {
        row: u32,
    },
    UnknownKind,
    UnknownUnit,
    /// It would stand under itself.
    Ring,
    /// Another unit is called so.
    Taken {
        by: String,
    },
    /// A group with members stays a group.
    HasMembers,
}

/// What a list changes. Units that it does not name stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// With the row of each.
    pub added: Vec<(u32, Unit)>,
    /// Each as it is and as it will be.
    pub changed: Vec<(u32, Unit, Unit)>,
    pub unchanged: usize,
}

/// Longest name of a unit, in characters.
const LONGEST: usize = 100;

/// The words of a kind in lists; the first is the one that is written.
pub fn kind_words(kind: UnitKind) -> &'static [&'static str] {
    match kind {
        UnitKind::City => &["市"],
        UnitKind::District => &["县(市、区)", "县", "区", "县区", "县市区"],
        UnitKind::Street => &["乡镇(街道)", "乡镇", "街道", "乡", "镇", "镇街"],
        UnitKind::Community => &["社区(村)", "社区", "村", "村居"],
        UnitKind::Department => &["部门", "单位", "局"],
        UnitKind::Enterprise => &["企业", "公司"],
        UnitKind::WorkingGroup => &["工作组", "专项组"],
        UnitKind::Group => &["统称"],
    }
}

fn kind_of(word: &str) -> Option<UnitKind> {
    let word = normal(word);
    UnitKind::ALL
        .into_iter()
        .find(|kind| kind.code() == word || kind_words(*kind).iter().any(|known| normal(known) == word))
}

fn split(names: &str) -> impl Iterator<Item = String> {
    names.split(['、', ';', '；', ',', '，', '\n']).map(normal).filter(|name| !name.is_empty())
}

/// What the list changes, or all that is wrong with it. `ids` are for units that are new, one for each line at least.
pub fn compare(
    campaign: CampaignId,
    there: &[Unit],
    lines: &[Line],
    ids: &[UnitId],
) -> Result<Changes, Vec<CellFault>> {
    let mut faults = Vec::new();
    let by_name: HashMap<&str, &Unit> = there.iter().map(|unit| (unit.name.as_str(), unit)).collect();
    // First who is named, so that a parent may come after those below it.
    let mut rows: HashMap<String, u32> = HashMap::new();
    let mut named: Vec<(&Line, Unit)> = Vec::with_capacity(lines.len());
    for (line, id) in lines.iter().zip(ids) {
        let name = normal(&line.name);
        let mut fault = |why| faults.push(CellFault { row: line.row, column: Column::Name, why });
        if name.is_empty() {
            fault(Why::Missing);
            continue;
        }
        if name.chars().count() > LONGEST {
            fault(Why::TooLong);
        }
        if let Some(row) = rows.get(&name) {
            fault(Why::Twice { row: *row });
            continue;
        }
        rows.insert(name.clone(), line.row);
        let unit = by_name.get(name.as_str()).map_or_else(
            || Unit {
                campaign,
                id: *id,
                name,
                kind: UnitKind::Department,
                parent: None,
                aliases: Vec::new(),
                members: Vec::new(),
                confirmed: true,
                version: 1,
            },
            |unit| (*unit).clone(),
        );
        named.push((line, unit));
    }
    let ids_by_name: HashMap<String, UnitId> = there
        .iter()
        .map(|unit| (unit.name.clone(), unit.id))
        .chain(named.iter().map(|(_, unit)| (unit.name.clone(), unit.id)))
        .collect();
    for (line, unit) in &mut named {
        let mut fault = |column, why| faults.push(CellFault { row: line.row, column, why });
        match kind_of(&line.kind) {
            _ if line.kind.trim().is_empty() => fault(Column::Kind, Why::Missing),
            None => fault(Column::Kind, Why::UnknownKind),
            Some(kind) if kind != UnitKind::Group && !unit.members.is_empty() => {
                fault(Column::Kind, Why::HasMembers);
            }
            Some(kind) => unit.kind = kind,
        }
        let parent = normal(&line.parent);
        unit.parent = ids_by_name.get(&parent).copied();
        if !parent.is_empty() && unit.parent.is_none() {
            fault(Column::Parent, Why::UnknownUnit);
        }
        let mut aliases: Vec<String> = Vec::new();
        for alias in split(&line.aliases) {
            if alias.chars().count() > LONGEST {
                fault(Column::Aliases, Why::TooLong);
            } else if alias != unit.name && !aliases.contains(&alias) {
                aliases.push(alias);
            }
        }
        unit.aliases = aliases;
    }
    against_each_other(there, &named, &mut faults);
    if !faults.is_empty() {
        faults
            .sort_by_key(|fault| (fault.row, Column::ALL.iter().position(|column| *column == fault.column)));
        return Err(faults);
    }
    let mut changes = Changes::default();
    for (line, unit) in named {
        match by_name.get(unit.name.as_str()) {
            None => changes.added.push((line.row, unit)),
            Some(before) if **before == unit => changes.unchanged += 1,
            Some(before) => changes.changed.push((line.row, (*before).clone(), unit)),
        }
    }
    Ok(changes)
}

/// Names that two units would have, and rings of parents, among all units as they will be.
fn against_each_other(there: &[Unit], named: &[(&Line, Unit)], faults: &mut Vec<CellFault>) {
    let listed: HashSet<UnitId> = named.iter().map(|(_, unit)| unit.id).collect();
    let rest = there.iter().filter(|unit| !listed.contains(&unit.id));
    let all: Vec<&Unit> = rest.chain(named.iter().map(|(_, unit)| unit)).collect();
    let mut owners: HashMap<&str, Vec<&Unit>> = HashMap::new();
    for unit in &all {
        for name in std::iter::once(&unit.name).chain(&unit.aliases) {
            owners.entry(name).or_default().push(unit);
        }
    }
    let parents: HashMap<UnitId, Option<UnitId>> = all.iter().map(|unit| (unit.id, unit.parent)).collect();
    for (line, unit) in named {
        let other = |name: &str| owners.get(name)?.iter().find(|owner| owner.id != unit.id).copied();
        let names = std::iter::once((Column::Name, &unit.name))
            .chain(unit.aliases.iter().map(|alias| (Column::Aliases, alias)));
        for (column, name) in names {
            if let Some(other) = other(name) {
                let why = Why::Taken { by: other.name.clone() };
                faults.push(CellFault { row: line.row, column, why });
            }
        }
        let mut at = unit.parent;
        // A chain longer than there are units is a ring that does not pass here; those in it are told.
        for _ in 0..all.len() {
            match at {
                Some(id) if id == unit.id => {
                    faults.push(CellFault { row: line.row, column: Column::Parent, why: Why::Ring });
                    break;
                }
                Some(id) => at = parents.get(&id).copied().flatten(),
                None => break,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const HERE: CampaignId = CampaignId(Uuid::from_u128(1));

    fn id(n: u128) -> UnitId {
        UnitId(Uuid::from_u128(n))
    }

    fn unit(n: u128, name: &str, kind: UnitKind) -> Unit {
        Unit {
            campaign: HERE,
            id: id(n),
            name: name.into(),
            kind,
            parent: None,
            aliases: Vec::new(),
            members: Vec::new(),
            confirmed: true,
            version: 1,
        }
    }

    fn line(row: u32, cells: [&str; 4]) -> Line {
        let [name, kind, parent, aliases] = cells.map(str::to_owned);
        Line { row, name, kind, parent, aliases }
    }

    fn run(there: &[Unit], lines: &[Line]) -> Result<Changes, Vec<CellFault>> {
        let ids: Vec<UnitId> = (900..).take(lines.len()).map(id).collect();
        compare(HERE, there, lines, &ids)
    }

    #[test]
    fn units_are_added_changed_and_left_alone() {
        let town = unit(1, "东河镇", UnitKind::Street);
        let office =
            Unit { aliases: vec!["城管局".into()], ..unit(2, "县城管局", UnitKind::Department) };
        let lines = [
            line(2, ["河口村", "村", "东河镇", "河口"]),
            line(3, ["东河镇", "乡镇(街道)", "", ""]),
            line(4, [" 县城管局", "部门", "", "城管局、执法局;城管局"]),
        ];
        let changes = run(&[town.clone(), office.clone()], &lines).expect("no fault");
        let village = Unit {
            parent: Some(town.id),
            aliases: vec!["河口".into()],
            ..unit(900, "河口村", UnitKind::Community)
        };
        assert_eq!(changes.added, [(2, village)]);
        let renamed = Unit { aliases: vec!["城管局".into(), "执法局".into()], ..office.clone() };
        assert_eq!(changes.changed, [(4, office, renamed)]);
        assert_eq!(changes.unchanged, 1);
    }

    #[test]
    fn a_parent_may_come_after_those_below_it() {
        let lines = [line(2, ["河口村", "社区(村)", "东河镇", ""]), line(3, ["东河镇", "镇", "", ""])];
        let changes = run(&[], &lines).expect("no fault");
        assert_eq!(changes.added[0].1.parent, Some(changes.added[1].1.id));
    }

    #[test]
    fn every_fault_is_told_with_its_cell() {
        let group = Unit { members: vec![id(2)], ..unit(1, "各镇", UnitKind::Group) };
        let town = Unit { aliases: vec!["东河".into()], ..unit(2, "东河镇", UnitKind::Street) };
        let lines = [
            line(2, ["", "部门", "", ""]),
            line(3, ["县教育局", "学校", "没有的局", "东河"]),
            line(4, ["县教育局", "部门", "", ""]),
            line(5, ["各镇", "部门", "", ""]),
            line(6, ["甲局", "部门", "乙局", ""]),
            line(7, ["乙局", "", "甲局", ""]),
            line(8, ["东河", "镇", "", ""]),
        ];
        let told: Vec<_> = run(&[group, town], &lines)
            .expect_err("faults")
            .into_iter()
            .map(|fault| (fault.row, fault.column, fault.why))
            .collect();
        use Column as C;
        let expected = [
            (2, C::Name, Why::Missing),
            (3, C::Kind, Why::UnknownKind),
            (3, C::Parent, Why::UnknownUnit),
            (3, C::Aliases, Why::Taken { by: "东河镇".into() }),
            (4, C::Name, Why::Twice { row: 3 }),
            (5, C::Kind, Why::HasMembers),
            (6, C::Parent, Why::Ring),
            (7, C::Kind, Why::Missing),
            (7, C::Parent, Why::Ring),
            (8, C::Name, Why::Taken { by: "东河镇".into() }),
        ];
        assert_eq!(told, expected);
    }
}
