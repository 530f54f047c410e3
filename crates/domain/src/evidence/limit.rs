//! What a requirement allows of a material, looked at while it is filed.

use chrono::{Months, NaiveDate};

use super::Content;
use crate::standard::{Filing, FilingKind, Requirement};

/// Something about a material that a requirement does not allow, or does not like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limit {
    /// It asks for other kinds.
    Kind { asked: Vec<FilingKind> },
    /// The text is too long.
    Characters { most: u32, counted: usize },
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
    /// There is a window, and it does not say when it was made.
    Undated { months: u32 },
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
            Self::NoActivity { .. } | Self::TooOld { .. } | Self::Undated { .. } => false,
        }
    }

    /// The field of what was sent that it is about.
    pub fn field(&self) -> String {
        match self {
            Self::Kind { .. } => "kind".to_owned(),
            Self::Characters { .. } => "text".to_owned(),
            Self::Pieces { .. } => "attachments".to_owned(),
            Self::Activity { .. } | Self::NoActivity { .. } => "activity".to_owned(),
            Self::Caption { field } => format!("caption.{field}"),
            Self::TooOld { .. } | Self::Undated { .. } => "made_on".to_owned(),
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
                format!("正文最多{most}字，现有{counted}字，请删减{}字", over(*most, *counted))
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
            Self::Undated { months } => format!("只计最近{months}个月的材料，请写明日期"),
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
                let over = over(*most, *counted);
                format!("at most {most} characters; there are {counted}, take out {over}")
            }
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
            Self::Undated { months } => format!("only the last {months} months count; say when it was made"),
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
    let mut limits = Vec::new();
    let counted = content.text.as_deref().map_or(0, characters);
    if let Some(most) = filing.most_characters
        && over(most, counted) > 0
    {
        limits.push(Limit::Characters { most, counted });
    }
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
        match (content.made_on, not_before(filing, today)) {
            (None, _) => limits.push(Limit::Undated { months }),
            (Some(made_on), Some(not_before)) if made_on < not_before => {
                limits.push(Limit::TooOld { not_before, made_on });
            }
            (Some(_), _) => {}
        }
    }
    limits
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
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
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
