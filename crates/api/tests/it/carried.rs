//! A material that was filed in one campaign is used in another: filed once, reviewed there by itself, and hidden from whoever
//! sees only one of the two.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use chengjing_domain::{id::CampaignId, people::Role};
use chengjing_store::photo;
use serde_json::{Value, json};

use crate::{
    attachments::{jpeg, looked_at, send},
    burden::recounted,
    evidence::{Filed, SHARED, accept, standard, states},
    harness::{Answer, Caller, PASSWORD, Server, on_both, text},
    refusals::person,
    standards::{edition_path, publish},
};

/// A town with a second campaign, and somebody of its school board who works in both.
struct Both {
    filed: Filed,
    other: String,
    /// The school board, as the second campaign has it.
    unit: String,
    standard: String,
    hua: Caller,
}

impl Both {
    async fn new(server: &Server) -> Self {
        let filed = Filed::new(server).await;
        let office = &filed.town.office;
        let new =
            json!({ "name": "云溪县创建卫生城市", "place": "云溪县", "kind": "卫生城市", "year": 2026 });
        let other = text(&office.post("/campaigns", new).await.must(StatusCode::CREATED)["id"]);
        let new = json!({ "name": "县教育和体育局", "kind": "department" });
        let unit = office.post(&format!("/campaigns/{other}/units"), new).await.must(StatusCode::CREATED);
        let unit = text(&unit["id"]);
        let path = format!("/catalogues?campaign={other}");
        office.upload(&path, SHARED.into()).await.must(StatusCode::OK);
        let path = format!("/standards?campaign={other}");
        let draft = office.upload(&path, standard("hygiene").into()).await.must(StatusCode::CREATED);
        let version = draft["version"].as_i64().expect("a version");
        publish(office, &edition_path(&draft), version).await.must(StatusCode::OK);
        let chosen = json!({ "edition_id": draft["id"] });
        office.post(&format!("/campaigns/{other}/standards"), chosen).await.must(StatusCode::CREATED);
        let standard = text(&draft["standard"]["id"]);
        let hua = user(server, office, "hua", &[(&filed.town.campaign, &filed.unit), (&other, &unit)]).await;
        Self { filed, other, unit, standard, hua }
    }

    fn there(&self, rest: &str) -> String {
        format!("/campaigns/{}/{rest}", self.other)
    }

    fn path_there(&self, evidence: &Value) -> String {
        self.there(&format!("evidence/{}", text(&evidence["id"])))
    }

    fn of(&self, requirement: &str) -> Value {
        json!({ "standard_id": self.standard, "requirement": requirement })
    }

    /// One photograph of hers in the first campaign.
    async fn source(&self) -> Value {
        let file = send(&self.hua, &self.filed.town.campaign, "活动.jpg", &jpeg()).await;
        let body = self.filed.photo_set(&[file["id"].clone()], &[self.filed.of(0, "health")]);
        self.hua.post(&self.filed.town.inside("evidence"), body).await.must(StatusCode::CREATED)
    }

    fn body(&self, source: &Value, requirements: &[Value]) -> Value {
        let from = json!({ "campaign_id": self.filed.town.campaign, "evidence_id": source["id"] });
        json!({ "from": from, "unit_id": self.unit, "requirements": requirements })
    }

    async fn carry(&self, caller: &Caller, body: Value) -> Answer {
        caller.post(&self.there("evidence/carried"), body).await
    }

    async fn follow(&self, evidence: &Value, word: &str) -> Answer {
        let path = format!("{}/versions/carried", self.path_there(evidence));
        let seen = format!("\"v{}\"", evidence["version"]);
        self.hua.send(Method::POST, &path, Some(json!({ "word": word })), &[("if-match", &seen)]).await
    }
}

/// A liaison of these units, each of its campaign.
async fn user(server: &Server, office: &Caller, name: &str, of: &[(&str, &str)]) -> Caller {
    let grants: Vec<Value> = of
        .iter()
        .map(|(campaign, unit)| json!({ "role": "liaison", "campaign_id": campaign, "unit_id": unit }))
        .collect();
    let new = json!({ "name": name, "display_name": name, "password": PASSWORD, "must_change_password": false, "grants": grants });
    office.post("/users", new).await.must(StatusCode::CREATED);
    server.log_in(name).await
}

fn content(campaign: &str, file: &Value) -> String {
    format!("/campaigns/{campaign}/attachments/{}/content", text(&file["id"]))
}

/// Waits until the job has looked into all photographs of a campaign.
async fn judged(server: &Server, campaign: &str) {
    let campaign = CampaignId(campaign.parse().expect("an id"));
    for _ in 0..1_000 {
        let due = server.app.store.read(|q| async move { photo::next_due(&q, campaign).await });
        if due.await.expect("read").is_none() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody looked into the photographs");
}

async fn sound(server: &Server) {
    chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
    assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
}

#[tokio::test]
async fn a_material_filed_once_is_used_in_another_campaign_and_reviewed_there_by_itself() {
    on_both(|server| async move {
        let both = Both::new(&server).await;
        let (filed, office) = (&both.filed, &both.filed.town.office);
        let source = both.source().await;
        let elsewhere = format!("{}/elsewhere", filed.path(&source));
        let fits = both.hua.get(&elsewhere).await.must(StatusCode::OK);
        assert_eq!(fits["items"].as_array().map(Vec::len), Some(1), "{fits}");
        let other = &fits["items"][0];
        assert_eq!((&other["campaign"]["id"], &other["carried_to"]), (&json!(both.other), &json!([])));
        let first = &other["suggestions"][0];
        assert_eq!((&first["same"], &first["requirement"]["requirement"]), (&json!(true), &json!("health")));

        let body = both.body(&source, &[both.of("health")]);
        let again = [("idempotency-key", "carry-1")];
        let path = both.there("evidence/carried");
        let one = both.hua.send(Method::POST, &path, Some(body.clone()), &again).await;
        let one = one.must(StatusCode::CREATED);
        let repeated = both.hua.send(Method::POST, &path, Some(body.clone()), &again).await;
        assert_eq!(repeated.must(StatusCode::CREATED)["id"], one["id"], "carried over once");
        let twice = both.carry(&both.hua, body).await;
        assert_eq!(twice.status, StatusCode::CONFLICT, "{:?}", twice.body);
        assert_eq!(states(&one), ["submitted"]);
        assert_eq!(one["unit"]["name"], "县教育和体育局");
        for field in ["title", "activity", "made_on", "caption", "text", "place"] {
            assert_eq!(one["versions"][0][field], source["versions"][0][field], "{field}");
        }
        let from = &one["carried_from"];
        assert_eq!(
            (&from["evidence_id"], &from["taken"], &from["stands"]),
            (&source["id"], &json!(1), &json!(1))
        );
        assert_eq!(from["campaign"]["name"], "云溪县创建文明城市");
        let seen = both.hua.get(&filed.path(&source)).await.must(StatusCode::OK);
        assert_eq!(seen["carried_to"][0]["evidence_id"], one["id"]);
        assert_eq!(seen["carried_from"], Value::Null);

        // The same bytes under another id, looked at and compared in that campaign, where nothing is like them.
        let (own, copy) = (&source["files"][0], &one["files"][0]);
        assert_ne!(own["id"], copy["id"]);
        assert_eq!(own["sha256"], copy["sha256"]);
        let looked = looked_at(&both.hua, &both.other, &text(&copy["id"])).await;
        assert_eq!(looked["picture"]["state"], "seen");
        judged(&server, &both.other).await;
        let doubts = office.get(&format!("{}/doubts", both.path_there(&one))).await.must(StatusCode::OK);
        assert_eq!(doubts["items"], json!([]));

        // Its own campaign decides about it; what the other one decides is another matter.
        let reviewer = person(&server, office, Role::Reviewer, &both.other, None).await;
        let queue = reviewer.get(&both.there("reviews?state=submitted")).await.must(StatusCode::OK);
        assert_eq!(queue["items"].as_array().map(Vec::len), Some(1));
        let (status, _, bytes) = reviewer.fetch(&content(&both.other, copy), &[]).await;
        assert_eq!((status, bytes == jpeg()), (StatusCode::OK, true));
        let mut graded = accept(&one["links"][0]);
        graded["grade"] = json!("A");
        let decided = reviewer
            .post(&format!("{}/reviews", both.path_there(&one)), json!({ "decisions": [graded] }))
            .await
            .must(StatusCode::OK);
        assert_eq!(states(&decided), ["accepted"]);
        assert_eq!(states(&both.hua.get(&filed.path(&source)).await.body), ["submitted"]);

        // The original is mended: it says so, and what follows opens a review while what was accepted stands.
        let newer = send(&both.hua, &filed.town.campaign, "补拍.jpg", &jpeg()).await;
        let mut body = filed.photo_set(&[own["id"].clone(), newer["id"].clone()], &[]);
        body["content"]["title"] = json!("健康教育进校园（补）");
        let path = format!("{}/versions", filed.path(&source));
        let new = json!({ "content": body["content"].take() });
        let renewed = both.hua.send(Method::POST, &path, Some(new), &[("if-match", "\"v1\"")]).await;
        renewed.must(StatusCode::CREATED);
        let seen = both.hua.get(&both.path_there(&one)).await.must(StatusCode::OK);
        assert_eq!((&seen["carried_from"]["taken"], &seen["carried_from"]["stands"]), (&json!(1), &json!(2)));
        let followed = both.follow(&seen, "补了一张").await.must(StatusCode::CREATED);
        assert_eq!(followed["versions"][1]["title"], "健康教育进校园（补）");
        let files = followed["versions"][1]["attachment_ids"].as_array().expect("files").clone();
        assert_eq!((files.len(), &files[0]), (2, &copy["id"]), "the first is there already");
        assert_eq!(states(&followed), ["submitted"]);
        assert_eq!(followed["links"][0]["acceptance"]["number"], 1);
        assert_eq!(both.follow(&seen, "").await.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(both.follow(&followed, "").await.status, StatusCode::CONFLICT, "nothing newer");

        // Taken off its own requirement, the original takes nothing along.
        let source = both.hua.get(&filed.path(&source)).await.must(StatusCode::OK);
        let link = &source["links"][0];
        let path = format!("{}/links/{}", filed.path(&source), text(&link["id"]));
        let seen = format!("\"v{}\"", link["version"]);
        both.hua.send(Method::DELETE, &path, None, &[("if-match", &seen)]).await.must(StatusCode::OK);
        for file in &files {
            let path = both.there(&format!("attachments/{}/content", text(file)));
            assert_eq!(reviewer.fetch(&path, &[]).await.0, StatusCode::OK);
        }

        // Nobody filed it again: its one requirement is spared, and both ledgers tell of it.
        let load = async || {
            let seen = office.get(&both.there("burden")).await.must(StatusCode::OK);
            let units = seen["units"].as_array().expect("units").clone();
            let own =
                units.iter().find(|one| one["unit"]["id"] == both.unit.as_str()).expect("the unit").clone();
            own["load"].clone()
        };
        let counted = load().await;
        assert_eq!(
            (&counted["filings"], &counted["files"], &counted["reused"]),
            (&json!(0), &json!(0), &json!(1)),
            "{counted}"
        );
        recounted(&server, &both.other).await;
        assert_eq!(load().await, counted);
        for (path, wanted) in [
            (both.there("ledger"), ["evidence.carry", "evidence.follow"].as_slice()),
            (filed.town.inside("ledger"), &["evidence.carried"]),
        ] {
            let told = office.get(&format!("{path}?limit=100")).await.must(StatusCode::OK);
            let acts: Vec<&str> = told["items"]
                .as_array()
                .expect("entries")
                .iter()
                .filter_map(|one| one["action"].as_str())
                .collect();
            assert!(wanted.iter().all(|act| acts.contains(act)), "{acts:?}");
        }
        sound(&server).await;
    })
    .await;
}

#[tokio::test]
async fn who_sees_one_campaign_alone_carries_nothing_over_and_learns_nothing_of_the_other() {
    on_both(|server| async move {
        let both = Both::new(&server).await;
        let (filed, office) = (&both.filed, &both.filed.town.office);
        let source = both.source().await;
        let body = both.body(&source, &[both.of("health")]);
        let mut missing = body.clone();
        missing["from"]["evidence_id"] = json!("00000000-0000-7000-8000-000000000000");

        // Of the target's people, and of both campaigns but of another unit of the first: the source is not there.
        let theirs = user(&server, office, "there", &[(&both.other, &both.unit)]).await;
        let streets = crate::refusals::unit(office, &filed.town.campaign, "县城管局").await;
        let neighbour =
            user(&server, office, "near", &[(&filed.town.campaign, &streets), (&both.other, &both.unit)])
                .await;
        for stranger in [&theirs, &neighbour] {
            let hidden = both.carry(stranger, body.clone()).await;
            let absent = both.carry(stranger, missing.clone()).await;
            assert_eq!((hidden.status, absent.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
            assert_eq!(hidden.body, absent.body, "hidden and absent look the same");
            let elsewhere = format!("{}/elsewhere", filed.path(&source));
            assert_eq!(stranger.get(&elsewhere).await.status, StatusCode::NOT_FOUND);
        }
        // Who knows nothing of the target, or has no unit of theirs there.
        assert_eq!(both.carry(&filed.school, body.clone()).await.status, StatusCode::NOT_FOUND);
        let new = json!({ "name": "县卫健局", "kind": "department" });
        let foreign = office.post(&both.there("units"), new).await.must(StatusCode::CREATED);
        let mut for_others = body.clone();
        for_others["unit_id"] = foreign["id"].clone();
        assert_eq!(both.carry(&both.hua, for_others).await.status, StatusCode::NOT_FOUND);
        let alone = filed.school.get(&format!("{}/elsewhere", filed.path(&source))).await;
        assert_eq!(alone.must(StatusCode::OK)["items"], json!([]), "no other campaign of theirs");

        let one = both.carry(&both.hua, body.clone()).await.must(StatusCode::CREATED);
        // Each side sees its own end alone.
        let seen = theirs.get(&both.path_there(&one)).await.must(StatusCode::OK);
        assert_eq!(seen["carried_from"], Value::Null);
        let followed = theirs
            .send(
                Method::POST,
                &format!("{}/versions/carried", both.path_there(&one)),
                Some(json!({})),
                &[("if-match", "\"v1\"")],
            )
            .await;
        assert_eq!(followed.status, StatusCode::CONFLICT);
        let seen = filed.school.get(&filed.path(&source)).await.must(StatusCode::OK);
        assert_eq!(seen["carried_to"], json!([]));
        assert_eq!(filed.school.get(&both.path_there(&one)).await.status, StatusCode::NOT_FOUND);
        let copy = content(&both.other, &one["files"][0]);
        assert_eq!(filed.school.fetch(&copy, &[]).await.0, StatusCode::NOT_FOUND);
        assert_eq!(theirs.fetch(&copy, &[]).await.0, StatusCode::OK);
        let own = content(&filed.town.campaign, &source["files"][0]);
        assert_eq!(theirs.fetch(&own, &[]).await.0, StatusCode::NOT_FOUND);
        sound(&server).await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_carried_over_is_told_at_its_place_and_leaves_nothing_behind() {
    on_both(|server| async move {
        let both = Both::new(&server).await;
        let filed = &both.filed;
        let source = both.source().await;
        let told = async |answer: Answer| {
            let problem = answer.must(StatusCode::UNPROCESSABLE_ENTITY);
            let faults = problem["faults"].as_array().expect("faults").clone();
            faults.iter().map(|fault| text(&fault["path"])).collect::<Vec<_>>()
        };
        let unknown = both.body(&source, &[both.of("health"), both.of("nothing"), filed.of(0, "health")]);
        let faults = told(both.carry(&both.hua, unknown).await).await;
        assert_eq!(faults, ["requirements[1]", "requirements[2]"]);
        let table = both.body(&source, &[both.of("waste")]);
        assert_eq!(told(both.carry(&both.hua, table).await).await, ["kind"], "its limits hold here too");
        let mut same = both.body(&source, &[]);
        same["unit_id"] = json!(filed.unit);
        let same = both.hua.post(&filed.town.inside("evidence/carried"), same).await;
        assert_eq!(told(same).await, ["from.campaign_id"]);
        let listed = both.hua.get(&both.there("evidence")).await.must(StatusCode::OK);
        assert_eq!(listed["items"], json!([]), "nothing was left behind");

        // For no requirement yet, as any other material; back to where it came from it does not go.
        let one = both.carry(&both.hua, both.body(&source, &[])).await.must(StatusCode::CREATED);
        assert_eq!(states(&one), Vec::<String>::new());
        let back = json!({
            "from": { "campaign_id": both.other, "evidence_id": one["id"] },
            "unit_id": filed.unit, "requirements": [],
        });
        let back = both.hua.post(&filed.town.inside("evidence/carried"), back).await;
        assert_eq!(back.status, StatusCode::CONFLICT);
        let fits = both.hua.get(&format!("{}/elsewhere", both.path_there(&one))).await.must(StatusCode::OK);
        assert_eq!(fits["items"], json!([]));
        // What was filed here has no original to follow.
        let path = format!("{}/versions/carried", filed.path(&source));
        let none = both.hua.send(Method::POST, &path, Some(json!({})), &[("if-match", "\"v1\"")]).await;
        assert_eq!(none.status, StatusCode::CONFLICT);
        // A document's text goes along, and the limits of what it follows hold as they do for any version.
        let report = json!({
            "unit_id": filed.unit, "kind": "report", "requirements": [],
            "content": { "title": "总结", "text": "一二三" },
        });
        let report = both.hua.post(&filed.town.inside("evidence"), report).await.must(StatusCode::CREATED);
        let carried = both.body(&report, &[both.of("health")]);
        let carried = both.carry(&both.hua, carried).await.must(StatusCode::CREATED);
        assert_eq!(carried["versions"][0]["text"], "一二三");
        let longer = json!({ "content": { "title": "总结", "text": "一二三四五六七八九十一" } });
        let path = format!("{}/versions", filed.path(&report));
        both.hua
            .send(Method::POST, &path, Some(longer), &[("if-match", "\"v1\"")])
            .await
            .must(StatusCode::CREATED);
        assert_eq!(told(both.follow(&carried, "").await).await, ["text"]);
        let after = both.hua.get(&both.path_there(&carried)).await.must(StatusCode::OK);
        assert_eq!(after["versions"].as_array().map(Vec::len), Some(1));
        sound(&server).await;
    })
    .await;
}
