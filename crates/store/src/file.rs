//! Uploaded files, kept under the hash of what is in them: the same file twice is one, and a changed one is found out.

use std::{
    fmt,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use chengjing_domain::{id::JobId, ledger::Hash};
use futures_util::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    Error as ObjectError, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload, local::LocalFileSystem,
    path::Path as Key,
};
use sha2::{Digest, Sha256};

use crate::error::StoreError;

/// The files of an installation: a local folder, or whatever else `object_store` speaks to.
#[derive(Clone)]
pub struct Files {
    objects: Arc<dyn ObjectStore>,
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

/// Bytes that are gathered before they go to disk.
const PART: usize = 1 << 20;

impl Files {
    /// The files under a data folder.
    ///
    /// # Errors
    /// [`StoreError::File`] where the folder can't be made.
    pub fn open(data: &Path) -> Result<Self, StoreError> {
        let folder = data.join("files");
        std::fs::create_dir_all(&folder).map_err(StoreError::file)?;
        // Durable before it is answered, as every write is.
        let objects = LocalFileSystem::new_with_prefix(folder).map_err(StoreError::file)?.with_fsync(true);
        Ok(Self { objects: Arc::new(objects) })
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
        let mut upload = self.objects.put_multipart(&arriving).await.map_err(failed)?;
        let written = write_all(&mut *upload, bytes, limit).await;
        let file = match written {
            Ok(file) => file,
            Err(error) => {
                // What remains is swept up later; the caller hears of the first fault.
                upload.abort().await.ok();
                return Err(error);
            }
        };
        upload.complete().await.map_err(failed)?;
        let key = key(file.hash);
        // The same bytes under the same name: replacing them changes nothing.
        if let Err(error) = self.objects.rename(&arriving, &key).await {
            self.objects.delete(&arriving).await.ok();
            return Err(failed(error).into());
        }
        Ok(file)
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
                Ok(Some((file, found.into_stream().map_err(failed).boxed())))
            }
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

    /// What a job laid out; None where it was swept out since.
    pub async fn fetch(&self, job: JobId) -> Result<Option<Bytes>, StoreError> {
        match self.objects.get(&laid_out(job)).await {
            Ok(found) => found.bytes().await.map(Some).map_err(failed),
            Err(ObjectError::NotFound { .. }) => Ok(None),
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
        }
        Ok(removed)
    }
}

async fn write_all<S, E>(upload: &mut dyn MultipartUpload, bytes: S, limit: u64) -> Result<FileRef, PutError>
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
        if gathered >= PART {
            gathered = 0;
            upload.put_part(PutPayload::from_iter(part.drain(..))).await.map_err(failed)?;
        }
    }
    if !part.is_empty() {
        upload.put_part(PutPayload::from_iter(part)).await.map_err(failed)?;
    }
    Ok(FileRef { hash: Hash(hasher.finalize().into()), size })
}

/// Two letters of the hash make the folder, so that none holds all files.
fn key(hash: Hash) -> Key {
    let hash = hash.to_string();
    Key::from_iter(["stored", &hash[..2], &hash])
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

fn failed(error: ObjectError) -> StoreError {
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
