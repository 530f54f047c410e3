use chengjing_domain::people::{
    Role,
    roll::{ROLL_ROLES, RollColumn, role_words},
};
use rust_xlsxwriter::{DataValidation, Formula, Workbook};

use crate::{PressError, reading::fill};

/// Somebody of a list of people, in the words that it prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    /// Its row in the list that was brought.
    pub row: u32,
    pub display_name: String,
    pub name: String,
    pub role: String,
    pub unit: String,
    pub phone: String,
    /// The link or the password that lets them in.
    pub shown: String,
}

fn width(column: RollColumn) -> f64 {
    match column {
        RollColumn::DisplayName | RollColumn::Name => 16.0,
        RollColumn::Role => 12.0,
        RollColumn::Unit => 28.0,
        RollColumn::Phone => 18.0,
    }
}

/// What the roles and the units stand on.
const CHOICES: &str = "角色和单位";

/// What a role is for, as whoever fills the list in needs to know it.
fn meaning(role: Role) -> &'static str {
    match role {
        Role::Liaison => "本单位任务的接收、上报；必须写单位",
        Role::Leader => "查看全部，不改动",
        Role::Reviewer => "审核材料",
        Role::Inspector => "实地测评",
        Role::Auditor => "查看全部和台账，不改动",
        Role::Volunteer => "志愿者",
        Role::Office => "管理整个项目；只有系统管理员能给",
        Role::SystemAdmin | Role::Public => "",
    }
}

/// An empty list of people to be filled in, with the roles and these units to choose from.
///
/// # Errors
/// [`PressError::Xlsx`].
pub fn people_template(units: &[&str]) -> Result<Vec<u8>, PressError> {
    /// Far enough down for everybody.
    const LAST: u32 = 500;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("人员")?;
    let columns = RollColumn::ALL.map(|column| (column.heading(), width(column)));
    fill(sheet, &columns, std::iter::empty())?;
    // Text, so that 061234 stays what was typed.
    for place in [1, 4] {
        sheet.set_column_format(place, &rust_xlsxwriter::Format::new().set_num_format("@"))?;
    }
    let last = |count: usize| format!("${}", count + 1);
    let roles = ROLL_ROLES.map(|role| role_words(role)[0]);
    // From cells of another sheet: a list that stands in the rule itself ends at 255 characters.
    let from = |column: &str, count: usize| {
        DataValidation::new()
            .allow_list_formula(Formula::new(format!("={CHOICES}!${column}$2:${column}{}", last(count))))
    };
    sheet.add_data_validation(1, 2, LAST, 2, &from("A", roles.len()))?;
    if !units.is_empty() {
        sheet.add_data_validation(1, 3, LAST, 3, &from("C", units.len()))?;
    }
    let choices = workbook.add_worksheet();
    choices.set_name(CHOICES)?;
    let rows = (0..roles.len().max(units.len())).map(|row| {
        let role = ROLL_ROLES.get(row);
        let unit = units.get(row).copied().unwrap_or_default();
        let word = role.map_or("", |role| role_words(*role)[0]);
        vec![word.to_owned(), role.map_or("", |role| meaning(*role)).to_owned(), unit.to_owned()]
    });
    fill(choices, &[("角色", 12.0), ("能做什么", 44.0), ("单位", 28.0)], rows)?;
    Ok(workbook.save_to_buffer()?)
}

/// The people of a list with what lets each of them in, under the heading `what`.
///
/// # Errors
/// [`PressError::Xlsx`].
pub fn people_to_xlsx(people: &[PersonLine], what: &str) -> Result<Vec<u8>, PressError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("人员")?;
    let mut columns: Vec<(&str, f64)> =
        RollColumn::ALL.iter().map(|column| (column.heading(), width(*column))).collect();
    columns.push((what, 64.0));
    let rows = people.iter().map(|person| {
        let PersonLine { display_name, name, role, unit, phone, shown, .. } = person.clone();
        vec![display_name, name, role, unit, phone, shown]
    });
    fill(sheet, &columns, rows)?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    Ok(workbook.save_to_buffer()?)
}
