use chengjing_domain::{
    id::DutyId,
    plan::{
        UnitRole,
        comparison::{Change, DutyText, Field, compare},
    },
};
use proptest::prelude::*;
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

/// What a comparison says, a line for each duty; what is not followed without asking has a mark of interrogation.
fn told(changes: &[Change]) -> Vec<String> {
    let codes = |fields: &[Field]| {
        let codes: Vec<String> = fields.iter().map(|field| format!("{field:?}").to_lowercase()).collect();
        codes.join(",")
    };
    let told = changes.iter().map(|change| {
        let line = match change {
            Change::Added { after, .. } => format!("added {}", after.title),
            Change::Changed { before, after, fields, contested, kept, .. } => format!(
                "changed {} → {} [{}] contested [{}] kept [{}]",
                before.title,
                after.title,
                codes(fields),
                codes(contested),
                codes(kept)
            ),
            Change::Gone { before, .. } => format!("gone {}", before.title),
            Change::Same { after, kept, .. } => format!("same {} kept [{}]", after.title, codes(kept)),
        };
        if change.is_suggested() { line } else { format!("{line}?") }
    });
    told.collect()
}

fn adopted(base: &[DutyText]) -> Vec<(DutyId, DutyText)> {
    base.iter().cloned().enumerate().map(|(index, duty)| old(index as u128, duty)).collect()
}

fn read(newer: &[DutyText]) -> Vec<((usize, usize), DutyText)> {
    newer.iter().cloned().enumerate().map(|(index, duty)| ((0, index), duty)).collect()
}

fn due(mut duty: DutyText, day: &str) -> DutyText {
    duty.due = Some(day.parse().expect("a date"));
    duty
}

fn by(mut duty: DutyText, unit: &str) -> DutyText {
    duty.units = vec![(unit.into(), UnitRole::Responsible)];
    duty
}

#[test]
fn a_newer_version_shows_what_was_added_changed_and_dropped() {
    let base = [
        text("1", "开展家长课堂", "每学期两次"),
        text("2", "整治校园周边", "校门两百米内不得有网吧"),
        text("3", "建设心理辅导室", "每所中学一间,配专职教师"),
        text("4", "统计图书馆藏书", "按人口计算"),
    ];
    let newer = [
        base[0].clone(),
        due(base[1].clone(), "2026-10"),
        text("3", "建设学生心理辅导室", "每所中学一间,配专职教师"),
        text("4", "发放文明手册", "每户一册"),
    ];
    assert_eq!(
        told(&compare(&base, &adopted(&base), &read(&newer))),
        [
            "same 开展家长课堂 kept []",
            "changed 整治校园周边 → 整治校园周边 [due] contested [] kept []",
            "changed 建设心理辅导室 → 建设学生心理辅导室 [title] contested [] kept []",
            "added 发放文明手册",
            "gone 统计图书馆藏书",
        ]
    );
}

#[test]
fn what_the_office_changed_stands_unless_the_newer_version_says_something_new_about_it() {
    let base = [
        text("1", "清扫街巷", "每日两次"),
        text("2", "修补路面", "发现破损随即修补"),
        text("3", "规范停车", "施划泊位"),
        text("4", "拆除违建", "分批拆除"),
    ];
    // The office gave three to other units, moved the date of one of these, and added one of its own; the fourth it left out.
    let mut duties = adopted(&[
        by(base[0].clone(), "县城管局"),
        due(by(base[1].clone(), "县住建局"), "2026-09-15"),
        by(base[2].clone(), "县公安局"),
        text("9", "评选最美庭院", "每村一户"),
    ]);
    // The newer version moves the dates of two and gives the third to yet another.
    let newer = [
        base[0].clone(),
        due(base[1].clone(), "2026-08"),
        due(by(base[2].clone(), "县交通局"), "2026-08"),
        base[3].clone(),
    ];
    let changes = compare(&base, &duties, &read(&newer));
    assert_eq!(
        told(&changes),
        [
            "same 清扫街巷 kept [units]",
            "changed 修补路面 → 修补路面 [due] contested [due] kept [units]?",
            "changed 规范停车 → 规范停车 [units,due] contested [units] kept []?",
            "added 拆除违建?",
            "gone 评选最美庭院?",
        ]
    );
    let Change::Changed { after, .. } = &changes[1] else { panic!("changed") };
    assert_eq!(
        (after.units[0].0.as_str(), after.due),
        ("县住建局", newer[1].due),
        "the unit stays, the date moves"
    );
    // Had the office left the date alone, nothing would be left to ask.
    duties[1].1.due = None;
    let changes = compare(&base, &duties, &read(&newer));
    assert_eq!(told(&changes)[1], "changed 修补路面 → 修补路面 [due] contested [] kept [units]");
}

#[test]
fn duties_of_one_name_keep_to_the_entries_that_they_were_adopted_from() {
    let base = [text("1", "加强宣传", "甲"), text("1", "加强宣传", "乙"), text("1", "加强宣传", "丙")];
    // Only the second and the third were adopted.
    let duties = [old(2, base[1].clone()), old(3, base[2].clone())];
    let newer = [base[0].clone(), due(base[1].clone(), "2026-08"), base[2].clone()];
    let changes = compare(&base, &duties, &read(&newer));
    assert_eq!(
        told(&changes),
        [
            "added 加强宣传?",
            "changed 加强宣传 → 加强宣传 [due] contested [] kept []",
            "same 加强宣传 kept []"
        ]
    );
    let Change::Changed { duty, .. } = changes[1] else { panic!("changed") };
    assert_eq!(duty, duties[0].0);
}

#[test]
fn without_the_older_document_whatever_differs_is_asked_about() {
    let before = [text("1", "清扫街巷", "每日两次"), text("2", "修补路面", "随即修补")];
    let newer = [due(before[0].clone(), "2026-08"), before[1].clone(), text("3", "规范停车", "施划泊位")];
    assert_eq!(
        told(&compare(&[], &adopted(&before), &read(&newer))),
        [
            "changed 清扫街巷 → 清扫街巷 [due] contested [due] kept []?",
            "same 修补路面 kept []",
            "added 规范停车",
        ]
    );
}

#[test]
fn the_same_version_twice_changes_nothing_even_with_repeated_titles() {
    let duties = [text("1", "加强领导", "甲"), text("1", "加强领导", "甲"), text("2", "加强领导", "乙")];
    let changes = compare(&duties, &adopted(&duties), &read(&duties));
    assert!(changes.iter().all(|change| matches!(change, Change::Same { kept, .. } if kept.is_empty())));
}

/// A few of the texts that a duty may have, so that equal ones are met often.
fn texts() -> impl Strategy<Value = DutyText> {
    let title = prop::sample::select(vec!["清扫街巷", "修补路面", "规范停车"]);
    let unit = prop::sample::select(vec!["县城管局", "县住建局"]);
    (title, unit, prop::option::of(prop::sample::select(vec!["2026-08", "2026-09-15"]))).prop_map(
        |(title, unit, day)| {
            let duty = by(text("1", title, "限期完成"), unit);
            day.map_or(duty.clone(), |day| due(duty, day))
        },
    )
}

proptest! {
    #[test]
    fn a_version_that_says_what_the_older_one_said_leaves_every_duty_as_it_is(
        base in prop::collection::vec(texts(), 1..5),
        own in prop::collection::vec(texts(), 1..5),
    ) {
        let before = adopted(&own);
        for change in compare(&base, &before, &read(&base)) {
            match change {
                Change::Added { left_out, .. } => prop_assert!(left_out),
                Change::Gone { own, .. } => prop_assert!(own),
                Change::Same { duty, after, .. } => {
                    prop_assert_eq!(Some(&after), before.iter().find(|(id, _)| *id == duty).map(|(_, text)| text));
                }
                Change::Changed { .. } => prop_assert!(false, "nothing was changed"),
            }
        }
    }

    #[test]
    fn an_office_that_changed_nothing_gets_the_newer_version_to_the_letter(
        base in prop::collection::vec(texts(), 1..5),
        newer in prop::collection::vec(texts(), 1..5),
    ) {
        for change in compare(&base, &adopted(&base), &read(&newer)) {
            match change {
                Change::Changed { index, after, contested, kept, .. } => {
                    prop_assert_eq!(&*after, &newer[index.1]);
                    prop_assert!(contested.is_empty() && kept.is_empty());
                }
                Change::Added { index, after, left_out } => prop_assert!(!left_out && after == newer[index.1]),
                Change::Same { index, after, .. } => prop_assert_eq!(&after, &newer[index.1]),
                Change::Gone { own, .. } => prop_assert!(!own),
            }
        }
    }
}
