//! Units: who answers for them.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    harness::{Answer, Caller, PASSWORD, Server, on_both, text},
    office::campaign,
};

/// A user with one role in the campaign, logged in, with their id.
pub async fn user(administrator: &Caller, server: &Server, name: &str, grant: Value) -> (Caller, String) {
    let new = json!({ "name": name, "display_name": name, "password": PASSWORD, "grants": [grant] });
    let id = text(&administrator.post("/users", new).await.must(StatusCode::CREATED)["id"]);
    (server.log_in(name).await, id)
}

pub async fn unit_named(caller: &Caller, campaign: &str, name: &str) -> Value {
    let units = caller.get(&format!("/campaigns/{campaign}/units")).await.must(StatusCode::OK);
    let found = units["items"].as_array().expect("units").iter().find(|unit| unit["name"] == name).cloned();
    found.expect("the unit")
}

pub async fn patch(caller: &Caller, campaign: &str, unit: &Value, change: Value) -> Answer {
    let path = format!("/campaigns/{campaign}/units/{}", text(&unit["id"]));
    let etag = format!("\"v{}\"", unit["version"]);
    caller.send(Method::PATCH, &path, Some(change), &[("if-match", &etag)]).await
}

#[tokio::test]
async fn a_unit_tells_who_answers_for_it_to_those_who_work_in_the_campaign() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let here = campaign(&office).await;
        let (leader, id) =
            user(&office, &server, "wang", json!({ "role": "leader", "campaign_id": here })).await;
        let (volunteer, _) =
            user(&office, &server, "helper", json!({ "role": "volunteer", "campaign_id": here })).await;
        let town = unit_named(&office, &here, "东河镇").await;
        let contacts = json!([
            { "post": "liaison", "name": "李 强", "phone": "（0851）8612345" },
            { "post": "head", "name": "王芳", "duty_title": "镇长", "phone": "138 1234 5678", "user_id": id },
        ]);
        let change = json!({ "contacts": contacts });
        let changed = patch(&office, &here, &town, change.clone()).await.must(StatusCode::OK);
        let told = json!([
            { "post": "head", "name": "王芳", "duty_title": "镇长", "phone": "13812345678",
              "user": { "id": id, "name": "wang" } },
            { "post": "liaison", "name": "李强", "duty_title": null, "phone": "0851-8612345", "user": null },
        ]);
        assert_eq!(changed["contacts"], told);
        assert_eq!(patch(&office, &here, &town, change).await.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(unit_named(&leader, &here, "东河镇").await["contacts"], told);
        assert_eq!(
            patch(&leader, &here, &changed, json!({ "contacts": [] })).await.status,
            StatusCode::FORBIDDEN
        );
        let refused = volunteer.get(&format!("/campaigns/{here}/units")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "no phones for those who only help");

        // The ledger tells who and that phones changed, never a number.
        let ledger = office.get(&format!("/campaigns/{here}/ledger")).await.must(StatusCode::OK);
        let entry = &ledger["items"][0];
        assert_eq!(entry["details"]["fields"], json!(["contacts", "contact_phones"]));
        assert_eq!(entry["details"]["after"]["contacts"][0]["name"], "王芳");
        assert!(!ledger.to_string().contains("13812345678") && !ledger.to_string().contains("8612345"));

        let only_phone = json!({ "contacts": [
            { "post": "head", "name": "王芳", "duty_title": "镇长", "phone": "61234", "user_id": id },
            { "post": "liaison", "name": "李强", "phone": "0851-8612345" },
        ] });
        patch(&office, &here, &changed, only_phone).await.must(StatusCode::OK);
        let ledger = office.get(&format!("/campaigns/{here}/ledger")).await.must(StatusCode::OK);
        assert_eq!(ledger["items"][0]["details"]["fields"], json!(["contact_phones"]));
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn faults_of_people_are_told_all_at_once_and_a_merge_takes_them_along() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let here = campaign(&office).await;
        let new = json!({ "name": "elsewhere", "display_name": "外人", "password": PASSWORD, "grants": [] });
        let stranger = text(&office.post("/users", new).await.must(StatusCode::CREATED)["id"]);
        let (east, west) =
            (unit_named(&office, &here, "东河镇").await, unit_named(&office, &here, "西河镇").await);
        let bad = json!({ "contacts": [
            { "post": "head", "name": " ", "phone": "没有" },
            { "post": "liaison", "name": "王芳、李强", "user_id": stranger },
            { "post": "liaison", "name": "赵敏", "duty_title": "长".repeat(51) },
            { "post": "liaison", "name": "赵 敏" },
        ] });
        let problem = patch(&office, &here, &east, bad).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        let paths: Vec<String> =
            problem["faults"].as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect();
        let expected = [
            "contacts[0].name",
            "contacts[0].phone",
            "contacts[1].name",
            "contacts[1].user_id",
            "contacts[2].duty_title",
            "contacts[3].name",
        ];
        assert_eq!(paths, expected);

        let people = |name: &str, phone: Option<&str>| json!({ "contacts": [{ "post": "head", "name": name, "phone": phone }] });
        patch(&office, &here, &east, people("王芳", Some("61234"))).await.must(StatusCode::OK);
        patch(&office, &here, &west, people("王芳", None)).await.must(StatusCode::OK);
        let path = format!("/campaigns/{here}/units/{}/merge", text(&east["id"]));
        let merged = office.post(&path, json!({ "into": west["id"] })).await.must(StatusCode::OK);
        assert_eq!(merged["contacts"].as_array().map(Vec::len), Some(1));
        assert_eq!(merged["contacts"][0]["phone"], "61234");
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}
