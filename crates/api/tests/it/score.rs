//! How a campaign scores: the same from the counters and from what was observed, explained to the last decimal, and seen by
//! those who see the whole campaign.

use std::sync::Arc;

use axum::http::StatusCode;
use chengjing_domain::{id::CampaignId, people::Role};
use chengjing_service::{App, score::days};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    harness::{on_both, text},
    observations::{City, figure},
    office::adopted,
    refusals::{person, unit},
    standards::{Shelf, edition_path, publish},
};

fn decimal(value: &Value) -> Decimal {
    text(value).parse().expect("a decimal")
}

#[tokio::test]
async fn a_figure_moves_its_leaf_and_the_total_and_the_explanation_names_it() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        let before = city.score().await;
        assert_eq!(before["total"], json!({ "low": "0", "value": "0", "high": "14" }));
        assert_eq!(before["places"][2]["open"], "4", "what is at stake");
        let one = city.recorded(figure("2026-03", "4.2")).await;
        let after = city.score().await;
        assert_eq!(after["total"], json!({ "low": "2", "value": "2", "high": "12" }));
        let leaf = city.shelf.office.get(&city.inside("score/leaf/3")).await.must(StatusCode::OK);
        assert_eq!(
            (&leaf["value"], &leaf["lost"], &leaf["status"]),
            (&json!("2"), &json!("2"), &json!("known"))
        );
        let loss = &leaf["losses"][0];
        assert_eq!((&loss["cause"], &loss["item_title"]), (&json!("figure"), &json!("城镇登记失业率")));
        assert_eq!((&loss["marks"], &loss["observations"]), (&json!("2"), &json!([one["id"]])));
        assert_eq!(leaf["measures"][0]["observations"], json!([one["id"]]));
        assert_eq!(leaf["observations"][0]["source"], "县人社局月报");

        let event = json!({ "fact": { "kind": "event", "entry": "N1" }, "standard_id": city.standard,
            "source": "市应急局通报", "accepted": true });
        city.recorded(event).await;
        let after = city.score().await;
        assert_eq!(after["lines"][1]["title"], "较大事故");
        assert_eq!(after["total"], json!({ "low": "0", "value": "0", "high": "10" }));
        let missing = city.shelf.office.get(&city.inside("score/leaf/9")).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
        let (status, headers, bytes) = city.shelf.office.fetch(&city.inside("score/workbook"), &[]).await;
        assert_eq!((status, &bytes[..2]), (StatusCode::OK, b"PK".as_slice()));
        assert!(headers["content-disposition"].to_str().expect("text").contains("xlsx"));
    })
    .await;
}

#[tokio::test]
async fn who_does_not_see_the_whole_campaign_sees_neither_its_score_nor_what_was_observed() {
    on_both(|server| async move {
        let (administrator, campaign, _) = adopted(&server).await;
        let school = unit(&administrator, &campaign, "县教育局").await;
        let liaison = person(&server, &administrator, Role::Liaison, &campaign, Some(&school)).await;
        let leader = person(&server, &administrator, Role::Leader, &campaign, None).await;
        let inside = |rest: &str| format!("/campaigns/{campaign}/{rest}");
        let score =
            ["score", "score/leaf/1", "score/leaf/1/observations", "score/days", "score/compare", "score/units",
                "score/workbook"];
        for rest in score.into_iter().chain(["observations", "sites"]) {
            assert_eq!(liaison.get(&inside(rest)).await.status, StatusCode::FORBIDDEN, "{rest}");
        }
        let none = leader.get(&inside("score")).await;
        assert_eq!(none.status, StatusCode::CONFLICT, "assessed by nothing yet");
        let new = json!({ "items": [{ "fact": { "kind": "event", "entry": "N1" }, "source": "甲" }] });
        assert_eq!(leader.post(&inside("observations"), new.clone()).await.status, StatusCode::FORBIDDEN);
        assert_eq!(leader.get(&inside("observables?kind=figure")).await.status, StatusCode::FORBIDDEN);
        let other = json!({ "name": "别的县", "place": "别的县", "kind": "卫生城市", "year": 2026 });
        let other = text(&administrator.post("/campaigns", other).await.must(StatusCode::CREATED)["id"]);
        let grant = json!({ "role": "office", "campaign_id": other });
        let stranger = json!({ "name": "stranger", "display_name": "外地人", "password": crate::harness::PASSWORD,
            "must_change_password": false, "grants": [grant] });
        administrator.post("/users", stranger).await.must(StatusCode::CREATED);
        let stranger = server.log_in("stranger").await;
        for rest in
            ["score", "score/compare", "score/units", "observations", "sites", "observables?kind=figure"]
        {
            assert_eq!(stranger.get(&inside(rest)).await.status, StatusCode::NOT_FOUND, "{rest}");
        }
        assert_eq!(stranger.post(&inside("observations"), new).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

/// The example of every form of grading, with its facts two months earlier, more in the month in which its window begins,
/// and more at the same places.
#[tokio::test]
async fn the_counters_and_the_observations_give_the_same_score_for_every_form_of_grading() {
    on_both(|server| async move {
        let (_, shelf) = Shelf::new(&server).await;
        shelf.catalogue(include_str!("../../../../standards/example/catalogue.yaml")).await;
        let source = include_str!("../../../../standards/example/standard.yaml");
        let draft = shelf.take_in(source).await.must(StatusCode::CREATED);
        let edition = publish(&shelf.office, &edition_path(&draft), 1).await.must(StatusCode::OK);
        let inside = |rest: &str| format!("/campaigns/{}/{rest}", shelf.campaign);
        let chosen = json!({ "edition_id": edition["id"] });
        shelf.office.post(&inside("standards"), chosen).await.must(StatusCode::CREATED);
        let facts: Value = serde_json::from_str(include_str!("../../../../standards/example/facts.json"))
            .expect("the example's facts");
        let mut sites = serde_json::Map::new();
        for site in facts["sites"].as_array().expect("sites") {
            let new = json!({ "items": [{ "name": site["id"], "site_type": site["site_type"] }] });
            let added = shelf.office.post(&inside("sites"), new).await.must(StatusCode::CREATED);
            sites.insert(text(&site["id"]), added["items"][0]["id"].clone());
        }
        let mut items = Vec::new();
        for one in facts["observations"].as_array().expect("observations") {
            let mut fact = one["fact"].clone();
            for field in ["number", "metres", "value"] {
                if let Some(number) = fact.get(field).filter(|number| number.is_number()) {
                    fact[field] = json!(number.to_string());
                }
            }
            if let Some(site) = fact.get("site").map(text) {
                fact["site"] = sites[&site].clone();
            }
            let own = ["judgement", "event", "honour"].contains(&text(&fact["kind"]).as_str());
            let at: chrono::DateTime<chrono::Utc> = text(&one["at"]).parse().expect("a moment");
            let mut add = |at: chrono::DateTime<chrono::Utc>, fact: &Value| {
                items.push(json!({ "fact": fact, "at": at, "source": "示例", "accepted": true,
                    "standard_id": own.then(|| draft["standard"]["id"].clone()) }));
            };
            add(at - chrono::TimeDelta::days(60), &fact);
            if ["visit", "answers", "figure"].contains(&text(&fact["kind"]).as_str()) {
                // On both sides of the day from which on something is young enough.
                for (day, hour) in [(5, 1), (6, 2), (29, 0)] {
                    let old = format!("2025-05-{day:02}T{hour:02}:30:00Z");
                    add(old.parse().expect("a moment"), &fact);
                }
            }
        }
        let count = items.len();
        shelf.office.post(&inside("observations"), json!({ "items": items })).await.must(StatusCode::CREATED);
        let score = inside("score");
        let now = shelf.office.get(&score).await.must(StatusCode::OK);
        let then = format!("{score}?as_of=2026-05-06T01:00:00Z");
        let then = shelf.office.get(&then).await.must(StatusCode::OK);
        assert_eq!(now, then);
        assert!(decimal(&now["total"]["value"]) > Decimal::from(20), "{count} observations: {now}");
        for place in now["places"].as_array().expect("places").iter().filter(|place| place["leaf"] == true) {
            let code = percent(&text(&place["code"]));
            let leaf = shelf.office.get(&inside(&format!("score/leaf/{code}"))).await.must(StatusCode::OK);
            let before = format!("score/leaf/{code}?as_of=2026-05-06T01:00:00Z");
            assert_eq!(shelf.office.get(&inside(&before)).await.must(StatusCode::OK), leaf, "{place}");
            assert_eq!((&leaf["value"], &leaf["status"]), (&place["value"], &place["status"]));
            let losses = leaf["losses"].as_array().expect("losses");
            let lost: Decimal = losses.iter().map(|loss| decimal(&loss["marks"])).sum();
            assert_eq!(lost, decimal(&place["lost"]), "{leaf:#}");
        }
        let early = shelf.office.get(&format!("{score}?as_of=2024-01-01T00:00:00Z")).await;
        assert_eq!(early.must(StatusCode::OK)["places"][0]["status"], "unknown");
        let late = shelf.office.get(&format!("{score}?as_of=2030-01-01T00:00:00Z")).await;
        assert_eq!(late.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"][0]["path"], "as_of");
    })
    .await;
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn the_days_that_are_over_are_kept_as_they_were_known_then() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        city.recorded(figure("2026-03", "4.2")).await;
        let campaign: CampaignId = city.shelf.campaign.parse().expect("an id");
        assert_eq!(days::keep(&server.app, campaign).await.expect("kept"), 0, "today is not over");
        let later = |days: i64| {
            let now = server.app.now() + chrono::TimeDelta::days(days);
            let mut app: App = server.app.clone();
            app.clock = Arc::new(move || now);
            app
        };
        assert_eq!(days::keep(&later(2), campaign).await.expect("kept"), 2);
        assert_eq!(days::keep(&later(2), campaign).await.expect("kept"), 0, "once");
        assert_eq!(days::keep(&later(3), campaign).await.expect("kept"), 1);
        let list = city.shelf.office.get(&city.inside("score/days")).await.must(StatusCode::OK);
        let days: Vec<String> =
            list["items"].as_array().expect("days").iter().map(|day| text(&day["day"])).collect();
        assert_eq!(days, ["2026-05-06", "2026-05-07", "2026-05-08"]);
        let first = &list["items"][0];
        assert_eq!(
            (&first["low"], &first["value"], &first["high"], &first["marks"]),
            (&json!("2"), &json!("2"), &json!("12"), &json!("14"))
        );
        let some = city.shelf.office.get(&city.inside("score/days?from=2026-05-08")).await;
        assert_eq!(some.must(StatusCode::OK)["items"].as_array().map(Vec::len), Some(1));
    })
    .await;
}
