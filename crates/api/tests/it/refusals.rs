use std::time::Duration;

use axum::http::{Method, StatusCode};
use chengjing_domain::people::{
    Role,
    policy::{self, Who},
};
use futures_util::stream::{self, StreamExt as _};
use serde_json::{Value, json};

use crate::{
    harness::{Caller, PASSWORD, Server, on_both, text},
    office::adopted,
};

/// A user of that role in the campaign; a liaison's unit is the one named.
pub async fn person(
    server: &Server,
    administrator: &Caller,
    role: Role,
    campaign: &str,
    unit: Option<&str>,
) -> Caller {
    let mut grant = json!({ "role": role.code() });
    if role != Role::SystemAdmin {
        grant["campaign_id"] = json!(campaign);
    }
    if role == Role::Liaison {
        grant["unit_id"] = json!(unit);
    }
    let name = format!("{}-{}", role.code(), &campaign[..8]);
    let new = json!({ "name": name, "display_name": role.code(), "password": PASSWORD, "must_change_password": false, "grants": [grant] });
    administrator.post("/users", new).await.must(StatusCode::CREATED);
    server.log_in(&name).await
}

pub async fn unit(administrator: &Caller, campaign: &str, name: &str) -> String {
    let list = administrator.get(&format!("/campaigns/{campaign}/units")).await.must(StatusCode::OK);
    let found = list["items"].as_array().expect("a list").iter().find(|unit| unit["name"] == name).cloned();
    text(&found.expect("the unit")["id"])
}

#[tokio::test]
async fn no_operation_answers_a_role_that_its_permission_does_not_name() {
    on_both(|server| async move {
        let (administrator, campaign, plan) = adopted(&server).await;
        let school = unit(&administrator, &campaign, "县教育局").await;
        let duty =
            text(&administrator.get(&format!("/campaigns/{campaign}/duties")).await.body["items"][0]["id"]);
        let document: Value = serde_json::from_str(&chengjing_api::description()).expect("a description");
        for role in Role::ALL {
            let caller = person(&server, &administrator, role, &campaign, Some(&school)).await;
            // Many at a time, since each waits for its beat.
            let operations = document["paths"].as_object().expect("paths").iter().flat_map(|(path, item)| {
                let each = item.as_object().expect("operations");
                each.iter().map(move |(method, operation)| (path, method, operation))
            });
            let refused = async |(path, method, operation): (&String, &String, &Value)| {
                let Some(path) = path.strip_prefix("/api/v1") else { return };
                let path = path
                    .replace("{campaign}", &campaign)
                    .replace("{plan}", &plan)
                    .replace("{duty}", &duty)
                    .replace("{unit}", &school);
                let permission = operation["x-permission"].as_str().unwrap_or_default();
                let rule = policy::TABLE.iter().find(|rule| rule.code == permission).expect("a rule");
                let Who::Roles(roles) = rule.who else { return };
                let method: Method = method.to_uppercase().parse().expect("a method");
                let nobody = server.anybody().send(method.clone(), &path, Some(json!({})), &[]).await;
                assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{method} {path} without a login");
                if roles.contains(&role) {
                    return;
                }
                let headers = [("if-match", "\"v1\"")];
                let answer = caller.send(method.clone(), &path, body_for(permission), &headers).await;
                let refusals =
                    [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND, StatusCode::UNPROCESSABLE_ENTITY];
                assert!(refusals.contains(&answer.status), "{method} {path} as {role:?}: {answer:?}");
            };
            stream::iter(operations).for_each_concurrent(16, refused).await;
        }
    })
    .await;
}

/// A body that would be taken from somebody who may, where one is at hand.
fn body_for(permission: &str) -> Option<Value> {
    match permission {
        "campaign.add" => Some(json!({ "name": "甲", "place": "乙", "kind": "丙", "year": 2026 })),
        "duty.edit" => Some(json!({ "title": "甲", "reason": "乙" })),
        _ => Some(json!({})),
    }
}

#[tokio::test]
async fn a_liaison_sees_their_units_duties_and_cannot_tell_that_there_are_others() {
    on_both(|server| async move {
        let (administrator, campaign, _) = adopted(&server).await;
        let school = unit(&administrator, &campaign, "县教育局").await;
        let liaison = person(&server, &administrator, Role::Liaison, &campaign, Some(&school)).await;
        let inside = |rest: &str| format!("/campaigns/{campaign}/{rest}");
        let all = administrator.get(&inside("duties")).await.must(StatusCode::OK)["items"].clone();
        let own = liaison.get(&inside("duties")).await.must(StatusCode::OK)["items"].clone();
        assert_eq!((all.as_array().map(Vec::len), own.as_array().map(Vec::len)), (Some(2), Some(1)));
        assert_eq!(liaison.get(&inside("duties/count")).await.must(StatusCode::OK)["count"], 1);
        let foreign =
            all.as_array().expect("a list").iter().find(|duty| duty["id"] != own[0]["id"]).expect("another");
        let foreign = text(&foreign["id"]);
        let missing = "00000000-0000-7000-8000-000000000000";
        for rest in ["", "/source"] {
            let hidden = liaison.get(&inside(&format!("duties/{foreign}{rest}"))).await;
            let absent = liaison.get(&inside(&format!("duties/{missing}{rest}"))).await;
            assert_eq!(hidden.status, StatusCode::NOT_FOUND);
            assert_eq!(hidden.body, absent.body, "hidden and absent look the same");
        }
        let hidden = liaison.get(&inside(&format!("ledger?subject=duty:{foreign}"))).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
        // The one is loaded before it is refused and the other is not; both are refused on the beat.
        for id in [foreign.as_str(), missing] {
            let asked = std::time::Instant::now();
            liaison.get(&inside(&format!("duties/{id}"))).await;
            assert!(asked.elapsed() >= Duration::from_millis(20), "{id} was refused at once");
        }
        assert_eq!(
            liaison.get(&inside("search?q=%E5%B0%8F%E5%B7%B7")).await.must(StatusCode::OK)["items"],
            json!([]),
            "search shows nothing of it"
        );
        assert_eq!(liaison.get(&inside("overview")).await.status, StatusCode::FORBIDDEN);
        assert_eq!(liaison.get(&inside("plans")).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn an_outsider_learns_nothing_of_a_campaign() {
    on_both(|server| async move {
        let (administrator, campaign, _) = adopted(&server).await;
        let new = json!({ "name": "别的县", "place": "别的县", "kind": "卫生城市", "year": 2026 });
        let other = text(&administrator.post("/campaigns", new).await.must(StatusCode::CREATED)["id"]);
        let outsider = person(&server, &administrator, Role::Office, &other, None).await;
        let missing = "00000000-0000-7000-8000-000000000000";
        for rest in [
            "",
            "/units",
            "/plans",
            "/duties",
            "/duties/count",
            "/overview",
            "/phases",
            "/jobs",
            "/ledger",
            "/people",
            "/documents",
            "/bulletins",
            "/templates/letter/docx",
            "/templates/letter/docx/built-in/file",
            "/template-fields/letter",
            "/invitations",
            "/sites",
            "/observations",
            "/observables?kind=figure",
            "/score",
            "/score/leaf/1",
            "/score/days",
            "/score/workbook",
            "/search?q=ab",
            "/evidence",
            "/reviews",
            "/requirements",
        ] {
            let hidden = outsider.get(&format!("/campaigns/{campaign}{rest}")).await;
            let absent = outsider.get(&format!("/campaigns/{missing}{rest}")).await;
            assert_eq!(hidden.status, StatusCode::NOT_FOUND, "{rest}: {:?}", hidden.body);
            assert_eq!(hidden.body, absent.body, "{rest}");
        }
        let listed = outsider.get("/campaigns").await.must(StatusCode::OK);
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    })
    .await;
}

#[tokio::test]
async fn guessing_at_a_password_locks_the_guesser_out_and_a_foreign_page_is_refused() {
    on_both(|server| async move {
        server.administrator().await;
        let wrong = json!({ "name": "admin", "password": "wrong" });
        for _ in 0..5 {
            assert_eq!(
                server.anybody().post("/session", wrong.clone()).await.status,
                StatusCode::UNAUTHORIZED
            );
        }
        let right = json!({ "name": "admin", "password": PASSWORD });
        let locked = server.anybody().post("/session", right).await;
        assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(locked.body["retry_after"].as_i64().is_some_and(|seconds| seconds > 0));
        let again = json!({ "name": "x", "display_name": "x", "password": PASSWORD });
        assert_eq!(server.anybody().post("/setup", again).await.status, StatusCode::CONFLICT);
        let foreign = [("sec-fetch-site", "cross-site")];
        let refused = server.anybody().send(Method::POST, "/session", Some(json!({})), &foreign).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_is_told_in_chinese_at_its_place() {
    on_both(|server| async move {
        let (administrator, campaign, _) = adopted(&server).await;
        let inside = |rest: &str| format!("/campaigns/{campaign}/{rest}");
        let told = async |answer: crate::harness::Answer| {
            let problem = answer.must(StatusCode::UNPROCESSABLE_ENTITY);
            let fault = &problem["faults"][0];
            assert!(text(&fault["en"]).is_ascii(), "{fault}");
            (text(&fault["path"]), text(&fault["zh"]))
        };
        for (query, path, zh) in [
            ("tasks?turn=nobody", "turn", "不是可以选的值"),
            ("tasks?due_to=soon", "due_to", "写法不对"),
            ("tasks?limit=many", "limit", "写法不对"),
            ("tasks/days", "from", "缺少这一项"),
            ("people?after=a%00b", "", "含有不能用的字符"),
        ] {
            let said = told(administrator.get(&inside(query)).await).await;
            assert_eq!(said, (path.to_owned(), zh.to_owned()), "{query}");
        }
        let said = told(administrator.get("/users?q=%E5%AD%99%00").await).await;
        assert_eq!(said.1, "含有不能用的字符");
        for (body, path, zh) in [
            (json!({ "kind": "department" }), "name", "缺少这一项"),
            (json!({ "name": "县教育局", "kind": "castle" }), "kind", "不是可以选的值"),
            (json!({ "name": ["县教育局"], "kind": "department" }), "name", "写法不对"),
            (json!({ "name": "甲", "kind": "department", "aliases": ["乙", 3] }), "aliases[1]", "写法不对"),
            (
                json!({ "name": "甲", "kind": "department", "contacts": [{ "post": "head" }] }),
                "contacts[0].name",
                "缺少这一项",
            ),
            (json!("school"), "", "内容的格式不对"),
        ] {
            let said = told(administrator.post(&inside("units"), body.clone()).await).await;
            assert_eq!(said, (path.to_owned(), zh.to_owned()), "{body}");
        }
        let wild =
            json!({ "name": "甲", "place": "乙", "kind": "丙", "year": 2026, "starts_on": "-5000-01-01" });
        let said = told(administrator.post("/campaigns", wild).await).await;
        assert_eq!(said.0, "starts_on");
    })
    .await;
}
