use super::Fingerprint;
use crate::attachment::{NoThumbnail, Picture};

/// Why the look of a photograph was compared with no other: who reviews it looks twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Uncompared {
    /// Its format is not decoded here (HEIC).
    Undecoded,
    Damaged,
    TooManyPixels,
    TookTooLong,
    /// There is too little to be seen in it (`Fingerprint::plain`).
    Plain,
}

impl Uncompared {
    /// None: it was compared, or is still to be looked at. `look` is None where there is no fingerprint.
    pub fn of(picture: &Picture, look: Option<&Fingerprint>) -> Option<Self> {
        match picture {
            Picture::None | Picture::Waiting => None,
            Picture::Unseen { why, .. } => Some(match why {
                NoThumbnail::Undecoded => Self::Undecoded,
                NoThumbnail::Damaged => Self::Damaged,
                NoThumbnail::TooManyPixels => Self::TooManyPixels,
                NoThumbnail::TookTooLong => Self::TookTooLong,
            }),
            Picture::Seen { .. } => look.is_some_and(Fingerprint::plain).then_some(Self::Plain),
        }
    }
}
