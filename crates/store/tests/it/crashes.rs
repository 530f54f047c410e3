//! What the machine may do to us: the process is killed, the disk is full.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use chengjing_domain::{
    id::{EntryId, UserId},
    ledger::{Act, Author, Subject, SubjectKind},
    people::User,
};
use chengjing_store::{Store, StoreConfig, StoreError, ledger, people, setting};
use serde_json::json;
use uuid::Uuid;

use crate::harness::{self, recorded, sqlite};

/// Rounds of killing; each is killed at another moment.
const ROUNDS: u32 = 200;

/// Set for the process that is killed, which is this test binary once more.
const VICTIM: &str = "CHENGJING_STORE_VICTIM";

/// The process that is killed: it writes as fast as it can from eight callers, and says which writes were
/// acknowledged, a line each. Run as an ordinary test, without the variable, it has nothing to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_victim_writes_until_it_is_killed() {
    let Ok(order) = std::env::var(VICTIM) else { return };
    let (round, folder) = order.split_once(' ').expect("a round and a folder");
    let round: u128 = round.parse().expect("a round's number");
    let mut config = StoreConfig::embedded(PathBuf::from(folder), harness::Hands::default().clock());
    // Blocks are made in the middle of the killing too.
    config.seal_every = std::time::Duration::from_millis(5);
    let store = Store::open(&config).await.expect("the store opens after a kill");
    store.migrate().await.expect("the schema");
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..8_u128 {
        let store = store.clone();
        callers.spawn(async move {
            for n in 0..1_000_000_u128 {
                let id = Uuid::from_u128((round << 80) | (caller << 64) | n);
                add_user(&store, id).await.expect("a write");
                let mut out = std::io::stdout().lock();
                writeln!(out, "{id}").and_then(|()| out.flush()).expect("the test reads");
            }
        });
    }
    callers.join_all().await;
}

/// A user under that id, and the entry of it.
async fn add_user(store: &Store, id: Uuid) -> Result<(), StoreError> {
    store
        .write(move |tx| async move {
            let at = harness::at(0);
            let user = User {
                id: UserId(id),
                name: id.to_string(),
                display_name: "用户".into(),
                password_hash: "$argon2id$stand-in".into(),
                created_at: at,
                disabled_at: None,
                must_change_password: false,
                version: 1,
            };
            people::add_user(&tx, &user).await?;
            let act = Act {
                id: EntryId(id),
                at,
                author: Author::System,
                action: "user.add".into(),
                subject: Subject::installed(SubjectKind::User, id),
                details: json!({}),
            };
            ledger::record(&tx, act).await.map(drop)
        })
        .await
}

#[tokio::test]
async fn every_acknowledged_write_survives_two_hundred_kills() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut acknowledged: Vec<Uuid> = Vec::new();
    for round in 0..ROUNDS {
        let killed = kill_after(folder.path(), round, 1 + (round * 7) % 60);
        acknowledged.extend(killed);
        // Every tenth time, and at the end, everything is looked at; a store is opened after every kill anyway.
        if round % 10 == 9 {
            let clock = harness::Hands::default().clock();
            let store = Store::open(&StoreConfig::embedded(folder.path().to_owned(), clock))
                .await
                .expect("the store opens after a kill");
            for id in &acknowledged {
                let id = UserId(*id);
                let found = store.read(|r| async move { people::lookup_user(&r, id).await }).await;
                assert!(
                    found.expect("a read").is_some(),
                    "{id} was acknowledged, and is gone after round {round}"
                );
            }
            assert_eq!(ledger::verify(&store).await.expect("verified"), [], "after round {round}");
            store.close().await;
        }
    }
    assert!(acknowledged.len() > 2_000, "the victim wrote something: {}", acknowledged.len());
}

/// Starts the victim, kills it after it acknowledged so many writes, and returns all that it acknowledged.
fn kill_after(folder: &Path, round: u32, lines: u32) -> Vec<Uuid> {
    let mut child = Command::new(std::env::current_exe().expect("this binary"))
        .args(["--exact", "crashes::the_victim_writes_until_it_is_killed", "--nocapture", "--quiet"])
        .env(VICTIM, format!("{round} {}", folder.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the victim starts");
    let mut out = BufReader::new(child.stdout.take().expect("its lines"));
    let mut acknowledged = Vec::new();
    let mut line = String::new();
    while out.read_line(&mut line).expect("a line") > 0 {
        // The test runner says a word or two of its own.
        acknowledged.extend(line.trim().parse::<Uuid>().ok());
        line.clear();
        if acknowledged.len() == lines as usize {
            // SIGKILL: nothing is flushed, nothing is said.
            child.kill().expect("killed");
        }
    }
    child.wait().expect("it ended");
    // A line that was cut in the middle was not read as one: what is whole was acknowledged.
    acknowledged
}

/// A disk of a few megabytes; needs the right to mount.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().ok()?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=6m", "chengjing-test"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status()
            .ok()?;
        mounted.success().then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(self.0.path()).status().ok();
    }
}

#[tokio::test]
async fn a_full_disk_is_told_clearly_corrupts_nothing_and_passes_when_there_is_room_again() {
    let Some(disk) = SmallDisk::new() else {
        eprintln!("the disk-full test is skipped: no right to mount a small disk");
        return;
    };
    let bench = sqlite(&disk.0, |_| {}).await;
    let ballast = disk.0.path().join("ballast");
    std::fs::write(&ballast, vec![0; 2_000_000]).expect("some room is taken");
    let write = |n: u32| {
        bench.store.write(move |tx| async move {
            setting::save(&tx, &format!("key{n}"), &"值".repeat(10_000)).await?;
            recorded(&tx).await
        })
    };
    let mut kept = 0;
    let refused = loop {
        match write(kept).await {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 1_000, "the disk never fills");
    };
    assert!(matches!(refused, StoreError::DiskFull), "{refused:?}");
    assert_eq!(refused.to_string(), "the disk is full");
    let again = write(kept).await;
    assert!(matches!(again, Err(StoreError::DiskFull)), "it stays clear: {again:?}");
    // What is stored can still be read, and nothing of it is damaged.
    let last = bench.store.read(|r| async move { setting::lookup(&r, "key0").await }).await;
    assert!(last.expect("a read").is_some());
    std::fs::remove_file(&ballast).expect("room again");
    write(kept).await.expect("recovers by itself");
    for n in 0..=kept {
        let key = format!("key{n}");
        let found = bench.store.read(|r| async move { setting::lookup(&r, &key).await }).await;
        assert!(found.expect("a read").is_some(), "key{n}");
    }
    assert_eq!(ledger::verify(&bench.store).await.expect("verified"), []);
}
