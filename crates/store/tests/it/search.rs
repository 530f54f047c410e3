//! A search over every kind of thing: what it finds, in which order, and for whom.

use chengjing_domain::ledger::SubjectKind;
use chengjing_store::{
    Paging, duty,
    search::{self, SearchFilter},
};

use crate::harness::{self, Bench, at, on_both, recorded, with_campaign, write};

#[tokio::test]
async fn a_search_finds_every_kind_and_only_what_the_scope_allows() {
    on_both(|bench: Bench| async move {
        let (here, units) = with_campaign(&bench.store, &["环境卫生服务中心", "教育局"]).await;
        let first = harness::duty(here, 200, "开展市容环境整治", &units[..1], 20);
        let second = harness::duty(here, 201, "校园环境整治", &units[1..], 21);
        write!(bench, [first, second], |tx| {
            duty::add(&tx, &first).await?;
            duty::add(&tx, &second).await?;
            recorded(&tx).await
        })
        .expect("duties");
        let every = [SubjectKind::Duty, SubjectKind::Unit, SubjectKind::PlanImport];
        let look_for = |kinds: &[SubjectKind], text: &str, scope: Option<Vec<_>>, limit| {
            let filter = SearchFilter {
                campaign: here,
                text: text.into(),
                kinds: kinds.to_vec(),
                units: scope,
                led: Vec::new(),
                filed_by: None,
            };
            let store = bench.store.clone();
            async move {
                let mut titles = Vec::new();
                let mut paging = Paging::first(limit);
                loop {
                    let (filter, asked) = (filter.clone(), paging);
                    let page = store
                        .read(|r| async move { search::list(&r, &filter, &asked).await })
                        .await
                        .expect("hits");
                    titles.extend(page.items.into_iter().map(|hit| hit.title));
                    let Some(next) = page.next else { return titles };
                    paging = Paging::after(next, limit);
                }
            }
        };
        let look = |text: &str, scope, limit| look_for(&every, text, scope, limit);
        for limit in [1, 50] {
            assert_eq!(
                look("环境", None, limit).await,
                ["校园环境整治", "开展市容环境整治", "环境卫生服务中心"],
                "{}",
                bench.engine
            );
        }
        assert_eq!(look("环境", Some(vec![units[1].id]), 9).await, ["校园环境整治", "环境卫生服务中心"]);
        assert_eq!(look("'\"", None, 9).await, Vec::<String>::new());
        for text in ["环境", "环", "服务中心"] {
            let found = look_for(&[SubjectKind::Unit], text, None, 1).await;
            assert_eq!(found, ["环境卫生服务中心"], "{text} on {}", bench.engine);
        }
        assert_eq!(look_for(&[SubjectKind::Unit], "整治", None, 9).await, Vec::<String>::new());

        let renamed =
            chengjing_domain::duty::Duty { title: "校园绿化".into(), text: "绿化".into(), ..second };
        write!(bench, [renamed], |tx| {
            duty::save(&tx, &renamed, at(1)).await?;
            recorded(&tx).await
        })
        .expect("renamed");
        assert_eq!(look("整治", None, 9).await, ["开展市容环境整治"], "the old words are gone");
        assert_eq!(look("绿化", None, 9).await, ["校园绿化"]);

        // So many that the list is walked along its order, and not begun with those that are found.
        let many: Vec<_> = (0..130)
            .map(|n| harness::duty(here, 1_000 + n, &format!("第{n}号行动"), &units[..1], 20))
            .collect();
        write!(bench, [many], |tx| {
            duty::add_many(&tx, &many).await?;
            recorded(&tx).await
        })
        .expect("duties");
        let newest_first: Vec<String> = (0..130).rev().map(|n| format!("第{n}号行动")).collect();
        assert_eq!(look("行动", None, 50).await, newest_first, "{}", bench.engine);
        assert_eq!(look("绿化", None, 50).await, ["校园绿化"], "{}", bench.engine);
        assert_eq!(look("龙潭", None, 50).await, Vec::<String>::new(), "{}", bench.engine);
    })
    .await;
}
