//! How people come in besides their password: the second factor, the installation's key, invitations.

use chengjing_domain::{
    id::{CampaignId, HandoverRequestId, InvitationId, LetterId, UnitId},
    people::{
        HandedOver, HandoverRequest, HandoverRequestState, Invitation, InvitationState, Role, Scope,
        SecondFactor, TakenRole, Takeover,
    },
};
use chengjing_store::{
    Paging, StoreError, ledger,
    people::{self, HandoverLetter, HandoverNews},
};

use crate::harness::{self, Bench, at, id, on_both, recorded, user, write};

#[tokio::test]
async fn a_second_factor_is_stored_and_no_step_is_taken_twice() {
    on_both(|bench: Bench| async move {
        let one = user(1);
        let factor = SecondFactor {
            user: one.id,
            nonce: [5; 32],
            recovery: vec![[6; 32], [7; 32]],
            made_at: at(0),
            confirmed_at: None,
            last_step: 0,
        };
        let confirmed = SecondFactor { confirmed_at: Some(at(9)), last_step: 4, ..factor.clone() };
        let taken = write!(bench, [one, factor, confirmed], |tx| {
            people::add_user(&tx, &one).await?;
            people::save_second_factor(&tx, &factor).await?;
            people::save_second_factor(&tx, &confirmed).await?;
            let mut taken = Vec::new();
            for step in [4, 6, 6, 5, 7] {
                taken.push(people::take_step(&tx, one.id, step).await?);
            }
            recorded(&tx).await?;
            Ok::<_, StoreError>(taken)
        });
        assert_eq!(taken.expect("stored"), [false, true, false, false, true], "{}", bench.engine);
        let found = bench.store.read(|r| async move { people::lookup_second_factor(&r, one.id).await });
        assert_eq!(found.await.expect("a read"), Some(SecondFactor { last_step: 7, ..confirmed }));
        assert!(ledger::verify(&bench.store).await.expect("verified").is_empty());
        let removed = write!(bench, [], |tx| {
            let removed = people::remove_second_factor(&tx, one.id).await?;
            recorded(&tx).await?;
            Ok::<_, StoreError>(removed)
        });
        assert!(removed.expect("removed"));
        assert!(ledger::verify(&bench.store).await.expect("verified").is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_key_is_made_once_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let bench = harness::sqlite(&folder, |_| {}).await;
    assert_eq!(bench.store.key().await.expect("read"), None);
    let (one, other) = tokio::join!(bench.store.key_or([1; 32]), bench.store.key_or([2; 32]));
    let key = one.expect("a key");
    assert_eq!(other.expect("the same"), key);
    assert_eq!(bench.store.key().await.expect("read"), Some(key));
    let files = std::fs::read_dir(folder.path()).expect("the folder");
    let names: Vec<_> = files.filter_map(|file| file.ok()?.file_name().into_string().ok()).collect();
    assert_eq!(names.iter().filter(|name| name.starts_with("key")).count(), 1, "{names:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.path().join("key")).expect("the key").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn invitations_are_listed_while_they_are_open_and_keep_how_they_ended() {
    on_both(|bench: Bench| async move {
        let one = user(1);
        let invitation = |n: u8, scope: Scope| Invitation {
            id: InvitationId(id(100 + u128::from(n))),
            token_hash: [n; 32],
            display_name: format!("第{n}位"),
            role: Role::Liaison,
            scope,
            created_by: one.id,
            created_at: at(0),
            expires_at: at(100),
            state: InvitationState::Open,
            takeover: None,
        };
        let here = CampaignId(id(7));
        let taken = TakenRole {
            role: Role::Liaison,
            scope: Scope::Campaign(here),
            handed_over: HandedOver { from: one.id, at: at(3), tasks: 7 },
        };
        let all = vec![
            Invitation {
                takeover: Some(Takeover { roles: vec![taken] }),
                ..invitation(1, Scope::Unit(here, UnitId(id(8))))
            },
            invitation(2, Scope::Campaign(here)),
            invitation(3, Scope::System),
            invitation(4, Scope::Campaign(CampaignId(id(9)))),
            invitation(5, Scope::Campaign(here)),
        ];
        let accepted = all[1].clone().accept(one.id, at(5)).expect("good");
        let revoked = all[4].clone().revoke(at(6)).expect("good");
        write!(bench, [one, all, accepted, revoked], |tx| {
            people::add_user(&tx, &one).await?;
            for invitation in &all {
                people::add_invitation(&tx, invitation).await?;
            }
            people::save_invitation(&tx, &accepted).await?;
            people::save_invitation(&tx, &revoked).await?;
            recorded(&tx).await
        })
        .expect("stored");
        let store = bench.store.clone();
        let read = store.read(|r| async move {
            let own = people::list_invitations(&r, Some(here), &Paging::first(5)).await?;
            let first = people::list_invitations(&r, None, &Paging::first(2)).await?;
            let rest = Paging { after: first.next.clone(), limit: 2 };
            let rest = people::list_invitations(&r, None, &rest).await?;
            let by_token = people::lookup_invitation_by_token(&r, &[2; 32]).await?;
            let by_id = people::lookup_invitation(&r, InvitationId(id(105))).await?;
            Ok::<_, StoreError>((own.items, [first.items, rest.items].concat(), by_token, by_id))
        });
        let (own, listed, by_token, by_id) = read.await.expect("a read");
        assert_eq!(own, all[..1], "{}", bench.engine);
        let open = [all[3].clone(), all[2].clone(), all[0].clone()];
        assert_eq!(listed, open, "newest first, page by page");
        assert_eq!((by_token, by_id), (Some(accepted), Some(revoked)));
        assert!(ledger::verify(&bench.store).await.expect("verified").is_empty());
    })
    .await;
}

#[tokio::test]
async fn of_one_person_one_request_for_a_hand_over_waits_and_each_ends_once() {
    on_both(|bench: Bench| async move {
        let (here, _) = harness::with_campaign(&bench.store, &[]).await;
        let (leaver, office) = (user(1), user(2));
        let request = |n: u128| HandoverRequest {
            campaign: here,
            id: HandoverRequestId(id(500 + n)),
            user: leaver.id,
            leaves_on: "2026-06-30".parse().expect("a day"),
            reason: "调任".into(),
            proposed: (n == 1).then(|| "王芳".into()),
            asked_at: at(0),
            state: HandoverRequestState::Waiting,
            version: 1,
        };
        let first = request(1);
        let by = office.id;
        let refused = first.clone().refuse(by, at(5), "人没到".into()).expect("it waits");
        let (second, third) = (request(2), request(3));
        let withdrawn = second.clone().withdraw(at(6)).expect("it waits");
        let letter = HandoverLetter {
            campaign: here,
            request: third.id,
            news: HandoverNews::Asked,
            user: by,
            letter: LetterId(id(600)),
        };
        let added = write!(bench, [leaver, office, first, refused, second, withdrawn, third], |tx| {
            people::add_user(&tx, &leaver).await?;
            people::add_user(&tx, &office).await?;
            people::add_handover_request(&tx, &first).await?;
            people::save_handover_request(&tx, &refused).await?;
            people::add_handover_request(&tx, &second).await?;
            people::save_handover_request(&tx, &withdrawn).await?;
            people::add_handover_request(&tx, &third).await?;
            let again = HandoverLetter { letter: LetterId(id(601)), ..letter };
            let added = people::add_handover_letters(&tx, &[(letter, at(9)), (again, at(9))], at(8)).await?;
            recorded(&tx).await?;
            Ok::<_, StoreError>(added)
        });
        assert_eq!(added.expect("stored"), 1, "{}: nobody is written to twice of one thing", bench.engine);
        let fourth = request(4);
        let refusal = write!(bench, [fourth], |tx| people::add_handover_request(&tx, &fourth).await);
        let error = refusal.expect_err("one waits already");
        assert_eq!(error.constraint(), Some("handover_request_waiting"), "{}", bench.engine);
        let stale = write!(bench, [refused], |tx| people::save_handover_request(&tx, &refused).await);
        assert!(matches!(stale, Err(StoreError::Stale)), "{stale:?}");

        let (who, last) = (leaver.id, third.id);
        let read = bench.store.read(|r| async move {
            let all = people::list_handover_requests(&r, here, None, &Paging::first(2)).await?;
            let rest = Paging { after: all.next.clone(), limit: 2 };
            let rest = people::list_handover_requests(&r, here, None, &rest).await?;
            let ended = people::list_handover_requests(&r, here, Some(false), &Paging::first(9)).await?;
            let own = people::list_handover_requests_by(&r, who, Some(CampaignId(id(9))), &Paging::first(9))
                .await?;
            let waiting = people::lookup_waiting_handover_request(&r, here, who).await?;
            let told = people::lookup_handover_letter(&r, LetterId(id(600))).await?;
            Ok::<_, StoreError>((all.items, rest, ended.items.len(), own.items.len(), waiting, told))
        });
        let (all, rest, ended, elsewhere, waiting, told) = read.await.expect("read");
        assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), [last, withdrawn.id]);
        assert_eq!(rest.items, [HandoverRequest { version: 2, ..refused }]);
        assert_eq!((rest.next, ended, elsewhere), (None, 2, 0));
        assert_eq!((waiting.map(|one| one.id), told), (Some(last), Some(letter)));
        assert!(ledger::verify(&bench.store).await.expect("verified").is_empty());
    })
    .await;
}
