//! Files are kept under their hash, whole or not at all.

use bytes::Bytes;
use chengjing_domain::ledger::Hash;
use chengjing_store::file::{FileState, Files, PutError};
use futures_util::{TryStreamExt, stream};

fn pieces(
    pieces: &[&'static str],
) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> + Send + use<> {
    stream::iter(pieces.iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes()))).collect::<Vec<_>>())
}

async fn stored(files: &Files) -> usize {
    files.list().try_collect::<Vec<_>>().await.expect("a list").len()
}

#[tokio::test]
async fn a_file_is_stored_once_under_the_hash_of_its_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = Files::open(folder.path()).expect("files");
    let one = files.put(pieces(&["创建", "文明城市"]), 1_000).await.expect("stored");
    assert_eq!((one.hash, one.size), (Hash::of("创建文明城市".as_bytes()), 18));
    let same = files.put(pieces(&["创建文明", "城市"]), 18).await.expect("stored again");
    assert_eq!((one, stored(&files).await), (same, 1));
    assert_eq!(files.lookup(one.hash).await.expect("found"), Some(one));
    let (_, bytes) = files.get(one.hash).await.expect("read").expect("there");
    let bytes: Vec<Bytes> = bytes.try_collect().await.expect("bytes");
    assert_eq!(bytes.concat(), "创建文明城市".as_bytes());
    let large = Bytes::from(vec![7; 5_000_000]);
    let file = files.put_bytes(large.clone()).await.expect("stored in parts");
    assert_eq!(files.read(file.hash).await.expect("read"), Some(large));
    let empty = files.put(pieces(&[]), 10).await.expect("an empty file is a file");
    assert_eq!(files.check(empty.hash).await.expect("checked"), FileState::Sound);
}

#[tokio::test]
async fn a_file_that_is_too_large_or_breaks_off_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = Files::open(folder.path()).expect("files");
    let large = files.put(pieces(&["12345", "67890"]), 9).await;
    assert!(matches!(large, Err(PutError::TooLarge { limit: 9 })), "{large:?}");
    let broken = stream::iter([Ok(Bytes::from_static(b"1")), Err(std::io::Error::other("gone"))]);
    let broken = files.put(broken, 10).await;
    assert!(matches!(broken, Err(PutError::Broken(_))), "{broken:?}");
    assert_eq!(stored(&files).await, 0);
    let mut left = Vec::new();
    let mut folders = vec![folder.path().join("files")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { left.push(path) }
        }
    }
    assert_eq!(left, Vec::<std::path::PathBuf>::new());
}

#[tokio::test]
async fn a_missing_or_changed_file_is_found_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = Files::open(folder.path()).expect("files");
    let one = files.put_bytes(Bytes::from_static(b"evidence")).await.expect("stored");
    let missing = Hash::of(b"never stored");
    assert_eq!(files.check(missing).await.expect("checked"), FileState::Missing);
    assert!(files.get(missing).await.expect("asked").is_none());
    assert_eq!(files.read(missing).await.expect("asked"), None);
    let hex = one.hash.to_string();
    let path = folder.path().join("files").join("stored").join(&hex[..2]).join(&hex);
    std::fs::write(path, b"Evidence").expect("changed");
    assert_eq!(files.check(one.hash).await.expect("checked"), FileState::Corrupt);
    let read = files.read(one.hash).await;
    assert!(matches!(read, Err(chengjing_store::StoreError::Inconsistent { .. })), "{read:?}");
}
