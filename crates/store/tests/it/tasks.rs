//! Tasks: found by every way that a list offers, changed by one at a time, with a history that is only added to.

use chengjing_domain::{
    campaign::Unit,
    duty::task::{self as life, Deed, Party, StateKind, Task, perform},
    id::{CampaignId, StepId, TaskId},
};
use chengjing_store::{
    Page, Paging, Store, StoreError, duty, ledger,
    task::{self, StoredTask, TaskFilter},
};
use chrono::NaiveDate;

use crate::harness::{self, Bench, fresh_id, id, on_both, recorded, task as owed, task_act, with_campaign};

const FIRST: u128 = 400;

/// Two units and six duties; the first unit owes each, the second every other one.
async fn furnish(store: &Store) -> (CampaignId, Vec<Unit>, Vec<Task>) {
    let (here, units) = with_campaign(store, &["城管局", "教育局"]).await;
    let mut tasks = Vec::new();
    let mut duties = Vec::new();
    for n in 0..6_u32 {
        // The fourth has no day.
        let day = if n == 3 { 0 } else { 20 - n };
        let duty = harness::duty(here, 200 + u128::from(n), &format!("整治第{n}条街"), &units, day);
        let next = FIRST + tasks.len() as u128;
        tasks.push(owed(&duty, &units[0], next));
        if n.is_multiple_of(2) {
            tasks.push(owed(&duty, &units[1], next + 1));
        }
        duties.push(duty);
    }
    let stored = tasks.clone();
    store
        .write(move |tx| {
            let (duties, tasks) = (duties.clone(), stored.clone());
            async move {
                duty::add_many(&tx, &duties).await?;
                task::add_many(&tx, &tasks).await?;
                recorded(&tx).await
            }
        })
        .await
        .expect("tasks");
    (here, units, tasks)
}

async fn lookup(store: &Store, here: CampaignId, id: TaskId) -> StoredTask {
    store.read(|r| async move { task::lookup(&r, here, id).await }).await.expect("a read").expect("the task")
}

/// What a deed does to the stored task, or the store's error.
async fn act(store: &Store, before: &StoredTask, deed: Deed, party: Party) -> Result<StoredTask, StoreError> {
    let done =
        perform(before.task.clone(), deed, &life::Act { step: StepId(fresh_id()), ..task_act(party, 1) });
    let (before, done) = (before.clone(), done.expect("the domain allows it"));
    store
        .write(move |tx| {
            let (before, done) = (before.clone(), done.clone());
            async move {
                let stored = task::save(&tx, &before, &done).await?;
                recorded(&tx).await?;
                Ok(stored)
            }
        })
        .await
}

async fn listed(store: &Store, here: CampaignId, filter: &TaskFilter, size: u64) -> Vec<TaskId> {
    let mut found = Vec::new();
    let mut paging = Paging::first(size);
    loop {
        let (filter, asked) = (filter.clone(), paging.clone());
        let page = store.read(|r| async move { task::list(&r, here, &filter, &asked).await }).await;
        let Page { items, next } = page.expect("a page");
        found.extend(items.iter().map(|task| task.id));
        let Some(next) = next else { return found };
        paging = Paging::after(next, size);
    }
}

#[tokio::test]
async fn tasks_are_listed_by_their_day_through_every_filter_and_page_size() {
    on_both(|bench: Bench| async move {
        let (here, units, tasks) = furnish(&bench.store).await;
        let accepted = lookup(&bench.store, here, tasks[0].id).await;
        let accepted = act(&bench.store, &accepted, Deed::Accept, Party::Owner).await.expect("accepted");
        act(&bench.store, &accepted, Deed::Report { note: None }, Party::Owner).await.expect("reported");
        let gone = lookup(&bench.store, here, tasks[1].id).await;
        let withdraw = Deed::Withdraw { reason: "与另一项重复".into() };
        act(&bench.store, &gone, withdraw, Party::Office).await.expect("withdrawn");

        let mut all: Vec<(Option<NaiveDate>, TaskId, usize)> = Vec::new();
        for (n, task) in tasks.iter().enumerate() {
            all.push((task.owed.due_on, task.id, n));
        }
        all.retain(|(.., n)| *n != 1);
        all.sort_by_key(|(day, id, _)| (day.unwrap_or(NaiveDate::MAX), *id));
        let expect = |keep: &dyn Fn(&Task, usize) -> bool| -> Vec<TaskId> {
            all.iter().filter(|(.., n)| keep(&tasks[*n], *n)).map(|(_, id, _)| *id).collect()
        };
        let day = |day| NaiveDate::from_ymd_opt(2026, 6, day);
        let none = TaskFilter::default();
        let cases = [
            (none.clone(), expect(&|_, _| true)),
            (
                TaskFilter { unit: Some(units[1].id), ..none.clone() },
                expect(&|t, _| t.owed.unit == units[1].id),
            ),
            (TaskFilter { unit_turn: true, ..none.clone() }, expect(&|_, n| n != 0)),
            (TaskFilter { office_turn: true, ..none.clone() }, expect(&|_, n| n == 0)),
            (
                TaskFilter { due_from: day(17), due_to: day(19), ..none.clone() },
                expect(&|t, _| t.owed.due_on >= day(17) && t.owed.due_on <= day(19)),
            ),
            (
                TaskFilter { any_unit: Some(units.iter().map(|unit| unit.id).collect()), ..none.clone() },
                expect(&|_, _| true),
            ),
            (TaskFilter { any_unit: Some(Vec::new()), ..none.clone() }, Vec::new()),
            (
                TaskFilter { unit: Some(units[0].id), any_unit: Some(vec![units[1].id]), ..none.clone() },
                Vec::new(),
            ),
        ];
        for (n, (filter, expected)) in cases.iter().enumerate() {
            for size in [1, 2, 5, 100] {
                let found = listed(&bench.store, here, filter, size).await;
                assert_eq!(&found, expected, "case {n} in pages of {size} on {}", bench.engine);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_task_keeps_its_state_its_requests_and_its_whole_history() {
    on_both(|bench: Bench| async move {
        let (here, units, tasks) = furnish(&bench.store).await;
        let until = NaiveDate::from_ymd_opt(2026, 7, 15).expect("a day");
        let reason = |words: &str| words.to_owned();
        let story = [
            (Deed::Accept, Party::Owner),
            (Deed::Progress { percent: 40, note: Some("已整治两条".into()) }, Party::Owner),
            (Deed::AskExtension { until, reason: reason("连日下雨") }, Party::Owner),
            (Deed::AskHelp { of: units[1].id, text: reason("请协调学校门口") }, Party::Owner),
            (Deed::GrantExtension { until: None, note: None }, Party::Office),
            (Deed::AnswerHelp { text: reason("已协调") }, Party::Superior),
            (Deed::Report { note: Some("全部完成".into()) }, Party::Owner),
            (Deed::SendBack { reason: reason("照片看不清") }, Party::Office),
            (Deed::Report { note: None }, Party::Owner),
            (Deed::Confirm { note: None }, Party::Office),
        ];
        let mut before = lookup(&bench.store, here, tasks[0].id).await;
        for (deed, party) in story.iter().cloned() {
            let stored = act(&bench.store, &before, deed, party).await.expect("stored");
            before = lookup(&bench.store, here, tasks[0].id).await;
            assert_eq!(before, stored, "what was stored is what is read, on {}", bench.engine);
        }
        assert_eq!(before.task.state.kind(), StateKind::Confirmed);
        assert_eq!(before.task.owed.due_on, Some(until));
        let id = tasks[0].id;
        let steps =
            bench.store.read(|r| async move { task::list_steps(&r, here, id).await }).await.expect("steps");
        let deeds: Vec<_> = steps.iter().map(|step| step.deed).collect();
        assert_eq!(deeds, story.iter().map(|(deed, _)| deed.kind()).collect::<Vec<_>>());
        assert!(steps.windows(2).all(|two| two[0].to == two[1].from), "a chain without gaps");
        assert_eq!(ledger::verify(&bench.store).await.expect("verified"), Vec::new(), "{}", bench.engine);
    })
    .await;
}

#[tokio::test]
async fn a_unit_owes_the_same_once_until_it_was_withdrawn() {
    on_both(|bench: Bench| async move {
        let (here, _, tasks) = furnish(&bench.store).await;
        let again = Task { id: TaskId(id(900)), ..tasks[0].clone() };
        let add = |task: Task| {
            let store = bench.store.clone();
            async move {
                store
                    .write(move |tx| {
                        let task = task.clone();
                        async move {
                            task::add_many(&tx, &[task]).await?;
                            recorded(&tx).await
                        }
                    })
                    .await
            }
        };
        let twice = add(again.clone()).await.expect_err("it owes it already");
        assert_eq!(twice.constraint(), Some("task_owed"), "{}", bench.engine);
        let before = lookup(&bench.store, here, tasks[0].id).await;
        act(&bench.store, &before, Deed::Withdraw { reason: "重复".into() }, Party::Office)
            .await
            .expect("withdrawn");
        add(again).await.expect("it owes it anew");
    })
    .await;
}

/// Many at once on one task: each act is stored upon what it saw, or refused; nothing is lost and nothing done twice.
#[tokio::test]
async fn of_acts_at_the_same_time_each_is_kept_upon_what_it_saw_or_refused() {
    on_both(|bench: Bench| async move {
        let (here, _, tasks) = furnish(&bench.store).await;
        let (mut kept, mut refused) = (0_i64, 0);
        let id = tasks[0].id;
        let rounds = if bench.engine == "sqlite" { 60 } else { 20 };
        for round in 0..rounds {
            let before = lookup(&bench.store, here, id).await;
            let acts = (0..8_u8).map(|n| {
                let (store, before) = (bench.store.clone(), before.clone());
                let deed =
                    Deed::Progress { percent: (round % 12) * 8 + n, note: Some(format!("{round}-{n}")) };
                tokio::spawn(async move { act(&store, &before, deed, Party::Owner).await })
            });
            for one in acts.collect::<Vec<_>>() {
                match one.await.expect("joined") {
                    Ok(_) => kept += 1,
                    Err(StoreError::Stale | StoreError::Busy) => refused += 1,
                    Err(other) => panic!("{other:?}"),
                }
            }
        }
        assert_eq!((kept, refused), (i64::from(rounds), 7 * i64::from(rounds)), "{}", bench.engine);
        let now = lookup(&bench.store, here, id).await;
        assert_eq!(now.task.version, 1 + kept);
        let steps =
            bench.store.read(|r| async move { task::list_steps(&r, here, id).await }).await.expect("steps");
        assert_eq!(
            steps.iter().map(|step| step.version).collect::<Vec<_>>(),
            (2..=1 + kept).collect::<Vec<_>>()
        );
        assert_eq!(steps.last().map(|step| step.percent), Some(now.task.percent));
        assert_eq!(ledger::verify(&bench.store).await.expect("verified"), Vec::new());
    })
    .await;
}

#[tokio::test]
async fn what_is_removed_with_its_duty_leaves_no_step() {
    on_both(|bench: Bench| async move {
        let (here, _, tasks) = furnish(&bench.store).await;
        let before = lookup(&bench.store, here, tasks[0].id).await;
        act(&bench.store, &before, Deed::Accept, Party::Owner).await.expect("accepted");
        let (id, duty) = (tasks[0].id, tasks[0].owed.duty);
        bench
            .store
            .write(move |tx| async move {
                task::remove_of_duty(&tx, here, duty).await?;
                duty::remove(&tx, here, duty).await?;
                recorded(&tx).await
            })
            .await
            .expect("removed");
        let left = bench.store.read(|r| async move { task::list_steps(&r, here, id).await }).await;
        assert_eq!(left.expect("a read"), Vec::new());
        assert_eq!(ledger::verify(&bench.store).await.expect("verified"), Vec::new());
    })
    .await;
}
