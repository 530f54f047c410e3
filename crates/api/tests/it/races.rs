//! Two people who choose the same name at the same moment: one has it, and the other is told what somebody hears who
//! comes a minute later.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    harness::{Answer, Caller, PASSWORD, Server, on_both},
    office::campaign,
};

/// Rounds of each race: enough that some meet in the middle.
const ROUNDS: usize = 12;

/// Both ask at once, each on a thread; who came second.
async fn second_of(one: &Caller, other: &Caller, path: &str, body: &Value) -> Answer {
    let ask = |caller: &Caller| {
        let (caller, path, body) = (caller.clone(), path.to_owned(), body.clone());
        tokio::spawn(async move { caller.post(&path, body).await })
    };
    let (first, second) = tokio::join!(ask(one), ask(other));
    let mut answers = [first.expect("answered"), second.expect("answered")];
    answers.sort_by_key(|answer| answer.status);
    let [had, refused] = answers;
    assert_eq!(had.status, StatusCode::CREATED, "{path}: {had:?}");
    refused
}

async fn both(server: &Server) -> (Caller, Caller, String) {
    let one = server.administrator().await;
    let other = server.log_in("admin").await;
    let here = campaign(&one).await;
    (one, other, here)
}

/// The second hears the same as who comes later, whatever engine keeps it.
async fn race(one: &Caller, other: &Caller, path: &str, body: impl Fn(usize) -> Value) {
    for round in 0..ROUNDS {
        let body = body(round);
        let refused = second_of(one, other, path, &body).await;
        let later = one.post(path, body).await;
        assert_eq!(later.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {later:?}");
        assert_eq!((refused.status, &refused.body), (later.status, &later.body), "{path}");
        assert_eq!(refused.body["faults"][0]["path"], "name");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_choose_the_same_name_at_once_the_second_is_told_what_a_later_one_is() {
    on_both(|server| async move {
        let (one, other, here) = both(&server).await;
        race(&one, &other, "/users", |n| {
            json!({ "name": format!("Both{n}"), "display_name": "两人", "password": PASSWORD, "must_change_password": false })
        })
        .await;
        race(&one, &other, &format!("/campaigns/{here}/units"), |n| {
            json!({ "name": format!("第{n}小学"), "kind": "department" })
        })
        .await;
        let units = one.get(&format!("/campaigns/{here}/units")).await.must(StatusCode::OK);
        let leader = units["items"][0]["id"].clone();
        race(&one, &other, &format!("/campaigns/{here}/initiatives"), |n| {
            json!({ "kind": "special_action", "name": format!("第{n}次专项行动"), "leader_id": leader, "member_ids": [] })
        })
        .await;
    })
    .await;
}
