//! What people write into the cells of a standard's workbook, and what it means.

use chengjing_domain::standard::sheet::{Cell, Found, Kind, STANDARD_SHEETS, level_heading};
use serde_json::{Value, json};

/// What a cell says is understood, and how the program says it itself.
fn again(kind: Kind, text: &str) -> Result<(Value, Cell), String> {
    let value = kind.parse(&Found::Text(text.to_owned())).map_err(|expected| expected.zh)?;
    let printed = kind.print(&value);
    Ok((value, printed))
}

#[test]
fn gradings_are_understood_as_people_write_them_and_written_one_way() {
    let cases = [
        ("是否符合", "是否符合"),
        ("三档", "三档：基本符合=0.5"),
        ("三档：基本符合＝60％", "三档：基本符合=0.6"),
        ("等次", "等次：A=1；B=0.66；C=0.33；D=0"),
        ("等次: 优 = 1 ；差=0;", "等次：优=1；差=0"),
        ("分段:>=90 A=1;=>85 B=0.66", "分段：≥90 A=1；≥85 B=0.66；其余=0"),
        ("分段:≥８０% <９０% 良=0.5；其余=0.1", "分段：≥80 <90 良=0.5；其余=0.1"),
        ("分段:>1,000=1", "分段：>1000=1；其余=0"),
        ("分段:\"其余\"=1;其余=0.2", "分段：\"其余\"=1；其余=0.2"),
        ("分段:≥1 \"甲;乙=丙\"=1", "分段：≥1 \"甲;乙=丙\"=1；其余=0"),
        (
            "比较:与=income_mean;高于=1;等于=66%;低于=0.33",
            "比较：与=income_mean；高于=1；等于=0.66；低于=0.33",
        ),
        ("计数:≥3处 符合=1\n≥1处 基本符合=0.5", "计数：对象=合格数；≥3 符合=1；≥1 基本符合=0.5；其余=0"),
        ("计数:对象=记录数;长度=300;≥5=1", "计数：对象=记录数；长度=300米；≥5=1；其余=0"),
        ("扣分:每次=0.5分;最多=2", "扣分：每次=0.5；最多=2"),
        ("比例", "比例"),
        ("比例:≥90=1;其余=0.5", "比例：≥90=1；其余=0.5"),
        ("整组:全部=1;缺1=0.66;缺2项=0.33", "整组：全部=1；缺1项=0.66；缺2项=0.33；达标线=1"),
        (
            "算式:cases > 3 ? 1 : cases * 2;零分=60;满分=10",
            "算式：cases > 3 ? 1 : cases * 2；满分=10；零分=60",
        ),
        ("算式:cases;<=3=1", "算式：cases；≤3=1；其余=0"),
    ];
    for (text, canonical) in cases {
        let (value, printed) = again(Kind::Grading, text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(printed, Cell::Text(canonical.to_owned()), "{text}");
        assert_eq!(again(Kind::Grading, canonical).expect("understood").0, value, "{text}");
    }
}

#[test]
fn what_is_no_grading_is_told_with_its_part_and_what_was_expected() {
    let cases = [
        ("好坏", "应是其中之一：是否符合、三档、"),
        ("是否符合:甲=1", "“甲=1”处应是这种办法有的内容"),
        ("三档:部分=0.5", "“部分=0.5”处应是这种办法有的内容"),
        ("分段:90以上=优", "“90以上=优”处应是一个系数"),
        ("分段:≥=1", "“≥=1”处应是“名称=数”"),
        ("分段:≥90 ≥80=1", "“≥90 ≥80=1”处应是“名称=数”"),
        ("分段:≥90 A", "“≥90 A”处应是“名称=数”"),
        ("分段:其余=0;其余=1", "“其余=1”处应是一档"),
        ("比较:高于=1;等于=0;低于=0", "比较要写明“与=”"),
        ("比较:与=a;高于=1;等于=0", "比较要写明“低于=”"),
        ("计数:对象=全体;≥1=1", "“对象=全体”处应是其中之一：合格数、不合格数、记录数"),
        ("扣分:最多=2", "扣分要写明“每次=”"),
        ("整组:全部=1;缺2项=0", "“缺2项=0”处应是“缺1项=系数”"),
        ("算式", "“算式”处应是“算式：式子；…”"),
        ("算式:a;满分=1", "算式要写明“零分=”"),
    ];
    for (text, expected) in cases {
        let fault = again(Kind::Grading, text).expect_err(text);
        assert!(fault.contains(expected), "{text}: {fault}");
    }
    let fault = again(Kind::Scale, "计数:对象=合格数;≥1=1").expect_err("no scale");
    assert!(fault.contains("“对象=合格数”处应是一档"), "{fault}");
}

#[test]
fn windows_places_options_and_lists_are_understood() {
    let cases = [
        (Kind::Window, "12个月", json!({ "months": 12, "this_round": false }), "12个月"),
        (Kind::Window, "近２年内", json!({ "months": 24, "this_round": false }), "24个月"),
        (Kind::Window, "本轮、6", json!({ "months": 6, "this_round": true }), "6个月；本轮"),
        (Kind::Window, "不限", json!({ "this_round": false }), "不限"),
        (Kind::Of, "总分", json!("total"), "总分"),
        (Kind::Of, "指标：Ⅲ-1", json!({ "node": "Ⅲ-1" }), "指标：Ⅲ-1"),
        (Kind::Of, "标准: minors", json!({ "standard": "minors" }), "标准：minors"),
        (
            Kind::Options,
            "满意=1；不满意=0",
            json!([{ "option": "满意", "counts": "1" }, { "option": "不满意", "counts": "0" }]),
            "满意=1；不满意=0",
        ),
        (Kind::List, "a，b\nc、\"d、e\"", json!(["a", "b", "c", "d、e"]), "a、b、c、\"d、e\""),
        (Kind::Lines, "第一,第二\n\n 第三 ", json!(["第一,第二", "第三"]), "第一,第二\n第三"),
        (Kind::Text, " 甲 ", json!("甲"), "甲"),
        (Kind::Text, "\" 甲\\u000a\"", json!(" 甲\n"), "\" 甲\\n\""),
        (Kind::Text, "\"文明\"行动", json!("\"文明\"行动"), "\"\\\"文明\\\"行动\""),
    ];
    for (kind, text, value, printed) in cases {
        assert_eq!(again(kind, text), Ok((value, Cell::Text(printed.to_owned()))), "{text}");
    }
    assert_eq!(again(Kind::Share, "20%").map(|(value, _)| value), Ok(json!("0.2")));
    assert_eq!(again(Kind::Whole, "12 个").map(|(value, _)| value), Ok(json!(12)));
    for (kind, text) in [
        (Kind::Window, "很久"),
        (Kind::Of, "指标"),
        (Kind::Options, "满意"),
        (Kind::Whole, "-1"),
        (Kind::Whole, "1.5"),
        (Kind::Number, "20%"),
    ] {
        assert!(again(kind, text).is_err(), "{text}");
    }
}

#[test]
fn every_word_of_a_column_is_read_back_and_no_two_are_the_same() {
    for column in STANDARD_SHEETS.iter().flat_map(|sheet| sheet.columns) {
        let Kind::Word(words) = column.kind else { continue };
        for (name, word) in words {
            let found = Found::Text((*word).to_owned());
            assert_eq!(column.kind.parse(&found), Ok(json!(name)), "{}", column.heading);
        }
    }
}

#[test]
fn levels_are_counted_as_people_count_them() {
    let headings = [1, 2, 10, 11, 20, 23].map(level_heading);
    assert_eq!(headings, ["一级指标", "二级指标", "十级指标", "十一级指标", "二十级指标", "二十三级指标"]);
}
