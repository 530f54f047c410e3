//! What a dossier 卷宗 holds beside its files: cover, table of its materials, sheet of their reviews, volumes of texts.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{Format, FormatAlign, Workbook};
use serde_json::{Value, json};

use crate::{
    PressError,
    xlsx::{FONT, body, heading},
};

/// The typst source of a cover; it is given [`cover_data`].
pub const COVER: &str = include_str!("../templates/dossier_cover.typ");
/// The typst source of a volume of texts; it is given [`texts_data`].
pub const TEXTS: &str = include_str!("../templates/dossier_texts.typ");

/// What a dossier is of, as it stands on its cover and over its tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierHead {
    pub campaign: String,
    /// Where the campaign is.
    pub place: String,
    /// The standard with its edition.
    pub standard: String,
    /// The part of it; None: the whole.
    pub part: Option<String>,
    pub as_of: NaiveDate,
}

impl DossierHead {
    fn title(&self, what: &str) -> String {
        let part = self.part.as_ref().map(|part| format!("（{part}）")).unwrap_or_default();
        format!("{}{}{part}{what}", self.campaign, self.standard)
    }
}

/// A material that was accepted for a requirement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DossierLine {
    /// The indicator's code and title, and the titles of what is above it.
    pub code: String,
    pub leaf: String,
    pub above: String,
    pub requirement: String,
    pub title: String,
    /// 实景图片.
    pub kind: &'static str,
    pub unit: String,
    pub made_on: Option<NaiveDate>,
    pub pieces: u32,
    /// The numbers of its files in the dossier, and where they lie.
    pub numbers: Vec<u32>,
    pub place: String,
    /// The volume of texts, and as the how manieth it stands there.
    pub text: Option<(u32, u32)>,
    pub link: Option<String>,
    /// Which version was accepted, who filed it, and when.
    pub version: u32,
    pub filed_by: String,
    pub filed_on: Option<NaiveDate>,
    pub grade: String,
    pub accepted_by: String,
    pub accepted_on: Option<NaiveDate>,
    /// The last day that it counts.
    pub until: Option<NaiveDate>,
    /// What its caption says, field by field.
    pub caption: String,
    /// What its reader has to know, such as that a file could not be read.
    pub note: String,
}

/// A text among those of a volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierText {
    pub item: u32,
    pub title: String,
    pub code: String,
    pub requirement: String,
    pub unit: String,
    pub made_on: Option<NaiveDate>,
    pub link: Option<String>,
    /// Its paragraphs are lines.
    pub text: String,
    /// The documents that belong to it, each by its name; their paragraphs are lines too.
    pub documents: Vec<(String, String)>,
}

type Cell = fn(usize, &DossierLine) -> String;

/// 待审材料索引表: which material stands for what, and where it lies in the dossier.
///
/// # Errors
/// [`PressError::Xlsx`].
pub fn index_to_xlsx(head: &DossierHead, lines: &[DossierLine]) -> Result<Vec<u8>, PressError> {
    let columns: &[(&str, f64, Cell)] = &[
        ("序号", 6.0, |number, _| (number + 1).to_string()),
        ("指标编号", 11.0, |_, line| line.code.clone()),
        ("测评项目", 24.0, |_, line| line.above.clone()),
        ("测评指标", 28.0, |_, line| line.leaf.clone()),
        ("材料要求", 28.0, |_, line| line.requirement.clone()),
        ("材料名称", 30.0, |_, line| line.title.clone()),
        ("材料类型", 10.0, |_, line| line.kind.to_owned()),
        ("报送单位", 18.0, |_, line| line.unit.clone()),
        ("形成日期", 12.0, |_, line| day(line.made_on)),
        ("件数", 6.0, |_, line| line.pieces.to_string()),
        ("卷内编号", 14.0, |_, line| runs(&line.numbers)),
        ("存放位置", 40.0, |_, line| line.place.clone()),
        ("文字材料", 16.0, |_, line| line.text.map(in_volume).unwrap_or_default()),
        ("网址", 24.0, |_, line| line.link.clone().unwrap_or_default()),
        ("图片说明", 36.0, |_, line| line.caption.clone()),
        ("备注", 24.0, |_, line| line.note.clone()),
    ];
    table("待审材料索引表", head, columns, lines)
}

/// 材料审核记录表: who accepted which version of a material as what, with room for whoever looks at it again.
///
/// # Errors
/// [`PressError::Xlsx`].
pub fn audit_to_xlsx(head: &DossierHead, lines: &[DossierLine]) -> Result<Vec<u8>, PressError> {
    let columns: &[(&str, f64, Cell)] = &[
        ("序号", 6.0, |number, _| (number + 1).to_string()),
        ("指标编号", 11.0, |_, line| line.code.clone()),
        ("材料要求", 28.0, |_, line| line.requirement.clone()),
        ("材料名称", 30.0, |_, line| line.title.clone()),
        ("报送单位", 18.0, |_, line| line.unit.clone()),
        ("报送人", 12.0, |_, line| line.filed_by.clone()),
        ("报送日期", 12.0, |_, line| day(line.filed_on)),
        ("版次", 6.0, |_, line| format!("第{}版", line.version)),
        ("审核结果", 12.0, |_, line| line.grade.clone()),
        ("审核人", 12.0, |_, line| line.accepted_by.clone()),
        ("审核日期", 12.0, |_, line| day(line.accepted_on)),
        ("计分至", 12.0, |_, line| day(line.until)),
        ("复核意见", 24.0, |_, _| String::new()),
        ("复核人签字", 14.0, |_, _| String::new()),
    ];
    table("材料审核记录表", head, columns, lines)
}

fn table(
    what: &str,
    head: &DossierHead,
    columns: &[(&str, f64, Cell)],
    lines: &[DossierLine],
) -> Result<Vec<u8>, PressError> {
    const HEAD: u32 = 2;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(what)?;
    let last = u16::try_from(columns.len() - 1).unwrap_or(0);
    let title = Format::new()
        .set_font_name(FONT)
        .set_font_size(18)
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    sheet.merge_range(0, 0, 0, last, &head.title(what), &title)?;
    sheet.set_row_height(0, 34)?;
    let small = Format::new().set_font_name(FONT).set_font_size(11).set_align(FormatAlign::Right);
    let note = format!("{}    共{}件    {}", head.place, lines.len(), day(Some(head.as_of)));
    sheet.merge_range(1, 0, 1, last, &note, &small)?;
    for ((named, width, _), column) in columns.iter().zip(0_u16..) {
        sheet.set_column_width(column, *width)?;
        sheet.write_with_format(HEAD, column, *named, &heading())?;
    }
    sheet.set_row_height(HEAD, 24)?;
    let plain = body();
    for (number, line) in lines.iter().enumerate() {
        let row = HEAD + 1 + u32::try_from(number).unwrap_or(u32::MAX - HEAD - 1);
        for ((.., cell), column) in columns.iter().zip(0_u16..) {
            // Text, whatever it looks like: a code is no number, and nothing that people typed is a formula.
            sheet.write_string_with_format(row, column, cell(number, line), &plain)?;
        }
    }
    let end = HEAD + u32::try_from(lines.len()).unwrap_or(0);
    sheet.autofilter(HEAD, 0, end.max(HEAD + 1), last)?;
    sheet.set_freeze_panes(HEAD + 1, 0)?;
    sheet.set_repeat_rows(HEAD, HEAD)?;
    sheet.set_landscape().set_paper_size(8).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    sheet.set_footer("&C第 &P 页 共 &N 页");
    Ok(workbook.save_to_buffer()?)
}

/// What a cover sees.
pub fn cover_data(head: &DossierHead, lines: &[DossierLine], files: u32) -> Value {
    let mut units: Vec<&str> = lines.iter().map(|line| line.unit.as_str()).collect();
    units.sort_unstable();
    units.dedup();
    let mut materials: Vec<(&str, &str)> =
        lines.iter().map(|line| (line.unit.as_str(), line.title.as_str())).collect();
    materials.sort_unstable();
    materials.dedup();
    json!({
        "campaign": head.campaign,
        "place": head.place,
        "standard": head.standard,
        "part": head.part.clone().unwrap_or_default(),
        "date": day(Some(head.as_of)),
        "lines": lines.len(),
        "materials": materials.len(),
        "files": files,
        "units": units.len(),
    })
}

/// What a volume of texts sees.
pub fn texts_data(head: &DossierHead, (volume, of): (u32, u32), texts: &[DossierText]) -> Value {
    let paragraphs = |text: &str| -> Vec<String> {
        // The cells of a row stand apart.
        let lines = text.lines().map(|line| line.trim().replace('\t', "　"));
        lines.filter(|line| !line.is_empty()).collect()
    };
    let document = |(name, text): &(String, String)| json!({ "name": name, "paragraphs": paragraphs(text) });
    let text = |one: &DossierText| {
        json!({
            "item": one.item,
            "title": one.title,
            "code": one.code,
            "requirement": one.requirement,
            "unit": one.unit,
            "date": day(one.made_on),
            "link": one.link.clone().unwrap_or_default(),
            "paragraphs": paragraphs(&one.text),
            "documents": one.documents.iter().map(document).collect::<Vec<_>>(),
        })
    };
    json!({
        "title": head.title("文字材料"),
        "volume": if of > 1 { format!("第{volume}册，共{of}册") } else { String::new() },
        "texts": texts.iter().map(text).collect::<Vec<_>>(),
    })
}

/// 2026年7月8日.
fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| format!("{}年{}月{}日", day.year(), day.month(), day.day())).unwrap_or_default()
}

fn in_volume((volume, item): (u32, u32)) -> String {
    format!("第{volume}册第{item}篇")
}

/// 0001-0003、0007.
fn runs(numbers: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            Some(_) | None => runs.push((*number, *number)),
        }
    }
    let run = |(first, last): &(u32, u32)| {
        if first == last { format!("{first:04}") } else { format!("{first:04}-{last:04}") }
    };
    runs.iter().map(run).collect::<Vec<_>>().join("、")
}

/// Data in which everything is there, to try the templates with.
pub fn sample() -> [(&'static str, Value); 2] {
    let head = DossierHead {
        campaign: "样例县创建文明城市".to_owned(),
        place: "样例县".to_owned(),
        standard: "测评体系（2026年版）".to_owned(),
        part: Some("Ⅰ-1 理想信念".to_owned()),
        as_of: NaiveDate::from_ymd_opt(2026, 7, 8).unwrap_or_default(),
    };
    let line = DossierLine {
        title: "工作情况说明".to_owned(),
        unit: "县样例局".to_owned(),
        ..DossierLine::default()
    };
    let text = |item, title: &str| DossierText {
        item,
        title: title.to_owned(),
        code: "Ⅰ-1".to_owned(),
        requirement: "说明报告".to_owned(),
        unit: "县样例局".to_owned(),
        made_on: NaiveDate::from_ymd_opt(2026, 6, 1),
        link: Some("https://www.example.gov.cn/1.html".to_owned()),
        text: "第一段#不是标记*。\n\n第二段$也不是$。".to_owned(),
        documents: vec![("附件#1_*.docx".to_owned(), "第一条\n\n甲\t乙".to_owned())],
    };
    let texts = [text(1, "工作情况说明"), text(2, "第二篇")];
    [(COVER, cover_data(&head, std::slice::from_ref(&line), 3)), (TEXTS, texts_data(&head, (2, 3), &texts))]
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Reader, Xlsx};

    use super::*;

    fn head() -> DossierHead {
        DossierHead {
            campaign: "清水县创建文明城市".into(),
            place: "清水县".into(),
            standard: "测评体系".into(),
            part: Some("Ⅰ-1 理想信念".into()),
            as_of: NaiveDate::from_ymd_opt(2026, 5, 6).expect("a day"),
        }
    }

    fn cells(bytes: Vec<u8>, sheet: &str) -> Vec<Vec<String>> {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("opens");
        let range = book.worksheet_range(sheet).expect("the sheet");
        range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
    }

    #[test]
    fn the_index_says_where_each_material_lies_and_the_audit_who_accepted_it() {
        let line = DossierLine {
            code: "Ⅰ-1".into(),
            title: "=1+1".into(),
            numbers: vec![1, 2, 3, 7],
            text: Some((1, 4)),
            grade: "A".into(),
            accepted_by: "王芳".into(),
            version: 2,
            ..DossierLine::default()
        };
        let index =
            cells(index_to_xlsx(&head(), std::slice::from_ref(&line)).expect("prints"), "待审材料索引表");
        assert_eq!(index[0][0], "清水县创建文明城市测评体系（Ⅰ-1 理想信念）待审材料索引表");
        let at = |named: &str| index[2].iter().position(|cell| cell == named).expect("a column");
        assert_eq!(index[3][at("卷内编号")], "0001-0003、0007");
        assert_eq!(index[3][at("材料名称")], "=1+1", "text, and no formula");
        assert_eq!(index[3][at("文字材料")], "第1册第4篇");
        let audit = cells(audit_to_xlsx(&head(), &[line]).expect("prints"), "材料审核记录表");
        assert!(audit[3].contains(&"王芳".to_owned()) && audit[3].contains(&"第2版".to_owned()), "{audit:?}");
        assert_eq!(audit.len(), 4);
    }

    #[test]
    fn a_material_that_counts_twice_is_one_material_on_the_cover() {
        let line =
            DossierLine { title: "活动".into(), unit: "县教育局".into(), ..DossierLine::default() };
        let data = cover_data(&head(), &[line.clone(), line], 3);
        assert_eq!((&data["lines"], &data["materials"], &data["units"]), (&json!(2), &json!(1), &json!(1)));
    }
}
