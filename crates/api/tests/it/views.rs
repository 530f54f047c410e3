//! Saved views of the list of duties: one's own, those that are shared, and nobody else's.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    harness::{Caller, on_both, text},
    refusals::unit,
    tasks::Town,
};

fn shape(filter: &Value) -> Value {
    json!({ "filter": filter, "order": "last_due", "group": "phase", "columns": ["due", "units", "due"] })
}

async fn names(town: &Town, who: &Caller) -> Vec<String> {
    let list = who.get(&town.inside("views")).await.must(StatusCode::OK);
    list["items"].as_array().expect("a list").iter().map(|view| text(&view["name"])).collect()
}

#[tokio::test]
async fn a_view_is_saved_used_first_renamed_and_deleted_by_whose_it_is() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let path = town.inside("views");
        let new = json!({ "name": " 有指标的 ", "shape": shape(&json!({ "target": true, "q": " 志愿 " })) });
        let key = [("idempotency-key", "one")];
        let saved = town.office.send(Method::POST, &path, Some(new.clone()), &key).await;
        let again = town.office.send(Method::POST, &path, Some(new.clone()), &key).await;
        assert!(again.replayed, "a double click saves one");
        let saved = saved.must(StatusCode::CREATED);
        assert_eq!((&saved["name"], &saved["filter"]["q"]), (&json!("有指标的"), &json!("志愿")));
        assert_eq!((&saved["columns"], &saved["group"]), (&json!(["units", "due"]), &json!("phase")));
        assert_eq!(
            (&saved["shared"], &saved["editable"], &saved["first"]),
            (&json!(false), &json!(true), &json!(false))
        );
        let twice = town.office.post(&path, new).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(twice["faults"][0]["path"], "name");

        let one = town.inside(&format!("views/{}", text(&saved["id"])));
        let first = town.inside("first-view");
        let chosen = json!({ "view_id": saved["id"] });
        let put = town.office.send(Method::PUT, &first, Some(chosen), &[]).await;
        assert_eq!(put.status, StatusCode::NO_CONTENT);
        assert_eq!(town.office.get(&path).await.must(StatusCode::OK)["items"][0]["first"], true);

        let rename = json!({ "name": "带指标" });
        let blind = town.office.send(Method::PATCH, &one, Some(rename.clone()), &[]).await;
        assert_eq!(blind.status, StatusCode::PRECONDITION_REQUIRED);
        let renamed =
            town.office.send(Method::PATCH, &one, Some(rename.clone()), &[("if-match", "\"v1\"")]).await;
        assert_eq!(renamed.must(StatusCode::OK)["name"], "带指标");
        let slow = json!({ "shape": shape(&json!({})) });
        let slow = town.office.send(Method::PATCH, &one, Some(slow), &[("if-match", "\"v1\"")]).await;
        assert_eq!(slow.status, StatusCode::PRECONDITION_FAILED, "whoever was slower is told");
        let ledger = town.office.get(&town.inside("ledger?limit=3")).await.must(StatusCode::OK);
        let acts: Vec<String> =
            ledger["items"].as_array().expect("entries").iter().map(|entry| text(&entry["action"])).collect();
        assert_eq!(acts, ["view.edit", "view.choose_first", "view.save"]);

        let gone = town.office.send(Method::DELETE, &one, None, &[("if-match", "\"v2\"")]).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        assert_eq!(names(&town, &town.office).await, Vec::<String>::new());
        let again = town.office.send(Method::DELETE, &one, None, &[("if-match", "\"v2\"")]).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn what_the_office_shares_everybody_uses_and_nobody_sees_the_views_of_another() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        let path = town.inside("views");
        let of_all = json!({ "name": "全县", "shared": true, "shape": shape(&json!({})) });
        let refused = school.post(&path, of_all.clone()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "only the office shares");
        let shared = town.office.post(&path, of_all).await.must(StatusCode::CREATED);
        let own = json!({ "name": "我的", "shape": shape(&json!({})) });
        let own = school.post(&path, own).await.must(StatusCode::CREATED);
        assert_eq!(names(&town, &school).await, ["全县", "我的"]);
        assert_eq!(names(&town, &town.office).await, ["全县"]);

        let seen = school.get(&path).await.must(StatusCode::OK);
        assert_eq!(
            (&seen["items"][0]["editable"], &seen["items"][1]["editable"]),
            (&json!(false), &json!(true))
        );
        let to_shared = town.inside(&format!("views/{}", text(&shared["id"])));
        let rename = json!({ "name": "别的" });
        let refused =
            school.send(Method::PATCH, &to_shared, Some(rename.clone()), &[("if-match", "\"v1\"")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let to_own = town.inside(&format!("views/{}", text(&own["id"])));
        let hidden = town.office.send(Method::PATCH, &to_own, Some(rename), &[("if-match", "\"v1\"")]).await;
        let nowhere = town.inside("views/00000000-0000-7000-8000-000000000000");
        let absent = town.office.send(Method::DELETE, &nowhere, None, &[("if-match", "\"v1\"")]).await;
        assert_eq!((hidden.status, absent.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        let foreign = json!({ "view_id": own["id"] });
        let foreign = town.office.send(Method::PUT, &town.inside("first-view"), Some(foreign), &[]).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
        assert_eq!(server.anybody().get(&path).await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn a_view_says_when_what_it_filters_by_is_gone() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let path = town.inside("views");
        let [east, west] = [
            unit(&town.office, &town.campaign, "东河镇").await,
            unit(&town.office, &town.campaign, "西河镇").await,
        ];
        let of_east = json!({ "name": "东河镇的", "shape": shape(&json!({ "unit": east })) });
        let there = town.office.post(&path, of_east).await.must(StatusCode::CREATED);
        assert_eq!(there["gone"], json!([]));
        let merged =
            town.office.post(&town.inside(&format!("units/{east}/merge")), json!({ "into": west })).await;
        merged.must(StatusCode::OK);
        assert_eq!(town.office.get(&path).await.must(StatusCode::OK)["items"][0]["gone"], json!(["unit"]));
        let duties = town.office.get(&town.inside(&format!("duties?unit={east}"))).await.must(StatusCode::OK);
        assert_eq!(duties["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn the_last_due_come_first_where_that_is_asked_for_through_every_page_size() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let east = unit(&town.office, &town.campaign, "东河镇").await;
        for filter in [String::new(), format!("&unit={east}")] {
            let all = |order: &str, limit: u64| {
                let (town, filter, order) = (&town, filter.clone(), order.to_owned());
                async move {
                    let mut found: Vec<String> = Vec::new();
                    let mut after = String::new();
                    loop {
                        let page = format!("duties?limit={limit}{filter}&order={order}{after}");
                        let page = town.office.get(&town.inside(&page)).await.must(StatusCode::OK);
                        found.extend(
                            page["items"].as_array().expect("a list").iter().map(|duty| text(&duty["id"])),
                        );
                        let Some(next) = page["next"].as_str() else { return found };
                        after = format!("&after={next}");
                    }
                }
            };
            let mut forward = all("first_due", 100).await;
            assert!(!forward.is_empty());
            forward.reverse();
            for limit in [1, 2, 100] {
                assert_eq!(all("last_due", limit).await, forward, "pages of {limit}{filter}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_due_is_counted_by_day_with_the_holidays_for_those_who_see_it() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let east = town.liaison(&server, "东河镇", "sun").await;
        let unit_of_east = unit(&town.office, &town.campaign, "东河镇").await;
        let span = town.inside("tasks/days?from=2026-05-25&to=2026-07-05");
        let open = |days: &Value, day: &str| {
            let days = days["days"].as_array().expect("days");
            days.iter().find(|one| one["day"] == day).expect("the day")["open"].as_u64().expect("a number")
        };
        let all = town.office.get(&span).await.must(StatusCode::OK);
        assert_eq!(all["days"].as_array().map(Vec::len), Some(42));
        let listed = town.tasks(&town.office, "?turn=unit&due_from=2026-06-30&due_to=2026-06-30").await.len();
        assert!(listed > 1);
        assert_eq!(open(&all, "2026-06-30"), listed as u64);
        let one = town.office.get(&format!("{span}&unit={unit_of_east}")).await.must(StatusCode::OK);
        let own = east.get(&span).await.must(StatusCode::OK);
        assert_eq!((open(&one, "2026-06-30"), open(&own, "2026-06-30")), (1, 1), "a unit sees its own");
        let foreign = unit(&town.office, &town.campaign, "西河镇").await;
        let none = east.get(&format!("{span}&unit={foreign}")).await.must(StatusCode::OK);
        assert_eq!(open(&none, "2026-06-30"), 0);
        let kinds: Vec<Value> =
            all["days"].as_array().expect("days").iter().map(|day| day["kind"].clone()).collect();
        assert!(kinds.contains(&json!("holiday")), "the Dragon Boat Festival of 2026 is in June");
        let task = town.tasks(&east, "").await.remove(0);
        let task = town.done(&east, &task, json!({ "deed": "accept" })).await;
        town.done(&east, &task, json!({ "deed": "report" })).await;
        let after = east.get(&span).await.must(StatusCode::OK);
        assert_eq!(open(&after, "2026-06-30"), 0, "it waits for the office now");
        let long = town.inside("tasks/days?from=2026-01-01&to=2026-12-31");
        let long = town.office.get(&long).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(long["faults"][0]["path"], "to");
        let stranger = server.anybody().get(&span).await;
        assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn duties_of_no_phase_are_a_list_of_their_own() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let count = |query: String| {
            let town = &town;
            async move {
                let path = town.inside(&format!("duties/count{query}"));
                town.office.get(&path).await.must(StatusCode::OK)["count"].as_u64().expect("a number")
            }
        };
        let all = count(String::new()).await;
        let phases = town.office.get(&town.inside("phases")).await.must(StatusCode::OK);
        let mut within = 0;
        for phase in phases["items"].as_array().expect("phases") {
            within += count(format!("?phase={}", text(&phase["id"]))).await;
        }
        assert_eq!(count("?phaseless=true".to_owned()).await, all - within);
    })
    .await;
}

#[tokio::test]
async fn the_office_urges_all_who_wait_under_the_duties_that_it_chose() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let east = town.liaison(&server, "东河镇", "sun").await;
        let task = town.tasks(&east, "").await.remove(0);
        let path = town.inside("tasks/urge");
        let chosen = json!({ "duty_ids": [task["duty"]["id"]] });
        let refused = east.post(&path, chosen.clone()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let urged = town.office.post(&path, chosen.clone()).await.must(StatusCode::OK);
        assert_eq!(urged["told"], 1, "one of its units has somebody to be told: {urged}");
        let again = town.office.post(&path, chosen).await.must(StatusCode::OK);
        assert_eq!((&again["told"], &again["already"]), (&json!(0), &json!(1)));
        let nothing = town.office.post(&path, json!({})).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(nothing["faults"][0]["path"], "task_ids");
    })
    .await;
}
