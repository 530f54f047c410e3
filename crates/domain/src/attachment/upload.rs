//! A file on its way: it comes in pieces, and goes on where it broke off.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    MediaKind, NotTaken,
    name::{self, NameFault},
    sniff,
};
use crate::{
    id::{AttachmentId, CampaignId, UploadId, UserId},
    ledger::Hash,
};

/// How long an upload waits for its next byte.
pub const PATIENCE: TimeDelta = TimeDelta::days(1);

/// Uploads that one person may have under way in a campaign.
pub const MOST_AT_A_TIME: u64 = 100;

/// A file on its way, of one person in one campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    pub campaign: CampaignId,
    pub id: UploadId,
    pub by: UserId,
    /// Cleaned.
    pub name: String,
    /// In bytes, as promised.
    pub size: u64,
    /// What its bytes must turn out to have; None where the sender did not say.
    pub hash: Option<Hash>,
    pub state: UploadState,
    pub created_at: DateTime<Utc>,
    /// When it is given up unless something more comes.
    pub expires_at: DateTime<Utc>,
}

/// How far it is. A transition consumes the state and may refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum UploadState {
    /// So many bytes are on disk.
    Open {
        offset: u64,
    },
    /// Arrived whole.
    Complete {
        attachment: AttachmentId,
    },
    GivenUp {
        reason: GivenUp,
    },
}

/// Why nothing comes of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum GivenUp {
    /// Nothing came for too long.
    Expired,
    /// The bytes are not those that were promised.
    OtherBytes,
    NotTaken(NotTaken),
}

/// What is wrong with a wish to upload something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwanted {
    Name(NameFault),
    NotTaken(NotTaken),
}

/// Why a piece is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UploadRefusal {
    /// It belongs elsewhere: so many bytes are there.
    #[error("{offset} bytes are there")]
    Elsewhere { offset: u64 },
    /// More than was promised.
    #[error("the upload has no room for that")]
    TooMuch,
    #[error("bytes are missing from {offset} on")]
    Unfinished { offset: u64 },
    #[error("the upload was given up")]
    GivenUp(GivenUp),
}

/// What somebody wants to upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish<'a> {
    pub name: &'a str,
    pub size: u64,
    pub hash: Option<Hash>,
    /// The most bytes that the installation takes of any kind.
    pub limit: u64,
}

impl UploadState {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Complete { .. } => "complete",
            Self::GivenUp { .. } => "given_up",
        }
    }
}

impl Upload {
    /// # Errors
    /// All that is wrong with the wish.
    pub fn begin(
        campaign: CampaignId,
        id: UploadId,
        by: UserId,
        wish: &Wish<'_>,
        now: DateTime<Utc>,
    ) -> Result<Self, Vec<Unwanted>> {
        let mut faults = Vec::new();
        let name = name::clean(wish.name).map_err(|fault| faults.push(Unwanted::Name(fault)));
        let claim = sniff::claimed(name.as_deref().unwrap_or_default())
            .map_err(|refusal| faults.push(Unwanted::NotTaken(refusal)));
        // What claims to be nothing may turn out to be the largest of kinds.
        let of_kind = claim.ok().flatten().map_or(u64::MAX, |kind| kind.family().limit());
        let limit = of_kind.min(wish.limit);
        if wish.size == 0 {
            faults.push(Unwanted::NotTaken(NotTaken::Empty));
        } else if wish.size > limit {
            faults.push(Unwanted::NotTaken(NotTaken::TooLarge { limit }));
        }
        match name {
            Ok(name) if faults.is_empty() => Ok(Self {
                campaign,
                id,
                by,
                name,
                size: wish.size,
                hash: wish.hash,
                state: UploadState::Open { offset: 0 },
                created_at: now,
                expires_at: now + PATIENCE,
            }),
            _ => Err(faults),
        }
    }

    /// How many of its bytes are there.
    pub fn offset(&self) -> u64 {
        match self.state {
            UploadState::Open { offset } => offset,
            UploadState::Complete { .. } => self.size,
            UploadState::GivenUp { .. } => 0,
        }
    }

    /// What its name claims. It was taken with that name, so there is no refusal left.
    pub fn claim(&self) -> Option<MediaKind> {
        sniff::claimed(&self.name).ok().flatten()
    }

    /// How many bytes may follow at `at`.
    ///
    /// # Errors
    /// [`UploadRefusal::Elsewhere`] where it is further or not so far; a complete one is at its end.
    pub fn room(&self, at: u64) -> Result<u64, UploadRefusal> {
        if let UploadState::GivenUp { reason } = self.state {
            return Err(UploadRefusal::GivenUp(reason));
        }
        let offset = self.offset();
        if at == offset { Ok(self.size - offset) } else { Err(UploadRefusal::Elsewhere { offset }) }
    }

    /// So many more bytes are on disk.
    ///
    /// # Errors
    /// [`UploadRefusal`]: it was elsewhere, or has no room.
    pub fn append(self, at: u64, length: u64, now: DateTime<Utc>) -> Result<Self, UploadRefusal> {
        let room = self.room(at)?;
        if length > room {
            return Err(UploadRefusal::TooMuch);
        }
        if let UploadState::Complete { .. } = self.state {
            return Ok(self);
        }
        Ok(Self { state: UploadState::Open { offset: at + length }, expires_at: now + PATIENCE, ..self })
    }

    /// Its disk has lost bytes that it had: it goes on from those that are there.
    #[must_use]
    pub fn set_back(self, there: u64) -> Self {
        match self.state {
            UploadState::Open { offset } if offset > there => {
                Self { state: UploadState::Open { offset: there }, ..self }
            }
            _ => self,
        }
    }

    /// All bytes are there, and have this hash.
    ///
    /// # Errors
    /// [`UploadRefusal::Unfinished`], or [`UploadRefusal::GivenUp`] where they are not those that were promised.
    pub fn complete(self, hash: Hash, attachment: AttachmentId) -> Result<Self, UploadRefusal> {
        match self.state {
            UploadState::Open { offset } if offset < self.size => Err(UploadRefusal::Unfinished { offset }),
            UploadState::Open { .. } if self.hash.is_some_and(|promised| promised != hash) => {
                Err(UploadRefusal::GivenUp(GivenUp::OtherBytes))
            }
            UploadState::Open { .. } => Ok(Self { state: UploadState::Complete { attachment }, ..self }),
            UploadState::Complete { .. } => Ok(self),
            UploadState::GivenUp { reason } => Err(UploadRefusal::GivenUp(reason)),
        }
    }

    /// Nothing will come of it. What is complete stays so.
    #[must_use]
    pub fn give_up(self, reason: GivenUp) -> Self {
        match self.state {
            UploadState::Open { .. } => Self { state: UploadState::GivenUp { reason }, ..self },
            UploadState::Complete { .. } | UploadState::GivenUp { .. } => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const GIB: u64 = 1 << 30;

    fn wish(name: &str, size: u64) -> Result<Upload, Vec<Unwanted>> {
        let wish = Wish { name, size, hash: Some(Hash([1; 32])), limit: GIB };
        let id = Uuid::from_u128;
        Upload::begin(CampaignId(id(1)), UploadId(id(2)), UserId(id(3)), &wish, DateTime::UNIX_EPOCH)
    }

    fn photo() -> Upload {
        wish("照片.jpg", 100).expect("a photograph")
    }

    #[test]
    fn a_wish_is_told_everything_that_is_wrong_with_it() {
        use NotTaken as N;
        let not = Unwanted::NotTaken;
        let check = |name: &str, size, faults: &[Unwanted]| {
            assert_eq!(wish(name, size).err().as_deref(), Some(faults), "{name}");
        };
        check("..", 0, &[Unwanted::Name(NameFault::Empty), not(N::Empty)]);
        check("../../run.exe", 0, &[not(N::Program), not(N::Empty)]);
        check("图.svg", 10, &[not(N::Markup)]);
        check("照片.jpg", 51 << 20, &[not(N::TooLarge { limit: 50 << 20 })]);
        check("视频.mp4", GIB, &[not(N::TooLarge { limit: 500 << 20 })]);
        check("没有后缀", 2 * GIB, &[not(N::TooLarge { limit: GIB })]);
        check(&format!("{}.jpg", "清".repeat(252)), 1, &[Unwanted::Name(NameFault::TooLong)]);
        assert_eq!(
            wish(&format!("{}.jpg", "清".repeat(251)), 1).map(|upload| upload.name.chars().count()),
            Ok(255)
        );
        assert_eq!(wish("C:\\照片\\1.jpg", 1).map(|upload| upload.name), Ok("1.jpg".into()));
    }

    #[test]
    fn a_piece_that_comes_twice_or_too_early_changes_nothing() {
        let now = DateTime::UNIX_EPOCH;
        let half = photo().append(0, 50, now).expect("the first half");
        assert_eq!(half.clone().append(0, 50, now), Err(UploadRefusal::Elsewhere { offset: 50 }));
        assert_eq!(half.clone().append(60, 10, now), Err(UploadRefusal::Elsewhere { offset: 50 }));
        assert_eq!(half.clone().append(50, 51, now), Err(UploadRefusal::TooMuch));
        let attachment = AttachmentId(Uuid::from_u128(9));
        assert_eq!(
            half.clone().complete(Hash([1; 32]), attachment),
            Err(UploadRefusal::Unfinished { offset: 50 })
        );
        let whole = half.append(50, 50, now).expect("the second half");
        let other = whole.clone().complete(Hash([2; 32]), attachment);
        assert_eq!(other, Err(UploadRefusal::GivenUp(GivenUp::OtherBytes)));
        let complete = whole.complete(Hash([1; 32]), attachment).expect("as promised");
        assert_eq!(complete.state, UploadState::Complete { attachment });
        assert_eq!(complete.clone().append(100, 0, now), Ok(complete.clone()), "the end, asked for again");
        assert_eq!(complete.clone().append(50, 50, now), Err(UploadRefusal::Elsewhere { offset: 100 }));
        assert_eq!(complete.clone().complete(Hash([1; 32]), attachment), Ok(complete.clone()));
        assert_eq!(complete.clone().give_up(GivenUp::Expired), complete);
        assert_eq!(complete.clone().set_back(3), complete);
    }

    #[test]
    fn what_was_given_up_says_why_for_good() {
        let reason = GivenUp::NotTaken(NotTaken::Polyglot);
        let gone = photo().give_up(reason);
        assert_eq!(gone.clone().give_up(GivenUp::Expired), gone);
        assert_eq!(gone.room(0), Err(UploadRefusal::GivenUp(reason)));
        let stored = serde_json::to_string(&gone.state).expect("stored");
        assert_eq!(serde_json::from_str::<UploadState>(&stored).expect("read"), gone.state);
    }

    #[test]
    fn each_byte_gives_another_day() {
        let later = DateTime::UNIX_EPOCH + TimeDelta::hours(20);
        let upload = photo().append(0, 1, later).expect("a byte");
        assert_eq!(upload.expires_at, later + PATIENCE);
        assert_eq!(upload.set_back(0).offset(), 0);
    }

    proptest! {
        #[test]
        fn however_pieces_come_the_offset_is_what_was_taken_and_never_beyond_the_size(
            pieces in proptest::collection::vec((0..120_u64, 0..120_u64), 0..40)
        ) {
            let mut upload = photo();
            for (at, length) in pieces {
                let before = upload.offset();
                match upload.clone().append(at, length, DateTime::UNIX_EPOCH) {
                    Ok(after) => {
                        prop_assert_eq!((at, after.offset()), (before, before + length));
                        upload = after;
                    }
                    Err(_) => prop_assert!(at != before || before + length > 100),
                }
                prop_assert!(upload.offset() <= upload.size);
            }
        }
    }
}
