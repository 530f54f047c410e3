//! The writer's rules that need a statement which no repository would run.

use std::{sync::Arc, time::Duration};

use chengjing_domain::{id::CampaignId, ledger::SubjectKind};
use chrono::DateTime;
use sea_orm::{DbBackend, Statement};
use tempfile::TempDir;
use tokio::sync::Notify;
use uuid::Uuid;

use super::{Access, Store, Tx};
use crate::{
    config::StoreConfig,
    error::StoreError,
    search::{self, Course, Needle},
    setting,
};

/// Whoever gathers behind a write is the next group.
async fn store(folder: &TempDir, limit: Duration) -> Store {
    store_with(folder, limit, Duration::ZERO).await
}

async fn store_with(folder: &TempDir, limit: Duration, group_open: Duration) -> Store {
    let clock = Arc::new(|| DateTime::from_timestamp(0, 0).expect("a moment"));
    let config = StoreConfig {
        write_limit: limit,
        group_open,
        ..StoreConfig::embedded(folder.path().to_owned(), clock)
    };
    let store = Store::open(&config).await.expect("a store");
    store.migrate().await.expect("a schema");
    store
}

async fn say(tx: &Tx, sql: &str) -> Result<(), StoreError> {
    tx.access().execute_unprepared(sql).await?;
    Ok(())
}

const KEEP: &str = "INSERT INTO login_failure (key, count) VALUES ('kept', 1)";

async fn kept(store: &Store) -> bool {
    kept_as(store, "kept").await
}

async fn kept_as(store: &Store, name: &'static str) -> bool {
    let attempts = store.read(move |r| async move { crate::people::lookup_attempts(&r, name).await }).await;
    attempts.expect("a read").count == 1
}

/// A write that waits until another has been queued behind it, so that both share a group or not as the writer likes.
fn good(store: &Store) -> tokio::task::JoinHandle<Result<(), StoreError>> {
    let store = store.clone();
    tokio::spawn(
        async move { store.write_unrecorded("a test", |tx| async move { say(&tx, KEEP).await }).await },
    )
}

/// A write that lasts until it is told: the others gather behind it.
async fn hold_up(store: &Store) -> (Arc<Notify>, tokio::task::JoinHandle<Result<(), StoreError>>) {
    let (begun, enough) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (store, begins, ends) = (store.clone(), Arc::clone(&begun), Arc::clone(&enough));
    let slow = tokio::spawn(async move {
        let slow = move |_tx| {
            let (begins, ends) = (Arc::clone(&begins), Arc::clone(&ends));
            async move {
                begins.notify_one();
                ends.notified().await;
                Ok::<_, StoreError>(())
            }
        };
        store.write_unrecorded("a test", slow).await
    });
    begun.notified().await;
    (enough, slow)
}

#[tokio::test]
async fn a_statement_that_never_ends_is_stopped_inside_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder, Duration::from_millis(200)).await;
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
         INSERT INTO login_failure (key, count) SELECT 'endless', max(i) FROM n";
    let hanging = store.write_unrecorded("a test", move |tx| async move { say(&tx, endless).await });
    let (hung, kept_one) = tokio::join!(hanging, good(&store));
    assert!(matches!(hung, Err(StoreError::TimedOut { .. } | StoreError::Database(_))), "{hung:?}");
    kept_one.expect("joined").expect("the other write goes on");
    assert!(kept(&store).await);
}

#[tokio::test]
async fn a_write_that_loses_the_groups_transaction_takes_no_other_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder, Duration::from_secs(5)).await;
    for end in ["ROLLBACK", "COMMIT", "RELEASE one"] {
        let bad = store.write_unrecorded("a test", move |tx| async move { say(&tx, end).await });
        let (bad, other) = tokio::join!(bad, good(&store));
        assert!(bad.is_err(), "{end}: {bad:?}");
        other.expect("joined").expect("the other write is run again");
        assert!(kept(&store).await, "{end}");
        store
            .write_unrecorded("a test", |tx| async move { say(&tx, "DELETE FROM login_failure").await })
            .await
            .expect("the writer goes on");
    }
}

#[tokio::test]
async fn a_read_may_not_change_anything() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder, Duration::from_secs(5)).await;
    let refused = store
        .read(|r| async move {
            r.access().execute_unprepared(KEEP).await?;
            Ok::<_, StoreError>(())
        })
        .await;
    assert!(matches!(refused, Err(StoreError::ReadOnly)), "{refused:?}");
}

#[tokio::test]
async fn a_task_that_outlives_its_write_can_say_nothing_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder, Duration::from_secs(5)).await;
    let tx =
        store.write_unrecorded("a test", |tx| async move { Ok::<_, StoreError>(tx) }).await.expect("a write");
    let late = setting::save(&tx, "late", "1").await;
    assert!(matches!(late, Err(StoreError::Ended)), "{late:?}");
    let r = store.read(|r| async move { Ok::<_, StoreError>(r) }).await.expect("a read");
    assert!(matches!(setting::lookup(&r, "late").await, Err(StoreError::Ended)));
}

#[tokio::test]
async fn an_acknowledged_write_was_synced_to_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder, Duration::from_secs(5)).await;
    let ask = |sql: &'static str| {
        let store = store.clone();
        async move {
            store
                .write_unrecorded("a test", move |tx| async move {
                    let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, sql);
                    tx.access().tuple::<String>(statement).await?.ok_or(StoreError::Ended)
                })
                .await
                .expect("a pragma")
        }
    };
    assert_eq!(ask("SELECT journal_mode FROM pragma_journal_mode").await, "wal");
    assert_eq!(ask("SELECT CAST(synchronous AS text) FROM pragma_synchronous").await, "2", "FULL");
    assert_eq!(ask("SELECT CAST(foreign_keys AS text) FROM pragma_foreign_keys").await, "1");
}

#[tokio::test]
async fn a_write_that_fails_after_a_change_is_undone_without_those_that_share_its_commit() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder, Duration::from_secs(5)).await;
    let runs = Arc::new(AtomicUsize::new(0));
    let insert = |name: &'static str, fails: bool| {
        let (store, runs) = (store.clone(), Arc::clone(&runs));
        tokio::spawn(async move {
            let write = move |tx: Tx| {
                let runs = Arc::clone(&runs);
                async move {
                    runs.fetch_add(1, Ordering::Relaxed);
                    say(&tx, &KEEP.replace("kept", name)).await?;
                    if fails { Err(StoreError::Stale) } else { Ok(()) }
                }
            };
            store.write_unrecorded("a test", write).await
        })
    };
    let (enough, first) = hold_up(&store).await;
    let mut gathered = Vec::new();
    for (name, fails) in [("one", false), ("two", true), ("three", false), ("four", true)] {
        gathered.push((name, fails, insert(name, fails)));
        // On the one thread of this test, it is in the queue once it waits for its answer.
        tokio::task::yield_now().await;
    }
    enough.notify_one();
    first.await.expect("joined").expect("a write");
    for (name, fails, write) in gathered {
        let ended = write.await.expect("joined");
        assert_eq!(ended.is_err(), fails, "{name}: {ended:?}");
        assert_eq!(kept_as(&store, name).await, !fails, "{name}");
    }
    assert_eq!(runs.load(Ordering::Relaxed), 6, "the first two, and then all four with their savepoints");
}

/// How often a write runs, if one that came meanwhile changes something and then fails.
async fn runs_beside_one_that_fails(group_open: Duration) -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};

    let folder = tempfile::tempdir().expect("a folder");
    let store = store_with(&folder, Duration::from_secs(30), group_open).await;
    let (runs, begun, enough) =
        (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()), Arc::new(Notify::new()));
    let first = {
        let (store, runs, begun, enough) =
            (store.clone(), Arc::clone(&runs), Arc::clone(&begun), Arc::clone(&enough));
        let write = move |tx: Tx| {
            let (runs, begun, enough) = (Arc::clone(&runs), Arc::clone(&begun), Arc::clone(&enough));
            async move {
                say(&tx, KEEP).await?;
                if runs.fetch_add(1, Ordering::Relaxed) == 0 {
                    begun.notify_one();
                    enough.notified().await;
                }
                Ok::<_, StoreError>(())
            }
        };
        tokio::spawn(async move { store.write_unrecorded("a test", write).await })
    };
    begun.notified().await;
    let second = tokio::spawn({
        let store = store.clone();
        let write = |tx: Tx| async move {
            say(&tx, &KEEP.replace("kept", "undone")).await?;
            Err::<(), _>(StoreError::Stale)
        };
        async move { store.write_unrecorded("a test", write).await }
    });
    tokio::task::yield_now().await;
    enough.notify_one();
    first.await.expect("joined").expect("a write");
    assert!(matches!(second.await.expect("joined"), Err(StoreError::Stale)));
    assert!(kept(&store).await);
    assert!(!kept_as(&store, "undone").await);
    runs.load(Ordering::Relaxed)
}

#[tokio::test]
async fn who_comes_while_a_group_runs_shares_its_commit_as_long_as_it_is_open() {
    assert_eq!(
        runs_beside_one_that_fails(Duration::from_secs(60)).await,
        2,
        "undone together, then one by one"
    );
    assert_eq!(runs_beside_one_that_fails(Duration::ZERO).await, 1, "no longer its group");
}

async fn index(tx: &Tx, id: u128, text: &str) -> Result<(), StoreError> {
    let campaign = CampaignId(Uuid::from_u128(1));
    search::index(tx, campaign, SubjectKind::Duty, Uuid::from_u128(id), &[text]).await
}

/// How many texts the index finds by these words.
async fn found(access: &Access, words: &str) -> Result<i64, StoreError> {
    let needle = Needle::new(words).expect("words");
    Course::of(access, &needle).await?;
    let sql = "SELECT count(*) FROM search_grams WHERE search_grams MATCH $1";
    let values = [needle.for_sqlite().into()];
    let counted = access.tuple(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await?;
    Ok(counted.expect("a number"))
}

#[tokio::test]
async fn the_index_is_told_once_for_all_that_share_a_commit_and_each_finds_what_it_has_put_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder, Duration::from_secs(5)).await;
    let put = |id: u128, text: &'static str, looks: bool, fails: bool| {
        let store = store.clone();
        tokio::spawn(async move {
            let write = move |tx: Tx| async move {
                index(&tx, id, text).await?;
                let seen = if looks { found(tx.access(), "环境").await? } else { 0 };
                if fails { Err(StoreError::Stale) } else { Ok(seen) }
            };
            store.write_unrecorded("a test", write).await
        })
    };
    // Once with one that fails and takes the group through its savepoints, once without.
    for fails in [true, false] {
        let (enough, first) = hold_up(&store).await;
        let mut gathered = Vec::new();
        for (id, text, looks, fails) in [
            (1, "环境整治", false, false),
            (2, "环境绿化", true, false),
            (3, "环境保洁", false, fails),
            (1, "市容整治", false, false),
            (4, "环境提升", true, false),
        ] {
            gathered.push(put(id, text, looks, fails));
            tokio::task::yield_now().await;
        }
        enough.notify_one();
        first.await.expect("joined").expect("a write");
        let mut seen = Vec::new();
        for write in gathered {
            seen.push(write.await.expect("joined").unwrap_or(-1));
        }
        let third = if fails { -1 } else { 0 };
        // The second time round, 4 is there from the first.
        let looked = if fails { [2, 2] } else { [3, 3] };
        assert_eq!(seen, [0, looked[0], third, 0, looked[1]]);
        let left = |words: &'static str| {
            let store = store.clone();
            async move {
                store.read(move |r| async move { found(r.access(), words).await }).await.expect("a read")
            }
        };
        assert_eq!(left("环境").await, if fails { 2 } else { 3 });
        assert_eq!((left("整治").await, left("保洁").await), (1, i64::from(!fails)));
    }
}

#[tokio::test]
async fn how_frequent_a_beginning_is_old_texts_tell_as_well_as_new_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder, Duration::from_secs(5)).await;
    let write = |tx: Tx| async move {
        for n in 1..=400_u128 {
            index(&tx, n, &format!("第{n}次整治")).await?;
        }
        for n in 401..=450 {
            index(&tx, n, "清理背街小巷").await?;
        }
        Ok::<_, StoreError>(())
    };
    store.write_unrecorded("a test", write).await.expect("a write");
    let course = |words: &'static str| {
        let store = store.clone();
        async move {
            let needle = Needle::new(words).expect("words");
            let course = store.read(move |r| async move { Course::of(r.access(), &needle).await }).await;
            course.expect("a course")
        }
    };
    let rare = Course::Index { by: Needle::new("77").expect("words"), also: vec![" 第".into()] };
    for _again in 0..2 {
        assert_eq!(course("第77").await, rare);
        assert_eq!(course("第").await, Course::Along);
    }
    // Edited again and again, one text ends a long gap: it is one of many all the same.
    let edit = |tx: Tx| async move {
        for _again in 0..400 {
            index(&tx, 450, "疏通老城区下水道").await?;
        }
        Ok::<_, StoreError>(())
    };
    store.write_unrecorded("a test", edit).await.expect("a write");
    let by = Needle::new("疏").expect("words");
    assert_eq!(course("疏").await, Course::Index { by, also: Vec::new() });
}

#[tokio::test]
async fn the_log_begins_anew_although_somebody_always_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder, Duration::from_secs(5)).await;
    let mut longest = 0;
    for n in 0..180 {
        let insert = KEEP.replace("kept", &format!("{n}{}", "城".repeat(300_000)));
        store
            .write_unrecorded("a test", move |tx| {
                let insert = insert.clone();
                async move { say(&tx, &insert).await }
            })
            .await
            .expect("a write");
        let log = std::fs::metadata(folder.path().join("chengjing.db-wal")).expect("a log");
        longest = longest.max(log.len());
    }
    // More than 160 MB were written; the log held 12,000 pages and what was written while these were folded.
    assert!(longest < 96 << 20, "{longest}");
}
