//! Standards, their editions and catalogues: what is published is never written again, and each owner has its own.

use std::io::Cursor;

use chengjing_domain::{
    id::{CampaignId, CatalogueId, EditionId, StandardId, UserId},
    people::policy::Where,
    standard::{
        CatalogueFile, Standard,
        assessed::Assessed,
        edition::{Edition, EditionState, Kept, KeptCatalogue, Level},
    },
};
use chengjing_store::{
    Paging, Store, StoreConfig, StoreError, backup, ledger, people,
    standard::{self, assessed, catalogue, edition},
};
use serde_json::json;

use crate::harness::{Bench, at, id, on_both, recorded, user, with_campaign};

fn kept(n: u128, owner: Option<CampaignId>, code: &str) -> Kept {
    Kept {
        id: StandardId(id(n)),
        owner,
        code: code.to_owned(),
        name: "县级体系".to_owned(),
        kind: "文明城市".to_owned(),
        level: Level::County,
        created_at: at(1),
        version: 1,
    }
}

fn content(label: &str) -> Standard {
    serde_json::from_value(json!({
        "id": "county", "edition": label, "title": "县级体系", "marks": "10.5",
        "tree": [{ "code": "Ⅰ", "title": "甲", "marks": "10.5", "measures": [
            { "method": "overall", "grading": { "form": "binary" } },
        ] }],
    }))
    .expect("a standard")
}

fn draft(n: u128, of: &Kept, label: &str) -> Edition {
    Edition {
        id: EditionId(id(n)),
        standard: of.id,
        owner: of.owner,
        content: content(label),
        catalogues: Vec::new(),
        source: "id: county\n".to_owned(),
        state: EditionState::Draft,
        copy_of: None,
        created_at: at(2),
        created_by: UserId(id(2)),
        changed_at: at(2),
        version: 1,
    }
}

fn shared(n: u128, owner: Option<CampaignId>, edition: &str) -> KeptCatalogue {
    let content: CatalogueFile = serde_json::from_value(json!({
        "id": "shared", "edition": edition, "title": "共用", "catalogue": { "site_types": [
            { "id": "market", "title": "市场", "criteria": [{ "id": "licence", "text": "亮证" }] },
        ] },
    }))
    .expect("a catalogue");
    KeptCatalogue {
        id: CatalogueId(id(n)),
        owner,
        content,
        source: "id: shared\n".to_owned(),
        changed_at: at(3),
        changed_by: UserId(id(2)),
        version: 1,
    }
}

async fn furnish(store: &Store) -> CampaignId {
    let (campaign, _) = with_campaign(store, &[]).await;
    let stored = store.write(|tx| async move {
        people::add_user(&tx, &user(2)).await?;
        recorded(&tx).await
    });
    stored.await.expect("a user");
    campaign
}

async fn add(store: &Store, of: &Kept, editions: &[Edition]) -> Result<(), StoreError> {
    let (of, editions) = (of.clone(), editions.to_vec());
    let added = store.write(move |tx| {
        let (of, editions) = (of.clone(), editions.clone());
        async move {
            standard::add(&tx, &of).await?;
            for one in &editions {
                edition::add(&tx, one).await?;
            }
            recorded(&tx).await
        }
    });
    added.await
}

/// A campaign, and a published edition that it could be assessed by.
pub async fn with_published(store: &Store) -> (CampaignId, Edition) {
    let here = furnish(store).await;
    let of = kept(800, None, "county");
    add(store, &of, &[draft(810, &of, "2026")]).await.expect("added");
    let published = draft(810, &of, "2026").publish(&[], at(9), UserId(id(2))).expect("finished");
    (here, save(store, &published).await.expect("published"))
}

async fn save(store: &Store, changed: &Edition) -> Result<Edition, StoreError> {
    let changed = changed.clone();
    let saved = store.write(move |tx| {
        let changed = changed.clone();
        async move {
            let stored = edition::save(&tx, &changed).await?;
            recorded(&tx).await?;
            Ok(stored)
        }
    });
    saved.await
}

#[tokio::test]
async fn a_campaigns_standards_keep_their_places_when_one_moves_to_another_edition() {
    on_both(|bench: Bench| async move {
        let here = furnish(&bench.store).await;
        // The one that was attached first has the higher id.
        let (main, minors) = (kept(902, None, "county"), kept(901, None, "minors"));
        add(&bench.store, &main, &[draft(920, &main, "2026"), draft(921, &main, "2027")])
            .await
            .expect("added");
        add(&bench.store, &minors, &[draft(910, &minors, "2026")]).await.expect("added");
        let row = |of: &Kept, edition: u128, day: i64| Assessed {
            campaign: here,
            id: of.id,
            edition: EditionId(id(edition)),
            since: at(day),
            first: None,
            earlier: Vec::new(),
            changed_by: UserId(id(2)),
            version: 1,
        };
        let attached = [row(&main, 920, 3), row(&minors, 910, 4)];
        let order = || async {
            let all =
                bench.store.read(|r| async move { assessed::list(&r, here).await }).await.expect("read");
            all.into_iter().map(|one| one.id).collect::<Vec<_>>()
        };
        let rows = attached.clone();
        let added = bench.store.write(move |tx| {
            let rows = rows.clone();
            async move {
                for one in &rows {
                    assessed::add(&tx, one).await?;
                }
                recorded(&tx).await
            }
        });
        added.await.expect("added");
        assert_eq!(order().await, [main.id, minors.id], "{}", bench.engine);
        let moved = attached[0].clone().moved_to(EditionId(id(921)), at(9), UserId(id(2)));
        let saved = bench.store.write(move |tx| {
            let moved = moved.clone();
            async move {
                let stored = assessed::save(&tx, &moved).await?;
                recorded(&tx).await?;
                Ok::<_, StoreError>(stored)
            }
        });
        let saved = saved.await.expect("saved");
        assert_eq!((saved.since, saved.first), (at(9), Some(at(3))), "{}", bench.engine);
        assert_eq!(order().await, [main.id, minors.id], "{}", bench.engine);
        let found = bench.store.read(move |r| async move { assessed::lookup(&r, here, saved.id).await });
        assert_eq!(found.await.expect("read").and_then(|one| one.first), Some(at(3)), "{}", bench.engine);
    })
    .await;
}

#[tokio::test]
async fn what_is_published_is_never_written_again() {
    on_both(|bench: Bench| async move {
        furnish(&bench.store).await;
        let of = kept(700, None, "county");
        add(&bench.store, &of, &[draft(710, &of, "2026"), draft(711, &of, "2027")]).await.expect("added");
        let edited = Edition { source: "id: county # v2\n".to_owned(), ..draft(710, &of, "2026") };
        let edited = save(&bench.store, &edited).await.expect("a draft is edited");
        let published = edited.publish(&[], at(9), UserId(id(2))).expect("finished");
        let published = save(&bench.store, &published).await.expect("published");
        assert_eq!(published.version, 3);
        let found = bench.store.read(|r| async move { edition::lookup(&r, EditionId(id(710))).await });
        assert_eq!(found.await.expect("read"), Some(published.clone()), "{}", bench.engine);

        // Neither another content nor the state of a draft comes into its row, and it is not removed.
        let back = Edition { state: EditionState::Draft, ..published.clone() };
        for changed in [Edition { content: content("2030"), ..published.clone() }, back] {
            assert!(matches!(save(&bench.store, &changed).await, Err(StoreError::Stale)), "{}", bench.engine);
        }
        let summary = published.summary();
        let removed = bench.store.write(move |tx| {
            let summary = summary.clone();
            async move {
                edition::remove(&tx, &summary).await?;
                recorded(&tx).await
            }
        });
        assert!(matches!(removed.await, Err(StoreError::Stale)));
        let gone = draft(711, &of, "2027").summary();
        let removed = bench.store.write(move |tx| {
            let gone = gone.clone();
            async move {
                edition::remove(&tx, &gone).await?;
                recorded(&tx).await
            }
        });
        removed.await.expect("a draft is removed");
        let left = bench.store.read(|r| async move { edition::list(&r, &[StandardId(id(700))]).await });
        let left = left.await.expect("read").remove(&of.id).unwrap_or_default();
        assert_eq!(left, [published.summary()], "{}", bench.engine);
        ledger::seal(&bench.store).await.expect("sealed");
        assert!(ledger::verify(&bench.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn each_owner_has_a_code_once_and_an_edition_of_a_name_once() {
    on_both(|bench: Bench| async move {
        let here = furnish(&bench.store).await;
        let (whole, own) = (kept(700, None, "county"), kept(701, Some(here), "county"));
        add(&bench.store, &whole, &[draft(710, &whole, "2026")]).await.expect("the installation's");
        add(&bench.store, &own, &[draft(711, &own, "2026")]).await.expect("the campaign's");
        for (owner, constraint) in [(None, "standard_shared"), (Some(here), "standard_own")] {
            let twin = add(&bench.store, &kept(702, owner, "county"), &[]).await.expect_err("a twin");
            assert_eq!(twin.constraint(), Some(constraint), "{}", bench.engine);
        }
        let twin = kept(703, None, "other");
        let twin = add(&bench.store, &twin, &[draft(712, &twin, "1"), draft(713, &twin, "1")]).await;
        assert_eq!(twin.expect_err("a twin").constraint(), Some("edition_label"), "{}", bench.engine);

        let seen = |of: Where, after| async {
            let paging = Paging { after, limit: 1 };
            let page = bench.store.read(|r| async move { standard::list(&r, &of, &paging).await });
            let page = page.await.expect("read");
            (page.items.iter().map(|one| one.id.0.as_u128() & 0xfff).collect::<Vec<_>>(), page.next)
        };
        let number = |n: u128| id(n).as_u128() & 0xfff;
        let (first, next) = seen(Where::Everywhere, None).await;
        assert_eq!((first, seen(Where::Everywhere, next).await.0), (vec![number(701)], vec![number(700)]));
        assert_eq!(seen(Where::In(Vec::new()), None).await, (vec![number(700)], None));
        assert_eq!(seen(Where::In(vec![here]), None).await.0, [number(701)]);
        let found =
            bench.store.read(move |r| async move { standard::lookup_coded(&r, Some(here), "county").await });
        assert_eq!(found.await.expect("read"), Some(own));
    })
    .await;
}

#[tokio::test]
async fn an_owners_own_catalogue_comes_before_the_installations_and_all_survive_a_backup() {
    on_both(|bench: Bench| async move {
        let here = furnish(&bench.store).await;
        let of = kept(700, Some(here), "county");
        let finished = draft(710, &of, "2026").publish(&[], at(9), UserId(id(2))).expect("finished");
        add(&bench.store, &of, &[finished]).await.expect("added");
        let all =
            [shared(720, None, "2026"), shared(721, Some(here), "2026"), shared(722, Some(here), "2027")];
        let stored = all.clone();
        let added = bench.store.write(move |tx| {
            let stored = stored.clone();
            async move {
                for one in &stored {
                    catalogue::add(&tx, one).await?;
                }
                catalogue::save(&tx, &stored[0]).await?;
                recorded(&tx).await
            }
        });
        added.await.expect("added");
        let codes = ["shared".to_owned()];
        let found = bench.store.read(move |r| async move {
            let own = catalogue::list_coded(&r, Some(here), &codes).await?;
            Ok::<_, StoreError>((own, catalogue::list_coded(&r, None, &codes).await?))
        });
        let (own, whole) = found.await.expect("read");
        let saved = KeptCatalogue { version: 2, ..all[0].clone() };
        assert_eq!(own, [all[2].clone(), all[1].clone(), saved.clone()], "{}", bench.engine);
        assert_eq!(whole, [saved]);
        ledger::seal(&bench.store).await.expect("sealed");
        assert!(ledger::verify(&bench.store).await.expect("verifies").is_empty());

        let packed = backup::backup(&bench.store, Cursor::new(Vec::new()), |_| {}).await.expect("a backup").1;
        let folder = tempfile::tempdir().expect("a folder");
        let config = StoreConfig::embedded(folder.path().to_owned(), bench.hands.clock());
        let restored = Store::open(&config).await.expect("a store");
        let packed = Cursor::new(packed.into_inner());
        backup::restore(packed, &restored, |_| {}).await.expect("restored and proven");
        let found = restored.read(|r| async move { edition::lookup_summary(&r, EditionId(id(710))).await });
        assert!(found.await.expect("read").is_some_and(|edition| !edition.state.is_draft()));
    })
    .await;
}
