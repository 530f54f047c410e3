//! The rules of the two doors, on both engines.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use chengjing_domain::people::{Attempts, User};
use chengjing_store::{Single, StoreError, Tx, people, setting};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use tokio::task::JoinSet;

use crate::harness::{Bench, on_both, recorded, sqlite, user};

async fn set(tx: &Tx, key: &str, value: &str) -> Result<(), StoreError> {
    setting::save(tx, key, value).await?;
    recorded(tx).await
}

async fn value(bench: &Bench, key: &'static str) -> Option<String> {
    bench.store.read(|r| async move { setting::lookup(&r, key).await }).await.expect("a read")
}

#[tokio::test]
async fn a_write_that_changes_something_in_silence_is_refused_and_undone() {
    on_both(|bench: Bench| async move {
        let silent = bench.store.write(|tx| async move { setting::save(&tx, "a", "1").await }).await;
        assert!(matches!(silent, Err(StoreError::Unrecorded)), "{silent:?}");
        assert_eq!(value(&bench, "a").await, None);
        let after = bench
            .store
            .write(|tx| async move {
                set(&tx, "a", "1").await?;
                setting::save(&tx, "b", "2").await
            })
            .await;
        assert!(matches!(after, Err(StoreError::Unrecorded)), "changed after its entry: {after:?}");
        assert_eq!(value(&bench, "a").await, None);
        let unrecorded = bench
            .store
            .write_unrecorded("a test", |tx| async move { setting::save(&tx, "a", "1").await })
            .await;
        assert!(matches!(unrecorded, Err(StoreError::Unrecorded)), "a setting is ledgered: {unrecorded:?}");
        bench
            .store
            .write(|tx| async move { setting::lookup(&tx, "a").await.map(drop) })
            .await
            .expect("a write that changes nothing needs no entry");
    })
    .await;
}

#[tokio::test]
async fn a_door_inside_a_write_is_refused() {
    on_both(|bench: Bench| async move {
        let store = bench.store.clone();
        let nested = bench
            .store
            .write(move |tx| {
                let store = store.clone();
                async move {
                    set(&tx, "outer", "1").await?;
                    let inner = store.write(|tx| async move { set(&tx, "inner", "1").await }).await;
                    let read = store.read(|r| async move { setting::lookup(&r, "outer").await }).await;
                    assert!(matches!(read, Err(StoreError::Nested)), "{read:?}");
                    inner
                }
            })
            .await;
        assert!(matches!(nested, Err(StoreError::Nested)), "{nested:?}");
        assert_eq!(value(&bench, "outer").await, None);
        assert_eq!(value(&bench, "inner").await, None);
    })
    .await;
}

#[tokio::test]
async fn a_panic_fails_only_its_own_write() {
    on_both(|bench: Bench| async move {
        let bad = bench.store.write::<(), StoreError, _, _>(|tx| async move {
            set(&tx, "bad", "1").await?;
            panic!("as a test wants it");
        });
        let good = bench.store.write(|tx| async move { set(&tx, "good", "1").await });
        let (bad, good) = tokio::join!(bad, good);
        assert!(matches!(bad, Err(StoreError::Panicked)), "{bad:?}");
        good.expect("the other write");
        assert_eq!((value(&bench, "bad").await, value(&bench, "good").await), (None, Some("1".into())));
    })
    .await;
}

#[tokio::test]
async fn a_hanging_write_is_cut_off_and_the_others_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let bench = sqlite(&folder, |config| config.write_limit = Duration::from_millis(100)).await;
    let hanging = bench.store.write::<(), StoreError, _, _>(|tx| async move {
        set(&tx, "bad", "1").await?;
        std::future::pending().await
    });
    let good = bench.store.write(|tx| async move { set(&tx, "good", "1").await });
    let (hung, good) = tokio::join!(hanging, good);
    assert!(matches!(hung, Err(StoreError::TimedOut { .. })), "{hung:?}");
    good.expect("the other write");
    assert_eq!((value(&bench, "bad").await, value(&bench, "good").await), (None, Some("1".into())));
}

#[tokio::test]
async fn an_error_of_its_own_undoes_a_write_and_comes_back_unchanged() {
    #[derive(Debug)]
    enum Refusal {
        TooLate,
        Store(StoreError),
    }
    impl From<StoreError> for Refusal {
        fn from(error: StoreError) -> Self {
            Self::Store(error)
        }
    }
    on_both(|bench: Bench| async move {
        let refused = bench
            .store
            .write::<(), Refusal, _, _>(|tx| async move {
                set(&tx, "a", "1").await?;
                Err(Refusal::TooLate)
            })
            .await;
        assert!(matches!(refused, Err(Refusal::TooLate)), "{refused:?}");
        assert_eq!(value(&bench, "a").await, None);
        let taken = bench
            .store
            .write::<(), Refusal, _, _>(|tx| async move {
                people::add_user(&tx, &user(1)).await?;
                people::add_user(&tx, &user(1)).await?;
                Ok(())
            })
            .await;
        assert!(matches!(taken, Err(Refusal::Store(StoreError::Conflict { .. }))), "{taken:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_that_read_first_lose_no_update() {
    on_both(|bench: Bench| async move {
        let mut tasks = JoinSet::new();
        async fn add(tx: Tx) -> Result<(), StoreError> {
            let old = setting::lookup(&tx, "counter").await?.map_or(0, |n| n.parse().expect("a number"));
            set(&tx, "counter", &format!("{}", old + 1)).await
        }
        for n in 0..40 {
            let store = bench.store.clone();
            // Both doors: the row that all want is one that each names.
            tasks.spawn(async move {
                if n % 2 == 0 { store.write(add).await } else { store.write_keyed(add).await }
            });
        }
        while let Some(outcome) = tasks.join_next().await {
            outcome.expect("joined").unwrap_or_else(|error| panic!("{}: {error:?}", bench.engine));
        }
        assert_eq!(value(&bench, "counter").await, Some("40".into()), "{}", bench.engine);
    })
    .await;
}

/// What one of many concurrent writes does.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Keep,
    Fail,
    Panic,
    Silent,
    /// Its caller goes away at once; either outcome is right.
    Abandon,
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_meets_in_a_group_each_write_is_kept_or_undone_as_it_was_told() {
    on_both(|bench: Bench| async move {
        let deeds = prop_oneof![
            4 => Just(Deed::Keep),
            1 => Just(Deed::Fail),
            1 => Just(Deed::Panic),
            1 => Just(Deed::Silent),
            1 => Just(Deed::Abandon),
        ];
        let strategy = proptest::collection::vec(deeds, 1..24);
        let mut runner = TestRunner::new_with_rng(
            Config::default(),
            proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &[7; 32]),
        );
        for round in 0..25 {
            let deeds = strategy.new_tree(&mut runner).expect("deeds").current();
            let runs = Arc::new(AtomicU32::new(0));
            let mut tasks = JoinSet::new();
            for (n, deed) in deeds.iter().copied().enumerate() {
                let (store, runs) = (bench.store.clone(), Arc::clone(&runs));
                tasks.spawn(async move {
                    let write = store.write(move |tx| {
                        runs.fetch_add(1, Ordering::Relaxed);
                        let key = format!("{round}.{n}");
                        async move {
                            setting::save(&tx, &key, "1").await?;
                            match deed {
                                Deed::Keep | Deed::Abandon => recorded(&tx).await,
                                Deed::Fail => Err(StoreError::Cursor),
                                Deed::Panic => panic!("as a test wants it"),
                                Deed::Silent => Ok(()),
                            }
                        }
                    });
                    if matches!(deed, Deed::Abandon) {
                        let mut write = std::pin::pin!(write);
                        std::future::poll_fn(|cx| {
                            let _ = write.as_mut().poll(cx);
                            std::task::Poll::Ready(())
                        })
                        .await;
                        return (n, deed, None);
                    }
                    (n, deed, Some(write.await))
                });
            }
            while let Some(outcome) = tasks.join_next().await {
                let (n, deed, outcome) = outcome.expect("joined");
                let key = format!("{round}.{n}");
                let stored = bench.store.read(|r| async move { setting::lookup(&r, &key).await }).await;
                let stored = stored.expect("a read").is_some();
                match (deed, outcome) {
                    (Deed::Keep, Some(Ok(()))) => assert!(stored, "{round}.{n}"),
                    (Deed::Fail, Some(Err(StoreError::Cursor)))
                    | (Deed::Panic, Some(Err(StoreError::Panicked)))
                    | (Deed::Silent, Some(Err(StoreError::Unrecorded))) => assert!(!stored, "{round}.{n}"),
                    (Deed::Abandon, None) => {}
                    (deed, outcome) => panic!("{round}.{n} {deed:?}: {outcome:?}"),
                }
            }
        }
        let faults = chengjing_store::ledger::verify(&bench.store).await.expect("a verification");
        assert_eq!(faults, [], "{}", bench.engine);
    })
    .await;
}

/// Hangs up a reader at each moment of its read; whatever it was in the middle of, the next write finds nothing of it.
#[tokio::test]
async fn a_reader_that_goes_away_in_the_middle_leaves_nothing_to_the_next() {
    on_both(|bench: Bench| async move {
        let store = &bench.store;
        for round in 0..400_u32 {
            let read = store.read(|r| async move { people::lookup_attempts(&r, "nobody").await.map(drop) });
            let moment = async {
                for _ in 0..round % 40 {
                    tokio::task::yield_now().await;
                }
            };
            tokio::select! {
                biased;
                read = read => read.expect("a read"),
                () = moment => {}
            }
            let key = format!("key {round}");
            store
                .write_unrecorded("a test", move |tx| {
                    let key = key.clone();
                    async move {
                        let attempts = Attempts { count: 1, ..Attempts::default() };
                        people::save_attempts(&tx, &key, &attempts).await
                    }
                })
                .await
                .unwrap_or_else(|error| panic!("round {round} on {}: {error:?}", bench.engine));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_a_name_a_moment_too_late_finds_it_taken_when_they_look() {
    on_both(|bench: Bench| async move {
        let mut tasks = JoinSet::new();
        for n in 1..=2 {
            let store = bench.store.clone();
            tasks.spawn(async move {
                let new = User { name: "Both".into(), ..user(n) };
                store
                    .write_keyed(move |tx| {
                        let new = new.clone();
                        async move {
                            if people::lookup_user_by_name(&tx, "both").await?.is_some() {
                                return Ok::<_, StoreError>(false);
                            }
                            // Long enough that on PostgreSQL both have looked before either adds.
                            tokio::time::sleep(Duration::from_millis(60)).await;
                            people::add_user(&tx, &new).await?;
                            recorded(&tx).await?;
                            Ok(true)
                        }
                    })
                    .await
            });
        }
        let mut added: Vec<bool> =
            tasks.join_all().await.into_iter().map(|one| one.expect("no failure")).collect();
        added.sort_unstable();
        assert_eq!(added, [false, true], "{}", bench.engine);

        let blind = |tx: Tx| async move {
            people::add_user(&tx, &User { name: "both".into(), ..user(3) }).await?;
            recorded(&tx).await
        };
        let refused = bench.store.write::<_, StoreError, _, _>(blind).await.expect_err("taken");
        assert_eq!(refused.single(), Some(Single::Typed("name")), "{}", bench.engine);
    })
    .await;
}
