//! `evidence` 材料: what a unit files to show that a standard is met. It is filed once, in versions, and stands for any
//! number of requirements; each of these is reviewed for itself ([`review`]).

pub mod carrying;
pub mod completeness;
pub mod dossier;
pub mod grade;
pub mod limit;
pub mod review;
pub mod suggestion;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    attachment::{Family, MediaKind},
    id::{
        AskingId, AttachmentId, CampaignId, EvidenceId, EvidenceLinkId, RemarkId, StandardId, UnitId, UserId,
    },
    standard::FilingKind,
};

/// The longest title, activity and field of a caption, in characters.
pub const LONGEST_LINE: usize = 200;
/// The longest text that is typed in, in characters; what a requirement allows is less.
pub const LONGEST_TEXT: usize = 20_000;
/// The longest address of a link, in characters.
pub const LONGEST_LINK: usize = 2_000;
/// Files of one version at most.
pub const MOST_FILES: usize = 50;
/// Versions of one material at most.
pub const MOST_VERSIONS: usize = 50;
/// Requirements that one material stands for at most.
pub const MOST_LINKS: usize = 50;
/// Fields of a caption at most.
pub const MOST_FIELDS: usize = 20;

/// A material that a unit filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub campaign: CampaignId,
    pub id: EvidenceId,
    /// Whose it is.
    pub unit: UnitId,
    /// What it is, in all its versions.
    pub kind: FilingKind,
    /// From the first to the one that stands; never empty.
    versions: Vec<Version>,
    pub version: i64,
}

/// What a material was at a time. It is never changed: what changes is another version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// 1, 2, 3 …
    pub number: u32,
    pub content: Content,
    pub by: UserId,
    pub at: DateTime<Utc>,
    /// None: it was filed here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<carrying::Origin>,
}

/// What a version says and holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Content {
    pub title: String,
    /// What its caption says, field by field: 时间, 地点, 主办单位.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub caption: BTreeMap<String, String>,
    /// The activity that it shows, by name: photographs of one are counted together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<String>,
    /// The day that it was made, issued or taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Located>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<AttachmentId>,
    /// How many characters each document among its files has, as limits count them; None: it can't be read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub characters: BTreeMap<AttachmentId, Option<u32>>,
}

/// A point on Earth as somebody's map or camera tells it, in millionths of a degree of its datum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Located {
    pub latitude: i32,
    pub longitude: i32,
    pub datum: Datum,
}

/// By which datum a point is told; the same numbers are some hundred metres apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Datum {
    /// What cameras and satellites tell.
    Wgs84,
    /// 国家大地坐标系.
    Cgcs2000,
    /// What maps on Chinese phones tell.
    Gcj02,
    /// What Baidu's maps tell.
    Bd09,
}

/// Why there is no further version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyVersions;

impl Evidence {
    /// A material in its first version.
    pub fn file(
        (campaign, id): (CampaignId, EvidenceId),
        unit: UnitId,
        kind: FilingKind,
        content: Content,
        (by, at): (UserId, DateTime<Utc>),
    ) -> Self {
        let first = Version { number: 1, content, by, at, from: None };
        Self { campaign, id, unit, kind, versions: vec![first], version: 1 }
    }

    /// One that is stored; None where that can't be one.
    pub fn stored(
        (campaign, id): (CampaignId, EvidenceId),
        unit: UnitId,
        kind: FilingKind,
        versions: Vec<Version>,
        version: i64,
    ) -> Option<Self> {
        let numbered = versions.iter().map(|one| one.number).eq(1..=u32::try_from(versions.len()).ok()?);
        (numbered && !versions.is_empty()).then_some(Self { campaign, id, unit, kind, versions, version })
    }

    /// The same as that unit's.
    #[must_use]
    pub fn of_unit(self, unit: UnitId) -> Self {
        Self { unit, ..self }
    }

    /// From the first to the one that stands.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The version that stands.
    pub fn latest(&self) -> &Version {
        self.versions.last().expect("a material has a version from the beginning")
    }

    /// Puts another version in place of the one that stands.
    ///
    /// # Errors
    /// It has as many as are kept.
    pub fn renew(self, content: Content, by: UserId, at: DateTime<Utc>) -> Result<Self, TooManyVersions> {
        self.renew_from(None, content, (by, at))
    }

    fn renew_from(
        mut self,
        from: Option<carrying::Origin>,
        content: Content,
        (by, at): (UserId, DateTime<Utc>),
    ) -> Result<Self, TooManyVersions> {
        if self.versions.len() >= MOST_VERSIONS {
            return Err(TooManyVersions);
        }
        let number = self.latest().number + 1;
        self.versions.push(Version { number, content, by, at, from });
        Ok(self)
    }

    /// How many of its kind the version that stands counts as.
    pub fn pieces(&self) -> u32 {
        let files = u32::try_from(self.latest().content.files.len()).unwrap_or(u32::MAX);
        if self.kind.counts_files() { files.max(1) } else { 1 }
    }
}

/// Whether a file of that sort may be one of a kind's: photographs are images, videos are videos; the rest may also be
/// scanned.
pub fn takes(kind: FilingKind, file: MediaKind) -> bool {
    match kind {
        FilingKind::Photo => file.family() == Family::Image,
        FilingKind::Video => file.family() == Family::Video,
        FilingKind::IssuedDocument | FilingKind::Report | FilingKind::Table | FilingKind::MediaCoverage => {
            true
        }
    }
}

/// That a material is filed for a requirement of a standard, and how its review stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceLink {
    pub campaign: CampaignId,
    pub id: EvidenceLinkId,
    pub evidence: EvidenceId,
    /// The material's unit and kind.
    pub unit: UnitId,
    pub kind: FilingKind,
    /// The standard, in whichever edition the campaign is assessed by.
    pub standard: StandardId,
    /// The requirement's id in it.
    pub requirement: String,
    pub review: review::Review,
    pub changed_at: DateTime<Utc>,
    pub version: i64,
}

/// What somebody said of a material, or did to it. Never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    pub campaign: CampaignId,
    pub id: RemarkId,
    pub evidence: EvidenceId,
    /// About this requirement alone; None: about the material.
    pub link: Option<EvidenceLinkId>,
    /// What was done; None: it was only said.
    pub deed: Option<review::DeedKind>,
    pub text: Option<String>,
    pub by: UserId,
    pub at: DateTime<Utc>,
}

/// Which units are asked for a requirement's materials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asking {
    pub campaign: CampaignId,
    pub id: AskingId,
    pub standard: StandardId,
    pub requirement: String,
    /// Each once.
    pub units: Vec<UnitId>,
    /// When each of them was; of those that were before that was kept it is not known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub since: BTreeMap<UnitId, DateTime<Utc>>,
    pub version: i64,
}

impl Asking {
    /// The same, with these units asked in place of those that were: who is new is asked from that moment.
    #[must_use]
    pub fn of_units(self, units: Vec<UnitId>, at: DateTime<Utc>) -> Self {
        let new = units.iter().filter(|unit| !self.units.contains(unit)).map(|unit| (*unit, at));
        let mut since: BTreeMap<UnitId, DateTime<Utc>> = new.collect();
        since.extend(
            self.since.iter().filter(|(unit, _)| units.contains(unit)).map(|(unit, at)| (*unit, *at)),
        );
        Self { units, since, ..self }
    }

    /// The same after one unit became another.
    #[must_use]
    pub fn merged(mut self, from: UnitId, into: UnitId) -> Self {
        let had = self.units.contains(&into);
        self.units.retain(|unit| *unit != from || !had);
        for unit in &mut self.units {
            if *unit == from {
                *unit = into;
            }
        }
        if let Some(at) = self.since.remove(&from)
            && !had
        {
            self.since.insert(into, at);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const BY: UserId = UserId(Uuid::from_u128(3));

    fn evidence(kind: FilingKind, files: u128) -> Evidence {
        let content = Content {
            title: "健康日活动".into(),
            files: (0..files).map(|n| AttachmentId(Uuid::from_u128(n))).collect(),
            ..Content::default()
        };
        let key = (CampaignId(Uuid::from_u128(1)), EvidenceId(Uuid::from_u128(2)));
        Evidence::file(key, UnitId(Uuid::from_u128(4)), kind, content, (BY, DateTime::UNIX_EPOCH))
    }

    #[test]
    fn photographs_count_one_by_one_and_the_pages_of_a_document_do_not() {
        assert_eq!(evidence(FilingKind::Photo, 3).pieces(), 3);
        assert_eq!(evidence(FilingKind::Photo, 0).pieces(), 1, "a photograph behind a link");
        assert_eq!(evidence(FilingKind::IssuedDocument, 3).pieces(), 1);
    }

    #[test]
    fn photographs_are_images_and_videos_are_videos() {
        assert!(takes(FilingKind::Photo, MediaKind::Heic) && !takes(FilingKind::Photo, MediaKind::Pdf));
        assert!(takes(FilingKind::Video, MediaKind::Mov) && !takes(FilingKind::Video, MediaKind::Png));
        assert!(takes(FilingKind::IssuedDocument, MediaKind::Jpeg), "a scanned one");
    }

    #[test]
    fn versions_follow_one_another_until_there_are_too_many() {
        let mut evidence = evidence(FilingKind::Report, 1);
        for number in 2..=50 {
            evidence =
                evidence.renew(Content::default(), BY, DateTime::UNIX_EPOCH).expect("there is room for it");
            assert_eq!(evidence.latest().number, number);
        }
        assert_eq!(evidence.versions()[0].content.title, "健康日活动", "the first stays what it was");
        let key = (evidence.campaign, evidence.id);
        let (unit, kind, mut versions) = (evidence.unit, evidence.kind, evidence.versions().to_vec());
        assert_eq!(evidence.renew(Content::default(), BY, DateTime::UNIX_EPOCH), Err(TooManyVersions));
        versions.remove(7);
        assert_eq!(Evidence::stored(key, unit, kind, versions, 1), None, "one is missing");
        assert_eq!(Evidence::stored(key, unit, kind, Vec::new(), 1), None);
    }

    #[test]
    fn who_is_asked_is_asked_since_then_and_who_stays_since_before() {
        let unit = |n| UnitId(Uuid::from_u128(n));
        let (first, later) = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH + chrono::TimeDelta::days(9));
        let asking = Asking {
            campaign: CampaignId(Uuid::from_u128(1)),
            id: AskingId(Uuid::from_u128(2)),
            standard: StandardId(Uuid::from_u128(3)),
            requirement: "r".into(),
            units: vec![unit(9)],
            since: BTreeMap::new(),
            version: 1,
        };
        let asked = asking.of_units(vec![unit(9), unit(1), unit(2)], first);
        assert_eq!(
            asked.since.keys().copied().collect::<Vec<_>>(),
            [unit(1), unit(2)],
            "of 9 it is not known"
        );
        let asked = asked.of_units(vec![unit(2), unit(3)], later);
        assert_eq!(asked.since, BTreeMap::from([(unit(2), first), (unit(3), later)]));
        let merged = asked.clone().merged(unit(2), unit(7));
        assert_eq!(merged.units, [unit(7), unit(3)]);
        assert_eq!(merged.since, BTreeMap::from([(unit(7), first), (unit(3), later)]));
        let merged = asked.merged(unit(2), unit(3));
        assert_eq!((merged.units, merged.since), (vec![unit(3)], BTreeMap::from([(unit(3), later)])));
    }

    #[test]
    fn every_kind_has_a_code_of_its_own() {
        for kind in FilingKind::ALL {
            assert_eq!(FilingKind::from_code(kind.code()), Some(kind));
            assert_eq!(serde_json::to_value(kind).expect("a word"), kind.code());
        }
    }
}
