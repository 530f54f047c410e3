//! Units: who answers for them.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    harness::{Answer, Caller, PASSWORD, Server, on_both, text},
    office::campaign,
};

/// A user with one role in the campaign, logged in, with their id.
pub async fn user(administrator: &Caller, server: &Server, name: &str, grant: Value) -> (Caller, String) {
    let new = json!({ "name": name, "display_name": name, "password": PASSWORD, "must_change_password": false, "grants": [grant] });
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
        let new = json!({ "name": "elsewhere", "display_name": "外人", "password": PASSWORD, "must_change_password": false, "grants": [] });
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

async fn close(caller: &Caller, campaign: &str, unit: &Value) -> Answer {
    let path = format!("/campaigns/{campaign}/units/{}/closing", text(&unit["id"]));
    let etag = format!("\"v{}\"", unit["version"]);
    let reason = Some(json!({ "reason": "机构改革" }));
    caller.send(Method::POST, &path, reason, &[("if-match", &etag)]).await
}

#[tokio::test]
async fn a_unit_that_owes_nothing_is_closed_and_stays_readable() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let here = campaign(&office).await;
        let inside = |rest: &str| format!("/campaigns/{here}/{rest}");
        let east = unit_named(&office, &here, "东河镇").await;
        let (liaison, _) = user(
            &office,
            &server,
            "east",
            json!({ "role": "liaison", "campaign_id": here, "unit_id": east["id"] }),
        )
        .await;
        let draft = json!({ "display_name": "新人",
            "grant": { "role": "liaison", "campaign_id": here, "unit_id": east["id"] } });
        let link = office.post(&inside("invitations"), draft).await.must(StatusCode::CREATED);
        let new = json!({ "title": "清理河道", "text": "", "units": [{ "id": east["id"], "role": "responsible" }] });
        let duty = office.post(&inside("duties"), new.clone()).await.must(StatusCode::CREATED);
        let village = json!({ "name": "河口村", "kind": "community", "parent_id": east["id"] });
        let village = office.post(&inside("units"), village).await.must(StatusCode::CREATED);

        let refused = close(&office, &here, &east).await.must(StatusCode::CONFLICT);
        let said = text(&refused["title"]);
        for part in ["1项责任任务(“清理河道”)", "1件没有办结", "1个单位(“河口村”)"] {
            assert!(said.contains(part), "{said}");
        }
        assert_eq!(close(&liaison, &here, &east).await.status, StatusCode::FORBIDDEN);
        let withdrawal = inside(&format!("duties/{}/withdrawal", text(&duty["id"])));
        office.post(&withdrawal, json!({ "reason": "重复" })).await.must(StatusCode::OK);
        close(&office, &here, &village).await.must(StatusCode::OK);
        let (one, other) = tokio::join!(close(&office, &here, &east), close(&office, &here, &east));
        let mut statuses = [one.status, other.status];
        statuses.sort();
        assert_eq!(statuses, [StatusCode::OK, StatusCode::PRECONDITION_FAILED], "the second is told");

        // Nobody works for it any more, and nobody can begin to.
        assert_eq!(liaison.get(&inside("units")).await.status, StatusCode::NOT_FOUND);
        let secret = json!({ "secret": link["secret"], "name": "new", "password": PASSWORD });
        assert_eq!(server.anybody().post("/joining", secret).await.status, StatusCode::CONFLICT);
        let list = office.get(&inside("units")).await.must(StatusCode::OK);
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        let gone = office.get(&inside("units?closed=true")).await.must(StatusCode::OK);
        assert_eq!(gone["items"].as_array().map(Vec::len), Some(2));
        let east = office.get(&inside(&format!("units/{}", text(&east["id"])))).await.must(StatusCode::OK);
        assert!(east["closed_at"].is_string());
        let path = |answer: Value| text(&answer["faults"][0]["path"]);
        let given = office.post(&inside("duties"), new).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(path(given), "units[0].id");
        let grant = json!({ "name": "late", "display_name": "迟到", "password": PASSWORD, "must_change_password": false,
            "grants": [{ "role": "liaison", "campaign_id": here, "unit_id": east["id"] }] });
        assert_eq!(path(office.post("/users", grant).await.must(StatusCode::UNPROCESSABLE_ENTITY)), "grants[0]");
        let west = unit_named(&office, &here, "西河镇").await;
        let under = patch(&office, &here, &west, json!({ "parent_id": east["id"] })).await;
        assert_eq!(path(under.must(StatusCode::UNPROCESSABLE_ENTITY)), "parent_id");
        let merge = inside(&format!("units/{}/merge", text(&west["id"])));
        let into = office.post(&merge, json!({ "into": east["id"] })).await;
        assert_eq!(path(into.must(StatusCode::UNPROCESSABLE_ENTITY)), "into");
        assert_eq!(
            patch(&office, &here, &east, json!({ "name": "新名" })).await.status,
            StatusCode::CONFLICT
        );
        assert_eq!(office.delete(&withdrawal).await.status, StatusCode::CONFLICT, "it would owe again");

        // Opened again, from above.
        let reopen = async |unit: &Value| {
            let path = inside(&format!("units/{}/closing", text(&unit["id"])));
            let etag = format!("\"v{}\"", unit["version"]);
            office.send(Method::DELETE, &path, None, &[("if-match", &etag)]).await
        };
        let village =
            office.get(&inside(&format!("units/{}", text(&village["id"])))).await.must(StatusCode::OK);
        assert_eq!(reopen(&village).await.status, StatusCode::CONFLICT, "what is above it is closed");
        assert_eq!(reopen(&east).await.must(StatusCode::OK)["closed_at"], Value::Null);
        reopen(&village).await.must(StatusCode::OK);
        office.delete(&withdrawal).await.must(StatusCode::OK);

        let ledger = office.get(&inside("ledger?limit=200")).await.must(StatusCode::OK);
        let entries = ledger["items"].as_array().expect("entries");
        let closed: Vec<&Value> = entries
            .iter()
            .filter(|entry| entry["action"] == "unit.close" && entry["subject_kind"] == "unit")
            .collect();
        assert_eq!(closed.len(), 2, "one for each unit");
        let details = &closed[0]["details"];
        assert_eq!(
            (&details["reason"], &details["invitations_revoked"], &details["roles_ended"][0]["role"]),
            (&json!("机构改革"), &json!(1), &json!("liaison"))
        );
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

/// Each of them reads all units before it adds its own, so that on PostgreSQL any two of them meet.
#[tokio::test(flavor = "multi_thread")]
async fn sixteen_who_add_units_at_once_all_succeed() {
    const WRITERS: usize = 16;
    const EACH: usize = 20;
    on_both(|server| async move {
        let office = server.administrator().await;
        let here = campaign(&office).await;
        let path = format!("/campaigns/{here}/units");
        let before = office.get(&format!("{path}?limit=200")).await.must(StatusCode::OK);
        let before = before["items"].as_array().expect("units").len();
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..WRITERS {
            let (office, path) = (office.clone(), path.clone());
            writers.spawn(async move {
                let mut slowest = std::time::Duration::ZERO;
                for n in 0..EACH {
                    let began = std::time::Instant::now();
                    let unit = json!({ "name": format!("第{writer}街第{n}社区"), "kind": "community" });
                    office.post(&path, unit).await.must(StatusCode::CREATED);
                    slowest = slowest.max(began.elapsed());
                }
                slowest
            });
        }
        let slowest = writers.join_all().await.into_iter().max().expect("some");
        assert!(slowest < std::time::Duration::from_secs(15), "one waited {slowest:?}");
        let after = all_units(&office, &path).await;
        assert_eq!(after, before + WRITERS * EACH);
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

/// How many units a campaign has, page after page.
async fn all_units(caller: &Caller, path: &str) -> usize {
    let (mut count, mut after) = (0, String::new());
    loop {
        let page = caller.get(&format!("{path}?limit=200{after}")).await.must(StatusCode::OK);
        count += page["items"].as_array().expect("units").len();
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return count,
        }
    }
}
