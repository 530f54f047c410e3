//! A list of people as an office keeps it in a spreadsheet, before they come in: one row a person and role.

use std::collections::HashMap;

use super::{Role, Scope};
use crate::{
    campaign::{Unit, naming::normal, phone_of},
    id::{CampaignId, UnitId},
};

/// A column of the list, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RollColumn {
    DisplayName,
    Name,
    Role,
    Unit,
    Phone,
}

impl RollColumn {
    pub const ALL: [Self; 5] = [Self::DisplayName, Self::Name, Self::Role, Self::Unit, Self::Phone];

    /// What stands over it.
    pub fn heading(self) -> &'static str {
        match self {
            Self::DisplayName => "姓名",
            Self::Name => "用户名",
            Self::Role => "角色",
            Self::Unit => "单位",
            Self::Phone => "手机",
        }
    }
}

/// How the people of a list come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Each by a link, choosing name and password: the column of names is not looked at.
    Invitation,
    /// Each as a user with a password that is good for choosing another.
    Account,
}

/// A row of the list: what stands in each column, in the order of [`RollColumn::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RollLine {
    /// Its row in the sheet, from 1.
    pub row: u32,
    pub cells: [String; RollColumn::ALL.len()],
}

impl RollLine {
    fn cell(&self, column: RollColumn) -> &str {
        RollColumn::ALL.iter().position(|own| *own == column).map_or("", |at| self.cells[at].trim())
    }

    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Somebody of the list, as they will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    pub row: u32,
    pub display_name: String,
    /// None for who is invited.
    pub name: Option<String>,
    pub role: Role,
    pub scope: Scope,
    pub phone: Option<String>,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollFault {
    pub row: u32,
    pub column: RollColumn,
    pub why: RollWhy,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RollWhy {
    Missing,
    TooLong,
    UnknownRole,
    /// Whoever brings the list may not give that role.
    NotToGive,
    UnknownUnit,
    /// The unit is no more.
    ClosedUnit,
    /// A liaison works for a unit.
    NeedsUnit,
    NoPhone,
    /// A user is called so already.
    Taken,
    /// The row that says the same.
    Twice {
        row: u32,
    },
}

/// Longest name, in characters.
const LONGEST: usize = 50;

/// The words of a role in lists; the first is the one that is written, and that the pages have.
pub fn role_words(role: Role) -> &'static [&'static str] {
    match role {
        Role::SystemAdmin => &["系统管理员"],
        Role::Office => &["创建办", "办公室"],
        Role::Leader => &["领导"],
        Role::Reviewer => &["审核员", "材料审核员"],
        Role::Inspector => &["测评员", "督查组"],
        Role::Liaison => &["联络员"],
        Role::Auditor => &["督查", "督查室", "审计", "纪委"],
        Role::Volunteer => &["志愿者"],
        Role::Public => &["公众"],
    }
}

/// The roles that a list can give in a campaign.
pub const ROLL_ROLES: [Role; 7] = [
    Role::Liaison,
    Role::Leader,
    Role::Reviewer,
    Role::Inspector,
    Role::Auditor,
    Role::Volunteer,
    Role::Office,
];

/// What a list is held against.
pub struct RollGround<'a> {
    pub campaign: CampaignId,
    pub units: &'a [Unit],
    /// Names of users that are taken, in lower case.
    pub taken: &'a dyn Fn(&str) -> bool,
    /// Whether whoever brings the list may give that.
    pub may_give: &'a dyn Fn(Role, Scope) -> bool,
}

impl std::fmt::Debug for RollGround<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RollGround").field("campaign", &self.campaign).finish_non_exhaustive()
    }
}

/// The people of a list in its order, or all that is wrong with it.
pub fn call(
    ground: &RollGround<'_>,
    lines: &[RollLine],
    entry: Entry,
) -> Result<Vec<Newcomer>, Vec<RollFault>> {
    let mut faults = Vec::new();
    let mut people: Vec<Newcomer> = Vec::with_capacity(lines.len());
    let mut names: HashMap<String, u32> = HashMap::new();
    for line in lines {
        let mut fault = |column, why| faults.push(RollFault { row: line.row, column, why });
        let display_name = line.cell(RollColumn::DisplayName).to_owned();
        let length = display_name.chars().count();
        if length == 0 {
            fault(RollColumn::DisplayName, RollWhy::Missing);
        } else if length > LONGEST {
            fault(RollColumn::DisplayName, RollWhy::TooLong);
        }
        let is_named = (1..=LONGEST).contains(&length);
        let name = (entry == Entry::Account).then(|| line.cell(RollColumn::Name).to_owned());
        if let Some(name) = &name {
            let key = name.to_lowercase();
            if name.is_empty() {
                fault(RollColumn::Name, RollWhy::Missing);
            } else if name.chars().count() > LONGEST {
                fault(RollColumn::Name, RollWhy::TooLong);
            } else if (ground.taken)(&key) {
                fault(RollColumn::Name, RollWhy::Taken);
            } else if let Some(row) = names.insert(key, line.row) {
                fault(RollColumn::Name, RollWhy::Twice { row });
            }
        }
        let phone = line.cell(RollColumn::Phone);
        if !phone.is_empty() && phone_of(phone).is_none() {
            fault(RollColumn::Phone, RollWhy::NoPhone);
        }
        let unit = unit_of(ground.units, line, &mut fault);
        let Some((role, scope)) = role_of(ground, line, unit, &mut fault) else { continue };
        let same = |other: &&Newcomer| {
            other.display_name == display_name && other.role == role && other.scope == scope
        };
        if entry == Entry::Invitation
            && is_named
            && let Some(twin) = people.iter().find(same)
        {
            fault(RollColumn::DisplayName, RollWhy::Twice { row: twin.row });
        }
        people.push(Newcomer { row: line.row, display_name, name, role, scope, phone: phone_of(phone) });
    }
    let place = |column| RollColumn::ALL.iter().position(|own| *own == column);
    faults.sort_by_key(|fault| (fault.row, place(fault.column)));
    if faults.is_empty() { Ok(people) } else { Err(faults) }
}

/// The unit that a row names; None where it names none, or none that is good.
fn unit_of(units: &[Unit], line: &RollLine, fault: &mut impl FnMut(RollColumn, RollWhy)) -> Option<UnitId> {
    let named = normal(line.cell(RollColumn::Unit));
    if named.is_empty() {
        return None;
    }
    let called = |unit: &&Unit| unit.name == named || unit.aliases.contains(&named);
    let open = units.iter().filter(|unit| unit.closed_at.is_none()).find(called);
    match open.or_else(|| units.iter().find(called)) {
        None => fault(RollColumn::Unit, RollWhy::UnknownUnit),
        Some(unit) if unit.closed_at.is_some() => fault(RollColumn::Unit, RollWhy::ClosedUnit),
        Some(unit) => return Some(unit.id),
    }
    None
}

fn role_of(
    ground: &RollGround<'_>,
    line: &RollLine,
    unit: Option<UnitId>,
    fault: &mut impl FnMut(RollColumn, RollWhy),
) -> Option<(Role, Scope)> {
    let word = normal(line.cell(RollColumn::Role));
    if word.is_empty() {
        fault(RollColumn::Role, RollWhy::Missing);
        return None;
    }
    let known = |role: &Role| role.code() == word || role_words(*role).contains(&word.as_str());
    let Some(role) = ROLL_ROLES.into_iter().find(known) else {
        fault(RollColumn::Role, RollWhy::UnknownRole);
        return None;
    };
    if role == Role::Liaison && normal(line.cell(RollColumn::Unit)).is_empty() {
        fault(RollColumn::Unit, RollWhy::NeedsUnit);
        return None;
    }
    let scope = unit.map_or(Scope::Campaign(ground.campaign), |unit| Scope::Unit(ground.campaign, unit));
    if !(ground.may_give)(role, scope) {
        fault(RollColumn::Role, RollWhy::NotToGive);
    }
    Some((role, scope))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::campaign::UnitKind;

    const HERE: CampaignId = CampaignId(Uuid::from_u128(1));

    fn units() -> Vec<Unit> {
        let unit =
            |n: u128, name: &str| Unit::new(HERE, UnitId(Uuid::from_u128(n)), name, UnitKind::Department);
        let closed_at = chrono::DateTime::from_timestamp(1, 0);
        vec![
            Unit { aliases: vec!["教体局".into()], ..unit(10, "县教育局") },
            Unit { closed_at, ..unit(11, "旧局") },
        ]
    }

    fn run(lines: &[[&str; 5]], entry: Entry) -> Result<Vec<Newcomer>, Vec<RollFault>> {
        let units = units();
        let ground = RollGround {
            campaign: HERE,
            units: &units,
            taken: &|name| name == "wangfang",
            may_give: &|role, _| role != Role::Office,
        };
        let lines: Vec<RollLine> = lines
            .iter()
            .zip(2..)
            .map(|(cells, row)| RollLine { row, cells: cells.map(str::to_owned) })
            .collect();
        call(&ground, &lines, entry)
    }

    #[test]
    fn people_of_a_list_get_their_role_where_their_row_says() {
        let lines = [
            ["李强", "", "联络员", "教体局", "138 1234 5678"],
            ["赵敏", "", "材料审核员", "", ""],
            ["赵敏", "", "领导", "", ""],
        ];
        let people = run(&lines, Entry::Invitation).expect("no fault");
        let told: Vec<_> =
            people.iter().map(|p| (p.row, p.role, p.scope.unit().is_some(), p.phone.as_deref())).collect();
        let expected = [
            (2, Role::Liaison, true, Some("13812345678")),
            (3, Role::Reviewer, false, None),
            (4, Role::Leader, false, None),
        ];
        assert_eq!(told, expected);
        let named = run(&[["李强", "LiQiang", "领导", "", ""]], Entry::Account).expect("no fault");
        assert_eq!(named[0].name.as_deref(), Some("LiQiang"));
    }

    #[test]
    fn every_fault_is_told_with_its_cell() {
        let long = "长".repeat(51);
        let lines = [
            ["", "WangFang", "联络员", "", "无"],
            [&long, "", "校长", "没有的局", ""],
            ["李强", "liqiang", "创建办", "旧局", ""],
            ["李强", "LIQIANG", "", "", ""],
        ];
        let told: Vec<_> = run(&lines, Entry::Account)
            .expect_err("faults")
            .into_iter()
            .map(|fault| (fault.row, fault.column, fault.why))
            .collect();
        use RollColumn as C;
        let expected = [
            (2, C::DisplayName, RollWhy::Missing),
            (2, C::Name, RollWhy::Taken),
            (2, C::Unit, RollWhy::NeedsUnit),
            (2, C::Phone, RollWhy::NoPhone),
            (3, C::DisplayName, RollWhy::TooLong),
            (3, C::Name, RollWhy::Missing),
            (3, C::Role, RollWhy::UnknownRole),
            (3, C::Unit, RollWhy::UnknownUnit),
            (4, C::Role, RollWhy::NotToGive),
            (4, C::Unit, RollWhy::ClosedUnit),
            (5, C::Name, RollWhy::Twice { row: 4 }),
            (5, C::Role, RollWhy::Missing),
        ];
        assert_eq!(told, expected);
        let twice = [["李强", "", "领导", "", ""], ["李强", "", "领导", "", ""]];
        let told = run(&twice, Entry::Invitation).expect_err("a fault");
        let expected = RollFault { row: 3, column: C::DisplayName, why: RollWhy::Twice { row: 2 } };
        assert_eq!(told, [expected]);
    }

    /// A cell as people fill it: nothing, what is meant, or something else.
    fn cell() -> impl Strategy<Value = String> {
        const USUAL: &[&str] = &[
            "",
            "王芳",
            "李强",
            "wangfang",
            "liqiang",
            "联络员",
            "创建办",
            "领导",
            "县教育局",
            "旧局",
            "61234",
        ];
        prop_oneof![prop::sample::select(USUAL).prop_map(str::to_owned), ".{0,60}"]
    }

    proptest! {
        #[test]
        fn a_list_gives_all_its_people_in_order_or_says_of_whom_not(
            rows in prop::collection::vec(prop::array::uniform5(cell()), 0..12),
            by_account in any::<bool>(),
        ) {
            let cells: Vec<[&str; 5]> = rows.iter().map(|row| row.each_ref().map(String::as_str)).collect();
            let entry = if by_account { Entry::Account } else { Entry::Invitation };
            match run(&cells, entry) {
                Ok(people) => {
                    let told: Vec<&str> = people.iter().map(|person| person.display_name.as_str()).collect();
                    let asked: Vec<&str> = cells.iter().map(|row| row[0].trim()).collect();
                    prop_assert_eq!(told, asked);
                    for person in &people {
                        prop_assert_eq!(person.name.is_some(), by_account);
                        prop_assert!(person.role != Role::Office, "it could not be given");
                        prop_assert!(person.role != Role::Liaison || person.scope.unit().is_some());
                    }
                }
                Err(faults) => {
                    prop_assert!(!faults.is_empty());
                    let rows = 2..2 + u32::try_from(cells.len()).expect("few");
                    prop_assert!(faults.iter().all(|fault| rows.contains(&fault.row)));
                    let cells: std::collections::HashSet<_> =
                        faults.iter().map(|fault| (fault.row, fault.column)).collect();
                    prop_assert_eq!(cells.len(), faults.len(), "one cell is told of once");
                }
            }
        }
    }
}
