use axum::http::{Method, StatusCode};
use chengjing_domain::people::SecondFactor;
use serde_json::{Value, json};

use crate::harness::{Answer, Caller, PASSWORD, Server, on_both, text};

const PATH: &str = "/account/second-factor";

/// What the person's phone shows.
pub async fn phone(server: &Server, caller: &Caller) -> String {
    let user: chengjing_domain::id::UserId =
        text(&caller.get("/session").await.must(StatusCode::OK)["user"]["id"]).parse().expect("an id");
    let store = &server.app.store;
    let found = store.read(|q| async move { chengjing_store::people::lookup_second_factor(&q, user).await });
    let factor: SecondFactor = found.await.expect("a read").expect("a second factor");
    let key = store.key().await.expect("read").expect("the key");
    factor.secret(&key).code_at(server.app.now())
}

async fn log_in(server: &Server, code: Option<&str>) -> Answer {
    let mut body = json!({ "name": "admin", "password": PASSWORD });
    if let Some(code) = code {
        body["code"] = json!(code);
    }
    server.anybody().post("/session", body).await
}

/// Turns it on, and gives the recovery codes.
pub async fn turn_on(server: &Server, caller: &Caller) -> Vec<Value> {
    let begun = caller.post(PATH, json!({ "password": PASSWORD })).await.must(StatusCode::CREATED);
    assert!(text(&begun["uri"]).starts_with("otpauth://totp/"), "{begun}");
    assert!(text(&begun["uri"]).contains(&text(&begun["secret"])), "{begun}");
    assert!(text(&begun["picture"]).contains("<svg"), "{begun}");
    log_in(server, None).await.must(StatusCode::OK);
    let code = Some(json!({ "code": phone(server, caller).await }));
    let confirmed = caller.send(Method::PUT, PATH, code, &[]).await.must(StatusCode::OK);
    confirmed["codes"].as_array().expect("codes").clone()
}

#[tokio::test]
async fn a_login_asks_for_the_code_and_takes_none_twice() {
    on_both(|server| async move {
        let user = server.administrator().await;
        assert_eq!(user.get(PATH).await.must(StatusCode::OK)["since"], Value::Null);
        let wrong = user.post(PATH, json!({ "password": "wrong" })).await;
        assert_eq!(wrong.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"][0]["path"], "password");
        let early = user.send(Method::PUT, PATH, Some(json!({ "code": "000000" })), &[]).await;
        assert_eq!(early.status, StatusCode::CONFLICT, "nothing is begun");
        let codes = turn_on(&server, &user).await;
        assert_eq!(codes.len(), 10);

        let asked = log_in(&server, None).await.must(StatusCode::UNAUTHORIZED);
        assert_eq!(asked["type"], "urn:chengjing:problem:code-needed");
        let replayed = log_in(&server, Some(&phone(&server, &user).await)).await;
        assert_eq!(
            replayed.must(StatusCode::UNAUTHORIZED)["type"],
            "urn:chengjing:problem:wrong-code",
            "the code that confirmed it is spent"
        );
        let recovery = text(&codes[0]);
        log_in(&server, Some(&recovery.to_lowercase())).await.must(StatusCode::OK);
        assert_eq!(log_in(&server, Some(&recovery)).await.status, StatusCode::UNAUTHORIZED, "once");
        let stands = user.get(PATH).await.must(StatusCode::OK);
        assert_eq!((&stands["recovery_codes"], stands["since"].is_string()), (&json!(9), true));
        let again = user.post(PATH, json!({ "password": PASSWORD })).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "it is on");

        let renew = format!("{PATH}/recovery-codes");
        let new = user.post(&renew, json!({ "password": PASSWORD })).await.must(StatusCode::OK);
        let old = log_in(&server, Some(&text(&codes[1]))).await;
        assert_eq!(old.status, StatusCode::UNAUTHORIZED, "the old ones are gone");
        log_in(&server, Some(&text(&new["codes"][0]))).await.must(StatusCode::OK);

        let removal = format!("{PATH}/removal");
        let wrong = user.post(&removal, json!({ "password": "wrong" })).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        user.post(&removal, json!({ "password": PASSWORD })).await.must(StatusCode::NO_CONTENT);
        log_in(&server, None).await.must(StatusCode::OK);
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn wrong_codes_and_wrong_passwords_lock_alike() {
    on_both(|server| async move {
        let user = server.administrator().await;
        turn_on(&server, &user).await;
        for _ in 0..5 {
            assert_eq!(log_in(&server, Some("000000")).await.status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(log_in(&server, None).await.status, StatusCode::TOO_MANY_REQUESTS);
        let removal = format!("{PATH}/removal");
        for _ in 0..5 {
            let wrong = user.post(&removal, json!({ "password": "wrong" })).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let locked = user.post(&removal, json!({ "password": PASSWORD })).await;
        assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
    })
    .await;
}

#[tokio::test]
async fn an_administrator_resets_it_and_nobody_else_and_no_answer_tells_the_secret() {
    on_both(|server| async move {
        let administrator = server.administrator().await;
        let new = json!({ "name": "second", "display_name": "second", "password": PASSWORD, "must_change_password": false });
        let id = text(&administrator.post("/users", new).await.must(StatusCode::CREATED)["id"]);
        let user = server.log_in("second").await;
        turn_on(&server, &user).await;
        let path = format!("/users/{id}");
        let seen = administrator.get(&path).await.must(StatusCode::OK);
        assert_eq!(seen["second_factor"], true);
        let reset = format!("{path}/second-factor");
        assert_eq!(user.delete(&reset).await.status, StatusCode::FORBIDDEN);
        for _ in 0..2 {
            administrator.delete(&reset).await.must(StatusCode::NO_CONTENT);
        }
        server.log_in("second").await;
        let ledger = administrator.get("/ledger?limit=1").await.must(StatusCode::OK);
        assert_ne!(ledger["items"][0]["action"], "second_factor.remove", "the login came after it");
        let ledger = administrator.get("/ledger").await.must(StatusCode::OK);
        let entries = ledger["items"].as_array().expect("entries");
        let removed = entries.iter().find(|entry| entry["action"] == "second_factor.remove").expect("told");
        assert_eq!(removed["subject_title"], "second");
        assert_eq!(removed["details"], json!({}));
    })
    .await;
}
