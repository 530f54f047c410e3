//! Templates with their versions, frozen bulletins, the numbers of letters: kept, in the ledger, in a backup.

use std::{collections::HashSet, io::Cursor};

use bytes::Bytes;
use chengjing_domain::{
    id::{BulletinId, CampaignId, TemplateId, UnitId, UserId},
    ledger::Hash,
    publication::{
        Form, Paper, Week,
        bulletin::{Bulletin, Content, Lines, TaskLine, UnitLine},
        template::Template,
    },
};
use chengjing_store::{
    Paging, Store, StoreConfig, StoreError, attachment, backup, ledger, people,
    publication::{bulletin, letter, template},
};
use chrono::NaiveDate;

use crate::harness::{Bench, at, id, on_both, recorded, user, with_campaign};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn version(campaign: CampaignId, number: i32, in_use: bool) -> Template {
    Template {
        campaign,
        id: TemplateId(id(500 + u128::from(number.unsigned_abs()))),
        paper: Paper::Letter,
        form: Form::Docx,
        number,
        name: format!("责任书{number}.docx"),
        hash: Hash::of(format!("{number}").as_bytes()),
        size: 5,
        uploaded_by: UserId(id(2)),
        created_at: at(i64::from(number)),
        in_use,
        version: 1,
    }
}

fn frozen(campaign: CampaignId, week: &str, number: i32) -> Bulletin {
    let line = TaskLine {
        unit: "城关镇".into(),
        task: "清理楼道".into(),
        due_on: Some(day("2026-02-27")),
        reason: Some("照片不符".into()),
    };
    Bulletin {
        campaign,
        id: BulletinId(id(600 + u128::from(number.unsigned_abs()))),
        week: Week::of(day(week)),
        number,
        as_of: day("2026-03-01"),
        made_by: UserId(id(2)),
        made_at: at(5),
        content: Content {
            units: vec![UnitLine {
                unit: "城关镇".into(),
                rank: 1,
                total: 2,
                confirmed: 1,
                ..UnitLine::default()
            }],
            late: Lines { items: vec![line], more: 3 },
            ..Content::default()
        },
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

async fn add(store: &Store, new: &Template) -> Result<(), StoreError> {
    let new = new.clone();
    let added = store.write(move |tx| {
        let new = new.clone();
        async move {
            template::add(&tx, &new).await?;
            recorded(&tx).await
        }
    });
    added.await
}

#[tokio::test]
async fn of_a_templates_versions_one_is_in_use_and_all_name_their_files() {
    on_both(|bench: Bench| async move {
        let here = furnish(&bench.store).await;
        for (number, in_use) in [(1, false), (2, true), (3, false)] {
            add(&bench.store, &version(here, number, in_use)).await.expect("added");
        }
        let second = add(&bench.store, &version(here, 4, true)).await.expect_err("two in use");
        assert!(
            matches!(second, StoreError::Conflict { ref constraint } if constraint == "template_in_use"),
            "{second}"
        );
        let again = Template { id: TemplateId(id(599)), ..version(here, 3, false) };
        let again = add(&bench.store, &again).await.expect_err("a number twice");
        assert!(
            matches!(again, StoreError::Conflict { ref constraint } if constraint == "template_number"),
            "{again}"
        );
        let (used, page, others, named) = bench
            .store
            .read(move |r| async move {
                let used = template::lookup_in_use(&r, here, Paper::Letter, Form::Docx).await?;
                let first = template::list(&r, here, Paper::Letter, Form::Docx, &Paging::first(2)).await?;
                let next = Paging { after: first.next, limit: 2 };
                let mut page = first.items;
                page.extend(template::list(&r, here, Paper::Letter, Form::Docx, &next).await?.items);
                let others = template::list(&r, here, Paper::Letter, Form::Pdf, &Paging::first(2)).await?;
                let named = attachment::named(&r, &[Hash::of(b"1"), Hash::of(b"9")]).await?;
                Ok::<_, StoreError>((used, page, others.items, named))
            })
            .await
            .expect("read");
        assert_eq!(used, Some(version(here, 2, true)));
        assert_eq!(page.iter().map(|one| one.number).collect::<Vec<_>>(), [3, 2, 1]);
        assert_eq!((others, named), (Vec::new(), HashSet::from([Hash::of(b"1")])));
        // One steps back for another in one write; a stale one changes nothing.
        let swapped = bench.store.write(move |tx| async move {
            template::save(&tx, &Template { in_use: false, ..version(here, 2, true) }).await?;
            template::save(&tx, &Template { in_use: true, ..version(here, 1, false) }).await?;
            recorded(&tx).await
        });
        swapped.await.expect("swapped");
        let stale = bench.store.write(move |tx| async move {
            template::save(&tx, &version(here, 1, false)).await?;
            recorded(&tx).await
        });
        assert!(matches!(stale.await, Err(StoreError::Stale)));
        ledger::seal(&bench.store).await.expect("sealed");
        assert!(ledger::verify(&bench.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_week_has_one_bulletin_and_letters_keep_their_numbers_through_a_backup() {
    on_both(|bench: Bench| async move {
        let here = furnish(&bench.store).await;
        let file = bench.store.files().put_bytes(Bytes::from_static(b"template")).await.expect("a file");
        let (one, two) = (frozen(here, "2026-02-23", 1), frozen(here, "2026-03-02", 2));
        let kept = [one.clone(), two.clone()];
        let units = [UnitId(id(30)), UnitId(id(31)), UnitId(id(32))];
        let numbers = bench
            .store
            .write(move |tx| {
                let kept = kept.clone();
                async move {
                    for bulletin in &kept {
                        bulletin::add(&tx, bulletin).await?;
                    }
                    template::add(&tx, &Template { hash: file.hash, ..version(here, 1, true) }).await?;
                    let first = letter::number(&tx, here, &units[1..2]).await?;
                    let all = letter::number(&tx, here, &units).await?;
                    let again = letter::number(&tx, here, &units).await?;
                    assert_eq!(all, again);
                    recorded(&tx).await?;
                    Ok::<_, StoreError>([first[&units[1]], all[&units[0]], all[&units[1]], all[&units[2]]])
                }
            })
            .await
            .expect("stored");
        assert_eq!(numbers, [1, 2, 1, 3]);
        let twice = Bulletin { id: BulletinId(id(699)), ..frozen(here, "2026-03-02", 3) };
        let twice = bench.store.write(move |tx| {
            let twice = twice.clone();
            async move {
                bulletin::add(&tx, &twice).await?;
                recorded(&tx).await
            }
        });
        let twice = twice.await.expect_err("a week twice");
        assert!(
            matches!(twice, StoreError::Conflict { ref constraint } if constraint == "bulletin_week"),
            "{twice}"
        );
        ledger::seal(&bench.store).await.expect("sealed");

        let (_, packed) =
            backup::backup(&bench.store, Cursor::new(Vec::new()), |_| {}).await.expect("a backup");
        let folder = tempfile::tempdir().expect("a folder");
        let config = StoreConfig::embedded(folder.path().to_owned(), bench.hands.clock());
        let restored = Store::open(&config).await.expect("a store");
        let packed = Cursor::new(packed.into_inner());
        backup::restore(packed, &restored, |_| {}).await.expect("restored and proven");
        let (week, last, used) = restored
            .read(move |r| async move {
                let week = bulletin::lookup_of_week(&r, here, Week::of(day("2026-03-04"))).await?;
                let used = template::lookup_in_use(&r, here, Paper::Letter, Form::Docx).await?;
                Ok::<_, StoreError>((week, bulletin::last_number(&r, here).await?, used))
            })
            .await
            .expect("read");
        assert_eq!((week, last), (Some(two), 2));
        assert_eq!(used.map(|used| used.hash), Some(file.hash));
        let numbers = restored.write(move |tx| async move {
            let numbers = letter::number(&tx, here, &units).await?;
            assert_eq!(numbers[&units[2]], 3);
            recorded(&tx).await
        });
        numbers.await.expect("the same numbers");
        assert!(ledger::verify(&restored).await.expect("verifies").is_empty());
    })
    .await;
}
