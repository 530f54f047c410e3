//! Tasks: found by every way that a list offers, changed by one at a time, with a history that is only added to.

use chengjing_domain::{
    campaign::Unit,
    duty::{
        Duty, DutyState, DutyUnit,
        figure::Figure,
        task::{self as life, Deed, DeedKind, Party, StateKind, Task, owed_by, perform},
    },
    id::{CampaignId, FigureId, StepId, TargetId, TaskId, UnitId},
    ledger::Author,
    plan::UnitRole,
};
use chengjing_store::{
    Page, Paging, Store, StoreError, duty, figure, ledger,
    task::{self, StoredTask, TaskFilter},
};
use chrono::NaiveDate;

use crate::harness::{self, Bench, fresh_id, id, on_both, recorded, task_act, with_campaign};

/// Two units and six duties; the first unit owes each, the second every other one.
async fn furnish(store: &Store) -> (CampaignId, Vec<Unit>, Vec<Task>) {
    let (here, units) = with_campaign(store, &["城管局", "教育局"]).await;
    let duty = |n: u32| {
        // The fourth has no day.
        let day = if n == 3 { 0 } else { 20 - n };
        let owing = if n.is_multiple_of(2) { &units[..] } else { &units[..1] };
        let duty = harness::duty(here, 200 + u128::from(n), &format!("整治第{n}条街"), owing, day);
        Duty { recurrence: None, ..duty }
    };
    let duties: Vec<Duty> = (0..6).map(duty).collect();
    let tasks = duties.iter().flat_map(owed_by).map(|owed| Task::new(owed.task_id(0), owed, harness::at(0)));
    let tasks = tasks.collect();
    store
        .write(move |tx| {
            let duties = duties.clone();
            async move {
                duty::add_many(&tx, &duties).await?;
                recorded(&tx).await
            }
        })
        .await
        .expect("duties");
    (here, units, tasks)
}

async fn lookup(store: &Store, here: CampaignId, id: TaskId) -> StoredTask {
    store.read(|r| async move { task::lookup(&r, here, id).await }).await.expect("a read").expect("the task")
}

/// What a deed does to the stored task, or the store's error.
async fn act(store: &Store, before: &StoredTask, deed: Deed, party: Party) -> Result<StoredTask, StoreError> {
    act_as(store, before, deed, life::Act { step: StepId(fresh_id()), ..task_act(party, 1) }).await
}

async fn act_as(
    store: &Store,
    before: &StoredTask,
    deed: Deed,
    act: life::Act,
) -> Result<StoredTask, StoreError> {
    let done = perform(before.task.clone(), deed, &act);
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
        assert_eq!(before.task.last_day(), Some(until));
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

#[tokio::test]
async fn figures_keep_every_digit_are_corrected_once_and_go_with_their_task() {
    on_both(|bench: Bench| async move {
        let (here, _, tasks) = furnish(&bench.store).await;
        let before = lookup(&bench.store, here, tasks[0].id).await;
        act(&bench.store, &before, Deed::Accept, Party::Owner).await.expect("accepted");
        let of = |n: u128, day: u32, value: &str| Figure {
            campaign: here,
            id: FigureId(id(n)),
            target: TargetId(id(300)),
            task: tasks[0].id,
            value: value.parse().expect("a number"),
            unit: "%".into(),
            source: "统计月报".into(),
            on: NaiveDate::from_ymd_opt(2026, 6, day).expect("a day"),
            by: Author::System,
            at: harness::at(i64::try_from(n).expect("small")),
            superseded_by: None,
        };
        let (first, second, third) =
            (of(701, 9, "35.10"), of(702, 2, "123456789012345678.123456789"), of(703, 9, "35.20"));
        let write = |figure: Figure, corrected: Option<Figure>| {
            let store = bench.store.clone();
            async move {
                store
                    .write(move |tx| {
                        let (figure, corrected) = (figure.clone(), corrected.clone());
                        async move {
                            figure::add(&tx, &figure).await?;
                            if let Some(corrected) = corrected {
                                figure::save_superseded(&tx, &corrected).await?;
                            }
                            recorded(&tx).await
                        }
                    })
                    .await
            }
        };
        write(first.clone(), None).await.expect("filed");
        write(second.clone(), None).await.expect("filed");
        let corrected = first.clone().superseded(&third).expect("corrected");
        write(third.clone(), Some(corrected.clone())).await.expect("filed");
        let fourth = of(704, 9, "36");
        let late = first.superseded(&fourth).expect("as somebody who saw it before would");
        let stale = write(fourth, Some(late)).await.expect_err("corrected already");
        assert!(matches!(stale, StoreError::Stale), "{}: {stale}", bench.engine);

        let target = TargetId(id(300));
        let list = bench.store.read(|r| async move { figure::list_of_target(&r, here, target, 10).await });
        assert_eq!(list.await.expect("a list"), [second, corrected, third.clone()], "{}", bench.engine);
        let last = bench.store.read(|r| async move { figure::list_of_target(&r, here, target, 1).await });
        assert_eq!(last.await.expect("a list"), [third], "of many, the latest");
        assert_eq!(ledger::verify(&bench.store).await.expect("verified"), Vec::new(), "{}", bench.engine);

        let duty = tasks[0].owed.duty;
        let remove = bench.store.write(move |tx| async move {
            duty::remove(&tx, here, duty).await?;
            recorded(&tx).await
        });
        remove.await.expect("removed");
        let left = bench.store.read(|r| async move { figure::list_of_target(&r, here, target, 10).await });
        assert_eq!(left.await.expect("a list"), []);
        assert_eq!(ledger::verify(&bench.store).await.expect("verified"), Vec::new(), "{}", bench.engine);
    })
    .await;
}

async fn counted(store: &Store, here: CampaignId) -> (Vec<task::TaskCount>, Vec<task::DeedCount>) {
    let day = |day| NaiveDate::from_ymd_opt(2026, 6, day).expect("a day");
    let year = (day(1) - chrono::Days::new(400), day(1) + chrono::Days::new(400));
    store
        .read(|r| async move {
            let tasks = task::counts(&r, here, None).await?;
            Ok::<_, StoreError>((tasks, task::deed_counts(&r, here, year).await?))
        })
        .await
        .expect("counters")
}

/// Stores the duty as it was made different, and says what became of its tasks.
async fn saved(bench: &Bench, duty: Duty) -> Result<Vec<Task>, StoreError> {
    let changed = duty.clone();
    bench
        .store
        .write(move |tx| {
            let changed = changed.clone();
            async move {
                duty::save(&tx, &changed, harness::at(5)).await?;
                recorded(&tx).await
            }
        })
        .await?;
    let tasks =
        bench.store.read(|r| async move { task::list_of_duty(&r, duty.campaign, duty.id).await }).await?;
    Ok(tasks.into_iter().map(|one| one.task).collect())
}

#[tokio::test]
async fn tasks_follow_their_duty_as_long_as_nobody_has_touched_them() {
    on_both(|bench: Bench| async move {
        let (here, units, tasks) = furnish(&bench.store).await;
        let part = |unit: &Unit, role| DutyUnit { unit: unit.id, role, via: None };
        let find = || async {
            let id = tasks[0].owed.duty;
            bench
                .store
                .read(|r| async move { duty::lookup(&r, here, id).await })
                .await
                .expect("read")
                .expect("it")
        };
        let days = |tasks: &[Task]| -> Vec<Option<NaiveDate>> { tasks.iter().map(Task::last_day).collect() };
        let roles = |tasks: &[Task]| {
            let mut roles: Vec<_> = tasks.iter().map(|task| (task.owed.unit, task.owed.role)).collect();
            roles.sort();
            roles
        };

        let later = NaiveDate::from_ymd_opt(2026, 9, 1);
        let moved = saved(&bench, Duty { due_on: later, ..find().await }).await.expect("moved");
        assert_eq!(days(&moved), [later, later], "{}", bench.engine);
        let swapped = vec![part(&units[1], UnitRole::Lead)];
        let one = saved(&bench, Duty { units: swapped, ..find().await }).await.expect("one unit less");
        assert_eq!(roles(&one), [(units[1].id, UnitRole::Lead)]);
        let none =
            saved(&bench, Duty { state: DutyState::Withdrawn, ..find().await }).await.expect("withdrawn");
        assert_eq!(none, Vec::new());
        let again =
            saved(&bench, Duty { state: DutyState::Assigned, ..find().await }).await.expect("restored");
        assert_eq!(roles(&again), [(units[1].id, UnitRole::Lead)]);
        assert_eq!(again[0].id, one[0].id, "what is owed again has the id that it had");
        let monthly = Some(chengjing_domain::plan::Recurrence::Monthly);
        let dated = saved(&bench, Duty { recurrence: monthly, ..find().await }).await.expect("monthly");
        assert_eq!(dated, Vec::new(), "of a recurring duty its dates are owed");
        assert_eq!(ledger::verify(&bench.store).await.expect("verified"), Vec::new(), "{}", bench.engine);
    })
    .await;
}

#[tokio::test]
async fn what_was_begun_does_not_go_with_its_duty_unless_a_deed_said_so() {
    on_both(|bench: Bench| async move {
        let (here, units, tasks) = furnish(&bench.store).await;
        let before = lookup(&bench.store, here, tasks[0].id).await;
        let until = NaiveDate::from_ymd_opt(2026, 7, 15).expect("a day");
        let asked = Deed::AskExtension { until, reason: "连日下雨".into() };
        let asked = act(&bench.store, &before, asked, Party::Owner).await.expect("asked");
        let grant = Deed::GrantExtension { until: None, note: None };
        act(&bench.store, &asked, grant, Party::Office).await.expect("granted");
        let id = tasks[0].owed.duty;
        let find = || async {
            bench
                .store
                .read(|r| async move { duty::lookup(&r, here, id).await })
                .await
                .expect("read")
                .expect("it")
        };
        let refused = saved(&bench, Duty { state: DutyState::Withdrawn, ..find().await }).await;
        assert_eq!(refused.expect_err("begun").constraint(), Some("task_begun"), "{}", bench.engine);

        let of = |tasks: &[Task]| {
            let own = tasks.iter().find(|task| task.owed.unit == units[0].id).expect("a task");
            (own.owed.due_on, own.last_day())
        };
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day);
        let earlier = saved(&bench, Duty { due_on: day(7, 1), ..find().await }).await.expect("moved");
        assert_eq!(of(&earlier), (day(7, 1), Some(until)), "what was granted holds");
        let later = saved(&bench, Duty { due_on: day(8, 1), ..find().await }).await.expect("moved");
        assert_eq!(of(&later), (day(8, 1), day(8, 1)), "and never shortens");
        let dayless = saved(&bench, Duty { due_on: None, ..find().await }).await.expect("moved");
        assert_eq!(of(&dayless), (None, None));
        assert_eq!(ledger::verify(&bench.store).await.expect("verified"), Vec::new(), "{}", bench.engine);
    })
    .await;
}

#[tokio::test]
async fn tasks_are_counted_with_every_write_and_come_out_the_same_when_rebuilt() {
    on_both(|bench: Bench| async move {
        let (here, units, tasks) = furnish(&bench.store).await;
        let before = lookup(&bench.store, here, tasks[0].id).await;
        let reported =
            act(&bench.store, &before, Deed::Report { note: None }, Party::Owner).await.expect("reported");
        act(&bench.store, &reported, Deed::Confirm { note: None }, Party::Office).await.expect("confirmed");
        let other = tasks.iter().find(|task| task.owed.unit == units[1].id).expect("a task");
        let other = lookup(&bench.store, here, other.id).await;
        let over = NaiveDate::from_ymd_opt(2026, 7, 1).expect("a day");
        let late = life::Act { step: StepId(fresh_id()), today: over, ..task_act(Party::Owner, 1) };
        let report = Deed::Report { note: None };
        act_as(&bench.store, &other, report, late).await.expect("reported late");
        let moved = tasks.last().expect("a task").owed.duty;
        let duty = bench.store.read(|r| async move { duty::lookup(&r, here, moved).await }).await;
        let duty = duty.expect("a read").expect("a duty");
        saved(&bench, Duty { due_on: None, ..duty }).await.expect("moved");

        let kept = counted(&bench.store, here).await;
        let sum = |unit: &Unit, state| -> u64 {
            kept.0
                .iter()
                .filter(|count| count.unit == unit.id && count.counted == task::Counted::In(state))
                .map(|count| count.n)
                .sum()
        };
        assert_eq!((sum(&units[0], StateKind::Assigned), sum(&units[0], StateKind::Confirmed)), (5, 1));
        assert_eq!((sum(&units[1], StateKind::Assigned), sum(&units[1], StateKind::Reported)), (2, 1));
        let dayless: u64 = kept.0.iter().filter(|count| count.due_on.is_none()).map(|count| count.n).sum();
        assert_eq!(dayless, 3, "one never had a day, one lost it, one has ended");
        let did: Vec<_> = kept.1.iter().map(|count| (count.unit, count.did, count.n)).collect();
        let (report, confirm) = (task::Did::Deed(DeedKind::Report), task::Did::Deed(DeedKind::Confirm));
        let mut expected = vec![(units[0].id, report, 1), (units[0].id, confirm, 1)];
        expected.extend([(units[1].id, report, 1), (units[1].id, task::Did::LateReport, 1)]);
        let mut sorted = did.clone();
        let key = |(unit, did, _): &(UnitId, task::Did, u64)| (*unit, format!("{did:?}"));
        sorted.sort_by_key(key);
        expected.sort_by_key(key);
        assert_eq!(sorted, expected, "two deeds of one unit, and a late report of the other");
        let day = kept.1[0].day;
        let week = (day - chrono::Days::new(6), day);
        let own = units[1].id;
        let own = bench.store.read(|r| async move { task::deed_counts_of_unit(&r, here, own, week).await });
        let of_unit: Vec<_> = kept.1.iter().copied().filter(|count| count.unit == units[1].id).collect();
        assert_eq!(own.await.expect("counters"), of_unit, "{}", bench.engine);
        bench
            .store
            .write_unrecorded("counted anew", move |tx| async move { task::rebuild_counts(&tx, here).await })
            .await
            .expect("rebuilt");
        assert_eq!(counted(&bench.store, here).await, kept, "{}", bench.engine);
    })
    .await;
}
