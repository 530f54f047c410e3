use std::{
    collections::BTreeMap,
    io::{Seek, Write},
};

use chengjing_domain::ledger::Hash;
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{
    BackupError, FORMAT, MANIFEST, Manifest, TableManifest,
    tables::{TABLES, lines_after},
};
use crate::{config::DatabaseUrl, door::Store, migration, progress::Progress, row::cut};

/// Rows read in one go.
const ROWS: u64 = 500;

/// What the zip's thread is told.
enum Piece {
    Begin { name: String, compress: bool },
    Bytes(Vec<u8>),
}

/// Writes a backup of the database, as it is at one moment, and of all files, while the server runs.
///
/// # Errors
/// [`BackupError::Io`] where `to` takes no more; what was written so far is no backup.
pub async fn backup<W>(
    store: &Store,
    to: W,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<(Manifest, W), BackupError>
where
    W: Write + Seek + Send + 'static,
{
    let (pieces, arriving) = mpsc::channel(8);
    let zip = tokio::task::spawn_blocking(move || write_zip(arriving, to));
    let made = send_all(store, &pieces, &mut progress).await;
    drop(pieces);
    // The zip's own fault is the cause; that nobody takes the pieces only its consequence.
    let to = zip.await.map_err(|_| BackupError::Interrupted)??;
    Ok((made?, to))
}

async fn send_all(
    store: &Store,
    pieces: &mpsc::Sender<Piece>,
    progress: &mut (impl FnMut(Progress) + Send),
) -> Result<Manifest, BackupError> {
    let made_at = cut((store.config().clock)());
    let mut tables = BTreeMap::new();
    let progress_of_tables = &mut *progress;
    let tables_of = &mut tables;
    store
        .read(|r| async move {
            for table in TABLES {
                begin(pieces, format!("tables/{table}.jsonl"), true).await?;
                let mut hasher = Sha256::new();
                let (mut rows, mut after) = (0, None);
                loop {
                    let lines = lines_after(&r, table, after, ROWS).await?;
                    rows += lines.rows;
                    hasher.update(lines.text.as_bytes());
                    send(pieces, lines.text.into_bytes()).await?;
                    progress_of_tables(Progress { what: (*table).to_owned(), done: rows, total: None });
                    let Some(next) = lines.next else { break };
                    after = Some(next);
                }
                let hash = Hash(hasher.finalize().into());
                tables_of.insert((*table).to_owned(), TableManifest { rows, hash });
            }
            Ok::<_, BackupError>(())
        })
        .await?;
    // After the rows: a file is stored before any row names it, and none is removed that a row names.
    let files: Vec<_> = store.files().list().try_collect().await?;
    let total = u64::try_from(files.len()).ok();
    let mut listed = BTreeMap::new();
    for (file, done) in files.iter().zip(1..) {
        let Some((_, mut bytes)) = store.files().get(file.hash).await? else {
            // Removed while the others were written: no row of this moment names it.
            continue;
        };
        begin(pieces, format!("files/{}", file.hash), false).await?;
        while let Some(some) = bytes.try_next().await? {
            send(pieces, some.to_vec()).await?;
        }
        listed.insert(file.hash, file.size);
        progress(Progress { what: "files".into(), done, total });
    }
    let engine = match store.config().database {
        DatabaseUrl::Sqlite(_) => "sqlite",
        DatabaseUrl::Postgres(_) => "postgres",
    };
    let manifest = Manifest {
        format: FORMAT,
        schema: migration::newest(),
        engine: engine.into(),
        made_at,
        tables,
        files: listed,
    };
    begin(pieces, MANIFEST.into(), true).await?;
    send(pieces, crate::row::json(&manifest).into_bytes()).await?;
    Ok(manifest)
}

async fn begin(pieces: &mpsc::Sender<Piece>, name: String, compress: bool) -> Result<(), BackupError> {
    pieces.send(Piece::Begin { name, compress }).await.map_err(|_| BackupError::Interrupted)
}

async fn send(pieces: &mpsc::Sender<Piece>, bytes: Vec<u8>) -> Result<(), BackupError> {
    pieces.send(Piece::Bytes(bytes)).await.map_err(|_| BackupError::Interrupted)
}

fn write_zip<W: Write + Seek>(mut pieces: mpsc::Receiver<Piece>, to: W) -> Result<W, BackupError> {
    let mut zip = ZipWriter::new(to);
    while let Some(piece) = pieces.blocking_recv() {
        match piece {
            Piece::Begin { name, compress } => {
                // Photos and documents are compressed already.
                let method = if compress { CompressionMethod::Deflated } else { CompressionMethod::Stored };
                let options = SimpleFileOptions::default().compression_method(method).large_file(true);
                zip.start_file(name, options)?;
            }
            Piece::Bytes(bytes) => zip.write_all(&bytes)?,
        }
    }
    Ok(zip.finish()?)
}
