//! Attachments: kept with all that is known of them, in the ledger and in a backup; swept out only where nobody needs them.

use std::{collections::HashSet, io::Cursor};

use bytes::Bytes;
use chengjing_domain::{
    attachment::{
        AttachedTo, Attachment, Facts, MediaKind, NoThumbnail, Picture, Place,
        upload::{GivenUp, Upload, UploadState, Wish},
    },
    id::{AttachmentId, CampaignId, DutyId, TaskId, UploadId, UserId},
    ledger::Hash,
};
use chengjing_store::{Store, StoreConfig, StoreError, attachment, backup, ledger, people};

use crate::harness::{Bench, at, id, on_both, recorded, user, with_campaign};

fn attached(campaign: CampaignId, n: u128, picture: Picture) -> Attachment {
    Attachment {
        campaign,
        id: AttachmentId(id(n)),
        name: format!("整治后{n}.jpg"),
        kind: MediaKind::Jpeg,
        size: 5,
        hash: Hash::of(format!("{n}").as_bytes()),
        uploaded_by: UserId(id(2)),
        created_at: at(i64::try_from(n).expect("a small number")),
        picture,
        subject: None,
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

async fn add(store: &Store, new: &Attachment) {
    let new = new.clone();
    let added = store.write(move |tx| {
        let new = new.clone();
        async move {
            attachment::add(&tx, &new).await?;
            recorded(&tx).await
        }
    });
    added.await.expect("added");
}

async fn save(store: &Store, changed: &Attachment) -> Result<(), StoreError> {
    let changed = changed.clone();
    store
        .write(move |tx| {
            let changed = changed.clone();
            async move {
                attachment::save(&tx, &changed).await?;
                recorded(&tx).await
            }
        })
        .await
}

async fn lookup(store: &Store, one: &Attachment) -> Option<Attachment> {
    let (campaign, id) = (one.campaign, one.id);
    store.read(|r| async move { attachment::lookup(&r, campaign, id).await }).await.expect("read")
}

#[tokio::test]
async fn an_attachment_keeps_what_is_known_of_it_and_stands_in_the_ledger() {
    on_both(|bench: Bench| async move {
        let here = furnish(&bench.store).await;
        let facts = Facts {
            size: Some((4000, 3000)),
            taken_at: Some(at(-100)),
            place: Place::new(30_123_456, -104_654_321),
        };
        let pictures = [
            Picture::None,
            Picture::Waiting,
            Picture::Seen { facts, thumbnail: Hash([7; 32]) },
            Picture::Unseen { facts: Facts::default(), why: NoThumbnail::Damaged },
            Picture::Unseen { facts, why: NoThumbnail::Undecoded },
        ];
        for (picture, n) in pictures.into_iter().zip(10..) {
            let one = attached(here, n, picture);
            add(&bench.store, &one).await;
            assert_eq!(lookup(&bench.store, &one).await.as_ref(), Some(&one), "on {}", bench.engine);
        }
        let one = attached(here, 11, Picture::Waiting);
        let duty = AttachedTo::Duty(DutyId(id(300)));
        let with = one.clone().attach(UserId(id(2)), duty).expect("allowed").expect("changed");
        save(&bench.store, &with).await.expect("saved");
        assert_eq!(lookup(&bench.store, &one).await.as_ref(), Some(&with));
        assert!(matches!(save(&bench.store, &with).await, Err(StoreError::Stale)), "on {}", bench.engine);
        let of = |subject| {
            let store = bench.store.clone();
            async move {
                let list = store.read(|r| async move { attachment::list_of(&r, here, subject).await }).await;
                list.expect("a list").iter().map(|one| one.id).collect::<Vec<_>>()
            }
        };
        assert_eq!(of(duty).await, [one.id]);
        assert_eq!(of(AttachedTo::Task(TaskId(id(300)))).await, []);
        assert_eq!(ledger::verify(&bench.store).await.expect("verified"), [], "on {}", bench.engine);
    })
    .await;
}

#[tokio::test]
async fn only_what_is_attached_to_nothing_is_removed_and_only_files_that_nobody_names() {
    on_both(|bench: Bench| async move {
        let here = furnish(&bench.store).await;
        let loose = attached(here, 10, Picture::Seen { facts: Facts::default(), thumbnail: Hash([7; 32]) });
        let kept = Attachment {
            subject: Some(AttachedTo::Task(TaskId(id(300)))),
            ..attached(here, 11, Picture::None)
        };
        for one in [&loose, &kept] {
            add(&bench.store, one).await;
        }
        let before = |second| {
            let store = bench.store.clone();
            async move {
                let found = store.read(|r| async move { attachment::list_loose(&r, at(second), 10).await });
                found.await.expect("a list").iter().map(|one| one.id).collect::<Vec<_>>()
            }
        };
        assert_eq!((before(10).await, before(11).await), (vec![], vec![loose.id]));
        let asked = [loose.hash, kept.hash, Hash([7; 32]), Hash([8; 32])];
        let named = || {
            let store = bench.store.clone();
            async move { store.read(|r| async move { attachment::named(&r, &asked).await }).await.expect("read") }
        };
        assert_eq!(named().await, HashSet::from([loose.hash, kept.hash, Hash([7; 32])]));
        let remove = |one: &Attachment| {
            let (store, id) = (bench.store.clone(), one.id);
            async move {
                let removed = store.write(move |tx| async move {
                    let removed = attachment::remove_loose(&tx, here, id).await?;
                    recorded(&tx).await?;
                    Ok::<_, StoreError>(removed)
                });
                removed.await.expect("asked")
            }
        };
        assert_eq!((remove(&loose).await, remove(&kept).await, remove(&loose).await), (true, false, false));
        assert_eq!(named().await, HashSet::from([kept.hash]));
        assert_eq!(ledger::verify(&bench.store).await.expect("verified"), [], "on {}", bench.engine);
    })
    .await;
}

#[tokio::test]
async fn a_backup_carries_attachments_with_their_bytes_and_no_uploads() {
    on_both(|bench: Bench| async move {
        let here = furnish(&bench.store).await;
        let file = bench.store.files().put_bytes(Bytes::from_static(b"photo")).await.expect("stored");
        let one = Attachment { hash: file.hash, ..attached(here, 10, Picture::None) };
        add(&bench.store, &one).await;
        begin(&bench.store, here, 20).await;
        let (manifest, bytes) =
            backup::backup(&bench.store, Cursor::new(Vec::new()), |_| {}).await.expect("a backup");
        assert!(!manifest.tables.contains_key("upload"));
        let folder = tempfile::tempdir().expect("a folder");
        let config = StoreConfig::embedded(folder.path().to_owned(), bench.hands.clock());
        let other = Store::open(&config).await.expect("a store");
        backup::restore(bytes, &other, |_| {}).await.expect("restored and proven");
        assert_eq!(lookup(&other, &one).await.as_ref(), Some(&one), "from {}", bench.engine);
        assert_eq!(other.files().read(file.hash).await.expect("read").as_deref(), Some(&b"photo"[..]));
        other.close().await;
    })
    .await;
}

async fn begin(store: &Store, campaign: CampaignId, n: u128) -> Upload {
    let wish = Wish { name: "照片.jpg", size: 100, hash: Some(Hash([3; 32])), limit: 1_000 };
    let upload = Upload::begin(campaign, UploadId(id(n)), UserId(id(2)), &wish, at(0)).expect("wanted");
    let new = upload.clone();
    let added = store.write_unrecorded("a test", move |tx| {
        let new = new.clone();
        async move { attachment::upload::add(&tx, &new).await }
    });
    assert_eq!(added.await.expect("added"), upload);
    upload
}

#[tokio::test]
async fn of_two_who_go_on_with_an_upload_one_is_told_to_look_again() {
    on_both(|bench: Bench| async move {
        let here = furnish(&bench.store).await;
        let upload = begin(&bench.store, here, 20).await;
        let go = |before: &Upload, after: &Upload| {
            let (store, before, after) = (bench.store.clone(), before.clone(), after.clone());
            async move {
                let saved = store.write_unrecorded("a test", move |tx| {
                    let (before, after) = (before.clone(), after.clone());
                    async move { attachment::upload::save(&tx, &before, &after).await }
                });
                saved.await
            }
        };
        let half = upload.clone().append(0, 50, at(5)).expect("half");
        go(&upload, &half).await.expect("saved");
        assert!(matches!(go(&upload, &half).await, Err(StoreError::Stale)), "on {}", bench.engine);
        let found = |id| {
            let store = bench.store.clone();
            async move {
                store
                    .read(|r| async move { attachment::upload::lookup(&r, here, id).await })
                    .await
                    .expect("read")
            }
        };
        assert_eq!(found(upload.id).await, Some(half.clone()), "on {}", bench.engine);
        let open = || {
            let store = bench.store.clone();
            async move {
                let n = store
                    .read(|r| async move { attachment::upload::count_open(&r, here, UserId(id(2))).await });
                n.await.expect("counted")
            }
        };
        assert_eq!(open().await, 1);
        let gone = half.clone().give_up(GivenUp::Expired);
        go(&half, &gone).await.expect("saved");
        assert_eq!(open().await, 0);
        let expired = bench.store.read(|r| async move {
            let none = attachment::upload::list_expired(&r, at(0), 10).await?;
            let one = attachment::upload::list_expired(&r, at(90_000), 10).await?;
            Ok::<_, StoreError>((none, one))
        });
        let (none, one) = expired.await.expect("lists");
        assert_eq!((none.len(), one[0].state), (0, UploadState::GivenUp { reason: GivenUp::Expired }));
        let id = upload.id;
        let forget = move |tx| async move { attachment::upload::remove(&tx, here, id).await };
        bench.store.write_unrecorded("a test", forget).await.expect("forgotten");
        assert_eq!(found(upload.id).await, None);
    })
    .await;
}
