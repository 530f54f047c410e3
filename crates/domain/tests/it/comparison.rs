use chengjing_domain::{
    id::DutyId,
    plan::{
        UnitRole,
        comparison::{Change, DutyText, compare},
    },
};
use uuid::Uuid;

fn text(number: &str, title: &str, body: &str) -> DutyText {
    DutyText {
        number: Some(number.into()),
        title: title.into(),
        text: body.into(),
        leads: Vec::new(),
        units: vec![("县教育局".into(), UnitRole::Responsible)],
        start: None,
        due: None,
        recurrence: None,
        targets: Vec::new(),
    }
}

fn old(index: u128, duty: DutyText) -> (DutyId, DutyText) {
    (DutyId(Uuid::from_u128(index)), duty)
}

#[test]
fn a_newer_version_shows_what_was_added_changed_and_dropped() {
    let mut later = text("2", "整治校园周边", "校门两百米内不得有网吧");
    later.due = "2026-09".parse().ok();
    let before = [
        old(1, text("1", "开展家长课堂", "每学期两次")),
        old(2, text("2", "整治校园周边", "校门两百米内不得有网吧")),
        old(3, text("3", "建设心理辅导室", "每所中学一间,配专职教师")),
        old(4, text("4", "统计图书馆藏书", "按人口计算")),
    ];
    let after = [
        ((0, 0), text("1", "开展家长课堂", "每学期两次")),
        ((0, 1), later),
        ((0, 2), text("3", "建设学生心理辅导室", "每所中学一间,配专职教师")),
        ((0, 3), text("4", "发放文明手册", "每户一册")),
    ];
    let changes: Vec<String> = compare(&before, &after)
        .iter()
        .map(|change| match change {
            Change::Added { after, .. } => format!("added {}", after.title),
            Change::Changed { before, after, fields, .. } => {
                format!("changed {} → {} {fields:?}", before.title, after.title)
            }
            Change::Gone { before, .. } => format!("gone {}", before.title),
            Change::Same { after, .. } => format!("same {}", after.title),
        })
        .collect();
    assert_eq!(
        changes,
        [
            "same 开展家长课堂",
            "changed 整治校园周边 → 整治校园周边 [\"due\"]",
            "changed 建设心理辅导室 → 建设学生心理辅导室 [\"title\"]",
            "added 发放文明手册",
            "gone 统计图书馆藏书",
        ]
    );
}

#[test]
fn the_same_version_twice_changes_nothing_even_with_repeated_titles() {
    let duties = [text("1", "加强领导", "甲"), text("1", "加强领导", "甲"), text("2", "加强领导", "乙")];
    let before: Vec<_> = duties.iter().cloned().enumerate().map(|(i, duty)| old(i as u128, duty)).collect();
    let after: Vec<_> = duties.into_iter().enumerate().map(|(i, duty)| ((0, i), duty)).collect();
    assert!(compare(&before, &after).iter().all(|change| matches!(change, Change::Same { .. })));
}
