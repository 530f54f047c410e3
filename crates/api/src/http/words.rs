//! The words of the wire: enums that mirror the domain's, written once each.

use chrono::NaiveTime;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use utoipa::ToSchema;

/// Declares a wire enum with the same cases as a domain enum, and both conversions. The domain may grow a case only
/// together with its word here: the conversion would not compile. Attributes go through as tokens, because the schema's
/// derive reads them.
macro_rules! mirror {
    ($($(#[$($meta:tt)*])* $name:ident = $domain:path { $($(#[$($word:tt)*])* $case:ident),+ $(,)? })+) => {$(
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        $(#[$($meta)*])*
        pub(crate) enum $name {
            $($(#[$($word)*])* $case),+
        }

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                use $domain as D;
                match value { $(D::$case => Self::$case),+ }
            }
        }

        impl From<$name> for $domain {
            fn from(value: $name) -> Self {
                use $domain as D;
                match value { $($name::$case => D::$case),+ }
            }
        }
    )+};
}

pub(crate) use mirror;

mirror! {
    /// What a person is.
    #[serde(rename_all = "snake_case")]
    RoleWord = chengjing_domain::people::Role {
        SystemAdmin, Office, Leader, Reviewer, Inspector, Liaison, Auditor, Volunteer, Public,
    }
    /// What sort of body a unit is.
    #[serde(rename_all = "snake_case")]
    UnitKindWord = chengjing_domain::campaign::UnitKind {
        City, District, Street, Community, Department, Enterprise, WorkingGroup, Group,
    }
    /// What somebody is to a unit: 负责人, 联络员, 挂钩领导.
    #[serde(rename_all = "snake_case")]
    PostWord = chengjing_domain::campaign::Post { Head, Liaison, LinkedLeader }
    /// The part that a unit has in a duty: 牵头, 责任, 配合.
    #[serde(rename_all = "snake_case")]
    UnitRoleWord = chengjing_domain::plan::UnitRole { Lead, Responsible, Support }
    /// How often a duty comes back.
    #[serde(rename_all = "snake_case")]
    RecurrenceWord = chengjing_domain::plan::Recurrence {
        Daily, Weekly, Semimonthly, Monthly, Quarterly, Semiannual, Semester, Annual,
    }
    /// What a file is by its bytes. `office`: what Office wrote before 2007, and WPS.
    #[serde(rename_all = "snake_case")]
    MediaKindWord = chengjing_domain::attachment::MediaKind {
        Jpeg, Png, Webp, Gif, Heic, Pdf, Docx, Xlsx, Pptx, Office, Mp4, Mov, Text, Csv, Zip,
    }
    /// Why an image has no thumbnail.
    #[serde(rename_all = "snake_case")]
    NoThumbnailWord = chengjing_domain::attachment::NoThumbnail { Undecoded, Damaged, TooManyPixels, TookTooLong }
    /// How marks are rounded: a half away from zero (四舍五入), a half to the even digit, or what is beyond is cut off.
    #[serde(rename_all = "snake_case")]
    RoundingWord = chengjing_domain::standard::RoundingMode { HalfUp, HalfEven, Down }
    /// How a figure compares with its target.
    ComparatorWord = chengjing_domain::plan::Comparator {
        #[serde(rename = ">=")]
        AtLeast,
        #[serde(rename = "<=")]
        AtMost,
        #[serde(rename = ">")]
        MoreThan,
        #[serde(rename = "<")]
        LessThan,
        #[serde(rename = "=")]
        Exactly,
    }
    /// Where a duty is in its life.
    #[serde(rename_all = "snake_case")]
    DutyStateWord = chengjing_domain::duty::DutyState { Assigned, Withdrawn }
    /// What a document is.
    #[serde(rename_all = "snake_case")]
    PlanKindWord = chengjing_domain::plan::PlanKind { Plan, Speech, Report }
    /// What had to be undone to read a document.
    #[serde(rename_all = "kebab-case")]
    CleaningWord = chengjing_domain::plan::Cleaning {
        PinyinMarks, Traditional, PageMarks, Boilerplate, Mojibake, Whitespace,
    }
    /// With what program somebody logged in.
    #[serde(rename_all = "snake_case")]
    ProgramWord = chengjing_domain::people::Program {
        Chrome, Edge, Firefox, Safari, WeChat, WeCom, DingTalk, Browser360, QqBrowser, Huawei, Uc, CommandLine, Other,
    }
    /// On what system somebody logged in.
    #[serde(rename_all = "snake_case")]
    SystemWord = chengjing_domain::people::System {
        Windows, MacOs, Linux, Android, HarmonyOs, IPhone, IPad, Other,
    }
}

/// A date as precisely as a plan gives it; XXXX for a year that is left to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, pattern = r"^([0-9]{4}|XXXX)(-[0-9]{2}(-[0-9]{2})?)?$", example = "2026-06-30")]
pub(crate) struct DateText(pub(crate) chengjing_domain::plan::PlanDate);

/// A decimal as text: its last digit counts, so it never goes through a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, pattern = r"^-?[0-9]{1,18}([.][0-9]{1,9})?$", example = "36.5")]
pub(crate) struct DecimalText(pub(crate) Decimal);

impl Serialize for DecimalText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A decimal that was worked out exactly, to its last digit: a third of three marks has many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, pattern = r"^-?[0-9]{1,28}([.][0-9]{1,28})?$", example = "46.2866666666664")]
pub(crate) struct ExactText(pub(crate) Decimal);

impl Serialize for ExactText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DecimalText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = |part: &str, most| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let plain = text.strip_prefix('-').unwrap_or(&text);
        let fits = match plain.split_once('.') {
            Some((whole, fraction)) => digits(whole, 18) && digits(fraction, 9),
            None => digits(plain, 18),
        };
        let value = text.parse().ok().filter(|_| fits);
        value.map(Self).ok_or_else(|| {
            D::Error::custom("a decimal of at most 18 digits before and 9 after the point is expected")
        })
    }
}

/// For a field of a PATCH where null means “take it away” and absence “leave it”.
pub(crate) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Something with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Named {
    pub(crate) id: uuid::Uuid,
    pub(crate) name: String,
}

impl From<chengjing_service::unit::UnitName> for Named {
    fn from(unit: chengjing_service::unit::UnitName) -> Self {
        Self { id: unit.id.0, name: unit.name }
    }
}

/// How many duties, by the unit's part in them.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct PartsCount {
    pub(crate) lead: u64,
    pub(crate) responsible: u64,
    pub(crate) support: u64,
    pub(crate) total: u64,
}

impl From<chengjing_service::duty::overview::PartCounts> for PartsCount {
    fn from(counts: chengjing_service::duty::overview::PartCounts) -> Self {
        let chengjing_service::duty::overview::PartCounts { lead, responsible, support } = counts;
        Self { lead, responsible, support, total: counts.total() }
    }
}

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Said {
    pub(crate) zh: String,
    pub(crate) en: String,
}

impl From<chengjing_service::Words> for Said {
    fn from(words: chengjing_service::Words) -> Self {
        Self { zh: words.zh, en: words.en }
    }
}

/// A time of day to the minute: `07:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeText(pub(crate) NaiveTime);

impl Serialize for TimeText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.format("%H:%M"))
    }
}

impl<'de> Deserialize<'de> for TimeText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time = NaiveTime::parse_from_str(&text, "%H:%M");
        time.map(Self).map_err(|_| serde::de::Error::custom("expected a time such as 07:30"))
    }
}
