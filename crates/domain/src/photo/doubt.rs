//! `doubt` 疑点: something about a photograph that a reviewer has to look at. It says what was found and judges nothing.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    ground::Ground,
    likeness::Likeness,
    traces::{Sign, Traces},
};
use crate::{
    attachment::{AttachedTo, Place},
    clock::day_of,
    evidence::{Datum, Located},
    id::{AttachmentId, CampaignId, DoubtId, EvidenceId, UnitId, UserId},
    ledger::Hash,
};

/// The longest reason for dismissing a doubt, in characters.
pub const LONGEST_REASON: usize = 500;

/// Shots of one burst lie this close to each other, in seconds.
const BURST: u64 = 600;

/// What is farther from where it is said to be, is said to be somewhere else, in metres. A phone that has just woken up is wrong
/// by some hundred, and so is a map that is read by another's datum.
const FAR: f64 = 500.0;

/// Sites this far apart are two, in metres.
const APART: f64 = 300.0;

/// A doubt about a photograph of a material, or of what a task reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    pub campaign: CampaignId,
    pub id: DoubtId,
    /// The photograph; of two the one that was looked at later.
    pub photo: AttachmentId,
    /// The one that was there before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub twin: Option<AttachmentId>,
    /// The material of the photograph; None: it is a task's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceId>,
    /// The material of its twin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub twin_evidence: Option<EvidenceId>,
    pub found: Found,
    pub found_at: DateTime<Utc>,
    pub state: DoubtState,
    pub version: i64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Found {
    /// The twin has the same bytes.
    SameBytes,
    /// The twin shows the same shot: altered on its way, or taken again from the same spot.
    SameShot(Alike),
    /// The twin is of one burst with it, and is used for another site or by another unit.
    Burst {
        seconds: u32,
        /// How far apart the sites are, as far as that is said.
        metres: Option<u32>,
        alike: Alike,
    },
    /// Taken before the window of a requirement that its material is filed for: the one with the narrowest.
    TooOld { taken_on: NaiveDate, not_before: NaiveDate, requirement: String },
    /// Its metadata are not as its device wrote them.
    Edited { signs: Vec<Sign> },
    /// Taken far from where its material says that it was.
    FarOff {
        metres: u32,
        /// The site that the material names; None: the place that it gives.
        site: Option<String>,
    },
}

/// How a picture lies in its twin, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alike {
    /// Spots that both have at the same place.
    pub spots: u32,
    /// Of the spots that both could show, the part that both do, in hundredths.
    pub share: u32,
    /// How much larger things are in the twin, in hundredths.
    pub scale: u32,
    /// How it is turned in the twin, in tenths of a degree, clockwise.
    pub turn: i32,
    pub mirrored: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoubtKind {
    SameBytes,
    SameShot,
    Burst,
    TooOld,
    Edited,
    FarOff,
}

impl DoubtKind {
    pub const ALL: [Self; 6] =
        [Self::SameBytes, Self::SameShot, Self::Burst, Self::TooOld, Self::Edited, Self::FarOff];

    pub fn code(self) -> &'static str {
        match self {
            Self::SameBytes => "same_bytes",
            Self::SameShot => "same_shot",
            Self::Burst => "burst",
            Self::TooOld => "too_old",
            Self::Edited => "edited",
            Self::FarOff => "far_off",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl Found {
    pub fn kind(&self) -> DoubtKind {
        match self {
            Self::SameBytes => DoubtKind::SameBytes,
            Self::SameShot(_) => DoubtKind::SameShot,
            Self::Burst { .. } => DoubtKind::Burst,
            Self::TooOld { .. } => DoubtKind::TooOld,
            Self::Edited { .. } => DoubtKind::Edited,
            Self::FarOff { .. } => DoubtKind::FarOff,
        }
    }
}

/// How a doubt stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum DoubtState {
    Open,
    /// A reviewer looked at it, and there is a reason for it.
    Dismissed {
        by: UserId,
        at: DateTime<Utc>,
        reason: String,
    },
}

impl DoubtState {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Dismissed { .. } => "dismissed",
        }
    }
}

/// It stands otherwise than that could be done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the doubt stands otherwise")]
pub struct StandsOtherwise;

impl Doubt {
    pub fn is_open(&self) -> bool {
        self.state == DoubtState::Open
    }

    /// Notes that a reviewer looked at it, and why it is none.
    ///
    /// # Errors
    /// It was dismissed before.
    pub fn dismiss(self, reason: String, by: UserId, at: DateTime<Utc>) -> Result<Self, StandsOtherwise> {
        if !self.is_open() {
            return Err(StandsOtherwise);
        }
        Ok(Self { state: DoubtState::Dismissed { by, at, reason }, ..self })
    }

    /// Raises it again: it should not have been dismissed.
    ///
    /// # Errors
    /// It stands.
    pub fn raise(self) -> Result<Self, StandsOtherwise> {
        if self.is_open() { Err(StandsOtherwise) } else { Ok(Self { state: DoubtState::Open, ..self }) }
    }
}

/// For what a photograph is used, as far as it matters when two are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Used {
    pub photo: AttachmentId,
    pub by: AttachedTo,
    pub unit: UnitId,
    pub hash: Hash,
    pub taken_at: Option<DateTime<Utc>>,
    /// Where it is said to show.
    pub place: Option<Ground>,
    /// What that place is called in the caption.
    pub named: Option<String>,
}

impl Used {
    /// Whether both are said to show places that are apart, and how far.
    fn apart(&self, other: &Self) -> (bool, Option<f64>) {
        let metres = self.place.zip(other.place).map(|(here, there)| here.metres_to(there));
        let renamed = self.named.as_ref().zip(other.named.as_ref()).is_some_and(|(one, other)| one != other);
        (metres.is_some_and(|metres| metres > APART) || (renamed && metres.is_none()), metres)
    }

    /// Whether it is one deed of a unit, told as a task's report and again as a material: that is what it was done for.
    fn tells_again(&self, other: &Self) -> bool {
        let of_task = |used: &Self| matches!(used.by, AttachedTo::Task(_));
        self.unit == other.unit && of_task(self) != of_task(other)
    }
}

/// What there is to be looked at between two photographs; `likeness` is what their look says, where it says that they are one
/// shot. None: nothing, or there is a plain reason for it. Which of them came first makes no difference.
pub fn between(one: &Used, other: &Used, likeness: Option<&Likeness>) -> Option<Found> {
    let same_bytes = one.hash == other.hash;
    if one.tells_again(other) {
        return None;
    }
    if same_bytes {
        return Some(Found::SameBytes);
    }
    let alike = Alike::from(*likeness.filter(|likeness| likeness.near())?);
    let gap = one.taken_at.zip(other.taken_at).map(|(one, other)| (one - other).num_seconds().unsigned_abs());
    let together = one.by == other.by;
    match gap {
        // Whoever photographs a thing does it three times; and before and after it was put right.
        Some(1..) if together => None,
        Some(seconds @ 1..=BURST) => {
            let (apart, metres) = one.apart(other);
            let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
            (apart || one.unit != other.unit).then(|| Found::Burst {
                seconds,
                metres: metres.map(whole),
                alike,
            })
        }
        Some(_) | None => Some(Found::SameShot(alike)),
    }
}

/// A window of a requirement that a material is filed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub not_before: NaiveDate,
    /// What the requirement is called.
    pub requirement: String,
}

/// Whether the camera says that it was taken before a window. Of several the narrowest is told.
pub fn too_old(taken_at: Option<DateTime<Utc>>, windows: &[Window]) -> Option<Found> {
    let taken_on = day_of(taken_at?);
    let narrowest = windows.iter().max_by_key(|window| window.not_before)?;
    (taken_on < narrowest.not_before).then(|| Found::TooOld {
        taken_on,
        not_before: narrowest.not_before,
        requirement: narrowest.requirement.clone(),
    })
}

/// Whether the metadata say that they were edited.
pub fn edited(traces: &Traces, taken_at: Option<DateTime<Utc>>, arrived_at: DateTime<Utc>) -> Option<Found> {
    let signs = traces.signs(taken_at, arrived_at);
    (!signs.is_empty()).then_some(Found::Edited { signs })
}

/// Where a material says that it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    pub ground: Ground,
    /// The site that it names; None: a place that it gives.
    pub site: Option<String>,
}

/// Whether the camera was far from where the material says that it was. There are phones that write what their map shows
/// (GCJ-02) where a camera writes WGS-84: of the two readings the nearer one counts.
pub fn far_off(place: Option<Place>, claimed: &[Claimed]) -> Option<Found> {
    let place = place?;
    let (latitude, longitude) = (place.latitude(), place.longitude());
    let readings =
        [Datum::Wgs84, Datum::Gcj02].map(|datum| Ground::from(Located { latitude, longitude, datum }));
    let farthest = claimed
        .iter()
        .map(|claim| {
            let metres = readings.map(|reading| reading.metres_to(claim.ground));
            (metres[0].min(metres[1]), claim)
        })
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .filter(|(metres, _)| *metres > FAR);
    farthest.map(|(metres, claim)| Found::FarOff { metres: whole(metres), site: claim.site.clone() })
}

fn whole(metres: f64) -> u32 {
    metres.round().clamp(0.0, f64::from(u32::MAX)) as u32
}

impl From<Likeness> for Alike {
    fn from(likeness: Likeness) -> Self {
        let hundredths = |value: f32| (value * 100.0).round().max(0.0) as u32;
        Self {
            spots: u32::try_from(likeness.shared).unwrap_or(u32::MAX),
            share: hundredths(likeness.share),
            scale: hundredths(likeness.scale),
            turn: (likeness.turn * 10.0).round() as i32,
            mirrored: likeness.mirrored,
        }
    }
}

#[cfg(test)]
mod tests;
