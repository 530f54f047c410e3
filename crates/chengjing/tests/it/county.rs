//! The made-up county of `chengjing demo`.

use std::path::Path;

use serde_json::Value;

use crate::server::{Server, list, run};

fn reading(file: &str) -> (Value, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo").join(file).display().to_string();
    let (status, said) = run(&["read", &path, "--format", "json"]);
    assert!(status.success(), "{file}");
    let mut reading: Value = serde_json::from_str(&said).expect("a reading");
    reading.as_object_mut().expect("an object").remove("source");
    (reading, run(&["read", &path, "--cleaned"]).1)
}

#[test]
fn the_plan_reads_the_same_as_a_document_and_as_text() {
    let (document, cleaned) = reading("plan.docx");
    assert_eq!((&document, &cleaned), (&reading("plan.txt").0, &reading("plan.txt").1));
    assert_eq!(document["plans"].as_array().map(Vec::len), Some(1));
    let duties = document["plans"][0]["duties"].as_array().expect("duties");
    let with = |what: &str| duties.iter().filter(|duty| duty.get(what).is_some_and(|v| !v.is_null())).count();
    assert_eq!(duties.len(), 120);
    assert!(with("due") >= 50, "{}", with("due"));
    assert!(with("recurrence") >= 35, "{}", with("recurrence"));
    assert!(duties.iter().all(|duty| !duty["units"].as_array().expect("units").is_empty()));
}

#[test]
fn the_county_has_its_duties_units_and_a_login_for_each_role() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::demo(&folder.path().join("county"));
    let (status, said) = run(&["demo", "--print-logins"]);
    assert!(status.success());
    let logins: Value = serde_json::from_str(&said).expect("logins");
    let logins = logins.as_array().expect("a list");
    assert_eq!(logins.len(), 9);
    let mut client = server.client();
    for login in logins {
        let body = serde_json::json!({ "name": login["name"], "password": login["password"] });
        let answer = client.post("/api/v1/session", &body, &[]).expect("an answer");
        assert_eq!(answer.status, 200, "{login}");
        if login["role"] == "office" {
            let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
            client.cookie = cookie.map(str::to_owned);
        }
    }
    let session = client.get("/api/v1/session").expect("an answer").must(200);
    let campaign = session["campaigns"][0]["id"].as_str().expect("a campaign").to_owned();
    let inside = |rest: &str| format!("/api/v1/campaigns/{campaign}/{rest}");
    assert_eq!(list(&client, &inside("duties")).len(), 120);
    let units = list(&client, &inside("units"));
    assert!((58..=66).contains(&units.len()), "{} units", units.len());
    let plans = list(&client, &inside("plans"));
    let of = |state: &str| plans.iter().filter(|plan| plan["state"] == state).count();
    assert_eq!((of("adopted"), of("draft"), plans.len()), (1, 1, 2));
}
