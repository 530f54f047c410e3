//! Observations are kept as they were made, and what is counted of them is what counting anew gives.

use std::collections::BTreeMap;

use chengjing_domain::{
    id::{CampaignId, ObservationId, SiteId},
    ledger::Author,
    observation::{Datum, KeptObservation, Position, Site, counters, standing_at},
    score::{Counters, DayScore, Fact, FactKind, Range, Scope},
};
use chengjing_store::{
    DatabaseUrl, Paging, StoreError, ledger,
    observation::{self, ObservationFilter},
    score,
    site::{self, SiteFilter},
};

use crate::harness::{Bench, at, fresh_id, id, miscounts, on_both, recorded, with_campaign};

const DAY: i64 = 86_400;

fn place(here: CampaignId, n: u128) -> Site {
    Site {
        campaign: here,
        id: SiteId(id(n)),
        name: format!("农贸市场{n}"),
        site_type: "market".into(),
        unit: None,
        earlier: Vec::new(),
        position: n.is_multiple_of(2).then(|| Position {
            longitude: "117.0123456".parse().expect("degrees"),
            latitude: "36.6543210".parse().expect("degrees"),
            datum: Datum::Gcj02,
        }),
        added_at: at(0),
        closed_at: None,
        version: 1,
    }
}

fn kept(here: CampaignId, day: i64, fact: Fact) -> KeptObservation {
    KeptObservation {
        campaign: here,
        id: ObservationId(fresh_id()),
        at: at(day * DAY),
        accepted_at: Some(at(day * DAY)),
        covert: false,
        released_at: None,
        round: None,
        fact,
        standard: None,
        unit: None,
        source: "日常巡查".into(),
        period: None,
        files: Vec::new(),
        superseded_by: None,
        withdraws: false,
        by: Author::System,
        recorded_at: at(day * DAY),
    }
}

fn visit(site: u128, criterion: &str, verdict: &str) -> Fact {
    Fact::Visit {
        site: id(site).to_string(),
        criterion: format!("market/{criterion}"),
        verdict: Some(verdict.into()),
        number: None,
        metres: None,
        absent: false,
    }
}

/// That there are none of a type.
fn no_markets() -> Fact {
    Fact::NoSites { site_type: "market".into() }
}

async fn furnish(bench: &Bench, sites: u128) -> CampaignId {
    let (here, _) = with_campaign(&bench.store, &["市场监管局"]).await;
    let all: Vec<Site> = (1..=sites).map(|n| place(here, n)).collect();
    let adding = bench.store.write(move |tx| {
        let all = all.clone();
        async move {
            site::add_many(&tx, &all).await?;
            recorded(&tx).await
        }
    });
    adding.await.expect("sites");
    here
}

async fn record(bench: &Bench, new: &[KeptObservation]) {
    let new = new.to_vec();
    let recording = bench.store.write(move |tx| {
        let new = new.clone();
        async move {
            observation::record(&tx, &new).await?;
            recorded(&tx).await
        }
    });
    recording.await.expect("recorded");
}

/// What is set once of an observation.
#[derive(Clone, Copy)]
enum Set {
    Accepted,
    Released,
    Superseded,
}

async fn set(bench: &Bench, which: Set, changed: &KeptObservation) -> Result<(), StoreError> {
    let changed = changed.clone();
    let setting = bench.store.write(move |tx| {
        let changed = changed.clone();
        async move {
            match which {
                Set::Accepted => observation::save_accepted(&tx, &changed).await?,
                Set::Released => observation::save_released(&tx, &changed).await?,
                Set::Superseded => observation::save_superseded(&tx, &changed).await?,
            };
            recorded(&tx).await
        }
    });
    setting.await
}

async fn all(bench: &Bench, here: CampaignId) -> Vec<KeptObservation> {
    let all = bench.store.read(|r| async move { observation::list_after(&r, here, None, 1_000).await });
    all.await.expect("observations")
}

async fn is_sound(bench: &Bench) {
    ledger::seal(&bench.store).await.expect("sealed");
    assert_eq!(ledger::verify(&bench.store).await.expect("verifies"), Vec::new(), "{}", bench.engine);
}

#[tokio::test]
async fn an_observation_is_set_once_in_each_way_and_otherwise_stays_as_it_was_made() {
    on_both(|bench: Bench| async move {
        let here = furnish(&bench, 2).await;
        let first =
            KeptObservation { accepted_at: None, covert: true, ..kept(here, 1, visit(1, "a", "met")) };
        let second = kept(here, 2, visit(1, "a", "failed"));
        record(&bench, &[first.clone(), second.clone()]).await;
        let accepted = first.clone().accept(at(3 * DAY)).expect("accepted");
        set(&bench, Set::Accepted, &accepted).await.expect("set");
        let other = KeptObservation { accepted_at: Some(at(9 * DAY)), ..first.clone() };
        assert!(matches!(set(&bench, Set::Accepted, &other).await, Err(StoreError::Stale)));
        let released = accepted.release(at(4 * DAY)).expect("released");
        set(&bench, Set::Released, &released).await.expect("set");
        assert!(matches!(set(&bench, Set::Released, &released).await, Err(StoreError::Stale)));
        let gone = released.supersede(&second).expect("superseded");
        set(&bench, Set::Superseded, &gone).await.expect("set");
        assert!(matches!(set(&bench, Set::Superseded, &gone).await, Err(StoreError::Stale)));
        let id = gone.id;
        let stored = bench.store.read(|r| async move { observation::lookup(&r, here, id).await });
        assert_eq!(stored.await.expect("read"), Some(gone));
        is_sound(&bench).await;
    })
    .await;
}

#[tokio::test]
async fn lists_are_cut_to_what_is_wanted_and_page_by_page_give_everything_once() {
    on_both(|bench: Bench| async move {
        let here = furnish(&bench, 2).await;
        let figure = |value: &str| Fact::Figure {
            statistic: "income".into(),
            value: value.parse().expect("a number"),
        };
        let some: Vec<KeptObservation> = (0..7)
            .map(|n| kept(here, n / 2, visit(u128::try_from(n % 2 + 1).expect("1 or 2"), "a", "met")))
            .chain([kept(here, 3, figure("96.50"))])
            .chain([KeptObservation { accepted_at: None, ..kept(here, 4, figure("1")) }])
            .chain([KeptObservation { covert: true, ..kept(here, 5, visit(1, "b", "met")) }])
            .collect();
        record(&bench, &some).await;
        let of = |filter: ObservationFilter| {
            let store = bench.store.clone();
            async move {
                let (mut seen, mut paging) = (Vec::new(), Paging::first(3));
                loop {
                    let filter = filter.clone();
                    let page = store
                        .read(|r| async move { observation::list(&r, here, &filter, &paging).await })
                        .await
                        .expect("a page");
                    seen.extend(page.items);
                    let Some(next) = page.next else { return seen };
                    paging = Paging::after(next, 3);
                }
            }
        };
        let open = of(ObservationFilter::default()).await;
        assert_eq!(open.len(), 9, "what is hidden is not in it");
        assert!(open.is_sorted_by(|one, other| (one.at, one.id) > (other.at, other.id)), "{open:#?}");
        assert_eq!(of(ObservationFilter { hidden: true, ..Default::default() }).await.len(), 10);
        let figures = of(ObservationFilter { kind: Some(FactKind::Figure), ..Default::default() }).await;
        assert_eq!(figures.len(), 2);
        let Fact::Figure { value, .. } = &figures[1].fact else { panic!("{figures:?}") };
        assert_eq!(value.to_string(), "96.50", "every digit is kept");
        let waiting = of(ObservationFilter { waiting: true, ..Default::default() }).await;
        assert_eq!(waiting, figures[..1]);
        let there = ObservationFilter { site: Some(SiteId(id(2))), ..Default::default() };
        assert_eq!(of(there).await.len(), 3);
        let b = ObservationFilter {
            kind: Some(FactKind::Visit),
            about: Some("market/b".into()),
            hidden: true,
            ..Default::default()
        };
        assert_eq!(of(b).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn sites_are_listed_by_name_and_cut_to_a_type_a_unit_and_those_that_go_on() {
    on_both(|bench: Bench| async move {
        let here = furnish(&bench, 0).await;
        let unit = bench
            .store
            .read(|r| async move { chengjing_store::campaign::all_units(&r, here).await })
            .await
            .expect("units")[0]
            .id;
        let all = [
            Site { name: "乙".into(), ..place(here, 1) },
            Site { name: "甲".into(), unit: Some(unit), ..place(here, 2) },
            Site { name: "丙".into(), site_type: "street".into(), ..place(here, 3) },
            Site { name: "乙".into(), closed_at: Some(at(5)), ..place(here, 4) },
        ];
        let adding = bench.store.write(move |tx| {
            let all = all.clone();
            async move {
                site::add_many(&tx, &all).await?;
                recorded(&tx).await
            }
        });
        adding.await.expect("sites");
        let of = |filter: SiteFilter| {
            let store = bench.store.clone();
            async move {
                let (mut seen, mut paging) = (Vec::new(), Paging::first(1));
                loop {
                    let filter = filter.clone();
                    let page = store.read(|r| async move { site::list(&r, here, &filter, &paging).await });
                    let page = page.await.expect("a page");
                    seen.extend(page.items.into_iter().map(|site| site.id.0));
                    let Some(next) = page.next else { return seen };
                    paging = Paging::after(next, 1);
                }
            }
        };
        // In the order of the characters' code points.
        assert_eq!(of(SiteFilter::default()).await, [id(3), id(1), id(2)]);
        assert_eq!(of(SiteFilter { closed: true, ..Default::default() }).await, [id(3), id(1), id(4), id(2)]);
        let streets = SiteFilter { site_type: Some("street".into()), ..Default::default() };
        assert_eq!(of(streets).await, [id(3)]);
        assert_eq!(of(SiteFilter { unit: Some(unit), ..Default::default() }).await, [id(2)]);
    })
    .await;
}

#[tokio::test]
async fn a_day_is_kept_once_and_of_many_days_the_last_are_told() {
    on_both(|bench: Bench| async move {
        let (here, edition) = crate::standards::with_published(&bench.store).await;
        let day = |n: u32, value: &str| DayScore {
            campaign: here,
            standard: edition.standard,
            edition: edition.id,
            day: chrono::NaiveDate::from_ymd_opt(2026, 3, n).expect("a day"),
            total: Range {
                low: "1.50".parse().expect("marks"),
                value: value.parse().expect("marks"),
                high: 10.into(),
            },
            marks: 10.into(),
        };
        let keep = |days: Vec<DayScore>| {
            bench.store.write_unrecorded("days", move |tx| {
                let days = days.clone();
                async move { score::save_days(&tx, &days).await }
            })
        };
        keep(vec![day(1, "2"), day(2, "3"), day(3, "4.25")]).await.expect("kept");
        keep(vec![day(2, "3.5")]).await.expect("kept again");
        let of = |from: u32, to: u32, most: u64| {
            let between = (day(from, "0").day, day(to, "0").day);
            let standard = edition.standard;
            bench
                .store
                .read(move |r| async move { score::list_days(&r, here, standard, between, most).await })
        };
        assert_eq!(of(1, 31, 10).await.expect("days"), [day(1, "2"), day(2, "3.5"), day(3, "4.25")]);
        assert_eq!(of(1, 31, 2).await.expect("days"), [day(2, "3.5"), day(3, "4.25")], "the last ones");
        assert_eq!(of(1, 2, 10).await.expect("days"), [day(1, "2"), day(2, "3.5")]);
    })
    .await;
}

/// Numbers that look drawn and are the same in every run.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

fn drawn_fact(drawn: &mut Drawn, sites: u64) -> Fact {
    let word = |n: u64| ["met", "partly", "failed"][usize::try_from(n).expect("small")];
    match drawn.below(10) {
        0 => Fact::Figure { statistic: "income".into(), value: drawn.below(100).into() },
        1 => Fact::Review {
            requirement: "r1".into(),
            verdict: word(drawn.below(3)).into(),
            incomplete: drawn.below(2) == 0,
        },
        2 => Fact::Event { entry: "G1".into() },
        3 | 4 => Fact::Answers {
            question: "q".into(),
            group: (drawn.below(2) == 0).then(|| "居民".into()),
            options: [
                ("yes".to_owned(), 3),
                ("no".to_owned(), u32::try_from(drawn.below(3)).expect("small")),
            ]
            .into(),
        },
        _ => {
            let criterion = ["a", "b", "c"][usize::try_from(drawn.below(3)).expect("small")];
            visit(u128::from(drawn.below(sites) + 1), criterion, word(drawn.below(3)))
        }
    }
}

/// What is counted now, and the ids of what stands among that which is not counted.
async fn kept_counts(bench: &Bench, here: CampaignId) -> (Counters, Vec<ObservationId>) {
    let both = bench.store.read(|r| async move {
        let singles = observation::singles(&r, here).await?;
        Ok::<_, StoreError>((observation::counters(&r, here).await?, singles))
    });
    let (counters, singles) = both.await.expect("counters");
    let mut ids: Vec<ObservationId> = singles.iter().map(|one| one.id).collect();
    ids.sort_unstable();
    (counters, ids)
}

#[tokio::test]
async fn what_was_observed_of_a_unit_goes_along_when_two_entries_turn_out_to_be_one() {
    on_both(|bench: Bench| async move {
        let (here, units) = with_campaign(&bench.store, &["城管局", "综合执法局", "教育局"]).await;
        let (from, into) = (units[0].id, units[1].id);
        let figure = |day, unit, value: i64| KeptObservation {
            unit: Some(unit),
            period: Some("2026-05".into()),
            ..kept(here, day, Fact::Figure { statistic: "litter".into(), value: value.into() })
        };
        let (older, newer, other) = (figure(1, into, 3), figure(2, from, 4), figure(3, units[2].id, 5));
        let absent = KeptObservation { unit: Some(from), ..kept(here, 4, no_markets()) };
        record(&bench, &[older.clone(), newer.clone(), other.clone(), absent.clone()]).await;
        let merging = bench.store.write(move |tx| async move {
            observation::merge_units(&tx, here, from, into).await?;
            recorded(&tx).await
        });
        merging.await.expect("merged");
        let there = all(&bench, here).await;
        let of = |id: ObservationId| there.iter().find(|one| one.id == id).expect("it is there");
        assert_eq!(
            *of(newer.id),
            KeptObservation { unit: Some(into), ..newer.clone() },
            "nothing else of it changed"
        );
        assert_eq!(of(absent.id).unit, Some(into));
        assert_eq!((of(older.id), of(other.id)), (&older, &other));
        let (counted, singles) = kept_counts(&bench, here).await;
        assert_eq!(counted, counters(&there), "{}", bench.engine);
        assert_eq!(miscounts(&bench, here).await, Vec::<String>::new(), "{}", bench.engine);
        let anew = move |tx| async move { observation::rebuild_counts(&tx, here).await };
        bench.store.write_unrecorded("counted anew", anew).await.expect("rebuilt");
        assert_eq!(kept_counts(&bench, here).await, (counted, singles), "{}: anew", bench.engine);
        is_sound(&bench).await;
    })
    .await;
}

#[tokio::test]
async fn after_any_history_the_counters_are_what_counting_anew_gives() {
    const SITES: u64 = 4;
    on_both(|bench: Bench| async move {
        let here = furnish(&bench, SITES.into()).await;
        let mut drawn = Drawn(11);
        let mut closed: Option<SiteId> = None;
        let mut set_ways = BTreeMap::new();
        for step in 0..160_i64 {
            let there = all(&bench, here).await;
            let some = usize::try_from(drawn.below(there.len().max(1) as u64)).expect("small");
            match (drawn.below(6), there.get(some).cloned()) {
                (0, Some(one)) => {
                    if let Ok(accepted) = one.accept(at(step * DAY)) {
                        set(&bench, Set::Accepted, &accepted).await.expect("accepted");
                        *set_ways.entry("accepted").or_insert(0) += 1;
                    }
                }
                (1, Some(one)) => {
                    if let Ok(released) = one.release(at(step * DAY)) {
                        set(&bench, Set::Released, &released).await.expect("released");
                        *set_ways.entry("released").or_insert(0) += 1;
                    }
                }
                // Recorded in error, it gives its place back to what was there before.
                (2, Some(one)) if drawn.below(3) == 0 => {
                    let id = ObservationId(fresh_id());
                    let said = one.withdrawal(id, "记错了".into(), Author::System, at(step * DAY));
                    if let Ok(withdrawal) = said {
                        let gone = one.supersede(&withdrawal).expect("it is of the same thing");
                        record(&bench, &[withdrawal]).await;
                        set(&bench, Set::Superseded, &gone).await.expect("withdrawn");
                        *set_ways.entry("withdrawn").or_insert(0) += 1;
                    }
                }
                (2, Some(one)) => {
                    let later = KeptObservation {
                        fact: one.fact.clone(),
                        accepted_at: (drawn.below(2) == 0).then(|| at(step * DAY)),
                        ..kept(here, step, drawn_fact(&mut drawn, SITES))
                    };
                    if let Ok(gone) = one.supersede(&later) {
                        record(&bench, &[later]).await;
                        set(&bench, Set::Superseded, &gone).await.expect("superseded");
                        *set_ways.entry("superseded").or_insert(0) += 1;
                    }
                }
                _ => {
                    let new: Vec<KeptObservation> = (0..=drawn.below(3))
                        .map(|_| KeptObservation {
                            accepted_at: (drawn.below(4) > 0).then(|| at(step * DAY)),
                            covert: drawn.below(5) == 0,
                            round: [None, Some("1"), Some("2")]
                                [usize::try_from(drawn.below(3)).expect("small")]
                            .map(str::to_owned),
                            ..kept(
                                here,
                                step - i64::try_from(drawn.below(3)).expect("small"),
                                drawn_fact(&mut drawn, SITES),
                            )
                        })
                        .collect();
                    record(&bench, &new).await;
                }
            }
            if step == 120 {
                let gone = place(here, 2);
                closed = Some(gone.id);
                let closing = bench.store.write(move |tx| {
                    let gone = Site { closed_at: Some(at(120 * DAY)), ..gone.clone() };
                    async move {
                        site::save(&tx, &gone).await?;
                        recorded(&tx).await
                    }
                });
                closing.await.expect("closed");
            }
            if step % 20 == 19 || step == 120 {
                let mut told = all(&bench, here).await;
                told.retain(|one| {
                    let site = match &one.fact {
                        Fact::Visit { site, .. } => site.parse().ok().map(SiteId),
                        _ => None,
                    };
                    site.is_none() || site != closed
                });
                let (counted, singles) = kept_counts(&bench, here).await;
                assert_eq!(counted, counters(&told), "{}: step {step}", bench.engine);
                // Whatever stands is not superseded, counts, and every event that does is there.
                let standing = standing_at(&told, at(1_000 * DAY));
                let events = standing.iter().filter(|one| one.fact.kind() == FactKind::Event && one.counts());
                for event in events {
                    assert!(singles.contains(&event.id), "{}: step {step}: {event:?}", bench.engine);
                }
                for id in &singles {
                    assert!(standing.iter().any(|one| one.id == *id && one.counts()), "{step}: {id}");
                }
                assert_eq!(
                    miscounts(&bench, here).await,
                    Vec::<String>::new(),
                    "{}: step {step}",
                    bench.engine
                );
                let anew = move |tx| async move { observation::rebuild_counts(&tx, here).await };
                bench.store.write_unrecorded("counted anew", anew).await.expect("rebuilt");
                assert_eq!(kept_counts(&bench, here).await, (counted, singles), "{}: anew", bench.engine);
            }
        }
        assert!(set_ways.len() == 4 && set_ways.values().all(|times| *times > 1), "{set_ways:?}");
        let months = [chengjing_domain::score::month_of(at(30 * DAY))].into();
        let there = all(&bench, here).await;
        let (visits, answers) = bench
            .store
            .read(|r| async move {
                let visits = observation::standing_in(&r, here, &months).await?;
                Ok::<_, StoreError>((visits, observation::answers_in(&r, here, &months).await?))
            })
            .await
            .expect("one by one");
        let mut of_month = Counters::new();
        for (scope, one) in
            visits.into_iter().chain(answers.into_iter().map(|one| (Scope::Round(one.round.clone()), one)))
        {
            assert!(there.contains(&one));
            for (key, times) in chengjing_domain::observation::counted(&one, &scope) {
                *of_month.entry(key).or_default() += times;
            }
        }
        let (mut counted, _) = kept_counts(&bench, here).await;
        counted.retain(|key, _| key.month == chengjing_domain::score::month_of(at(30 * DAY)));
        assert_eq!(of_month, counted, "{}: a month one by one is the month as it is counted", bench.engine);
        is_sound(&bench).await;
    })
    .await;
}

#[tokio::test]
async fn what_stood_before_figures_stood_by_their_periods_is_settled_anew_when_the_schema_is_brought_up() {
    on_both(|bench: Bench| async move {
        let (here, _) = with_campaign(&bench.store, &[]).await;
        let figure = |day, period: &str| KeptObservation {
            period: Some(period.into()),
            ..kept(here, day, Fact::Figure { statistic: "litter".into(), value: day.into() })
        };
        record(&bench, &[figure(1, "2025"), figure(2, "2025-Q4"), figure(3, "2026-Q1")]).await;
        // It was of another quarter: what is corrected over periods is gone in its own.
        let (wrong, corrected) = (figure(4, "2025-Q2"), figure(5, "2025-Q3"));
        record(&bench, &[wrong.clone(), corrected.clone()]).await;
        let gone = wrong.supersede(&corrected).expect("of the same statistic");
        set(&bench, Set::Superseded, &gone).await.expect("superseded");
        let right = kept_counts(&bench, here).await;
        assert_eq!(right.1.len(), 4, "each stands in its own period");
        // As an older program left it, and as the migration marks it.
        let before = "DELETE FROM standing WHERE about = 'litter'; \
            INSERT INTO standing (campaign_id, kind, about, place, scope, observation_id, month) \
            SELECT id, 'uncounted', '', '', '*', id, '' FROM campaign";
        match &bench.config.database {
            DatabaseUrl::Sqlite(path) => {
                let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", path.display())).await;
                sqlx::raw_sql(before).execute(&pool.expect("the database")).await.expect("an older state");
            }
            DatabaseUrl::Postgres(url) => {
                let pool = sqlx::PgPool::connect(url).await.expect("the database");
                sqlx::raw_sql(before).execute(&pool).await.expect("an older state");
            }
        }
        assert_ne!(kept_counts(&bench, here).await, right);
        bench.store.migrate().await.expect("a schema");
        assert_eq!(kept_counts(&bench, here).await, right, "{}", bench.engine);
    })
    .await;
}
