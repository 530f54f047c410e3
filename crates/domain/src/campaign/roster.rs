//! A list of units as an office keeps it in a spreadsheet, against the units that are there.

use std::collections::{HashMap, HashSet};

use super::{Contact, Post, Unit, UnitKind, naming::normal, phone_of};
use crate::id::{CampaignId, UnitId};

/// A column of the list, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    Name,
    Kind,
    Parent,
    Aliases,
    Head,
    HeadPhone,
    Liaison,
    LiaisonPhone,
    LinkedLeader,
}

impl Column {
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::Kind,
        Self::Parent,
        Self::Aliases,
        Self::Head,
        Self::HeadPhone,
        Self::Liaison,
        Self::LiaisonPhone,
        Self::LinkedLeader,
    ];

    /// What stands over it.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Name => "单位名称",
            Self::Kind => "类别",
            Self::Parent => "上级单位",
            Self::Aliases => "别名",
            Self::Head => "负责人",
            Self::HeadPhone => "负责人电话",
            Self::Liaison => "联络员",
            Self::LiaisonPhone => "联络员电话",
            Self::LinkedLeader => "挂钩领导",
        }
    }
}

/// A line of the list. A list says all of a unit: what is left blank is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Its row in the sheet, from 1.
    pub row: u32,
    /// What stands in each column, in the order of [`Column::ALL`]; None: the list has no such column. Lists from before
    /// there were contacts say nothing of them, and take none away. Names and phones have 、 or ; or , between them.
    pub cells: [Option<String>; Column::ALL.len()],
}

impl Line {
    /// The line of a unit; `parent` is the name of the one above it.
    pub fn of(row: u32, unit: &Unit, parent: Option<&str>) -> Self {
        let names = |post| {
            let held = unit.contacts.iter().filter(|contact| contact.post == post);
            held.map(|contact| contact.name.as_str()).collect::<Vec<_>>().join("、")
        };
        let phones = |post| {
            let held = unit.contacts.iter().filter(|contact| contact.post == post);
            let phones = held.map(|contact| contact.phone.as_deref().unwrap_or_default()).collect::<Vec<_>>();
            phones.join("、").trim_end_matches('、').to_owned()
        };
        let cells = Column::ALL.map(|column| {
            Some(match column {
                Column::Name => unit.name.clone(),
                Column::Kind => kind_words(unit.kind)[0].to_owned(),
                Column::Parent => parent.unwrap_or_default().to_owned(),
                Column::Aliases => unit.aliases.join("、"),
                Column::Head => names(Post::Head),
                Column::HeadPhone => phones(Post::Head),
                Column::Liaison => names(Post::Liaison),
                Column::LiaisonPhone => phones(Post::Liaison),
                Column::LinkedLeader => names(Post::LinkedLeader),
            })
        });
        Self { row, cells }
    }

    fn said(&self, column: Column) -> Option<&str> {
        let place = Column::ALL.iter().position(|own| *own == column)?;
        self.cells[place].as_deref()
    }

    fn cell(&self, column: Column) -> &str {
        self.said(column).unwrap_or_default()
    }

    /// Whether nothing is written in it.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().flatten().all(|cell| cell.trim().is_empty())
    }
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
    /// Longer than that many characters.
    TooLong {
        most: usize,
    },
    /// The row that has the same unit.
    Twice {
        row: u32,
    },
    UnknownKind,
    UnknownUnit,
    /// It is no more.
    Closed,
    /// It would stand under itself.
    Ring,
    /// Another unit is called so.
    Taken {
        by: String,
    },
    /// A group with members stays a group.
    HasMembers,
    /// One person twice under one post.
    PersonTwice,
    /// More phones than people.
    PhoneOfNobody,
    NoPhone,
    TooMany,
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

/// What stands between names in one cell; no name holds one.
pub const BETWEEN: [char; 6] = ['、', ';', '；', ',', '，', '\n'];

fn split(names: &str) -> impl Iterator<Item = String> {
    names.split(BETWEEN).map(normal).filter(|name| !name.is_empty())
}

/// Puts the people of a line into its unit. Duty title and user, which a list does not tell, stay with who is named
/// again.
fn put_contacts(line: &Line, unit: &mut Unit, fault: &mut impl FnMut(Column, Why)) {
    let posts = [
        (Post::Head, Column::Head, Some(Column::HeadPhone)),
        (Post::Liaison, Column::Liaison, Some(Column::LiaisonPhone)),
        (Post::LinkedLeader, Column::LinkedLeader, None),
    ];
    for (post, of_names, of_phones) in posts {
        let before: Vec<Contact> = unit.contacts.iter().filter(|there| there.post == post).cloned().collect();
        let names: Vec<String> = match line.said(of_names) {
            Some(names) => split(names).collect(),
            None => before.iter().map(|contact| contact.name.clone()).collect(),
        };
        let phones = of_phones.and_then(|column| Some((column, phones(line.said(column)?))));
        let mut people: Vec<Contact> = Vec::with_capacity(names.len());
        for (name, place) in names.into_iter().zip(0..) {
            if name.chars().count() > Contact::LONGEST {
                fault(of_names, Why::TooLong { most: Contact::LONGEST });
            } else if people.iter().any(|there| there.name == name) {
                fault(of_names, Why::PersonTwice);
            }
            let known = before.iter().find(|there| there.name == name);
            let phone = match &phones {
                None => known.and_then(|known| known.phone.clone()),
                Some((_, typed)) => typed.get(place).and_then(|typed| phone_of(typed)),
            };
            let (duty_title, user) =
                known.map_or((None, None), |known| (known.duty_title.clone(), known.user));
            people.push(Contact { post, name, duty_title, phone, user });
        }
        if let Some((column, typed)) = phones {
            if typed.len() > people.len() {
                fault(column, Why::PhoneOfNobody);
            }
            if typed.iter().any(|typed| !typed.is_empty() && phone_of(typed).is_none()) {
                fault(column, Why::NoPhone);
            }
        }
        unit.contacts.retain(|there| there.post != post);
        unit.contacts.extend(people);
        if unit.contacts.len() > Contact::MOST {
            fault(of_names, Why::TooMany);
        }
    }
    unit.contacts.sort_by_key(|contact| contact.post);
}

/// Phones in the order of the people; blank for one who has none.
fn phones(cell: &str) -> Vec<&str> {
    let mut phones: Vec<&str> = cell.split(BETWEEN).map(str::trim).collect();
    while phones.last().is_some_and(|last| last.is_empty()) {
        phones.pop();
    }
    phones
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
        let name = normal(line.cell(Column::Name));
        let mut fault = |why| faults.push(CellFault { row: line.row, column: Column::Name, why });
        if name.is_empty() {
            fault(Why::Missing);
            continue;
        }
        if name.chars().count() > LONGEST {
            fault(Why::TooLong { most: LONGEST });
        }
        if let Some(row) = rows.get(&name) {
            fault(Why::Twice { row: *row });
            continue;
        }
        rows.insert(name.clone(), line.row);
        if by_name.get(name.as_str()).is_some_and(|unit| unit.closed_at.is_some()) {
            fault(Why::Closed);
            continue;
        }
        let unit = by_name
            .get(name.as_str())
            .map_or_else(|| Unit::new(campaign, *id, name, UnitKind::Department), |unit| (*unit).clone());
        named.push((line, unit));
    }
    let ids_by_name: HashMap<String, UnitId> = there
        .iter()
        .map(|unit| (unit.name.clone(), unit.id))
        .chain(named.iter().map(|(_, unit)| (unit.name.clone(), unit.id)))
        .collect();
    for (line, unit) in &mut named {
        let mut fault = |column, why| faults.push(CellFault { row: line.row, column, why });
        match kind_of(line.cell(Column::Kind)) {
            _ if line.cell(Column::Kind).trim().is_empty() => fault(Column::Kind, Why::Missing),
            None => fault(Column::Kind, Why::UnknownKind),
            Some(kind) if kind != UnitKind::Group && !unit.members.is_empty() => {
                fault(Column::Kind, Why::HasMembers);
            }
            Some(kind) => unit.kind = kind,
        }
        let parent = normal(line.cell(Column::Parent));
        unit.parent = ids_by_name.get(&parent).copied();
        if !parent.is_empty() && unit.parent.is_none() {
            fault(Column::Parent, Why::UnknownUnit);
        }
        if by_name.get(parent.as_str()).is_some_and(|unit| unit.closed_at.is_some()) {
            fault(Column::Parent, Why::Closed);
        }
        let mut aliases: Vec<String> = Vec::new();
        for alias in split(line.cell(Column::Aliases)) {
            if alias.chars().count() > LONGEST {
                fault(Column::Aliases, Why::TooLong { most: LONGEST });
            } else if alias != unit.name && !aliases.contains(&alias) {
                aliases.push(alias);
            }
        }
        unit.aliases = aliases;
        put_contacts(line, unit, &mut fault);
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
        Unit::new(HERE, id(n), name, kind)
    }

    /// As a list from before there were contacts.
    fn line(row: u32, cells: [&str; 4]) -> Line {
        let mut line = Line { row, ..Line::default() };
        for (cell, said) in cells.into_iter().zip(&mut line.cells) {
            *said = Some(cell.into());
        }
        line
    }

    fn full_line(row: u32, name: &str, people: [&str; 5]) -> Line {
        let mut line = line(row, [name, "部门", "", ""]);
        for (cell, said) in people.into_iter().zip(&mut line.cells[4..]) {
            *said = Some(cell.into());
        }
        line
    }

    fn contact(post: Post, name: &str, phone: Option<&str>) -> Contact {
        Contact { post, name: name.into(), duty_title: None, phone: phone.map(str::to_owned), user: None }
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
    fn people_come_with_their_phones_and_keep_what_a_list_does_not_tell() {
        let user = Some(crate::id::UserId(Uuid::from_u128(77)));
        let head =
            Contact {
                duty_title: Some("局长".into()), user, ..contact(Post::Head, "王芳", Some("61234"))
            };
        let leader = Contact { phone: Some("110".into()), ..contact(Post::LinkedLeader, "张伟", None) };
        let office = Unit {
            contacts: vec![head.clone(), leader.clone()],
            ..unit(2, "县城管局", UnitKind::Department)
        };
        let people = ["王 芳；李强", "，138 1234 5678", "赵敏", "", "张伟、周涛"];
        let changes =
            run(std::slice::from_ref(&office), &[full_line(2, "县城管局", people)]).expect("no fault");
        let expected = [
            Contact { phone: None, ..head },
            contact(Post::Head, "李强", Some("13812345678")),
            contact(Post::Liaison, "赵敏", None),
            leader,
            contact(Post::LinkedLeader, "周涛", None),
        ];
        let changed = &changes.changed[0].2;
        assert_eq!(changed.contacts, expected);
        let again = run(std::slice::from_ref(changed), &[Line::of(2, changed, None)]).expect("no fault");
        assert_eq!((again.unchanged, again.changed), (1, Vec::new()), "what is written is read as it was");
        let older = run(&[office], &[line(2, ["县城管局", "部门", "", ""])]).expect("no fault");
        assert_eq!((older.unchanged, older.changed), (1, Vec::new()), "an older list takes nobody away");
    }

    #[test]
    fn faults_of_people_are_told_with_their_cells() {
        let lines = [
            full_line(2, "甲局", ["王芳、王芳", "", &"长".repeat(51), "无", ""]),
            full_line(3, "乙局", ["", "61234", "李强", "61234、61235", "领导甲、"]),
            full_line(4, "", ["王芳", "", "", "", ""]),
        ];
        let told: Vec<_> = run(&[], &lines)
            .expect_err("faults")
            .into_iter()
            .map(|fault| (fault.row, fault.column, fault.why))
            .collect();
        let expected = [
            (2, Column::Head, Why::PersonTwice),
            (2, Column::Liaison, Why::TooLong { most: 50 }),
            (2, Column::LiaisonPhone, Why::NoPhone),
            (3, Column::HeadPhone, Why::PhoneOfNobody),
            (3, Column::LiaisonPhone, Why::PhoneOfNobody),
            (4, Column::Name, Why::Missing),
        ];
        assert_eq!(told, expected);
        let many: Vec<String> = (0..21).map(|n| format!("第{n}人")).collect();
        let told = run(&[], &[full_line(2, "甲局", [&many.join("、"), "", "", "", ""])]).expect_err("faults");
        let fault = |column| CellFault { row: 2, column, why: Why::TooMany };
        assert_eq!(told[0], fault(Column::Head));
    }

    #[test]
    fn a_closed_unit_is_neither_changed_nor_stood_under() {
        let closed_at = chrono::DateTime::from_timestamp(1, 0);
        let gone = Unit { closed_at, ..unit(1, "旧局", UnitKind::Department) };
        let lines = [line(2, ["旧局", "部门", "", ""]), line(3, ["新村", "村", "旧局", ""])];
        let faults = run(&[gone], &lines).expect_err("faults");
        let told: Vec<_> = faults.into_iter().map(|fault| (fault.row, fault.column, fault.why)).collect();
        assert_eq!(told, [(2, Column::Name, Why::Closed), (3, Column::Parent, Why::Closed)]);
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
