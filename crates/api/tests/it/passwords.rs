//! Passwords that somebody else knows.

use axum::http::{Method, StatusCode};
use chengjing_domain::people::policy::{TABLE, Who};
use serde_json::{Value, json};

use crate::{
    handovers::user_named,
    harness::{Caller, PASSWORD, on_both, text},
    office::campaign,
};

const OWN: &str = "Hegu.liushi8";

async fn change(caller: &Caller, old: &str, new: &str) -> crate::harness::Answer {
    caller.send(Method::PUT, "/session/password", Some(json!({ "old": old, "new": new })), &[]).await
}

/// Every operation of the API's own description as a request that its path allows, with what it needs.
async fn operations(caller: &Caller) -> Vec<(Method, String, String)> {
    let description = caller.get("/openapi.json").await.must(StatusCode::OK);
    let mut all = Vec::new();
    for (path, item) in description["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let Some(permission) = operation["x-permission"].as_str() else { continue };
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            let mut path = path.trim_start_matches("/api/v1").to_owned();
            while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
                path.replace_range(from..=to, "00000000-0000-7000-8000-000000000000");
            }
            all.push((method, path, permission.to_owned()));
        }
    }
    all
}

#[tokio::test]
async fn whoever_was_given_a_password_chooses_their_own_before_anything_else() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let here = campaign(&office).await;
        let new = json!({ "name": "given", "display_name": "新来的", "password": PASSWORD,
            "grants": [{ "role": "office", "campaign_id": here }] });
        let added = office.post("/users", new).await.must(StatusCode::CREATED);
        assert_eq!(added["must_change_password"], true, "unless it is told otherwise");
        let given = server.log_in("given").await;
        let session = given.get("/session").await.must(StatusCode::OK);
        assert_eq!((&session["must_change_password"], &session["campaigns"]), (&json!(true), &json!([])));

        // Every operation for which one logs in, but one's session, its end and the change itself.
        let anybody: Vec<&str> =
            TABLE.iter().filter(|rule| rule.who == Who::Anybody).map(|rule| rule.code).collect();
        let free =
            [(Method::GET, "/session"), (Method::DELETE, "/session"), (Method::PUT, "/session/password")];
        let mut refused = 0;
        for (method, path, permission) in operations(&office).await {
            if anybody.contains(&permission.as_str()) || free.contains(&(method.clone(), path.as_str())) {
                continue;
            }
            let answer = given.send(method.clone(), &path, Some(json!({})), &[]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path} {answer:?}");
            assert_eq!(
                answer.body["type"], "urn:chengjing:problem:password-change-needed",
                "{method} {path}"
            );
            refused += 1;
        }
        assert!(refused > 80, "{refused}");

        let fault = |answer: Value| text(&answer["faults"][0]["path"]);
        let same = change(&given, PASSWORD, PASSWORD).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(fault(same), "new");
        let usual = change(&given, PASSWORD, "Woaini1314!").await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(fault(usual), "new");
        assert_eq!(change(&given, PASSWORD, OWN).await.status, StatusCode::NO_CONTENT);
        let session = given.get("/session").await.must(StatusCode::OK);
        assert_eq!(session["must_change_password"], false);
        assert_eq!(session["campaigns"][0]["roles"], json!(["office"]));
        given.get(&format!("/campaigns/{here}/units")).await.must(StatusCode::OK);

        // Given another by the administrator, the same again.
        let user = user_named(&office, "given").await;
        assert_eq!(user["must_change_password"], false);
        let etag = format!("\"v{}\"", user["version"]);
        let path = format!("/users/{}", text(&user["id"]));
        let reset = Some(json!({ "password": PASSWORD }));
        let reset = office.send(Method::PATCH, &path, reset, &[("if-match", &etag)]).await;
        assert_eq!(reset.must(StatusCode::OK)["must_change_password"], true);
        let again = server.log_in("given").await;
        assert_eq!(again.get(&format!("/campaigns/{here}/units")).await.status, StatusCode::FORBIDDEN);
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}
