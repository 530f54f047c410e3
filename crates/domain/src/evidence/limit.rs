//! What a requirement allows of a material, looked at while it is filed.

use chrono::{Months, NaiveDate};

use super::Content;
use crate::standard::{Filing, FilingKind, Requirement};

/// Something about a material that a requirement does not allow, or does not like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limit {
    /// It asks for other kinds.
    Kind { asked: Vec<FilingKind> },
    /// The text is too long, its own and that of its documents together.
    Characters { most: u32, counted: Counted },
    /// How long the text is can't be told of so many of its files.
    Unread { most: u32, files: usize },
    /// There would be too many of its kind in all.
    Pieces { most: u32, with_it: u32, kind: FilingKind },
    /// There would be too many of one activity.
    Activity { most: u32, with_it: u32 },
    /// A field of the caption is missing.
    Caption { field: String },
    /// Photographs of one activity are limited, and it does not say of which it is.
    NoActivity { most: u32 },
    /// Made before the window.
    TooOld { not_before: NaiveDate, made_on: NaiveDate },
    /// One of its photographs was taken before the window, whatever day somebody typed.
    OldPhoto { not_before: NaiveDate, taken_on: NaiveDate },
    /// There is a window, and it does not say when it was made.
    Undated { months: u32 },
    /// Made on a day that is still to come.
    Future { made_on: NaiveDate },
}

/// How many characters a content has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counted {
    /// Of the text that was typed.
    pub typed: usize,
    /// Of the documents that could be read.
    pub filed: usize,
    /// Files of which nobody knows: scanned, locked, or no text at all.
    pub unread: usize,
}

impl Counted {
    /// A report may be typed, attached, or both: who reads it reads all of it.
    pub fn of(content: &Content) -> Self {
        let typed = content.text.as_deref().map_or(0, characters);
        let mut counted = Self { typed, ..Self::default() };
        for file in &content.files {
            match content.characters.get(file) {
                Some(Some(known)) => counted.filed += usize::try_from(*known).unwrap_or(usize::MAX),
                Some(None) | None => counted.unread += 1,
            }
        }
        counted
    }

    pub fn in_all(self) -> usize {
        self.typed.saturating_add(self.filed)
    }
}

/// What is filed for the requirement already, of the same kind, without the material that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Already {
    pub pieces: u32,
    /// Those of the same activity among them.
    pub of_activity: u32,
}

impl Limit {
    /// Whether it is not filed so; otherwise it is said, and the reviewers see it.
    pub fn refuses(&self) -> bool {
        match self {
            Self::Kind { .. }
            | Self::Characters { .. }
            | Self::Pieces { .. }
            | Self::Activity { .. }
            | Self::Caption { .. } => true,
            Self::Unread { .. }
            | Self::NoActivity { .. }
            | Self::TooOld { .. }
            | Self::OldPhoto { .. }
            | Self::Undated { .. }
            | Self::Future { .. } => false,
        }
    }

    /// The field of what was sent that it is about.
    pub fn field(&self) -> String {
        match self {
            Self::Kind { .. } => "kind".to_owned(),
            Self::Characters { counted, .. } if counted.typed >= counted.filed => "text".to_owned(),
            Self::Characters { .. } | Self::Unread { .. } | Self::Pieces { .. } => "attachments".to_owned(),
            Self::Activity { .. } | Self::NoActivity { .. } => "activity".to_owned(),
            Self::Caption { field } => format!("caption.{field}"),
            Self::TooOld { .. } | Self::OldPhoto { .. } | Self::Undated { .. } | Self::Future { .. } => {
                "made_on".to_owned()
            }
        }
    }

    /// What is said of it, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Kind { asked } => {
                let asked: Vec<&str> = asked.iter().map(|kind| kind.zh()).collect();
                format!("这里要的是{}", asked.join("、"))
            }
            Self::Characters { most, counted } => {
                let what = if counted.filed > 0 { "正文连同文件" } else { "正文" };
                let counted = counted.in_all();
                format!("{what}最多{most}字，现有{counted}字，请删减{}字", over(*most, counted))
            }
            Self::Unread { most, files } => {
                format!("最多{most}字，有{files}个文件读不出字数(扫描件、加密或不是文档)，由审核人核对")
            }
            Self::Pieces { most, with_it, kind } => {
                format!("{}最多{most}件，连同这份共{with_it}件", kind.zh())
            }
            Self::Activity { most, with_it } => {
                format!("同一活动的图片最多{most}张，连同这份共{with_it}张")
            }
            Self::Caption { field } => format!("说明中要写明“{field}”"),
            Self::NoActivity { most } => format!("同一活动的图片最多{most}张，请写明是什么活动"),
            Self::TooOld { not_before, made_on } => {
                format!("要{not_before}以后的材料，这份是{made_on}的，可能不计分")
            }
            Self::OldPhoto { not_before, taken_on } => {
                format!("有照片拍摄于{taken_on}，早于要求的{not_before}，可能不计分")
            }
            Self::Undated { months } => format!("只计最近{months}个月的材料，请写明日期"),
            Self::Future { made_on } => format!("日期{made_on}还没有到，请核对"),
        }
    }

    /// The same in English.
    pub fn en(&self) -> String {
        match self {
            Self::Kind { asked } => {
                let asked: Vec<&str> = asked.iter().map(|kind| kind.en()).collect();
                format!("what is asked for: {}", asked.join(", "))
            }
            Self::Characters { most, counted } => {
                let with = if counted.filed > 0 { " with the files" } else { "" };
                let (counted, over) = (counted.in_all(), over(*most, counted.in_all()));
                format!("at most {most} characters{with}; there are {counted}, take out {over}")
            }
            Self::Unread { most, files } => format!(
                "at most {most} characters; of {files} files they can't be counted (scanned, locked or no \
                 document), the reviewers look"
            ),
            Self::Pieces { most, with_it, kind } => {
                format!("at most {most} of the kind “{}”; with this there are {with_it}", kind.en())
            }
            Self::Activity { most, with_it } => {
                format!("at most {most} photographs of one activity; with this there are {with_it}")
            }
            Self::Caption { field } => format!("the caption has to say “{field}”"),
            Self::NoActivity { most } => {
                format!("at most {most} photographs of one activity count; say of which it is")
            }
            Self::TooOld { not_before, made_on } => {
                format!("what was made before {not_before} may not count, and this is of {made_on}")
            }
            Self::OldPhoto { not_before, taken_on } => {
                format!("a photograph was taken on {taken_on}; before {not_before} it may not count")
            }
            Self::Undated { months } => format!("only the last {months} months count; say when it was made"),
            Self::Future { made_on } => format!("{made_on} is still to come; look at the date again"),
        }
    }
}

fn over(most: u32, counted: usize) -> usize {
    counted.saturating_sub(usize::try_from(most).unwrap_or(usize::MAX))
}

/// What a requirement asks of materials of that kind.
pub fn asked(requirement: &Requirement, kind: FilingKind) -> Option<&Filing> {
    requirement.filings.iter().find(|filing| filing.kind == kind)
}

/// How many characters a text has for a limit: blanks and line ends are not counted, as assessors count.
pub fn characters(text: &str) -> usize {
    text.chars().filter(|character| !character.is_whitespace()).count()
}

/// The first day of the window as of a day.
pub fn not_before(filing: &Filing, today: NaiveDate) -> Option<NaiveDate> {
    filing.months.and_then(|months| today.checked_sub_months(Months::new(months)))
}

/// The last day that something made then still counts.
pub fn counts_until(filing: &Filing, made_on: Option<NaiveDate>) -> Option<NaiveDate> {
    filing.months.zip(made_on).and_then(|(months, made_on)| made_on.checked_add_months(Months::new(months)))
}

/// All that stands between a material and a requirement on that day.
pub fn check(
    requirement: &Requirement,
    (kind, content, pieces): (FilingKind, &Content, u32),
    already: Already,
    today: NaiveDate,
) -> Vec<Limit> {
    let Some(filing) = asked(requirement, kind) else {
        let asked = requirement.filings.iter().map(|filing| filing.kind).collect();
        return vec![Limit::Kind { asked }];
    };
    let mut limits = length(requirement, kind, content);
    let in_all = already.pieces.saturating_add(pieces);
    if let Some(most) = filing.quota.at_most.filter(|most| in_all > *most) {
        limits.push(Limit::Pieces { most, with_it: in_all, kind });
    }
    if let Some(most) = filing.quota.each_activity_at_most {
        let of_activity = already.of_activity.saturating_add(pieces);
        match content.activity {
            Some(_) if of_activity > most => limits.push(Limit::Activity { most, with_it: of_activity }),
            None => limits.push(Limit::NoActivity { most }),
            Some(_) => {}
        }
    }
    let says = |field: &str| content.caption.get(field).is_some_and(|text| !text.trim().is_empty());
    limits.extend(
        filing
            .caption
            .iter()
            .filter(|field| !says(field))
            .map(|field| Limit::Caption { field: field.clone() }),
    );
    if let Some(months) = filing.months {
        match content.made_on {
            None => limits.push(Limit::Undated { months }),
            Some(made_on) => {
                let not_before = not_before(filing, today).filter(|first| made_on < *first);
                limits.extend(not_before.map(|not_before| Limit::TooOld { not_before, made_on }));
            }
        }
    }
    if let Some(made_on) = content.made_on.filter(|made_on| *made_on > today) {
        limits.push(Limit::Future { made_on });
    }
    limits
}

/// What there is to be said of how long a material is.
pub fn length(requirement: &Requirement, kind: FilingKind, content: &Content) -> Vec<Limit> {
    let Some(most) = asked(requirement, kind).and_then(|filing| filing.most_characters) else {
        return Vec::new();
    };
    let counted = Counted::of(content);
    let long = (over(most, counted.in_all()) > 0).then_some(Limit::Characters { most, counted });
    // A photograph has no characters to be counted.
    let files = if kind.counts_files() { 0 } else { counted.unread };
    let unread = (files > 0).then_some(Limit::Unread { most, files });
    long.into_iter().chain(unread).collect()
}

/// What there is to be said of a photograph that was taken on that day.
pub fn old_photo(
    requirement: &Requirement,
    kind: FilingKind,
    taken_on: NaiveDate,
    today: NaiveDate,
) -> Option<Limit> {
    let not_before = not_before(asked(requirement, kind)?, today)?;
    (taken_on < not_before).then_some(Limit::OldPhoto { not_before, taken_on })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn requirement() -> Requirement {
        serde_json::from_value(json!({
            "id": "h-campaign", "title": "爱国卫生月", "filings": [
                { "kind": "report", "quota": { "at_least": 1, "at_most": 1 }, "most_characters": 800 },
                { "kind": "photo", "quota": { "at_least": 3, "at_most": 12, "each_activity_at_most": 2 },
                  "months": 12, "caption": ["时间", "地点"] },
            ],
        }))
        .expect("a requirement")
    }

    fn photo() -> Content {
        Content {
            title: "活动".into(),
            caption: [("时间".to_owned(), "5月".to_owned()), ("地点".to_owned(), "广场".to_owned())].into(),
            activity: Some("健康日".into()),
            made_on: "2026-05-01".parse().ok(),
            ..Content::default()
        }
    }

    #[track_caller]
    fn says(kind: FilingKind, content: &Content, pieces: u32, already: Already, expected: &[&str]) {
        let today = "2026-11-26".parse().expect("a day");
        let limits = check(&requirement(), (kind, content, pieces), already, today);
        let told: Vec<String> = limits.iter().map(Limit::zh).collect();
        assert_eq!(told, expected);
        assert!(limits.iter().all(|limit| !limit.en().is_empty() && !limit.field().is_empty()));
    }

    #[test]
    fn eight_hundred_characters_are_allowed_and_one_more_is_not() {
        let report = |characters| Content { text: Some("城 ".repeat(characters)), ..Content::default() };
        let none = Already::default();
        says(FilingKind::Report, &report(800), 1, none, &[]);
        says(FilingKind::Report, &report(801), 1, none, &["正文最多800字，现有801字，请删减1字"]);
        let one = Already { pieces: 1, of_activity: 0 };
        says(FilingKind::Report, &report(8), 1, one, &["说明报告最多1件，连同这份共2件"]);
    }

    #[test]
    fn the_characters_of_documents_are_counted_with_the_text_and_what_cannot_be_read_is_said() {
        let file = |n| crate::id::AttachmentId(uuid::Uuid::from_u128(n));
        let report = |typed: usize, files: &[Option<u32>]| {
            let own: Vec<_> = (0u128..).map(file).take(files.len()).collect();
            Content {
                text: (typed > 0).then(|| "城 ".repeat(typed)),
                characters: own.iter().copied().zip(files.iter().copied()).collect(),
                files: own,
                ..Content::default()
            }
        };
        let unread =
            |n: usize| format!("最多800字，有{n}个文件读不出字数(扫描件、加密或不是文档)，由审核人核对");
        let long = |n: usize| format!("正文连同文件最多800字，现有{n}字，请删减{}字", n - 800);
        type Case<'a> = (usize, &'a [Option<u32>], Vec<String>, &'a str);
        let cases: [Case<'_>; 7] = [
            (0, &[Some(800)], vec![], ""),
            (0, &[Some(1_500)], vec![long(1_500)], "attachments"),
            (0, &[Some(400), Some(401)], vec![long(801)], "attachments"),
            (700, &[Some(101)], vec![long(801)], "text"),
            (0, &[None], vec![unread(1)], "attachments"),
            (10, &[Some(900), None, None], vec![long(910), unread(2)], "attachments"),
            (0, &[Some(0)], vec![], ""),
        ];
        for (typed, files, expected, field) in cases {
            let content = report(typed, files);
            let limits = length(&requirement(), FilingKind::Report, &content);
            let told: Vec<String> = limits.iter().map(Limit::zh).collect();
            assert_eq!(told, expected);
            assert_eq!(limits.first().map(Limit::field).unwrap_or_default(), field);
            let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            says(FilingKind::Report, &content, 1, Already::default(), &expected);
        }
        assert!(!Limit::Unread { most: 800, files: 1 }.refuses());
        let unknown = Content { files: vec![file(9)], ..Content::default() };
        let told = length(&requirement(), FilingKind::Report, &unknown);
        assert_eq!(told, [Limit::Unread { most: 800, files: 1 }], "filed before they were counted");
        assert!(length(&requirement(), FilingKind::Photo, &unknown).is_empty());
    }

    #[test]
    fn the_third_photograph_of_an_activity_is_one_too_many() {
        let already = |pieces, of_activity| Already { pieces, of_activity };
        says(FilingKind::Photo, &photo(), 2, already(9, 0), &[]);
        says(FilingKind::Photo, &photo(), 1, already(9, 2), &["同一活动的图片最多2张，连同这份共3张"]);
        says(FilingKind::Photo, &photo(), 2, already(11, 0), &["实景图片最多12件，连同这份共13件"]);
        let nameless = Content { activity: None, ..photo() };
        says(FilingKind::Photo, &nameless, 1, already(0, 0), &["同一活动的图片最多2张，请写明是什么活动"]);
    }

    #[test]
    fn a_date_outside_the_window_is_said_and_does_not_refuse() {
        let on = |day: &str| Content { made_on: day.parse().ok(), ..photo() };
        says(FilingKind::Photo, &on("2025-11-26"), 1, Already::default(), &[]);
        let told = "要2025-11-26以后的材料，这份是2025-11-25的，可能不计分";
        says(FilingKind::Photo, &on("2025-11-25"), 1, Already::default(), &[told]);
        says(FilingKind::Photo, &on("不知道"), 1, Already::default(), &["只计最近12个月的材料，请写明日期"]);
        says(FilingKind::Photo, &on("2026-11-26"), 1, Already::default(), &[]);
        let told = "日期2026-11-27还没有到，请核对";
        says(FilingKind::Photo, &on("2026-11-27"), 1, Already::default(), &[told]);
        let report =
            Content { text: Some("城".into()), made_on: "2027-01-01".parse().ok(), ..Content::default() };
        says(FilingKind::Report, &report, 1, Already::default(), &["日期2027-01-01还没有到，请核对"]);
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let today = day("2026-11-26");
        let old = |kind, taken_on| old_photo(&requirement(), kind, day(taken_on), today).is_some();
        assert!(old(FilingKind::Photo, "2023-05-01") && !old(FilingKind::Photo, "2026-05-01"));
        assert!(!old(FilingKind::Report, "2023-05-01"), "of reports there is no window");
        assert!(!Limit::Future { made_on: today }.refuses());
        let too_old = Limit::TooOld { not_before: day("2025-11-26"), made_on: day("2025-11-25") };
        assert!(!too_old.refuses() && Limit::Caption { field: "地点".into() }.refuses());
    }

    #[test]
    fn kinds_and_fields_of_the_caption_are_asked_for_by_name() {
        says(FilingKind::Video, &photo(), 1, Already::default(), &["这里要的是说明报告、实景图片"]);
        let mut blank = photo();
        blank.caption.insert("地点".into(), "  ".into());
        says(FilingKind::Photo, &blank, 1, Already::default(), &["说明中要写明“地点”"]);
    }

    #[test]
    fn what_was_made_in_the_window_counts_as_long_as_the_window_is() {
        let filing = requirement().filings[1].clone();
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        assert_eq!(counts_until(&filing, day("2026-01-31")), day("2027-01-31"));
        assert_eq!(counts_until(&filing, None), None);
    }
}
