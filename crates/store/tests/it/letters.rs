//! Letters under a clock that jumps and senders that die: nobody told twice, nobody forgotten.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Cursor,
};

use chengjing_domain::{
    duty::remind::{About, NoticeKind},
    id::{CampaignId, DutyId, LetterId, NoticeId, TaskId, UnitId, UserId},
};
use chengjing_store::{
    Paging, Progress, Store,
    backup::{backup, restore},
    mail::{self, Claimed, LetterState, NewDelivery},
    notice::{self, NoticeFilter, Told},
    people,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::harness::{self, Bench, at, fresh_id, id, on_both, recorded, with_campaign};

const LEASE: TimeDelta = TimeDelta::minutes(10);

/// Chance that can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.0 >> 33).unwrap_or_default()
    }
}

/// A sender that may die at any step, and what it knows.
struct Sender<'a> {
    store: &'a Store,
    campaign: CampaignId,
    /// Every time that a mail server was given a letter, whatever became of it: its news.
    handed: Vec<(UserId, String)>,
    told: BTreeMap<UserId, BTreeSet<String>>,
}

impl Sender<'_> {
    async fn tell(&mut self, user: UserId, news: String, now: DateTime<Utc>, wait: i64) {
        let one = Told {
            campaign: self.campaign,
            id: NoticeId(fresh_id()),
            user,
            news: news.clone(),
            kind: NoticeKind::Overdue,
            about: About::Task { task: TaskId(id(300)), duty: DutyId(id(200)) },
            unit: UnitId(id(100)),
            due_on: None,
            deed: None,
            made_on: NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day"),
            made_at: now,
            in_app: false,
            read_at: None,
        };
        let not_before = now + TimeDelta::minutes(wait);
        let add = move |tx| {
            let one = one.clone();
            async move {
                let fresh = notice::add_many(&tx, &[one]).await?;
                let deliveries: Vec<NewDelivery> = fresh
                    .iter()
                    .map(|told| NewDelivery {
                        campaign: told.campaign,
                        notice: told.id,
                        user: told.user,
                        not_before,
                    })
                    .collect();
                mail::add_deliveries(&tx, &deliveries).await
            }
        };
        self.store.write_unrecorded("a test tells", add).await.expect("told");
        self.told.entry(user).or_default().insert(news);
    }

    async fn gather(&self, now: DateTime<Utc>) {
        let due =
            self.store.read(|r| async move { mail::users_due(&r, now, 100).await }).await.expect("asked");
        for user in due {
            let letter = LetterId(fresh_id());
            let put = move |tx| async move { mail::gather(&tx, letter, user, now, LEASE).await };
            self.store.write_unrecorded("a test gathers", put).await.expect("gathered");
        }
        let lost = move |tx| async move { mail::give_up_handed_over(&tx, now, LEASE, "died").await };
        self.store.write_unrecorded("a test gives up", lost).await.expect("given up");
    }

    async fn claim(&self, now: DateTime<Utc>) -> Option<Claimed> {
        let worker = fresh_id();
        let take = move |tx| async move { mail::claim(&tx, worker, now, LEASE).await };
        self.store.write_unrecorded("a test claims", take).await.expect("claimed")
    }

    /// Sends as far as `until`: 0 dies before it hands over, 1 is refused before, 2 dies after, 3 is taken, 4 is refused
    /// after, 5 gets no answer.
    async fn send(&mut self, claimed: Claimed, until: u32, now: DateTime<Utc>) {
        if until == 0 {
            return;
        }
        let again = Some(now + TimeDelta::minutes(3));
        if until == 1 {
            return self.settle(claimed, LetterState::Waiting, again, now).await;
        }
        let mark = move |tx| async move { mail::hand_over(&tx, &claimed).await };
        if !self.store.write_unrecorded("a test hands over", mark).await.expect("marked") {
            return;
        }
        let of = self
            .store
            .read(|r| async move { mail::notices_of(&r, claimed.id).await })
            .await
            .expect("notices");
        if until != 4 {
            self.handed.extend(of.into_iter().map(|told| (told.user, told.news)));
        }
        match until {
            2 => {}
            3 => self.settle(claimed, LetterState::Sent, None, now).await,
            4 => self.settle(claimed, LetterState::Waiting, again, now).await,
            _ => self.settle(claimed, LetterState::Unknown, None, now).await,
        }
    }

    async fn settle(
        &self,
        claimed: Claimed,
        state: LetterState,
        again: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) {
        let keep =
            move |tx| async move { mail::settle(&tx, &claimed, state, Some("a test"), now, again).await };
        self.store.write_unrecorded("a test settles", keep).await.expect("settled");
    }
}

/// Fifty people at a time, twenty times: a thousand schedules of what comes in, who sends it, who dies at which step, and
/// which time the clock shows.
#[tokio::test]
async fn a_thousand_schedules_tell_nobody_twice_and_forget_nobody() {
    on_both(|bench: Bench| async move {
        let (campaign, _) = with_campaign(&bench.store, &["城管局"]).await;
        let mut dice = Dice(20_260_301);
        let mut sender = Sender { store: &bench.store, campaign, handed: Vec::new(), told: BTreeMap::new() };
        let mut now = at(0);
        for round in 0..20_u128 {
            let users: Vec<UserId> = (0..50).map(|n| UserId(id(1_000 + round * 50 + n))).collect();
            let add = move |tx| async move {
                for n in 0..50 {
                    people::add_user(&tx, &harness::user(1_000 + round * 50 + n)).await?;
                }
                recorded(&tx).await
            };
            bench.store.write(add).await.expect("people");
            for step in 0..60 {
                // Mostly forward by minutes; now and then days ahead, or back.
                now += match dice.roll() % 20 {
                    0 => TimeDelta::days(40),
                    1 => TimeDelta::days(-39),
                    2 => TimeDelta::minutes(-30),
                    _ => TimeDelta::minutes(i64::from(dice.roll() % 15)),
                };
                let user = users[dice.roll() as usize % users.len()];
                match dice.roll() % 3 {
                    0 => {
                        let news = format!("{round}-{}", step / 3);
                        sender.tell(user, news, now, i64::from(dice.roll() % 90)).await;
                    }
                    1 => sender.gather(now).await,
                    _ => {
                        if let Some(claimed) = sender.claim(now).await {
                            sender.send(claimed, dice.roll() % 6, now).await;
                        }
                    }
                }
            }
        }
        // The clock goes right and nobody dies any more.
        for _ in 0..40 {
            now += TimeDelta::days(5);
            sender.gather(now).await;
            while let Some(claimed) = sender.claim(now).await {
                sender.send(claimed, 3, now).await;
            }
        }
        let handed: BTreeSet<&(UserId, String)> = sender.handed.iter().collect();
        assert_eq!(handed.len(), sender.handed.len(), "{}: nobody is told twice", bench.engine);
        let mut in_app = 0;
        for (user, news) in &sender.told {
            let list = |r| async move {
                notice::list(&r, *user, NoticeFilter::default(), &Paging::first(1_000)).await
            };
            let shown = bench.store.read(list).await.expect("a list").items;
            in_app += shown.len();
            for one in news {
                let mailed = handed.contains(&(*user, one.clone()));
                assert!(
                    mailed || shown.iter().any(|told| told.news == *one),
                    "{}: {one} is forgotten",
                    bench.engine
                );
            }
        }
        assert!(handed.len() > 100 && in_app > 10, "{} by mail, {in_app} in the app", handed.len());
        let wrong = |tx| async move { notice::rebuild_counts(&tx).await };
        assert_eq!(bench.store.write_unrecorded("a test counts", wrong).await.expect("counted"), 0);
    })
    .await;
}

#[tokio::test]
async fn what_waited_when_a_backup_was_made_and_is_long_past_is_not_sent_out_of_it() {
    on_both(|bench: Bench| async move {
        let (campaign, _) = with_campaign(&bench.store, &["城管局"]).await;
        let add = |tx| async move {
            for n in 1_000..1_003 {
                people::add_user(&tx, &harness::user(n)).await?;
            }
            recorded(&tx).await
        };
        bench.store.write(add).await.expect("people");
        let [written, unwritten, fresh] = [0, 1, 2].map(|n| UserId(id(1_000 + n)));
        let mut sender = Sender { store: &bench.store, campaign, handed: Vec::new(), told: BTreeMap::new() };
        sender.tell(written, "in a letter".into(), at(0), 0).await;
        sender.gather(at(0)).await;
        sender.tell(unwritten, "in no letter yet".into(), at(0), 0).await;
        let restored_at = at(0) + TimeDelta::days(3);
        sender.tell(fresh, "just now".into(), restored_at - TimeDelta::hours(2), 0).await;
        let made = backup(&bench.store, Cursor::new(Vec::new()), |_| {}).await;
        let (_, zip) = made.expect("a backup");

        let folder = tempfile::tempdir().expect("a folder");
        let other = harness::sqlite(&folder, |_| {}).await;
        other.hands.advance(TimeDelta::days(3).num_seconds());
        let mut given_up = 0;
        let note = |step: Progress| given_up += if step.what == "letters given up" { step.done } else { 0 };
        restore(Cursor::new(zip.into_inner()), &other.store, note).await.expect("restored");
        assert_eq!(given_up, 2);
        let sent = Sender { store: &other.store, campaign, handed: Vec::new(), told: BTreeMap::new() };
        sent.gather(restored_at).await;
        let claimed = sent.claim(restored_at).await.expect("what is fresh is sent");
        assert_eq!(claimed.user, fresh);
        assert_eq!(sent.claim(restored_at).await, None, "and nothing else");
        for user in [written, unwritten] {
            let list =
                |r| async move { notice::list(&r, user, NoticeFilter::default(), &Paging::first(9)).await };
            assert_eq!(other.store.read(list).await.expect("a list").items.len(), 1, "it waits in the app");
        }
        let letters = |r| async move { mail::list_letters(&r, &Paging::first(9)).await };
        let letters = other.store.read(letters).await.expect("letters").items;
        let noted =
            letters.iter().filter(|letter| letter.state == LetterState::Failed && letter.reason.is_some());
        assert_eq!(noted.count(), 2, "the administrator sees why");
    })
    .await;
}
