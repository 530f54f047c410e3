//! What several materials that are accepted for one requirement come to in the score.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    evidence::{Filed, accept, give_back},
    harness::on_both,
};

/// A link to look at, filed as that kind for the shared requirement, and accepted with that grade.
async fn accepted(filed: &Filed, kind: &str, title: &str, grade: &str) -> Value {
    let mut body = filed.photo_set(&[], &[filed.of(0, "health")]);
    body["kind"] = json!(kind);
    body["content"]["title"] = json!(title);
    body["content"]["activity"] = json!(title);
    body["content"]["link"] = json!("https://www.example.gov.cn/1.html");
    let one = filed.file(body).await.must(StatusCode::CREATED);
    let mut decision = accept(&one["links"][0]);
    decision["grade"] = json!(grade);
    filed.decide(&filed.town.office, &one, json!([decision])).await.must(StatusCode::OK)
}

async fn take_back(filed: &Filed, evidence: &Value) {
    let mut decision = give_back(&evidence["links"][0], "弄错了");
    decision["deed"] = json!("take_back");
    filed.decide(&filed.town.office, evidence, json!([decision])).await.must(StatusCode::OK);
}

#[tokio::test]
async fn of_each_kind_the_best_that_was_accepted_counts_and_of_the_kinds_the_worst() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let total = async || {
            let path = format!("score?standard={}", filed.standards[0]);
            filed.town.office.get(&filed.town.inside(&path)).await.must(StatusCode::OK)["total"]["value"]
                .clone()
        };
        let first = accepted(&filed, "photo", "健康日", "A").await;
        assert_eq!(total().await, "6");
        accepted(&filed, "photo", "义诊", "B").await;
        assert_eq!(total().await, "6", "a poorer set beside a good one takes nothing away");
        let report = accepted(&filed, "report", "总结", "B").await;
        assert_eq!(total().await, "3", "good photographs make up for no poor report");
        take_back(&filed, &report).await;
        assert_eq!(total().await, "3", "without a report it is the worst grade that there is");
        let third = accepted(&filed, "photo", "宣讲", "A").await;
        assert_eq!(total().await, "3", "nor do more photographs make up for a report that is no more");
        accepted(&filed, "report", "总结二", "A").await;
        assert_eq!(total().await, "6");
        take_back(&filed, &first).await;
        assert_eq!(total().await, "6", "another good set is left");
        take_back(&filed, &third).await;
        assert_eq!(total().await, "3", "the poorer set is what is left");

        // The score names the material that decides, whichever was decided about.
        let told = filed.town.office.get(&filed.town.inside("observations?limit=1")).await;
        let told = told.must(StatusCode::OK);
        assert_eq!(told["items"][0]["source"], "义诊", "{told:#}");
    })
    .await;
}
