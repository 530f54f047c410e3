//! Special actions and working groups: what stands in them is found and counted as such, for whom they are led too.

use chengjing_domain::{
    campaign::{
        Unit,
        initiative::{Initiative, InitiativeKind, InitiativeState},
    },
    duty::{
        Duty,
        task::{self as life, Deed, Party, StateKind, Task, owed_by, perform},
    },
    id::{CampaignId, DutyId, InitiativeId, StepId, TaskId, UnitId},
    ledger::SubjectKind,
};
use chengjing_store::{
    Paging, Store, StoreError,
    duty::{self, Dimension, DutyFilter},
    initiative, ledger,
    search::{self, SearchFilter},
    task::{self, Counted, TaskFilter},
};
use chrono::NaiveDate;

use crate::harness::{self, Bench, at, fresh_id, id, on_both, recorded, task_act, with_campaign, write};

fn initiative_of(campaign: CampaignId, n: u128, leader: UnitId, members: &[UnitId]) -> Initiative {
    Initiative {
        campaign,
        id: InitiativeId(id(n)),
        kind: InitiativeKind::SpecialAction,
        name: format!("第{n}号专项行动"),
        purpose: "整治背街小巷".into(),
        leader,
        head: None,
        members: members.to_vec(),
        starts_on: NaiveDate::from_ymd_opt(2026, 3, 1),
        ends_on: None,
        state: InitiativeState::Open,
        created_at: at(0),
        version: 1,
    }
}

/// Three units, an initiative that the third leads, and four duties: two of the first unit, two of the second; the first
/// of each stands in the initiative.
async fn furnish(store: &Store) -> (CampaignId, Vec<Unit>, InitiativeId, Vec<Duty>) {
    let (here, units) = with_campaign(store, &["城管局", "教育局", "公安局"]).await;
    let led = initiative_of(here, 900, units[2].id, &[units[0].id]);
    let duties: Vec<Duty> = (0..4_usize)
        .map(|n| {
            let (n128, day) = (200 + n as u128, 20 - u32::try_from(n).unwrap_or(0));
            let owing = &units[n / 2..=n / 2];
            let duty = harness::duty(here, n128, &format!("整治第{n}条街"), owing, day);
            Duty { recurrence: None, initiative: n.is_multiple_of(2).then_some(led.id), ..duty }
        })
        .collect();
    let (own, added) = (led.clone(), duties.clone());
    store
        .write(move |tx| {
            let (own, added) = (own.clone(), added.clone());
            async move {
                initiative::add(&tx, &own).await?;
                duty::add_many(&tx, &added).await?;
                recorded(&tx).await
            }
        })
        .await
        .expect("an initiative with duties");
    (here, units, led.id, duties)
}

async fn duties(store: &Store, here: CampaignId, filter: &DutyFilter, size: u64) -> Vec<DutyId> {
    let (mut found, mut paging) = (Vec::new(), Paging::first(size));
    loop {
        let (filter, asked) = (filter.clone(), paging.clone());
        let page = store.read(|r| async move { duty::list(&r, here, &filter, &asked).await }).await;
        let page = page.expect("a page");
        found.extend(page.items.iter().map(|duty| duty.id));
        let Some(next) = page.next else { return found };
        paging = Paging::after(next, size);
    }
}

async fn tasks(store: &Store, here: CampaignId, filter: &TaskFilter, size: u64) -> Vec<TaskId> {
    let (mut found, mut paging) = (Vec::new(), Paging::first(size));
    loop {
        let (filter, asked) = (filter.clone(), paging.clone());
        let page = store.read(|r| async move { task::list(&r, here, &filter, &asked).await }).await;
        let page = page.expect("a page");
        found.extend(page.items.iter().map(|task| task.id));
        let Some(next) = page.next else { return found };
        paging = Paging::after(next, size);
    }
}

#[tokio::test]
async fn what_is_led_is_found_beside_ones_own_and_nothing_else() {
    on_both(|bench: Bench| async move {
        let (here, units, led, all) = furnish(&bench.store).await;
        let unit = |n: usize| units[n].id;
        // The later, the earlier it is due.
        let expect = |wanted: &[usize]| wanted.iter().map(|n| all[*n].id).collect::<Vec<_>>();
        let task_ids = |wanted: &[usize]| -> Vec<TaskId> {
            wanted.iter().map(|n| owed_by(&all[*n])[0].task_id(0)).collect()
        };
        type Case<'a> =
            (Option<Vec<UnitId>>, Vec<InitiativeId>, Option<UnitId>, Option<InitiativeId>, &'a [usize]);
        let cases: Vec<Case<'_>> = vec![
            (None, vec![], None, Some(led), &[2, 0]),
            (Some(vec![unit(0)]), vec![], None, None, &[1, 0]),
            (Some(vec![unit(0)]), vec![led], None, None, &[2, 1, 0]),
            (Some(vec![unit(0)]), vec![], None, Some(led), &[0]),
            (Some(vec![unit(0)]), vec![led], None, Some(led), &[2, 0]),
            (Some(vec![unit(2)]), vec![led], None, None, &[2, 0]),
            (Some(vec![unit(2)]), vec![led], Some(unit(1)), None, &[2]),
            (Some(vec![unit(2)]), vec![], Some(unit(1)), None, &[]),
            (Some(vec![unit(2)]), vec![], None, Some(led), &[]),
            (Some(Vec::new()), vec![], None, None, &[]),
            (Some(Vec::new()), vec![led], None, None, &[2, 0]),
        ];
        for (any_unit, led, unit, initiative, expected) in cases {
            for size in [1, 50] {
                let what = format!("{any_unit:?} {led:?} {unit:?} {initiative:?} on {}", bench.engine);
                let filter = DutyFilter {
                    any_unit: any_unit.clone(),
                    led: led.clone(),
                    unit,
                    initiative,
                    ..DutyFilter::default()
                };
                assert_eq!(duties(&bench.store, here, &filter, size).await, expect(expected), "{what}");
                let worded = DutyFilter { text: Some("整治".into()), ..filter.clone() };
                assert_eq!(duties(&bench.store, here, &worded, size).await, expect(expected), "{what}");
                let backwards = DutyFilter { last_first: true, ..filter };
                let (found, mut expected_last) =
                    (duties(&bench.store, here, &backwards, size).await, expect(expected));
                expected_last.reverse();
                assert_eq!(found, expected_last, "the last first: {what}");
                let filter = TaskFilter {
                    any_unit: any_unit.clone(),
                    led: led.clone(),
                    unit,
                    initiative,
                    ..TaskFilter::default()
                };
                assert_eq!(tasks(&bench.store, here, &filter, size).await, task_ids(expected), "{what}");
            }
        }
        for (units, led, expected) in [
            (None, vec![], 4),
            (Some(vec![unit(0)]), vec![], 2),
            (Some(vec![unit(0)]), vec![led], 3),
            (Some(vec![]), vec![led], 2),
        ] {
            let filter = SearchFilter {
                campaign: here,
                text: "整治".into(),
                kinds: vec![SubjectKind::Duty],
                units,
                led,
                filed_by: None,
            };
            let found = bench
                .store
                .read(|r| async move { search::list(&r, &filter, &Paging::first(50)).await })
                .await
                .expect("hits");
            assert_eq!(found.items.len(), expected, "{}", bench.engine);
        }
    })
    .await;
}

async fn counted(store: &Store, here: CampaignId, initiatives: &[InitiativeId]) -> (Vec<u64>, u64) {
    let all = initiatives.to_vec();
    let (counts, duties) = store
        .read(|r| async move {
            let counts = task::counts_of_initiatives(&r, here, &all).await?;
            Ok::<_, StoreError>((counts, duty::counts(&r, here, Dimension::Initiative).await?))
        })
        .await
        .expect("counters");
    let of = |state| {
        counts.iter().filter(|(_, count)| count.counted == Counted::In(state)).map(|(_, count)| count.n).sum()
    };
    let sums = vec![of(StateKind::Assigned), of(StateKind::Reported), of(StateKind::Confirmed)];
    (sums, duties.iter().map(|(_, n)| n).sum())
}

#[tokio::test]
async fn its_counters_follow_deeds_and_duties_that_come_and_go_and_come_out_the_same_when_rebuilt() {
    on_both(|bench: Bench| async move {
        let (here, units, led, all) = furnish(&bench.store).await;
        let other = initiative_of(here, 901, units[0].id, &[]);
        write!(bench, [other], |tx| {
            initiative::add(&tx, &other).await?;
            recorded(&tx).await
        })
        .expect("another");
        assert_eq!(counted(&bench.store, here, &[led]).await, (vec![2, 0, 0], 2));

        let task = Task::new(owed_by(&all[0])[0].task_id(0), owed_by(&all[0])[0], at(0));
        let before = bench.store.read(|r| async move { task::lookup(&r, here, task.id).await }).await;
        let before = before.expect("a read").expect("the task");
        let doing = life::Act { step: StepId(fresh_id()), ..task_act(Party::Owner, 1) };
        let done = perform(before.task.clone(), Deed::Report { note: None }, &doing).expect("reported");
        write!(bench, [before, done], |tx| {
            task::save(&tx, &before, &done).await?;
            recorded(&tx).await
        })
        .expect("reported");
        assert_eq!(counted(&bench.store, here, &[led]).await, (vec![1, 1, 0], 2));

        // The one that was reported under moves to another initiative, and one without comes in.
        let store = |changed: Duty| {
            let bench = &bench;
            async move {
                write!(bench, [changed], |tx| {
                    duty::save(&tx, &changed, at(3)).await?;
                    recorded(&tx).await
                })
                .expect("saved");
            }
        };
        store(Duty { initiative: Some(other.id), ..all[0].clone() }).await;
        store(Duty { initiative: Some(led), ..all[1].clone() }).await;
        assert_eq!(counted(&bench.store, here, &[led]).await, (vec![2, 0, 0], 3));
        assert_eq!(counted(&bench.store, here, &[other.id]).await, (vec![0, 1, 0], 3));
        let both = [led, other.id];
        let kept = counted(&bench.store, here, &both).await;
        assert_eq!(ledger::verify(&bench.store).await.expect("verified"), Vec::new(), "{}", bench.engine);
        bench
            .store
            .write_unrecorded("counted anew", move |tx| async move {
                duty::rebuild_counts(&tx, here).await?;
                task::rebuild_counts(&tx, here).await
            })
            .await
            .expect("rebuilt");
        assert_eq!(counted(&bench.store, here, &both).await, kept, "{}", bench.engine);
    })
    .await;
}

#[tokio::test]
async fn an_initiative_is_read_back_as_it_was_stored_and_its_name_is_its_own() {
    on_both(|bench: Bench| async move {
        let (here, units, led, _) = furnish(&bench.store).await;
        let find = || async {
            let found = bench.store.read(|r| async move { initiative::lookup(&r, here, led).await }).await;
            found.expect("a read").expect("the initiative")
        };
        assert_eq!(find().await, initiative_of(here, 900, units[2].id, &[units[0].id]));
        let members = vec![units[1].id, units[0].id];
        let closed = Initiative { members, ..find().await }.close(at(5), "完成".into()).expect("closed");
        write!(bench, [closed], |tx| {
            initiative::save(&tx, &closed).await?;
            recorded(&tx).await
        })
        .expect("saved");
        assert_eq!(find().await, Initiative { version: 2, ..closed.clone() });
        let stale = write!(bench, [closed], |tx| {
            initiative::save(&tx, &closed).await?;
            recorded(&tx).await
        });
        assert!(matches!(stale, Err(StoreError::Stale)), "{stale:?}");
        let twin = Initiative { id: InitiativeId(id(902)), ..initiative_of(here, 900, units[0].id, &[]) };
        let twin = write!(bench, [twin], |tx| {
            initiative::add(&tx, &twin).await?;
            recorded(&tx).await
        });
        assert_eq!(twin.expect_err("named twice").constraint(), Some("initiative_name"), "{}", bench.engine);
        let unit = units[1].id;
        let of_unit =
            bench.store.read(|r| async move { initiative::list_of_unit(&r, here, unit).await }).await;
        assert_eq!(of_unit.expect("a read").len(), 1, "as a member");
        for (open, expected) in [(Some(true), 0), (Some(false), 1), (None, 1)] {
            let first = Paging::first(9);
            let listed =
                bench.store.read(|r| async move { initiative::list(&r, here, open, &first).await }).await;
            assert_eq!(listed.expect("a page").items.len(), expected);
        }
        assert_eq!(ledger::verify(&bench.store).await.expect("verified"), Vec::new(), "{}", bench.engine);
    })
    .await;
}
