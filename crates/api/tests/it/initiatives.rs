//! Special actions and working groups: led by one unit, whose people look at everything in them and touch nothing.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    harness::{Caller, on_both, text},
    refusals::unit,
    tasks::Town,
    units::patch,
};

/// A special action of that unit, with the duty in whose title these characters stand.
async fn action_with(town: &Town, leader: &str, members: &[&str], word: &str) -> Value {
    let leader = unit(&town.office, &town.campaign, leader).await;
    let mut ids = Vec::new();
    for member in members {
        ids.push(unit(&town.office, &town.campaign, member).await);
    }
    let new = json!({ "kind": "special_action", "name": "背街小巷整治专项行动", "purpose": "一月内见成效",
        "leader_id": leader, "member_ids": ids, "starts_on": "2026-05-01", "ends_on": "2026-08-31" });
    let added = town.office.post(&town.inside("initiatives"), new).await.must(StatusCode::CREATED);
    let duty = duty_with(town, word).await;
    put_in(town, &duty, &added["id"]).await;
    added
}

async fn duty_with(town: &Town, word: &str) -> Value {
    let list = town.office.get(&town.inside("duties")).await.must(StatusCode::OK);
    let all = list["items"].as_array().expect("duties");
    all.iter().find(|duty| text(&duty["title"]).contains(word)).expect("the duty").clone()
}

async fn put_in(town: &Town, duty: &Value, initiative: &Value) -> Value {
    let change = json!({ "initiative_id": initiative });
    let seen = format!("\"v{}\"", duty["version"]);
    let path = town.inside(&format!("duties/{}", text(&duty["id"])));
    let answer = town.office.send(Method::PATCH, &path, Some(change), &[("if-match", &seen)]).await;
    answer.must(StatusCode::OK)
}

async fn titles(caller: &Caller, path: &str) -> Vec<String> {
    let list = caller.get(path).await.must(StatusCode::OK);
    list["items"].as_array().expect("a list").iter().map(|item| text(&item["title"])).collect()
}

#[tokio::test]
async fn who_leads_sees_all_of_it_a_member_their_own_and_others_nothing() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        let east = town.liaison(&server, "东河镇", "sun").await;
        let streets = "清理背街小巷,6月底前完成,满意度达90%以上";
        let schools = "整治校园周边摊点";
        assert_eq!(titles(&school, &town.inside("duties")).await, [schools]);

        let added = action_with(&town, "县教育局", &["县城管局", "东河镇"], "小巷").await;
        let duty = duty_with(&town, "小巷").await;
        assert_eq!(duty["initiative"]["name"], "背街小巷整治专项行动");
        let one = town.inside(&format!("duties/{}", text(&duty["id"])));
        let by_it = town.inside(&format!("duties?initiative={}", text(&added["id"])));

        // The leader: in lists, counts, search, and each of them; nothing to do to them.
        assert_eq!(titles(&school, &town.inside("duties")).await, [streets, schools]);
        assert_eq!(titles(&school, &by_it).await, [streets]);
        let count = school.get(&town.inside("duties/count")).await.must(StatusCode::OK);
        assert_eq!(count["count"], 2);
        let search = town.inside("search?q=%E5%B0%8F%E5%B7%B7");
        assert_eq!(titles(&school, &search).await, [streets]);
        school.get(&one).await.must(StatusCode::OK);
        let theirs = town.tasks(&school, "").await;
        assert_eq!(theirs.len(), 4, "three of others and its own");
        let foreign = town.task_of("东河").await;
        let task = town.inside(&format!("tasks/{}", text(&foreign["id"])));
        assert_eq!(school.get(&task).await.must(StatusCode::OK)["possible"], json!([]));
        let tasks = school.get(&format!("{one}/tasks")).await.must(StatusCode::OK);
        assert_eq!(tasks["items"].as_array().map(Vec::len), Some(3));
        let seen = [("if-match", "\"v1\"")];
        let deed = Some(json!({ "deed": "accept" }));
        let refused = school.send(Method::POST, &format!("{task}/deeds"), deed.clone(), &seen).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let edited = school.send(Method::PATCH, &one, Some(json!({ "title": "别的" })), &seen).await;
        assert_eq!(edited.status, StatusCode::FORBIDDEN);
        let whole = school.get(&town.inside(&format!("initiatives/{}", text(&added["id"])))).await;
        let whole = whole.must(StatusCode::OK);
        assert_eq!((&whole["duties"], &whole["whole"]["total"]), (&json!(1), &json!(3)));

        // A member: what was theirs before, also of the figures.
        assert_eq!(titles(&east, &by_it).await, [streets]);
        assert_eq!(town.tasks(&east, "").await.len(), 1);
        let part = east.get(&town.inside(&format!("initiatives/{}", text(&added["id"])))).await;
        let part = part.must(StatusCode::OK);
        assert_eq!((&part["duties"], &part["whole"]["total"]), (&Value::Null, &json!(1)));
        assert_eq!(part["units"].as_array().map(Vec::len), Some(1));

        // Taken out of it, the duty is hidden from who leads it, and the member has it still.
        put_in(&town, &duty_with(&town, "小巷").await, &Value::Null).await;
        assert_eq!(school.get(&one).await.status, StatusCode::NOT_FOUND);
        assert_eq!(school.get(&task).await.status, StatusCode::NOT_FOUND);
        let refused = school.send(Method::POST, &format!("{task}/deeds"), deed, &seen).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        assert_eq!(titles(&school, &by_it).await, Vec::<String>::new());
        assert_eq!(titles(&school, &search).await, Vec::<String>::new());
        assert_eq!(town.tasks(&school, "").await.len(), 1);
        east.get(&one).await.must(StatusCode::OK);
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_initiative_is_added_once_edited_as_seen_and_says_all_that_is_wrong() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        let all = town.inside("initiatives");
        let nobody = "00000000-0000-7000-8000-000000000000";
        let group = unit(&town.office, &town.campaign, "各乡镇").await;
        let bad = json!({ "kind": "working_group", "name": " ", "leader_id": nobody, "member_ids": [group],
            "head_id": nobody, "starts_on": "2026-05-02", "ends_on": "2026-05-01" });
        let faults =
            town.office.post(&all, bad).await.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"].clone();
        let paths: Vec<String> =
            faults.as_array().expect("faults").iter().map(|f| text(&f["path"])).collect();
        assert_eq!(paths, ["name", "leader_id", "member_ids[0]", "head_id", "ends_on"]);

        let leader = unit(&town.office, &town.campaign, "县城管局").await;
        let new = json!({ "kind": "working_group", "name": "校园周边工作组", "leader_id": leader,
            "member_ids": [leader] });
        assert_eq!(school.post(&all, new.clone()).await.status, StatusCode::FORBIDDEN);
        let key = [("idempotency-key", "one")];
        let first =
            town.office.send(Method::POST, &all, Some(new.clone()), &key).await.must(StatusCode::CREATED);
        let again = town.office.send(Method::POST, &all, Some(new.clone()), &key).await;
        assert!(again.replayed);
        assert_eq!(again.body["id"], first["id"]);
        assert_eq!(first["members"], json!([]), "who leads is no member");
        let twin = town.office.post(&all, new).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(twin["faults"][0]["path"], "name");

        let one = town.inside(&format!("initiatives/{}", text(&first["id"])));
        let change = Some(json!({ "purpose": "每月会商" }));
        assert_eq!(
            town.office.send(Method::PATCH, &one, change.clone(), &[]).await.status,
            StatusCode::PRECONDITION_REQUIRED
        );
        let seen = [("if-match", "\"v1\"")];
        let edited = town.office.send(Method::PATCH, &one, change.clone(), &seen).await.must(StatusCode::OK);
        assert_eq!((&edited["purpose"], &edited["version"]), (&json!("每月会商"), &json!(2)));
        let stale = town.office.send(Method::PATCH, &one, change.clone(), &seen).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);

        // Closed, it takes nothing until it is opened again.
        let duty = duty_with(&town, "摊点").await;
        let closing = format!("{one}/closing");
        let seen = [("if-match", "\"v2\"")];
        let wordless = town.office.send(Method::POST, &closing, Some(json!({ "summary": "" })), &seen).await;
        assert_eq!(wordless.status, StatusCode::UNPROCESSABLE_ENTITY);
        let summary = Some(json!({ "summary": "摊点全部入市" }));
        let closed =
            town.office.send(Method::POST, &closing, summary.clone(), &seen).await.must(StatusCode::OK);
        assert_eq!(closed["summary"], "摊点全部入市");
        let seen = [("if-match", "\"v3\"")];
        for refused in [
            town.office.send(Method::POST, &closing, summary, &seen).await,
            town.office.send(Method::PATCH, &one, change, &seen).await,
        ] {
            assert_eq!(refused.status, StatusCode::CONFLICT);
        }
        let many = json!({ "duties": [{ "id": duty["id"], "version": duty["version"] }],
            "initiative_id": first["id"] });
        let duties = town.inside("duties");
        let refused = town.office.send(Method::PATCH, &duties, Some(many.clone()), &[]).await;
        assert_eq!(refused.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"][0]["path"], "duties[0]");
        assert_eq!(school.delete(&closing).await.status, StatusCode::PRECONDITION_REQUIRED);
        assert_eq!(school.send(Method::DELETE, &closing, None, &seen).await.status, StatusCode::FORBIDDEN);
        town.office.send(Method::DELETE, &closing, None, &seen).await.must(StatusCode::OK);
        let moved = town.office.send(Method::PATCH, &duties, Some(many), &[]).await.must(StatusCode::OK);
        assert_eq!(moved["changed"], 1);
        let open = town.office.get(&format!("{all}?open=true")).await.must(StatusCode::OK);
        assert_eq!(open["items"][0]["duties"], 1);

        // A unit that leads one is not closed, and gives it on where it is merged.
        let leading = json!({ "id": leader, "version": 1 });
        let refused = town
            .office
            .send(
                Method::POST,
                &town.inside(&format!("units/{leader}/closing")),
                Some(json!({ "reason": "机构改革" })),
                &[("if-match", "\"v1\"")],
            )
            .await
            .must(StatusCode::CONFLICT);
        assert!(refused["title"].to_string().contains("校园周边工作组"), "{refused}");
        let renamed = patch(&town.office, &town.campaign, &leading, json!({ "confirmed": true })).await;
        renamed.must(StatusCode::OK);
        let into = unit(&town.office, &town.campaign, "县教育局").await;
        let merge = town.inside(&format!("units/{leader}/merge"));
        town.office.post(&merge, json!({ "into": into })).await.must(StatusCode::OK);
        assert_eq!(town.office.get(&one).await.must(StatusCode::OK)["leader"]["name"], "县教育局");
        let acts = town.office.get(&town.inside("ledger?limit=20")).await.must(StatusCode::OK);
        let acts: Vec<String> =
            acts["items"].as_array().expect("entries").iter().map(|entry| text(&entry["action"])).collect();
        for act in ["initiative.add", "initiative.edit", "initiative.close", "initiative.reopen"] {
            assert_eq!(acts.iter().filter(|done| *done == act).count(), 1, "{act} in {acts:?}");
        }
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn duties_of_no_initiative_are_a_list_of_their_own() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let count = async |query: &str| {
            let path = town.inside(&format!("duties/count{query}"));
            town.office.get(&path).await.must(StatusCode::OK)["count"].as_u64().expect("a number")
        };
        let all = count("").await;
        assert_eq!(count("?ungathered=true").await, all);
        let action = action_with(&town, "县教育局", &["县城管局", "东河镇"], "小巷").await;
        let inside = format!("?initiative={}", text(&action["id"]));
        assert_eq!((count(&inside).await, count("?ungathered=true").await), (1, all - 1));
    })
    .await;
}
