//! What the ledger finds: each way to tamper with it, named.

use crate::harness::{self, Bench, act, id, on_both, recorded, sqlite, tamper, target, user, with_campaign};
use chengjing_domain::{
    duty::task::{Deed, Party, owed_by, perform},
    id::{CampaignId, EntryId, TaskId},
    ledger::{Effect, SubjectKind},
};
use chengjing_store::{
    Paging, StoreError, campaign, duty,
    ledger::{self, Fault, LedgerFilter},
    people,
    recount::Counters,
    task,
};

/// Some of everything, in three blocks.
/// The task on which somebody has reported.
fn begun(here: CampaignId) -> TaskId {
    let first = harness::duty(here, 200, "", &[harness::unit(here, 100, "")], 20);
    owed_by(&first)[0].task_id(0)
}

async fn furnish(bench: &Bench) -> CampaignId {
    let (here, units) = with_campaign(&bench.store, &["城管局", "教育局"]).await;
    assert!(ledger::seal(&bench.store).await.expect("sealed").is_some());
    let mut first = harness::duty(here, 200, "开展市容环境整治", &units[..1], 20);
    first.targets = vec![target(300)];
    let second = harness::duty(here, 202, "完善公益广告", &units, 0);
    let phase = harness::phase(here, 30, 0);
    bench
        .store
        .write(move |tx| {
            let (first, second, phase) = (first.clone(), second.clone(), phase.clone());
            async move {
                people::add_user(&tx, &user(1)).await?;
                campaign::add_phase(&tx, &phase).await?;
                duty::add_many(&tx, &[first, second]).await?;
                chengjing_store::setting::save(&tx, "name", "清水县").await?;
                recorded(&tx).await
            }
        })
        .await
        .expect("furnished");
    assert!(ledger::seal(&bench.store).await.expect("sealed").is_some());
    bench
        .store
        .write(move |tx| async move {
            let found = duty::lookup(&tx, here, chengjing_domain::id::DutyId(id(200))).await?;
            let mut found = found.ok_or(StoreError::Stale)?;
            found.title = "市容整治".into();
            let task = task::lookup(&tx, here, begun(here)).await?.ok_or(StoreError::Stale)?;
            let report = Deed::Report { note: Some("已办结".into()) };
            let done =
                perform(task.task.clone(), report, &harness::task_act(Party::Owner, 401)).expect("reported");
            task::save(&tx, &task, &done).await?;
            let saved = duty::save(&tx, &found, harness::at(1)).await?;
            let subject = chengjing_domain::ledger::Subject::of(here, SubjectKind::Duty, saved.id.0);
            ledger::record(&tx, act("duty.edit", subject)).await.map(drop)
        })
        .await
        .expect("edited");
    assert!(ledger::seal(&bench.store).await.expect("sealed").is_some());
    here
}

async fn faults(bench: &Bench) -> Vec<String> {
    ledger::verify(&bench.store).await.expect("a verification").iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn an_untouched_ledger_holds_and_each_entry_can_be_proven_alone() {
    on_both(|bench: Bench| async move {
        let here = furnish(&bench).await;
        assert_eq!(faults(&bench).await, Vec::<String>::new(), "{}", bench.engine);
        let filter = LedgerFilter {
            campaign: Some(here),
            subject: Some((SubjectKind::Duty, id(200))),
            ..LedgerFilter::default()
        };
        let entries = bench
            .store
            .read(|r| async move { ledger::list(&r, &filter, &Paging::first(10)).await })
            .await
            .expect("entries")
            .items;
        let entries: Vec<_> = entries.into_iter().map(|recorded| recorded.entry).collect();
        assert_eq!(
            entries.iter().map(|entry| entry.action.as_str()).collect::<Vec<_>>(),
            ["duty.edit", "test"]
        );
        assert!(matches!(entries[0].effect, Effect::Stored(_)));
        for entry in &entries {
            let id = entry.id;
            let proof = bench.store.read(|r| async move { ledger::prove_entry(&r, id).await }).await;
            let proof = proof.expect("a read").expect("a proof");
            let published = proof.block.hash();
            assert!(proof.holds(published));
            let mut forged = proof.clone();
            forged.entry.action = "duty.remove".into();
            assert!(!forged.holds(published));
        }
        let newest = bench.store.read(|r| async move { ledger::newest_block(&r).await }).await;
        assert_eq!(newest.expect("a read").expect("a block").height, 3);
        assert_eq!(ledger::seal(&bench.store).await.expect("nothing to seal"), None);
    })
    .await;
}

#[tokio::test]
async fn every_way_to_tamper_with_a_row_is_found_and_the_row_is_named() {
    let duty = id(200);
    let here = CampaignId(id(1));
    let begun = begun(here);
    let fresh = owed_by(&harness::duty(here, 202, "", &[harness::unit(here, 100, "")], 0))[0].task_id(0);
    let cases = [
        ("UPDATE duty SET title = '改' WHERE version = 2", format!("row changed: duty {duty}")),
        ("UPDATE duty_unit SET role = 'lead' WHERE ordinal = 0", format!("row changed: duty {duty}")),
        ("UPDATE target SET value = '1'", format!("row changed: duty {duty}")),
        ("DELETE FROM target", format!("row changed: duty {duty}")),
        ("UPDATE \"user\" SET password_hash = 'x'", format!("row changed: user {}", id(1))),
        ("UPDATE campaign SET name = '别处'", format!("row changed: campaign {}", id(1))),
        ("UPDATE setting SET value = '别处'", "row changed: setting".to_owned()),
        ("DELETE FROM setting", "row missing: setting".to_owned()),
        ("DELETE FROM phase", format!("row missing: phase {}", id(30))),
        ("UPDATE task SET percent = 99", format!("row changed: task {begun}")),
        ("UPDATE task_step SET note = '未办结'", format!("row changed: task {begun}")),
        ("UPDATE task SET version = 1 WHERE version > 1", format!("row changed: task {begun}")),
        ("UPDATE task SET due_on = '2027-01-01' WHERE version > 1", "row unreadable: task.due_on".to_owned()),
        (
            "UPDATE task SET percent = 99 WHERE version = 1",
            format!("task differs from its duty: task {fresh}"),
        ),
        (
            "UPDATE task SET role = 'lead' WHERE version = 1",
            format!("task differs from its duty: task {fresh}"),
        ),
        ("DELETE FROM task WHERE version = 1", format!("task missing: of unit {}", id(100))),
        ("DELETE FROM task_step", format!("row changed: task {begun}")),
        ("UPDATE duty SET state = 'x' WHERE version = 2", format!("row unreadable: duty.state of {duty}")),
    ];
    for (sql, expected) in cases {
        on_both(|bench: Bench| {
            let expected = expected.clone();
            async move {
                furnish(&bench).await;
                tamper(&bench, sql).await;
                let found = faults(&bench).await;
                assert!(
                    found.iter().any(|fault| fault.starts_with(&expected)),
                    "{sql} on {}: {found:?}",
                    bench.engine
                );
            }
        })
        .await;
    }
}

#[tokio::test]
async fn a_row_that_no_entry_tells_of_is_found() {
    on_both(|bench: Bench| async move {
        furnish(&bench).await;
        tamper(
            &bench,
            "INSERT INTO phase SELECT campaign_id, (SELECT id FROM \"user\"), '假', NULL, NULL, 9 FROM phase",
        )
        .await;
        let found = faults(&bench).await;
        assert_eq!(found, [format!("row added: phase {} of campaign {}", id(1), id(1))], "{}", bench.engine);
    })
    .await;
}

#[tokio::test]
async fn every_way_to_tamper_with_the_chain_is_found() {
    type Expected = fn(&Fault) -> bool;
    let cases: [(&str, Expected); 9] = [
        (
            "UPDATE ledger_entry SET details = '{}', actor = 'user:00000000-0000-0000-0000-000000000001' WHERE seq = 2",
            |fault| matches!(fault, Fault::EntryChanged { .. }),
        ),
        ("UPDATE ledger_entry SET at = (SELECT min(created_at) FROM campaign) WHERE seq = 3", |fault| {
            matches!(fault, Fault::EntryChanged { .. })
        }),
        ("DELETE FROM ledger_entry WHERE seq = 2", |fault| {
            matches!(fault, Fault::EntryMissing { height: 1, .. })
        }),
        ("UPDATE ledger_entry SET seq = 1000 WHERE seq = 1", |fault| {
            matches!(fault, Fault::EntryMoved { height: 1, .. })
        }),
        ("UPDATE ledger_entry SET height = 2 WHERE seq = 1", |fault| {
            matches!(fault, Fault::EntryAdded { height: 2, .. })
        }),
        (
            "UPDATE ledger_block SET sealed_at = (SELECT max(at) FROM ledger_entry) WHERE height = 1",
            |fault| matches!(fault, Fault::BlockChanged { height: 1 }),
        ),
        ("DELETE FROM ledger_block WHERE height = 2", |fault| {
            matches!(fault, Fault::BlockMissing { height: 2 })
        }),
        ("DELETE FROM ledger_block WHERE height = 3", |fault| {
            matches!(fault, Fault::EntryAdded { height: 3, .. })
        }),
        ("UPDATE ledger_block SET previous = hash WHERE height = 3", |fault| {
            matches!(fault, Fault::ChainBroken { height: 3 })
        }),
    ];
    for (sql, expected) in cases {
        on_both(|bench: Bench| async move {
            furnish(&bench).await;
            tamper(&bench, sql).await;
            let found = ledger::verify(&bench.store).await.expect("a verification");
            assert!(found.iter().any(expected), "{sql} on {}: {found:?}", bench.engine);
        })
        .await;
    }
}

#[tokio::test]
async fn a_ledger_made_anew_as_a_whole_is_found_by_what_was_published() {
    let folder = tempfile::tempdir().expect("a folder");
    let bench = sqlite(&folder, |_| {}).await;
    furnish(&bench).await;
    let printed = bench.store.read(|r| async move { ledger::newest_block(&r).await }).await.expect("a read");
    let printed = printed.expect("a block");
    let published = [(printed.height, printed.hash())];
    assert_eq!(ledger::verify_against(&bench.store, &published).await.expect("verified"), []);
    tamper(
        &bench,
        "DELETE FROM ledger_block; UPDATE ledger_entry SET height = NULL; \
         DELETE FROM ledger_entry WHERE action = 'duty.edit'",
    )
    .await;
    ledger::seal(&bench.store).await.expect("sealed anew");
    let found = ledger::verify_against(&bench.store, &published).await.expect("verified");
    assert!(found.contains(&Fault::BlockMissing { height: 3 }), "{found:?}");
}

#[tokio::test]
async fn an_act_that_is_recorded_twice_is_refused() {
    on_both(|bench: Bench| async move {
        let once =
            act("test", chengjing_domain::ledger::Subject::installed(SubjectKind::Installation, id(0)));
        let again = once.clone();
        let write = |act: chengjing_domain::ledger::Act| {
            bench.store.write(move |tx| {
                let act = act.clone();
                async move { ledger::record(&tx, act).await.map(drop) }
            })
        };
        write(once.clone()).await.expect("once");
        let twice = write(again).await;
        assert_eq!(twice.expect_err("twice").constraint(), Some("ledger_entry_id"), "{}", bench.engine);
        let found =
            bench.store.read(|r| async move { ledger::lookup(&r, once.id).await }).await.expect("a read");
        assert_eq!(found.map(|entry| entry.id), Some(EntryId(once.id.0)));
    })
    .await;
}

#[tokio::test]
async fn a_counter_that_was_changed_by_hand_is_in_no_entry_but_counting_the_rows_finds_it() {
    on_both(|bench: Bench| async move {
        let here = furnish(&bench).await;
        let wrong = async || harness::miscounts(&bench, here).await;
        assert_eq!(wrong().await, Vec::<String>::new(), "{}: nothing was changed yet", bench.engine);
        tamper(&bench, "UPDATE duty_count SET n = n + 1 WHERE dimension = 'total'").await;
        tamper(&bench, "UPDATE target SET reached = 'yes'").await;
        tamper(&bench, "DELETE FROM target_count").await;
        let expected = [
            "duty_count [total, ] keeps 3, the rows give 2".to_owned(),
            format!("target.reached [{}] keeps yes, the rows give unknown", id(300)),
            "target_count [unknown] keeps 0, the rows give 1".to_owned(),
        ];
        assert_eq!(wrong().await, expected, "{}", bench.engine);
        assert_eq!(ledger::verify(&bench.store).await.expect("verifies"), Vec::new(), "{}", bench.engine);
        let anew = move |tx| async move { Counters::Duties.rebuild(&tx, here).await };
        bench.store.write_unrecorded("counted anew", anew).await.expect("rebuilt");
        assert_eq!(wrong().await, Vec::<String>::new(), "{}: counted anew", bench.engine);
    })
    .await;
}
