//! One person leaves, and another takes their work over.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    harness::{Answer, Caller, PASSWORD, Server, on_both, text},
    office::campaign,
    units::{patch, unit_named, user},
};

async fn hand_over(caller: &Caller, campaign: &str, user: &str, to: Value) -> Answer {
    caller.post(&format!("/campaigns/{campaign}/people/{user}/handover"), json!({ "to": to })).await
}

/// A campaign with its office, and a liaison of one town who owes something, has a token and is named as its liaison.
pub struct Scene {
    pub administrator: Caller,
    pub office: Caller,
    pub here: String,
    pub town: Value,
    pub leaver: Caller,
    pub leaver_id: String,
}

pub async fn scene(server: &Server) -> Scene {
    let administrator = server.administrator().await;
    let here = campaign(&administrator).await;
    let grant =
        |role: &str, unit: Option<&Value>| json!({ "role": role, "campaign_id": here, "unit_id": unit });
    let (office, _) = user(&administrator, server, "office", grant("office", None)).await;
    let town = unit_named(&administrator, &here, "东河镇").await;
    let (leaver, leaver_id) =
        user(&administrator, server, "leaver", grant("liaison", Some(&town["id"]))).await;
    let duty =
        json!({ "title": "清理河道", "text": "", "units": [{ "id": town["id"], "role": "responsible" }] });
    for _ in 0..2 {
        office.post(&format!("/campaigns/{here}/duties"), duty.clone()).await.must(StatusCode::CREATED);
    }
    let contacts = json!({ "contacts": [
        { "post": "liaison", "name": "leaver", "phone": "61234", "user_id": leaver_id }] });
    patch(&office, &here, &town, contacts).await.must(StatusCode::OK);
    for campaign in [Some(&here), None] {
        let token = json!({ "name": "导出", "days": 30, "read_only": true, "campaign_id": campaign });
        leaver.post("/account/tokens", token).await.must(StatusCode::CREATED);
    }
    Scene { administrator, office, here, town, leaver, leaver_id }
}

/// One user as the administrator sees them.
pub async fn user_named(administrator: &Caller, name: &str) -> Value {
    let users = administrator.get("/users?limit=200").await.must(StatusCode::OK);
    let found = users["items"].as_array().expect("users").iter().find(|user| user["name"] == name).cloned();
    found.expect("the user")
}

#[tokio::test]
async fn what_a_person_leaves_is_listed_and_goes_to_a_successor_in_one_act() {
    on_both(|server| async move {
        let Scene { administrator, office, here, town, leaver, leaver_id } = scene(&server).await;
        let west = unit_named(&office, &here, "西河镇").await;
        let (successor, successor_id) = user(
            &administrator,
            &server,
            "successor",
            json!({ "role": "liaison", "campaign_id": here, "unit_id": west["id"] }),
        )
        .await;
        let path = format!("/campaigns/{here}/people/{leaver_id}/handover");
        let left = office.get(&path).await.must(StatusCode::OK);
        assert_eq!(left["roles"][0]["unit"]["name"], "东河镇");
        assert_eq!((&left["roles"][0]["tasks"], &left["roles"][0]["alone"]), (&json!(2), &json!(true)));
        assert_eq!((&left["sessions"], &left["tokens"]), (&json!(1), &json!(["导出", "导出"])));
        for stranger in [&leaver, &successor] {
            assert_eq!(stranger.get(&path).await.status, StatusCode::FORBIDDEN);
            let refused = hand_over(stranger, &here, &leaver_id, json!({ "user": { "id": successor_id } }));
            assert_eq!(refused.await.status, StatusCode::FORBIDDEN);
        }

        let to = json!({ "user": { "id": successor_id } });
        let (one, other) = tokio::join!(
            hand_over(&office, &here, &leaver_id, to.clone()),
            hand_over(&administrator, &here, &leaver_id, to.clone())
        );
        let mut statuses = [one.status, other.status];
        statuses.sort();
        assert_eq!(statuses, [StatusCode::OK, StatusCode::CONFLICT], "{one:?} {other:?}");

        assert_eq!(leaver.get("/session").await.status, StatusCode::UNAUTHORIZED, "no session is left");
        let tasks = successor.get(&format!("/campaigns/{here}/tasks")).await.must(StatusCode::OK);
        assert_eq!(tasks["items"].as_array().map(Vec::len), Some(2), "their own had none");
        let session = successor.get("/session").await.must(StatusCode::OK);
        let taken = &session["campaigns"][0]["handed_over"];
        assert_eq!(taken.as_array().map(Vec::len), Some(1));
        assert_eq!(
            (&taken[0]["from"]["display_name"], &taken[0]["tasks"], &taken[0]["unit"]["name"]),
            (&json!("leaver"), &json!(2), &json!("东河镇"))
        );
        let unit = office.get(&format!("/campaigns/{here}/units/{}", text(&town["id"]))).await;
        let contact = unit.must(StatusCode::OK)["contacts"][0].clone();
        assert_eq!(
            (&contact["name"], &contact["phone"], &contact["user"]["id"]),
            (&json!("successor"), &Value::Null, &json!(successor_id))
        );
        let ledger = office.get(&format!("/campaigns/{here}/ledger?limit=200")).await.must(StatusCode::OK);
        let entries = ledger["items"].as_array().expect("entries");
        let told: Vec<&Value> = entries
            .iter()
            .filter(|entry| entry["action"] == "people.hand_over" && entry["subject_kind"] == "campaign")
            .collect();
        assert_eq!(told.len(), 1);
        let details = &told[0]["details"];
        assert_eq!((&details["name"], &details["to_name"]), (&json!("leaver"), &json!("successor")));
        assert_eq!(details["roles"][0], json!({ "role": "liaison", "unit": "东河镇", "tasks": 2 }));
        let again = server.log_in("leaver").await;
        assert_eq!(again.get(&format!("/campaigns/{here}/tasks")).await.status, StatusCode::NOT_FOUND);
        let tokens = again.get("/account/tokens").await.must(StatusCode::OK);
        assert!(tokens["items"].as_array().is_some_and(Vec::is_empty), "{tokens}");
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_successor_may_be_invited_and_the_office_gives_no_more_than_it_may() {
    on_both(|server| async move {
        let Scene { administrator, office, here, leaver_id, .. } = scene(&server).await;
        let new = json!({ "name": "elsewhere", "display_name": "外人", "password": PASSWORD,
            "must_change_password": false, "grants": [] });
        let stranger = text(&administrator.post("/users", new).await.must(StatusCode::CREATED)["id"]);
        let fault = |answer: Value| text(&answer["faults"][0]["path"]);
        for to in [&stranger, &leaver_id] {
            let refused = hand_over(&office, &here, &leaver_id, json!({ "user": { "id": to } })).await;
            assert_eq!(fault(refused.must(StatusCode::UNPROCESSABLE_ENTITY)), "to.user.id");
        }
        let bad =
            hand_over(&office, &here, &leaver_id, json!({ "invite": { "display_name": " ", "days": 91 } }));
        let faults = bad.await.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"].clone();
        assert_eq!(faults.as_array().map(Vec::len), Some(2));
        assert_eq!(
            office.get(&format!("/campaigns/{here}/people/{stranger}/handover")).await.status,
            StatusCode::NOT_FOUND,
            "who holds nothing here is not there"
        );

        let to = json!({ "invite": { "display_name": "新来的" } });
        let made = hand_over(&office, &here, &leaver_id, to).await.must(StatusCode::OK);
        let secret = text(&made["invitation"]["secret"]);
        let join = json!({ "secret": secret, "name": "newcomer", "password": PASSWORD });
        let session = server.anybody().post("/joining", join).await.must(StatusCode::CREATED);
        let taken = &session["campaigns"][0]["handed_over"][0];
        assert_eq!((&taken["tasks"], &taken["from"]["display_name"]), (&json!(2), &json!("leaver")));
        let newcomer = server.log_in("newcomer").await;
        let tasks = newcomer.get(&format!("/campaigns/{here}/tasks")).await.must(StatusCode::OK);
        assert_eq!(tasks["items"].as_array().map(Vec::len), Some(2));

        // The office's own post comes from the administrator.
        let people = administrator.get(&format!("/campaigns/{here}/people")).await.must(StatusCode::OK);
        let id_of = |name: &str| {
            let all = people["items"].as_array().expect("people");
            text(&all.iter().find(|person| person["name"] == name).expect("the person")["id"])
        };
        let (chief, newcomer_id) = (id_of("office"), id_of("newcomer"));
        let to = json!({ "user": { "id": newcomer_id } });
        assert_eq!(hand_over(&office, &here, &chief, to.clone()).await.status, StatusCode::FORBIDDEN);
        assert_eq!(office.get("/session").await.status, StatusCode::OK, "nothing was done");
        hand_over(&administrator, &here, &chief, to).await.must(StatusCode::OK);
        let session = newcomer.get("/session").await.must(StatusCode::OK);
        assert_eq!(session["campaigns"][0]["roles"], json!(["office", "liaison"]));
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_invitation_does_not_stay_good_after_whoever_invited_is_disabled() {
    on_both(|server| async move {
        let Scene { administrator, office, here, town, .. } = scene(&server).await;
        let draft = json!({ "display_name": "王芳",
            "grant": { "role": "liaison", "campaign_id": here, "unit_id": town["id"] } });
        let made = office.post(&format!("/campaigns/{here}/invitations"), draft).await;
        let secret = text(&made.must(StatusCode::CREATED)["secret"]);
        let chief = user_named(&administrator, "office").await;
        let path = format!("/users/{}", text(&chief["id"]));
        let etag = format!("\"v{}\"", chief["version"]);
        let disable = Some(json!({ "disabled": true }));
        let disabled = administrator.send(Method::PATCH, &path, disable, &[("if-match", &etag)]).await;
        disabled.must(StatusCode::OK);
        let look = json!({ "secret": secret });
        let looked = server.anybody().post("/joining/invitation", look).await.must(StatusCode::CONFLICT);
        assert!(text(&looked["title"]).contains("不在岗"), "{looked}");
        let join = json!({ "secret": secret, "name": "wangfang", "password": PASSWORD });
        assert_eq!(server.anybody().post("/joining", join).await.status, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn people_are_found_by_the_name_of_their_unit_in_their_campaign_alone() {
    on_both(|server| async move {
        let Scene { administrator, office, here, .. } = scene(&server).await;
        let there = campaign(&administrator).await;
        // The unit of the other campaign has the same name.
        let town = unit_named(&administrator, &there, "东河镇").await;
        let grant = json!({ "role": "liaison", "campaign_id": there, "unit_id": town["id"] });
        let (stranger, stranger_id) = user(&administrator, &server, "stranger", grant).await;
        let both = json!({ "role": "leader", "campaign_id": here });
        let path = format!("/users/{stranger_id}/grants");
        administrator.post(&path, both).await.must(StatusCode::CREATED);
        let names = |answer: Answer| {
            let items = answer.must(StatusCode::OK)["items"].as_array().expect("people").clone();
            items.iter().map(|one| text(&one["name"])).collect::<Vec<_>>()
        };
        let people = |q: &str| format!("/campaigns/{here}/people?q={q}");
        for (q, expected) in [
            ("%E4%B8%9C%E6%B2%B3", vec!["leaver"]),
            ("LEAV", vec!["leaver"]),
            ("%E8%A5%BF%E6%B2%B3", vec![]),
            ("%25", vec![]),
            ("%20", vec!["leaver", "office", "stranger"]),
        ] {
            assert_eq!(names(office.get(&people(q)).await), expected, "{q}");
        }
        let all = names(administrator.get("/users?q=%E4%B8%9C%E6%B2%B3").await);
        assert_eq!(all, ["leaver", "stranger"], "of any campaign, for whoever manages users");
        assert_eq!(stranger.get(&people("leaver")).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}
