//! A backup is taken while the server runs, and a restore proves what it brought back, on the other engine too.

use std::io::{Cursor, Read, Write};

use bytes::Bytes;
use chengjing_domain::{
    campaign::{Contact, Post},
    duty::task::{Deed, Party, perform},
    id::{CampaignId, ImportId, JobId},
    ledger::{Hash, SubjectKind},
    people::SecondFactor,
    plan::{ImportState, PlanImport, Reading},
};
use chengjing_store::{
    Paging, Store, StoreError,
    backup::{BackupError, backup, restore},
    campaign, duty, job, ledger, people, plan,
    search::{self, SearchFilter},
    task,
};
use serde_json::json;

use crate::harness::{
    self, Bench, Database, at, id, on_both, open, recorded, sqlite, target, user, with_campaign,
};

/// Something in every table that a backup carries, and a file.
async fn furnish(store: &Store) -> CampaignId {
    let (here, units) = with_campaign(store, &["城管局", "各乡镇", "城关镇"]).await;
    let file = store.files().put_bytes(Bytes::from_static("方案".as_bytes())).await.expect("a file");
    let import = PlanImport {
        campaign: here,
        id: ImportId(id(60)),
        file: file.hash.to_string(),
        name: "方案.txt".into(),
        state: ImportState::Draft,
        reading: None,
        cleaned: Some("一、".into()),
        problems: Vec::new(),
        replaces: None,
        older: None,
        created_at: at(0),
        created_by: user(1).id,
        version: 1,
    };
    // Made before what it replaces: its id sorts first.
    let older = Some(Reading { source: "方案.txt".into(), ..Reading::default() });
    let newer = PlanImport { id: ImportId(id(59)), replaces: Some(import.id), older, ..import.clone() };
    let mut towns = units[1].clone();
    towns.members = vec![units[2].id];
    towns.aliases = vec!["各镇".into()];
    towns.parent = Some(units[2].id);
    let user_one = Some(user(1).id);
    let head =
        Contact { post: Post::Head, name: "王芳".into(), duty_title: None, phone: None, user: user_one };
    towns.contacts = vec![head];
    towns.closed_at = Some(at(3));
    let mut first = harness::duty(here, 200, "开展市容环境整治", &units[..1], 20);
    first.targets = vec![target(300)];
    first.phase = Some(harness::phase(here, 30, 0).id);
    store
        .write(move |tx| {
            let (import, newer, towns) = (import.clone(), newer.clone(), towns.clone());
            let first = first.clone();
            async move {
                people::add_user(&tx, &user(1)).await?;
                people::save_second_factor(&tx, &factor()).await?;
                plan::add(&tx, &import).await?;
                plan::add(&tx, &newer).await?;
                campaign::save_unit(&tx, &towns).await?;
                campaign::add_phase(&tx, &harness::phase(here, 30, 0)).await?;
                duty::add(&tx, &first).await?;
                let mut owed = task::list_of_duty(&tx, here, first.id).await?;
                let owed = owed.pop().ok_or(StoreError::Stale)?;
                let act = harness::task_act(Party::Owner, 401);
                let done = perform(owed.task.clone(), Deed::Accept, &act).expect("accepted");
                task::save(&tx, &owed, &done).await?;
                chengjing_store::setting::save(&tx, "name", "清水县").await?;
                let new = job::NewJob {
                    id: JobId(id(70)),
                    kind: "plan.read".into(),
                    payload_version: 1,
                    payload: json!({}),
                    dedupe: None,
                    campaign: Some(here),
                    created_at: at(0),
                    run_at: at(0),
                    attempts_allowed: 3,
                };
                job::add(&tx, &new).await?;
                recorded(&tx).await
            }
        })
        .await
        .expect("furnished");
    ledger::seal(store).await.expect("sealed");
    store.write(|tx| async move { recorded(&tx).await }).await.expect("an entry that is not sealed yet");
    here
}

fn factor() -> SecondFactor {
    SecondFactor {
        user: user(1).id,
        nonce: [5; 32],
        recovery: vec![[6; 32]],
        made_at: at(0),
        confirmed_at: Some(at(1)),
        last_step: 3,
    }
}

async fn check(store: &Store, here: CampaignId) {
    let store = store.clone();
    store
        .read(|r| async move {
            let found =
                duty::lookup(&r, here, chengjing_domain::id::DutyId(id(200))).await?.expect("the duty");
            assert_eq!(found.targets, [target(300)]);
            let towns = campaign::lookup_unit_by_name(&r, here, "各镇").await?.expect("the group");
            assert_eq!((towns.members.len(), towns.parent.is_some()), (1, true));
            let newer = plan::lookup(&r, here, ImportId(id(59))).await?.expect("the plan");
            assert_eq!(newer.replaces, Some(ImportId(id(60))));
            assert!(job::lookup(&r, JobId(id(70))).await?.is_some());
            assert_eq!(people::lookup_second_factor(&r, user(1).id).await?, Some(factor()));
            assert_eq!(duty::counts(&r, here, duty::Dimension::Total).await?, [(String::new(), 1)]);
            let filter = SearchFilter {
                campaign: here,
                text: "整治".into(),
                kinds: vec![SubjectKind::Duty],
                units: None,
                led: Vec::new(),
                filed_by: None,
            };
            assert_eq!(search::list(&r, &filter, &Paging::first(5)).await?.items.len(), 1);
            Ok::<_, StoreError>(())
        })
        .await
        .expect("a read");
}

#[tokio::test]
async fn a_backup_moves_a_city_from_either_engine_to_the_other() {
    on_both(|bench: Bench| async move {
        let here = furnish(&bench.store).await;
        let mut steps = Vec::new();
        let (manifest, zip) =
            backup(&bench.store, Cursor::new(Vec::new()), |step| steps.push(step)).await.expect("a backup");
        assert_eq!((manifest.tables["duty"].rows, manifest.files.len()), (1, 1));
        assert!(steps.iter().any(|step| step.what == "files" && step.done == 1));

        let folder = tempfile::tempdir().expect("a folder");
        let other = sqlite(&folder, |_| {}).await;
        let restored = restore(Cursor::new(zip.get_ref().clone()), &other.store, |_| {})
            .await
            .expect("restored on SQLite");
        assert_eq!(restored, manifest);
        check(&other.store, here).await;
        other.store.write(|tx| async move { recorded(&tx).await }).await.expect("the ledger goes on");
        ledger::seal(&other.store).await.expect("sealed");
        assert_eq!(ledger::verify(&other.store).await.expect("verified"), []);
        let again = restore(Cursor::new(zip.get_ref().clone()), &other.store, |_| {}).await;
        assert!(matches!(again, Err(BackupError::NotEmpty)), "{again:?}");
        let file = Hash::of("方案".as_bytes());
        assert_eq!(
            other.store.files().read(file).await.expect("read"),
            Some(Bytes::from_static("方案".as_bytes()))
        );

        if let Some(database) = Database::new().await {
            let folder = tempfile::tempdir().expect("a folder");
            let other = open(&folder, "postgres", Some(database.url()), |_| {}).await;
            restore(Cursor::new(zip.into_inner()), &other.store, |_| {})
                .await
                .expect("restored on PostgreSQL");
            check(&other.store, here).await;
            other.store.write(|tx| async move { recorded(&tx).await }).await.expect("the ledger goes on");
            assert_eq!(ledger::verify(&other.store).await.expect("verified"), []);
            database.remove().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_damaged_or_foreign_backup_is_refused_with_its_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let bench = sqlite(&folder, |_| {}).await;
    furnish(&bench.store).await;
    let (_, zip) = backup(&bench.store, Cursor::new(Vec::new()), |_| {}).await.expect("a backup");
    type Change = fn(&str, Vec<u8>) -> Option<Vec<u8>>;
    type Expected = fn(&BackupError) -> bool;
    let cases: [(&str, Change, Expected); 5] = [
        (
            "a changed row",
            |name, bytes| {
                let text = String::from_utf8_lossy(&bytes).replace("整治", "治理").into_bytes();
                Some(if name == "tables/duty.jsonl" { text } else { bytes })
            },
            |error| matches!(error, BackupError::Damaged(_)),
        ),
        (
            "a missing table",
            |name, bytes| (name != "tables/duty.jsonl").then_some(bytes),
            |error| matches!(error, BackupError::Damaged(_)),
        ),
        (
            "a changed file",
            |name, bytes| Some(if name.starts_with("files/") { vec![b'x'; bytes.len()] } else { bytes }),
            |error| matches!(error, BackupError::Damaged(_)),
        ),
        (
            "no manifest",
            |name, bytes| (name != "manifest.json").then_some(bytes),
            |error| matches!(error, BackupError::Foreign(_)),
        ),
        (
            "a newer format",
            |name, bytes| {
                let text =
                    String::from_utf8_lossy(&bytes).replace("\"format\":1", "\"format\":2").into_bytes();
                Some(if name == "manifest.json" { text } else { bytes })
            },
            |error| matches!(error, BackupError::Newer(_)),
        ),
    ];
    for (name, change, expected) in cases {
        let changed = rewrite(zip.get_ref(), change);
        let folder = tempfile::tempdir().expect("a folder");
        let other = sqlite(&folder, |_| {}).await;
        let refused = restore(Cursor::new(changed), &other.store, |_| {}).await.expect_err(name);
        assert!(expected(&refused), "{name}: {refused:?}");
        // Nobody works with half an installation: the place is as it was, and the right backup goes there.
        restore(Cursor::new(zip.get_ref().clone()), &other.store, |_| {}).await.expect("the place is empty");
    }
    let nonsense = restore(Cursor::new(b"no zip".to_vec()), &bench_empty(&folder).await, |_| {}).await;
    assert!(matches!(nonsense, Err(BackupError::Zip(_) | BackupError::NotEmpty)), "{nonsense:?}");
}

async fn bench_empty(folder: &tempfile::TempDir) -> Store {
    let clock = harness::Hands::default().clock();
    let config = chengjing_store::StoreConfig::embedded(folder.path().join("another"), clock);
    Store::open(&config).await.expect("a store")
}

fn rewrite(zip: &[u8], change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(zip)).expect("a zip");
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut entry = from.by_index(index).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes");
        if let Some(bytes) = change(&name, bytes) {
            to.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
            to.write_all(&bytes).expect("its bytes");
        }
    }
    to.finish().expect("a zip").into_inner()
}
