//! `attachment` 附件: a file that proves something, from its first byte to what it is attached to.
//!
//! An [`upload::Upload`] takes in the bytes; what has arrived whole, and is of a kind that is taken, becomes an
//! [`Attachment`]. It belongs to nobody but its uploader until it is attached to something, and from then on to whoever
//! may see that.

pub mod archive;
pub mod kind;
pub mod name;
pub mod sniff;
pub mod upload;

use chrono::{DateTime, Utc};
pub use kind::{Family, MediaKind};
use serde::{Deserialize, Serialize};
pub use sniff::NotTaken;
use uuid::Uuid;

use crate::{
    id::{AttachmentId, CampaignId, DutyId, EvidenceId, ObservationId, TaskId, UserId},
    ledger::Hash,
};

/// A file that arrived whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub campaign: CampaignId,
    pub id: AttachmentId,
    /// As its uploader called it, cleaned (see [`name::clean`]).
    pub name: String,
    /// What its bytes are, whatever its name says.
    pub kind: MediaKind,
    /// In bytes.
    pub size: u64,
    pub hash: Hash,
    pub uploaded_by: UserId,
    pub created_at: DateTime<Utc>,
    pub picture: Picture,
    /// None until it is attached to something.
    pub subject: Option<AttachedTo>,
    pub version: i64,
}

/// What an attachment proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum AttachedTo {
    Duty(DutyId),
    /// What one unit owes under a duty.
    Task(TaskId),
    /// A material, in one of its versions or more.
    Evidence(EvidenceId),
    /// What an observation rests on.
    Observation(ObservationId),
}

impl AttachedTo {
    pub fn code(self) -> &'static str {
        match self {
            Self::Duty(_) => "duty",
            Self::Task(_) => "task",
            Self::Evidence(_) => "evidence",
            Self::Observation(_) => "observation",
        }
    }

    pub fn id(self) -> Uuid {
        match self {
            Self::Duty(id) => id.0,
            Self::Task(id) => id.0,
            Self::Evidence(id) => id.0,
            Self::Observation(id) => id.0,
        }
    }

    pub fn from_parts(code: &str, id: Uuid) -> Option<Self> {
        match code {
            "duty" => Some(Self::Duty(DutyId(id))),
            "task" => Some(Self::Task(TaskId(id))),
            "evidence" => Some(Self::Evidence(EvidenceId(id))),
            "observation" => Some(Self::Observation(ObservationId(id))),
            _ => None,
        }
    }
}

/// What is known of an image beyond its bytes. A job finds it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Picture {
    /// Not an image.
    None,
    /// A job is to look at it.
    Waiting,
    /// Looked at; the thumbnail is a file of its own.
    Seen { facts: Facts, thumbnail: Hash },
    /// The file is kept as it is, but has no thumbnail.
    Unseen { facts: Facts, why: NoThumbnail },
}

impl Picture {
    /// Of a file that no job has looked at.
    fn unlooked(kind: MediaKind) -> Self {
        if kind.family() == Family::Image { Self::Waiting } else { Self::None }
    }

    pub fn code(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Waiting => "waiting",
            Self::Seen { .. } => "seen",
            Self::Unseen { .. } => "unseen",
        }
    }

    pub fn facts(&self) -> Facts {
        match self {
            Self::None | Self::Waiting => Facts::default(),
            Self::Seen { facts, .. } | Self::Unseen { facts, .. } => *facts,
        }
    }

    pub fn thumbnail(&self) -> Option<Hash> {
        match self {
            Self::Seen { thumbnail, .. } => Some(*thumbnail),
            Self::None | Self::Waiting | Self::Unseen { .. } => None,
        }
    }
}

/// What an image says of itself. What its camera wrote is a claim, not a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Facts {
    /// In pixels, the right way up.
    pub size: Option<(u32, u32)>,
    /// By the camera's clock; one that names no zone is taken to be in China's.
    pub taken_at: Option<DateTime<Utc>>,
    pub place: Option<Place>,
}

/// A place in WGS-84, in millionths of a degree (0.1 m).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    latitude: i32,
    longitude: i32,
}

impl Place {
    /// None where there is no such place on Earth.
    pub fn new(latitude: i32, longitude: i32) -> Option<Self> {
        let there = latitude.unsigned_abs() <= 90_000_000 && longitude.unsigned_abs() <= 180_000_000;
        there.then_some(Self { latitude, longitude })
    }

    /// North is positive.
    pub fn latitude(self) -> i32 {
        self.latitude
    }

    /// East is positive.
    pub fn longitude(self) -> i32 {
        self.longitude
    }
}

/// Why an image has no thumbnail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoThumbnail {
    /// Its format is taken but not decoded here (HEIC).
    Undecoded,
    /// Its bytes don't make an image.
    Damaged,
    /// More pixels than are decoded.
    TooManyPixels,
    /// Decoding it was cut off.
    TookTooLong,
}

/// Pixels of an image that is still decoded: a hundred million, as the best phones make.
pub const MOST_PIXELS: u64 = 100_000_000;

/// The longer side of a thumbnail, in pixels.
pub const THUMBNAIL_SIDE: u32 = 480;

/// Why something is not attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AttachRefusal {
    /// It is somebody else's, and so not for the asker to know.
    #[error("there is no such attachment")]
    NotTheirs,
    #[error("it is attached to something else")]
    AttachedElsewhere,
}

impl Attachment {
    /// What has just arrived.
    pub fn new(upload: &upload::Upload, id: AttachmentId, arrived: Arrived, at: DateTime<Utc>) -> Self {
        Self {
            campaign: upload.campaign,
            id,
            name: upload.name.clone(),
            kind: arrived.kind,
            size: upload.size,
            hash: arrived.hash,
            uploaded_by: upload.by,
            created_at: at,
            picture: Picture::unlooked(arrived.kind),
            subject: None,
            version: 1,
        }
    }

    /// Attaches it. None: it is attached to that already, and a request came twice.
    ///
    /// # Errors
    /// See [`AttachRefusal`].
    pub fn attach(self, by: UserId, to: AttachedTo) -> Result<Option<Self>, AttachRefusal> {
        match self.subject {
            _ if self.uploaded_by != by => Err(AttachRefusal::NotTheirs),
            Some(subject) if subject == to => Ok(None),
            Some(_) => Err(AttachRefusal::AttachedElsewhere),
            None => Ok(Some(Self { subject: Some(to), version: self.version + 1, ..self })),
        }
    }

    /// The same bytes as a file of another campaign, attached there from the start. What a picture says of itself is looked at
    /// anew: the campaign compares it with its own.
    #[must_use]
    pub fn carry(
        &self,
        (campaign, id): (CampaignId, AttachmentId),
        to: AttachedTo,
        (by, at): (UserId, DateTime<Utc>),
    ) -> Self {
        Self {
            campaign,
            id,
            name: self.name.clone(),
            kind: self.kind,
            size: self.size,
            hash: self.hash,
            uploaded_by: by,
            created_at: at,
            picture: Picture::unlooked(self.kind),
            subject: Some(to),
            version: 1,
        }
    }

    /// Notes what a job saw. None: it was looked at before.
    pub fn look(self, picture: Picture) -> Option<Self> {
        (self.picture == Picture::Waiting).then(|| Self { picture, version: self.version + 1, ..self })
    }
}

/// What became of an upload's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrived {
    pub kind: MediaKind,
    pub hash: Hash,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo() -> Attachment {
        Attachment {
            campaign: CampaignId(Uuid::from_u128(1)),
            id: AttachmentId(Uuid::from_u128(2)),
            name: "整治后.jpg".into(),
            kind: MediaKind::Jpeg,
            size: 10,
            hash: Hash([7; 32]),
            uploaded_by: UserId(Uuid::from_u128(3)),
            created_at: DateTime::UNIX_EPOCH,
            picture: Picture::Waiting,
            subject: None,
            version: 1,
        }
    }

    #[test]
    fn a_file_is_attached_by_its_uploader_once_and_to_one_thing() {
        let (own, other) = (UserId(Uuid::from_u128(3)), UserId(Uuid::from_u128(4)));
        let duty = AttachedTo::Duty(DutyId(Uuid::from_u128(5)));
        let task = AttachedTo::Task(TaskId(Uuid::from_u128(5)));
        let observation = AttachedTo::Observation(ObservationId(Uuid::from_u128(5)));
        assert_eq!(photo().attach(other, duty), Err(AttachRefusal::NotTheirs));
        let attached = photo().attach(own, duty).expect("allowed").expect("changed");
        assert_eq!((attached.subject, attached.version), (Some(duty), 2));
        assert_eq!(attached.clone().attach(own, duty), Ok(None), "a request that came twice");
        assert_eq!(attached.clone().attach(own, task), Err(AttachRefusal::AttachedElsewhere));
        assert_eq!(attached.attach(other, duty), Err(AttachRefusal::NotTheirs));
        let evidence = AttachedTo::Evidence(EvidenceId(Uuid::from_u128(5)));
        for to in [duty, task, evidence, observation] {
            assert_eq!(AttachedTo::from_parts(to.code(), to.id()), Some(to));
        }
    }

    #[test]
    fn the_same_bytes_in_another_campaign_are_whoevers_carried_them_over_and_are_looked_at_anew() {
        let seen = Picture::Seen { facts: Facts::default(), thumbnail: Hash([1; 32]) };
        let photo = photo().look(seen).expect("it waited");
        let key = (CampaignId(Uuid::from_u128(8)), AttachmentId(Uuid::from_u128(9)));
        let to = AttachedTo::Evidence(EvidenceId(Uuid::from_u128(5)));
        let other = UserId(Uuid::from_u128(4));
        let carried = photo.carry(key, to, (other, DateTime::UNIX_EPOCH));
        assert_eq!((carried.campaign, carried.id, carried.uploaded_by), (key.0, key.1, other));
        assert_eq!((carried.hash, &carried.name, carried.size), (photo.hash, &photo.name, photo.size));
        assert_eq!((carried.picture, carried.subject, carried.version), (Picture::Waiting, Some(to), 1));
        let document = Attachment { kind: MediaKind::Pdf, ..photo };
        assert_eq!(document.carry(key, to, (other, DateTime::UNIX_EPOCH)).picture, Picture::None);
    }

    #[test]
    fn an_image_is_looked_at_once() {
        let seen = Picture::Seen { facts: Facts::default(), thumbnail: Hash([1; 32]) };
        let looked = photo().look(seen.clone()).expect("it waited");
        assert_eq!((looked.picture.thumbnail(), looked.version), (Some(Hash([1; 32])), 2));
        assert_eq!(looked.look(seen), None);
    }

    #[test]
    fn there_are_places_only_on_earth() {
        assert!(Place::new(30_123_456, 104_123_456).is_some());
        assert!(Place::new(-90_000_000, -180_000_000).is_some());
        for (latitude, longitude) in [(90_000_001, 0), (0, 180_000_001), (i32::MIN, 0)] {
            assert_eq!(Place::new(latitude, longitude), None);
        }
    }
}
