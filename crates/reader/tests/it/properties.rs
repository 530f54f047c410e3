//! Any text at all is read without a panic, the same way each time, with every span inside the cleaned text.

use std::path::Path;

use chengjing_domain::plan::Span;
use proptest::prelude::*;

use crate::accuracy::documents;

fn check(text: &str) {
    let outcome = chengjing_reader::read_text("x.txt", text);
    assert_eq!(outcome, chengjing_reader::read_text("x.txt", text), "the same text is read the same way");
    let len = outcome.cleaned.chars().count();
    let fits =
        |span: Span| assert!(span.start <= span.end && span.end <= len, "{span:?} in {len} characters");
    for plan in &outcome.reading.plans {
        fits(plan.span);
        plan.duties.iter().for_each(|duty| fits(duty.span));
        plan.phases.iter().for_each(|phase| fits(phase.span));
        plan.groups.iter().for_each(|group| fits(group.span));
        for checklist in &plan.checklists {
            fits(checklist.span);
            checklist.items.iter().for_each(|item| fits(item.span));
        }
    }
    outcome.reading.unplaced.iter().for_each(|&span| fits(span));
    assert!((0.0..=1.0).contains(&outcome.reading.placed));
    for problem in &outcome.problems {
        assert!(problem.line >= 1 && problem.column >= 1);
    }
}

/// Pieces that plans are made of, thrown together.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "一、",
        "二、",
        "(一)",
        "1.",
        "2、",
        "①",
        "②",
        "一是",
        "第一阶段",
        "第一章",
        "1.1",
        "责任单位:",
        "牵头单位",
        "完成时限:",
        "县城管局",
        "、",
        "。",
        ";",
        "\n",
        "\t",
        " ",
        "不少于",
        "3处",
        "90%",
        "百分之九十",
        "以上",
        "2024年6月底前",
        "20xx年",
        "每月",
        "—— 4",
        "— 3—",
        "序号",
        "工作任务",
        "责任单位",
        "时限",
        "为符合",
        "否则为不符合",
        "标准",
        "社区",
        "领导小组",
        "宣传组",
        "负责",
        "《",
        "》",
        "(",
        ")",
        "“",
        "篇一:",
        "方案",
        "【篇2】",
        "(qū)",
        "區",
        "\u{fffd}",
        "、、",
        "至",
        "-",
        "12345678901234567890",
        "万",
        "亿",
        "/",
        "每千人",
        "12,000",
        "1.2.3",
    ]);
    prop::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,400}") {
        check(&text);
    }

    #[test]
    fn any_heap_of_pieces_is_read_without_a_panic(text in pieces()) {
        check(&text);
    }

    #[test]
    fn a_damaged_plan_is_read_without_a_panic(
        which in 0_usize..1000,
        damage in prop::collection::vec((0_usize..4, 0_usize..10_000, 0_usize..10_000), 1..8),
    ) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/layouts");
        let documents = documents(&folder, &folder);
        let mut lines: Vec<String> = documents[which % documents.len()].1.lines().map(str::to_owned).collect();
        for (how, place, other) in damage {
            if lines.is_empty() {
                break;
            }
            let place = place % lines.len();
            match how {
                0 => {
                    lines.remove(place);
                }
                1 => lines.insert(place, lines[other % lines.len()].clone()),
                2 => {
                    let keep = other % (lines[place].chars().count() + 1);
                    lines[place] = lines[place].chars().take(keep).collect();
                }
                _ => {
                    let other = other % lines.len();
                    lines.swap(place, other);
                }
            }
        }
        check(&lines.join("\n"));
    }
}

#[test]
fn long_runs_of_one_sign_are_read_in_time() {
    for sign in [
        "(",
        "一",
        "1",
        "-",
        "、",
        "\t",
        "《",
        "责任单位",
        "每",
        "组",
        "篇一",
        "1.",
        "①",
        " ",
        "网",
        "。",
        "第",
        "年",
        "2024年",
        "|",
    ] {
        check(&sign.repeat(20_000 / sign.len()));
    }
}
