//! The JSON of a reading is a contract with other programs.

use chengjing_domain::plan::Reading;

#[test]
fn the_json_has_the_names_and_shapes_of_the_contract() {
    let text = "云溪县控烟方案\n一、任务\n1.设置标识不少于3处,2024年6月底前完成。\n责任单位:县卫健局\n";
    let outcome = chengjing_reader::read_text("控烟.txt", text);
    let json = serde_json::to_value(&outcome.reading).unwrap();
    let duty = &json["plans"][0]["duties"][0];
    assert_eq!(duty["number"], "1");
    assert_eq!(duty["path"], serde_json::json!(["一"]));
    assert_eq!(duty["due"], "2024-06");
    assert_eq!(duty["start"], serde_json::Value::Null);
    assert_eq!(duty["units"], serde_json::json!([{"name": "县卫健局", "role": "responsible"}]));
    assert_eq!(duty["targets"][0]["comparator"], ">=");
    assert_eq!(duty["targets"][0]["value"], 3);
    assert_eq!(duty["targets"][0]["unit"], "处");
    assert_eq!(json["source"], "控烟.txt");
    assert!(json["plans"][0]["assessment"].is_null());
    let back: Reading = serde_json::from_value(json).unwrap();
    assert_eq!(back, outcome.reading);
}

#[test]
fn a_span_cuts_its_entry_out_of_the_cleaned_text() {
    let text = "方案\n一、任务\n1.清理河道,\n打捞垃圾。\n责任单位:水利局\n2.植树100棵。\n责任单位:林业局\n";
    let outcome = chengjing_reader::read_text("a.txt", text);
    let chars: Vec<char> = outcome.cleaned.chars().collect();
    let cut: Vec<String> = outcome.reading.plans[0]
        .duties
        .iter()
        .map(|duty| chars[duty.span.start..duty.span.end].iter().collect())
        .collect();
    assert_eq!(cut, ["1.清理河道,打捞垃圾。\n责任单位:水利局", "2.植树100棵。\n责任单位:林业局"]);
}

#[test]
fn remarks_carry_line_and_column_of_the_original() {
    let text = "首页 > 公文 > 方案\n云溪县方案\n一、任务\n1.清理街道\u{fffd}河道。\n";
    let outcome = chengjing_reader::read_text("a.txt", text);
    let places: Vec<(usize, usize)> =
        outcome.problems.iter().map(|problem| (problem.line, problem.column)).collect();
    assert_eq!(places, [(1, 1), (4, 7)]);
    for problem in &outcome.problems {
        assert!(!problem.zh().to_string().is_empty() && !problem.en().to_string().is_empty());
    }
}

#[test]
fn an_empty_document_is_no_plan_and_says_so() {
    let outcome = chengjing_reader::read_text("leer.txt", " \n\n");
    assert!(outcome.reading.plans.is_empty());
    assert_eq!(outcome.problems[0].kind, chengjing_reader::ProblemKind::Empty);
}
