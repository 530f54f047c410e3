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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use chengjing_store::file::FilesUrl;
    use futures_util::stream;
    use uuid::Uuid;

    use super::*;

    const MIB: u64 = 1 << 20;

    /// Bytes of memory that this process holds; each test has a process of its own.
    fn held() -> u64 {
        let said = std::fs::read_to_string("/proc/self/status").expect("what the system says of it");
        let line = said.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        let kib: u64 = line.trim().trim_end_matches(" kB").trim().parse().expect("a number");
        kib << 10
    }

    #[tokio::test]
    async fn hundreds_of_megabytes_in_thousands_of_files_are_packed_without_being_held() {
        let folder = tempfile::tempdir().expect("a folder");
        let files =
            Files::open(&FilesUrl::Folder(folder.path().join("files")), folder.path()).expect("files");
        let pieces = (0..40_u8).map(|n| Ok::<_, std::io::Error>(Bytes::from(vec![n; MIB as usize])));
        let large = files.put(stream::iter(pieces), 40 * MIB).await.expect("a video");
        let small = files.put_bytes(Bytes::from(vec![7; 9_000])).await.expect("a photograph");
        let job = JobId(Uuid::from_u128(1));
        let day = NaiveDate::from_ymd_opt(2026, 5, 6).expect("a day");
        let (before, mut most) = (held(), 0);
        let mut parcel = Parcel::begin(&files, job, day).await.expect("begun");
        for number in 0..3_000 {
            let file = if number % 500 == 0 { large } else { small };
            let path = format!("卷宗/{number:04}_材料");
            assert_eq!(parcel.put_file(&files, file.hash, &path).await.expect("packed"), Fared::Well);
            most = held().max(most);
        }
        let missing = parcel.put_file(&files, Hash([9; 32]), "卷宗/没有").await.expect("told");
        assert_eq!(missing, Fared::Missing);
        let size = parcel.end().await.expect("an end");
        assert!(size > 240 * MIB, "{size} bytes");
        assert_eq!(files.laid_out_size(job).await.expect("asked"), Some(size));
        let grown = most.saturating_sub(before);
        assert!(grown < 24 * MIB, "{} MiB more were held", grown >> 20);
    }
}
