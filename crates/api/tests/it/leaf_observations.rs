//! What a leaf rests on: visits and answers too, page by page, also where nothing was lost; and nothing that is hidden.

use axum::http::StatusCode;
use chengjing_domain::people::Role;
use serde_json::{Value, json};

use crate::{
    attachments::{jpeg, send},
    harness::{Caller, on_both, text},
    observations::City,
    refusals::person,
    standards::{CATALOGUE, SMALL},
};

fn standard() -> String {
    let survey = "  - code: \"3\"
    title: 满意度
    marks: 2
    measures:
      - method: survey
        questions: [satisfied]
        groups: [town]
        grading: { form: ratio }
";
    SMALL.replace("marks: 10\n", "marks: 12\n") + survey
}

fn catalogue() -> String {
    let rest = "    - id: river
      title: 河道
      criteria:
        - { id: clean, text: 水面清洁, absent: met }
  questions:
    - id: satisfied
      text: 您满意吗？
      options: [{ option: 满意, counts: 1 }, { option: 不满意, counts: 0 }]
";
    CATALOGUE.to_owned() + rest
}

fn visit(site: &str, verdict: &str, day: u32) -> Value {
    json!({ "fact": { "kind": "visit", "site": site, "criterion": "market/licence", "verdict": verdict },
        "source": "日常巡查", "accepted": true, "at": format!("2026-04-{day:02}T02:00:00Z") })
}

fn answers(group: &str, day: u32) -> Value {
    json!({ "fact": { "kind": "answers", "question": "satisfied", "group": group, "options": { "满意": 3 } },
        "source": "电话访问", "accepted": true, "at": format!("2026-04-{day:02}T02:00:00Z") })
}

async fn list(city: &City, caller: &Caller, rest: &str) -> Value {
    caller.get(&city.inside(&format!("score/leaf/{rest}"))).await.must(StatusCode::OK)
}

fn ids(list: &Value) -> Vec<String> {
    list["items"].as_array().expect("items").iter().map(|one| text(&one["id"])).collect()
}

#[tokio::test]
async fn a_leaf_that_lost_nothing_shows_the_visits_that_it_rests_on_page_by_page() {
    on_both(|server| async move {
        let city = City::of(&server, &standard(), &catalogue()).await;
        let office = &city.shelf.office;
        let mut sites = Vec::new();
        for name in ["城东市场", "城西市场", "城南市场"] {
            sites.push(city.site(name).await);
        }
        assert_eq!(list(&city, office, "1/observations").await, json!({ "items": [], "next": null }));
        let photo = send(office, &city.shelf.campaign, "亮证.jpg", &jpeg()).await;
        let mut first = visit(&sites[0], "met", 3);
        first["files"] = json!([photo["id"]]);
        let first = city.recorded(first).await;
        // What was found there before stands no more.
        city.recorded(visit(&sites[0], "failed", 1)).await;
        city.recorded(visit(&sites[1], "failed", 2)).await;
        let second = city.recorded(visit(&sites[1], "met", 20)).await;
        let mut waiting = visit(&sites[1], "failed", 25);
        waiting["accepted"] = json!(false);
        city.recorded(waiting).await;
        let third = city.recorded(visit(&sites[2], "met", 9)).await;
        let leaf = list(&city, office, "1").await;
        assert_eq!((&leaf["value"], &leaf["losses"]), (&json!("6"), &json!([])));

        let all = list(&city, office, "1/observations").await;
        let stands = [&second, &third, &first].map(|one| text(&one["id"]));
        assert_eq!((ids(&all), &all["next"]), (stands.to_vec(), &Value::Null));
        let last = &all["items"][2];
        assert_eq!((&last["site"]["name"], &last["fact"]["verdict"]), (&json!("城东市场"), &json!("met")));
        assert_eq!(last["files"][0]["name"], "亮证.jpg");
        let mut told = Vec::new();
        let mut rest = "1/observations?limit=1".to_owned();
        for _ in 0..3 {
            let page = list(&city, office, &rest).await;
            told.extend(ids(&page));
            let Some(next) = page["next"].as_str() else { break };
            rest = format!("1/observations?limit=1&after={}", next.replace('+', "%2B"));
        }
        assert_eq!(told, stands);

        let early = list(&city, office, "1/observations?as_of=2026-04-10T00:00:00Z").await;
        assert_eq!(ids(&early), Vec::<String>::new(), "nothing was accepted by then");
        let missing = office.get(&city.inside("score/leaf/9/observations")).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_leaf_shows_the_answers_of_the_groups_that_it_asks_and_that_there_is_no_such_site() {
    on_both(|server| async move {
        let with_river = standard().replace("criteria: [market/*]", "criteria: [river/*]");
        let city = City::of(&server, &with_river, &catalogue()).await;
        let office = &city.shelf.office;
        let town = city.recorded(answers("town", 4)).await;
        city.recorded(answers("village", 5)).await;
        let later = city.recorded(answers("town", 6)).await;
        let all = list(&city, office, "3/observations").await;
        assert_eq!(ids(&all), [text(&later["id"]), text(&town["id"])]);
        assert_eq!(all["items"][0]["fact"]["options"], json!({ "满意": 3 }));
        let none = json!({ "fact": { "kind": "no_sites", "site_type": "river" }, "source": "县水务局",
            "accepted": true });
        let none = city.recorded(none).await;
        assert_eq!(list(&city, office, "1").await["value"], "6");
        assert_eq!(ids(&list(&city, office, "1/observations").await), [text(&none["id"])]);
    })
    .await;
}

#[tokio::test]
async fn what_was_seen_covertly_is_among_what_a_leaf_rests_on_only_once_it_is_released() {
    on_both(|server| async move {
        let city = City::of(&server, &standard(), &catalogue()).await;
        let leader = person(&server, &city.administrator, Role::Leader, &city.shelf.campaign, None).await;
        let market = city.site("城东市场").await;
        let open = city.recorded(visit(&market, "met", 3)).await;
        let mut covert = visit(&market, "failed", 8);
        covert["covert"] = json!(true);
        let covert = city.recorded(covert).await;
        for caller in [&leader, &city.shelf.office] {
            let all = list(&city, caller, "1/observations").await;
            assert_eq!(ids(&all), [text(&open["id"])], "the open one still stands");
            assert!(!all.to_string().contains(&text(&covert["id"])));
        }
        city.act(&covert, "release", None).await.must(StatusCode::OK);
        assert_eq!(ids(&list(&city, &leader, "1/observations").await), [text(&covert["id"])]);
    })
    .await;
}
