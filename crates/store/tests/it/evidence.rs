//! Materials are kept in versions, each requirement's review by itself, and what is counted of them is what counting anew gives.

use std::io::Cursor;

use chengjing_domain::{
    campaign::Unit,
    evidence::{
        Asking, Content, Evidence, EvidenceLink, Remark,
        limit::Already,
        review::{CountedAs, Deed, DeedKind, Party, Review, Shown, StateKind},
    },
    id::{AskingId, CampaignId, EvidenceId, EvidenceLinkId, RemarkId, StandardId, UserId},
    ledger::SubjectKind,
    standard::{
        FilingKind,
        edition::{Kept, Level},
    },
};
use chengjing_store::{
    Paging, Store, StoreError,
    backup::{backup, restore},
    campaign,
    evidence::{
        self, EvidenceFilter, asking,
        count::{self, EvidenceCount},
        link::{self, LinkFilter, Of},
        remark,
    },
    ledger, people,
    search::{self, SearchFilter},
    standard,
};

use crate::harness::{
    Bench, at, campaign_of, fresh_id, id, miscounts, on_both, recorded, sqlite, unit, user, with_campaign,
    write,
};

fn filer() -> UserId {
    user(1).id
}

fn reviewer() -> UserId {
    user(2).id
}

fn county() -> StandardId {
    StandardId(id(70))
}

fn of(requirement: &str) -> Of {
    Of { standard: county(), requirement: requirement.into() }
}

async fn furnish(bench: &Bench) -> (CampaignId, Vec<Unit>) {
    let (here, units) = with_campaign(&bench.store, &["卫健局", "教育局", "城管局"]).await;
    let kept = Kept {
        id: county(),
        owner: None,
        code: "county".into(),
        name: "县级体系".into(),
        kind: "文明城市".into(),
        level: Level::County,
        created_at: at(1),
        version: 1,
    };
    write!(bench, [kept], |tx| {
        for n in 1..=3 {
            people::add_user(&tx, &user(n)).await?;
        }
        standard::add(&tx, &kept).await?;
        recorded(&tx).await
    })
    .expect("furnished");
    (here, units)
}

fn material(unit: &Unit, kind: FilingKind, title: &str, second: i64) -> Evidence {
    let content = Content {
        title: title.into(),
        caption: [("地点".to_owned(), "人民广场".to_owned())].into(),
        activity: Some("健康日".into()),
        made_on: "2026-02-01".parse().ok(),
        ..Content::default()
    };
    Evidence::file((unit.campaign, EvidenceId(fresh_id())), unit.id, kind, content, (filer(), at(second)))
}

fn filed_for(one: &Evidence, requirement: &str) -> EvidenceLink {
    let shown = Shown { version: one.latest().number, pieces: one.pieces() };
    EvidenceLink {
        campaign: one.campaign,
        id: EvidenceLinkId(fresh_id()),
        evidence: one.id,
        unit: one.unit,
        kind: one.kind,
        standard: county(),
        requirement: requirement.into(),
        review: Review::Submitted { shown, by: filer(), at: one.latest().at, stands: None, lapsed: false },
        changed_at: one.latest().at,
        version: 1,
    }
}

async fn file(bench: &Bench, one: &Evidence, requirements: &[&str]) -> Vec<EvidenceLink> {
    let links: Vec<EvidenceLink> = requirements.iter().map(|own| filed_for(one, own)).collect();
    let one = one.clone();
    write!(bench, [one, links], |tx| {
        evidence::add(&tx, &one).await?;
        for new in &links {
            link::add(&tx, new).await?;
        }
        recorded(&tx).await?;
        Ok::<_, StoreError>(links)
    })
    .expect("filed")
}

async fn save_link(bench: &Bench, changed: &EvidenceLink) -> Result<EvidenceLink, StoreError> {
    write!(bench, [changed], |tx| {
        let stored = link::save(&tx, &changed).await?;
        recorded(&tx).await?;
        Ok(stored)
    })
}

fn accept(link: &EvidenceLink, second: i64) -> EvidenceLink {
    let deed = Deed::Accept { grade: "A".into(), until: "2027-02-01".parse().ok() };
    link.clone().perform(deed, Party::Reviewer, reviewer(), at(second)).expect("it waits")
}

fn give_back(link: &EvidenceLink, second: i64) -> EvidenceLink {
    let deed = Deed::Return { reason: "看不清".into() };
    link.clone().perform(deed, Party::Reviewer, reviewer(), at(second)).expect("it waits")
}

async fn counted(bench: &Bench, here: CampaignId) -> Vec<EvidenceCount> {
    bench.store.read(|r| async move { count::counts(&r, here).await }).await.expect("counters")
}

async fn is_sound(bench: &Bench, here: CampaignId) {
    let kept = counted(bench, here).await;
    assert_eq!(miscounts(bench, here).await, Vec::<String>::new(), "{}", bench.engine);
    let anew = move |tx| async move { evidence::rebuild_counts(&tx, here).await };
    bench.store.write_unrecorded("counted anew", anew).await.expect("rebuilt");
    assert_eq!(counted(bench, here).await, kept, "{}: counted anew", bench.engine);
    ledger::seal(&bench.store).await.expect("sealed");
    assert_eq!(ledger::verify(&bench.store).await.expect("verifies"), Vec::new(), "{}", bench.engine);
}

#[tokio::test]
async fn a_material_keeps_its_versions_and_two_who_change_it_at_once_are_told() {
    on_both(|bench: Bench| async move {
        let (here, units) = furnish(&bench).await;
        let first = material(&units[0], FilingKind::Report, "爱国卫生月总结", 10);
        file(&bench, &first, &["h-campaign"]).await;
        let again = Content { title: "爱国卫生月总结(修改)".into(), ..Content::default() };
        let newer = first.clone().renew(again, filer(), at(20)).expect("there is room");
        let stored = write!(bench, [newer], |tx| {
            let stored = evidence::save(&tx, &newer).await?;
            recorded(&tx).await?;
            Ok::<_, StoreError>(stored)
        })
        .expect("saved");
        assert_eq!((stored.version, stored.versions().len()), (2, 2));
        let late = write!(bench, [newer], |tx| {
            evidence::save(&tx, &newer).await?;
            recorded(&tx).await
        });
        assert!(matches!(late, Err(StoreError::Stale)), "{late:?}");
        let own = stored.id;
        let read = bench.store.read(|r| async move { evidence::lookup(&r, here, own).await });
        assert_eq!(read.await.expect("read"), Some(stored));
        is_sound(&bench, here).await;
    })
    .await;
}

#[tokio::test]
async fn of_two_reviewers_at_once_the_slower_one_is_told_and_changes_nothing() {
    on_both(|bench: Bench| async move {
        let (here, units) = furnish(&bench).await;
        let one = material(&units[0], FilingKind::Photo, "活动照片", 10);
        let links = file(&bench, &one, &["h-campaign", "m-health"]).await;
        let accepted = save_link(&bench, &accept(&links[0], 20)).await.expect("the faster one");
        let slower = save_link(&bench, &give_back(&links[0], 21)).await;
        assert!(matches!(slower, Err(StoreError::Stale)), "{slower:?}");
        let own = links[0].id;
        let read = bench.store.read(|r| async move { link::lookup(&r, here, own).await });
        assert_eq!(read.await.expect("read"), Some(accepted));
        save_link(&bench, &give_back(&links[1], 22)).await.expect("the other requirement's own review");
        let same = write!(bench, [one], |tx| {
            link::add(&tx, &filed_for(&one, "m-health")).await?;
            recorded(&tx).await
        });
        let Err(StoreError::Conflict { constraint }) = same else { panic!("{same:?}") };
        assert_eq!(constraint, "evidence_link_once");
        let kept: Vec<_> = counted(&bench, here)
            .await
            .into_iter()
            .map(|one| (one.requirement, one.counted, one.links, one.pieces))
            .collect();
        assert_eq!(
            kept,
            [
                ("h-campaign".to_owned(), CountedAs::Accepted, 1, 1),
                ("m-health".to_owned(), CountedAs::Returned, 1, 1),
            ]
        );
        is_sound(&bench, here).await;
    })
    .await;
}

#[tokio::test]
async fn lists_are_cut_to_units_and_page_by_page_give_everything_once() {
    on_both(|bench: Bench| async move {
        let (here, units) = furnish(&bench).await;
        let mut all = Vec::new();
        for n in 0..7_usize {
            let kind = if n % 2 == 0 { FilingKind::Photo } else { FilingKind::Report };
            let one = material(&units[n % 3], kind, &format!("整治材料{n}"), i64::try_from(n).expect("few"));
            let requirements: &[&str] = if n == 6 { &[] } else { &["a", "b"][..=n % 2] };
            let links = file(&bench, &one, requirements).await;
            all.push((one, links));
        }
        save_link(&bench, &accept(&all[1].1[0], 50)).await.expect("accepted");
        let listed = |filter: EvidenceFilter| {
            let store = bench.store.clone();
            async move {
                let (mut seen, mut paging) = (Vec::new(), Paging::first(2));
                loop {
                    let filter = filter.clone();
                    let page =
                        store.read(|r| async move { evidence::list(&r, here, &filter, &paging).await });
                    let page = page.await.expect("a page");
                    seen.extend(page.items);
                    let Some(next) = page.next else { return seen };
                    paging = Paging::after(next, 2);
                }
            }
        };
        let whole = listed(EvidenceFilter::default()).await;
        let newest: Vec<_> = all.iter().rev().map(|(one, _)| one.clone()).collect();
        assert_eq!(whole, newest);
        let two = Some(vec![units[0].id, units[1].id]);
        let own = listed(EvidenceFilter { any_unit: two.clone(), ..Default::default() }).await;
        assert_eq!(own.len(), 5);
        assert!(own.is_sorted_by_key(|one| std::cmp::Reverse(one.latest().at)));
        let beyond = EvidenceFilter { unit: Some(units[2].id), any_unit: two, ..Default::default() };
        assert_eq!(listed(beyond).await, []);
        assert_eq!(listed(EvidenceFilter { any_unit: Some(Vec::new()), ..Default::default() }).await, []);
        let photos = EvidenceFilter { kind: Some(FilingKind::Photo), ..Default::default() };
        assert_eq!(listed(photos).await.len(), 4);
        assert_eq!(listed(EvidenceFilter { of: Some(of("b")), ..Default::default() }).await.len(), 3);
        let accepted = EvidenceFilter { state: Some(StateKind::Accepted), ..Default::default() };
        assert_eq!(listed(accepted).await, [all[1].0.clone()]);
        let loose = EvidenceFilter { unlinked: true, ..Default::default() };
        assert_eq!(listed(loose).await, [all[6].0.clone()]);
        let worded = EvidenceFilter { text: Some("材料3".into()), ..Default::default() };
        assert_eq!(listed(worded).await, [all[3].0.clone()]);
        let filter = LinkFilter { state: Some(StateKind::Submitted), ..Default::default() };
        let (mut queue, mut paging) = (Vec::new(), Paging::first(4));
        loop {
            let (filter, asked) = (filter.clone(), paging.clone());
            let page = bench.store.read(|r| async move { link::list(&r, here, &filter, &asked).await });
            let page = page.await.expect("a page");
            queue.extend(page.items);
            let Some(next) = page.next else { break };
            paging = Paging::after(next, 4);
        }
        assert_eq!(queue.len(), 8, "nine were filed and one is accepted");
        assert!(queue.is_sorted_by_key(|one| (one.changed_at, one.id)), "what waits longest comes first");
        let found = SearchFilter {
            campaign: here,
            text: "整治".into(),
            kinds: vec![SubjectKind::Evidence],
            units: None,
            led: Vec::new(),
            filed_by: Some(vec![units[1].id]),
        };
        let hits = bench.store.read(|r| async move { search::list(&r, &found, &Paging::first(9)).await });
        let hits = hits.await.expect("found").items;
        assert_eq!(hits.iter().map(|hit| hit.title.as_str()).collect::<Vec<_>>(), ["整治材料4", "整治材料1"]);
        is_sound(&bench, here).await;
    })
    .await;
}

#[tokio::test]
async fn what_there_is_already_is_told_for_all_units_and_for_an_activity() {
    on_both(|bench: Bench| async move {
        let (here, units) = furnish(&bench).await;
        let first = material(&units[0], FilingKind::Photo, "一", 1);
        let mut other = material(&units[1], FilingKind::Photo, "二", 2);
        let content = Content { activity: Some("植树".into()), ..other.latest().content.clone() };
        other = Evidence::file((here, other.id), other.unit, other.kind, content, (filer(), at(2)));
        file(&bench, &first, &["a"]).await;
        let links = file(&bench, &other, &["a"]).await;
        let ask = |activity: Option<&'static str>, without: Option<EvidenceId>| {
            let told = bench.store.read(move |r| async move {
                link::already(&r, here, &of("a"), (FilingKind::Photo, activity), without).await
            });
            async move { told.await.expect("told") }
        };
        assert_eq!(ask(Some("健康日"), None).await, Already { pieces: 2, of_activity: 1 });
        assert_eq!(ask(None, Some(first.id)).await, Already { pieces: 1, of_activity: 0 });
        save_link(&bench, &give_back(&links[0], 5)).await.expect("returned");
        assert_eq!(ask(Some("植树"), None).await, Already { pieces: 1, of_activity: 0 });
        is_sound(&bench, here).await;
    })
    .await;
}

#[tokio::test]
async fn remarks_asking_units_and_what_is_over_are_found_and_a_link_is_taken_off() {
    on_both(|bench: Bench| async move {
        let (here, units) = furnish(&bench).await;
        let one = material(&units[0], FilingKind::Photo, "活动照片", 1);
        let links = file(&bench, &one, &["a", "b"]).await;
        let said = Remark {
            campaign: here,
            id: RemarkId(fresh_id()),
            evidence: one.id,
            link: Some(links[0].id),
            deed: Some(DeedKind::Return),
            text: Some("看不清".into()),
            by: reviewer(),
            at: at(3),
        };
        let asked = Asking {
            campaign: here,
            id: AskingId(fresh_id()),
            standard: county(),
            requirement: "a".into(),
            units: vec![units[0].id, units[1].id],
            since: [(units[1].id, at(4))].into(),
            version: 1,
        };
        let gone = links[1].clone();
        write!(bench, [said, asked, gone], |tx| {
            remark::add(&tx, &said).await?;
            asking::add(&tx, &asked).await?;
            link::remove(&tx, &gone).await?;
            recorded(&tx).await
        })
        .expect("stored");
        let fewer = Asking { units: vec![units[1].id], ..asked.clone() };
        let stored = write!(bench, [fewer], |tx| {
            let stored = asking::save(&tx, &fewer).await?;
            recorded(&tx).await?;
            Ok::<_, StoreError>(stored)
        })
        .expect("saved");
        let late = write!(bench, [asked], |tx| {
            asking::save(&tx, &asked).await?;
            recorded(&tx).await
        });
        assert!(matches!(late, Err(StoreError::Stale)), "{late:?}");
        save_link(&bench, &accept(&links[0], 9)).await.expect("accepted");
        let day = |text: &str| text.parse().expect("a day");
        let (own, before, after) = (one.id, day("2027-02-01"), day("2027-02-02"));
        bench
            .store
            .read(|r| async move {
                assert_eq!(remark::list(&r, here, own, &Paging::first(5)).await?.items, [said]);
                assert_eq!(asking::list(&r, here).await?, std::slice::from_ref(&stored));
                assert_eq!(asking::lookup(&r, here, &of("a")).await?, Some(stored));
                assert_eq!(
                    link::list_over(&r, here, before, 10).await?.len(),
                    0,
                    "it counts on its last day"
                );
                assert_eq!(link::list_over(&r, here, after, 10).await?.len(), 1);
                assert_eq!(link::list_of(&r, here, &[own]).await?.len(), 1);
                Ok::<_, StoreError>(())
            })
            .await
            .expect("read");
        is_sound(&bench, here).await;
    })
    .await;
}

#[tokio::test]
async fn a_material_that_moves_to_another_unit_takes_its_counters_along() {
    on_both(|bench: Bench| async move {
        let (here, units) = furnish(&bench).await;
        let one = material(&units[0], FilingKind::Photo, "活动照片", 1);
        let links = file(&bench, &one, &["a"]).await;
        let moved = one.clone().of_unit(units[1].id);
        let moved_link = EvidenceLink { unit: units[1].id, ..links[0].clone() };
        write!(bench, [moved, moved_link], |tx| {
            evidence::save(&tx, &moved).await?;
            link::save(&tx, &moved_link).await?;
            recorded(&tx).await
        })
        .expect("moved");
        let kept: Vec<_> = counted(&bench, here).await.into_iter().map(|one| (one.unit, one.links)).collect();
        assert_eq!(kept, [(units[1].id, 1)]);
        let own = units[1].id;
        let of_unit = bench.store.read(|r| async move { evidence::list_of_unit(&r, here, own).await });
        assert_eq!(of_unit.await.expect("read").len(), 1);
        is_sound(&bench, here).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_from_another_campaign_is_found_from_there_and_comes_back_from_a_backup() {
    on_both(|bench: Bench| async move {
        let (_, units) = furnish(&bench).await;
        let source = material(&units[0], FilingKind::Report, "健康教育总结", 5);
        file(&bench, &source, &["education"]).await;
        let other = campaign_of(2);
        let school = unit(other.id, 900, "教育局");
        let key = (other.id, EvidenceId(fresh_id()));
        let carried = source.carry(key, school.id, Vec::new(), (filer(), at(6))).expect("carried");
        let stored = write!(bench, [other, school, carried], |tx| {
            campaign::add(&tx, &other).await?;
            campaign::add_units(&tx, &[school]).await?;
            let stored = evidence::add(&tx, &carried).await?;
            recorded(&tx).await?;
            Ok::<_, StoreError>(stored)
        })
        .expect("carried over");
        // Mended here and taken over anew, it is one material all the same.
        let mended = stored.renew(Content::default(), filer(), at(7)).expect("there is room");
        let kept = write!(bench, [mended], |tx| {
            let kept = evidence::save(&tx, &mended).await?;
            recorded(&tx).await?;
            Ok::<_, StoreError>(kept)
        })
        .expect("mended");
        let from = (source.campaign, source.id);
        let check = async |store: &Store| {
            let wanted = kept.clone();
            store
                .read(|r| async move {
                    assert_eq!(evidence::lookup(&r, key.0, key.1).await?, Some(wanted));
                    assert_eq!(evidence::list_carried(&r, from, None, 9).await?, [key]);
                    assert_eq!(evidence::list_carried(&r, from, Some(key.0), 9).await?, [key]);
                    assert_eq!(evidence::list_carried(&r, from, Some(from.0), 9).await?, []);
                    assert_eq!(evidence::list_carried(&r, key, None, 9).await?, []);
                    Ok::<_, StoreError>(())
                })
                .await
                .expect("read");
        };
        check(&bench.store).await;
        ledger::seal(&bench.store).await.expect("sealed");
        let (_, zip) = backup(&bench.store, Cursor::new(Vec::new()), |_| {}).await.expect("a backup");
        let folder = tempfile::tempdir().expect("a folder");
        let fresh = sqlite(&folder, |_| {}).await;
        restore(Cursor::new(zip.into_inner()), &fresh.store, |_| {}).await.expect("restored");
        check(&fresh.store).await;
        assert_eq!(ledger::verify(&fresh.store).await.expect("verified"), []);
    })
    .await;
}
