use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Caller, Server, on_both, text};

const PLAN: &str = "云溪县环境整治方案\n一、重点任务\n1.清理背街小巷,6月底前完成,满意度达90%以上。\n责任单位:县城管局、各乡镇\n\
    2.整治校园周边摊点。\n责任单位:县教育局\n";

/// A campaign with two towns, for the administrator who made it.
pub async fn campaign(administrator: &Caller) -> String {
    let new = json!({ "name": "云溪县创建文明城市", "place": "云溪县", "kind": "文明城市", "year": 2026 });
    let campaign = text(&administrator.post("/campaigns", new).await.must(StatusCode::CREATED)["id"]);
    for name in ["东河镇", "西河镇"] {
        let unit = json!({ "name": name, "kind": "street" });
        administrator.post(&format!("/campaigns/{campaign}/units"), unit).await.must(StatusCode::CREATED);
    }
    campaign
}

/// Uploads the plan and waits until it is read.
async fn import(caller: &Caller, campaign: &str) -> (String, Value) {
    let path = format!("/campaigns/{campaign}/plans?name=plan.txt");
    let plan = text(&caller.upload(&path, PLAN.into()).await.must(StatusCode::ACCEPTED)["plan"]["id"]);
    for _ in 0..500 {
        let body = caller.get(&format!("/campaigns/{campaign}/plans/{plan}")).await.must(StatusCode::OK);
        if body["state"] != "reading" {
            return (plan, body);
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the plan was not read");
}

/// Takes every proposal as it is.
async fn decisions(caller: &Caller, campaign: &str, plan: &str) -> Value {
    let proposals =
        caller.get(&format!("/campaigns/{campaign}/plans/{plan}/units")).await.must(StatusCode::OK)["items"]
            .clone();
    let units: Vec<Value> = proposals
        .as_array()
        .expect("a list")
        .iter()
        .map(|proposal| {
            let members: Vec<&Value> =
                proposal["members"].as_array().expect("a list").iter().map(|unit| &unit["id"]).collect();
            let new = json!({ "name": proposal["name"], "kind": proposal["kind"], "member_ids": members });
            json!({ "name": proposal["name"], "as": { "new": new } })
        })
        .collect();
    json!({ "duties": null, "phases": true, "units": units })
}

/// A campaign with an adopted plan.
pub async fn adopted(server: &Server) -> (Caller, String, String) {
    let administrator = server.administrator().await;
    let campaign = campaign(&administrator).await;
    let (plan, body) = import(&administrator, &campaign).await;
    assert_eq!(body["state"], "draft", "{body}");
    let decisions = decisions(&administrator, &campaign, &plan).await;
    let path = format!("/campaigns/{campaign}/plans/{plan}/adoption");
    let etag = format!("\"v{}\"", body["version"]);
    let answer = administrator.send(Method::POST, &path, Some(decisions), &[("if-match", &etag)]).await;
    assert_eq!(answer.must(StatusCode::OK)["duties_added"], 2);
    (administrator, campaign, plan)
}

#[tokio::test]
async fn a_plan_becomes_duties_that_are_found_edited_printed_and_taken_back() {
    on_both(|server| async move {
        let (office, campaign, plan) = adopted(&server).await;
        let inside = |rest: &str| format!("/campaigns/{campaign}/{rest}");
        let list = office.get(&inside("duties?q=%E5%B0%8F%E5%B7%B7")).await.must(StatusCode::OK);
        let duty = &list["items"][0];
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "found by two characters");
        assert_eq!(duty["due_on"], "2026-06-30");
        let names: Vec<String> =
            duty["units"].as_array().expect("units").iter().map(|u| text(&u["name"])).collect();
        assert_eq!(names, ["县城管局", "东河镇", "西河镇"], "the group makes way for its members");
        assert_eq!(duty["targets"][0]["value"], 90);

        let one = inside(&format!("duties/{}", text(&duty["id"])));
        let source = office.get(&format!("{one}/source")).await.must(StatusCode::OK);
        assert!(text(&source["text"]).contains("背街小巷"));
        let overview = office.get(&inside("overview")).await.must(StatusCode::OK);
        assert_eq!((&overview["total"], &overview["undated"]), (&json!(2), &json!(1)));
        for format in ["xlsx", "docx"] {
            assert_eq!(
                office.get(&inside(&format!("task-table?format={format}"))).await.status,
                StatusCode::OK
            );
        }

        // Taken back while nobody has touched a duty; refused afterwards.
        let adoption = inside(&format!("plans/{plan}/adoption"));
        let draft = office.delete(&adoption).await.must(StatusCode::OK);
        assert_eq!(draft["state"], "draft");
        assert_eq!(office.get(&inside("duties")).await.must(StatusCode::OK)["items"], json!([]));
        let again = json!({ "phases": false, "units": [] });
        let etag = format!("\"v{}\"", draft["version"]);
        office.send(Method::POST, &adoption, Some(again), &[("if-match", &etag)]).await.must(StatusCode::OK);
        let duty = office.get(&inside("duties")).await.must(StatusCode::OK)["items"][0].clone();
        let one = inside(&format!("duties/{}", text(&duty["id"])));
        let change = Some(json!({ "due": "2026-07-15" }));
        let edited = office.send(Method::PATCH, &one, change.clone(), &[("if-match", "\"v1\"")]).await;
        assert_eq!(edited.must(StatusCode::OK)["due_on"], "2026-07-15");
        let stale = office.send(Method::PATCH, &one, change.clone(), &[("if-match", "\"v1\"")]).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(
            office.send(Method::PATCH, &one, change, &[]).await.status,
            StatusCode::PRECONDITION_REQUIRED
        );
        assert_eq!(office.delete(&adoption).await.status, StatusCode::CONFLICT);

        let history = office.get(&inside(&format!("ledger?subject=duty:{}", text(&duty["id"])))).await;
        let actions = history.must(StatusCode::OK)["items"].clone();
        assert_eq!(actions[0]["action"], "duty.edit");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_same_post_under_the_same_key_does_its_work_once() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let campaign = campaign(&office).await;
        let path = format!("/campaigns/{campaign}/duties");
        let body = Some(json!({ "title": "清理河道" }));
        let key = [("idempotency-key", "one")];
        let (first, second) = tokio::join!(
            office.send(Method::POST, &path, body.clone(), &key),
            office.send(Method::POST, &path, body.clone(), &key)
        );
        assert!(first.replayed ^ second.replayed, "one of the two did the work");
        assert_eq!((first.status, first.body, first.etag), (second.status, second.body, second.etag));
        let list = office.get(&path).await.must(StatusCode::OK);
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        let other = office.send(Method::POST, &format!("/campaigns/{campaign}/units"), body, &key).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "the key belongs to another request");
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_body_is_told_at_once_with_its_place() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let campaign = campaign(&office).await;
        let path = format!("/campaigns/{campaign}/duties");
        let body = json!({ "title": " ", "start": "2026-09", "due": "2026-06", "leads": ["", "王芳"] });
        let problem = office.post(&path, body).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        let places: Vec<String> =
            problem["faults"].as_array().expect("faults").iter().map(|f| text(&f["path"])).collect();
        assert_eq!(places, ["title", "leads[0]", "due"]);
        let large = vec![b'x'; (1 << 20) + 1];
        let refused = office.upload(&format!("/campaigns/{campaign}/plans?name=a.txt"), large).await;
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    })
    .await;
}
