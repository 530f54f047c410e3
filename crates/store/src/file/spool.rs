use std::{
    collections::HashMap,
    io::{Error, ErrorKind, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use bytes::Bytes;
use chengjing_domain::{
    attachment::{
        archive,
        sniff::{Extract, HEAD, TAIL},
    },
    id::{CampaignId, UploadId},
};
use chrono::{DateTime, Utc};
use futures_util::{Stream, stream};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt},
    sync::{OwnedMutexGuard, watch},
};

use super::failed;
use crate::error::StoreError;

/// An upload's file.
pub type SpoolKey = (CampaignId, UploadId);

/// Files on their way, on the own disk: one for each upload, as long as what has arrived. Of several servers the one that
/// began an upload must get the rest of it.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    turns: Mutex<HashMap<SpoolKey, Arc<Turns>>>,
}

#[derive(Debug)]
struct Turns {
    lock: Arc<tokio::sync::Mutex<()>>,
    asked: watch::Sender<u64>,
}

/// The right to write to an upload's file. Who asks for it later gets it from who holds it: behind a connection that
/// hangs, the same sender has begun anew.
#[derive(Debug)]
pub struct Turn {
    _held: OwnedMutexGuard<()>,
    asked: watch::Receiver<u64>,
}

impl Turn {
    /// Returns when somebody else wants to go on with the upload.
    pub async fn is_called(&mut self) {
        if self.asked.changed().await.is_err() {
            // Nobody can ask any more.
            std::future::pending::<()>().await;
        }
    }
}

/// Writes on at the end of an upload's file.
#[derive(Debug)]
pub struct SpoolWriter {
    file: File,
    /// Whether the folder knows of the file for good.
    folder: Option<PathBuf>,
}

impl SpoolWriter {
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.file.write_all(bytes).await.map_err(failed)
    }

    /// Returns when all that was written is on disk.
    pub async fn sync(&mut self) -> Result<(), StoreError> {
        self.file.flush().await.map_err(failed)?;
        self.file.sync_data().await.map_err(failed)?;
        if let Some(folder) = self.folder.take() {
            File::open(folder).await.map_err(failed)?.sync_all().await.map_err(failed)?;
        }
        Ok(())
    }
}

impl Spool {
    pub(super) fn open(folder: PathBuf) -> Result<Self, StoreError> {
        std::fs::create_dir_all(&folder).map_err(StoreError::file)?;
        Ok(Self { folder, turns: Mutex::default() })
    }

    /// Waits for the turn to write to an upload's file, and calls whoever has it.
    pub async fn take(&self, key: SpoolKey) -> Turn {
        let (lock, asked) = {
            let mut all = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            // Whatever nobody holds any more is let go of, now and then.
            if all.len() > 1_000 {
                all.retain(|_, turns| Arc::strong_count(&turns.lock) > 1);
            }
            let turns = all
                .entry(key)
                .or_insert_with(|| Arc::new(Turns { lock: Arc::default(), asked: watch::channel(0).0 }));
            turns.asked.send_modify(|count| *count += 1);
            (Arc::clone(&turns.lock), turns.asked.subscribe())
        };
        Turn { _held: lock.lock_owned().await, asked }
    }

    /// How many bytes of it are there.
    pub async fn length(&self, key: SpoolKey) -> Result<u64, StoreError> {
        match tokio::fs::metadata(self.path(key)).await {
            Ok(meta) => Ok(meta.len()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(failed(error)),
        }
    }

    /// To write on from `at`; what stood behind it was never acknowledged and goes.
    pub async fn write_from(&self, key: SpoolKey, at: u64) -> Result<SpoolWriter, StoreError> {
        let path = self.path(key);
        let options =
            tokio::fs::OpenOptions::new().write(true).create(true).truncate(false).open(&path).await;
        let mut file = options.map_err(failed)?;
        file.set_len(at).await.map_err(failed)?;
        file.seek(SeekFrom::Start(at)).await.map_err(failed)?;
        Ok(SpoolWriter { file, folder: Some(self.folder.clone()) })
    }

    /// What has to be read of it to tell what it is.
    pub async fn extract(&self, key: SpoolKey) -> Result<Extract, StoreError> {
        let mut file = File::open(self.path(key)).await.map_err(failed)?;
        let size = file.metadata().await.map_err(failed)?.len();
        let head = read_at(&mut file, 0, size.min(HEAD as u64)).await?;
        let from = size.saturating_sub(TAIL as u64);
        let tail = read_at(&mut file, from, size - from).await?;
        let directory = match archive::directory(&tail, size) {
            Some(range) if range.end - range.start <= archive::LONGEST_DIRECTORY => {
                Some(read_at(&mut file, range.start, range.end - range.start).await?)
            }
            Some(_) | None => None,
        };
        Ok(Extract { size, head, tail, directory })
    }

    /// All of its bytes.
    pub async fn read(
        &self,
        key: SpoolKey,
    ) -> Result<impl Stream<Item = Result<Bytes, Error>> + Send + use<>, StoreError> {
        const PIECE: usize = 256 << 10;
        let file = File::open(self.path(key)).await.map_err(failed)?;
        Ok(stream::try_unfold(file, |mut file| async move {
            let mut piece = Vec::with_capacity(PIECE);
            while piece.len() < PIECE && file.read_buf(&mut piece).await? > 0 {}
            Ok((!piece.is_empty()).then(|| (Bytes::from(piece), file)))
        }))
    }

    pub async fn remove(&self, key: SpoolKey) -> Result<(), StoreError> {
        match tokio::fs::remove_file(self.path(key)).await {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    /// Removes files to which nothing was written since; returns how many.
    pub async fn sweep(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut removed = 0;
        let mut entries = tokio::fs::read_dir(&self.folder).await.map_err(failed)?;
        while let Some(entry) = entries.next_entry().await.map_err(failed)? {
            let changed = entry.metadata().await.and_then(|meta| meta.modified());
            if changed.is_ok_and(|changed| changed < SystemTime::from(before)) {
                tokio::fs::remove_file(entry.path()).await.map_err(failed)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn path(&self, (campaign, upload): SpoolKey) -> PathBuf {
        Path::join(&self.folder, format!("{campaign}-{upload}"))
    }
}

async fn read_at(file: &mut File, at: u64, length: u64) -> Result<Vec<u8>, StoreError> {
    file.seek(SeekFrom::Start(at)).await.map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes).await.map_err(failed)?;
    Ok(bytes)
}
