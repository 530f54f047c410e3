//! Uploaded files, kept under the hash of what is in them: the same file twice is one, and a changed one is found out.
//!
//! They lie in a folder or in S3, behind one door. What is on its way lies in the [`Spool`], always on the own disk.

mod link;
mod pieces;
mod place;
mod spool;

use std::{
    fmt,
    ops::Range,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use chengjing_domain::{id::JobId, ledger::Hash};
use futures_util::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    Error as ObjectError, GetOptions, GetRange, GetResult, GetResultPayload, MultipartUpload, ObjectStore,
    ObjectStoreExt, PutPayload, path::Path as Key,
};
pub use place::{FilesUrl, UnknownFiles};
use sha2::{Digest, Sha256};
pub use spool::{Spool, SpoolKey, SpoolWriter, Turn};
use tokio::{sync::RwLock, task::spawn_blocking};

use crate::error::StoreError;

/// The files of an installation.
#[derive(Clone)]
pub struct Files {
    objects: Arc<dyn ObjectStore>,
    /// Bytes that are gathered before they are handed over.
    part: usize,
    /// Whether what is not more than one part is handed over at once, under its name. In a folder it never is: there
    /// a name is given by a rename, which leaves no half of a file behind.
    at_once: bool,
    spool: Arc<Spool>,
    /// Where they lie, if in a folder.
    folder: Option<Arc<Path>>,
    /// Held while a file gets its name, and alone while one is looked at to be removed, so that none is removed that
    /// somebody has just stored again.
    naming: Arc<RwLock<()>>,
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Files({})", self.objects)
    }
}

/// A stored file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileRef {
    /// SHA-256 of its bytes.
    pub hash: Hash,
    /// In bytes.
    pub size: u64,
}

/// Something that a job lays out piece by piece. Of what is dropped before it is whole nothing stays in a folder; a bucket
/// has a rule of its own for uploads that never end.
#[derive(Debug)]
pub struct Laying {
    upload: Box<dyn MultipartUpload>,
    part: Vec<Bytes>,
    gathered: usize,
    size: u64,
    /// Bytes that are gathered before they are handed over.
    at: usize,
}

impl Laying {
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), StoreError> {
        self.size += bytes.len() as u64;
        self.gathered += bytes.len();
        self.part.push(bytes);
        if self.gathered >= self.at { self.hand_over().await } else { Ok(()) }
    }

    /// Ends it; returns how many bytes it has.
    pub async fn complete(mut self) -> Result<u64, StoreError> {
        if self.gathered > 0 {
            self.hand_over().await?;
        }
        self.upload.complete().await.map_err(failed)?;
        Ok(self.size)
    }

    /// Takes back what is there of it.
    pub async fn abort(mut self) {
        self.upload.abort().await.ok();
    }

    async fn hand_over(&mut self) -> Result<(), StoreError> {
        self.gathered = 0;
        let part = PutPayload::from_iter(self.part.drain(..));
        self.upload.put_part(part).await.map_err(failed)
    }
}

/// Why a file was not stored.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    #[error("the file is larger than {limit} bytes")]
    TooLarge { limit: u64 },
    /// The sender broke off, or never was well.
    #[error("the file did not arrive whole")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the file could not be stored")]
    Store(#[from] StoreError),
}

/// How a stored file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    Sound,
    Missing,
    /// Its bytes no longer have its hash.
    Corrupt,
}

impl Files {
    /// The files at that place, with the spool under the data folder.
    ///
    /// # Errors
    /// [`StoreError::File`] where a folder can't be made, or S3 is not told how to be reached.
    pub fn open(at: &FilesUrl, data: &Path) -> Result<Self, StoreError> {
        let spool = Arc::new(Spool::open(data.join("uploads"))?);
        let (objects, part, at_once) = place::open(at)?;
        let folder = match at {
            FilesUrl::Folder(folder) => Some(Arc::from(folder.as_path())),
            FilesUrl::S3 { .. } => None,
        };
        Ok(Self { objects, part, at_once, spool, folder, naming: Arc::default() })
    }

    /// Asks whether the place answers at all.
    ///
    /// # Errors
    /// [`StoreError::File`], with what S3 or the disk said.
    pub async fn probe(&self) -> Result<(), StoreError> {
        self.objects.list_with_delimiter(None).await.map(drop).map_err(failed)
    }

    /// Files on their way.
    pub fn spool(&self) -> &Arc<Spool> {
        &self.spool
    }

    /// Stores a file as it arrives: hashed while it is written, and only given its name when it is whole.
    ///
    /// # Errors
    /// See [`PutError`]; nothing is left behind.
    pub async fn put<S, E>(&self, bytes: S, limit: u64) -> Result<FileRef, PutError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let arriving = arriving();
        let mut upload = None;
        match self.write_all(&arriving, &mut upload, bytes, limit).await {
            Ok(file) => Ok(file),
            Err(error) => {
                // What remains is swept up later; the caller hears of the first fault.
                if let Some(mut upload) = upload {
                    upload.abort().await.ok();
                }
                Err(error)
            }
        }
    }

    async fn write_all<S, E>(
        &self,
        arriving: &Key,
        upload: &mut Option<Box<dyn MultipartUpload>>,
        bytes: S,
        limit: u64,
    ) -> Result<FileRef, PutError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut bytes = std::pin::pin!(bytes);
        let mut hasher = Sha256::new();
        let mut size = 0_u64;
        let mut part: Vec<Bytes> = Vec::new();
        let mut gathered = 0;
        while let Some(some) = bytes.next().await {
            let some = some.map_err(|error| PutError::Broken(error.into()))?;
            size += some.len() as u64;
            if size > limit {
                return Err(PutError::TooLarge { limit });
            }
            hasher.update(&some);
            gathered += some.len();
            part.push(some);
            if gathered >= self.part {
                gathered = 0;
                let part = PutPayload::from_iter(part.drain(..));
                self.begun(arriving, upload).await?.put_part(part).await.map_err(failed)?;
            }
        }
        let file = FileRef { hash: Hash(hasher.finalize().into()), size };
        let rest = PutPayload::from_iter(part);
        if self.at_once && upload.is_none() {
            let _named = self.naming.read().await;
            self.objects.put(&key(file.hash), rest).await.map_err(failed)?;
            return Ok(file);
        }
        let begun = self.begun(arriving, upload).await?;
        if gathered > 0 {
            begun.put_part(rest).await.map_err(failed)?;
        }
        begun.complete().await.map_err(failed)?;
        // It is an object of its own now, and no longer an upload to be aborted.
        *upload = None;
        let _named = self.naming.read().await;
        // The same bytes under the same name: replacing them changes nothing but the file's age.
        if let Err(error) = self.objects.rename(arriving, &key(file.hash)).await {
            self.objects.delete(arriving).await.ok();
            return Err(failed(error).into());
        }
        Ok(file)
    }

    /// Stores an upload's file, all of which has arrived and has that hash. In a folder on the same disk it is only given its
    /// name; it keeps that of the upload too until [`Spool::remove`], so that a crash between the two loses nothing.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] where it has another hash.
    pub async fn take_over(&self, turn: &Turn, file: FileRef) -> Result<(), StoreError> {
        if let Some(folder) = &self.folder {
            let (there, passing) = (self.spool.path(turn.key()), within(folder, &arriving()));
            let name = within(folder, &key(file.hash));
            let _named = self.naming.read().await;
            if blocking(move || link::link(&there, &passing, &name)).await? {
                return Ok(());
            }
        }
        let stored = match self.put(self.spool.read(turn.key()).await?, file.size).await {
            Ok(stored) => stored,
            Err(PutError::Store(error)) => return Err(error),
            Err(other) => return Err(StoreError::file(other)),
        };
        if stored == file {
            Ok(())
        } else {
            let row = turn.key().1.to_string();
            Err(StoreError::Inconsistent { table: "uploads", column: "content", row })
        }
    }

    async fn begun<'a>(
        &self,
        arriving: &Key,
        upload: &'a mut Option<Box<dyn MultipartUpload>>,
    ) -> Result<&'a mut Box<dyn MultipartUpload>, StoreError> {
        match upload {
            Some(upload) => Ok(upload),
            none => Ok(none.insert(self.objects.put_multipart(arriving).await.map_err(failed)?)),
        }
    }

    /// Stores bytes that are at hand.
    pub async fn put_bytes(&self, bytes: Bytes) -> Result<FileRef, StoreError> {
        let limit = bytes.len() as u64;
        let whole = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(bytes)]);
        match self.put(whole, limit).await {
            Ok(file) => Ok(file),
            Err(PutError::Store(error)) => Err(error),
            Err(other) => Err(StoreError::file(other)),
        }
    }

    /// What is stored under that hash; None where nothing is.
    pub async fn lookup(&self, hash: Hash) -> Result<Option<FileRef>, StoreError> {
        match self.objects.head(&key(hash)).await {
            Ok(meta) => Ok(Some(FileRef { hash, size: meta.size })),
            Err(ObjectError::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// The file's bytes as they come from the disk, unchecked; None where it is not stored.
    pub async fn get(
        &self,
        hash: Hash,
    ) -> Result<Option<(FileRef, BoxStream<'static, Result<Bytes, StoreError>>)>, StoreError> {
        match self.objects.get(&key(hash)).await {
            Ok(found) => {
                let file = FileRef { hash, size: found.meta.size };
                Ok(Some((file, bytes_of(found))))
            }
            Err(ObjectError::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// Some of the file's bytes, from the first to before the last; None where it is not stored or has none of them.
    pub async fn get_range(
        &self,
        hash: Hash,
        range: Range<u64>,
    ) -> Result<Option<BoxStream<'static, Result<Bytes, StoreError>>>, StoreError> {
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        match self.objects.get_opts(&key(hash), options).await {
            Ok(found) => Ok(Some(bytes_of(found))),
            Err(ObjectError::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// The whole file, checked against its hash; None where it is not stored.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] where its bytes no longer have its hash.
    pub async fn read(&self, hash: Hash) -> Result<Option<Bytes>, StoreError> {
        let found = match self.objects.get(&key(hash)).await {
            Ok(found) => found.bytes().await.map_err(failed)?,
            Err(ObjectError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        if Hash::of(&found) == hash {
            Ok(Some(found))
        } else {
            Err(StoreError::Inconsistent { table: "files", column: "content", row: hash.to_string() })
        }
    }

    /// Reads the file through and compares.
    pub async fn check(&self, hash: Hash) -> Result<FileState, StoreError> {
        let Some((_, mut bytes)) = self.get(hash).await? else { return Ok(FileState::Missing) };
        let mut hasher = Sha256::new();
        while let Some(some) = bytes.try_next().await? {
            hasher.update(&some);
        }
        let sound = Hash(hasher.finalize().into()) == hash;
        Ok(if sound { FileState::Sound } else { FileState::Corrupt })
    }

    /// All stored files, in no particular order.
    pub fn list(&self) -> BoxStream<'static, Result<FileRef, StoreError>> {
        let stored = Key::from("stored");
        self.objects
            .list(Some(&stored))
            .try_filter_map(|meta| async move {
                let hash = meta.location.filename().and_then(|name| name.parse().ok());
                Ok(hash.map(|hash| FileRef { hash, size: meta.size }))
            })
            .map_err(failed)
            .boxed()
    }

    /// Keeps what a job made for somebody to fetch, until it is swept out: it is in no backup, for it can be made again.
    pub async fn lay_out(&self, job: JobId, bytes: Bytes) -> Result<(), StoreError> {
        self.objects.put(&laid_out(job), PutPayload::from_bytes(bytes)).await.map_err(failed)?;
        Ok(())
    }

    /// The same of what is too large to be held: it comes piece by piece, and lies there once it is whole.
    pub async fn begin_laying_out(&self, job: JobId) -> Result<Laying, StoreError> {
        let upload = self.objects.put_multipart(&laid_out(job)).await.map_err(failed)?;
        Ok(Laying { upload, part: Vec::new(), gathered: 0, size: 0, at: self.part })
    }

    /// How many bytes a job laid out; None where it was swept out since.
    pub async fn laid_out_size(&self, job: JobId) -> Result<Option<u64>, StoreError> {
        match self.objects.head(&laid_out(job)).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(ObjectError::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// What a job laid out, or a part of it; None where it was swept out since.
    pub async fn fetch(
        &self,
        job: JobId,
        range: Option<Range<u64>>,
    ) -> Result<Option<BoxStream<'static, Result<Bytes, StoreError>>>, StoreError> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        match self.objects.get_opts(&laid_out(job), options).await {
            Ok(found) => Ok(Some(bytes_of(found))),
            Err(ObjectError::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// All files that were stored before that and never since, in no particular order.
    pub fn list_older(
        &self,
        before: chrono::DateTime<chrono::Utc>,
    ) -> BoxStream<'static, Result<FileRef, StoreError>> {
        let stored = Key::from("stored");
        self.objects
            .list(Some(&stored))
            .try_filter_map(move |meta| async move {
                let hash = meta.location.filename().and_then(|name| name.parse().ok());
                let old = meta.last_modified < before;
                Ok(hash.filter(|_| old).map(|hash| FileRef { hash, size: meta.size }))
            })
            .map_err(failed)
            .boxed()
    }

    /// Removes a file that no row names, unless it was stored again since that moment.
    pub async fn remove_older(
        &self,
        hash: Hash,
        before: chrono::DateTime<chrono::Utc>,
    ) -> Result<bool, StoreError> {
        let _alone = self.naming.write().await;
        match self.objects.head(&key(hash)).await {
            Ok(meta) if meta.last_modified < before => {
                self.objects.delete(&key(hash)).await.map_err(failed)?;
                Ok(true)
            }
            Ok(_) | Err(ObjectError::NotFound { .. }) => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }

    /// Removes what is older than that: uploads that never came to an end, and what jobs laid out.
    pub async fn sweep(&self, before: chrono::DateTime<chrono::Utc>) -> Result<u64, StoreError> {
        let mut removed = 0;
        for place in ["arriving", LAID_OUT] {
            let mut old = self.objects.list(Some(&Key::from(place)));
            while let Some(meta) = old.try_next().await.map_err(failed)? {
                if meta.last_modified < before {
                    self.objects.delete(&meta.location).await.map_err(failed)?;
                    removed += 1;
                }
            }
            if let Some(folder) = &self.folder {
                removed += sweep_halves(&folder.join(place), before).await?;
            }
        }
        Ok(removed)
    }
}

/// Removes what a crash left half written in a folder: the list of a place passes it over, by the sign in its name.
async fn sweep_halves(folder: &Path, before: chrono::DateTime<chrono::Utc>) -> Result<u64, StoreError> {
    let mut entries = match tokio::fs::read_dir(folder).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(failed(error)),
    };
    let mut removed = 0;
    while let Some(entry) = entries.next_entry().await.map_err(failed)? {
        let half = entry.file_name().to_string_lossy().contains('#');
        let changed = entry.metadata().await.and_then(|meta| meta.modified());
        if half && changed.is_ok_and(|changed| changed < std::time::SystemTime::from(before)) {
            tokio::fs::remove_file(entry.path()).await.map_err(failed)?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// A file of a folder is read in larger pieces than the door to it would.
fn bytes_of(found: GetResult) -> BoxStream<'static, Result<Bytes, StoreError>> {
    let range = found.range.clone();
    match found.payload {
        GetResultPayload::File(file, _) => pieces::of(file, range).map_err(failed).boxed(),
        GetResultPayload::Stream(bytes) => bytes.map_err(failed).boxed(),
    }
}

/// Does what waits for the disk on a thread where nobody else waits for it.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, std::io::Error> + Send + 'static,
) -> Result<T, StoreError> {
    spawn_blocking(work).await.map_err(failed)?.map_err(failed)
}

/// Two letters of the hash make the folder, so that none holds all files.
fn key(hash: Hash) -> Key {
    let hash = hash.to_string();
    Key::from_iter(["stored", &hash[..2], &hash])
}

/// Where in a folder it lies.
fn within(folder: &Path, key: &Key) -> PathBuf {
    let key: &str = key.as_ref();
    folder.join(key)
}

const LAID_OUT: &str = "laid-out";

fn laid_out(job: JobId) -> Key {
    Key::from_iter([LAID_OUT.to_owned(), job.to_string()])
}

/// A name that no other upload has, of this process or another.
fn arriving() -> Key {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let (process, next) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let place = std::ptr::from_ref(&NEXT).addr();
    Key::from_iter(["arriving".to_owned(), format!("{process:x}-{place:x}-{next:x}")])
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(cause) = source {
        let io = cause.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::StorageFull) {
            return StoreError::DiskFull;
        }
        source = cause.source();
    }
    StoreError::file(error)
}
