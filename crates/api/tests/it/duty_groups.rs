//! The list of duties in groups, by part of the plan above all.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    harness::{Caller, on_both, text},
    office::adopt_newer,
    refusals::unit,
    tasks::Town,
};

const PART: &str = "一、重点任务";
/// The same, as it stands in an address.
const IN_ADDRESS: &str = "%E4%B8%80%E3%80%81%E9%87%8D%E7%82%B9%E4%BB%BB%E5%8A%A1";

async fn groups(town: &Town, who: &Caller, query: &str) -> Vec<(Value, u64)> {
    let answer = who.get(&town.inside(&format!("duties/groups?{query}"))).await.must(StatusCode::OK);
    assert_eq!(answer["exact"], true);
    let one = |group: &Value| {
        let name = if group["name"].is_null() { &group["key"] } else { &group["name"] };
        (name.clone(), group["count"].as_u64().expect("a number"))
    };
    answer["items"].as_array().expect("a list").iter().map(one).collect()
}

#[tokio::test]
async fn duties_stand_under_the_headings_of_their_plan_and_those_made_by_hand_under_none() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let by_hand = json!({ "title": "临时任务", "units": [] });
        town.office.post(&town.inside("duties"), by_hand).await.must(StatusCode::CREATED);
        let expected = [(json!(PART), 2), (Value::Null, 1)];
        assert_eq!(groups(&town, &town.office, "by=part").await, expected);
        // With a filter the list is read, without one the counters tell: both say the same.
        assert_eq!(groups(&town, &town.office, "by=part&state=assigned").await, expected);
        let titles = async |query: &str| {
            let list = town.office.get(&town.inside(&format!("duties?{query}"))).await.must(StatusCode::OK);
            list["items"].as_array().expect("a list").iter().map(|duty| text(&duty["title"])).collect::<Vec<_>>()
        };
        assert_eq!(titles("partless=true").await, ["临时任务"]);
        assert_eq!(titles(&format!("part={IN_ADDRESS}")).await.len(), 2);
        assert_eq!(titles("part=x").await.len(), 0);

        let shape = |part: &str| {
            json!({ "filter": { "part": part }, "order": "first_due", "group": "part", "columns": [] })
        };
        let views = town.inside("views");
        let there = json!({ "name": "重点", "shape": shape(PART) });
        let there = town.office.post(&views, there).await.must(StatusCode::CREATED);
        assert_eq!((&there["filter"]["part"], &there["gone"]), (&json!(PART), &json!([])));
        let gone = json!({ "name": "旧章节", "shape": shape("九、没有了") });
        assert_eq!(town.office.post(&views, gone).await.must(StatusCode::CREATED)["gone"], json!(["part"]));
        let odd = json!({ "name": "怪字", "shape": shape("\0") });
        assert_eq!(town.office.post(&views, odd).await.must(StatusCode::CREATED)["gone"], json!(["part"]));
        let long = json!({ "name": "长", "shape": shape(&"长".repeat(200)) });
        let long = town.office.post(&views, long).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(long["faults"][0]["path"], "filter.part");
        let unknown = town.office.get(&town.inside("duties/groups?by=colour")).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn a_liaison_counts_what_they_see_and_nobody_else_anything() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        assert_eq!(groups(&town, &school, "by=part").await, [(json!(PART), 1)]);
        assert_eq!(groups(&town, &school, "by=unit").await, [(json!("县教育局"), 1)]);
        let other = unit(&town.office, &town.campaign, "县城管局").await;
        assert_eq!(groups(&town, &school, &format!("by=month&unit={other}")).await, []);
        assert_eq!(groups(&town, &town.office, "by=unit").await.len(), 4);
        assert_eq!(groups(&town, &town.office, "by=unit&due_from=2026-06-01").await.len(), 3);
        let new = json!({ "name": "别的县", "place": "别的县", "kind": "卫生城市", "year": 2026 });
        let foreign = text(&town.office.post("/campaigns", new).await.must(StatusCode::CREATED)["id"]);
        let refused = school.get(&format!("/campaigns/{foreign}/duties/groups?by=unit")).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_newer_version_takes_its_duties_under_its_headings_and_undoing_it_takes_them_back() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let plans = town.office.get(&town.inside("plans")).await.must(StatusCode::OK);
        let before = groups(&town, &town.office, "by=part").await;
        let (newer, _) = adopt_newer(&town.office, &town.campaign, &text(&plans["items"][0]["id"])).await;
        let after = groups(&town, &town.office, "by=part").await;
        assert_eq!(after, groups(&town, &town.office, "by=part&state=assigned").await);
        let duties = town.office.get(&town.inside("duties?state=assigned")).await.must(StatusCode::OK);
        let duties = duties["items"].as_array().expect("a list");
        assert_eq!(after.iter().map(|(_, n)| n).sum::<u64>(), duties.len() as u64);
        assert!(duties.iter().all(|duty| duty["part"] == PART), "{duties:?}");
        let path = town.inside(&format!("plans/{newer}/adoption"));
        town.office.send(Method::DELETE, &path, None, &[]).await.must(StatusCode::OK);
        assert_eq!(groups(&town, &town.office, "by=part").await, before);
    })
    .await;
}
