//! What photographs look like is kept once, compared in an order that two servers agree on, and what is asked meanwhile stays asked.

use chengjing_domain::{
    attachment::{Attachment, MediaKind, Picture},
    evidence::{Content, Evidence},
    id::{AttachmentId, CampaignId, DoubtId, EvidenceId},
    ledger::Hash,
    photo::{Doubt, DoubtKind, DoubtState, Fingerprint, Found, Mark, Traces, doubt::Alike},
    standard::FilingKind,
};
use chengjing_store::{
    Paging, StoreError, attachment, evidence, ledger, people,
    photo::{self, Photo, doubt},
};

use crate::harness::{Bench, at, fresh_id, id, on_both, recorded, user, with_campaign, write};

fn look(n: u16) -> Fingerprint {
    let mark = |n: u16| Mark { x: n, y: 2 * n, size: 128, code: u64::from(n) << 40, doubtful: 7 };
    Fingerprint { width: 11_800, height: 8_900, marks: (1..=n).map(mark).collect() }
}

async fn furnish(bench: &Bench, photos: u128) -> (CampaignId, EvidenceId) {
    let (here, units) = with_campaign(&bench.store, &["教育局"]).await;
    let key = (here, EvidenceId(id(90)));
    let content = Content { title: "活动照片".into(), ..Content::default() };
    let filed = Evidence::file(key, units[0].id, FilingKind::Photo, content, (user(1).id, at(1)));
    let files: Vec<Attachment> = (1..=photos)
        .map(|n| Attachment {
            campaign: here,
            id: AttachmentId(id(n)),
            name: format!("{n}.jpg"),
            kind: MediaKind::Jpeg,
            size: 1,
            hash: Hash::of(&n.to_be_bytes()),
            uploaded_by: user(1).id,
            created_at: at(1),
            picture: Picture::Waiting,
            subject: None,
            version: 1,
        })
        .collect();
    write!(bench, [filed, files], |tx| {
        people::add_user(&tx, &user(1)).await?;
        evidence::add(&tx, &filed).await?;
        for file in &files {
            attachment::add(&tx, file).await?;
        }
        recorded(&tx).await
    })
    .expect("furnished");
    (here, key.1)
}

async fn keep(bench: &Bench, here: CampaignId, n: u16, due: i64) -> Result<(), StoreError> {
    let new = Photo {
        campaign: here,
        id: AttachmentId(id(n.into())),
        look: (n != 3).then(|| look(n)),
        traces: Traces { device: Some("P60".into()), ..Traces::default() },
        number: None,
        due,
    };
    bench
        .store
        .write_unrecorded("a look", move |tx| {
            let new = new.clone();
            async move { photo::add(&tx, &new).await }
        })
        .await
}

async fn judged(bench: &Bench, seen: &Photo) -> Result<i64, StoreError> {
    let seen = seen.clone();
    bench
        .store
        .write_unrecorded("looked into", move |tx| {
            let seen = seen.clone();
            async move { photo::note_judged(&tx, &seen).await }
        })
        .await
}

async fn due(bench: &Bench, here: CampaignId) -> Option<Photo> {
    bench.store.read(|q| async move { photo::next_due(&q, here).await }).await.expect("read")
}

#[tokio::test]
async fn photographs_get_their_numbers_in_turn_and_what_is_asked_meanwhile_stays_asked() {
    on_both(|bench: Bench| async move {
        let (here, _) = furnish(&bench, 4).await;
        for n in 1..=3 {
            keep(&bench, here, n, 1).await.expect("kept");
        }
        keep(&bench, here, 4, 0).await.expect("kept");
        assert!(matches!(keep(&bench, here, 4, 1).await, Err(StoreError::Conflict { .. })), "looked at once");
        let first = due(&bench, here).await.expect("the first");
        assert_eq!((first.id, first.look.as_ref(), first.due), (AttachmentId(id(1)), Some(&look(1)), 1));
        let asked = bench
            .store
            .write_unrecorded("asked", move |tx| async move {
                photo::ask(&tx, here, &[AttachmentId(id(1)), AttachmentId(id(77))]).await
            })
            .await;
        assert_eq!(asked.expect("asked"), 1, "of those that were looked at");
        assert_eq!(judged(&bench, &first).await.expect("numbered"), 1);
        assert!(
            matches!(judged(&bench, &first).await, Err(StoreError::Stale)),
            "{}: by another",
            bench.engine
        );
        let again = due(&bench, here).await.expect("asked meanwhile");
        assert_eq!((again.id, again.number, again.due), (first.id, Some(1), 1));
        assert_eq!(judged(&bench, &again).await.expect("looked into"), 1, "it keeps its number");
        for number in [2, 3] {
            let next = due(&bench, here).await.expect("the next");
            assert_eq!(judged(&bench, &next).await.expect("numbered"), number);
        }
        assert_eq!(due(&bench, here).await, None, "nobody asked for the fourth");
        let ids = |after: i64| {
            let store = bench.store.clone();
            async move {
                let some =
                    store.read(|q| async move { photo::list_compared(&q, here, after, 2).await }).await;
                some.expect("listed").into_iter().map(|photo| (photo.id, photo.look)).collect::<Vec<_>>()
            }
        };
        let (one, two) = ((AttachmentId(id(1)), Some(look(1))), (AttachmentId(id(2)), Some(look(2))));
        assert_eq!(ids(0).await, [one, two]);
        assert_eq!(ids(2).await, [(AttachmentId(id(3)), None)], "one of which nothing can be seen");
        // What is attached to nothing may still be swept out, with what it looks like.
        let swept = bench.store.write(move |tx| async move {
            let gone = attachment::remove_loose(&tx, here, AttachmentId(id(4))).await?;
            recorded(&tx).await?;
            Ok::<_, StoreError>(gone)
        });
        assert!(swept.await.expect("swept"));
    })
    .await;
}

#[tokio::test]
async fn doubts_are_listed_from_both_sides_and_two_who_decide_at_once_are_told() {
    on_both(|bench: Bench| async move {
        let (here, evidence) = furnish(&bench, 3).await;
        let alike = Alike { spots: 20, share: 80, scale: 100, turn: -3, mirrored: false };
        let new = |n: u128, twin: Option<u128>, own: bool, found: Found| Doubt {
            campaign: here,
            id: DoubtId(fresh_id()),
            photo: AttachmentId(id(n)),
            twin: twin.map(|twin| AttachmentId(id(twin))),
            evidence: own.then_some(evidence),
            twin_evidence: (!own || twin == Some(2)).then_some(evidence),
            found,
            found_at: at(i64::try_from(n).expect("small")),
            state: DoubtState::Open,
            version: 1,
        };
        let all = vec![
            new(1, Some(2), true, Found::SameShot(alike)),
            new(2, None, true, Found::FarOff { metres: 900, site: None }),
            new(3, Some(1), false, Found::Burst { seconds: 8, metres: None, alike }),
        ];
        let added = all.clone();
        write!(bench, [added], |tx| {
            for doubt in &added {
                doubt::add(&tx, doubt).await?;
            }
            recorded(&tx).await
        })
        .expect("added");
        let page = |after| {
            let store = bench.store.clone();
            async move {
                let paging = Paging { after, limit: 2 };
                store
                    .read(|q| {
                        let paging = paging.clone();
                        async move { doubt::list_of_evidence(&q, here, evidence, &paging).await }
                    })
                    .await
                    .expect("listed")
            }
        };
        let first = page(None).await;
        assert_eq!(first.items, all[..2], "{}: what is on both sides stands there once", bench.engine);
        assert_eq!(page(first.next).await.items, all[2..]);
        let kinds = async || {
            let of =
                bench.store.read(|q| async move { doubt::open_kinds(&q, here, &[evidence]).await }).await;
            of.expect("kinds").remove(&evidence).unwrap_or_default()
        };
        assert_eq!(kinds().await, [DoubtKind::SameShot, DoubtKind::Burst, DoubtKind::FarOff]);
        let dismissed = all[0].clone().dismiss("共同承办".into(), user(1).id, at(20)).expect("open");
        let save = async |changed: Doubt| {
            write!(bench, [changed], |tx| {
                let stored = doubt::save(&tx, &changed).await?;
                recorded(&tx).await?;
                Ok::<_, StoreError>(stored)
            })
        };
        assert_eq!(save(dismissed.clone()).await.expect("saved").version, 2);
        assert!(matches!(save(dismissed).await, Err(StoreError::Stale)));
        assert_eq!(kinds().await, [DoubtKind::Burst, DoubtKind::FarOff]);
        let gone = all[1].clone();
        write!(bench, [gone], |tx| {
            doubt::remove(&tx, &gone).await?;
            recorded(&tx).await
        })
        .expect("removed");
        ledger::seal(&bench.store).await.expect("sealed");
        assert_eq!(ledger::verify(&bench.store).await.expect("verifies"), Vec::new(), "{}", bench.engine);
    })
    .await;
}
