use std::io::{BufRead, BufReader, Read, Seek};

use bytes::Bytes;
use chengjing_domain::ledger::Hash;
use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use zip::ZipArchive;

use super::{
    BackupError, FORMAT, MANIFEST, Manifest,
    tables::{Fault, TABLES, empty, is_empty, link, needs_link, set_sequences, take_in},
};
use crate::{door::Store, file::PutError, ledger, mail, migration, observation, progress::Progress, search};

/// A letter that has waited longer when it comes out of a backup is not sent any more: its reader knows by now.
const LETTERS_LAST: TimeDelta = TimeDelta::days(1);
/// Lines taken in with one write.
const LINES: usize = 400;
/// Bytes of a file handed over in one go.
const CHUNK: usize = 1 << 18;

/// What the zip's thread finds.
enum Found {
    Manifest(Box<Manifest>),
    Lines {
        table: &'static str,
        lines: Vec<String>,
    },
    /// A table's end, with the hash of its lines.
    TableEnd {
        table: &'static str,
        rows: u64,
        hash: Hash,
    },
    File {
        hash: Hash,
        bytes: mpsc::Receiver<Result<Bytes, std::io::Error>>,
    },
}

/// From this migration on figures stand by their periods; what stands in an older backup is looked at anew.
const STANDING_BY_PERIOD: &str = "m0042_withdrawn";

/// Restores a backup into an empty store and proves it: every hash is compared, and at the end the ledger is verified.
///
/// # Errors
/// [`BackupError::NotEmpty`] before anything is touched. After all others but [`BackupError::Unproven`] the target is empty again,
/// so that nobody works with half an installation; what is restored and does not prove is left to be looked at.
pub async fn restore<R>(
    from: R,
    store: &Store,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<Manifest, BackupError>
where
    R: Read + Seek + Send + 'static,
{
    store.migrate().await?;
    refuse_what_is_not_empty(store).await?;
    let restored = take_back(from, store, &mut progress).await;
    if let Err(error) = &restored
        && !matches!(error, BackupError::Unproven(_))
    {
        // Why it failed says more than that the place could not be emptied.
        if give_up(store).await.is_err() {
            tracing::error!("what was restored could not be taken out again; throw the target away");
        }
    }
    restored
}

/// Takes out again what was taken in.
async fn give_up(store: &Store) -> Result<(), BackupError> {
    // What refers to something goes before it. Each in a write of its own: together they might take longer than one may.
    for table in TABLES.iter().rev() {
        store
            .write_unrecorded("giving up a restore", move |tx| async move { empty(&tx, table).await })
            .await?;
    }
    Ok(search::rebuild(store).await?)
}

async fn take_back<R>(
    from: R,
    store: &Store,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<Manifest, BackupError>
where
    R: Read + Seek + Send + 'static,
{
    let (found, mut arriving) = mpsc::channel(4);
    let zip = tokio::task::spawn_blocking(move || read_zip(from, &found));
    let taken = take_all(store, &mut arriving, &mut progress).await;
    drop(arriving);
    let read = zip.await.map_err(|_| BackupError::Interrupted)?;
    let manifest = match (taken, read) {
        (Ok(Some(manifest)), Ok(())) => manifest,
        // The reader stops when nobody takes what it finds; the taker's reason is the cause then.
        (Err(error), Ok(()) | Err(BackupError::Interrupted)) | (_, Err(error)) => return Err(error),
        (Ok(None), Ok(())) => return Err(BackupError::Damaged("it ends too soon".into())),
    };
    store.write_unrecorded("restoring a backup", |tx| async move { set_sequences(&tx).await }).await?;
    let now = (store.config().clock)();
    let given_up = store.write_unrecorded("letters of a backup that are long past", move |tx| async move {
        mail::give_up_older_than(&tx, now - LETTERS_LAST, now, "it waited when the backup was made").await
    });
    progress(Progress { what: "letters given up".into(), done: given_up.await?, total: None });
    progress(Progress { what: "search".into(), done: 0, total: None });
    search::rebuild(store).await?;
    if manifest.schema.as_str() < STANDING_BY_PERIOD {
        observation::settle_all(store).await?;
    }
    store.refresh_statistics().await?;
    let faults = ledger::verify_telling(store, &mut progress).await?;
    if faults.is_empty() { Ok(manifest) } else { Err(BackupError::Unproven(faults)) }
}

async fn refuse_what_is_not_empty(store: &Store) -> Result<(), BackupError> {
    let empty = store.read(|r| async move {
        for table in TABLES {
            if !is_empty(&r, table).await? {
                return Ok::<_, crate::StoreError>(false);
            }
        }
        Ok(true)
    });
    if empty.await? { Ok(()) } else { Err(BackupError::NotEmpty) }
}

async fn take_all(
    store: &Store,
    arriving: &mut mpsc::Receiver<Found>,
    progress: &mut (impl FnMut(Progress) + Send),
) -> Result<Option<Manifest>, BackupError> {
    let mut manifest: Option<Manifest> = None;
    let (mut rows, mut files) = (0, 0);
    // Lines whose references to their own table are still to be set.
    let mut unlinked: Vec<String> = Vec::new();
    while let Some(found) = arriving.recv().await {
        match found {
            Found::Manifest(read) => manifest = Some(*read),
            Found::Lines { table, lines } => {
                rows += u64::try_from(lines.len()).unwrap_or(u64::MAX);
                if needs_link(table) {
                    // Only the lines that refer to something are kept in memory.
                    let refers = |line: &&String| {
                        !line.contains("\"parent_id\":null") && !line.contains("\"replaces_id\":null")
                    };
                    unlinked.extend(lines.iter().filter(refers).cloned());
                }
                take(store, table, lines).await?;
                let total = manifest.as_ref().and_then(|manifest| Some(manifest.tables.get(table)?.rows));
                progress(Progress { what: table.into(), done: rows, total });
            }
            Found::TableEnd { table, rows: found, hash } => {
                let said = manifest.as_ref().and_then(|manifest| manifest.tables.get(table));
                if !said.is_some_and(|said| said.hash == hash && said.rows == found) {
                    return Err(BackupError::Damaged(format!("table {table} is not what the manifest says")));
                }
                for some in unlinked.chunks(LINES) {
                    link_some(store, table, some.to_vec()).await?;
                }
                unlinked.clear();
                rows = 0;
            }
            Found::File { hash, bytes } => {
                let limit = manifest.as_ref().and_then(|manifest| manifest.files.get(&hash).copied());
                let limit = limit
                    .ok_or_else(|| BackupError::Damaged(format!("file {hash} is not in the manifest")))?;
                let bytes = futures_util::stream::unfold(bytes, |mut bytes| async move {
                    bytes.recv().await.map(|some| (some, bytes))
                });
                let stored = store.files().put(bytes, limit).await.map_err(|error| match error {
                    PutError::Store(error) => BackupError::Store(error),
                    PutError::TooLarge { .. } | PutError::Broken(_) => {
                        BackupError::Damaged(format!("file {hash}"))
                    }
                })?;
                if stored.hash != hash {
                    return Err(BackupError::Damaged(format!("file {hash} has other bytes")));
                }
                files += 1;
                let total = manifest.as_ref().and_then(|manifest| u64::try_from(manifest.files.len()).ok());
                progress(Progress { what: "files".into(), done: files, total });
            }
        }
    }
    Ok(manifest)
}

async fn take(store: &Store, table: &'static str, lines: Vec<String>) -> Result<(), BackupError> {
    let taken = store.write_unrecorded("restoring a backup", move |tx| {
        let lines = lines.clone();
        async move { take_in(&tx, table, &lines).await }
    });
    taken.await.map_err(|fault| explain(table, fault))
}

async fn link_some(store: &Store, table: &'static str, lines: Vec<String>) -> Result<(), BackupError> {
    let linked = store.write_unrecorded("restoring a backup", move |tx| {
        let lines = lines.clone();
        async move { link(&tx, table, &lines).await }
    });
    linked.await.map_err(|fault| explain(table, fault))
}

fn explain(table: &str, fault: Fault) -> BackupError {
    match fault {
        Fault::Line(error) => BackupError::Damaged(format!("a row of table {table}: {error}")),
        Fault::Store(error) => BackupError::Store(error),
    }
}

fn read_zip<R: Read + Seek>(from: R, found: &mpsc::Sender<Found>) -> Result<(), BackupError> {
    let tell = |what: Found| found.blocking_send(what).map_err(|_| BackupError::Interrupted);
    let mut zip = ZipArchive::new(from)?;
    let manifest = read_manifest(&mut zip)?;
    let files: Vec<Hash> = manifest.files.keys().copied().collect();
    tell(Found::Manifest(Box::new(manifest)))?;
    for table in TABLES {
        let entry = match zip.by_name(&format!("tables/{table}.jsonl")) {
            Ok(entry) => entry,
            Err(zip::result::ZipError::FileNotFound) => {
                return Err(BackupError::Damaged(format!("table {table} is missing")));
            }
            Err(error) => return Err(error.into()),
        };
        let mut reader = BufReader::new(entry);
        let mut hasher = Sha256::new();
        let (mut rows, mut lines) = (0, Vec::new());
        loop {
            let mut line = String::new();
            let read = reader.read_line(&mut line).map_err(damaged)?;
            if read > 0 {
                hasher.update(line.as_bytes());
                rows += 1;
                lines.push(line);
            }
            if lines.len() == LINES || (read == 0 && !lines.is_empty()) {
                tell(Found::Lines { table, lines: std::mem::take(&mut lines) })?;
            }
            if read == 0 {
                break;
            }
        }
        tell(Found::TableEnd { table, rows, hash: Hash(hasher.finalize().into()) })?;
    }
    for hash in files {
        let mut entry = zip.by_name(&format!("files/{hash}"))?;
        let (chunks, bytes) = mpsc::channel(4);
        tell(Found::File { hash, bytes })?;
        loop {
            let mut chunk = Vec::with_capacity(CHUNK);
            let read = entry.by_ref().take(CHUNK as u64).read_to_end(&mut chunk);
            let piece = match read {
                Ok(0) => break,
                Ok(_) => Ok(Bytes::from(chunk)),
                Err(error) => Err(error),
            };
            let broken = piece.is_err();
            if chunks.blocking_send(piece).is_err() || broken {
                return Err(BackupError::Interrupted);
            }
        }
    }
    Ok(())
}

fn read_manifest<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Result<Manifest, BackupError> {
    let entry = match zip.by_name(MANIFEST) {
        Ok(entry) => entry,
        Err(zip::result::ZipError::FileNotFound) => {
            return Err(BackupError::Foreign("it has no manifest".into()));
        }
        Err(error) => return Err(error.into()),
    };
    let value: serde_json::Value =
        serde_json::from_reader(entry).map_err(|error| BackupError::Foreign(error.to_string()))?;
    // Looked at before the rest, which a newer format may have changed.
    let format = value.get("format").and_then(serde_json::Value::as_u64);
    if format.is_none_or(|format| format > u64::from(FORMAT)) {
        return Err(BackupError::Newer(format!("format {format:?}")));
    }
    let manifest: Manifest =
        serde_json::from_value(value).map_err(|error| BackupError::Foreign(error.to_string()))?;
    if manifest.schema > migration::newest() {
        return Err(BackupError::Newer(manifest.schema));
    }
    Ok(manifest)
}

fn damaged(error: std::io::Error) -> BackupError {
    match error.kind() {
        std::io::ErrorKind::InvalidData
        | std::io::ErrorKind::InvalidInput
        | std::io::ErrorKind::UnexpectedEof => BackupError::Damaged(error.to_string()),
        _ => BackupError::Io(error),
    }
}
