//! A person who leaves asks for the hand-over themselves, and the office decides.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    handovers::{Scene, scene},
    harness::{Answer, Caller, Server, on_both, text},
    office::campaign,
    units::{unit_named, user},
};

fn leaving() -> Value {
    json!({ "leaves_on": "2026-05-31", "reason": "调往县教育局", "proposed": " 王芳 " })
}

async fn ask(caller: &Caller, campaign: &str) -> Answer {
    caller.post(&format!("/campaigns/{campaign}/handover-requests"), leaving()).await
}

/// What is done to a request as it was seen.
async fn act(caller: &Caller, request: &Value, deed: &str, body: Option<Value>) -> Answer {
    let campaign = text(&request["campaign"]["id"]);
    let path = format!("/campaigns/{campaign}/handover-requests/{}/{deed}", text(&request["id"]));
    let etag = format!("\"v{}\"", request["version"]);
    caller.send(Method::POST, &path, body, &[("if-match", &etag)]).await
}

async fn refuse(caller: &Caller, request: &Value) -> Answer {
    act(caller, request, "refusal", Some(json!({ "reason": "接手的人还没有到岗" }))).await
}

async fn waiting(caller: &Caller, campaign: &str) -> Vec<Value> {
    let list = caller.get(&format!("/campaigns/{campaign}/handover-requests?waiting=true")).await;
    list.must(StatusCode::OK)["items"].as_array().expect("requests").clone()
}

async fn confirm(caller: &Caller, campaign: &str, request: &Value, to: &str) -> Answer {
    let path = format!("/campaigns/{campaign}/people/{}/handover", text(&request["user"]["id"]));
    caller.post(&path, json!({ "to": { "user": { "id": to } }, "request_id": request["id"] })).await
}

async fn is_sound(server: &Server) {
    chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
    assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
}

#[tokio::test]
async fn who_leaves_asks_and_the_office_confirms_with_whom_it_thinks_right() {
    on_both(|server| async move {
        let Scene { administrator, office, here, leaver, leaver_id, .. } = scene(&server).await;
        let west = unit_named(&office, &here, "西河镇").await;
        let grant = json!({ "role": "liaison", "campaign_id": here, "unit_id": west["id"] });
        let (successor, successor_id) = user(&administrator, &server, "successor", grant).await;

        let bad = json!({ "leaves_on": "2027-06-01", "reason": " ", "proposed": "王".repeat(51) });
        let refused = leaver.post(&format!("/campaigns/{here}/handover-requests"), bad).await;
        let faults = refused.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"].clone();
        let paths: Vec<String> =
            faults.as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect();
        assert_eq!(paths, ["leaves_on", "reason", "proposed"], "all at once");

        let path = format!("/campaigns/{here}/handover-requests");
        let key = [("idempotency-key", "leaving")];
        let asked = leaver.send(Method::POST, &path, Some(leaving()), &key).await;
        assert_eq!(asked.etag.as_deref(), Some("\"v1\""));
        let asked = asked.must(StatusCode::CREATED);
        let again = leaver.send(Method::POST, &path, Some(leaving()), &key).await.must(StatusCode::CREATED);
        assert_eq!(again["id"], asked["id"], "a repeated request makes no second one");
        assert_eq!(ask(&leaver, &here).await.status, StatusCode::CONFLICT, "one at a time");
        assert_eq!((&asked["state"], &asked["proposed"]), (&json!("waiting"), &json!("王芳")));
        assert_eq!(asked["may_decide"], false, "nobody decides about themselves");

        let seen = waiting(&office, &here).await;
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0]["user"]["display_name"], "leaver");
        assert_eq!(seen[0]["roles"], json!([{ "role": "liaison", "unit": "东河镇" }]));
        assert_eq!(seen[0]["may_decide"], true);
        // Whoever manages no people learns of nobody's request, and can do nothing to it.
        assert_eq!(successor.get(&path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(
            successor.get("/account/handover-requests").await.must(StatusCode::OK)["items"],
            json!([])
        );
        assert_eq!(refuse(&successor, &asked).await.status, StatusCode::FORBIDDEN);
        assert_eq!(act(&successor, &asked, "withdrawal", None).await.status, StatusCode::NOT_FOUND);
        let absent =
            json!({ "id": "00000000-0000-7000-8000-000000000000", "campaign": { "id": here }, "version": 1 });
        let (hidden, absent) = (
            act(&successor, &asked, "withdrawal", None).await,
            act(&successor, &absent, "withdrawal", None).await,
        );
        assert_eq!(hidden.body, absent.body, "hidden and absent look the same");
        assert_eq!(act(&office, &asked, "withdrawal", None).await.status, StatusCode::FORBIDDEN);
        assert_eq!(refuse(&leaver, &asked).await.status, StatusCode::FORBIDDEN);
        let nobody = server.anybody();
        assert_eq!(nobody.get(&path).await.status, StatusCode::UNAUTHORIZED);

        confirm(&office, &here, &seen[0], &successor_id).await.must(StatusCode::OK);
        assert!(waiting(&office, &here).await.is_empty());
        assert_eq!(leaver.get("/session").await.status, StatusCode::UNAUTHORIZED);
        let again = server.log_in("leaver").await;
        let own = again.get("/account/handover-requests").await.must(StatusCode::OK)["items"][0].clone();
        assert_eq!((&own["state"], &own["successor"]), (&json!("confirmed"), &json!("successor")));
        assert_eq!(own["decided_by"]["display_name"], "office");
        assert_eq!(own["roles"], json!([]));
        assert_eq!(ask(&again, &here).await.status, StatusCode::NOT_FOUND, "nothing is theirs here now");
        assert_eq!(own["user"]["id"], json!(leaver_id));

        let ledger = office.get(&format!("/campaigns/{here}/ledger?limit=200")).await.must(StatusCode::OK);
        let entries = ledger["items"].as_array().expect("entries");
        let of: Vec<&Value> =
            entries.iter().filter(|entry| entry["subject_kind"] == "handover_request").collect();
        let told: Vec<String> = of.iter().map(|entry| text(&entry["action"])).collect();
        assert_eq!(told, ["people.hand_over", "handover.ask"], "the newest first");
        assert_eq!(of[1]["details"]["proposed"], "王芳");
        assert!(!of[1].to_string().contains("调往"), "why somebody leaves is not everybody's business");
        is_sound(&server).await;
    })
    .await;
}

#[tokio::test]
async fn a_request_is_refused_with_a_reason_or_withdrawn_and_may_be_made_again() {
    on_both(|server| async move {
        let Scene { office, here, leaver, .. } = scene(&server).await;
        let first = ask(&leaver, &here).await.must(StatusCode::CREATED);
        let blank = act(&office, &first, "refusal", Some(json!({ "reason": " " }))).await;
        assert_eq!(blank.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"][0]["path"], "reason");
        let path = format!("/campaigns/{here}/handover-requests/{}/withdrawal", text(&first["id"]));
        let unseen = leaver.send(Method::POST, &path, None, &[]).await;
        assert_eq!(unseen.status, StatusCode::PRECONDITION_REQUIRED);
        let stale = leaver.send(Method::POST, &path, None, &[("if-match", "\"v7\"")]).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let refused = refuse(&office, &first).await.must(StatusCode::OK);
        assert_eq!(refused["refused_because"], "接手的人还没有到岗");
        for late in [refuse(&office, &first).await, act(&leaver, &first, "withdrawal", None).await] {
            assert_eq!(late.status, StatusCode::CONFLICT);
            assert!(text(&late.body["title"]).contains("已被退回"), "{late:?}");
        }
        let second = ask(&leaver, &here).await.must(StatusCode::CREATED);
        act(&leaver, &second, "withdrawal", None).await.must(StatusCode::OK);
        assert_eq!(refuse(&office, &second).await.status, StatusCode::CONFLICT);
        let third = ask(&leaver, &here).await.must(StatusCode::CREATED);
        let own = leaver.get("/account/handover-requests?limit=2").await.must(StatusCode::OK);
        assert_eq!(own["items"][0]["id"], third["id"]);
        let rest = format!("/account/handover-requests?limit=2&after={}", text(&own["next"]));
        let rest = leaver.get(&rest).await.must(StatusCode::OK);
        assert_eq!((&rest["items"][0]["id"], &rest["next"]), (&first["id"], &Value::Null));
        let ended = format!("/campaigns/{here}/handover-requests?waiting=false");
        let ended = office.get(&ended).await.must(StatusCode::OK)["items"].clone();
        assert_eq!(ended.as_array().map(Vec::len), Some(2));
        is_sound(&server).await;
    })
    .await;
}

#[tokio::test]
async fn another_campaign_learns_of_no_request_and_the_offices_own_are_for_the_administrator() {
    on_both(|server| async move {
        let Scene { administrator, office, here, leaver, leaver_id, .. } = scene(&server).await;
        let there = campaign(&administrator).await;
        let (stranger, _) =
            user(&administrator, &server, "stranger", json!({ "role": "office", "campaign_id": there }))
                .await;
        let grant = json!({ "role": "leader", "campaign_id": there });
        administrator.post(&format!("/users/{leaver_id}/grants"), grant).await.must(StatusCode::CREATED);
        let here_asked = ask(&leaver, &here).await.must(StatusCode::CREATED);
        let there_asked = ask(&leaver, &there).await.must(StatusCode::CREATED);
        assert_eq!(
            there_asked["roles"],
            json!([{ "role": "leader", "unit": null }]),
            "each campaign its own"
        );
        let path = format!("/campaigns/{here}/handover-requests");
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(refuse(&stranger, &here_asked).await.status, StatusCode::NOT_FOUND);
        let foreign = json!({ "id": here_asked["id"], "campaign": there_asked["campaign"], "version": 1 });
        assert_eq!(refuse(&stranger, &foreign).await.status, StatusCode::NOT_FOUND);
        assert_eq!(waiting(&stranger, &there).await.len(), 1);
        let token = json!({ "name": "一个项目", "days": 1, "read_only": true, "campaign_id": there });
        let token = leaver.post("/account/tokens", token).await.must(StatusCode::CREATED);
        let bearer = format!("Bearer {}", text(&token["secret"]));
        let by_token = [("authorization", bearer.as_str())];
        let program = server.anybody();
        let own = program.send(Method::GET, "/account/handover-requests", None, &by_token).await;
        let own = own.must(StatusCode::OK)["items"].clone();
        assert_eq!(own.as_array().map(Vec::len), Some(1), "a token sees its campaign alone: {own}");
        let asks = program.send(Method::POST, &path, Some(leaving()), &by_token).await;
        assert_eq!(asks.status, StatusCode::NOT_FOUND);

        // One of the office leaves: a colleague sees it, and the administrator decides.
        let grant = json!({ "role": "office", "campaign_id": here });
        let (colleague, _) = user(&administrator, &server, "colleague", grant).await;
        let chief = ask(&office, &here).await.must(StatusCode::CREATED);
        let seen = waiting(&colleague, &here).await;
        assert_eq!((&seen[0]["id"], &seen[0]["may_decide"]), (&chief["id"], &json!(false)));
        assert_eq!(refuse(&colleague, &chief).await.status, StatusCode::FORBIDDEN);
        let colleagues = waiting(&administrator, &here).await;
        assert_eq!(colleagues[0]["may_decide"], true);
        refuse(&administrator, &chief).await.must(StatusCode::OK);
        assert_eq!(ask(&administrator, &here).await.status, StatusCode::CONFLICT, "nothing of their own");
        is_sound(&server).await;
    })
    .await;
}

#[tokio::test]
async fn of_two_who_decide_at_once_one_is_told_that_it_is_decided() {
    on_both(|server| async move {
        let Scene { administrator, office, here, leaver, .. } = scene(&server).await;
        let grant = json!({ "role": "leader", "campaign_id": here });
        let (_, successor) = user(&administrator, &server, "successor", grant).await;
        let grant = json!({ "role": "office", "campaign_id": here });
        let (colleague, _) = user(&administrator, &server, "colleague", grant).await;
        // Two ask at once with the same account, on two devices.
        let (one, other) = tokio::join!(ask(&leaver, &here), ask(&leaver, &here));
        let made = [one, other].into_iter().filter(|answer| answer.status == StatusCode::CREATED).count();
        assert_eq!(made, 1, "one request waits");
        let request = waiting(&office, &here).await[0].clone();

        let (withdrawn, confirmed) = tokio::join!(
            act(&leaver, &request, "withdrawal", None),
            confirm(&office, &here, &request, &successor)
        );
        let held = administrator.get(&format!("/campaigns/{here}/people")).await.must(StatusCode::OK);
        let still = held["items"].as_array().expect("people").iter().any(|one| one["name"] == "leaver");
        match withdrawn.status {
            StatusCode::OK => {
                assert_eq!(confirmed.status, StatusCode::CONFLICT, "{confirmed:?}");
                assert!(still, "nothing was taken from who stays");
                ask(&leaver, &here).await.must(StatusCode::CREATED);
            }
            // Their session ended with the hand-over, or their role did before they were looked up.
            StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND | StatusCode::CONFLICT => {
                assert_eq!(confirmed.status, StatusCode::OK, "{confirmed:?}");
                assert!(!still, "all was handed over");
                is_sound(&server).await;
                return;
            }
            other => panic!("{other}: {withdrawn:?}"),
        }
        let request = waiting(&office, &here).await[0].clone();
        let (one, other) = tokio::join!(
            confirm(&office, &here, &request, &successor),
            confirm(&colleague, &here, &request, &successor)
        );
        let mut statuses = [one.status, other.status];
        statuses.sort();
        assert_eq!(statuses, [StatusCode::OK, StatusCode::CONFLICT], "{one:?} {other:?}");
        is_sound(&server).await;
    })
    .await;
}

#[tokio::test]
async fn two_officers_who_confirm_at_once_hand_over_once_and_a_plain_hand_over_answers_the_request() {
    on_both(|server| async move {
        let Scene { administrator, office, here, leaver, leaver_id, .. } = scene(&server).await;
        let grant = json!({ "role": "leader", "campaign_id": here });
        let (other_leaver, successor) = user(&administrator, &server, "successor", grant.clone()).await;
        let (_, third) = user(&administrator, &server, "third", grant).await;
        let grant = json!({ "role": "office", "campaign_id": here });
        let (colleague, _) = user(&administrator, &server, "colleague", grant).await;
        let request = ask(&leaver, &here).await.must(StatusCode::CREATED);
        let foreign = json!({ "id": request["id"], "user": { "id": successor } });
        let wrong = confirm(&office, &here, &foreign, &third).await;
        assert_eq!(wrong.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"][0]["path"], "request_id");
        let (one, other) = tokio::join!(
            confirm(&office, &here, &request, &successor),
            confirm(&colleague, &here, &request, &third)
        );
        let mut statuses = [one.status, other.status];
        statuses.sort();
        assert_eq!(statuses, [StatusCode::OK, StatusCode::CONFLICT], "{one:?} {other:?}");
        assert_eq!(leaver.get("/session").await.status, StatusCode::UNAUTHORIZED);

        // Whoever hands over without having seen the request answers it all the same.
        let asked = ask(&other_leaver, &here).await.must(StatusCode::CREATED);
        let path = format!("/campaigns/{here}/people/{successor}/handover");
        office.post(&path, json!({ "to": { "user": { "id": third } } })).await.must(StatusCode::OK);
        let ended = format!("/campaigns/{here}/handover-requests?waiting=false");
        let ended = office.get(&ended).await.must(StatusCode::OK)["items"].clone();
        assert_eq!((&ended[0]["id"], &ended[0]["successor"]), (&asked["id"], &json!("third")));
        assert_eq!(ended[1]["user"]["id"], json!(leaver_id));
        is_sound(&server).await;
    })
    .await;
}
