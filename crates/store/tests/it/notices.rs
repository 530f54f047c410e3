//! What people were told: each piece of news once, counted as it is written and read, and taken back where a clock lied.

use chengjing_domain::{
    duty::remind::{About, NoticeKind},
    id::{CampaignId, DutyId, NoticeId, TaskId, UnitId, UserId},
    ledger::SubjectKind,
};
use chengjing_store::{
    Paging, Store, ledger,
    notice::{self, Inbox, NoticeFilter, Told, Which},
    people,
};
use chrono::{Days, NaiveDate};

use crate::harness::{self, Bench, at, fresh_id, id, on_both, recorded, tamper, with_campaign};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day")
}

fn told(campaign: CampaignId, user: u128, news: &str, second: i64) -> Told {
    Told {
        campaign,
        id: NoticeId(fresh_id()),
        user: UserId(id(user)),
        news: news.to_owned(),
        kind: NoticeKind::Overdue,
        about: About::Task { task: TaskId(id(300)), duty: DutyId(id(200)) },
        unit: UnitId(id(100)),
        due_on: Some(today()),
        deed: None,
        made_on: today(),
        made_at: at(second),
        in_app: true,
        read_at: None,
    }
}

async fn furnish(store: &Store) -> CampaignId {
    let (here, _) = with_campaign(store, &["城管局"]).await;
    let people = |tx| async move {
        for n in [1, 2] {
            people::add_user(&tx, &harness::user(n)).await?;
        }
        recorded(&tx).await
    };
    store.write(people).await.expect("two people");
    here
}

async fn tell(store: &Store, all: &[Told]) -> usize {
    let all = all.to_vec();
    let add = move |tx| {
        let all = all.clone();
        async move { notice::add_many(&tx, &all).await }
    };
    store.write_unrecorded("a test tells", add).await.expect("told").len()
}

async fn read(store: &Store, user: u128, which: Which) -> u64 {
    let mark = move |tx| {
        let which = which.clone();
        async move { notice::mark_read(&tx, UserId(id(user)), &which, None, at(100)).await }
    };
    store.write_unrecorded("a test reads", mark).await.expect("read")
}

async fn unread(store: &Store, user: u128) -> Inbox {
    store.read(|r| async move { notice::inbox(&r, UserId(id(user))).await }).await.expect("an inbox")
}

async fn listed(store: &Store, user: u128, filter: NoticeFilter, size: u64) -> Vec<String> {
    let (mut found, mut paging) = (Vec::new(), Paging::first(size));
    loop {
        let asked = paging.clone();
        let list = |r| async move { notice::list(&r, UserId(id(user)), filter, &asked).await };
        let page = store.read(list).await.expect("a page");
        found.extend(page.items.into_iter().map(|told| told.news));
        let Some(next) = page.next else { return found };
        paging = Paging::after(next, size);
    }
}

#[tokio::test]
async fn a_person_is_told_a_piece_of_news_once_and_the_counter_follows() {
    on_both(|bench: Bench| async move {
        let (store, all) = (&bench.store, NoticeFilter::default());
        let here = furnish(store).await;
        let first =
            [told(here, 1, "a", 1), told(here, 1, "b", 2), told(here, 2, "a", 3), told(here, 1, "a", 4)];
        assert_eq!(tell(store, &first).await, 3, "twice in one write is once");
        assert_eq!(tell(store, &first).await, 0, "again is nothing");
        assert_eq!((unread(store, 1).await.unread, unread(store, 2).await.unread), (2, 1));
        let by_mail = Told { in_app: false, ..told(here, 1, "c", 5) };
        assert_eq!(tell(store, &[by_mail, told(here, 1, "d", 6)]).await, 2);
        for size in [1, 2, 50] {
            assert_eq!(
                listed(store, 1, all, size).await,
                ["d", "b", "a"],
                "what goes by mail alone waits nowhere"
            );
        }
        let before = unread(store, 1).await;
        assert_eq!(read(store, 1, Which::These(vec![first[0].id, first[2].id])).await, 1, "only one's own");
        assert_eq!(read(store, 1, Which::These(vec![first[0].id])).await, 0, "twice is once");
        let after = unread(store, 1).await;
        assert_eq!((after.unread, after.version), (2, before.version + 1));
        assert_eq!(read(store, 1, Which::Until(at(2))).await, 1);
        let only_unread = NoticeFilter { unread: true, ..all };
        assert_eq!(listed(store, 1, only_unread, 1).await, ["d"], "what came later is left");
        let elsewhere = NoticeFilter { campaign: Some(CampaignId(id(77))), ..all };
        assert_eq!(listed(store, 1, elsewhere, 50).await, Vec::<String>::new());
        let rebuild = |tx| async move { notice::rebuild_counts(&tx).await };
        assert_eq!(store.write_unrecorded("a test counts", rebuild).await.expect("counted"), 0);
        let kept = unread(store, 1).await.unread;
        for (hand, inboxes) in [("UPDATE inbox SET unread = 9 WHERE unread > 0", 2), ("DELETE FROM inbox", 2)]
        {
            tamper(&bench, hand).await;
            let wrong = store.read(|r| async move { notice::miscounts(&r).await }).await.expect("counted");
            assert_eq!(wrong.len(), inboxes, "{}: {hand}: {wrong:?}", bench.engine);
            let rebuilt = store.write_unrecorded("a test counts", rebuild).await.expect("counted");
            assert_eq!((rebuilt, unread(store, 1).await.unread), (inboxes as u64, kept), "{hand}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_clock_that_ran_ahead_told_is_taken_back() {
    on_both(|bench: Bench| async move {
        let store = &bench.store;
        let here = furnish(store).await;
        let ahead = today() + Days::new(30);
        let wrong = Told { made_on: ahead, ..told(here, 1, "overdue", 1) };
        let done = Told { made_on: ahead, kind: NoticeKind::HandedOver, ..told(here, 1, "step", 2) };
        tell(store, &[told(here, 1, "now", 3), wrong.clone(), done]).await;
        read(store, 1, Which::These(vec![])).await;
        let untimely = |day| store.read(move |r| async move { notice::has_untimely(&r, here, day).await });
        assert!(untimely(today()).await.expect("asked"));
        let back = move |tx| async move { notice::remove_untimely(&tx, here, today()).await };
        assert_eq!(store.write_unrecorded("a test sets the clock", back).await.expect("taken back"), 1);
        assert_eq!(unread(store, 1).await.unread, 2);
        assert_eq!(
            listed(store, 1, NoticeFilter::default(), 50).await,
            ["now", "step"],
            "what was done was done"
        );
        assert_eq!(tell(store, &[Told { made_on: ahead, ..wrong }]).await, 1, "it is told when it is so");
    })
    .await;
}

#[tokio::test]
async fn who_follows_the_ledger_sees_every_act_once_and_in_order() {
    on_both(|bench: Bench| async move {
        let store = &bench.store;
        let here = furnish(store).await;
        ledger::seal(store).await.expect("sealed");
        let begin = |tx| async move { notice::tell_from_here(&tx).await };
        store.write_unrecorded("a test begins here", begin).await.expect("begun");
        let next =
            |after, most| store.read(move |r| async move { notice::next_blocks(&r, after, most).await });
        let told_to = || store.read(|r| async move { notice::height_told(&r).await });
        let from = told_to().await.expect("a height");
        assert_eq!(next(from, 10).await.expect("asked"), None);
        for n in 0..5_u128 {
            let act = move |tx| async move {
                let subject = chengjing_domain::ledger::Subject::of(here, SubjectKind::Task, id(n));
                ledger::record(&tx, harness::act("task.accept", subject)).await.map(drop)
            };
            store.write(act).await.expect("an act");
            if n % 2 == 1 {
                ledger::seal(store).await.expect("sealed");
            }
        }
        ledger::seal(store).await.expect("sealed");
        let (mut at, mut seen) = (from, Vec::new());
        while let Some((to, acts)) = next(at, 1).await.expect("asked") {
            seen.extend(acts.into_iter().map(|act| (act.action, act.subject.id)));
            let moved = move |tx| async move { notice::advance(&tx, at, to).await };
            assert!(store.write_unrecorded("a test moves on", moved).await.expect("moved"));
            assert!(
                !store.write_unrecorded("a second one", moved).await.expect("asked"),
                "another was faster"
            );
            at = to;
        }
        let expected: Vec<_> = (0..5).map(|n| ("task.accept".to_owned(), id(n))).collect();
        assert_eq!(seen, expected);
        assert_eq!(told_to().await.expect("a height"), at);
    })
    .await;
}
