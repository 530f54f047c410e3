use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::{CampaignId, SiteId, UnitId};

/// A place that is visited 点位. Of which type it is never changes: what was seen there is about that type's criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    pub campaign: CampaignId,
    pub id: SiteId,
    pub name: String,
    /// By its id in the catalogues.
    pub site_type: String,
    /// The unit that answers for it.
    pub unit: Option<UnitId>,
    /// Who answered for it before, from the first on: a score of a moment of the past names whoever did then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Earlier>,
    pub position: Option<Position>,
    /// From here on it is among those that are to be judged.
    pub added_at: DateTime<Utc>,
    /// From here on it is not, and what was seen there does not count.
    pub closed_at: Option<DateTime<Utc>>,
    pub version: i64,
}

/// The unit that answered for a site until another one did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    pub unit: Option<UnitId>,
    pub until: DateTime<Utc>,
}

impl Site {
    /// Longest name, in characters.
    pub const LONGEST: usize = 100;

    /// Whether it is one of those that are judged at a moment.
    pub fn is_there_at(&self, moment: DateTime<Utc>) -> bool {
        self.added_at <= moment && self.closed_at.is_none_or(|closed| closed > moment)
    }

    /// Another unit answers for it from a moment on; the same one changes nothing.
    pub fn assign(&mut self, unit: Option<UnitId>, at: DateTime<Utc>) {
        if unit == self.unit {
            return;
        }
        // Of what was changed again in the same moment nothing is left, nor of what was said while it was added.
        if self.earlier.last().map_or(self.added_at, |last| last.until) < at {
            self.earlier.push(Earlier { unit: self.unit, until: at });
        }
        self.unit = unit;
    }

    /// Two units were one all along.
    pub fn merge_units(&mut self, from: UnitId, into: UnitId) {
        let units = self.earlier.iter_mut().map(|earlier| &mut earlier.unit);
        for unit in units.chain([&mut self.unit]).filter(|unit| **unit == Some(from)) {
            *unit = Some(into);
        }
    }

    /// The unit that answered for it at a moment.
    pub fn unit_at(&self, moment: DateTime<Utc>) -> Option<UnitId> {
        self.earlier.iter().find(|earlier| moment < earlier.until).map_or(self.unit, |earlier| earlier.unit)
    }

    /// As the score of a moment takes it.
    pub fn scored(&self, moment: DateTime<Utc>) -> crate::score::Site {
        crate::score::Site {
            id: self.id.0.to_string(),
            site_type: self.site_type.clone(),
            unit: self.unit_at(moment).map(|unit| unit.0.to_string()),
        }
    }
}

/// Where something is, in degrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub longitude: Decimal,
    pub latitude: Decimal,
    pub datum: Datum,
}

impl Position {
    /// Whether it is on the globe.
    pub fn is_sound(&self) -> bool {
        self.longitude.abs() <= Decimal::from(180) && self.latitude.abs() <= Decimal::from(90)
    }
}

/// What the degrees are measured against: maps of this country differ from satellites by some hundred metres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Datum {
    /// GPS, pictures, phones.
    Wgs84,
    /// 国家大地坐标系.
    Cgcs2000,
    /// 火星坐标: AMap, Tencent.
    Gcj02,
    /// Baidu.
    Bd09,
}

impl Datum {
    pub const ALL: [Self; 4] = [Self::Wgs84, Self::Cgcs2000, Self::Gcj02, Self::Bd09];

    pub fn code(self) -> &'static str {
        match self {
            Self::Wgs84 => "wgs84",
            Self::Cgcs2000 => "cgcs2000",
            Self::Gcj02 => "gcj02",
            Self::Bd09 => "bd09",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|datum| datum.code() == code)
    }
}
