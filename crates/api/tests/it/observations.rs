//! What was observed: recorded whole or with all that is wrong with it, accepted, released, superseded; seen by those who see
//! the whole campaign.

use axum::http::{Method, StatusCode};
use chengjing_domain::people::Role;
use serde_json::{Value, json};

use crate::{
    attachments::{jpeg, send},
    harness::{Answer, Caller, Server, on_both, text},
    refusals::person,
    standards::{CATALOGUE, SMALL, Shelf, edition_path, publish},
};

/// The small standard with a figure, an entry of the negative list, and a material.
pub fn measured() -> String {
    let figure = "  - code: \"3\"
    title: 就业
    marks: 4
    measures:
      - method: statistic
        statistic: jobless
        grading: { form: thresholds, steps: [{ below: 4, counts: 1 }, { below: 5, counts: 0.5 }], otherwise: 0 }
negative_list:
  - { code: N1, title: 较大事故, sanction: { kind: deduct, marks: 2 } }
";
    SMALL.replace("marks: 10\n", "marks: 14\n") + figure
}

pub fn catalogue() -> String {
    CATALOGUE.to_owned()
        + "  statistics:\n    - { id: jobless, title: 城镇登记失业率, unit: \"%\", source: 县人社局 }\n"
}

/// A campaign that is assessed by that standard.
pub struct City {
    pub shelf: Shelf,
    pub administrator: Caller,
    pub standard: String,
}

impl City {
    pub async fn new(server: &Server) -> Self {
        Self::of(server, &measured(), &catalogue()).await
    }

    /// One that is assessed by this standard, over this catalogue.
    pub async fn of(server: &Server, standard: &str, catalogue: &str) -> Self {
        let (administrator, shelf) = Shelf::new(server).await;
        shelf.catalogue(catalogue).await;
        let draft = shelf.take_in(standard).await.must(StatusCode::CREATED);
        let edition = publish(&shelf.office, &edition_path(&draft), 1).await.must(StatusCode::OK);
        let all = format!("/campaigns/{}/standards", shelf.campaign);
        shelf.office.post(&all, json!({ "edition_id": edition["id"] })).await.must(StatusCode::CREATED);
        Self { shelf, administrator, standard: text(&draft["standard"]["id"]) }
    }

    pub fn inside(&self, rest: &str) -> String {
        format!("/campaigns/{}/{rest}", self.shelf.campaign)
    }

    pub async fn record(&self, items: Value) -> Answer {
        self.shelf.office.post(&self.inside("observations"), json!({ "items": items })).await
    }

    pub async fn recorded(&self, item: Value) -> Value {
        self.record(json!([item])).await.must(StatusCode::CREATED)["items"][0].clone()
    }

    pub async fn site(&self, name: &str) -> String {
        let new = json!({ "items": [{ "name": name, "site_type": "market" }] });
        let added = self.shelf.office.post(&self.inside("sites"), new).await.must(StatusCode::CREATED);
        text(&added["items"][0]["id"])
    }

    pub async fn score(&self) -> Value {
        self.shelf.office.get(&self.inside("score")).await.must(StatusCode::OK)
    }

    pub async fn act(&self, one: &Value, act: &str, body: Option<Value>) -> Answer {
        let path = self.inside(&format!("observations/{}/{act}", text(&one["id"])));
        let seen = format!("\"v{}\"", one["version"]);
        self.shelf.office.send(Method::POST, &path, body, &[("if-match", &seen)]).await
    }
}

pub fn figure(period: &str, value: &str) -> Value {
    json!({ "fact": { "kind": "figure", "statistic": "jobless", "value": value }, "period": period,
        "source": "县人社局月报", "accepted": true })
}

fn visit(site: &str, verdict: &str) -> Value {
    json!({ "fact": { "kind": "visit", "site": site, "criterion": "market/licence", "verdict": verdict },
        "source": "日常巡查", "accepted": true })
}

fn paths(answer: &Value) -> Vec<String> {
    answer["faults"].as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect()
}

#[tokio::test]
async fn what_is_recorded_is_taken_whole_or_every_fault_is_told_at_its_place() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        let market = city.site("城东市场").await;
        let nobody = "00000000-0000-7000-8000-000000000000";
        let judged = |standard: Value, verdict: &str| {
            json!({ "fact": { "kind": "judgement", "leaf": "2", "method": "overall", "verdict": verdict },
                "standard_id": standard, "source": "市文明办" })
        };
        let of = |mut one: Value, field: &str, value: Value| {
            one[field] = value;
            one
        };
        let wrong = json!([
            of(figure("2026-03", "4.2"), "source", json!(" ")),
            figure("2026年3月", "4.2"),
            of(figure("2026-04", "4.2"), "at", json!("2027-01-01T00:00:00Z")),
            { "fact": { "kind": "figure", "statistic": "income", "value": "1" }, "source": "甲" },
            visit(nobody, "met"),
            visit(&market, "partly"),
            judged(Value::Null, "met"),
            judged(json!(nobody), "met"),
            judged(json!(city.standard), "excellent"),
            of(of(figure("2026-01", "4"), "covert", json!(true)), "unit_id", json!(nobody)),
            of(figure("2026-02", "4"), "files", json!([nobody])),
            { "fact": { "kind": "no_sites", "site_type": "market" }, "source": "甲" },
            { "fact": { "kind": "event", "entry": "N9" }, "standard_id": city.standard, "source": "甲" },
        ]);
        let faults = city.record(wrong).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            paths(&faults),
            [
                "items[0].source",
                "items[1].period",
                "items[2].at",
                "items[3].fact.statistic",
                "items[4].fact.site",
                "items[5].fact.verdict",
                "items[6].standard_id",
                "items[7].standard_id",
                "items[8].fact.verdict",
                "items[9].unit_id",
                "items[9].covert",
                "items[10].files[0]",
                "items[11].fact.site_type",
                "items[12].fact.entry",
            ]
        );
        assert_eq!(paths(&city.record(json!([])).await.must(StatusCode::UNPROCESSABLE_ENTITY)), ["items"]);
        let list = city.shelf.office.get(&city.inside("observations")).await.must(StatusCode::OK);
        assert_eq!(list["items"], json!([]), "nothing of it was kept");

        let file = send(&city.shelf.office, &city.shelf.campaign, "月报.jpg", &jpeg()).await;
        let both = json!([
            of(figure("2026-03", "4.20"), "files", json!([file["id"]])),
            of(figure("2026-04", "3.9"), "files", json!([file["id"]])),
        ]);
        let key = [("idempotency-key", "months")];
        let body = json!({ "items": both });
        let all = city.inside("observations");
        let first = city.shelf.office.send(Method::POST, &all, Some(body.clone()), &key).await;
        let first = first.must(StatusCode::CREATED);
        assert!(city.shelf.office.send(Method::POST, &all, Some(body), &key).await.replayed);
        let march = &first["items"][0];
        assert_eq!((&march["title"], &march["measured_in"]), (&json!("城镇登记失业率"), &json!("%")));
        assert_eq!((&march["fact"]["value"], &march["at"]), (&json!("4.20"), &json!("2026-03-31T15:59:59Z")));
        assert_eq!(march["files"][0]["name"], "月报.jpg");
        assert_eq!(first["items"][1]["files"][0]["id"], file["id"], "a page holds many figures");
        let again = city.record(json!([figure("2026-04", "3.8")])).await;
        assert_eq!(paths(&again.must(StatusCode::UNPROCESSABLE_ENTITY)), ["items[0].period"]);

        let series = city.inside("observations?kind=figure&about=jobless&limit=1");
        let page = city.shelf.office.get(&series).await.must(StatusCode::OK);
        assert_eq!(page["items"][0]["period"], "2026-04", "what was made last comes first");
        let next = format!("{series}&after={}", text(&page["next"]).replace('+', "%2B"));
        let page = city.shelf.office.get(&next).await.must(StatusCode::OK);
        assert_eq!((&page["items"][0]["period"], &page["next"]), (&json!("2026-03"), &Value::Null));
        let kindless = city.shelf.office.get(&city.inside("observations?about=jobless")).await;
        assert_eq!(paths(&kindless.must(StatusCode::UNPROCESSABLE_ENTITY)), ["kind"]);
        let ask = city.inside("observables?kind=figure");
        let asked = city.shelf.office.get(&ask).await.must(StatusCode::OK);
        let expected = json!([{ "kind": "figure", "about": "jobless", "title": "城镇登记失业率", "standard_id": null, "method": null,
            "measured_in": "%", "source": "县人社局", "every": null, "site_type": null, "words": [], "along": false }]);
        assert_eq!(asked["items"], expected);
        let ask = city.inside("observables?kind=judgement");
        let asked = city.shelf.office.get(&ask).await.must(StatusCode::OK)["items"][0].clone();
        assert_eq!(
            (&asked["about"], &asked["method"], &asked["words"]),
            (&json!("2"), &json!("overall"), &json!(["met", "failed"]))
        );
    })
    .await;
}

#[tokio::test]
async fn an_observation_is_accepted_and_superseded_as_it_was_seen_and_stays() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        let mut waiting = figure("2026-03", "4.2");
        waiting["accepted"] = json!(false);
        let one = city.recorded(waiting.clone()).await;
        assert_eq!((&one["accepted_at"], &one["version"]), (&Value::Null, &json!(1)));
        assert_eq!(city.score().await["places"][2]["status"], "unknown", "it does not count yet");
        let queue = city.shelf.office.get(&city.inside("observations?waiting=true")).await;
        assert_eq!(queue.must(StatusCode::OK)["items"][0]["id"], one["id"]);
        let accepted = city.act(&one, "acceptance", None).await.must(StatusCode::OK);
        assert_eq!(accepted["version"], 2);
        let stale = city.act(&one, "acceptance", None).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let twice = city.act(&accepted, "acceptance", None).await;
        assert_eq!(twice.status, StatusCode::CONFLICT);
        assert_eq!(city.act(&accepted, "release", None).await.status, StatusCode::CONFLICT, "it is open");
        assert_eq!(city.score().await["places"][2]["value"], "2");

        let corrected = city.act(&accepted, "successor", Some(figure("2026-03", "3.2"))).await;
        let corrected = corrected.must(StatusCode::CREATED);
        assert_eq!(city.score().await["places"][2]["value"], "4");
        let path = city.inside(&format!("observations/{}", text(&one["id"])));
        let old = city.shelf.office.get(&path).await;
        assert_eq!(old.etag.as_deref(), Some("\"v3\""));
        let old = old.must(StatusCode::OK);
        assert_eq!((&old["superseded_by"], &old["fact"]["value"]), (&corrected["id"], &json!("4.2")));
        let again = city.act(&old, "successor", Some(figure("2026-03", "3.1"))).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "the newest one is corrected");
        let other = json!({ "fact": { "kind": "event", "entry": "N1" }, "standard_id": city.standard,
            "source": "甲" });
        assert_eq!(city.act(&corrected, "successor", Some(other)).await.status, StatusCode::CONFLICT);
        let ledger = city.shelf.office.get(&city.inside("ledger?limit=4")).await.must(StatusCode::OK);
        let acts: Vec<String> =
            ledger["items"].as_array().expect("entries").iter().map(|one| text(&one["action"])).collect();
        // The old one and the new one each have an entry of their own.
        let expected =
            ["observation.supersede", "observation.supersede", "observation.accept", "observation.record"];
        assert_eq!(acts, expected);
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_was_recorded_in_error_is_withdrawn_with_a_reason_and_counts_no_more() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        let leader = person(&server, &city.administrator, Role::Leader, &city.shelf.campaign, None).await;
        let event = city
            .recorded(json!({ "fact": { "kind": "event", "entry": "N1" }, "standard_id": city.standard,
                "source": "县应急局通报", "accepted": true }))
            .await;
        let deducted = async || {
            let score = city.score().await;
            let lines = score["lines"].as_array().expect("lines").iter();
            lines.filter(|line| line["line"] == "deduction").count()
        };
        assert_eq!(deducted().await, 1);
        let reason = || Some(json!({ "reason": "是邻县的事故" }));
        let path = city.inside(&format!("observations/{}/withdrawal", text(&event["id"])));
        let seen = [("if-match", "\"v2\"")];
        let refused = leader.send(Method::POST, &path, reason(), &seen).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let silent = city.act(&event, "withdrawal", Some(json!({ "reason": " " }))).await;
        assert_eq!(paths(&silent.must(StatusCode::UNPROCESSABLE_ENTITY)), ["reason"]);
        let old = json!({ "id": event["id"], "version": 1 });
        assert_eq!(city.act(&old, "withdrawal", reason()).await.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(deducted().await, 1, "nothing was withdrawn by any of these");

        // Sent twice by one click, it is done once.
        let twice = [("if-match", "\"v2\""), ("idempotency-key", "withdraw")];
        let said = city.shelf.office.send(Method::POST, &path, reason(), &twice).await;
        let said = said.must(StatusCode::CREATED);
        let again = city.shelf.office.send(Method::POST, &path, reason(), &twice).await;
        assert_eq!(again.must(StatusCode::CREATED)["id"], said["id"]);
        assert_eq!((&said["withdraws"], &said["source"]), (&json!(true), &json!("是邻县的事故")));
        assert_eq!(deducted().await, 0);
        let one = city.inside(&format!("observations/{}", text(&event["id"])));
        let gone = city.shelf.office.get(&one).await.must(StatusCode::OK);
        assert_eq!((&gone["superseded_by"], &gone["source"]), (&said["id"], &json!("县应急局通报")));
        assert_eq!(city.act(&gone, "withdrawal", reason()).await.status, StatusCode::CONFLICT);
        assert_eq!(city.act(&said, "withdrawal", reason()).await.status, StatusCode::CONFLICT);
        let ledger = city.shelf.office.get(&city.inside("ledger?limit=1")).await.must(StatusCode::OK);
        assert_eq!(ledger["items"][0]["action"], "observation.withdraw");
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());

        // A figure that is withdrawn leaves its period free, and a right one is simply recorded.
        let wrong = city.recorded(figure("2026-03", "4.2")).await;
        city.act(&wrong, "withdrawal", Some(json!({ "reason": "是去年的数" })))
            .await
            .must(StatusCode::CREATED);
        assert_eq!(city.score().await["places"][2]["status"], "unknown");
        city.recorded(figure("2026-03", "3.2")).await;
        assert_eq!(city.score().await["places"][2]["value"], "4");

        // Who may not see what was seen covertly learns nothing of its being withdrawn.
        let market = city.site("城东市场").await;
        let mut covert = visit(&market, "failed");
        covert["covert"] = json!(true);
        let covert = city.recorded(covert).await;
        let said = city.act(&covert, "withdrawal", Some(json!({ "reason": "不是这个市场" }))).await;
        let said = said.must(StatusCode::CREATED);
        let hidden = city.inside(&format!("observations/{}", text(&said["id"])));
        assert_eq!(leader.get(&hidden).await.status, StatusCode::NOT_FOUND);
        let listed = leader.get(&city.inside("observations?kind=visit")).await.must(StatusCode::OK);
        assert_eq!(listed["items"], json!([]));
        // An open visit at the same place tells nothing of it either.
        city.recorded(visit(&market, "failed")).await;
        let leaf = leader.get(&city.inside("score/leaf/1")).await.must(StatusCode::OK);
        assert_eq!(leaf["losses"][0]["superseded"], json!([]));
        assert_eq!(leaf["observations"].as_array().map(Vec::len), Some(1), "{leaf:#}");
        let alone = city.act(&said, "release", None).await;
        assert_eq!(alone.status, StatusCode::CONFLICT, "it is released with what it withdraws");
        city.act(&gone_of(&city, &covert).await, "release", None).await.must(StatusCode::OK);
        assert_eq!(leader.get(&hidden).await.must(StatusCode::OK)["source"], "不是这个市场");
        let leaf = leader.get(&city.inside("score/leaf/1")).await.must(StatusCode::OK);
        assert_eq!(
            leaf["losses"][0]["superseded"],
            json!([covert["id"]]),
            "released or not, it counts no more"
        );

        // A correction that waited and was recorded in error leaves what it would have corrected.
        let fourth = city.recorded(figure("2026-04", "4.2")).await;
        let mut waiting = figure("2026-04", "9");
        waiting["accepted"] = json!(false);
        let waiting = city.act(&fourth, "successor", Some(waiting)).await.must(StatusCode::CREATED);
        city.act(&waiting, "withdrawal", Some(json!({ "reason": "看错了行" })))
            .await
            .must(StatusCode::CREATED);
        assert_eq!(city.score().await["places"][2]["value"], "2");
        let queue = city.shelf.office.get(&city.inside("observations?waiting=true")).await;
        assert_eq!(queue.must(StatusCode::OK)["items"], json!([]));
    })
    .await;
}

async fn gone_of(city: &City, one: &Value) -> Value {
    let path = city.inside(&format!("observations/{}", text(&one["id"])));
    city.shelf.office.get(&path).await.must(StatusCode::OK)
}

#[tokio::test]
async fn a_correction_is_of_the_moment_of_what_it_corrects_and_does_not_overtake_what_came_since() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        let judged = |verdict: &str| {
            json!({ "fact": { "kind": "judgement", "leaf": "2", "method": "overall", "verdict": verdict },
                "standard_id": city.standard, "source": "专家组", "accepted": true })
        };
        let dated = |verdict: &str, at: &str| {
            let mut one = judged(verdict);
            one["at"] = json!(at);
            one
        };
        let first = city.recorded(dated("failed", "2026-03-01T08:00:00Z")).await;
        city.recorded(dated("failed", "2026-05-01T08:00:00Z")).await;
        let corrected = city.act(&first, "successor", Some(judged("met"))).await.must(StatusCode::CREATED);
        assert_eq!(corrected["at"], first["at"]);
        assert_eq!(city.score().await["places"][1]["value"], "0", "what came in May is the newest");
        // Put right a second time, nothing of the first comes back though the correction in between is not accepted.
        let mut waiting = judged("met");
        waiting["accepted"] = json!(false);
        let waiting = city.act(&corrected, "successor", Some(waiting)).await.must(StatusCode::CREATED);
        let last = dated("met", "2026-05-02T08:00:00Z");
        city.act(&waiting, "successor", Some(last)).await.must(StatusCode::CREATED);
        assert_ne!(city.score().await["places"][1]["value"], "0");
        let rests = city.shelf.office.get(&city.inside("score/leaf/2/observations")).await;
        assert_eq!(rests.must(StatusCode::OK)["items"].as_array().map(Vec::len), Some(1));
    })
    .await;
}

#[tokio::test]
async fn what_was_seen_covertly_is_not_there_before_it_is_released() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        let leader = person(&server, &city.administrator, Role::Leader, &city.shelf.campaign, None).await;
        let auditor = person(&server, &city.administrator, Role::Auditor, &city.shelf.campaign, None).await;
        let market = city.site("城东市场").await;
        let file = send(&city.shelf.office, &city.shelf.campaign, "无证.jpg", &jpeg()).await;
        let mut covert = visit(&market, "failed");
        covert["covert"] = json!(true);
        covert["files"] = json!([file["id"]]);
        let one = city.recorded(covert).await;
        let path = city.inside(&format!("observations/{}", text(&one["id"])));
        let photo = city.inside(&format!("attachments/{}", text(&file["id"])));
        for stranger in [&leader, &auditor] {
            let hidden = stranger.get(&path).await.must(StatusCode::NOT_FOUND);
            let nobody = city.inside("observations/00000000-0000-7000-8000-000000000000");
            assert_eq!(stranger.get(&nobody).await.must(StatusCode::NOT_FOUND), hidden);
            let list = stranger.get(&city.inside("observations?hidden=true")).await.must(StatusCode::OK);
            assert_eq!(list["items"], json!([]));
            assert_eq!(stranger.get(&photo).await.status, StatusCode::NOT_FOUND);
            let score = stranger.get(&city.inside("score")).await.must(StatusCode::OK);
            assert_eq!(score["places"][0]["status"], "unknown");
            let leaf = stranger.get(&city.inside("score/leaf/1")).await.must(StatusCode::OK);
            assert_eq!(leaf["observations"], json!([]));
        }
        let ledger = auditor.get(&city.inside("ledger?limit=5")).await.must(StatusCode::OK);
        let entries = ledger["items"].as_array().expect("entries").iter();
        let of_it: Vec<&Value> = entries.filter(|entry| entry["action"] == "observation.record").collect();
        assert_eq!(of_it.len(), 2, "the observation and its file");
        assert!(of_it.iter().all(|entry| entry["subject_title"] == ""), "{of_it:?}");
        assert!(!ledger.to_string().contains("licence"), "{ledger}");
        let own = city.shelf.office.get(&city.inside("observations?hidden=true")).await;
        assert_eq!(own.must(StatusCode::OK)["items"][0]["id"], one["id"]);

        let released = city.act(&one, "release", None).await.must(StatusCode::OK);
        assert_eq!(released["site"]["name"], "城东市场");
        leader.get(&path).await.must(StatusCode::OK);
        leader.get(&photo).await.must(StatusCode::OK);
        let leaf = leader.get(&city.inside("score/leaf/1")).await.must(StatusCode::OK);
        assert_eq!(
            (&leaf["losses"][0]["site"], &leaf["losses"][0]["marks"]),
            (&json!("城东市场"), &json!("6"))
        );
        assert_eq!(leaf["losses"][0]["observations"], json!([one["id"]]));
    })
    .await;
}

#[tokio::test]
async fn sites_are_added_together_edited_as_seen_and_closed_for_good() {
    on_both(|server| async move {
        let city = City::new(&server).await;
        let office = &city.shelf.office;
        let all = city.inside("sites");
        let nobody = "00000000-0000-7000-8000-000000000000";
        let far = json!({ "longitude": "217", "latitude": "36.5", "datum": "gcj02" });
        let wrong = json!({ "items": [
            { "name": " ", "site_type": "market" },
            { "name": "甲", "site_type": "airport", "unit_id": nobody },
            { "name": "甲", "site_type": "market", "position": far },
        ] });
        let faults = office.post(&all, wrong).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        let expected =
            ["items[0].name", "items[1].unit_id", "items[1].site_type", "items[2].position", "items[2].name"];
        assert_eq!(paths(&faults), expected);
        let there = json!({ "longitude": "117.0123456", "latitude": "36.5", "datum": "gcj02" });
        let new = json!({ "items": [{ "name": "城东市场", "site_type": "market", "position": there }] });
        let key = [("idempotency-key", "market")];
        let added = office.send(Method::POST, &all, Some(new.clone()), &key).await.must(StatusCode::CREATED);
        let site = &added["items"][0];
        assert_eq!((&site["type_title"], &site["position"]), (&json!("农贸市场"), &there));
        let twin = office.post(&all, new).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(paths(&twin), ["items[0].name"]);
        let one = city.inside(&format!("sites/{}", text(&site["id"])));
        let seen = [("if-match", "\"v1\"")];
        let change = Some(json!({ "name": "城东农贸市场", "position": null }));
        let edited = office.send(Method::PATCH, &one, change.clone(), &seen).await.must(StatusCode::OK);
        assert_eq!((&edited["version"], &edited["position"]), (&json!(2), &Value::Null));
        let stale = office.send(Method::PATCH, &one, change, &seen).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);

        city.recorded(visit(&text(&site["id"]), "failed")).await;
        assert_eq!(city.score().await["places"][0]["high"], "0");
        let seen = [("if-match", "\"v2\"")];
        let closed = office.send(Method::POST, &format!("{one}/closing"), None, &seen).await;
        assert_eq!(closed.must(StatusCode::OK)["version"], 3);
        assert_eq!(
            city.score().await["places"][0]["status"],
            "unknown",
            "what was seen there counts no more"
        );
        let seen = [("if-match", "\"v3\"")];
        let again = office.send(Method::POST, &format!("{one}/closing"), None, &seen).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        let edited = office.send(Method::PATCH, &one, Some(json!({ "name": "乙" })), &seen).await;
        assert_eq!(edited.status, StatusCode::CONFLICT);
        assert_eq!(office.get(&all).await.must(StatusCode::OK)["items"], json!([]));
        let list = office.get(&format!("{all}?closed=true")).await.must(StatusCode::OK);
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        let late = city.record(json!([visit(&text(&site["id"]), "met")])).await;
        assert_eq!(paths(&late.must(StatusCode::UNPROCESSABLE_ENTITY)), ["items[0].fact.site"]);
    })
    .await;
}
