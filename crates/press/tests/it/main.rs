//! What the press prints, other programs can open.

mod standards;
mod templates;

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use chengjing_domain::{
    campaign::roster::{Column, Line},
    plan::{Comparator, Plan, PlanDuty, Reading, Target},
};
use chengjing_press::{
    Format, PersonLine, Progress, TaskRow, TaskTable, people_template, people_to_xlsx, reading_to_xlsx,
    units_to_xlsx,
};

fn table() -> TaskTable {
    let target = Target {
        subject: "群众满意度".into(),
        comparator: Comparator::AtLeast,
        value: "92.50".parse().expect("a decimal"),
        unit: "%".into(),
    };
    let row = TaskRow {
        number: "二(一)3".into(),
        title: "整治占道经营 <&> \"引号\"".into(),
        text: "第一行\n第二行".into(),
        targets: vec![target],
        lead_units: vec!["县城管局".into()],
        support_units: vec!["县公安局".into(), "城关镇".into()],
        due: "2026-06-30".parse().ok(),
        progress: Progress { units: 3, reported: 2, confirmed: 1, percent: 80, ..Progress::default() },
        ..TaskRow::default()
    };
    TaskTable {
        title: "清水县创建文明城市任务分解及进度表".into(),
        note: None,
        office: "清水县创建办".into(),
        as_of: chrono::NaiveDate::from_ymd_opt(2026, 5, 6).expect("a day"),
        rows: vec![row; 60],
    }
}

#[test]
fn the_task_table_as_a_spreadsheet_has_a_row_for_each_duty() {
    let bytes = table().print(Format::Xlsx).expect("prints");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("opens");
    let sheet = book.worksheet_range("任务分解及进度表").expect("the sheet");
    assert_eq!(sheet.get_size(), (63, 11));
    let cell = |row, column| match sheet.get((row, column)) {
        Some(Data::String(text)) => text.clone(),
        other => format!("{other:?}"),
    };
    assert_eq!(cell(0, 0), "清水县创建文明城市任务分解及进度表");
    assert_eq!(cell(2, 9), "完成时限");
    assert_eq!(cell(3, 2), "整治占道经营 <&> \"引号\"");
    assert_eq!(cell(3, 4), "群众满意度 ≥92.5%");
    assert_eq!(cell(3, 8), "县公安局、城关镇");
    assert_eq!(cell(3, 9), "2026年6月30日前");
    assert_eq!((cell(2, 10), cell(3, 10)), ("办理进度".into(), "80%，3个单位中2个已上报".into()));

    let mut gathered = table();
    gathered.rows[1].initiative = Some("食品安全放心行动".into());
    let bytes = gathered.print(Format::Xlsx).expect("prints");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("opens");
    let sheet = book.worksheet_range("任务分解及进度表").expect("the sheet");
    let cell = |row, column| sheet.get_value((row, column)).map(ToString::to_string);
    assert_eq!(cell(2, 10).as_deref(), Some("专项行动、工作组"));
    assert_eq!((cell(3, 10).as_deref(), cell(4, 10).as_deref()), (Some(""), Some("食品安全放心行动")));
    assert_eq!(cell(2, 11).as_deref(), Some("办理进度"));
}

#[test]
fn the_task_table_as_a_document_repeats_its_head_on_every_page() {
    let bytes = table().print(Format::Docx).expect("prints");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut document = String::new();
    archive.by_name("word/document.xml").expect("the document").read_to_string(&mut document).expect("text");
    assert_eq!(document.matches("<w:tblHeader />").count(), 1);
    assert_eq!(document.matches("<w:tr>").count() + document.matches("<w:tr ").count(), 61);
    assert!(document.contains("整治占道经营 &lt;&amp;&gt;"));
    assert!(document.contains("landscape"));
}

#[test]
fn a_reading_becomes_a_workbook_with_a_sheet_for_each_kind_of_entry() {
    let duty = PlanDuty { number: Some("1".into()), title: "清理楼道".into(), ..PlanDuty::default() };
    let plan = Plan { title: "方案".into(), duties: vec![duty], ..Plan::default() };
    let reading = Reading { plans: vec![plan], ..Reading::default() };
    let mut book: Xlsx<_> =
        Xlsx::new(Cursor::new(reading_to_xlsx(&reading).expect("prints"))).expect("opens");
    assert_eq!(book.sheet_names(), ["责任任务", "阶段", "考察标准"]);
    assert_eq!(book.worksheet_range("责任任务").expect("the sheet").get_size(), (2, 13));
}

#[test]
fn a_list_of_units_has_its_headings_and_a_row_for_each() {
    let mut line = Line { row: 2, ..Line::default() };
    (line.cells[0], line.cells[1]) = (Some("县教育局".into()), Some("部门".into()));
    let bytes = units_to_xlsx(&[line]).expect("prints");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("opens");
    let sheet = book.worksheet_range("单位").expect("the sheet");
    let cell = |row, column| sheet.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
    assert_eq!([0, 1, 2, 3, 4, 5, 6, 7, 8].map(|column| cell(0, column)), Column::ALL.map(Column::heading));
    assert_eq!([cell(1, 0), cell(1, 1)], ["县教育局", "部门"]);
}

#[test]
fn a_list_of_people_offers_the_units_and_prints_what_lets_each_in() {
    let mut book: Xlsx<_> =
        Xlsx::new(Cursor::new(people_template(&["县教育局", "东河镇"]).expect("prints"))).expect("opens");
    assert_eq!(book.sheet_names(), ["人员", "角色和单位"]);
    assert_eq!(book.worksheet_range("人员").expect("the sheet").get_size(), (1, 5));
    let choices = book.worksheet_range("角色和单位").expect("the sheet");
    let choice = |row, column| choices.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
    assert_eq!([choice(1, 0), choice(1, 2), choice(2, 2)], ["联络员", "县教育局", "东河镇"]);
    assert_eq!(choices.get_size(), (8, 3), "all roles, though there are fewer units");
    let person = PersonLine {
        row: 2,
        display_name: "=1+1".into(),
        name: "wangfang".into(),
        role: "联络员".into(),
        unit: "东河镇".into(),
        phone: "61234".into(),
        shown: "Kx7m-Rp4w-Dn9h".into(),
    };
    let bytes = people_to_xlsx(&[person], "初始密码").expect("prints");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("opens");
    let sheet = book.worksheet_range("人员").expect("the sheet");
    let cell = |row, column| sheet.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
    assert_eq!([cell(0, 5), cell(1, 5), cell(1, 0)], ["初始密码", "Kx7m-Rp4w-Dn9h", "=1+1"]);
}
