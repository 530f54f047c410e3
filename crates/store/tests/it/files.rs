//! Files are kept under their hash, whole or not at all, in a folder and in S3.

use bytes::Bytes;
use chengjing_domain::ledger::Hash;
use chengjing_store::file::{FileRef, FileState, Files, FilesUrl, PutError};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{TryStreamExt, stream};
use tempfile::TempDir;

use crate::harness::{fresh_id, s3};

/// Files in a folder of their own, and in S3 where there is one.
fn everywhere() -> Vec<(Files, TempDir)> {
    let open = |url: Option<FilesUrl>| {
        let folder = tempfile::tempdir().expect("a folder");
        let url = url.unwrap_or_else(|| FilesUrl::Folder(folder.path().join("files")));
        (Files::open(&url, folder.path()).expect("files"), folder)
    };
    std::iter::once(open(None)).chain(s3().map(|url| open(Some(url)))).collect()
}

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
    for (files, _folder) in everywhere() {
        files.probe().await.expect("the place answers");
        let one = files.put(pieces(&["创建", "文明城市"]), 1_000).await.expect("stored");
        assert_eq!((one.hash, one.size), (Hash::of("创建文明城市".as_bytes()), 18));
        let same = files.put(pieces(&["创建文明", "城市"]), 18).await.expect("stored again");
        assert_eq!((one, stored(&files).await), (same, 1), "{files:?}");
        assert_eq!(files.lookup(one.hash).await.expect("found"), Some(one));
        let (_, bytes) = files.get(one.hash).await.expect("read").expect("there");
        let bytes: Vec<Bytes> = bytes.try_collect().await.expect("bytes");
        assert_eq!(bytes.concat(), "创建文明城市".as_bytes());
        let large: Vec<u8> = (0..21_000_000_u32).map(|n| n.to_le_bytes()[1]).collect();
        let file = files.put_bytes(Bytes::from(large.clone())).await.expect("stored in parts");
        assert_eq!(files.read(file.hash).await.expect("read").as_deref(), Some(&large[..]), "{files:?}");
        let some = files.get_range(file.hash, 4_999_990..5_000_010).await.expect("read").expect("there");
        let some: Vec<Bytes> = some.try_collect().await.expect("bytes");
        assert_eq!(some.concat(), large[4_999_990..5_000_010], "{files:?}");
        let empty = files.put(pieces(&[]), 10).await.expect("an empty file is a file");
        assert_eq!(files.check(empty.hash).await.expect("checked"), FileState::Sound);
    }
}

#[tokio::test]
async fn a_file_that_is_too_large_or_breaks_off_leaves_nothing_behind() {
    for (files, folder) in everywhere() {
        let large = files.put(pieces(&["12345", "67890"]), 9).await;
        assert!(matches!(large, Err(PutError::TooLarge { limit: 9 })), "{large:?}");
        // Longer than one part, so that it has begun to be stored.
        let long = Ok(Bytes::from(vec![1; 9 << 20]));
        let broken = stream::iter([long, Err(std::io::Error::other("gone"))]);
        let broken = files.put(broken, 10 << 20).await;
        assert!(matches!(broken, Err(PutError::Broken(_))), "{broken:?}");
        assert_eq!(stored(&files).await, 0, "{files:?}");
        let mut left = Vec::new();
        let mut folders = vec![folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() { folders.push(path) } else { left.push(path) }
            }
        }
        assert_eq!(left, Vec::<std::path::PathBuf>::new());
    }
}

#[tokio::test]
async fn a_missing_or_changed_file_is_found_out() {
    for (files, folder) in everywhere() {
        let one = files.put_bytes(Bytes::from_static(b"evidence")).await.expect("stored");
        let missing = Hash::of(b"never stored");
        assert_eq!(files.check(missing).await.expect("checked"), FileState::Missing);
        assert!(files.get(missing).await.expect("asked").is_none());
        assert!(files.get_range(missing, 0..1).await.expect("asked").is_none());
        assert_eq!(files.read(missing).await.expect("asked"), None);
        let hex = one.hash.to_string();
        let path = folder.path().join("files").join("stored").join(&hex[..2]).join(&hex);
        if !path.exists() {
            continue; // Nobody changes what lies in S3 from here.
        }
        std::fs::write(path, b"Evidence").expect("changed");
        assert_eq!(files.check(one.hash).await.expect("checked"), FileState::Corrupt);
        let read = files.read(one.hash).await;
        assert!(matches!(read, Err(chengjing_store::StoreError::Inconsistent { .. })), "{read:?}");
    }
}

/// The moment by the disk's own clock, which this test does not move.
fn moment(folder: &TempDir) -> DateTime<Utc> {
    let probe = folder.path().join("uploads").join("probe");
    std::fs::write(&probe, b"").expect("a file");
    let written = std::fs::metadata(&probe).and_then(|meta| meta.modified()).expect("its moment");
    std::fs::remove_file(&probe).expect("gone");
    written.into()
}

#[tokio::test]
async fn a_file_is_removed_by_its_age_and_stored_again_it_is_young() {
    for (files, folder) in everywhere() {
        let one = files.put_bytes(Bytes::from_static(b"orphan")).await.expect("stored");
        let now = moment(&folder);
        let (young, old) = (now - TimeDelta::days(1), now + TimeDelta::days(1));
        assert!(!files.remove_older(one.hash, young).await.expect("asked"), "younger than that");
        let listed: Vec<_> = files.list_older(young).try_collect().await.expect("a list");
        assert_eq!(listed, Vec::new());
        let listed: Vec<_> = files.list_older(old).try_collect().await.expect("a list");
        assert_eq!(listed, vec![one], "{files:?}");
        assert!(files.remove_older(one.hash, old).await.expect("asked"));
        assert!(!files.remove_older(one.hash, old).await.expect("asked"), "gone already");
        assert_eq!(files.lookup(one.hash).await.expect("asked"), None);
    }
}

#[tokio::test]
async fn a_file_on_its_way_goes_on_where_it_was_acknowledged() {
    let (files, folder) = everywhere().remove(0);
    let spool = files.spool();
    let key = (fresh_id().into(), fresh_id().into());
    assert_eq!(spool.length(key).await.expect("asked"), 0);
    let turn = spool.take(key).await;
    let mut writer = spool.write_from(&turn, 0).await.expect("begun");
    writer.write("acknowledged".into()).await.expect("written");
    writer.sync().await.expect("on disk");
    writer.write(" and never told".into()).await.expect("written");
    writer.sync().await.expect("on disk");
    drop(writer);
    // Another process, after a crash.
    let again = Files::open(&FilesUrl::Folder(folder.path().join("files")), folder.path()).expect("files");
    let spool = again.spool();
    let turn = spool.take(key).await;
    let mut writer = spool.write_from(&turn, 12).await.expect("gone on");
    writer.write(", gone on".into()).await.expect("written");
    writer.sync().await.expect("on disk");
    assert_eq!(spool.digest(&turn, 21).await.expect("read"), Hash::of(b"acknowledged, gone on"));
    let bytes: Vec<Bytes> = spool.read(key).await.expect("read").try_collect().await.expect("bytes");
    assert_eq!(bytes.concat(), b"acknowledged, gone on");
    let extract = spool.extract(key).await.expect("read");
    assert_eq!(
        (extract.size, &extract.head[..], extract.directory),
        (21, &b"acknowledged, gone on"[..], None)
    );
    let now = moment(&folder);
    assert_eq!(spool.sweep(now - TimeDelta::days(1)).await.expect("swept"), 0);
    assert_eq!(spool.sweep(now + TimeDelta::days(1)).await.expect("swept"), 1);
    assert_eq!(spool.length(key).await.expect("asked"), 0);
    spool.remove(key).await.expect("what is gone may be removed");
}

#[tokio::test]
async fn whoever_comes_later_gets_the_turn_and_whoever_had_it_is_told() {
    let (files, _folder) = everywhere().remove(0);
    let spool = std::sync::Arc::clone(files.spool());
    let key = (fresh_id().into(), fresh_id().into());
    let mut first = spool.take(key).await;
    let waiting = tokio::spawn({
        let spool = std::sync::Arc::clone(&spool);
        async move { spool.take(key).await }
    });
    first.is_called().await;
    assert!(!waiting.is_finished(), "it waits until the first lets go");
    drop(first);
    let mut second = waiting.await.expect("the turn");
    let called = tokio::time::timeout(std::time::Duration::from_millis(50), second.is_called()).await;
    assert!(called.is_err(), "nobody else has come");
    // Another upload has a turn of its own.
    spool.take((fresh_id().into(), fresh_id().into())).await;
}

#[tokio::test]
async fn a_file_that_arrived_whole_is_stored_under_the_hash_that_it_had_on_its_way() {
    for (files, folder) in everywhere() {
        let spool = files.spool();
        let key = (fresh_id().into(), fresh_id().into());
        let whole: Vec<u8> = (0..3_000_000_u32).map(|n| n.to_le_bytes()[1]).collect();
        let mut at = 0;
        for piece in whole.chunks(700_001) {
            // A request that is cut off: what it still writes was never acknowledged, and is over before the next turn.
            let turn = spool.take(key).await;
            let mut torn = spool.write_from(&turn, at).await.expect("gone on");
            torn.write(Bytes::from(vec![9; 800_000])).await.expect("under way");
            drop((torn, turn));
            let turn = spool.take(key).await;
            let mut writer = spool.write_from(&turn, at).await.expect("gone on");
            for some in piece.chunks(99_999) {
                writer.write(Bytes::copy_from_slice(some)).await.expect("written");
            }
            writer.sync().await.expect("on disk");
            at += piece.len() as u64;
        }
        let turn = spool.take(key).await;
        let hash = spool.digest(&turn, at).await.expect("known");
        assert_eq!(hash, Hash::of(&whole));
        let file = FileRef { hash, size: at };
        files.take_over(&turn, file).await.expect("stored");
        assert_eq!(files.lookup(hash).await.expect("asked"), Some(file), "{files:?}");
        assert_eq!(files.check(hash).await.expect("checked"), FileState::Sound);
        // As after a crash right then: the upload still has its file, and ends once more.
        assert_eq!(spool.length(key).await.expect("asked"), at);
        files.take_over(&turn, file).await.expect("stored again");
        spool.remove(key).await.expect("removed");
        assert_eq!(files.check(hash).await.expect("checked"), FileState::Sound);
        let passing = std::fs::read_dir(folder.path().join("files/arriving"));
        assert_eq!(passing.map_or(0, Iterator::count), 0, "nothing is left of the way");
    }
}
