//! Standards, catalogues and facts as files: what is right is read to the last decimal, and all that is wrong is told at
//! once with its line.

use std::collections::HashSet;

use chengjing_domain::{
    score::Scorecard,
    standard::{CatalogueFile, Filing, Input, Requirement, Standard, Whole, edition::node_mut},
};
use chengjing_reader::standard::{
    File, Kind, LineFault, put_together, read, read_facts, schema, with_edition, with_place, write,
};
use serde_json::Value;

const CATALOGUE: &str = include_str!("../../../../standards/example/catalogue.yaml");
const STANDARD: &str = include_str!("../../../../standards/example/standard.yaml");
const FACTS: &str = include_str!("../../../../standards/example/facts.json");

fn catalogue() -> CatalogueFile {
    match read(CATALOGUE.as_bytes()) {
        Ok(File::Catalogue(catalogue)) => catalogue,
        other => panic!("{other:?}"),
    }
}

/// What is wrong with a standard that uses the example's catalogue, as `line place: what`.
fn wrong(text: &str) -> Vec<String> {
    let told = |faults: Vec<LineFault>| {
        faults.into_iter().map(|fault| format!("{} {}: {}", fault.line, fault.path, fault.en)).collect()
    };
    match read(text.as_bytes()) {
        Err(faults) => told(faults),
        Ok(File::Standard(standard, places)) => {
            put_together(*standard, &places, &[catalogue()]).err().map(told).unwrap_or_default()
        }
        Ok(File::Catalogue(_)) => panic!("a catalogue"),
    }
}

fn with(changes: &[(&str, &str)]) -> Vec<String> {
    let mut text = STANDARD.to_owned();
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    wrong(&text)
}

#[test]
fn the_example_is_right_and_scores_what_its_document_says() {
    let whole = example();
    let facts = read_facts(FACTS.as_bytes(), &whole).expect("right");
    let card = Scorecard::of(&whole, &facts);
    assert_eq!(
        [card.total.low, card.total.value, card.total.high].map(|marks| marks.to_string()),
        ["66.94", "71.19", "73.24"]
    );
    let lost: rust_decimal::Decimal = card.losses.iter().map(|loss| loss.marks).sum();
    let tree = card.lines.first().expect("a line");
    assert_eq!(lost, card.marks - tree.value);
}

#[test]
fn a_standard_written_and_read_again_is_the_same() {
    let Ok(File::Standard(standard, _)) = read(STANDARD.as_bytes()) else { panic!("a standard") };
    let text = serde_json::to_string_pretty(&standard).expect("json");
    let Ok(File::Standard(again, _)) = read(text.as_bytes()) else { panic!("a standard") };
    assert_eq!(standard, again);
}

#[test]
fn every_fault_of_shape_is_told_at_once_with_its_line_and_what_was_expected() {
    let faults = with(&[
        ("places: 2", "plces: 2"),
        ("marks: 30", "marks: dreissig"),
        ("form: letters", "form: leters"),
        ("{ form: binary }", "binary"),
        ("draw: 3", "draw: -3"),
        ("of: { node: Ⅲ-1 }", "of: { leaf: Ⅲ-1 }"),
        ("levels: [测评项目, 测评内容]", "levels: 测评项目"),
    ]);
    assert_eq!(
        faults,
        [
            "7 levels: a list is expected: each entry begins with “- ”",
            "11 rounding.plces: there is no field “plces”; there are at, mode, places",
            "11 rounding: the field places is missing",
            "15 tree[0].marks: “dreissig”: a number is expected",
            "39 tree[0].children[2].measures[0].grading.form: “leters” is not known; one of binary, three_step, letters, \
             thresholds, comparison, count_to_grade, deduction, ratio, k_of_n, formula is expected",
            "45 tree[0].children[3].measures[0].grading: fields are expected",
            "141 sampling[0].draw: “-3”: a whole number, not less than 0, is expected",
            "145 gates[0].of: one of total, node, standard is expected",
        ]
    );
}

#[test]
fn every_fault_of_meaning_is_told_at_once_with_its_line() {
    let faults = with(&[
        ("marks: 6\n", "marks: 7\n"),
        ("code: Ⅰ-2", "code: Ⅰ-1"),
        ("market/licence, market/order", "market/licences, market/order"),
        ("cases * 10000", "caases * 10000"),
        ("missing: [1, 0.66, 0.33]", "missing: [1, 0.33, 0.66]"),
        ("{ form: deduction, \"off\": 2, at_most: 8 }", "{ form: letters }"),
        ("above: 1, equal: 0.66", "above: 1.5, equal: 0.66"),
        ("share: 0.2", "share: 1.2"),
        ("of: { node: Ⅲ-1 }", "of: { node: Ⅸ }"),
    ]);
    let expected = [
        "15 tree[0].marks: the children add up to 31, not to 30",
        "24 tree[0].children[1].code: the code “Ⅰ-1” is there twice, first for “年度方案”",
        "74 tree[1].children[1].measures[0].grading: criteria can't be graded by letters",
        "80 tree[1].children[2].measures[0].criteria[0]: there is no criterion “market/licences”",
        "81 tree[1].children[2].measures[0].grading.missing: more missing can't count more",
        "129 tree[2].children[2].measures[0].grading.above: the coefficient 1.5 must be from 0 to 1",
        "138 tree[2].children[3].measures[0].grading.expression: there is no statistic “caases”",
        "145 gates[0].of: there is no place of the tree “Ⅸ”",
        "160 contributions[0].share: a share is more than 0, and all together are less than 1",
    ];
    assert_eq!(faults.len(), expected.len(), "{faults:#?}");
    for (fault, expected) in faults.iter().zip(expected) {
        assert!(fault.starts_with(expected), "{fault}\nexpected {expected}");
    }
}

#[test]
fn blank_and_endless_texts_and_gates_that_nobody_reaches_are_told() {
    let title = STANDARD.lines().find(|line| line.starts_with("title: ")).expect("a title");
    let endless = format!("title: {}", "长".repeat(4_001));
    let faults = with(&[
        (title, &endless),
        ("edition: ", "edition: \"\" # "),
        ("title: 年度方案", "title: \" \""),
        ("gates:\n", "gates:\n  - { title: 总分, of: total, at_least: 104.1 }\n"),
    ]);
    let expected = [
        "edition: the edition is missing",
        "title: it has 4001 characters; 4000 at most",
        "tree[0].children[0].title: the title is missing",
        "gates[0].at_least: the gate asks for 104.1 of 104 marks, which nobody reaches",
    ];
    let told: Vec<&str> = faults.iter().filter_map(|fault| Some(fault.split_once(' ')?.1)).collect();
    assert_eq!(told, expected);
}

#[test]
fn statistics_that_never_are_of_one_period_are_not_compared_or_worked_out_together() {
    let own = "catalogue:\n  statistics:\n    - { id: weekly, title: 甲, every: week }\n    - { id: yearly, title: 乙, every: \
               year }\n    - { id: monthly, title: 丙, every: month }\ntree:\n";
    let formula = ("cases * 10000", "yearly * monthly * cases");
    let faults = with(&[("tree:\n", own), formula]);
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert!(faults[0].starts_with("14 catalogue.statistics[0].every"), "{faults:#?}");
    let right = own.replacen("every: week", "every: year", 1);
    let faults = with(&[("tree:\n", &right), formula]);
    let told: Vec<&str> = faults.iter().filter_map(|fault| Some(fault.split_once(' ')?.1)).collect();
    let expected = "tree[2].children[3].measures[0].grading.expression: statistics that are compared or worked out together are of one \
                    period (every)";
    assert_eq!(told, [expected]);
    let faults = with(&[("tree:\n", &right), ("cases * 10000", "yearly * weekly * cases")]);
    assert_eq!(faults, Vec::<String>::new(), "one that says nothing goes with all");
}

#[test]
fn an_id_that_is_there_twice_is_told_at_its_second_place() {
    let own = "catalogue:\n  statistics:\n    - { id: a, title: 甲 }\n    - { id: a, title: 乙 }\n  site_types:\n    \
               - { id: x, title: 丙, criteria: [{ id: b, text: 一 }, { id: b, text: 二 }] }\ntree:\n";
    let faults = with(&[("tree:\n", own)]);
    let expected = [
        "15 catalogue.statistics[1].id: “a” is there twice",
        "17 catalogue.site_types[0].criteria[1].id: “x/b” is there twice",
    ];
    assert_eq!(faults, expected);
    // What a catalogue has that it uses is not in the file.
    let own = "catalogue:\n  statistics:\n    - { id: cases, title: 甲 }\ntree:\n";
    let faults = with(&[("tree:\n", own)]);
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].starts_with("13 catalogue.statistics"), "{faults:?}");
}

#[test]
fn what_is_no_file_of_ours_is_told_and_takes_no_memory() {
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\ntree: []\n";
    let deep = "[".repeat(200);
    let cases: &[(&[u8], &str)] = &[
        (b"", "the file is empty"),
        (b"tree: [", "the syntax is wrong"),
        (bomb.as_bytes(), "aliases (*) are not known here"),
        (deep.as_bytes(), "it is nested too deeply"),
        (b"tree: \xff\xfe", "the file is not UTF-8"),
        ("测评体系".as_bytes(), "fields are expected"),
        (b"id: a\nid: b\n", "“id” is there twice"),
        (b"--- {id: a}\n--- {id: b}\n", "a file holds one document"),
    ];
    for (bytes, expected) in cases {
        let Err(faults) = read(bytes) else { panic!("{expected}") };
        assert!(faults.iter().any(|fault| fault.en.starts_with(expected)), "{expected}: {faults:?}");
    }
}

/// The example of a standard, put together with its catalogue.
fn example() -> Whole {
    let Ok(File::Standard(standard, places)) = read(STANDARD.as_bytes()) else { panic!("a standard") };
    put_together(*standard, &places, &[catalogue()]).expect("right")
}

#[test]
fn facts_that_do_not_fit_are_told_with_their_lines() {
    let whole = example();
    let text = FACTS
        .replacen(r#""verdict": "met""#, r#""verdict": "good""#, 1)
        .replacen(r#""criterion": "market/order""#, r#""criterion": "main-road/lamps""#, 1)
        .replacen(r#""metres": 600"#, r#""metres": 0"#, 1)
        .replacen(r#""id": "5""#, r#""id": "4""#, 1)
        .replacen(r#""low": 82"#, r#""low": 92"#, 1)
        .replacen(r#""value": 124000"#, r#""value": 79228162514264337593543950335"#, 1)
        .replacen(r#""满意": 60"#, r#""满意": 4294967295"#, 1);
    let faults = read_facts(text.as_bytes(), &whole).expect_err("wrong");
    let told: Vec<String> =
        faults.into_iter().map(|fault| format!("{} {}: {}", fault.line, fault.path, fault.en)).collect();
    assert_eq!(
        told,
        [
            "10 observations[0].fact.verdict: “good” is not one of met, failed",
            "17 observations[4].id: “4” is there twice",
            "24 observations[7].fact.criterion: the site “市场一” is a market: “main-road/lamps” is not asked",
            "35 observations[12].fact.metres: it is counted along a way: metres (more than 0) are expected",
            "38 observations[13].fact.options: 4294967335 answers are too many for one observation: 10000000 at most",
            "48 observations[18].fact.value: 79228162514264337593543950335 is too large or too long: at most 1000000000000 \
             with 8 decimal places",
            "55 totals.example-minors: 0 ≤ low ≤ value ≤ high and marks more than 0 are expected",
        ]
    );
}

#[test]
fn a_period_that_is_none_is_told_in_its_line_and_hides_no_other_fault() {
    let whole = example();
    let figure = r#""fact": { "kind": "figure", "statistic": "cases""#;
    let text = FACTS.replacen(figure, &format!(r#""period": "2026-13", {figure}"#), 1).replacen(
        r#""verdict": "met""#,
        r#""verdict": "good""#,
        1,
    );
    let faults = read_facts(text.as_bytes(), &whole).expect_err("wrong");
    let told: Vec<String> =
        faults.into_iter().map(|fault| format!("{} {}: {}", fault.line, fault.path, fault.en)).collect();
    assert_eq!(
        told,
        [
            "10 observations[0].fact.verdict: “good” is not one of met, failed",
            "46 observations[17].period: “2026-13”: a period is expected, 2026, 2026-Q3 or 2026-06",
        ]
    );
}

#[test]
fn what_never_holds_or_never_counts_is_told() {
    let faults = with(&[
        (
            "- { above: 35, counts: 1 }\n",
            "- { above: 25, counts: 0.9 }\n                - { above: 35, counts: 1 }\n",
        ),
        ("window: { months: 12 }", "window: { months: 0 }"),
        ("ask: 200", "ask: 0"),
    ]);
    let told: Vec<&str> = faults.iter().filter_map(|fault| Some(fault.split_once(' ')?.1)).collect();
    assert!(
        told.iter().any(|fault| fault
            .ends_with("no number ever comes to this step: those before it hold all that it holds")),
        "{told:#?}"
    );
    for expected in [
        "window.months: one month at least; left out, it is for ever",
        "sampling[1].ask: one at least is drawn",
    ] {
        assert!(told.contains(&expected), "{told:#?}");
    }
    assert_eq!(told.len(), 3, "{told:#?}");
}

/// Numbers stay the decimals that were written.
#[test]
fn a_number_is_never_taken_through_a_float() {
    let text = STANDARD.replacen("partly: 0.5", "partly: 0.123456", 1).replacen(
        "\"off\": 2",
        "\"off\": 0.1000000000000000000001",
        1,
    );
    let Ok(File::Standard(standard, _)) = read(text.as_bytes()) else { panic!("a standard") };
    let written = serde_json::to_string(&standard).expect("json");
    assert!(
        written.contains(r#""partly":"0.123456""#) && written.contains(r#""off":"0.1000000000000000000001""#)
    );
}

#[test]
fn the_schemas_name_every_field_that_is_read() {
    for (kind, field) in
        [(Kind::Standard, "negative_list"), (Kind::Catalogue, "catalogue"), (Kind::Facts, "observations")]
    {
        let schema = schema(kind);
        let properties = schema.get("properties").and_then(Value::as_object).expect("properties");
        assert!(properties.contains_key(field), "{field}");
    }
    let _: Standard = serde_json::from_value(serde_json::json!({
        "id": "a", "edition": "1", "title": "甲", "marks": "1", "tree": [],
    }))
    .expect("the least that a standard is");
}

const SHARED: &str = include_str!("../../../../standards/shared.yaml");

/// One of the standards that come with the program.
fn shipped(text: &str) -> Whole {
    let Ok(File::Catalogue(shared)) = read(SHARED.as_bytes()) else { panic!("a catalogue") };
    let Ok(File::Standard(standard, places)) = read(text.as_bytes()) else { panic!("a standard") };
    put_together(*standard, &places, &[shared]).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

#[test]
fn the_standards_that_come_with_the_program_are_right_and_of_a_real_size() {
    let county = shipped(include_str!("../../../../standards/civilised-county.yaml"));
    let minors = shipped(include_str!("../../../../standards/minors.yaml"));
    let hygiene = shipped(include_str!("../../../../standards/hygiene-city.yaml"));
    assert!(
        county.leaves.len() >= 120 && county.places.iter().filter(|place| place.depth == 0).count() == 10
    );
    assert_eq!(county.places.iter().filter(|place| place.depth == 1).count(), 40);
    assert!((65..=75).contains(&minors.leaves.len()), "{}", minors.leaves.len());
    assert!(hygiene.leaves.len() >= 50);
    let catalogue = &county.catalogue;
    assert!(catalogue.site_types.len() >= 25);
    for site_type in &catalogue.site_types {
        assert!(
            (8..=20).contains(&site_type.criteria.len()),
            "{}: {}",
            site_type.id,
            site_type.criteria.len()
        );
        let excepted = site_type.criteria.iter().filter(|criterion| !criterion.exceptions.is_empty()).count();
        assert!(excepted >= 3, "{}: {excepted} criteria with written exceptions", site_type.id);
    }
    let limited = |requirement: &&Requirement| {
        let of = |limit: fn(&Filing) -> bool| requirement.filings.iter().any(limit);
        of(|filing| filing.most_characters.is_some() || filing.quota.at_most.is_some())
            && of(|filing| filing.months.is_some())
    };
    let both = catalogue.requirements.iter().filter(limited).count();
    assert!(both >= 30, "{both} material requirements with limits and a window");
    for requirement in [&county, &minors, &hygiene].into_iter().flat_map(|one| &one.catalogue.requirements) {
        let said = requirement.text.as_deref().unwrap_or_default();
        assert!(said.chars().count() >= 10, "{} says what is to be shown", requirement.id);
    }
    assert!(catalogue.questions.len() >= 40 && catalogue.requirements.len() >= 30);
    assert!(catalogue.statistics.len() >= 20);
    assert_eq!(county.standard.contributions[0].standard, minors.standard.id);
    assert_eq!(county.standard.gates[0].at_least, 85.into());
    // Whatever is ticked, shown or answered counts in the county's standard, also of what others use too.
    let idle: Vec<&str> = county.idle().iter().map(|item| item.id.as_str()).collect();
    assert!(idle.is_empty(), "no leaf takes {idle:?}");
    let asked: HashSet<&str> = asked(&county).into_iter().collect();
    assert!(county.items.iter().all(|item| asked.contains(item.id.as_str())));
}

fn asked(whole: &Whole) -> Vec<&str> {
    let measures = whole.leaves.iter().flat_map(|leaf| &leaf.measures);
    let items = measures.flat_map(|taken| match &taken.input {
        Input::Requirements(items) | Input::Criteria(items) | Input::Questions(items) => items.as_slice(),
        Input::Judgement | Input::Statistic(_) | Input::Formula(_) => &[],
    });
    items.map(|item| whole.items[*item].id.as_str()).collect()
}

#[test]
fn one_fact_counts_in_two_standards() {
    let facts = r#"
as_of: 2026-07-08T18:00:00+08:00
sites: [{ id: 东门市场, site_type: market }]
observations:
  - { id: a, at: 2026-06-01T08:00:00+08:00, accepted_at: 2026-06-01T09:00:00+08:00,
      fact: { kind: visit, site: 东门市场, criterion: market/zoning, verdict: met } }
  - { id: b, at: 2026-06-01T08:00:00+08:00, accepted_at: 2026-06-01T09:00:00+08:00,
      fact: { kind: review, requirement: env-protection, verdict: A } }
"#;
    for text in [
        include_str!("../../../../standards/civilised-county.yaml"),
        include_str!("../../../../standards/hygiene-city.yaml"),
    ] {
        let whole = shipped(text);
        let facts = read_facts(facts.as_bytes(), &whole).expect("right");
        let card = Scorecard::of(&whole, &facts);
        let known: Vec<&str> = card
            .places
            .iter()
            .filter(|place| place.value > rust_decimal::Decimal::ZERO)
            .map(|place| place.title.as_str())
            .collect();
        assert!(known.contains(&"污染防治"), "{known:?}");
        assert!(known.iter().any(|title| title.contains("市场")), "{known:?}");
    }
}

const WRITTEN: [&str; 4] = [
    STANDARD,
    include_str!("../../../../standards/civilised-county.yaml"),
    include_str!("../../../../standards/minors.yaml"),
    include_str!("../../../../standards/hygiene-city.yaml"),
];

fn standard(text: &str) -> Standard {
    match read(text.as_bytes()) {
        Ok(File::Standard(standard, _)) => *standard,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_standard_that_is_written_is_read_as_the_same_in_yaml_and_in_json() {
    for text in WRITTEN {
        let one = standard(text);
        assert_eq!(standard(&write(&one)), one);
        assert_eq!(standard(&serde_json::to_string(&one).expect("JSON")), one);
    }
    for odd in [
        "a: b",
        "- x",
        " blank ",
        "line\nline",
        "#",
        "“引”'\"",
        "null",
        "~",
        "",
        "2026",
        "{}",
        "是,否",
        "*",
        "😀",
        "\t",
    ] {
        let mut one = standard(STANDARD);
        one.title = odd.to_owned();
        one.about = Some(odd.to_owned());
        one.tree[0].title = odd.to_owned();
        assert_eq!(standard(&write(&one)), one, "{odd:?}");
    }
}

#[test]
fn another_edition_and_another_leaf_leave_every_other_line_as_it_was() {
    let text = WRITTEN[1];
    let mut next = standard(text);
    next.edition = "2027".to_owned();
    let renamed = with_edition(text, &next);
    let differing = |other: &str| text.lines().zip(other.lines()).filter(|(a, b)| a != b).count();
    assert_eq!((standard(&renamed), differing(&renamed)), (next.clone(), 1));
    assert!(renamed.starts_with("# "), "what was noted beside it stays");

    let leaf = node_mut(&mut next.tree, "Ⅲ-2").expect("a leaf");
    leaf.title = "核心价值观: 知晓".to_owned();
    leaf.marks = 1.into();
    let edited = with_place(&renamed, &next, "Ⅲ-2");
    assert_eq!(standard(&edited), next);
    assert!(edited.starts_with("# ") && edited.contains("核心价值观: 知晓"));
    let kept: HashSet<&str> = edited.lines().collect();
    let lost = renamed.lines().filter(|line| !kept.contains(line)).count();
    assert!(lost <= 3, "{lost} lines of others are not what they were");

    // In one line there is no line to be kept.
    let json = serde_json::to_string(&standard(text)).expect("JSON");
    assert_eq!(standard(&with_edition(&json, &next)), next);
    assert_eq!(standard(&with_place(&json, &next, "Ⅲ-2")), next);
}
