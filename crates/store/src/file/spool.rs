use std::{
    collections::HashMap,
    fs::File,
    io::{Error, ErrorKind, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use bytes::Bytes;
use chengjing_domain::{
    attachment::{
        archive,
        sniff::{Extract, HEAD, TAIL},
    },
    id::{CampaignId, UploadId},
    ledger::Hash,
};
use chrono::{DateTime, Utc};
use futures_util::Stream;
use sha2::{Digest, Sha256};
use tokio::{
    sync::{OwnedMutexGuard, Semaphore, watch},
    task::{JoinHandle, spawn_blocking},
};

use super::{
    blocking, failed,
    pieces::{self, PIECE},
};
use crate::error::StoreError;

/// An upload's file.
pub type SpoolKey = (CampaignId, UploadId);

/// Files on their way, on the own disk: one for each upload, as long as what has arrived. Of several servers the one that
/// began an upload must get the rest of it.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    /// Who writes just now.
    writers: Arc<Semaphore>,
    turns: Mutex<HashMap<SpoolKey, Arc<Turns>>>,
}

#[derive(Debug)]
struct Turns {
    lock: Arc<tokio::sync::Mutex<()>>,
    asked: watch::Sender<u64>,
    /// So many bytes from the beginning are on disk, and this is how far their hash is. None where this process has not seen
    /// all of them.
    hashed: Mutex<Option<(u64, Sha256)>>,
}

/// The right to write to an upload's file. Who asks for it later gets it from who holds it: behind a connection that
/// hangs, the same sender has begun anew.
#[derive(Debug)]
pub struct Turn {
    key: SpoolKey,
    turns: Arc<Turns>,
    /// Each write holds it too: one that goes on after its request was cut off is over before the next one's turn.
    held: Arc<OwnedMutexGuard<()>>,
    asked: watch::Receiver<u64>,
}

impl Turn {
    pub fn key(&self) -> SpoolKey {
        self.key
    }

    /// Returns when somebody else wants to go on with the upload.
    pub async fn is_called(&mut self) {
        if self.asked.changed().await.is_err() {
            // Nobody can ask any more.
            std::future::pending::<()>().await;
        }
    }
}

/// Bytes that are gathered before they are written and hashed, on a thread where nobody waits for anything else, while the next
/// ones arrive. With fewer, waking that thread costs more than writing.
const GATHERED: usize = 512 << 10;

/// Pieces in which they may come: of tiny ones, the list of them would weigh more than they do.
const PIECES: usize = 256;

/// Threads that write at the same time: more would only wait for the same disk, and each would keep memory of its own.
const WRITERS: usize = 16;

/// Writes on at the end of an upload's file, and hashes what it writes.
#[derive(Debug)]
pub struct SpoolWriter {
    file: Arc<File>,
    writers: Arc<Semaphore>,
    turns: Arc<Turns>,
    held: Arc<OwnedMutexGuard<()>>,
    /// As they came, not copied.
    gathered: Vec<Bytes>,
    gathered_bytes: usize,
    /// None while the thread that writes has it, and where what came before was not seen.
    hasher: Option<Sha256>,
    length: u64,
    writing: Option<JoinHandle<Result<Option<Sha256>, Error>>>,
    /// Whether the folder knows of the file for good.
    folder: Option<PathBuf>,
}

impl SpoolWriter {
    /// What goes wrong with these bytes may be told by the next call; [`SpoolWriter::sync`] tells all.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), StoreError> {
        self.gathered_bytes += bytes.len();
        self.gathered.push(bytes);
        if self.gathered_bytes >= GATHERED || self.gathered.len() >= PIECES {
            self.hand_over().await?;
        }
        Ok(())
    }

    /// Returns when all that was written is on disk.
    pub async fn sync(&mut self) -> Result<(), StoreError> {
        self.hand_over().await?;
        self.settle().await?;
        let place = Arc::clone(&self.writers).acquire_owned().await.map_err(failed)?;
        let (file, held, folder) = (Arc::clone(&self.file), Arc::clone(&self.held), self.folder.take());
        blocking(move || {
            let _held = (held, place);
            file.sync_data()?;
            folder.map_or(Ok(()), |folder| File::open(folder)?.sync_all())
        })
        .await?;
        *known(&self.turns) = self.hasher.clone().map(|hasher| (self.length, hasher));
        Ok(())
    }

    async fn hand_over(&mut self) -> Result<(), StoreError> {
        self.settle().await?;
        if self.gathered.is_empty() {
            return Ok(());
        }
        let place = Arc::clone(&self.writers).acquire_owned().await.map_err(failed)?;
        self.length += std::mem::take(&mut self.gathered_bytes) as u64;
        let gathered = std::mem::take(&mut self.gathered);
        let (file, held, mut hasher) = (Arc::clone(&self.file), Arc::clone(&self.held), self.hasher.take());
        self.writing = Some(spawn_blocking(move || {
            let _held = (held, place);
            for piece in gathered {
                (&*file).write_all(&piece)?;
                if let Some(hasher) = &mut hasher {
                    hasher.update(&piece);
                }
            }
            Ok(hasher)
        }));
        Ok(())
    }

    /// Waits for what is being written.
    async fn settle(&mut self) -> Result<(), StoreError> {
        if let Some(writing) = self.writing.take() {
            self.hasher = writing.await.map_err(failed)?.map_err(failed)?;
        }
        Ok(())
    }
}

/// How far the hash of an upload's file is.
fn known(turns: &Turns) -> MutexGuard<'_, Option<(u64, Sha256)>> {
    turns.hashed.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Spool {
    pub(super) fn open(folder: PathBuf) -> Result<Self, StoreError> {
        std::fs::create_dir_all(&folder).map_err(StoreError::file)?;
        Ok(Self { folder, writers: Arc::new(Semaphore::new(WRITERS)), turns: Mutex::default() })
    }

    /// Waits for the turn to write to an upload's file, and calls whoever has it.
    pub async fn take(&self, key: SpoolKey) -> Turn {
        let (turns, asked) = {
            let mut all = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            // Whatever nobody holds any more is let go of, now and then.
            if all.len() > 1_000 {
                all.retain(|_, turns| Arc::strong_count(turns) > 1 || Arc::strong_count(&turns.lock) > 1);
            }
            let turns = all.entry(key).or_insert_with(|| {
                let (lock, asked) = (Arc::default(), watch::channel(0).0);
                Arc::new(Turns { lock, asked, hashed: Mutex::default() })
            });
            turns.asked.send_modify(|count| *count += 1);
            (Arc::clone(turns), turns.asked.subscribe())
        };
        let held = Arc::new(Arc::clone(&turns.lock).lock_owned().await);
        Turn { key, turns, held, asked }
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
    pub async fn write_from(&self, turn: &Turn, at: u64) -> Result<SpoolWriter, StoreError> {
        let (path, held) = (self.path(turn.key), Arc::clone(&turn.held));
        let file = blocking(move || {
            let _held = held;
            let mut file = File::options().write(true).create(true).truncate(false).open(path)?;
            file.set_len(at)?;
            file.seek(SeekFrom::Start(at))?;
            Ok(file)
        });
        let file = Arc::new(file.await?);
        let hasher = {
            let mut known = known(&turn.turns);
            if at == 0 {
                *known = Some((0, Sha256::new()));
            } else if known.as_ref().is_some_and(|(length, _)| *length != at) {
                *known = None;
            }
            known.as_ref().map(|(_, hasher)| hasher.clone())
        };
        Ok(SpoolWriter {
            file,
            writers: Arc::clone(&self.writers),
            turns: Arc::clone(&turn.turns),
            held: Arc::clone(&turn.held),
            gathered: Vec::new(),
            gathered_bytes: 0,
            hasher,
            length: at,
            writing: None,
            folder: Some(self.folder.clone()),
        })
    }

    /// The hash of all of its bytes, of which there are so many: known since they came, or else read.
    pub async fn digest(&self, turn: &Turn, size: u64) -> Result<Hash, StoreError> {
        if let Some((length, hasher)) = &*known(&turn.turns)
            && *length == size
        {
            return Ok(Hash(hasher.clone().finalize().into()));
        }
        let path = self.path(turn.key);
        blocking(move || {
            let (mut file, mut hasher, mut piece) = (File::open(path)?, Sha256::new(), vec![0; PIECE]);
            loop {
                match file.read(&mut piece)? {
                    0 => return Ok(Hash(hasher.finalize().into())),
                    read => hasher.update(&piece[..read]),
                }
            }
        })
        .await
    }

    /// What has to be read of it to tell what it is.
    pub async fn extract(&self, key: SpoolKey) -> Result<Extract, StoreError> {
        let path = self.path(key);
        blocking(move || {
            let mut file = File::open(path)?;
            let size = file.metadata()?.len();
            let head = read_at(&mut file, 0, size.min(HEAD as u64))?;
            let from = size.saturating_sub(TAIL as u64);
            let tail = read_at(&mut file, from, size - from)?;
            let directory = match archive::directory(&tail, size) {
                Some(range) if range.end - range.start <= archive::LONGEST_DIRECTORY => {
                    Some(read_at(&mut file, range.start, range.end - range.start)?)
                }
                Some(_) | None => None,
            };
            Ok(Extract { size, head, tail, directory })
        })
        .await
    }

    /// All of its bytes.
    pub async fn read(
        &self,
        key: SpoolKey,
    ) -> Result<impl Stream<Item = Result<Bytes, Error>> + Send + use<>, StoreError> {
        let path = self.path(key);
        let file = blocking(move || File::open(path)).await?;
        Ok(pieces::of(file, 0..u64::MAX))
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

    pub(super) fn path(&self, (campaign, upload): SpoolKey) -> PathBuf {
        Path::join(&self.folder, format!("{campaign}-{upload}"))
    }
}

fn read_at(file: &mut File, at: u64, length: u64) -> Result<Vec<u8>, Error> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}
