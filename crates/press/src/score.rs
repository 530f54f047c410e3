use chengjing_domain::{
    score::{GateState, Held, Line, PlaceScore, Scorecard, Status, UnitScores, What},
    standard::Rounding,
};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet};

use crate::{
    PressError,
    xlsx::{body, heading},
};

/// A scorecard with the names that its readers need.
#[derive(Debug, Clone)]
pub struct ScoreSheet {
    pub title: String,
    /// As of when, as it is to be read.
    pub as_of: String,
    pub card: Scorecard,
    pub rounding: Rounding,
    /// What the lines are called that have names of their own, in their order.
    pub line_titles: Vec<Option<String>>,
    /// The same by the units that hold its leaves.
    pub units: UnitScores,
    /// What they are called, in their order; None: leaves that nobody holds.
    pub unit_names: Vec<Option<String>>,
}

/// A scorecard: how the total comes about, every place of the tree, and what each unit holds.
///
/// # Errors
/// [`PressError::Xlsx`].
pub fn score_to_xlsx(sheet: &ScoreSheet) -> Result<Vec<u8>, PressError> {
    let mut workbook = Workbook::new();
    sum(workbook.add_worksheet(), sheet)?;
    tree(workbook.add_worksheet(), sheet)?;
    units(workbook.add_worksheet(), sheet)?;
    Ok(workbook.save_to_buffer()?)
}

fn sum(page: &mut Worksheet, sheet: &ScoreSheet) -> Result<(), PressError> {
    page.set_name("总分")?;
    for (width, column) in [46.0, 14.0, 14.0, 14.0].into_iter().zip(0_u16..) {
        page.set_column_width(column, width)?;
    }
    let big = Format::new().set_font_name("宋体").set_font_size(16).set_bold();
    page.write_with_format(0, 0, &sheet.title, &big)?;
    page.write_with_format(1, 0, format!("{}版    截至{}", sheet.card.edition, sheet.as_of), &plain())?;
    for (text, column) in ["项目", "最低", "得分", "最高"].into_iter().zip(0_u16..) {
        page.write_with_format(3, column, text, &heading())?;
    }
    let mut row = 4;
    for (line, title) in sheet.card.lines.iter().zip(&sheet.line_titles) {
        let Line { what, low, value, high, .. } = line;
        page.write_with_format(row, 0, line_words(what, title.as_deref()), &body())?;
        marks(page, row, 1, [*low, *value, *high], &sheet.rounding)?;
        row += 1;
    }
    let total = sheet.card.total;
    let bold = body().set_bold();
    page.write_with_format(row, 0, format!("总分(满分{})", sheet.card.marks), &bold)?;
    marks(page, row, 1, [total.low, total.value, total.high], &sheet.rounding)?;
    row += 2;
    for gate in &sheet.card.gates {
        let state = match gate.state {
            GateState::Held => "达到",
            GateState::Open => "未定",
            GateState::Missed => "未达到",
        };
        page.write_with_format(row, 0, format!("前置条件：{}", gate.title), &body())?;
        page.write_with_format(row, 1, state, &body())?;
        row += 1;
    }
    for sanction in &sheet.card.sanctions {
        page.write_with_format(row, 0, format!("负面清单：{}", sanction.title), &body())?;
        row += 1;
    }
    page.set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

fn tree(page: &mut Worksheet, sheet: &ScoreSheet) -> Result<(), PressError> {
    page.set_name("指标")?;
    let columns = [
        ("编号", 14.0),
        ("指标", 52.0),
        ("分值", 10.0),
        ("最低", 10.0),
        ("得分", 10.0),
        ("最高", 10.0),
        ("掌握情况", 12.0),
    ];
    for ((text, width), column) in columns.into_iter().zip(0_u16..) {
        page.set_column_width(column, width)?;
        page.write_with_format(0, column, text, &heading())?;
    }
    for (place, row) in sheet.card.places.iter().zip(1_u32..) {
        let PlaceScore { code, title, depth, marks: whole, low, value, high, status } = place;
        let indent = u8::try_from(*depth).unwrap_or(u8::MAX).min(10);
        page.write_with_format(row, 0, code, &body())?;
        page.write_with_format(row, 1, title, &body().set_indent(indent))?;
        marks(page, row, 2, [*whole, *low, *value, *high], &sheet.rounding)?;
        page.write_with_format(row, 6, known(*status), &body().set_align(FormatAlign::Center))?;
    }
    page.set_freeze_panes(1, 0)?;
    page.set_repeat_rows(0, 0)?;
    page.set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

/// Each unit with its leaves under it; the last line is the whole.
fn units(page: &mut Worksheet, sheet: &ScoreSheet) -> Result<(), PressError> {
    page.set_name("按单位")?;
    let columns = [
        ("单位", 26.0),
        ("编号", 14.0),
        ("指标", 52.0),
        ("分值", 10.0),
        ("得分", 10.0),
        ("已丢", 10.0),
        ("还能得", 10.0),
        ("掌握情况", 12.0),
    ];
    for ((text, width), column) in columns.into_iter().zip(0_u16..) {
        page.set_column_width(column, width)?;
        page.write_with_format(0, column, text, &heading())?;
    }
    let all = |held: Held| [held.marks, held.range.value, held.lost(), held.open()];
    let bold = body().set_bold();
    let mut row = 1;
    let mut line = |page: &mut Worksheet, words: [&str; 3], held: Held, said: &str, format: &Format| {
        for (text, column) in words.into_iter().zip(0_u16..) {
            page.write_with_format(row, column, text, format)?;
        }
        marks(page, row, 3, all(held), &sheet.rounding)?;
        page.write_with_format(row, 7, said, &body().set_align(FormatAlign::Center))?;
        row += 1;
        Ok::<(), PressError>(())
    };
    for (one, name) in sheet.units.units.iter().zip(&sheet.unit_names) {
        let name = name.as_deref().unwrap_or("还没有单位");
        let count = format!("{}项指标", one.leaves.len());
        line(page, [name, "", &count], one.held, "", &bold)?;
        for leaf in &one.leaves {
            let title = match leaf.holders {
                1 => leaf.title.clone(),
                holders => format!("{}（{holders}个单位平分）", leaf.title),
            };
            line(page, [name, &leaf.code, &title], leaf.held, known(leaf.status), &body())?;
        }
    }
    if sheet.units.cut != Held::default() {
        line(page, ["封顶和分项取整", "", ""], sheet.units.cut, "", &body())?;
    }
    let whole = sheet.units.units.iter().fold(sheet.units.cut, |sum, one| sum.plus(one.held));
    line(page, ["各项指标合计", "", ""], whole, "", &bold)?;
    page.set_freeze_panes(1, 0)?;
    page.set_repeat_rows(0, 0)?;
    page.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

fn known(status: Status) -> &'static str {
    match status {
        Status::Unknown => "未知",
        Status::Partly => "部分掌握",
        Status::Known => "已掌握",
        Status::NotApplicable => "不适用",
    }
}

/// Marks as numbers that a sheet can go on with, rounded as the standard publishes.
fn marks(
    page: &mut Worksheet,
    row: u32,
    from: u16,
    all: impl IntoIterator<Item = Decimal>,
    rounding: &Rounding,
) -> Result<(), PressError> {
    for (one, column) in all.into_iter().zip(from..) {
        let number = rounding.round(one).to_f64().unwrap_or_default();
        page.write_number_with_format(row, column, number, &body())?;
    }
    Ok(())
}

fn plain() -> Format {
    Format::new().set_font_name(crate::xlsx::FONT).set_font_size(11)
}

fn line_words(what: &What, title: Option<&str>) -> String {
    let title = title.unwrap_or_default();
    match what {
        What::Tree => "各项指标合计".to_owned(),
        What::Cut => "超出满分部分".to_owned(),
        What::OwnShare => "折算为本体系所占比例".to_owned(),
        What::Contribution { .. } => format!("计入：{title}"),
        What::Deduction { .. } => format!("负面清单扣分：{title}"),
        What::Honour { .. } => format!("加分：{title}"),
        What::BonusCut => "超出加分上限部分".to_owned(),
        What::Floor => "总分不低于零".to_owned(),
        What::Rounding => "取整".to_owned(),
    }
}
