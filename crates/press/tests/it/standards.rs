//! Standards as workbooks and as YAML: what was written is read back to the last decimal, whatever the format can hold;
//! and what people do to a workbook is taken or told, cell by cell.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use chengjing_domain::standard::{
    Standard,
    sheet::{CATALOGUE_SHEETS, STANDARD_SHEETS, catalogue_tables, standard_tables},
};
use chengjing_press::standard::{catalogue_to_xlsx, standard_to_xlsx, to_yaml};
use chengjing_reader::{
    source::{TypedSheet, Value as Held, read_typed_sheets},
    standard::{CellFault, File, Kind, Workbook, faults, read, read_workbook, read_workbook_partly, schema},
};
use proptest::{prelude::*, sample::select, strategy::ValueTree, test_runner::TestRunner};
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

fn shipped(name: &str) -> File {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../standards").join(name);
    read(&fs::read(path).expect("the file")).expect("right")
}

fn standard(name: &str) -> Standard {
    match shipped(name) {
        File::Standard(standard, _) => *standard,
        File::Catalogue(_) => panic!("{name} is a catalogue"),
    }
}

fn back(bytes: &[u8]) -> File {
    read_workbook(bytes).unwrap_or_else(|refused| panic!("{:#?}", refused.faults)).file
}

#[test]
fn every_standard_that_comes_with_the_program_is_the_same_after_a_workbook_and_after_yaml() {
    let names = [
        "civilised-county.yaml",
        "hygiene-city.yaml",
        "minors.yaml",
        "shared.yaml",
        "example/standard.yaml",
        "example/catalogue.yaml",
    ];
    for name in names {
        match shipped(name) {
            File::Standard(standard, _) => {
                let File::Standard(again, _) = back(&standard_to_xlsx(&standard).expect("a workbook")) else {
                    panic!("{name}")
                };
                assert_eq!(again, standard, "{name}");
                let yaml = to_yaml(&*standard).expect("yaml");
                let Ok(File::Standard(again, _)) = read(yaml.as_bytes()) else { panic!("{name}: {yaml}") };
                assert_eq!(again, standard, "{name}");
            }
            File::Catalogue(catalogue) => {
                let bytes = catalogue_to_xlsx(&catalogue).expect("a workbook");
                let File::Catalogue(again) = back(&bytes) else { panic!("{name}") };
                assert_eq!(again, catalogue, "{name}");
                assert_eq!(catalogue_tables(&again), catalogue_tables(&catalogue), "{name}");
                let yaml = to_yaml(&catalogue).expect("yaml");
                let Ok(File::Catalogue(again)) = read(yaml.as_bytes()) else { panic!("{name}: {yaml}") };
                assert_eq!(again, catalogue, "{name}");
            }
        }
    }
}

/// Texts with everything that cells, their phrases, XML, spreadsheets and YAML could take for something else.
fn texts() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "甲", "乙级", "a", "B", "1", "0.5", " ", "\u{3000}", "\n", "\t", "\r", ":", "：", ";", "；", "=",
        "＝", "、", ",", "，", "\"", "“", "\\", "≥", ">", "<=", "%", "-", "#", "{", "]", "&", "*", "'", "|",
        "_x000D_", "<b>", "&amp;", "其余", "全部", "缺1项", "对象", "true", "null", "~", "标准", "\u{7}",
        "\u{85}", "\u{2028}", "\u{feff}", "\u{fffe}", "𠮷", "/*", "=1+1", "2026", "1-1",
    ];
    prop_oneof![
        2 => proptest::collection::vec(select(PIECES), 0..5).prop_map(|pieces| pieces.concat()),
        1 => select(&["甲项", "一级 乙", "market/licence", "Ⅰ-1", "2026", "1.10", "cases * 10000 / households"][..])
            .prop_map(str::to_owned),
    ]
}

fn numbers() -> impl Strategy<Value = Json> {
    let number = prop_oneof![
        3 => (0_i64..=1000, 0_u32..4).prop_map(|(number, scale)| Decimal::new(number, scale)),
        1 => (any::<i64>(), 0_u32..19).prop_map(|(number, scale)| Decimal::new(number, scale)),
        1 => (any::<i64>(), any::<i32>()).prop_map(|(low, high)| {
            Decimal::from_i128_with_scale(i128::from(high) * i128::from(low), 20)
        }),
    ];
    number.prop_map(|number| json!(number))
}

/// Any value that a schema allows. Whoever adds something to the format adds it here without knowing.
fn any_of(root: &Json, schema: &Json, depth: usize) -> BoxedStrategy<Json> {
    let named = schema.get("$ref").and_then(Json::as_str).and_then(|name| name.strip_prefix("#/$defs/"));
    if let Some(name) = named {
        return any_of(root, &root["$defs"][name], depth);
    }
    if let Some(choices) = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Json::as_array) {
        let each: Vec<BoxedStrategy<Json>> = choices.iter().map(|one| any_of(root, one, depth)).collect();
        return proptest::strategy::Union::new(each).boxed();
    }
    if let Some(words) = schema.get("enum").and_then(Json::as_array) {
        return select(words.clone()).boxed();
    }
    if let Some(word) = schema.get("const") {
        return Just(word.clone()).boxed();
    }
    let is = |kind: &str| match schema.get("type") {
        Some(Json::Array(kinds)) => kinds.iter().any(|one| one == kind),
        Some(one) => one == kind,
        None => false,
    };
    let value = if is("object") {
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let fields: Vec<BoxedStrategy<Option<(String, Json)>>> = schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| depth > 0 || *name != "children")
            .map(|(name, inside)| {
                let below = if name == "children" { depth - 1 } else { depth };
                let value = any_of(root, inside, below);
                let needed = required.contains(&name.as_str());
                let name = name.clone();
                let field = value.prop_map(move |value| (name.clone(), value));
                if needed { field.prop_map(Some).boxed() } else { proptest::option::of(field).boxed() }
            })
            .collect();
        fields.prop_map(|fields| Json::Object(fields.into_iter().flatten().collect::<Map<_, _>>())).boxed()
    } else if is("array") {
        proptest::collection::vec(any_of(root, &schema["items"], depth), 0..3).prop_map(Json::Array).boxed()
    } else if is("boolean") {
        any::<bool>().prop_map(Json::from).boxed()
    } else if is("integer") {
        prop_oneof![0_u32..100, any::<u32>()].prop_map(Json::from).boxed()
    } else if is("number") {
        numbers().boxed()
    } else if is("string") {
        texts().prop_map(Json::from).boxed()
    } else {
        assert!(is("null"), "a schema that is not known here: {schema}");
        return Just(Json::Null).boxed();
    };
    match is("null") {
        true => prop_oneof![value, Just(Json::Null)].boxed(),
        false => value,
    }
}

/// Ids and codes once, and options for each question: without them no workbook could give a standard back.
fn told_apart(mut standard: Json) -> Json {
    fn codes(nodes: &mut Json, count: &mut usize) {
        for node in nodes.as_array_mut().into_iter().flatten() {
            *count += 1;
            node["code"] = format!("{}{count}", node["code"].as_str().unwrap_or_default()).into();
            if node.get("children").is_some() {
                codes(&mut node["children"], count);
            }
        }
    }
    codes(&mut standard["tree"], &mut 0);
    for list in ["site_types", "requirements"] {
        let entries = standard.pointer_mut(&format!("/catalogue/{list}")).and_then(Json::as_array_mut);
        for (n, entry) in entries.into_iter().flatten().enumerate() {
            entry["id"] = format!("{}{n}", entry["id"].as_str().unwrap_or_default()).into();
        }
    }
    let questions = standard.pointer_mut("/catalogue/questions").and_then(Json::as_array_mut);
    for question in questions.into_iter().flatten() {
        if question["options"].as_array().is_none_or(Vec::is_empty) {
            question["options"] = json!([{ "option": "是", "counts": "1" }]);
        }
    }
    standard
}

fn standards() -> impl Strategy<Value = Standard> {
    let schema = schema(Kind::Standard).to_value();
    any_of(&schema, &schema, 3)
        .prop_map(|value| serde_json::from_value(told_apart(value)).expect("what the schema allows"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_standard_is_the_same_after_a_workbook_and_after_yaml(standard in standards()) {
        let bytes = standard_to_xlsx(&standard).expect("a workbook");
        let File::Standard(again, _) = back(&bytes) else { panic!("a catalogue") };
        prop_assert_eq!(&*again, &standard);
        prop_assert_eq!(standard_tables(&again), standard_tables(&standard));
        let yaml = to_yaml(&standard).expect("yaml");
        let again = read(yaml.as_bytes());
        let Ok(File::Standard(again, _)) = again else { panic!("{again:?} in {yaml}") };
        prop_assert_eq!(&*again, &standard, "{}", yaml);
    }
}

#[test]
fn a_name_that_ends_like_the_beginning_of_an_entry_is_still_a_name() {
    let standard: Standard = serde_json::from_value(json!({
        "id": "a", "edition": "1", "title": "甲 -", "marks": "0", "tree": [],
        "gates": [{ "title": "其余 -", "of": "total", "at_least": "0" }],
    }))
    .expect("a standard");
    for yaml in [to_yaml(&standard).expect("yaml"), chengjing_reader::standard::write(&standard)] {
        let Ok(File::Standard(again, _)) = read(yaml.as_bytes()) else { panic!("not read: {yaml}") };
        assert_eq!(*again, standard, "{yaml}");
    }
}

/// The names of all fields that stand in a value.
fn names(value: &Json, found: &mut BTreeSet<String>) {
    match value {
        Json::Object(fields) => {
            found.extend(fields.keys().cloned());
            fields.values().for_each(|inside| names(inside, found));
        }
        Json::Array(list) => list.iter().for_each(|inside| names(inside, found)),
        _ => {}
    }
}

/// The names of all fields that a schema knows.
fn known(schema: &Json, found: &mut BTreeSet<String>) {
    if let Some(fields) = schema.get("properties").and_then(Json::as_object) {
        found.extend(fields.keys().cloned());
    }
    match schema {
        Json::Object(parts) => parts.values().for_each(|inside| known(inside, found)),
        Json::Array(list) => list.iter().for_each(|inside| known(inside, found)),
        _ => {}
    }
}

#[test]
fn random_standards_have_every_field_of_the_format_so_that_none_can_be_forgotten_by_the_sheets() {
    let mut runner = TestRunner::deterministic();
    let strategy = standards();
    let (mut there, mut expected) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..400 {
        let standard = strategy.new_tree(&mut runner).expect("a standard").current();
        names(&json!(standard), &mut there);
    }
    known(&schema(Kind::Standard).to_value(), &mut expected);
    assert_eq!(there, expected);
    assert!(expected.len() > 70, "{}", expected.len());
}

#[test]
fn a_catalogue_has_a_row_or_a_sheet_for_each_of_its_fields() {
    let schema = schema(Kind::Catalogue).to_value();
    let fields: Vec<&String> = schema["properties"].as_object().expect("fields").keys().collect();
    let form: Vec<&str> = CATALOGUE_SHEETS[0].columns.iter().map(|column| column.field).collect();
    for field in fields {
        assert!(field == "catalogue" || form.contains(&field.as_str()), "{field}");
    }
}

#[test]
fn headings_of_a_sheet_are_told_apart_and_the_documentation_names_every_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/STANDARDS.md");
    let document = fs::read_to_string(path).expect("the document");
    for sheet in STANDARD_SHEETS.iter().chain(CATALOGUE_SHEETS) {
        let mut headings: Vec<&str> = sheet.columns.iter().map(|column| column.heading).collect();
        assert!(document.contains(&format!("| {} |", sheet.name)), "{}", sheet.name);
        for heading in &headings {
            assert!(document.contains(heading), "{}: {heading}", sheet.name);
        }
        headings.sort_unstable();
        headings.dedup();
        assert_eq!(headings.len(), sheet.columns.len(), "{}", sheet.name);
    }
}

/// A workbook whose cells can be changed.
struct Book(Vec<TypedSheet>);

impl Book {
    fn of(name: &str) -> Self {
        Self(read_typed_sheets(&standard_to_xlsx(&standard(name)).expect("a workbook")).expect("sheets"))
    }

    fn sheet(&mut self, name: &str) -> &mut TypedSheet {
        self.0.iter_mut().find(|sheet| sheet.name == name).unwrap_or_else(|| panic!("no sheet {name}"))
    }

    /// The cell in the column of a heading and the row that holds a text.
    fn find(&mut self, sheet: &str, heading: &str, of: &str) -> (u32, u32) {
        let cells = &self.sheet(sheet).cells;
        let text = |text: &str| {
            let held = Held::Text(text.to_owned());
            cells.iter().find(|(_, cell)| **cell == held).map(|(cell, _)| *cell)
        };
        let column = text(heading).unwrap_or_else(|| panic!("no column {heading}")).1;
        (text(of).unwrap_or_else(|| panic!("no row of {of}")).0, column)
    }

    fn set(&mut self, sheet: &str, heading: &str, of: &str, held: Option<Held>) {
        let cell = self.find(sheet, heading, of);
        let cells = &mut self.sheet(sheet).cells;
        match held {
            Some(held) => drop(cells.insert(cell, held)),
            None => drop(cells.remove(&cell)),
        }
    }

    fn write(&mut self, sheet: &str, heading: &str, of: &str, words: &str) {
        self.set(sheet, heading, of, Some(Held::Text(words.to_owned())));
    }

    fn bytes(&self) -> Vec<u8> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
        for sheet in &self.0 {
            let target = book.add_worksheet();
            target.set_name(&sheet.name).expect("a name");
            let mut regions: BTreeMap<(u32, u32), (u32, u32)> = BTreeMap::new();
            for (cell, from) in &sheet.covered {
                let last = regions.entry(*from).or_insert(*cell);
                *last = (*last).max(*cell);
            }
            let plain = rust_xlsxwriter::Format::new();
            for (from, last) in regions {
                target.merge_range(from.0, from.1 as u16, last.0, last.1 as u16, "", &plain).expect("merged");
            }
            for (&(row, column), held) in &sheet.cells {
                let column = column as u16;
                match held {
                    Held::Text(text) => target.write_string(row, column, text),
                    Held::Number(number) => target.write_number(row, column, *number),
                    Held::Truth(truth) => target.write_boolean(row, column, *truth),
                    Held::Moment => target.write_number_with_format(row, column, 46_000, &date),
                    Held::Error(error) => {
                        let formula = rust_xlsxwriter::Formula::new("=1/0").set_result(error);
                        target.write_formula(row, column, formula)
                    }
                }
                .expect("a cell");
            }
        }
        book.save_to_buffer().expect("a workbook")
    }

    fn read(&self) -> Workbook {
        read_workbook(&self.bytes()).unwrap_or_else(|refused| panic!("{:#?}", refused.faults))
    }

    fn standard(&self) -> Standard {
        match self.read().file {
            File::Standard(standard, _) => *standard,
            File::Catalogue(_) => panic!("a catalogue"),
        }
    }

    /// What is wrong, as `sheet cell: what`.
    fn faults(&self) -> Vec<String> {
        let Err(refused) = read_workbook(&self.bytes()) else { return Vec::new() };
        refused.faults.into_iter().map(|fault| told(&fault)).collect()
    }
}

fn told(fault: &CellFault) -> String {
    format!("{} {}: {}", fault.sheet, fault.cell, fault.zh)
}

#[test]
fn what_people_do_to_a_workbook_changes_nothing_that_they_did_not_mean() {
    const NAME: &str = "example/standard.yaml";
    let mut book = Book::of(NAME);
    // Wide digits, blanks, numbers as text, units, percents, signs of the other keyboard.
    book.write("指标", "分值", "Ⅰ-2", " ６ ");
    book.write("指标", "分值", "Ⅰ-4", "6分");
    book.write("指标", "评分办法", "Ⅱ-3", "整组：全部＝100%；缺1项=66%；缺2=0.33；达标线=80％");
    book.write("指标", "评分办法", "Ⅲ-1", "分段:>80% A=1\n > 75 B = 0.66\n其余=33%");
    book.write("指标", "评分办法", "Ⅲ-2", "分段:＞35=1;>30=0.66;其余=0.33");
    book.write("指标", "时间范围", "Ⅲ-2", "近2年");
    book.write("指标", "检查标准", "Ⅱ-3", "market/licence，market/order;\nmain-road/displays ");
    book.write("其他标准", "占比", "example-minors", "20%");
    book.set("基本信息", "内容", "版本", Some(Held::Number(2026.0)));
    // Three tenths, as a formula of a spreadsheet leaves them.
    let share = Held::Number(0.1 + 0.1);
    book.set("其他标准", "占比", "example-minors", Some(share));
    // Titles and blank rows between.
    for sheet in &mut book.0 {
        let cells = std::mem::take(&mut sheet.cells);
        let moved = cells.into_iter().map(|((row, column), held)| {
            let row = if row == 0 { 2 } else { 2 * row + 3 };
            ((row, column), held)
        });
        sheet.cells = moved.collect();
        sheet.cells.insert((0, 1), Held::Text("某县创建办".to_owned()));
    }
    assert_eq!(book.standard(), standard(NAME));
}

#[test]
fn columns_may_be_moved_and_others_stand_between_which_are_named() {
    const NAME: &str = "example/standard.yaml";
    let mut book = Book::of(NAME);
    let sheet = book.sheet("指标");
    let last = sheet.cells.keys().map(|(_, column)| *column).max().unwrap_or(0);
    let cells = std::mem::take(&mut sheet.cells);
    sheet.cells = cells.into_iter().map(|((row, column), held)| ((row, last + 1 - column), held)).collect();
    sheet.cells.insert((0, 0), Held::Text("备注".to_owned()));
    sheet.cells.insert((3, 0), Held::Text("待定".to_owned()));
    book.0.push(TypedSheet { name: "草稿".to_owned(), ..TypedSheet::default() });
    let workbook = book.read();
    let passed_over: Vec<String> = workbook.passed_over.iter().map(told).collect();
    assert_eq!(passed_over.len(), 2, "{passed_over:?}");
    assert!(passed_over.contains(&"指标 A1: “备注”列不在格式内，没有读入".to_owned()), "{passed_over:?}");
    assert!(passed_over[1].contains("草稿"), "{passed_over:?}");
    let File::Standard(again, _) = workbook.file else { panic!("a standard") };
    assert_eq!(*again, standard(NAME));
}

#[test]
fn titles_above_may_be_merged_or_left_out() {
    const NAME: &str = "civilised-county.yaml";
    let mut book = Book::of(NAME);
    let sheet = book.sheet("指标");
    let rows = sheet.cells.keys().map(|(row, _)| *row).max().unwrap_or(0);
    let mut top: Option<(u32, Held)> = None;
    for row in 1..=rows {
        let Some(held) = sheet.cells.get(&(row, 0)).cloned() else { continue };
        match &top {
            Some((first, same)) if *same == held => {
                sheet.cells.remove(&(row, 0));
                sheet.covered.insert((row, 0), (*first, 0));
            }
            _ => top = Some((row, held)),
        }
        // The second level is left out where the third stands.
        if sheet.cells.contains_key(&(row, 2)) {
            sheet.cells.remove(&(row, 1));
        }
    }
    assert!(!sheet.covered.is_empty());
    assert_eq!(book.standard(), standard(NAME));
}

#[test]
fn every_fault_is_told_with_its_cell_what_is_there_and_what_was_expected() {
    let mut book = Book::of("example/standard.yaml");
    book.write("指标", "分值", "Ⅰ-1", "六分");
    book.write("指标", "测评方式", "Ⅰ-3", "领导意见");
    book.write("指标", "评分办法", "Ⅰ-4", "好或不好");
    book.write("指标", "评分办法", "Ⅱ-2", "扣分:最多=8");
    book.write("指标", "评分办法", "Ⅱ-4", "计数:对象=合格数;≥3处=1;一处=半");
    book.set("指标", "评分办法", "Ⅲ-2", None);
    book.set("指标", "编号", "Ⅲ-3", Some(Held::Moment));
    book.write("抽样", "题目", "market", "satisfied");
    book.set("抽样", "询问人数", "人员", None);
    book.set("负面清单", "停止月数", "G2", None);
    book.set("负面清单", "每次扣分", "G1", Some(Held::Truth(true)));
    book.set("门槛", "不低于", "群众满意度一项不低于 6 分", Some(Held::Error("#DIV/0!".to_owned())));
    book.write("门槛", "看什么", "未成年人思想道德建设不低于 85 分", "别的");
    book.write("基本信息", "内容", "舍入方式", "随便");
    book.write("基本信息", "内容", "小数位数", "2.5");
    let faults = book.faults();
    let expected = [
        "基本信息 C12: 小数位数：“2.5”应是不小于 0 的整数",
        "基本信息 C13: 舍入方式：“随便”应是其中之一：四舍五入、四舍六入五成双、舍去",
        "指标 D3: 分值：“六分”应是一个数",
        "指标 F6: 测评方式：“领导意见”应是其中之一：材料审核、实地考察、问卷调查、网络调查、统计数据、主管部门意见、听取汇报、整体观察",
        "指标 L7: 评分办法：“好或不好”读不懂",
        "指标 L11: 评分办法：“扣分:最多=8”读不懂：扣分要写明“每次=”",
        "指标 L13: 评分办法：“计数:对象=合格数;≥3处=1;一处=半”读不懂：“一处=半”处应是一个系数，如 0.66",
        "指标 L16: “评分办法”没有填",
        "指标 C17: 编号：被当成了日期，请把单元格设为文本后重填",
        "抽样 D2: “题目”只在“抽什么”为“人员”时填",
        "抽样 F3: “询问人数”没有填",
        "门槛 C2: 不低于：是公式的错误值 #DIV/0!",
        "门槛 B3: 看什么：“别的”读不懂：“别的”处应是总分、指标：编号 或 标准：编号",
        "负面清单 D2: 每次扣分：是逻辑值 true，请把单元格设为文本后重填",
        "负面清单 F3: “停止月数”没有填",
    ];
    assert_eq!(faults.len(), expected.len(), "{faults:#?}");
    for (fault, expected) in faults.iter().zip(expected) {
        let expected = expected.replace("基本信息 C", "基本信息 B");
        assert!(fault.starts_with(&expected), "{fault} is not {expected}");
    }
}

#[test]
fn a_cell_that_can_not_be_read_hides_nothing_of_what_else_is_wrong_and_makes_no_fault_that_follows() {
    let mut book = Book::of("example/standard.yaml");
    book.write("指标", "分值", "Ⅰ-1", "六分");
    book.write("指标", "检查标准", "Ⅱ-3", "market/licences");
    book.write("指标", "问卷题目", "Ⅲ-1", "satisfied-with-all");
    book.write("指标", "评分办法", "Ⅱ-2", "扣分:最多=8");
    book.write("负面清单", "每次扣分", "G2", "2");
    let read = read_workbook_partly(&book.bytes()).unwrap_or_else(|refused| panic!("{:#?}", refused.faults));
    let File::Standard(standard, _) = read.read.file else { panic!("a standard") };
    let File::Catalogue(catalogue) = shipped("example/catalogue.yaml") else { panic!("a catalogue") };
    let mut all = read.read.faults;
    all.extend(faults(&standard, &read.read.places, &[catalogue], &[]));
    let told: Vec<String> = read.cells.locate_all(all).iter().map(told).collect();
    assert_eq!(
        told,
        [
            "指标 D3: 分值：“六分”应是一个数",
            "指标 L11: 评分办法：“扣分:最多=8”读不懂：扣分要写明“每次=”",
            "指标 H12: 找不到检查标准“market/licences”",
            "指标 I15: 找不到问卷题目“satisfied-with-all”",
            "负面清单 D3: “每次扣分”只在“处理”为“扣分”时填",
        ]
    );
}

#[test]
fn sheets_and_columns_that_are_not_there_are_told() {
    let mut book = Book::of("example/standard.yaml");
    book.sheet("负面清单").name = "负面".to_owned();
    let column = book.find("指标", "评分办法", "Ⅰ-1").1;
    book.sheet("指标").cells.retain(|(_, at), _| *at != column);
    book.set("指标", "二级指标", "Ⅰ-3", None);
    book.write("指标", "一级指标", "Ⅱ-2", "别处");
    let row = book.find("基本信息", "内容", "编号").0;
    book.sheet("基本信息").cells.retain(|(at, _), _| *at != row);
    let faults = book.faults();
    let expected = [
        "基本信息 A1: 缺少“编号”一行",
        "指标 A1: 缺少“评分办法”列",
        "指标 A6: 这一行没有自己的名称，“组织领导”是上级的；确实同名的，请写在英文双引号里",
        "指标 A11: 上面没有“别处”自己的一行，或者中间隔了别的指标",
        "负面清单 A1: 缺少工作表“负面清单”；有不认识的工作表“负面”，请不要给工作表改名",
    ];
    assert_eq!(faults, expected);
    // A workbook of something else.
    assert_eq!(Book(Vec::new()).faults().len(), STANDARD_SHEETS.len());
}
