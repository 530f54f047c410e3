use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    harness::{Answer, Caller, PASSWORD, Server, on_both, text},
    office::campaign,
};

/// The office of a campaign, made by its administrator.
async fn office(server: &Server, administrator: &Caller, campaign: &str, name: &str) -> Caller {
    let new = json!({ "name": name, "display_name": name, "password": PASSWORD, "must_change_password": false,
        "grants": [{ "role": "office", "campaign_id": campaign }] });
    administrator.post("/users", new).await.must(StatusCode::CREATED);
    server.log_in(name).await
}

async fn first_unit(caller: &Caller, campaign: &str) -> String {
    text(&caller.get(&format!("/campaigns/{campaign}/units")).await.must(StatusCode::OK)["items"][0]["id"])
}

fn draft(role: &str, campaign: &str, unit: Option<&str>) -> Value {
    json!({ "display_name": "王芳", "grant": { "role": role, "campaign_id": campaign, "unit_id": unit } })
}

async fn join(server: &Server, secret: &str, name: &str) -> Answer {
    let body = json!({ "secret": secret, "name": name, "password": PASSWORD });
    server.anybody().post("/joining", body).await
}

async fn look(server: &Server, secret: &str) -> Answer {
    server.anybody().post("/joining/invitation", json!({ "secret": secret })).await
}

#[tokio::test]
async fn the_office_invites_a_liaison_who_joins_by_the_link_once() {
    on_both(|server| async move {
        let administrator = server.administrator().await;
        let here = campaign(&administrator).await;
        let office = office(&server, &administrator, &here, "office").await;
        let unit = first_unit(&office, &here).await;
        let path = format!("/campaigns/{here}/invitations");
        let key = [("idempotency-key", "one")];
        let send = async || {
            let draft = draft("liaison", &here, Some(&unit));
            office.send(Method::POST, &path, Some(draft), &key).await
        };
        let (first, again) = (send().await.must(StatusCode::CREATED), send().await);
        assert!(!again.replayed, "no copy of a secret is kept");
        let made = again.must(StatusCode::CREATED);
        assert_eq!(first["invitation"]["id"], made["invitation"]["id"]);
        let secret = text(&made["secret"]);
        let lost = look(&server, &text(&first["secret"])).await;
        assert_eq!(lost.status, StatusCode::NOT_FOUND, "the one that got lost on its way");
        let listed = office.get(&path).await.must(StatusCode::OK);
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
        assert!(!listed.to_string().contains(&secret));

        let seen = look(&server, &secret).await.must(StatusCode::OK);
        assert_eq!((&seen["display_name"], &seen["role"]), (&json!("王芳"), &json!("liaison")));
        assert_eq!(
            (&seen["invited_by"]["display_name"], &seen["campaign"]["name"]),
            (&json!("office"), &json!("云溪县创建文明城市"))
        );
        assert_eq!(seen["unit"]["id"], json!(unit));
        let taken = join(&server, &secret, "office").await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(taken["faults"][0]["path"], "name");
        let joined = join(&server, &secret, "wangfang").await.must(StatusCode::CREATED);
        assert_eq!(
            (&joined["user"]["display_name"], &joined["campaigns"][0]["roles"]),
            (&json!("王芳"), &json!(["liaison"]))
        );
        for used in [join(&server, &secret, "other").await, look(&server, &secret).await] {
            assert_eq!(used.status, StatusCode::CONFLICT);
            assert!(text(&used.body["title"]).contains("已经用过"), "{used:?}");
        }
        assert_eq!(office.get(&path).await.must(StatusCode::OK)["items"], json!([]));
        server.log_in("wangfang").await;

        let people = office.get(&format!("/campaigns/{here}/people")).await.must(StatusCode::OK);
        let names: Vec<String> =
            people["items"].as_array().expect("people").iter().map(|one| text(&one["name"])).collect();
        assert_eq!(names, ["office", "wangfang"]);
        let ledger = office.get(&format!("/campaigns/{here}/ledger")).await.must(StatusCode::OK);
        let actions: Vec<&Value> =
            ledger["items"].as_array().expect("entries").iter().map(|entry| &entry["action"]).collect();
        for action in ["invitation.add", "invitation.accept"] {
            assert!(actions.contains(&&json!(action)), "{actions:?}");
        }
        assert!(!ledger.to_string().contains(&secret));
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_office_hands_out_no_role_of_its_own_or_above_nor_anything_elsewhere() {
    on_both(|server| async move {
        let administrator = server.administrator().await;
        let here = campaign(&administrator).await;
        let new = json!({ "name": "别的县", "place": "别的县", "kind": "卫生城市", "year": 2026 });
        let other = text(&administrator.post("/campaigns", new).await.must(StatusCode::CREATED)["id"]);
        let office_here = office(&server, &administrator, &here, "office").await;
        let office_there = office(&server, &administrator, &other, "stranger").await;
        let path = format!("/campaigns/{here}/invitations");
        let refused = office_here.post(&path, draft("office", &here, None)).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let system = json!({ "display_name": "甲", "grant": { "role": "system_admin" } });
        let refused = office_here.post(&path, system.clone()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let refused = office_here.post(&path, draft("leader", &other, None)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let elsewhere = format!("/campaigns/{other}/invitations");
        let refused = office_here.post(&elsewhere, draft("leader", &other, None)).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        for refused in [
            office_here.post("/invitations", system).await,
            office_here.get("/invitations").await,
            office_here.get("/users").await,
        ] {
            assert_eq!(refused.status, StatusCode::FORBIDDEN);
        }

        let made = office_here.post(&path, draft("leader", &here, None)).await.must(StatusCode::CREATED);
        let id = text(&made["invitation"]["id"]);
        for (caller, path) in
            [(&office_there, format!("{path}/{id}")), (&office_there, format!("{elsewhere}/{id}"))]
        {
            assert_eq!(caller.delete(&path).await.status, StatusCode::NOT_FOUND);
        }
        office_here.delete(&format!("{path}/{id}")).await.must(StatusCode::NO_CONTENT);
        let revoked = join(&server, &text(&made["secret"]), "late").await;
        assert_eq!(revoked.status, StatusCode::CONFLICT);
        assert!(text(&revoked.body["title"]).contains("撤回"), "{revoked:?}");

        // Roles in the campaign are taken by its office, save those of the office itself.
        let people = office_here.get(&format!("/campaigns/{here}/people")).await.must(StatusCode::OK);
        let own = &people["items"][0];
        assert_eq!(people["items"].as_array().map(Vec::len), Some(1), "nobody of another campaign");
        let grant = |user: &Value, grant: &Value| {
            format!("/campaigns/{here}/people/{}/grants/{}", text(user), text(grant))
        };
        let refused = office_here.delete(&grant(&own["id"], &own["grants"][0]["id"])).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let there = office_there.get(&format!("/campaigns/{other}/people")).await.must(StatusCode::OK);
        let foreign = grant(&there["items"][0]["id"], &there["items"][0]["grants"][0]["id"]);
        assert_eq!(office_here.delete(&foreign).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_user_takes_a_second_role_by_a_link_and_the_office_takes_it_back() {
    on_both(|server| async move {
        let administrator = server.administrator().await;
        let here = campaign(&administrator).await;
        let new = json!({ "name": "second", "display_name": "second", "password": PASSWORD, "must_change_password": false });
        administrator.post("/users", new).await.must(StatusCode::CREATED);
        let user = server.log_in("second").await;
        let mut office = draft("office", &here, None);
        office["days"] = json!(1);
        let made = administrator.post("/invitations", office).await.must(StatusCode::CREATED);
        let link = json!({ "secret": made["secret"] });
        assert_eq!(user.get("/campaigns").await.must(StatusCode::OK)["items"], json!([]));
        user.post("/account/invitations", link.clone()).await.must(StatusCode::NO_CONTENT);
        user.get(&format!("/campaigns/{here}")).await.must(StatusCode::OK);
        assert_eq!(user.post("/account/invitations", link).await.status, StatusCode::CONFLICT);
        let nothing = json!({ "secret": "0000" });
        assert_eq!(user.post("/account/invitations", nothing).await.status, StatusCode::NOT_FOUND);

        let leader = draft("leader", &here, None);
        let path = format!("/campaigns/{here}/invitations");
        let made = user.post(&path, leader).await.must(StatusCode::CREATED);
        join(&server, &text(&made["secret"]), "leader").await.must(StatusCode::CREATED);
        let leader = server.log_in("leader").await;
        leader.get(&format!("/campaigns/{here}")).await.must(StatusCode::OK);
        let people = user.get(&format!("/campaigns/{here}/people")).await.must(StatusCode::OK);
        let one = people["items"].as_array().expect("people").iter().find(|one| one["name"] == "leader");
        let one = one.expect("the leader");
        let (id, grant) = (text(&one["id"]), text(&one["grants"][0]["id"]));
        let path = format!("/campaigns/{here}/people/{id}/grants/{grant}");
        user.delete(&path).await.must(StatusCode::NO_CONTENT);
        assert_eq!(leader.get(&format!("/campaigns/{here}")).await.status, StatusCode::NOT_FOUND, "at once");
        let bad =
            json!({ "display_name": " ", "days": 91, "grant": { "role": "liaison", "campaign_id": here } });
        let problem = user.post(&format!("/campaigns/{here}/invitations"), bad).await;
        let problem = problem.must(StatusCode::UNPROCESSABLE_ENTITY);
        let places: Vec<String> =
            problem["faults"].as_array().expect("faults").iter().map(|f| text(&f["path"])).collect();
        assert_eq!(places, ["display_name", "days", "grant"]);
    })
    .await;
}

#[tokio::test]
async fn a_link_that_was_lost_is_made_anew_and_the_lost_one_opens_nothing() {
    on_both(|server| async move {
        let administrator = server.administrator().await;
        let here = campaign(&administrator).await;
        let office = office(&server, &administrator, &here, "office").await;
        let unit = first_unit(&office, &here).await;
        let path = format!("/campaigns/{here}/invitations");
        let made = office.post(&path, draft("liaison", &here, Some(&unit))).await.must(StatusCode::CREATED);
        let id = text(&made["invitation"]["id"]);
        let link = format!("{path}/{id}/link");
        let key = [("idempotency-key", "again")];
        let renew = async || office.send(Method::POST, &link, None, &key).await;
        let (first, second) = (renew().await.must(StatusCode::OK), renew().await);
        assert!(!second.replayed, "no copy of a secret is kept");
        let second = second.must(StatusCode::OK);
        assert_eq!((&first["invitation"]["id"], &second["invitation"]["id"]), (&json!(id), &json!(id)));
        for lost in [&made["secret"], &first["secret"]] {
            assert_eq!(look(&server, &text(lost)).await.status, StatusCode::NOT_FOUND);
        }
        // Another campaign's office does not learn of it; what the office may not give it does not renew.
        let other = campaign(&administrator).await;
        let elsewhere = format!("/campaigns/{other}/invitations/{id}/link");
        assert_eq!(administrator.post(&elsewhere, json!({})).await.status, StatusCode::NOT_FOUND);
        let above = draft("office", &here, None);
        let above = administrator.post("/invitations", above).await.must(StatusCode::CREATED);
        let above = format!("{path}/{}/link", text(&above["invitation"]["id"]));
        assert_eq!(office.post(&above, json!({})).await.status, StatusCode::FORBIDDEN);
        join(&server, &text(&second["secret"]), "wangfang").await.must(StatusCode::CREATED);
        assert_eq!(renew().await.status, StatusCode::CONFLICT, "it is used");
        let acts = administrator.get("/ledger?limit=50").await.must(StatusCode::OK);
        let renewed = acts["items"].as_array().expect("entries").iter();
        assert_eq!(renewed.filter(|entry| entry["action"] == "invitation.renew").count(), 2);
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn users_are_found_by_a_part_of_their_name_or_of_what_they_are_called() {
    on_both(|server| async move {
        let administrator = server.administrator().await;
        for (name, display_name) in [("WangFang", "王芳"), ("zhao_min", "赵敏"), ("li%", "李芳")] {
            let new = json!({ "name": name, "display_name": display_name, "password": PASSWORD,
                "must_change_password": false, "grants": [] });
            administrator.post("/users", new).await.must(StatusCode::CREATED);
        }
        let found = async |q: &str| {
            let list = administrator.get(&format!("/users?q={q}")).await.must(StatusCode::OK);
            let names = list["items"].as_array().expect("users").iter().map(|user| text(&user["name"]));
            names.collect::<Vec<_>>()
        };
        assert_eq!(found("%E8%8A%B3").await, ["li%", "WangFang"]);
        assert_eq!(found("WANGF").await, ["WangFang"]);
        assert_eq!(found("%25").await, ["li%"], "what is typed is no pattern");
        assert_eq!(found("_").await, ["zhao_min"]);
        assert_eq!(found("nobody").await, Vec::<String>::new());
        assert_eq!(found("%20").await.len(), 4, "nothing to look for finds all");
        let page = administrator.get("/users?q=%E8%8A%B3&limit=1").await.must(StatusCode::OK);
        let next = format!("/users?q=%E8%8A%B3&limit=1&after={}", text(&page["next"]));
        let page = administrator.get(&next).await.must(StatusCode::OK);
        assert_eq!((&page["items"][0]["name"], &page["next"]), (&json!("WangFang"), &Value::Null));
    })
    .await;
}
