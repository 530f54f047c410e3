//! What belongs to a unit besides its names: who answers for it, and since when it is no more.

use chengjing_domain::{
    campaign::{Contact, Post, Unit},
    id::{GrantId, UnitId},
    people::{Grant, Role, Scope, User},
};
use chengjing_store::{StoreError, campaign, ledger, people};

use crate::harness::{Bench, at, id, on_both, recorded, user, with_campaign, write};

#[tokio::test]
async fn a_unit_keeps_its_contacts_and_the_heads_who_can_be_told_are_found() {
    on_both(|bench: Bench| async move {
        let (here, units) = with_campaign(&bench.store, &["城管局", "教育局"]).await;
        let contact = |post, name: &str, who: Option<u128>| Contact {
            post,
            name: name.into(),
            duty_title: Some("局长".into()),
            phone: Some("0851-8612345转801".into()),
            user: who.map(|n| user(n).id),
        };
        let bare = Contact { duty_title: None, phone: None, ..contact(Post::Head, "没有账号", None) };
        let city = Unit {
            contacts: vec![
                contact(Post::Head, "王芳", Some(1)),
                contact(Post::Liaison, "王芳", Some(1)),
                contact(Post::Head, "已停用", Some(2)),
                contact(Post::Head, "离开了项目", Some(3)),
                contact(Post::LinkedLeader, "张副县长", Some(4)),
                contact(Post::Head, "管理员", Some(4)),
                bare,
            ],
            closed_at: Some(at(7)),
            ..units[0].clone()
        };
        let school = Unit { contacts: vec![contact(Post::Head, "李强", Some(1))], ..units[1].clone() };
        let grants = [(1, Scope::Unit(here, units[1].id)), (2, Scope::Campaign(here)), (4, Scope::System)];
        write!(bench, [city, school], |tx| {
            for n in 1..=4 {
                let disabled_at = (n == 2).then(|| at(1));
                people::add_user(&tx, &User { disabled_at, ..user(n) }).await?;
            }
            for (n, scope) in grants {
                let (id, user) = (GrantId(id(500 + n)), user(n).id);
                people::add_grant(&tx, &Grant::new(id, user, Role::Leader, scope)).await?;
            }
            campaign::save_unit(&tx, &city).await?;
            campaign::save_unit(&tx, &school).await?;
            recorded(&tx).await
        })
        .expect("saved");
        let found = bench.store.read(|r| async move {
            let all = campaign::all_units(&r, here).await?;
            let ids: Vec<UnitId> = all.iter().map(|unit| unit.id).collect();
            let heads = campaign::list_post_holders(&r, here, &ids, Post::Head).await?;
            let liaisons = campaign::list_post_holders(&r, here, &ids[..1], Post::Liaison).await?;
            Ok::<_, StoreError>((all, heads, liaisons))
        });
        let (all, heads, liaisons) = found.await.expect("a read");
        assert!(all.contains(&Unit { version: 2, ..city.clone() }), "{}", bench.engine);
        let (one, admin) = (user(1).id, user(4).id);
        assert_eq!(heads, [(city.id, one), (city.id, admin), (school.id, one)], "{}", bench.engine);
        assert_eq!(liaisons, [(city.id, one)]);
        assert!(ledger::verify(&bench.store).await.expect("verified").is_empty());

        let without = Unit { contacts: Vec::new(), version: 2, ..city.clone() };
        write!(bench, [without], |tx| {
            campaign::save_unit(&tx, &without).await?;
            campaign::remove_unit(&tx, here, without.id).await?;
            recorded(&tx).await
        })
        .expect("removed with its contacts");
        assert!(ledger::verify(&bench.store).await.expect("verified").is_empty());
    })
    .await;
}
