//! Materials: filed once for several standards, reviewed for each, and hidden from whoever has nothing to do with them.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use chengjing_domain::people::Role;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::{
    attachments::{jpeg, send},
    harness::{Answer, Caller, Server, on_both, text},
    refusals::{person, unit},
    standards::{edition_path, publish},
    tasks::Town,
};

/// What the two standards share.
pub const SHARED: &str = "\
id: ours
edition: \"1\"
title: 共用
catalogue:
  requirements:
    - id: health
      title: 健康教育活动
      scale: { form: letters, grades: [{ name: A, counts: 1 }, { name: B, counts: 0.5 }] }
      filings:
        - { kind: photo, quota: { at_least: 2, at_most: 4, each_activity_at_most: 3 }, months: 12, caption: [地点] }
        - { kind: report, quota: { at_least: 1, at_most: 1 }, most_characters: 10 }
    - id: waste
      title: 垃圾与污水处理设施运行情况
      filings:
        - { kind: table }
";

pub fn standard(id: &str) -> String {
    format!(
        "\
id: {id}
edition: \"2026\"
title: 体系{id}
marks: 10
uses:
  - {{ catalogue: ours, edition: \"1\" }}
tree:
  - code: \"1\"
    title: 健康
    marks: 6
    measures:
      - method: material
        requirements: [health]
        grading: {{ form: ratio }}
  - code: \"2\"
    title: 环境
    marks: 4
    measures:
      - method: material
        requirements: [waste]
        grading: {{ form: ratio }}
"
    )
}

/// A town that is assessed by two standards, with a liaison of its school board.
pub struct Filed {
    pub town: Town,
    pub school: Caller,
    pub unit: String,
    pub standards: [String; 2],
}

impl Filed {
    pub async fn new(server: &Server) -> Self {
        let town = Town::new(server).await;
        let school = town.liaison(server, "县教育局", "liu").await;
        let unit = unit(&town.office, &town.campaign, "县教育局").await;
        let path = format!("/catalogues?campaign={}", town.campaign);
        town.office.upload(&path, SHARED.into()).await.must(StatusCode::OK);
        let mut standards = Vec::new();
        for id in ["first", "second"] {
            let path = format!("/standards?campaign={}", town.campaign);
            let draft = town.office.upload(&path, standard(id).into()).await.must(StatusCode::CREATED);
            let version = draft["version"].as_i64().expect("a version");
            publish(&town.office, &edition_path(&draft), version).await.must(StatusCode::OK);
            let chosen = json!({ "edition_id": draft["id"] });
            town.office.post(&town.inside("standards"), chosen).await.must(StatusCode::CREATED);
            standards.push(text(&draft["standard"]["id"]));
        }
        let standards = [standards[0].clone(), standards[1].clone()];
        Self { town, school, unit, standards }
    }

    pub fn of(&self, standard: usize, requirement: &str) -> Value {
        json!({ "standard_id": self.standards[standard], "requirement": requirement })
    }

    pub async fn photos(&self, n: usize) -> Vec<Value> {
        let mut ids = Vec::new();
        for number in 0..n {
            let name = format!("活动{number}.jpg");
            ids.push(send(&self.school, &self.town.campaign, &name, &jpeg()).await["id"].clone());
        }
        ids
    }

    pub fn photo_set(&self, files: &[Value], requirements: &[Value]) -> Value {
        json!({
            "unit_id": self.unit, "kind": "photo", "requirements": requirements,
            "content": {
                "title": "健康教育进校园", "activity": "健康日", "made_on": "2026-04-07",
                "caption": { "地点": "县一中" }, "attachment_ids": files,
            },
        })
    }

    pub async fn file(&self, body: Value) -> Answer {
        self.school.post(&self.town.inside("evidence"), body).await
    }

    pub fn path(&self, evidence: &Value) -> String {
        self.town.inside(&format!("evidence/{}", text(&evidence["id"])))
    }

    pub async fn decide(&self, caller: &Caller, evidence: &Value, decisions: Value) -> Answer {
        let path = format!("{}/reviews", self.path(evidence));
        caller.post(&path, json!({ "decisions": decisions })).await
    }
}

pub fn accept(link: &Value) -> Value {
    json!({ "deed": "accept", "link_id": link["id"], "version": link["version"] })
}

pub fn give_back(link: &Value, reason: &str) -> Value {
    json!({ "deed": "return", "link_id": link["id"], "version": link["version"], "reason": reason })
}

pub fn states(evidence: &Value) -> Vec<String> {
    evidence["links"].as_array().expect("links").iter().map(|link| text(&link["state"])).collect()
}

#[tokio::test]
async fn one_set_of_photographs_is_filed_for_two_standards_and_reviewed_for_each() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let files = filed.photos(2).await;
        let body = filed.photo_set(&files, &[filed.of(0, "health"), filed.of(1, "health")]);
        let again = [("idempotency-key", "set-1")];
        let path = filed.town.inside("evidence");
        let answer = filed.school.send(Method::POST, &path, Some(body.clone()), &again).await;
        let one = answer.must(StatusCode::CREATED);
        assert_eq!(states(&one), ["submitted", "submitted"]);
        assert_eq!(one["links"][0]["requirement"]["grades"], json!(["A", "B"]));
        let repeated = filed.school.send(Method::POST, &path, Some(body), &again).await;
        assert_eq!(repeated.must(StatusCode::CREATED)["id"], one["id"], "filed once");

        // The office accepts it for the one and returns it for the other, in one act.
        let office = &filed.town.office;
        let (first, second) = (&one["links"][0], &one["links"][1]);
        let wrong = filed.decide(office, &one, json!([give_back(second, " ")])).await;
        let wrong = wrong.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong["faults"][0]["path"], "decisions[0].reason");
        let mut graded = accept(first);
        graded["grade"] = json!("C");
        let wrong = filed.decide(office, &one, json!([graded])).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong["faults"][0]["path"], "decisions[0].grade");
        let decided =
            filed.decide(office, &one, json!([accept(first), give_back(second, "看不清人数")])).await;
        let decided = decided.must(StatusCode::OK);
        assert_eq!(states(&decided), ["accepted", "returned"]);
        assert_eq!(decided["links"][0]["acceptance"]["until"], "2027-04-07");
        assert_eq!(decided["links"][1]["reason"], "看不清人数");
        // What was accepted counts in the score of that standard alone, and the explanation names its files.
        let score = async |standard: usize, rest: &str| {
            let path = format!("score{rest}?standard={}", filed.standards[standard]);
            office.get(&filed.town.inside(&path)).await.must(StatusCode::OK)
        };
        // The report is missing: at the least it is nothing.
        assert_eq!(score(0, "").await["total"], json!({ "low": "0", "value": "6", "high": "10" }));
        assert_eq!(score(1, "").await["total"], json!({ "low": "0", "value": "0", "high": "10" }));
        let leaf = score(0, "/leaf/1").await;
        assert_eq!(leaf["observations"][0]["source"], "健康教育进校园");
        assert_eq!(leaf["observations"][0]["files"].as_array().map(Vec::len), Some(2), "{leaf:#}");
        // What counts no more today is not accepted, and it is told which decision that is.
        let mut old = filed.photo_set(&filed.photos(1).await, &[filed.of(0, "health")]);
        old["content"]["made_on"] = json!("2020-01-01");
        let old = filed.file(old).await.must(StatusCode::CREATED);
        let path = format!("evidence/{}", old["id"].as_str().expect("an id"));
        let offered = office.get(&filed.town.inside(&path)).await.must(StatusCode::OK);
        assert_eq!(offered["links"][0]["possible"], json!(["return"]), "nor is it offered");
        let refused = filed.decide(office, &old, json!([accept(&old["links"][0])])).await;
        let refused = refused.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused["faults"][0]["path"], "decisions[0]");
        let back = filed.decide(office, &old, json!([give_back(&old["links"][0], "过期了")])).await;
        back.must(StatusCode::OK);
        let late = filed.decide(office, &one, json!([accept(second)])).await;
        assert_eq!(late.status, StatusCode::PRECONDITION_FAILED, "another reviewer was faster");

        // What counts is told by the requirement, of which the unit sees its own.
        let whole = office.get(&filed.town.inside("requirements")).await.must(StatusCode::OK);
        let need = &whole["standards"][0]["requirements"][0]["needs"][0];
        assert_eq!((&need["asked"], &need["there"], &need["accepted"]), (&json!(2), &json!(2), &json!(2)));
        let need = &whole["standards"][1]["requirements"][0]["needs"][0];
        assert_eq!((&need["there"], &need["returned"], &need["missing"]), (&json!(0), &json!(2), &json!(2)));
        assert_eq!(
            whole["standards"][0]["places"][0]["sum"],
            json!({ "asked": 3, "there": 2, "accepted": 2 })
        );

        // Filed again: a new version opens a review of both, and what was accepted stands meanwhile.
        let seen = filed.school.get(&filed.path(&one)).await;
        let tag = seen.etag.clone().expect("a tag");
        let more = filed.photos(1).await;
        let mut all = files.clone();
        all.extend(more);
        let mut body = filed.photo_set(&all, &[]);
        let new = json!({ "content": body["content"].take(), "word": "补了一张" });
        let path = format!("{}/versions", filed.path(&one));
        let newer = filed.school.send(Method::POST, &path, Some(new.clone()), &[("if-match", &tag)]).await;
        let newer = newer.must(StatusCode::CREATED);
        assert_eq!(states(&newer), ["submitted", "submitted"]);
        assert_eq!(newer["links"][0]["acceptance"]["number"], 1);
        let stale = filed.school.send(Method::POST, &path, Some(new), &[("if-match", &tag)]).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let queue = office.get(&filed.town.inside("reviews?state=submitted")).await.must(StatusCode::OK);
        assert_eq!(queue["items"].as_array().map(Vec::len), Some(2));
        let remarks = office.get(&format!("{}/remarks", filed.path(&one))).await.must(StatusCode::OK);
        let deeds: Vec<&Value> =
            remarks["items"].as_array().expect("remarks").iter().map(|remark| &remark["deed"]).collect();
        assert_eq!(deeds.iter().filter(|deed| ***deed == json!("submit")).count(), 4, "{remarks}");
        let report = filed.file(json!({
            "unit_id": filed.unit, "kind": "report", "requirements": [filed.of(0, "health")],
            "content": { "title": "总结", "text": "办了三场" },
        }));
        let report = report.await.must(StatusCode::CREATED);
        filed.decide(office, &report, json!([accept(&report["links"][0])])).await.must(StatusCode::OK);
        assert_eq!(score(0, "").await["total"], json!({ "low": "6", "value": "6", "high": "10" }));
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_a_requirement_does_not_allow_is_told_while_filing_and_by_the_check() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let report = |text: &str| {
            json!({
                "unit_id": filed.unit, "kind": "report", "requirements": [filed.of(0, "health")],
                "content": { "title": "总结", "text": text },
            })
        };
        let long = filed.file(report("一二三四五六七八九十 一")).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(long["faults"][0]["path"], "text");
        assert_eq!(long["faults"][0]["zh"], "健康教育活动：正文最多10字，现有11字，请删减1字");
        filed.file(report("一二三四五 六七八九十")).await.must(StatusCode::CREATED);
        let second = filed.file(report("再来")).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(second["faults"][0]["zh"], "健康教育活动：说明报告最多1件，连同这份共2件");

        // Four photographs of one activity, without a caption, too old: said by the check at once, with where else it fits.
        let draft = json!({
            "unit_id": filed.unit, "kind": "photo", "files": 4, "requirements": [filed.of(0, "health")],
            "content": { "title": "活动", "activity": "健康日", "made_on": "2025-05-05" },
        });
        let checked = filed.school.post(&filed.town.inside("evidence/check"), draft).await.must(StatusCode::OK);
        let limits = checked["requirements"][0]["limits"].as_array().expect("limits").clone();
        let told: Vec<(String, bool)> = limits
            .iter()
            .map(|limit| (text(&limit["field"]), limit["refuses"] == json!(true)))
            .collect();
        let expected = [("activity", true), ("caption.地点", true), ("made_on", false)];
        assert_eq!(told, expected.map(|(field, refuses)| (field.to_owned(), refuses)));
        let suggested = &checked["suggestions"][0];
        assert_eq!((&suggested["same"], &suggested["requirement"]["standard"]), (&json!(true), &json!("体系second")));

        let nothing = json!({
            "unit_id": filed.unit, "kind": "photo", "requirements": [{ "standard_id": filed.unit, "requirement": "x" }],
            "content": { "title": " ", "link": "javascript:alert(1)" },
        });
        let faults = filed.file(nothing).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        let paths: Vec<String> =
            faults["faults"].as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect();
        assert_eq!(paths, ["title", "link", "requirements[0]"]);
        let pdf = send(&filed.school, &filed.town.campaign, "a.txt", "说明".as_bytes()).await;
        let wrong = filed.file(filed.photo_set(&[pdf["id"].clone()], &[])).await;
        assert_eq!(wrong.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"][0]["path"], "attachments[0]");

        // Old, and filed all the same: the reviewers see it.
        let mut old = filed.photo_set(&filed.photos(1).await, &[filed.of(0, "health")]);
        old["content"]["made_on"] = json!("2025-01-01");
        let old = filed.file(old).await.must(StatusCode::CREATED);
        assert_eq!(old["links"][0]["limits"][0]["field"], "made_on");
    })
    .await;
}

#[tokio::test]
async fn a_material_is_taken_off_linked_and_put_forward_again_but_not_once_it_is_accepted() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let office = &filed.town.office;
        let set = filed.photo_set(&filed.photos(1).await, &[filed.of(0, "health")]);
        let one = filed.file(set).await.must(StatusCode::CREATED);
        let suggested =
            filed.school.get(&format!("{}/suggestions", filed.path(&one))).await.must(StatusCode::OK);
        assert_eq!(suggested["items"][0]["requirement"]["standard_id"], json!(filed.standards[1]));
        let links = format!("{}/links", filed.path(&one));
        let both = filed.school.post(&links, filed.of(1, "health")).await.must(StatusCode::CREATED);
        let twice = filed.school.post(&links, filed.of(1, "health")).await.must(StatusCode::CREATED);
        assert_eq!(states(&twice).len(), 2, "said twice, it is so once");
        let table = filed.school.post(&links, filed.of(1, "waste")).await;
        assert_eq!(table.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"][0]["path"], "kind");
        let (first, second) = (both["links"][0].clone(), both["links"][1].clone());
        let path = format!("{links}/{}", text(&second["id"]));
        let gone = filed.school.send(Method::DELETE, &path, None, &[("if-match", "\"v1\"")]).await;
        assert_eq!(states(&gone.must(StatusCode::OK)), ["submitted"]);

        let returned = filed.decide(office, &one, json!([give_back(&first, "请说明")])).await;
        let returned = returned.must(StatusCode::OK);
        let path = format!("{links}/{}/submissions", text(&first["id"]));
        let word = json!({ "word": "照片是当天的" });
        let seen = format!("\"v{}\"", returned["links"][0]["version"]);
        let again = filed.school.send(Method::POST, &path, Some(word.clone()), &[("if-match", &seen)]).await;
        let again = again.must(StatusCode::OK);
        assert_eq!(states(&again), ["submitted"]);
        let stale = filed.school.send(Method::POST, &path, Some(word), &[("if-match", &seen)]).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let accepted = filed.decide(office, &one, json!([accept(&again["links"][0])])).await;
        let accepted = accepted.must(StatusCode::OK);
        let path = format!("{links}/{}", text(&first["id"]));
        let seen = format!("\"v{}\"", accepted["links"][0]["version"]);
        let locked = filed.school.send(Method::DELETE, &path, None, &[("if-match", &seen)]).await;
        assert_eq!(locked.status, StatusCode::CONFLICT);
        let mut take_back = give_back(&accepted["links"][0], "弄错了");
        take_back["deed"] = json!("take_back");
        let total = async || {
            let path = format!("score?standard={}", filed.standards[0]);
            office.get(&filed.town.inside(&path)).await.must(StatusCode::OK)["total"]["value"].clone()
        };
        assert_eq!(total().await, "6");
        let back = filed.decide(office, &one, json!([take_back])).await.must(StatusCode::OK);
        assert_eq!(states(&back), ["returned"]);
        assert_eq!(total().await, "3", "the worst grade that there is");

        // Nobody reviews what they filed themselves, the office neither.
        let mut own = filed.photo_set(&[], &[filed.of(0, "health")]);
        own["content"]["link"] = json!("https://www.example.gov.cn/1.html");
        let own = office.post(&filed.town.inside("evidence"), own).await.must(StatusCode::CREATED);
        assert_eq!(own["links"][0]["possible"], json!([]));
        let refused = filed.decide(office, &own, json!([accept(&own["links"][0])])).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn a_material_and_its_files_are_seen_by_its_unit_and_by_those_who_review_and_by_nobody_else() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let files = filed.photos(1).await;
        let one =
            filed.file(filed.photo_set(&files, &[filed.of(0, "health")])).await.must(StatusCode::CREATED);
        let other = filed.town.liaison(&server, "县城管局", "sun").await;
        let inspector =
            person(&server, &filed.town.office, Role::Inspector, &filed.town.campaign, None).await;
        let reviewer = person(&server, &filed.town.office, Role::Reviewer, &filed.town.campaign, None).await;
        let auditor = person(&server, &filed.town.office, Role::Auditor, &filed.town.campaign, None).await;
        let file = filed.town.inside(&format!("attachments/{}/content", text(&files[0])));
        let missing = filed.town.inside("evidence/00000000-0000-7000-8000-000000000000");
        for stranger in [&other, &inspector] {
            let hidden = stranger.get(&filed.path(&one)).await;
            assert_eq!(hidden.status, StatusCode::NOT_FOUND);
            assert_eq!(hidden.body, stranger.get(&missing).await.body, "hidden and absent look the same");
            for rest in ["remarks", "suggestions"] {
                let path = format!("{}/{rest}", filed.path(&one));
                assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "{rest}");
            }
            assert_eq!(stranger.fetch(&file, &[]).await.0, StatusCode::NOT_FOUND);
            let decided = filed.decide(stranger, &one, json!([accept(&one["links"][0])])).await;
            assert_eq!(decided.status, StatusCode::NOT_FOUND);
            let said = stranger.post(&format!("{}/remarks", filed.path(&one)), json!({ "text": "好" })).await;
            assert_eq!(said.status, StatusCode::NOT_FOUND);
        }
        let search = filed.town.inside("search?q=%E5%81%A5%E5%BA%B7");
        for list in [filed.town.inside("evidence"), filed.town.inside("reviews"), search.clone()] {
            assert_eq!(other.get(&list).await.must(StatusCode::OK)["items"], json!([]), "{list}");
        }
        let counted = other.get(&filed.town.inside("requirements")).await.must(StatusCode::OK);
        assert_eq!(counted["standards"][0]["requirements"][0]["needs"][0]["there"], 0, "not theirs to count");
        let of_school = filed.town.inside(&format!("requirements?unit={}", filed.unit));
        assert_eq!(other.get(&of_school).await.status, StatusCode::NOT_FOUND);
        let foreign = filed.photo_set(&[], &[]);
        assert_eq!(other.post(&filed.town.inside("evidence"), foreign).await.status, StatusCode::NOT_FOUND);
        assert_eq!(inspector.get(&filed.town.inside("evidence")).await.status, StatusCode::FORBIDDEN);

        for reader in [&filed.school, &reviewer, &auditor] {
            reader.get(&filed.path(&one)).await.must(StatusCode::OK);
            assert_eq!(reader.fetch(&file, &[]).await.0, StatusCode::OK);
            let found = reader.get(&search).await.must(StatusCode::OK);
            assert_eq!(found["items"][0]["kind"], "evidence");
        }
        let own = filed.decide(&filed.school, &one, json!([accept(&one["links"][0])])).await;
        assert_eq!(own.status, StatusCode::FORBIDDEN, "a unit does not review");
        let audited = filed.decide(&auditor, &one, json!([accept(&one["links"][0])])).await;
        assert_eq!(audited.status, StatusCode::FORBIDDEN);
        let said =
            reviewer.post(&format!("{}/remarks", filed.path(&one)), json!({ "text": "请补时间" })).await;
        assert_eq!(said.must(StatusCode::CREATED)["deed"], Value::Null);
        filed.decide(&reviewer, &one, json!([accept(&one["links"][0])])).await.must(StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn who_is_asked_sees_what_is_there_of_all_and_a_merged_unit_brings_its_materials_along() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let office = &filed.town.office;
        let other = filed.town.liaison(&server, "县城管局", "sun").await;
        let theirs = unit(office, &filed.town.campaign, "县城管局").await;
        let set = filed.photo_set(&filed.photos(2).await, &[filed.of(0, "health")]);
        let one = filed.file(set).await.must(StatusCode::CREATED);
        let path = filed.town.inside(&format!("requirements/{}/health/units", filed.standards[0]));
        let both = json!({ "unit_ids": [filed.unit, theirs] });
        let refused = other.send(Method::PUT, &path, Some(both.clone()), &[("if-match", "\"v0\"")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let asked = office.send(Method::PUT, &path, Some(both.clone()), &[("if-match", "\"v0\"")]).await;
        assert_eq!(asked.must(StatusCode::OK)["version"], 1);
        let late = office.send(Method::PUT, &path, Some(both), &[("if-match", "\"v0\"")]).await;
        assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
        let unknown = filed.town.inside(&format!("requirements/{}/x/units", filed.standards[0]));
        let none = json!({ "unit_ids": [] });
        let unknown = office.send(Method::PUT, &unknown, Some(none), &[("if-match", "\"v0\"")]).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);

        // Asked together, each sees that the photographs are there; whose they are stays hidden.
        let own = filed.town.inside(&format!("requirements?unit={theirs}"));
        let counted = other.get(&own).await.must(StatusCode::OK);
        let requirement = &counted["standards"][0]["requirements"][0];
        assert_eq!((&requirement["needs"][0]["there"], &requirement["own"]), (&json!(2), &json!(true)));
        assert_eq!(requirement["units"].as_array().map(Vec::len), Some(1), "itself alone");
        assert_eq!(counted["units"][0]["sum"], json!({ "asked": 3, "there": 2, "accepted": 0 }));
        assert_eq!(other.get(&filed.path(&one)).await.status, StatusCode::NOT_FOUND);

        // What was accepted is observed of the unit, and a site may be in its charge.
        filed.decide(office, &one, json!([accept(&one["links"][0])])).await.must(StatusCode::OK);
        let path = filed.town.inside(&format!("units/{}/merge", filed.unit));
        let merged = office.post(&path, json!({ "into": theirs })).await;
        merged.must(StatusCode::OK);
        let observed = filed.town.inside(&format!("observations?unit={theirs}"));
        let observed = office.get(&observed).await.must(StatusCode::OK);
        assert_eq!(observed["items"].as_array().map(Vec::len), Some(1), "its acceptance went along");
        let seen = other.get(&filed.path(&one)).await.must(StatusCode::OK);
        assert_eq!(seen["unit"]["name"], "县城管局");
        let whole = office.get(&filed.town.inside("requirements")).await.must(StatusCode::OK);
        let units = whole["standards"][0]["requirements"][0]["units"].clone();
        assert_eq!(units.as_array().map(Vec::len), Some(1), "asked once under the one name");
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_older_than_its_window_counts_no_more_from_the_next_day_on() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let set = filed.photo_set(&filed.photos(2).await, &[filed.of(0, "health")]);
        let one = filed.file(set).await.must(StatusCode::CREATED);
        let office = &filed.town.office;
        filed.decide(office, &one, json!([accept(&one["links"][0])])).await.must(StatusCode::OK);
        let campaign = filed.town.campaign.parse().expect("an id");
        for (day, expired) in [("2027-04-07", 0), ("2027-04-08", 1), ("2027-04-09", 0)] {
            let noon: DateTime<Utc> = format!("{day}T04:00:00Z").parse().expect("a moment");
            let mut later = server.app.clone();
            later.clock = Arc::new(move || noon);
            let ended = chengjing_service::evidence::expire::expire(&later, campaign).await;
            assert_eq!(ended.expect("looked through"), expired, "{day}");
        }
        let seen = filed.school.get(&filed.path(&one)).await.must(StatusCode::OK);
        assert_eq!(states(&seen), ["expired"]);
        let whole = office.get(&filed.town.inside("requirements")).await.must(StatusCode::OK);
        let need = &whole["standards"][0]["requirements"][0]["needs"][0];
        assert_eq!((&need["there"], &need["expired"], &need["missing"]), (&json!(0), &json!(2), &json!(2)));
        // The score hears of it, from nobody in particular: nothing else is accepted for the requirement, so it is the worst grade.
        let told = office.get(&filed.town.inside("observations?kind=review")).await.must(StatusCode::OK);
        let told: Vec<(&Value, bool)> = told["items"]
            .as_array()
            .expect("observations")
            .iter()
            .map(|one| (&one["fact"]["verdict"], one["by"].is_null()))
            .collect();
        assert_eq!(told, [(&json!("B"), true), (&json!("A"), false)]);
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_over_while_a_newer_version_waits_counts_no_more_either() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let files = filed.photos(2).await;
        let set = filed.photo_set(&files, &[filed.of(0, "health")]);
        let one = filed.file(set).await.must(StatusCode::CREATED);
        let office = &filed.town.office;
        filed.decide(office, &one, json!([accept(&one["links"][0])])).await.must(StatusCode::OK);
        let tag = filed.school.get(&filed.path(&one)).await.etag.expect("a tag");
        let mut all = files.clone();
        all.extend(filed.photos(1).await);
        let new = json!({ "content": filed.photo_set(&all, &[])["content"].take(), "word": "补了一张" });
        let path = format!("{}/versions", filed.path(&one));
        filed
            .school
            .send(Method::POST, &path, Some(new), &[("if-match", &tag)])
            .await
            .must(StatusCode::CREATED);
        let campaign = filed.town.campaign.parse().expect("an id");
        let noon: DateTime<Utc> = "2027-04-08T04:00:00Z".parse().expect("a moment");
        let mut later = server.app.clone();
        later.clock = Arc::new(move || noon);
        let ended = chengjing_service::evidence::expire::expire(&later, campaign).await;
        assert_eq!(ended.expect("looked through"), 1);
        let seen = filed.school.get(&filed.path(&one)).await.must(StatusCode::OK);
        assert_eq!(states(&seen), ["submitted"], "the newer one still waits");
        let told = office.get(&filed.town.inside("observations?kind=review")).await.must(StatusCode::OK);
        let told: Vec<&Value> = told["items"]
            .as_array()
            .expect("observations")
            .iter()
            .map(|one| &one["fact"]["verdict"])
            .collect();
        assert_eq!(told, [&json!("B"), &json!("A")]);
    })
    .await;
}

#[tokio::test]
async fn who_answers_for_an_indicator_is_asked_for_its_materials_until_somebody_says_who_is() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let office = &filed.town.office;
        let streets = filed.town.liaison(&server, "县城管局", "sun").await;
        let theirs = unit(office, &filed.town.campaign, "县城管局").await;
        let owners = filed.town.inside(&format!("standards/{}/owners", filed.standards[0]));
        let said = json!({ "leaves": [{ "leaf": "1", "version": 0, "owners": [
            { "unit_id": theirs, "role": "support" }, { "unit_id": filed.unit, "role": "lead" },
        ] }] });
        office.send(Method::PUT, &owners, Some(said), &[]).await.must(StatusCode::OK);
        let first = async |caller: &Caller| {
            let seen = caller.get(&filed.town.inside("requirements")).await.must(StatusCode::OK);
            let one = seen["standards"][0]["requirements"][0].clone();
            let names: Vec<String> =
                one["units"].as_array().expect("units").iter().map(|unit| text(&unit["name"])).collect();
            (names, one["by_owners"] == true, one["own"] == true, seen["units"].clone())
        };
        let (names, by_owners, own, units) = first(office).await;
        assert_eq!((names, by_owners, own), (vec!["县教育局".to_owned()], true, true));
        assert_eq!(units[0]["sum"], json!({ "asked": 3, "there": 0, "accepted": 0 }));
        let (names, by_owners, own, _) = first(&filed.school).await;
        assert_eq!((names, by_owners, own), (vec!["县教育局".to_owned()], true, true));
        let (names, by_owners, own, units) = first(&streets).await;
        assert_eq!(
            (names, by_owners, own, units),
            (Vec::new(), false, false, json!([])),
            "who supports is not"
        );

        let path = filed.town.inside(&format!("requirements/{}/health/units", filed.standards[0]));
        let named = json!({ "unit_ids": [theirs] });
        office.send(Method::PUT, &path, Some(named), &[("if-match", "\"v0\"")]).await.must(StatusCode::OK);
        let (names, by_owners, ..) = first(office).await;
        assert_eq!(
            (names, by_owners),
            (vec!["县城管局".to_owned()], false),
            "who was named is asked instead"
        );
        let nobody = json!({ "unit_ids": [] });
        office.send(Method::PUT, &path, Some(nobody), &[("if-match", "\"v1\"")]).await.must(StatusCode::OK);
        assert!(first(office).await.1, "nobody named: as it was");
    })
    .await;
}
