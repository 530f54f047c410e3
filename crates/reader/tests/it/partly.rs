//! Files of which not everything can be read: what can't be is told, all else is checked on, and nothing is told that only
//! follows from it.

use chengjing_domain::standard::{CatalogueFile, Gaps};
use chengjing_reader::standard::{
    File, LineFault, Read, faults, put_together, read, read_facts, read_partly,
};

const CATALOGUE: &str = include_str!("../../../../standards/example/catalogue.yaml");
const STANDARD: &str = include_str!("../../../../standards/example/standard.yaml");
const FACTS: &str = include_str!("../../../../standards/example/facts.json");

fn changed(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replacen(old, new, 1)
    })
}

fn told(all: Vec<LineFault>) -> Vec<String> {
    all.into_iter().map(|LineFault { line, path, zh, en }| format!("{line} {path}: {zh} / {en}")).collect()
}

fn catalogue(changes: &[(&str, &str)]) -> (CatalogueFile, Gaps, Vec<LineFault>) {
    let read = read_partly(changed(CATALOGUE, changes).as_bytes()).expect("something can be read");
    let Read { file: File::Catalogue(file), places, faults } = read else { panic!("a catalogue") };
    (file, places.gaps().clone(), faults)
}

/// All that is said of the example with these changes in the standard and in its catalogue.
#[track_caller]
fn check(of_standard: &[(&str, &str)], of_catalogue: &[(&str, &str)], expected: &[&str]) {
    let (catalogue, gaps, mut said) = catalogue(of_catalogue);
    let read = read_partly(changed(STANDARD, of_standard).as_bytes()).expect("something can be read");
    let Read { file: File::Standard(standard, places), faults: of_shape, .. } = read else {
        panic!("a standard")
    };
    let mut own = of_shape;
    own.extend(faults(&standard, &places, &[catalogue], &[gaps]));
    own.sort_by_key(|fault| fault.line);
    said.extend(own);
    assert_eq!(told(said), expected);
}

#[test]
fn the_example_itself_has_nothing_wrong() {
    check(&[], &[], &[]);
}

#[test]
fn a_field_that_is_not_known_hides_neither_a_wrong_sum_nor_a_material_that_is_not_there() {
    check(
        &[
            ("window: { months: 12 }", "window: { months: 12, half_off: 1 }"),
            ("marks: 6\n", "marks: 7\n"),
            ("requirements: [plan-document]", "requirements: [plan]"),
        ],
        &[],
        &[
            "10 window.half_off: 没有“half_off”这个字段，可用：months, this_round / there is no field “half_off”; there \
             are months, this_round",
            "15 tree[0].marks: 下级分值之和 31 与 30 不等；确实如此的，写明封顶说明 / the children add up to 31, not to 30; \
             where that is meant, say why it is capped",
            "22 tree[0].children[0].measures[0].requirements[0]: 找不到材料要求“plan” / there is no requirement “plan”",
        ],
    );
}

#[test]
fn marks_that_can_not_be_read_make_no_wrong_sum_and_hide_none_elsewhere() {
    check(
        &[
            ("marks: 6\n", "marks: sechs\n"),
            ("marks: 15", "marks: 16"),
            ("marks: 30\n    children:\n      - code: Ⅲ", "markz: 30\n    children:\n      - code: Ⅲ"),
        ],
        &[],
        &[
            "19 tree[0].children[0].marks: “sechs”应是一个数 / “sechs”: a number is expected",
            "59 tree[1].marks: 下级分值之和 41 与 40 不等；确实如此的，写明封顶说明 / the children add up to 41, not to 40; \
             where that is meant, say why it is capped",
            "93 tree[2]: 缺少字段 marks / the field marks is missing",
            "95 tree[2].markz: 没有“markz”这个字段，可用：capped, children, code, combine, marks, measures, text, title / there \
             is no field “markz”; there are capped, children, code, combine, marks, measures, text, title",
        ],
    );
}

#[test]
fn a_grading_that_can_not_be_read_is_told_once_and_the_measure_s_other_faults_are_told_too() {
    check(
        &[
            (
                "requirements: [volunteer-activities]\n            grading: { form: ratio }",
                "requirements: [volunteers]\n            grading: { form: ratios }",
            ),
            ("{ form: deduction, \"off\": 2, at_most: 8 }", "{ form: deduction, off: zwei, at_most: 8 }"),
            ("missing: [1, 0.66, 0.33]", "missing: [1, viel, 0.33]"),
            (
                "criteria: [market/*]\n            grading: { form: ratio }",
                "criteria: [market/*]\n            grading: { form: letters }",
            ),
        ],
        &[],
        &[
            "30 tree[0].children[1].measures[0].requirements[0]: 找不到材料要求“volunteers” / there is no requirement \
             “volunteers”",
            "31 tree[0].children[1].measures[0].grading.form: “ratios”不可用，应是：binary, three_step, letters, thresholds, \
             comparison, count_to_grade, deduction, ratio, k_of_n, formula / “ratios” is not known; one of binary, \
             three_step, letters, thresholds, comparison, count_to_grade, deduction, ratio, k_of_n, formula is expected",
            "67 tree[1].children[0].measures[0].grading: 点位检查不能用“等次”评分，可用：“按比例”“一组里缺几项”“按个数分档”\
             “逐处扣分”“分档” / criteria can't be graded by letters; there are ratio, k_of_n, count_to_grade, \
             deduction, thresholds",
            "74 tree[1].children[1].measures[0].grading.off: “zwei”应是一个数 / “zwei”: a number is expected",
            "81 tree[1].children[2].measures[0].grading.missing[1]: “viel”应是一个数 / “viel”: a number is expected",
        ],
    );
}

#[test]
fn a_slip_in_a_field_s_name_makes_no_fault_of_what_is_therefore_not_there() {
    check(
        &[
            ("marks: 40\n    children:", "marks: 40\n    caped: 并列取高\n    children:"),
            ("marks: 15", "marks: 16"),
            (
                "        marks: 6\n        measures:\n          - method: opinion",
                "        marks: 7\n        measurs:\n          - method: opinion",
            ),
            ("questions: [satisfied]", "question: [satisfied]"),
            ("{ above: 35, counts: 1 }", "{ over: 35, counts: 1 }"),
        ],
        &[],
        &[
            "15 tree[0].marks: 下级分值之和 31 与 30 不等；确实如此的，写明封顶说明 / the children add up to 31, not to 30; \
             where that is meant, say why it is capped",
            "37 tree[0].children[2].measurs: 没有“measurs”这个字段，可用：capped, children, code, combine, marks, measures, \
             text, title / there is no field “measurs”; there are capped, children, code, combine, marks, measures, text, \
             title",
            "60 tree[1].caped: 没有“caped”这个字段，可用：capped, children, code, combine, marks, measures, text, title / there \
             is no field “caped”; there are capped, children, code, combine, marks, measures, text, title",
            "103 tree[2].children[0].measures[0].question: 没有“question”这个字段，可用：average, criteria, grading, groups, \
             method, questions, requirements, statistic, weight, window / there is no field “question”; there are average, \
             criteria, grading, groups, method, questions, requirements, statistic, weight, window",
            "120 tree[2].children[1].measures[0].grading.steps[0].over: 没有“over”这个字段，可用：above, below, counts, from, \
             grade, up_to / there is no field “over”; there are above, below, counts, from, grade, up_to",
        ],
    );
}

#[test]
fn an_entry_of_a_catalogue_that_can_not_be_read_is_not_told_to_be_missing() {
    check(
        &[
            ("market/licence, market/order", "market/licenze, market/order"),
            ("questions: [satisfied]", "questions: [content]"),
            ("marks: 15", "marks: 16"),
        ],
        &[
            ("id: plan-document", "id: [plan-document]"),
            ("      scale: { form: letters }\n  questions:", "      scale: { form: leters }\n  questions:"),
            ("form: three_step", "form: three_steps"),
        ],
        &[
            "17 catalogue.site_types[0].criteria[1].scale.form: “three_steps”不可用，应是：binary, three_step, letters, count / \
             “three_steps” is not known; one of binary, three_step, letters, count is expected",
            "46 catalogue.requirements[0].id: 应是一段文字 / a text is expected",
            "55 catalogue.requirements[1].scale.form: “leters”不可用，应是：binary, three_step, letters, count / “leters” is not \
             known; one of binary, three_step, letters, count is expected",
            "59 tree[1].marks: 下级分值之和 41 与 40 不等；确实如此的，写明封顶说明 / the children add up to 41, not to 40; \
             where that is meant, say why it is capped",
            "80 tree[1].children[2].measures[0].criteria[0]: 找不到检查标准“market/licenze” / there is no criterion \
             “market/licenze”",
            "102 tree[2].children[0].measures[0].questions[0]: 找不到问卷题目“content” / there is no question “content”",
        ],
    );
}

#[test]
fn what_a_standard_uses_and_what_its_tree_is_may_be_unreadable_too() {
    check(
        &[
            ("uses:\n  - { catalogue: example-shared, edition: \"2026\" }", "uses: example-shared\n"),
            ("code: Ⅲ-1", "code: [Ⅲ-1]"),
            ("marks: 15", "marks: 16"),
        ],
        &[],
        &[
            "8 uses: 应是列表，每项以“- ”开头 / a list is expected: each entry begins with “- ”",
            "59 tree[1].marks: 下级分值之和 41 与 40 不等；确实如此的，写明封顶说明 / the children add up to 41, not to 40; \
             where that is meant, say why it is capped",
            "97 tree[2].children[0].code: 应是一段文字 / a text is expected",
        ],
    );
}

#[test]
fn facts_of_which_some_can_not_be_read_are_held_against_the_standard_all_the_same() {
    let Ok(File::Standard(standard, places)) = read(STANDARD.as_bytes()) else { panic!("a standard") };
    let whole = put_together(*standard, &places, &[catalogue(&[]).0]).expect("right");
    let text = changed(
        FACTS,
        &[
            (r#""verdict": "met""#, r#""verdict": ["met"]"#),
            (r#""criterion": "market/order""#, r#""criterion": "market/orders""#),
            (r#""metres": 600"#, r#""metre": 600"#),
            (r#""site_type": "main-road""#, r#""site_type": {}"#),
            (r#""value": 124000"#, r#""value": 79228162514264337593543950335"#),
            (r#""low": 82"#, r#""low": "viel""#),
        ],
    );
    let said = told(read_facts(text.as_bytes(), &whole).expect_err("wrong"));
    let expected = [
        "observations[0].fact.verdict: 应是一段文字 / a text is expected",
        "observations[7].fact.criterion: 找不到检查标准“market/orders” / there is no criterion “market/orders”",
    ];
    for one in expected {
        assert!(said.iter().any(|fault| fault.ends_with(one)), "{one}: {said:#?}");
    }
    assert_eq!(said.len(), 6, "{said:#?}");
}
