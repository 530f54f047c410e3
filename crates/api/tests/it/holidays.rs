//! Public holidays: an administrator puts a year in, and every server on the database counts by it.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use chengjing_service::App;
use serde_json::{Value, json};

use crate::{
    harness::{Caller, PASSWORD, Server, on_both, text},
    refusals::unit,
    tasks::Town,
};

/// Another program on the same store: it shares nothing else.
fn another(server: &Server) -> Server {
    let App { store, clock, ids, typesetter, .. } = server.app.clone();
    server.run_as(App::new(store, clock, ids, Arc::clone(&typesetter)))
}

async fn put(who: &Caller, path: &str, file: &str, seen: &str) -> crate::harness::Answer {
    who.send(Method::PUT, path, Some(json!({ "file": file })), &[("if-match", seen)]).await
}

/// The school's dated tasks, once they are due on that day.
async fn due(town: &Town, school: &Caller, day: &str) -> Vec<Value> {
    let mut dated = Vec::new();
    for _ in 0..500 {
        dated = town.tasks(school, "").await;
        dated.retain(|task| task["due_on"] == day && !task["occurrence"].is_null());
        if !dated.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    dated
}

#[tokio::test]
async fn what_an_administrator_puts_in_moves_coming_dates_on_every_server_and_can_be_taken_back() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        let unit = unit(&town.office, &town.campaign, "县教育局").await;
        let weekly = json!({ "title": "巡查校园周边", "text": "每周巡查一次。", "recurrence": "weekly",
            "units": [{ "id": unit, "role": "responsible" }] });
        town.office.post(&town.inside("duties"), weekly).await.must(StatusCode::CREATED);
        let dated = due(&town, &school, "2026-05-08").await;
        assert_eq!(dated.len(), 1);
        // Somebody works on it already: its history is sealed, and stays what it is when the day moves.
        town.done(&school, &dated[0], json!({ "deed": "accept" })).await;

        let before = town.office.get("/holidays/2026").await;
        assert_eq!(before.etag.as_deref(), Some("\"v0\""));
        let before = before.must(StatusCode::OK);
        assert_eq!((&before["origin"], &before["days_off"]), (&json!("shipped"), &json!(33)));
        let file = text(&before["file"]).replace(
            "    { \"name\": \"端午节\"",
            "    { \"name\": \"城市节\", \"from\": \"2026-05-08\", \"to\": \"2026-05-08\" },\n    { \"name\": \"端午节\"",
        );
        let path = "/holidays/2026";
        let preview = json!({ "file": file });
        let seen = town.office.post("/holidays/2026/preview", preview.clone()).await.must(StatusCode::OK);
        assert_eq!((&seen["duties"], &seen["tasks"]), (&json!(1), &json!(1)));
        assert_eq!(seen["items"][0]["dates"], json!([{ "before": "2026-05-08", "after": "2026-05-09" }]));
        assert_eq!(town.office.get(path).await.must(StatusCode::OK)["origin"], "shipped", "only looked");

        let blind = town.office.send(Method::PUT, path, Some(preview), &[]).await;
        assert_eq!(blind.status, StatusCode::PRECONDITION_REQUIRED);
        let saved = put(&town.office, path, &file, "\"v0\"").await.must(StatusCode::OK);
        assert_eq!((&saved["origin"], &saved["days_off"]), (&json!("own"), &json!(34)));
        assert_eq!(put(&town.office, path, &file, "\"v0\"").await.status, StatusCode::PRECONDITION_FAILED);

        let there = another(&server).log_in("liu").await;
        let days = there.get(&town.inside("tasks/days?from=2026-05-07&to=2026-05-09")).await;
        let days = days.must(StatusCode::OK);
        assert_eq!((&days["days"][1]["kind"], &days["days"][1]["name"]), (&json!("holiday"), &json!("城市节")));
        assert_eq!(due(&town, &there, "2026-05-09").await.len(), 1, "its day has moved");
        let days = there.get(&town.inside("tasks/days?from=2026-05-07&to=2026-05-09")).await;
        let days = days.must(StatusCode::OK);
        assert_eq!((&days["days"][1]["open"], &days["days"][2]["open"]), (&json!(0), &json!(1)), "and is counted there");

        let ledger = town.office.get("/ledger?limit=50").await.must(StatusCode::OK);
        let entries = ledger["items"].as_array().expect("entries");
        let told = |entry: &&Value| entry["action"] == "holiday.edit" && entry["details"]["year"] == 2026;
        assert_eq!(entries.iter().filter(told).count(), 1, "{ledger}");
        let gone = town.office.send(Method::DELETE, path, None, &[("if-match", "\"v1\"")]).await;
        assert_eq!(gone.must(StatusCode::OK)["origin"], "shipped");
        let again = town.office.send(Method::DELETE, path, None, &[("if-match", "\"v2\"")]).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND, "there is nothing of its own any more");
        assert_eq!(due(&town, &school, "2026-05-08").await.len(), 1);
        assert_eq!(chengjing_store::ledger::verify(&server.app.store).await.expect("verified"), Vec::new());
    })
    .await;
}

#[tokio::test]
async fn all_faults_of_a_year_are_told_with_their_lines_and_only_an_administrator_puts_one_in() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let path = "/holidays/2027";
        let broken = "{\n  \"year\": 2027,\n  \"source\": \"\",\n  \"holidays\": [\n    { \"name\": \"元旦\", \"from\": \"1月1日\", \"to\": \"2027-01-03\" }\n  ]\n}";
        for answer in [
            put(&town.office, path, broken, "\"v0\"").await,
            town.office.post("/holidays/2027/preview", json!({ "file": broken })).await,
        ] {
            let problem = answer.must(StatusCode::UNPROCESSABLE_ENTITY);
            let faults = problem["faults"].as_array().expect("faults");
            let told: Vec<(&Value, String)> =
                faults.iter().map(|fault| (&fault["path"], text(&fault["zh"]))).collect();
            assert_eq!(
                told,
                [
                    (&json!("source"), "第3行：请填写".to_owned()),
                    (&json!("holidays[0].from"), "第5行：“1月1日”不是日期，应写成2026-10-01这样".to_owned()),
                ]
            );
        }
        let no_file = put(&town.office, path, "放假", "\"v0\"").await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(no_file["faults"][0]["path"], "file");
        let other = "{\"year\": 2026, \"source\": \"通知\", \"holidays\": []}";
        let other = put(&town.office, path, other, "\"v0\"").await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(other["faults"][0]["path"], "year");
        assert_eq!(town.office.get("/holidays/everlasting").await.status, StatusCode::NOT_FOUND);

        let list = town.office.get("/holidays").await.must(StatusCode::OK);
        let years: Vec<String> = list["items"]
            .as_array()
            .expect("years")
            .iter()
            .map(|year| format!("{} {}", year["year"], text(&year["origin"])))
            .collect();
        assert_eq!(years[years.len() - 3..], ["2027 unknown", "2026 shipped", "2025 shipped"]);

        let grant = json!({ "role": "office", "campaign_id": town.campaign });
        let new = json!({ "name": "zhou", "display_name": "周敏", "password": PASSWORD, "must_change_password": false, "grants": [grant] });
        town.office.post("/users", new).await.must(StatusCode::CREATED);
        let office = server.log_in("zhou").await;
        office.get(path).await.must(StatusCode::OK);
        let good = "{\"year\": 2027, \"source\": \"通知\", \"holidays\": []}";
        assert_eq!(put(&office, path, good, "\"v0\"").await.status, StatusCode::FORBIDDEN);
        assert_eq!(office.post("/holidays/2027/preview", json!({ "file": good })).await.status, StatusCode::FORBIDDEN);
        assert_eq!(server.anybody().get(path).await.status, StatusCode::UNAUTHORIZED);
        put(&town.office, path, good, "\"v0\"").await.must(StatusCode::OK);
    })
    .await;
}
