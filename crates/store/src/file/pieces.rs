use std::{
    fs::File,
    io::{Error, Read, Seek, SeekFrom},
    ops::Range,
};

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::task::spawn_blocking;

/// Bytes that are read at a time. Each piece is fetched by another thread, which costs as much as reading some kilobytes.
pub(super) const PIECE: usize = 256 << 10;

/// The file's bytes in that range, as far as there are any.
pub(super) fn of(file: File, range: Range<u64>) -> impl Stream<Item = Result<Bytes, Error>> + Send + use<> {
    stream::try_unfold((file, range), |(mut file, range)| async move {
        let reading = spawn_blocking(move || {
            let most = range.end.saturating_sub(range.start).min(PIECE as u64);
            let mut piece = Vec::with_capacity(usize::try_from(most).unwrap_or(PIECE));
            file.seek(SeekFrom::Start(range.start))?;
            (&mut file).take(most).read_to_end(&mut piece)?;
            let rest = range.start + piece.len() as u64..range.end;
            Ok::<_, Error>((Bytes::from(piece), (file, rest)))
        });
        let (piece, rest) = reading.await.map_err(Error::other)??;
        Ok((!piece.is_empty()).then_some((piece, rest)))
    })
}
