//! One page per unit: what it owes and did, for itself and those who see it, and nothing for anybody else.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    harness::{on_both, text},
    refusals::unit,
    tasks::Town,
};

#[tokio::test]
async fn a_units_record_tells_what_it_did_late_and_in_time_week_by_week() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        let id = unit(&town.office, &town.campaign, "县教育局").await;
        let path = town.inside(&format!("units/{id}/record"));
        let fresh = school.get(&path).await.must(StatusCode::OK);
        assert_eq!(fresh["weeks"].as_array().map(Vec::len), Some(26));
        assert_eq!((&fresh["tally"]["total"], &fresh["burden"]["filed"]), (&json!(1), &json!(0)));

        let own = town.tasks(&school, "").await.remove(0);
        let duty = town.inside(&format!("duties/{}", text(&own["duty"]["id"])));
        let found = town.office.get(&duty).await;
        let seen = found.etag.expect("a version");
        let passed = json!({ "due": "2026-04-30" });
        let moved = town.office.send(Method::PATCH, &duty, Some(passed), &[("if-match", &seen)]).await;
        moved.must(StatusCode::OK);
        let late = school.get(&path).await.must(StatusCode::OK);
        assert_eq!(late["tally"]["late"], 1);

        let own = town.tasks(&school, "").await.remove(0);
        let begun = town.done(&school, &own, json!({ "deed": "progress", "percent": 50 })).await;
        let reported = town.done(&school, &begun, json!({ "deed": "report", "note": "办结" })).await;
        let reason = json!({ "deed": "send_back", "reason": "缺照片" });
        let back = town.done(&town.office, &reported, reason).await;
        // What was late then stays late, though the day is moved afterwards.
        let found = town.office.get(&duty).await;
        let seen = found.etag.expect("a version");
        let later = json!({ "due": "2026-12-31" });
        let moved = town.office.send(Method::PATCH, &duty, Some(later), &[("if-match", &seen)]).await;
        moved.must(StatusCode::OK);
        let again = town.done(&school, &town.tasks(&school, "").await[0], json!({ "deed": "report" })).await;
        assert_eq!((text(&back["state"]), text(&again["state"])), ("sent_back".into(), "reported".into()));

        let told = town.office.get(&path).await.must(StatusCode::OK);
        let week = told["weeks"].as_array().and_then(|weeks| weeks.last()).expect("this week");
        assert_eq!(
            (&week["reported"], &week["late"], &week["sent_back"], &week["confirmed"]),
            (&json!(2), &json!(1), &json!(1), &json!(0))
        );
        assert_eq!((&told["burden"]["filed"], &told["burden"]["sent_back"]), (&json!(3), &json!(1)));
        assert_eq!((&told["tally"]["late"], &told["tally"]["reported"]), (&json!(0), &json!(1)));
    })
    .await;
}

#[tokio::test]
async fn the_record_of_another_unit_looks_like_that_of_one_that_is_not_there() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        let other = unit(&town.office, &town.campaign, "东河镇").await;
        let foreign = school.get(&town.inside(&format!("units/{other}/record"))).await;
        let nowhere = town.inside("units/00000000-0000-7000-8000-000000000000/record");
        let absent = school.get(&nowhere).await;
        assert_eq!((foreign.status, &foreign.body), (StatusCode::NOT_FOUND, &absent.body));
        assert_eq!(town.office.get(&nowhere).await.status, StatusCode::NOT_FOUND);
        let stranger = server.anybody().get(&nowhere).await;
        assert_eq!((stranger.status, stranger.body == Value::Null), (StatusCode::UNAUTHORIZED, false));
    })
    .await;
}
