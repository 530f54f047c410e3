//! The words of the wire: enums that mirror the domain's, written once each.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// Declares a wire enum with the same cases as a domain enum, and both conversions. The domain may grow a case only
/// together with its word here: the conversion would not compile.
macro_rules! mirror {
    ($($(#[$doc:meta])* $name:ident = $domain:path { $($case:ident => $word:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub(crate) enum $name {
            $(#[serde(rename = $word)] $case),+
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

mirror! {
    /// What a person is.
    RoleWord = chengjing_domain::people::Role {
        SystemAdmin => "system_admin", Office => "office", Leader => "leader", Reviewer => "reviewer",
        Inspector => "inspector", Liaison => "liaison", Auditor => "auditor", Volunteer => "volunteer",
        Public => "public",
    }
    /// What sort of body a unit is.
    UnitKindWord = chengjing_domain::campaign::UnitKind {
        City => "city", District => "district", Street => "street", Community => "community",
        Department => "department", Enterprise => "enterprise", WorkingGroup => "working_group", Group => "group",
    }
    /// The part that a unit has in a duty: 牵头, 责任, 配合.
    UnitRoleWord = chengjing_domain::plan::UnitRole {
        Lead => "lead", Responsible => "responsible", Support => "support",
    }
    /// How often a duty comes back.
    RecurrenceWord = chengjing_domain::plan::Recurrence {
        Daily => "daily", Weekly => "weekly", Semimonthly => "semimonthly", Monthly => "monthly",
        Quarterly => "quarterly", Semiannual => "semiannual", Semester => "semester", Annual => "annual",
    }
    /// How a figure compares with its target.
    ComparatorWord = chengjing_domain::plan::Comparator {
        AtLeast => ">=", AtMost => "<=", MoreThan => ">", LessThan => "<", Exactly => "=",
    }
    /// Where a duty is in its life.
    DutyStateWord = chengjing_domain::duty::DutyState {
        Assigned => "assigned", Withdrawn => "withdrawn",
    }
    /// What a document is.
    PlanKindWord = chengjing_domain::plan::PlanKind {
        Plan => "plan", Speech => "speech", Report => "report",
    }
    /// What had to be undone to read a document.
    CleaningWord = chengjing_domain::plan::Cleaning {
        PinyinMarks => "pinyin-marks", Traditional => "traditional", PageMarks => "page-marks",
        Boilerplate => "boilerplate", Mojibake => "mojibake", Whitespace => "whitespace",
    }
}

/// A date as precisely as a plan gives it; XXXX for a year that is left to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, pattern = r"^([0-9]{4}|XXXX)(-[0-9]{2}(-[0-9]{2})?)?$", example = "2026-06-30")]
pub(crate) struct DateText(pub(crate) chengjing_domain::plan::PlanDate);

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
