//! How much units are asked for is counted in the write, agrees with a recount, and is seen by those whose it is.

use axum::http::{Method, StatusCode};
use chengjing_domain::{id::CampaignId, people::Role};
use serde_json::{Value, json};

use crate::{
    evidence::{Filed, give_back},
    harness::{Caller, Server, on_both, text},
    refusals::{person, unit},
};

impl Filed {
    async fn burden(&self, caller: &Caller, rest: &str) -> Value {
        caller.get(&self.town.inside(&format!("burden{rest}"))).await.must(StatusCode::OK)
    }

    /// What one unit had in this week, as the office sees it.
    async fn load(&self, of: &str) -> Value {
        let seen = self.burden(&self.town.office, "").await;
        let units = seen["units"].as_array().expect("units").clone();
        let own = units.iter().find(|one| one["unit"]["id"] == of);
        own.map(|one| one["load"].clone()).unwrap_or(Value::Null)
    }

    async fn ask(&self, units: &[&str], version: i64) -> Value {
        let path = self.town.inside(&format!("requirements/{}/health/units", self.standards[0]));
        let body = json!({ "unit_ids": units });
        let seen = format!("\"v{version}\"");
        self.town
            .office
            .send(Method::PUT, &path, Some(body), &[("if-match", &seen)])
            .await
            .must(StatusCode::OK)
    }
}

pub async fn recounted(server: &Server, campaign: &str) {
    let id = CampaignId(campaign.parse().expect("an id"));
    let anew = move |tx| async move { chengjing_store::burden::rebuild_counts(&tx, id).await };
    server.app.store.write_unrecorded("counted anew", anew).await.expect("counted anew");
}

#[tokio::test]
async fn what_is_asked_filed_returned_and_spared_is_counted_by_week_and_agrees_with_a_recount() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let office = &filed.town.office;
        let before = filed.load(&filed.unit).await;
        let tasks = before["tasks"].as_u64().expect("its tasks of the plan");
        assert!(tasks > 0 && before["filings"] == 0, "{before}");

        let streets = unit(office, &filed.town.campaign, "县城管局").await;
        filed.ask(&[&filed.unit, &streets], 0).await;
        filed.ask(&[&filed.unit, &streets], 1).await;
        let photos = filed.photos(2).await;
        let set = filed.photo_set(&photos, &[filed.of(0, "health"), filed.of(1, "health")]);
        let one = filed.file(set).await.must(StatusCode::CREATED);
        let decisions = json!([give_back(&one["links"][1], "看不清")]);
        let one = filed.decide(office, &one, decisions).await.must(StatusCode::OK);
        let mut all = photos.clone();
        all.extend(filed.photos(1).await);
        let mut body = filed.photo_set(&all, &[]);
        let newer = json!({ "content": body["content"].take() });
        let path = format!("{}/versions", filed.path(&one));
        let seen = format!("\"v{}\"", one["version"]);
        filed
            .school
            .send(Method::POST, &path, Some(newer), &[("if-match", &seen)])
            .await
            .must(StatusCode::CREATED);

        let load = filed.load(&filed.unit).await;
        let expected = json!({
            "tasks": tasks, "requests": 1, "filings": 2, "files": 3, "returns": 1, "reused": 1,
            "minutes": tasks * 10 + 10 + 2 * 20 + 3 * 3 + 25, "spared_minutes": 20, "too_much": false,
        });
        assert_eq!(load, expected, "asked twice it is asked once, and a file that is filed again is not new");
        let detail = filed.burden(office, &format!("/{}", filed.unit)).await;
        assert_eq!(detail["load"], load);
        assert_eq!(detail["people"].as_array().map(Vec::len), Some(1));
        let person = &detail["people"][0];
        assert_eq!((&person["person"]["display_name"], &person["load"]["files"]), (&json!("liu"), &json!(3)));
        assert_eq!(person["load"]["returns"], 1, "it came back to who filed it");
        assert_eq!(
            (&person["load"]["tasks"], &person["load"]["requests"]),
            (&json!(tasks), &json!(1)),
            "its liaison is told of all that it is asked"
        );
        let seen = filed.burden(office, "").await;
        assert_eq!(
            (&seen["week_on"], seen["weeks"].as_array().map(Vec::len)),
            (&json!("2026-05-04"), Some(8))
        );
        assert_eq!(seen["weeks"][7]["load"], seen["total"]);
        assert_eq!((&seen["minutes"]["returned"], &seen["minutes"]["too_much"]), (&json!(25), &json!(480)));
        let asked = |one: &Value| {
            one["load"]["tasks"].as_u64().unwrap_or(0) + one["load"]["requests"].as_u64().unwrap_or(0)
        };
        let order: Vec<u64> = seen["units"].as_array().expect("units").iter().map(asked).collect();
        assert!(order.windows(2).all(|pair| pair[0] >= pair[1]), "who is asked most comes first: {order:?}");
        let earlier = filed.burden(office, "?day=2026-04-30").await;
        assert_eq!((&earlier["week_on"], &earlier["units"]), (&json!("2026-04-27"), &json!([])));

        recounted(&server, &filed.town.campaign).await;
        assert_eq!(filed.burden(office, "").await, seen, "counted anew it is the same");

        // Who is not asked any more was not asked; a merged unit brings all of it along.
        filed.ask(&[&filed.unit], 1).await;
        assert_eq!(filed.load(&streets).await["requests"], 0);
        let merge = json!({ "into": streets });
        let path = filed.town.inside(&format!("units/{}/merge", filed.unit));
        office.post(&path, merge).await.must(StatusCode::OK);
        let load = filed.load(&streets).await;
        assert_eq!((&load["requests"], &load["files"], &load["returns"]), (&json!(1), &json!(3), &json!(1)));
        let seen = filed.burden(office, "").await;
        recounted(&server, &filed.town.campaign).await;
        assert_eq!(filed.burden(office, "").await, seen, "also after the merger");
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_units_people_see_their_own_burden_and_no_other() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let office = &filed.town.office;
        let streets = unit(office, &filed.town.campaign, "县城管局").await;
        let own = filed.burden(&filed.school, "").await;
        let units: Vec<String> =
            own["units"].as_array().expect("units").iter().map(|one| text(&one["unit"]["id"])).collect();
        assert_eq!(units, std::slice::from_ref(&filed.unit));
        assert_eq!(own["total"], own["units"][0]["load"]);
        filed.burden(&filed.school, &format!("/{}", filed.unit)).await;
        let theirs = filed.town.inside(&format!("burden/{streets}"));
        let absent = filed.town.inside("burden/00000000-0000-7000-8000-000000000000");
        let (hidden, absent) = (filed.school.get(&theirs).await, filed.school.get(&absent).await);
        assert_eq!((hidden.status, &hidden.body), (StatusCode::NOT_FOUND, &absent.body));
        let leader = person(&server, office, Role::Leader, &filed.town.campaign, None).await;
        assert!(filed.burden(&leader, "").await["units"].as_array().expect("units").len() > 1);
        let inspector = person(&server, office, Role::Inspector, &filed.town.campaign, None).await;
        assert_eq!(inspector.get(&filed.town.inside("burden")).await.status, StatusCode::FORBIDDEN);
        let elsewhere = "/campaigns/00000000-0000-7000-8000-000000000000/burden";
        assert_eq!(filed.school.get(elsewhere).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
