//! How many targets are reached is counted in the write that changes it.

use chengjing_domain::{
    duty::{
        Duty, DutyState, DutyTarget,
        figure::Figure,
        task::{Deed, Party, perform},
    },
    id::{CampaignId, FigureId, TargetId, TaskId, UnitId},
    ledger::Author,
};
use chengjing_store::{
    DatabaseUrl, Store, StoreError, Tx,
    duty::{self, ReachedCounts},
    figure, ledger, task,
};
use chrono::NaiveDate;

use crate::harness::{
    self, Bench, at, fresh_id, id, miscounts, on_both, recorded, target, task_act, with_campaign,
};

async fn counts(store: &Store, here: CampaignId) -> (u64, u64, u64) {
    let counts = store.read(|r| async move { duty::reached_counts(&r, here).await }).await;
    let ReachedCounts { yes, no, unknown } = counts.expect("counters");
    (yes, no, unknown)
}

/// The counters stand so, and stand so when all is judged anew.
async fn stand(bench: &Bench, here: CampaignId, expected: (u64, u64, u64), why: &str) {
    assert_eq!(counts(&bench.store, here).await, expected, "{}: {why}", bench.engine);
    assert_eq!(miscounts(bench, here).await, Vec::<String>::new(), "{}: {why}", bench.engine);
    let anew = move |tx| async move { duty::rebuild_counts(&tx, here).await };
    bench.store.write_unrecorded("counted anew", anew).await.expect("rebuilt");
    assert_eq!(counts(&bench.store, here).await, expected, "{}: anew, {why}", bench.engine);
}

async fn save(bench: &Bench, changed: &Duty) -> Duty {
    let changed = changed.clone();
    let saved = bench.store.write(move |tx| {
        let changed = changed.clone();
        async move {
            let saved = duty::save(&tx, &changed, at(5)).await?;
            recorded(&tx).await?;
            Ok::<_, StoreError>(saved)
        }
    });
    saved.await.expect("saved")
}

fn of(here: CampaignId, target: u128, task: TaskId, value: &str) -> Figure {
    Figure {
        campaign: here,
        id: FigureId(fresh_id()),
        target: TargetId(id(target)),
        task,
        value: value.parse().expect("a number"),
        unit: "%".into(),
        source: "统计月报".into(),
        on: NaiveDate::from_ymd_opt(2026, 6, 9).expect("a day"),
        by: Author::System,
        at: at(9),
        superseded_by: None,
    }
}

async fn put(tx: &Tx, figure: &Figure, corrected: Option<&Figure>) -> Result<(), StoreError> {
    figure::add(tx, figure).await?;
    if let Some(corrected) = corrected {
        figure::save_superseded(tx, corrected).await?;
    }
    recorded(tx).await
}

async fn file(bench: &Bench, figure: &Figure, corrected: Option<&Figure>) {
    let (figure, corrected) = (figure.clone(), corrected.cloned());
    let filed = bench.store.write(move |tx| {
        let (figure, corrected) = (figure.clone(), corrected.clone());
        async move { put(&tx, &figure, corrected.as_ref()).await }
    });
    filed.await.expect("filed");
}

async fn task_of(bench: &Bench, duty: &Duty, unit: UnitId) -> TaskId {
    let (here, id) = (duty.campaign, duty.id);
    let tasks = bench.store.read(|r| async move { task::list_of_duty(&r, here, id).await }).await;
    let own = tasks.expect("tasks").into_iter().find(|one| one.task.owed.unit == unit);
    own.expect("a task").task.id
}

/// Does something to a task, as its unit or as the office.
async fn act(bench: &Bench, here: CampaignId, task: TaskId, deed: Deed, party: Party) {
    let acted = bench.store.write(move |tx| {
        let deed = deed.clone();
        async move {
            let before = task::lookup(&tx, here, task).await?.ok_or(StoreError::Stale)?;
            let act = chengjing_domain::duty::task::Act {
                step: chengjing_domain::id::StepId(fresh_id()),
                ..task_act(party, 1)
            };
            let done = perform(before.task.clone(), deed, &act).expect("the domain allows it");
            task::save(&tx, &before, &done).await?;
            recorded(&tx).await
        }
    });
    acted.await.expect("acted");
}

/// Two units that owe one duty with one target, and another with two targets that the first owes alone.
async fn furnish(bench: &Bench) -> (CampaignId, [UnitId; 2], Duty, Duty) {
    let (here, units) = with_campaign(&bench.store, &["城管局", "教育局"]).await;
    let of = |n: u128, units: &[_], targets: &[u128]| Duty {
        recurrence: None,
        targets: targets.iter().map(|n| target(*n)).collect(),
        ..harness::duty(here, n, "提升达标率", units, 20)
    };
    let both = of(200, &units, &[300]);
    let alone = of(201, &units[..1], &[301, 302]);
    let without = of(202, &units, &[]);
    let added = vec![both.clone(), alone.clone(), without];
    let adding = bench.store.write(move |tx| {
        let added = added.clone();
        async move {
            duty::add_many(&tx, &added).await?;
            recorded(&tx).await
        }
    });
    adding.await.expect("added");
    (here, [units[0].id, units[1].id], both, alone)
}

#[tokio::test]
async fn what_is_said_of_targets_is_counted_in_the_write_that_changes_it() {
    on_both(|bench: Bench| async move {
        let (here, [first, second], both, alone) = furnish(&bench).await;
        stand(&bench, here, (0, 0, 3), "nobody has measured anything").await;
        let (own, other) = (task_of(&bench, &both, first).await, task_of(&bench, &both, second).await);
        let single = task_of(&bench, &alone, first).await;
        file(&bench, &of(here, 300, own, "96"), None).await;
        stand(&bench, here, (0, 0, 3), "of the second nothing is known").await;
        let poor = of(here, 300, other, "90");
        file(&bench, &poor, None).await;
        stand(&bench, here, (0, 1, 2), "one of the two does not reach it").await;
        let better = of(here, 300, other, "97");
        let corrected = poor.superseded(&better).expect("corrected");
        file(&bench, &better, Some(&corrected)).await;
        stand(&bench, here, (1, 0, 2), "the figure was wrong").await;
        let other_measure = Figure { unit: "处".into(), ..of(here, 301, single, "99") };
        file(&bench, &other_measure, None).await;
        file(&bench, &of(here, 302, single, "50"), None).await;
        stand(&bench, here, (1, 1, 1), "what is measured otherwise is not compared").await;

        // The demand is another one; the target is the same.
        let low = |one: &DutyTarget| DutyTarget {
            target: chengjing_domain::plan::Target {
                value: "40".parse().expect("a number"),
                ..one.target.clone()
            },
            ..one.clone()
        };
        let alone = save(&bench, &Duty { targets: alone.targets.iter().map(low).collect(), ..alone }).await;
        stand(&bench, here, (2, 0, 1), "50 is enough for 40").await;
        save(&bench, &Duty { targets: alone.targets[..1].to_vec(), ..alone }).await;
        stand(&bench, here, (1, 0, 1), "a target was taken off its duty").await;
        let spare =
            Duty { id: chengjing_domain::id::DutyId(id(203)), targets: vec![target(303)], ..both.clone() };
        let added = spare.clone();
        let adding = bench.store.write(move |tx| {
            let added = added.clone();
            async move {
                duty::add(&tx, &added).await?;
                recorded(&tx).await
            }
        });
        adding.await.expect("added");
        stand(&bench, here, (1, 0, 2), "another duty has a target").await;
        let gone = save(&bench, &Duty { state: DutyState::Withdrawn, ..spare }).await;
        stand(&bench, here, (1, 0, 1), "it was withdrawn").await;
        save(&bench, &Duty { state: DutyState::Assigned, ..gone }).await;
        stand(&bench, here, (1, 0, 2), "it came back").await;

        // A unit that owes no more has nothing to say of the target.
        act(&bench, here, other, Deed::Accept, Party::Owner).await;
        let worse = of(here, 300, other, "10");
        let corrected = better.superseded(&worse).expect("corrected");
        file(&bench, &worse, Some(&corrected)).await;
        stand(&bench, here, (0, 1, 2), "the second does not reach it").await;
        act(&bench, here, other, Deed::Withdraw { reason: "改由他人办理".into() }, Party::Office).await;
        stand(&bench, here, (1, 0, 2), "its task was withdrawn").await;
        act(&bench, here, own, Deed::Accept, Party::Owner).await;
        let removed = bench.store.write(move |tx| async move {
            duty::remove(&tx, here, chengjing_domain::id::DutyId(id(200))).await?;
            recorded(&tx).await
        });
        removed.await.expect("removed");
        stand(&bench, here, (0, 0, 2), "a duty went with all that it had").await;
        assert_eq!(ledger::verify(&bench.store).await.expect("verified"), Vec::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_figures_that_come_at_once_are_both_counted() {
    on_both(|bench: Bench| async move {
        let (here, [first, second], both, _) = furnish(&bench).await;
        let (own, other) = (task_of(&bench, &both, first).await, task_of(&bench, &both, second).await);
        let write = |figure: Figure| {
            let store = bench.store.clone();
            tokio::spawn(async move {
                let filed = store.write_keyed(move |tx| {
                    let figure = figure.clone();
                    async move { put(&tx, &figure, None).await }
                });
                filed.await
            })
        };
        let (one, two) = tokio::join!(write(of(here, 300, own, "96")), write(of(here, 300, other, "97")));
        one.expect("run").expect("filed");
        two.expect("run").expect("filed");
        stand(&bench, here, (1, 0, 2), "each unit reaches it").await;
    })
    .await;
}

#[tokio::test]
async fn targets_from_before_they_were_judged_are_judged_when_the_program_begins() {
    on_both(|bench: Bench| async move {
        let (here, [first, _], _, alone) = furnish(&bench).await;
        let single = task_of(&bench, &alone, first).await;
        file(&bench, &of(here, 302, single, "96"), None).await;
        for sql in ["UPDATE target SET reached = NULL", "DELETE FROM target_count"] {
            match &bench.config.database {
                DatabaseUrl::Sqlite(path) => {
                    let url = format!("sqlite:{}", path.display());
                    let pool = sqlx::SqlitePool::connect(&url).await.expect("the database");
                    sqlx::query(sql).execute(&pool).await.expect("forgotten");
                    pool.close().await;
                }
                DatabaseUrl::Postgres(url) => {
                    let pool = sqlx::PgPool::connect(url).await.expect("the database");
                    sqlx::query(sql).execute(&pool).await.expect("forgotten");
                    pool.close().await;
                }
            }
        }
        assert_eq!(counts(&bench.store, here).await, (0, 0, 0));
        bench.store.migrate().await.expect("a schema");
        stand(&bench, here, (1, 0, 2), "all of them are judged").await;
    })
    .await;
}
