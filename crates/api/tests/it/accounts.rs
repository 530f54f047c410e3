use axum::http::{Method, StatusCode};
use chengjing_domain::people::{
    Role,
    policy::{self, Who},
};
use serde_json::{Value, json};

use crate::{
    harness::{Answer, Caller, PASSWORD, Server, on_both, text},
    office::{adopted, campaign},
    refusals::unit,
};

/// Asks with a token, as a program does.
async fn with(server: &Server, token: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
    let bearer = format!("Bearer {token}");
    server.anybody().send(method, path, body, &[("authorization", &bearer), ("if-match", "\"v1\"")]).await
}

/// The second of two people.
async fn another(server: &Server, administrator: &Caller) -> Caller {
    let new = json!({ "name": "second", "display_name": "second", "password": PASSWORD, "must_change_password": false });
    administrator.post("/users", new).await.must(StatusCode::CREATED);
    server.log_in("second").await
}

async fn ids(caller: &Caller, path: &str) -> Vec<String> {
    let list = caller.get(path).await.must(StatusCode::OK);
    list["items"].as_array().expect("a list").iter().map(|item| text(&item["id"])).collect()
}

#[tokio::test]
async fn a_person_sees_where_they_are_logged_in_and_ends_it_there_at_once() {
    on_both(|server| async move {
        let desk = server.administrator().await;
        let (phone, tablet) = (server.log_in("admin").await, server.log_in("admin").await);
        let other = another(&server, &desk).await;
        let sessions = "/account/sessions";
        let list = desk.get(sessions).await.must(StatusCode::OK);
        let own: Vec<&Value> =
            list["items"].as_array().expect("a list").iter().filter(|one| one["own"] == true).collect();
        assert_eq!((list["items"].as_array().map(Vec::len), own.len()), (Some(3), 1), "{list}");
        assert_eq!((&own[0]["program"], &own[0]["system"]), (&json!("other"), &json!("other")));
        let own = text(&own[0]["id"]);

        let list = phone.get(sessions).await.must(StatusCode::OK);
        let mark = |one: &&Value| one["own"] == true;
        let phones = text(&list["items"].as_array().expect("a list").iter().find(mark).expect("own")["id"]);
        let foreign = other.delete(&format!("{sessions}/{phones}")).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "of somebody else");
        desk.delete(&format!("{sessions}/{phones}")).await.must(StatusCode::NO_CONTENT);
        assert_eq!(phone.get("/session").await.status, StatusCode::UNAUTHORIZED, "at once");
        assert_eq!(desk.delete(&format!("{sessions}/{phones}")).await.status, StatusCode::NOT_FOUND);

        assert_eq!(desk.delete(sessions).await.must(StatusCode::OK)["ended"], 1);
        assert_eq!(tablet.get("/session").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(desk.delete(sessions).await.must(StatusCode::OK)["ended"], 0, "nothing is left to end");
        assert_eq!(ids(&desk, sessions).await, [own]);
        other.get("/session").await.must(StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn an_administrator_sees_where_a_user_is_logged_in_and_logs_them_out() {
    on_both(|server| async move {
        let administrator = server.administrator().await;
        let other = another(&server, &administrator).await;
        let user = text(&other.get("/session").await.must(StatusCode::OK)["user"]["id"]);
        let path = format!("/users/{user}/sessions");
        assert_eq!(ids(&administrator, &path).await.len(), 1);
        for refused in [other.get(&path).await, other.delete(&path).await] {
            assert_eq!(refused.status, StatusCode::FORBIDDEN);
        }
        assert_eq!(administrator.delete(&path).await.must(StatusCode::OK)["ended"], 1);
        assert_eq!(other.get("/session").await.status, StatusCode::UNAUTHORIZED);
        assert!(ids(&administrator, &path).await.is_empty());
        assert_eq!(administrator.delete(&path).await.must(StatusCode::OK)["ended"], 0);
        let ledger = administrator.get("/ledger?limit=1").await.must(StatusCode::OK);
        assert_eq!(ledger["items"][0]["action"], "session.end");
        let missing = "/users/00000000-0000-7000-8000-000000000000/sessions";
        assert_eq!(administrator.delete(missing).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_token_works_until_it_is_revoked_and_its_secret_is_told_once() {
    on_both(|server| async move {
        let user = server.administrator().await;
        let here = campaign(&user).await;
        let new = json!({ "name": "大屏取数", "days": 90, "read_only": true, "campaign_id": here });
        let key = [("idempotency-key", "one")];
        let post =
            async |new: &Value| user.send(Method::POST, "/account/tokens", Some(new.clone()), &key).await;
        let first = post(&new).await.must(StatusCode::CREATED);
        let again = post(&new).await;
        assert!(!again.replayed, "no copy of a secret is kept");
        let made = again.must(StatusCode::CREATED);
        assert_eq!(made["token"]["id"], first["token"]["id"], "the same token");
        assert_ne!(made["secret"], first["secret"]);
        let (lost, secret) = (text(&first["secret"]), text(&made["secret"]));
        let session = |secret: String| {
            let server = server.clone();
            async move { with(&server, &secret, Method::GET, "/session", None).await }
        };
        assert_eq!(session(lost).await.status, StatusCode::UNAUTHORIZED, "the one that got lost");
        session(secret.clone()).await.must(StatusCode::OK);
        let list = user.get("/account/tokens").await.must(StatusCode::OK);
        let token = &list["items"][0];
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        assert_eq!((&token["name"], &token["read_only"]), (&json!("大屏取数"), &json!(true)));
        assert_eq!((&token["campaign"]["id"], token["used_at"].is_string()), (&json!(here), true));
        assert!(!list.to_string().contains(&secret));

        let other = another(&server, &user).await;
        let path = format!("/account/tokens/{}", text(&token["id"]));
        assert_eq!(other.delete(&path).await.status, StatusCode::NOT_FOUND, "of somebody else");
        user.delete(&path).await.must(StatusCode::NO_CONTENT);
        assert_eq!(session(secret).await.status, StatusCode::UNAUTHORIZED, "at once");
        assert!(ids(&user, "/account/tokens").await.is_empty());

        let missing = "00000000-0000-7000-8000-000000000000";
        let bad = json!({ "name": "", "days": 366, "campaign_id": missing });
        let problem = user.post("/account/tokens", bad).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        let places: Vec<String> =
            problem["faults"].as_array().expect("faults").iter().map(|f| text(&f["path"])).collect();
        assert_eq!(places, ["name", "days", "campaign_id"]);
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_token_for_reading_is_refused_by_every_operation_that_changes_something() {
    on_both(|server| async move {
        let user = server.administrator().await;
        let here = campaign(&user).await;
        let new = json!({ "name": "只读", "days": 1, "read_only": true });
        let secret = text(&user.post("/account/tokens", new).await.must(StatusCode::CREATED)["secret"]);
        let document: Value = serde_json::from_str(&chengjing_api::description()).expect("a description");
        let mut refused = 0;
        for (path, item) in document["paths"].as_object().expect("paths") {
            let Some(path) = path.strip_prefix("/api/v1") else { continue };
            let path = path.replace("{campaign}", &here);
            for (method, operation) in item.as_object().expect("operations") {
                let permission = operation["x-permission"].as_str().unwrap_or_default();
                let rule = policy::TABLE.iter().find(|rule| rule.code == permission).expect("a rule");
                if rule.who == Who::Anybody || rule.action.only_looks() || path.contains('{') {
                    continue;
                }
                let method: Method = method.to_uppercase().parse().expect("a method");
                let answer = with(&server, &secret, method.clone(), &path, Some(json!({}))).await;
                let seen = [StatusCode::FORBIDDEN, StatusCode::UNPROCESSABLE_ENTITY];
                assert!(seen.contains(&answer.status), "{method} {path}: {answer:?}");
                refused += usize::from(answer.status == StatusCode::FORBIDDEN);
            }
        }
        assert!(refused > 4, "{refused}");
        let unit = json!({ "name": "南河镇", "kind": "street" });
        let units = format!("/campaigns/{here}/units");
        let answer = with(&server, &secret, Method::POST, &units, Some(unit.clone())).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        with(&server, &secret, Method::GET, &units, None).await.must(StatusCode::OK);
        let session = with(&server, &secret, Method::GET, "/session", None).await.must(StatusCode::OK);
        assert_eq!(
            session["permissions"],
            json!([
                "ledger.see_all",
                "campaign.see",
                "unit.see",
                "initiative.see",
                "plan.see",
                "duty.see",
                "duty.export",
                "task.see",
                "overview.see",
                "ledger.see",
                "search",
                "letter.print",
                "bulletin.see",
                "template.see",
                "webhook.see",
                "reminder.see",
                "view.see",
                "standard.see",
                "standard.browse",
                "evidence.see",
                "burden.see",
                "dossier.pack",
                "doubt.see",
                "site.see",
                "observation.see",
                "score.see",
                "result.see",
            ])
        );
        let new = json!({ "name": "读写", "days": 1 });
        let secret =
            text(&user.post("/account/tokens", new.clone()).await.must(StatusCode::CREATED)["secret"]);
        with(&server, &secret, Method::POST, &units, Some(unit)).await.must(StatusCode::CREATED);
        for (method, path) in [
            (Method::POST, "/account/tokens"),
            (Method::GET, "/account/sessions"),
            (Method::DELETE, "/account/sessions"),
            (Method::DELETE, "/session"),
        ] {
            let answer = with(&server, &secret, method, path, Some(new.clone())).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}: a token can't change its account");
        }
    })
    .await;
}

#[tokio::test]
async fn a_token_for_one_campaign_cannot_tell_that_there_is_another() {
    on_both(|server| async move {
        let user = server.administrator().await;
        let here = campaign(&user).await;
        let new = json!({ "name": "别的县", "place": "别的县", "kind": "卫生城市", "year": 2026 });
        let other = text(&user.post("/campaigns", new).await.must(StatusCode::CREATED)["id"]);
        let new = json!({ "name": "一县", "days": 1, "campaign_id": here });
        let secret = text(&user.post("/account/tokens", new).await.must(StatusCode::CREATED)["secret"]);
        let get = async |path: &str| with(&server, &secret, Method::GET, path, None).await;
        let listed = get("/campaigns").await.must(StatusCode::OK);
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
        get(&format!("/campaigns/{here}/units")).await.must(StatusCode::OK);
        let missing = get("/campaigns/00000000-0000-7000-8000-000000000000/units").await;
        let hidden = get(&format!("/campaigns/{other}/units")).await;
        assert_eq!((hidden.status, &hidden.body), (StatusCode::NOT_FOUND, &missing.body));
        for path in ["/users", "/ledger"] {
            assert_eq!(get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_calendars_link_tells_what_is_due_until_it_is_revoked_and_opens_nothing_else() {
    on_both(|server| async move {
        let (office, campaign, _) = adopted(&server).await;
        let unit = unit(&office, &campaign, "县教育局").await;
        let grant = json!({ "role": Role::Liaison.code(), "campaign_id": campaign, "unit_id": unit });
        let new = json!({ "name": "liu", "display_name": "刘", "password": PASSWORD, "must_change_password": false, "grants": [grant] });
        office.post("/users", new).await.must(StatusCode::CREATED);
        let school = server.log_in("liu").await;
        let own = school.get(&format!("/campaigns/{campaign}/tasks")).await.must(StatusCode::OK)["items"][0]
            .clone();
        let duty = format!("/campaigns/{campaign}/duties/{}", text(&own["duty"]["id"]));
        let due = Some(json!({ "due": "2026-06-30" }));
        office.send(Method::PATCH, &duty, due, &[("if-match", "\"v1\"")]).await.must(StatusCode::OK);

        let new = json!({ "name": "任务时限", "campaign_id": null });
        let made = school.post("/account/calendars", new).await.must(StatusCode::CREATED);
        assert_eq!((&made["token"]["calendar"], &made["token"]["expires_at"]), (&json!(true), &Value::Null));
        let path = text(&made["path"]);
        let path = path.strip_prefix("/api/v1").expect("below the API").to_owned();
        let nobody = server.anybody();
        let (status, headers, bytes) = nobody.fetch(&path, &[]).await;
        assert_eq!(
            (status, &headers["content-type"]),
            (StatusCode::OK, &"text/calendar; charset=utf-8".parse().expect("a value"))
        );
        let shown = String::from_utf8(bytes).expect("a text");
        assert!(shown.contains("DTSTART;VALUE=DATE:20260630"), "{shown}");
        assert_eq!(shown.matches("BEGIN:VEVENT").count(), 1, "its own task, and no other unit's: {shown}");

        // As a token it opens nothing, not even the tasks whose days it tells.
        let secret = path.rsplit('/').next().expect("a secret").to_owned();
        let refused =
            with(&server, &secret, Method::GET, &format!("/campaigns/{campaign}/tasks"), None).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert_eq!(nobody.get("/calendars/cjcal_00").await.status, StatusCode::NOT_FOUND);
        let token = text(&made["token"]["id"]);
        school.delete(&format!("/account/tokens/{token}")).await.must(StatusCode::NO_CONTENT);
        assert_eq!(nobody.get(&path).await.status, StatusCode::NOT_FOUND, "revoked");
    })
    .await;
}
