//! A zip that is laid out while it is packed.

use bytes::Bytes;
use chengjing_domain::{id::JobId, ledger::Hash};
use chengjing_press::{Packer, PressError};
use chengjing_store::{
    StoreError,
    file::{Files, Laying},
};
use chrono::NaiveDate;
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};

/// Holds a piece of one file at a time.
pub(super) struct Parcel {
    packer: Packer,
    laying: Laying,
}

/// Why it is not packed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("it could not be stored")]
    Store(#[from] StoreError),
    #[error("it could not be packed")]
    Press(#[from] PressError),
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fared {
    Well,
    Missing,
    /// Its bytes are not those that arrived once; they are packed as they are.
    Changed,
}

impl Parcel {
    pub(super) async fn begin(files: &Files, job: JobId, day: NaiveDate) -> Result<Self, Broken> {
        Ok(Self { packer: Packer::new(day), laying: files.begin_laying_out(job).await? })
    }

    /// Packs what is at hand.
    pub(super) async fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), Broken> {
        self.packer.begin(path, bytes.len() as u64)?;
        self.packer.piece(bytes)?;
        self.hand_over().await
    }

    /// Packs a stored file, piece by piece.
    pub(super) async fn put_file(&mut self, files: &Files, hash: Hash, path: &str) -> Result<Fared, Broken> {
        let Some((file, mut pieces)) = files.get(hash).await? else { return Ok(Fared::Missing) };
        self.packer.begin(path, file.size)?;
        let mut hasher = Sha256::new();
        while let Some(piece) = pieces.try_next().await? {
            hasher.update(&piece);
            self.packer.piece(&piece)?;
            self.hand_over().await?;
        }
        let sound = Hash(hasher.finalize().into()) == hash;
        Ok(if sound { Fared::Well } else { Fared::Changed })
    }

    /// Ends it; returns how many bytes it has.
    pub(super) async fn end(self) -> Result<u64, Broken> {
        let Self { packer, mut laying } = self;
        laying.write(Bytes::from(packer.end()?)).await?;
        Ok(laying.complete().await?)
    }

    pub(super) async fn abort(self) {
        self.laying.abort().await;
    }

    async fn hand_over(&mut self) -> Result<(), Broken> {
        Ok(self.laying.write(Bytes::from(self.packer.take())).await?)
    }
}
