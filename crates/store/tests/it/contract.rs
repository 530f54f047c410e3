//! One story for both engines: what is stored is found again, by every way that a list offers.

use chengjing_domain::{
    campaign::Unit,
    duty::{DutyState, DutyUnit},
    id::{CampaignId, DutyId, GrantId, ImportId, SessionId, TokenId, UserId},
    ledger::SubjectKind,
    people::{ApiToken, Attempts, Grant, Role, Scope, Session, TokenLimits, Via},
    plan::{ImportProblem, ImportState, Plan, PlanImport, Reading, Recurrence, UnitRole},
};
use chengjing_store::{
    Page, Paging, StoreError, campaign,
    duty::{self, Dimension, DueFilter, DutyFilter},
    ledger, people, plan,
    search::{self, SearchFilter},
};
use chrono::{Duration, NaiveDate};

use crate::harness::{self, Bench, at, id, on_both, recorded, target, user, with_campaign, write};

#[tokio::test]
async fn people_are_stored_and_found_by_name_without_regard_to_case() {
    on_both(|bench: Bench| async move {
        assert!(!bench.store.read(|r| async move { people::has_users(&r).await }).await.expect("a read"));
        let one = user(1);
        let grant = Grant::new(GrantId(id(5)), one.id, Role::SystemAdmin, Scope::System);
        write!(bench, [one, grant], |tx| {
            people::add_user(&tx, &one).await?;
            people::add_grant(&tx, &grant).await?;
            recorded(&tx).await
        })
        .expect("a user");
        let found =
            bench.store.read(|r| async move { people::lookup_user_by_name(&r, " uSER1").await }).await;
        assert_eq!(found.expect("a read"), Some(one.clone()));

        let twin = chengjing_domain::people::User { id: UserId(id(2)), name: "USER1".into(), ..user(2) };
        let taken = write!(bench, [twin], |tx| people::add_user(&tx, &twin).await.map(drop));
        assert_eq!(taken.expect_err("the name is taken").constraint(), Some("user_name"), "{}", bench.engine);

        let session = Session {
            id: SessionId(id(6)),
            user: one.id,
            token_hash: [7; 32],
            created_at: at(0),
            seen_at: at(0),
            expires_at: at(60),
            user_agent: "浏览器".into(),
            address: "127.0.0.1".into(),
        };
        let opened = session.clone();
        bench
            .store
            .write_unrecorded("a login", move |tx| {
                let session = opened.clone();
                async move { people::add_session(&tx, &session).await }
            })
            .await
            .expect("a session");
        let (found, actor) = bench
            .store
            .read(|r| async move { people::lookup_session(&r, &[7; 32]).await })
            .await
            .expect("a read")
            .expect("the session");
        assert_eq!((found, actor.grants), (session.clone(), vec![grant]));
        assert_eq!(actor.via, Via::Session(session.id));

        let disabled = chengjing_domain::people::User { disabled_at: Some(at(9)), ..one.clone() };
        let saved = write!(bench, [disabled], |tx| {
            let saved = people::save_user(&tx, &disabled).await?;
            recorded(&tx).await?;
            Ok::<_, StoreError>(saved)
        })
        .expect("saved");
        assert_eq!(saved.version, 2);
        let gone = bench.store.read(|r| async move { people::lookup_session(&r, &[7; 32]).await }).await;
        assert_eq!(gone.expect("a read"), None, "a disabled user has no session that works");
        let stale = write!(bench, [disabled], |tx| people::save_user(&tx, &disabled).await.map(drop));
        assert!(matches!(stale, Err(StoreError::Stale)), "{stale:?}");
    })
    .await;
}

#[tokio::test]
async fn tokens_and_failed_logins_are_stored() {
    on_both(|bench: Bench| async move {
        let one = user(1);
        let token = ApiToken {
            id: TokenId(id(3)),
            user: one.id,
            name: "大屏".into(),
            token_hash: [9; 32],
            created_at: at(0),
            limits: TokenLimits { read_only: true, campaign: Some(CampaignId(id(1))), calendar: true },
            expires_at: None,
            revoked_at: None,
            used_at: None,
        };
        write!(bench, [one, token], |tx| {
            people::add_user(&tx, &one).await?;
            people::add_token(&tx, &token).await?;
            people::touch_token(&tx, token.id, at(4)).await?;
            people::save_token(&tx, &ApiToken { revoked_at: Some(at(5)), ..token.clone() }).await?;
            recorded(&tx).await
        })
        .expect("a token");
        let (found, actor) = bench
            .store
            .read(|r| async move { people::lookup_token(&r, &[9; 32]).await })
            .await
            .expect("a read")
            .expect("the token");
        let expected = ApiToken { revoked_at: Some(at(5)), used_at: Some(at(4)), ..token.clone() };
        assert_eq!((&found, actor.via), (&expected, Via::Token(token.limits)));
        let faults = ledger::verify(&bench.store).await.expect("verified");
        assert!(faults.is_empty(), "that it was used is no change of it: {faults:?}");

        let attempts = Attempts::default().failed(1, Duration::minutes(15), at(2));
        for _ in 0..2 {
            let attempts = attempts.clone();
            bench
                .store
                .write_unrecorded("a failed login", move |tx| {
                    let attempts = attempts.clone();
                    async move { people::save_attempts(&tx, "zhang@127.0.0.1", &attempts).await }
                })
                .await
                .expect("counted");
        }
        let read =
            bench.store.read(|r| async move { people::lookup_attempts(&r, "zhang@127.0.0.1").await }).await;
        assert_eq!(read.expect("a read"), attempts);
    })
    .await;
}

#[tokio::test]
async fn units_keep_their_aliases_members_and_tree() {
    on_both(|bench: Bench| async move {
        let (here, units) = with_campaign(&bench.store, &["县文明办", "各乡镇", "城关镇", "河口镇"]).await;
        let office = chengjing_domain::campaign::Unit {
            aliases: vec!["县精神文明建设指导委员会办公室".into(), "文明办".into()],
            ..units[0].clone()
        };
        let towns =
            chengjing_domain::campaign::Unit { members: vec![units[3].id, units[2].id], ..units[1].clone() };
        let town = chengjing_domain::campaign::Unit { parent: Some(units[0].id), ..units[2].clone() };
        write!(bench, [office, towns, town], |tx| {
            campaign::save_unit(&tx, &office).await?;
            campaign::save_unit(&tx, &towns).await?;
            campaign::save_unit(&tx, &town).await?;
            recorded(&tx).await
        })
        .expect("saved");
        let all =
            bench.store.read(|r| async move { campaign::all_units(&r, here).await }).await.expect("a read");
        assert_eq!(all.len(), 4);
        let found = all.iter().find(|unit| unit.id == office.id).expect("the office");
        assert_eq!((&found.aliases, found.version), (&office.aliases, 2));
        assert_eq!(
            all.iter().find(|unit| unit.id == towns.id).map(|unit| &unit.members),
            Some(&towns.members)
        );

        let by_alias = bench
            .store
            .read(|r| async move { campaign::lookup_unit_by_name(&r, here, "文明办").await })
            .await
            .expect("a read");
        assert_eq!(by_alias.as_ref(), Some(found));
        let below = bench
            .store
            .read(|r| async move { campaign::list_units_below(&r, here, &[office.id]).await })
            .await
            .expect("a read");
        assert_eq!(below, [office.id, town.id]);

        let mut paged = Vec::new();
        let mut paging = Paging::first(3);
        loop {
            let page = {
                let paging = paging.clone();
                bench.store.read(|r| async move { campaign::list_units(&r, here, &paging).await }).await
            };
            let page = page.expect("a page");
            paged.extend(page.items);
            let Some(next) = page.next else { break };
            paging = Paging::after(next, 3);
        }
        assert_eq!(paged, all, "pages put together are the whole");

        let taken = chengjing_domain::campaign::Unit { name: "城关镇".into(), ..units[3].clone() };
        let taken = write!(bench, [taken], |tx| campaign::save_unit(&tx, &taken).await.map(drop));
        assert_eq!(taken.expect_err("the name is taken").constraint(), Some("unit_name"));
        let alias =
            chengjing_domain::campaign::Unit { aliases: vec!["文明办".into()], ..units[3].clone() };
        let alias = write!(bench, [alias], |tx| campaign::save_unit(&tx, &alias).await.map(drop));
        assert_eq!(alias.expect_err("the alias is taken").constraint(), Some("unit_alias_name"));
        let named = units[2].id;
        let refused = bench
            .store
            .write(move |tx| async move { campaign::remove_unit(&tx, here, named).await.map(drop) })
            .await;
        assert_eq!(refused.expect_err("a group names it").constraint(), Some("foreign_key"));
    })
    .await;
}

#[tokio::test]
async fn a_plan_document_keeps_its_draft_and_every_state() {
    on_both(|bench: Bench| async move {
        let (here, _) = with_campaign(&bench.store, &[]).await;
        let one = user(1);
        let import = PlanImport {
            campaign: here,
            id: ImportId(id(50)),
            file: "0".repeat(64),
            name: "创建文明城市实施方案.docx".into(),
            state: ImportState::Reading,
            reading: None,
            cleaned: None,
            problems: Vec::new(),
            replaces: None,
            older: None,
            created_at: at(0),
            created_by: one.id,
            version: 1,
        };
        let reading = Reading {
            source: import.name.clone(),
            plans: vec![Plan { title: "清水县实施方案".into(), ..Plan::default() }],
            placed: 0.93,
            ..Reading::default()
        };
        let problem = ImportProblem { line: 3, column: 1, zh: "有乱码".into(), en: "mojibake".into() };
        let read = PlanImport {
            state: ImportState::Draft,
            reading: Some(reading.clone()),
            older: Some(Reading { placed: 0.5, ..reading }),
            cleaned: Some("一、总体要求".into()),
            problems: vec![problem],
            ..import.clone()
        };
        write!(bench, [one, import, read], |tx| {
            people::add_user(&tx, &one).await?;
            plan::add(&tx, &import).await?;
            plan::save(&tx, &read).await?;
            recorded(&tx).await
        })
        .expect("read");
        let find = || async {
            let id = import.id;
            bench
                .store
                .read(|r| async move { plan::lookup(&r, here, id).await })
                .await
                .expect("a read")
                .expect("it")
        };
        let found = find().await;
        assert_eq!(found, PlanImport { version: 2, ..read.clone() });
        let adopted = PlanImport { state: ImportState::Adopted { at: at(7), by: one.id }, ..found };
        write!(bench, [adopted], |tx| {
            plan::save(&tx, &adopted).await?;
            recorded(&tx).await
        })
        .expect("adopted");
        assert_eq!(find().await.state, adopted.state);
        let listed =
            bench.store.read(|r| async move { plan::list(&r, here, &Paging::first(10)).await }).await;
        assert_eq!(listed.expect("a list").items[0].state, adopted.state);
    })
    .await;
}

async fn list(
    bench: &Bench,
    here: chengjing_domain::id::CampaignId,
    filter: &DutyFilter,
    limit: u64,
) -> Vec<u128> {
    let mut found = Vec::new();
    let mut paging = Paging::first(limit);
    loop {
        let (filter, asked) = (filter.clone(), paging.clone());
        let page: Page<_> = bench
            .store
            .read(|r| async move { duty::list(&r, here, &filter, &asked).await })
            .await
            .expect("a page");
        assert!(page.items.len() <= usize::try_from(limit).expect("small"));
        found.extend(page.items.iter().map(|duty| duty.id.0.as_u128() - id(0).as_u128()));
        let Some(next) = page.next else { return found };
        paging = Paging::after(next, limit);
    }
}

#[tokio::test]
async fn duties_are_listed_by_deadline_through_every_filter_and_page_size() {
    on_both(|bench: Bench| async move {
        let (here, units) = with_campaign(&bench.store, &["城管局", "教育局", "住建局"]).await;
        let one_phase = harness::phase(here, 30, 0);
        let mut duties = vec![
            harness::duty(here, 200, "开展市容环境整治", &units[..1], 20),
            harness::duty(here, 201, "推进PM2.5监测", &units[1..2], 10),
            harness::duty(here, 202, "完善公益广告", &units[..2], 0),
            harness::duty(here, 203, "背街小巷改造", &units[..1], 10),
            harness::duty(here, 204, "校园周边整治", &units[..3], 30),
        ];
        duties[0].targets = vec![target(300), target(301)];
        duties[3].phase = Some(one_phase.id);
        duties[4].state = DutyState::Withdrawn;
        let part = "二、重点任务 › (一)环境";
        duties[0].part = Some(part.into());
        duties[4].part = Some(part.into());
        // A unit that leads and supports is one unit.
        duties[0].units.push(DutyUnit { unit: units[0].id, role: UnitRole::Support, via: Some(units[2].id) });
        write!(bench, [one_phase, duties], |tx| {
            campaign::add_phase(&tx, &one_phase).await?;
            duty::add_many(&tx, &duties).await?;
            recorded(&tx).await
        })
        .expect("duties");
        for duty in &duties {
            let id = duty.id;
            let found =
                bench.store.read(|r| async move { duty::lookup(&r, here, id).await }).await.expect("a read");
            assert_eq!(found.as_ref(), Some(duty), "{}", bench.engine);
        }
        let day = |d| NaiveDate::from_ymd_opt(2026, 6, d);
        let f = DutyFilter::default;
        let text = |text: &str| DutyFilter { text: Some(text.into()), ..DutyFilter::default() };
        let cases: Vec<(&str, DutyFilter, Vec<u128>)> = vec![
            ("all", f(), vec![201, 203, 200, 204, 202]),
            ("of a part", DutyFilter { part: Some(part.into()), ..f() }, vec![200, 204]),
            ("of no part", DutyFilter { partless: true, ..f() }, vec![201, 203, 202]),
            (
                "of a part and a unit",
                DutyFilter { part: Some(part.into()), unit: Some(units[1].id), ..f() },
                vec![204],
            ),
            ("unit", DutyFilter { unit: Some(units[0].id), ..f() }, vec![203, 200, 204, 202]),
            (
                "scope of two units",
                DutyFilter { any_unit: Some(vec![units[1].id, units[2].id]), ..f() },
                vec![201, 204, 202],
            ),
            (
                "unit in scope",
                DutyFilter { unit: Some(units[1].id), any_unit: Some(vec![units[1].id]), ..f() },
                vec![201, 204, 202],
            ),
            (
                "unit out of scope",
                DutyFilter { unit: Some(units[0].id), any_unit: Some(vec![units[1].id]), ..f() },
                vec![],
            ),
            ("empty scope", DutyFilter { any_unit: Some(vec![]), ..f() }, vec![]),
            ("phase", DutyFilter { phase: Some(one_phase.id), ..f() }, vec![203]),
            ("due from", DutyFilter { due: DueFilter::Between(day(20), None), ..f() }, vec![200, 204]),
            ("due until", DutyFilter { due: DueFilter::Between(None, day(10)), ..f() }, vec![201, 203]),
            ("no deadline", DutyFilter { due: DueFilter::None, ..f() }, vec![202]),
            (
                "unit without deadline",
                DutyFilter { due: DueFilter::None, unit: Some(units[1].id), ..f() },
                vec![202],
            ),
            ("with target", DutyFilter { has_target: Some(true), ..f() }, vec![200]),
            ("without", DutyFilter { has_target: Some(false), ..f() }, vec![201, 203, 204, 202]),
            ("recurring", DutyFilter { recurrence: Some(Recurrence::Monthly), ..f() }, vec![201, 204]),
            ("withdrawn", DutyFilter { state: Some(DutyState::Withdrawn), ..f() }, vec![204]),
            ("two characters", text("整治"), vec![200, 204]),
            ("one character", text("巷"), vec![203]),
            ("a last character", text("整治 测"), vec![]),
            ("a word's beginning", text("pm2"), vec![201]),
            ("two words", text("整治 校园"), vec![204]),
            ("nothing to look for", text("、"), vec![]),
            ("blanks", text("  "), vec![201, 203, 200, 204, 202]),
            ("text and unit", DutyFilter { unit: Some(units[2].id), ..text("整治") }, vec![204]),
        ];
        for (name, filter, expected) in cases {
            for limit in [1, 2, 100] {
                let found = list(&bench, here, &filter, limit).await;
                assert_eq!(found, expected, "{name}, pages of {limit}, {}", bench.engine);
            }
            let whole = {
                let filter = filter.clone();
                bench
                    .store
                    .read(|r| async move { duty::list_whole(&r, here, &filter, &Paging::first(100)).await })
            };
            let whole = whole.await.expect("whole duties");
            let ids: Vec<_> = whole.items.iter().map(|duty| duty.id.0.as_u128() - id(0).as_u128()).collect();
            assert_eq!(ids, expected, "whole: {name}");
        }
    })
    .await;
}

#[tokio::test]
async fn frequent_words_and_rare_ones_find_the_same_duties_by_different_ways() {
    on_both(|bench: Bench| async move {
        let (here, units) = with_campaign(&bench.store, &["城管局", "教育局"]).await;
        // So many that words of most duties count as frequent.
        let title = |n: u128| {
            let what = if n.is_multiple_of(3) { "规范广告" } else { "环境整治" };
            format!("第{n}次巡查ＰＭ2.5监测与{what}")
        };
        let duties: Vec<_> = (0..240)
            .map(|n| harness::duty(here, 1000 + n, &title(n), &units[..1], u32::from(n.is_multiple_of(2))))
            .collect();
        write!(bench, [duties], |tx| {
            duty::add_many(&tx, &duties).await?;
            recorded(&tx).await
        })
        .expect("duties");
        let mut in_order: Vec<u128> = (0..240).collect();
        // Those without a deadline come last.
        in_order.sort_by_key(|n| (!n.is_multiple_of(2), *n));
        type Has = fn(u128) -> bool;
        let cases: [(&str, Has); 14] = [
            ("第", |_| true),
            // One character that begins the same in all, and one that few have.
            ("第9", |n| n == 9 || (90..100).contains(&n)),
            ("第 与 9 环境", |n| (n == 9 || (90..100).contains(&n)) && !n.is_multiple_of(3)),
            ("第 无", |_| false),
            ("巡 规", |n| n.is_multiple_of(3)),
            ("巡查", |_| true),
            ("整治", |n| !n.is_multiple_of(3)),
            ("广告", |n| n.is_multiple_of(3)),
            ("巡", |_| true),
            ("治", |n| !n.is_multiple_of(3)),
            ("pm2", |_| true),
            ("环境整治 巡查 PM", |n| !n.is_multiple_of(3)),
            ("巡查 广告", |n| n.is_multiple_of(3)),
            ("治环", |_| false),
        ];
        for (words, has) in cases {
            let expected: Vec<u128> = in_order.iter().filter(|n| has(**n)).map(|n| 1000 + n).collect();
            let own = || Some(vec![units[0].id]);
            for (unit, any_unit) in [(None, None), (Some(units[0].id), None), (None, own())] {
                let what = format!("{words}, of {unit:?}, for one who sees {any_unit:?}, {}", bench.engine);
                let filter = DutyFilter { text: Some(words.into()), unit, any_unit, ..DutyFilter::default() };
                assert_eq!(list(&bench, here, &filter, 100).await, expected, "{what}");
            }
            let mut searched = Vec::new();
            for (units, number) in
                [(None, expected.len()), (own(), expected.len()), (Some(vec![units[1].id]), 0)]
            {
                let what = format!("{words}, for one who sees {units:?}, {}", bench.engine);
                let (kinds, text) = (vec![SubjectKind::Duty], words.to_owned());
                let filter =
                    SearchFilter { campaign: here, text, kinds, units, led: Vec::new(), filed_by: None };
                let hits = bench
                    .store
                    .read(|r| async move { search::list(&r, &filter, &Paging::first(500)).await })
                    .await
                    .expect("hits");
                assert_eq!(hits.items.len(), number, "searched: {what}");
                searched.push(hits.items);
            }
            assert_eq!(searched[0], searched[1], "{words}: in the same order, {}", bench.engine);
        }
    })
    .await;
}

#[tokio::test]
async fn counters_follow_every_change_and_come_out_the_same_when_rebuilt() {
    on_both(|bench: Bench| async move {
        let (here, units) = with_campaign(&bench.store, &["城管局", "教育局"]).await;
        let first = harness::duty(here, 200, "开展市容环境整治", &units[..1], 20);
        let second = harness::duty(here, 202, "完善公益广告", &units[..2], 0);
        write!(bench, [first, second], |tx| {
            duty::add(&tx, &first).await?;
            duty::add(&tx, &second).await?;
            recorded(&tx).await
        })
        .expect("duties");
        let mut moved = first.clone();
        moved.units = vec![DutyUnit { unit: units[1].id, role: UnitRole::Lead, via: None }];
        moved.due_on = NaiveDate::from_ymd_opt(2026, 7, 1);
        moved.targets = vec![target(300)];
        moved.part = Some("二、重点任务".into());
        let saved = write!(bench, [moved], |tx| {
            let saved = duty::save(&tx, &moved, at(1)).await?;
            recorded(&tx).await?;
            Ok::<_, StoreError>(saved)
        })
        .expect("saved");
        assert_eq!(saved.version, 2);
        let all = || async {
            bench
                .store
                .read(|r| async move {
                    let mut all = Vec::new();
                    for dimension in [
                        Dimension::Total,
                        Dimension::UnitPart,
                        Dimension::Phase,
                        Dimension::DueMonth,
                        Dimension::Recurrence,
                        Dimension::Target,
                        Dimension::Part,
                    ] {
                        all.push(duty::counts(&r, here, dimension).await?);
                    }
                    Ok::<_, StoreError>(all)
                })
                .await
                .expect("counters")
        };
        let kept = all().await;
        assert_eq!(kept[0], [(String::new(), 2)]);
        let of_units = bench.store.read(|r| async move { duty::counts_of_units(&r, here).await }).await;
        let of_units = of_units.expect("counters of units");
        let parts = |unit: &Unit| of_units.get(&unit.id).map(|n| (n.lead, n.responsible, n.support));
        assert_eq!((parts(&units[0]), parts(&units[1])), (Some((0, 1, 0)), Some((1, 1, 0))));
        assert_eq!(kept[3], [(String::new(), 1), ("2026-07".into(), 1)]);
        assert_eq!(kept[5], [("with".into(), 1), ("without".into(), 1)]);
        assert_eq!(kept[6], [(String::new(), 1), ("二、重点任务".into(), 1)]);
        bench
            .store
            .write_unrecorded("counted anew", move |tx| async move { duty::rebuild_counts(&tx, here).await })
            .await
            .expect("rebuilt");
        assert_eq!(all().await, kept);
        let gone = DutyId(id(202));
        let removed = bench
            .store
            .write(move |tx| async move {
                let removed = duty::remove(&tx, here, gone).await?;
                recorded(&tx).await?;
                Ok::<_, StoreError>(removed)
            })
            .await;
        assert!(removed.expect("removed"));
        assert_eq!(all().await[0], [(String::new(), 1)]);
    })
    .await;
}
