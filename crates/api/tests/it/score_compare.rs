//! A score beside another one: of another moment, by another edition, of another campaign; and by the units that hold it.

use axum::http::{Method, StatusCode};
use chengjing_domain::people::Role;
use serde_json::{Value, json};

use crate::{
    harness::{Caller, on_both, text},
    observations::{City, figure, measured},
    refusals::person,
    standards::{edition_path, publish},
};

const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

/// A standard that needs nothing else.
const LONE: &str = "\
id: lone
edition: \"2026\"
title: 别家的体系
marks: 10
tree:
  - code: \"3\"
    title: 街巷
    marks: 10
    measures: [{ method: overall, grading: { form: binary } }]
";

async fn add_unit(city: &City, name: &str) -> String {
    let new = json!({ "name": name, "kind": "department" });
    text(&city.shelf.office.post(&city.inside("units"), new).await.must(StatusCode::CREATED)["id"])
}

async fn other_campaign(administrator: &Caller) -> String {
    let new = json!({ "name": "别的县", "place": "别的县", "kind": "卫生城市", "year": 2026 });
    text(&administrator.post("/campaigns", new).await.must(StatusCode::CREATED)["id"])
}

/// The place with that code.
fn place<'a>(comparison: &'a Value, code: &str) -> &'a Value {
    let places = comparison["places"].as_array().expect("places");
    places.iter().find(|place| place["code"] == code).unwrap_or(&Value::Null)
}

async fn edition(city: &City, source: &str) -> Value {
    let draft = city.shelf.take_in(source).await.must(StatusCode::CREATED);
    publish(&city.shelf.office, &edition_path(&draft), 1).await.must(StatusCode::OK)
}

#[tokio::test]
async fn two_moments_differ_by_what_was_observed_between_them_and_one_by_nothing() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        city.recorded(figure("2026-03", "4.2")).await;
        let compare = |query: &str| city.inside(&format!("score/compare?{query}"));
        let office = &city.shelf.office;
        let found = office.get(&compare("with_as_of=2026-05-05T00:00:00Z")).await.must(StatusCode::OK);
        assert_eq!(found["by"], json!({ "low": "2", "value": "2", "high": "-2" }));
        assert_eq!(found["own"]["total"], json!({ "low": "2", "value": "2", "high": "12" }));
        assert_eq!(found["with"]["total"], json!({ "low": "0", "value": "0", "high": "14" }));
        assert_eq!(found["with"]["as_of"], "2026-05-05T00:00:00Z");
        let leaf = place(&found, "3");
        assert_eq!((&leaf["by_leaf"], &leaf["reasons"]), (&json!("2"), &json!(["more_known"])));
        assert_eq!((&leaf["own"]["status"], &leaf["with"]["status"]), (&json!("known"), &json!("unknown")));
        assert_eq!((&leaf["with_title"], &place(&found, "1")["reasons"]), (&Value::Null, &json!([])));

        let same = office.get(&compare("")).await.must(StatusCode::OK);
        assert_eq!(same["by"], json!({ "low": "0", "value": "0", "high": "0" }));
        let places = same["places"].as_array().expect("places");
        assert!(places.iter().all(|place| place["reasons"] == json!([]) && place["by_leaf"] == "0"));
        let both = "as_of=2026-05-05T00:00:00Z&with_as_of=2026-05-04T00:00:00Z";
        let before = office.get(&compare(both)).await.must(StatusCode::OK);
        assert_eq!(before["by"]["value"], "0");
        let late = office.get(&compare("with_as_of=2030-01-01T00:00:00Z")).await;
        assert_eq!(late.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"][0]["path"], "with_as_of");
    })
    .await;
}

#[tokio::test]
async fn what_a_standard_needs_is_scored_by_the_edition_of_then_and_a_newer_one_changes_no_past() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        let office = &city.shelf.office;
        let old = edition(&city, LONE).await;
        // Of ten marks nobody has fifty; of a hundred somebody may.
        let gated = LONE.replace("id: lone", "id: gated").replace("别家的体系", "有门槛的体系")
            + "gates: [{ title: 门槛, of: { standard: lone }, at_least: 50 }]\n";
        let gated = edition(&city, &gated).await;
        for one in [&old, &gated] {
            office
                .post(&city.inside("standards"), json!({ "edition_id": one["id"] }))
                .await
                .must(StatusCode::CREATED);
        }
        let path = format!("score?standard={}", text(&gated["standard"]["id"]));
        let gate = async |query: &str| {
            let score = office.get(&city.inside(&format!("{path}{query}"))).await.must(StatusCode::OK);
            text(&score["gates"][0]["state"])
        };
        let past = "&as_of=2026-05-05T00:00:00Z";
        assert_eq!((gate("").await, gate(past).await), ("missed".into(), "missed".into()));
        let newer = LONE.replace("2026", "2027").replace("marks: 10\n", "marks: 100\n");
        let newer = edition(&city, &newer).await;
        assert_eq!(newer["standard"]["id"], old["standard"]["id"], "another edition of the same standard");
        let one = city.inside(&format!("standards/{}", text(&old["standard"]["id"])));
        let change = Some(json!({ "edition_id": newer["id"] }));
        let moved = office.send(Method::PATCH, &one, change, &[("if-match", "\"v1\"")]).await;
        moved.must(StatusCode::OK);
        assert_eq!((gate("").await, gate(past).await), ("open".into(), "missed".into()));
    })
    .await;
}

#[tokio::test]
async fn an_edition_that_is_not_attached_counts_what_was_observed_and_stays_unattached() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        city.recorded(figure("2026-03", "4.2")).await;
        let event = json!({ "fact": { "kind": "event", "entry": "N1" }, "standard_id": city.standard,
            "source": "市应急局通报", "accepted": true });
        city.recorded(event).await;
        let office = &city.shelf.office;
        let compare = |id: &Value| city.inside(&format!("score/compare?with_edition={}", text(id)));
        let next = measured()
            .replace("edition: \"2026\"", "edition: \"2027\"")
            .replace("title: 就业\n    marks: 4", "title: 稳就业\n    marks: 8")
            .replace("marks: 14", "marks: 18");
        let draft = city.shelf.take_in(&next).await.must(StatusCode::CREATED);
        let refused = office.get(&compare(&draft["id"])).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused["faults"][0]["path"], "with_edition");
        let next = publish(office, &edition_path(&draft), 1).await.must(StatusCode::OK);
        let found = office.get(&compare(&next["id"])).await.must(StatusCode::OK);
        assert_eq!((&found["own"]["edition"], &found["with"]["edition"]), (&json!("2026"), &json!("2027")));
        let leaf = place(&found, "3");
        assert_eq!((&leaf["by_leaf"], &leaf["reasons"]), (&json!("-2"), &json!(["marks"])));
        assert_eq!((&leaf["title"], &leaf["with_title"]), (&json!("就业"), &json!("稳就业")));
        // 2 off for the accident, in both: what is left is nothing here, and 2 there.
        assert_eq!(found["with"]["total"]["value"], "2");
        let lines = found["lines"].as_array().expect("lines");
        let of = |word: &str| lines.iter().find(|line| line["line"] == word).expect("a line");
        assert_eq!(
            (&of("deduction")["title"], &of("deduction")["by"]["value"]),
            (&json!("较大事故"), &json!("0"))
        );
        let score = city.score().await;
        assert_eq!(score["edition"], "2026", "nothing was attached");

        // Another standard of the same shelf: codes of a tree mean something else in it.
        let lone = edition(&city, LONE).await;
        let found = office.get(&compare(&lone["id"])).await.must(StatusCode::OK);
        assert_eq!(found["with"]["total"], json!({ "low": "0", "value": "0", "high": "10" }));
        assert_eq!(place(&found, "1")["reasons"], json!(["added"]));
        assert_eq!(place(&found, "3")["with_title"], "街巷");
        assert_eq!(office.get(&compare(&json!(NOBODY))).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn another_campaign_is_compared_with_by_who_sees_both_and_hidden_from_who_does_not() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        city.recorded(figure("2026-03", "4.2")).await;
        let (administrator, office) = (&city.administrator, &city.shelf.office);
        let other = other_campaign(administrator).await;
        let compare = |query: String| city.inside(&format!("score/compare?{query}"));
        let with = compare(format!("with_campaign={other}"));
        let none = administrator.get(&with).await;
        assert_eq!(none.status, StatusCode::CONFLICT, "it is assessed by nothing");
        let attached = json!({ "edition_id": city.score().await["edition_id"] });
        let all = format!("/campaigns/{other}/standards");
        administrator.post(&all, attached).await.must(StatusCode::CREATED);
        let found = administrator.get(&with).await.must(StatusCode::OK);
        assert_eq!(found["with"]["campaign"], json!({ "id": other, "name": "别的县" }));
        assert_eq!(found["by"]["value"], "2");
        for id in [other.as_str(), NOBODY] {
            let hidden = office.get(&compare(format!("with_campaign={id}"))).await;
            assert_eq!(hidden.status, StatusCode::NOT_FOUND, "{id}");
        }

        // An edition on the other campaign's shelf.
        let theirs = administrator.upload(&format!("/standards?campaign={other}"), LONE.into()).await;
        let theirs = theirs.must(StatusCode::CREATED);
        publish(administrator, &edition_path(&theirs), 1).await.must(StatusCode::OK);
        let with = compare(format!("with_edition={}", text(&theirs["id"])));
        assert_eq!(office.get(&with).await.status, StatusCode::NOT_FOUND);
        administrator.get(&with).await.must(StatusCode::OK);
        let standard = compare(format!("with_standard={}", text(&theirs["standard"]["id"])));
        assert_eq!(office.get(&standard).await.status, StatusCode::NOT_FOUND, "not attached here");
    })
    .await;
}

#[tokio::test]
async fn marks_stand_with_the_units_that_lead_and_add_up_to_the_whole() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        city.recorded(figure("2026-03", "4.2")).await;
        let (labour, market) = (add_unit(&city, "县人社局").await, add_unit(&city, "县市场监管局").await);
        let owner = |unit: &str, role: &str| json!({ "unit_id": unit, "role": role });
        let said = json!({ "leaves": [
            { "leaf": "3", "version": 0, "owners": [owner(&labour, "lead"), owner(&market, "responsible")] },
            { "leaf": "1", "version": 0, "owners": [owner(&labour, "lead"), owner(&market, "lead")] },
            { "leaf": "2", "version": 0, "owners": [owner(&market, "support")] },
        ] });
        let owners = city.inside(&format!("standards/{}/owners", city.standard));
        city.shelf.office.send(Method::PUT, &owners, Some(said), &[]).await.must(StatusCode::OK);
        let seen = city.shelf.office.get(&city.inside("score/units")).await.must(StatusCode::OK);
        let figures = |held: &Value| ["marks", "value", "lost", "gain"].map(|field| text(&held[field]));
        let rows: Vec<(Value, [String; 4])> = seen["units"]
            .as_array()
            .expect("units")
            .iter()
            .map(|one| (one["unit"]["name"].clone(), figures(one)))
            .collect();
        assert_eq!(
            rows,
            [
                (json!("县人社局"), ["7", "2", "2", "3"].map(str::to_owned)),
                (json!("县市场监管局"), ["3", "0", "0", "3"].map(str::to_owned)),
                (Value::Null, ["4", "0", "0", "4"].map(str::to_owned)),
            ]
        );
        assert_eq!(figures(&seen["whole"]), ["14", "2", "2", "10"]);
        assert_eq!(seen["cut"], Value::Null);
        let shared = &seen["units"][0]["leaves"][0];
        assert_eq!((&shared["code"], &shared["holders"]), (&json!("1"), &json!(2)));
        let before = city.inside("score/units?as_of=2026-05-05T00:00:00Z");
        let before = city.shelf.office.get(&before).await.must(StatusCode::OK);
        assert_eq!(figures(&before["whole"]), ["14", "0", "0", "14"]);
        let missing = city.inside(&format!("score/units?standard={NOBODY}"));
        assert_eq!(city.shelf.office.get(&missing).await.status, StatusCode::NOT_FOUND);

        let liaison =
            person(&server, &city.administrator, Role::Liaison, &city.shelf.campaign, Some(&labour)).await;
        for rest in ["score/units", "score/compare"] {
            assert_eq!(liaison.get(&city.inside(rest)).await.status, StatusCode::FORBIDDEN, "{rest}");
        }
        let (status, _, bytes) = city.shelf.office.fetch(&city.inside("score/workbook"), &[]).await;
        assert_eq!((status, &bytes[..2]), (StatusCode::OK, b"PK".as_slice()));
    })
    .await;
}
