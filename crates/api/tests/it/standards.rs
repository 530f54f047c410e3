//! Standards that are kept: taken in whole or with all their faults, edited as drafts, published for good, and hidden from
//! whoever has nothing to do with them.

use axum::http::{Method, StatusCode};
use chengjing_domain::people::Role;
use serde_json::{Value, json};

use crate::{
    harness::{Answer, Caller, PASSWORD, Server, on_both, text},
    office::campaign,
    refusals::person,
};

pub const SMALL: &str = "\
# 数值参照去年
id: small
edition: \"2026\"
title: 小体系
marks: 10
uses:
  - { catalogue: ours, edition: \"1\" }
tree:
  - code: \"1\"
    title: 市场
    marks: 6
    measures:
      - method: visit
        criteria: [market/*]
        grading: { form: ratio }
  - code: \"2\"
    title: 观感
    marks: 4
    measures:
      - method: overall
        grading: { form: binary }
";

pub const CATALOGUE: &str = "\
id: ours
edition: \"1\"
title: 共用
catalogue:
  site_types:
    - id: market
      title: 农贸市场
      criteria:
        - { id: licence, text: 亮证经营 }
";

pub struct Shelf {
    pub office: Caller,
    pub campaign: String,
}

impl Shelf {
    pub async fn new(server: &Server) -> (Caller, Self) {
        let administrator = server.administrator().await;
        let campaign = campaign(&administrator).await;
        let office = person(server, &administrator, Role::Office, &campaign, None).await;
        (administrator, Self { office, campaign })
    }

    pub async fn take_in(&self, source: &str) -> Answer {
        self.office.upload(&format!("/standards?campaign={}", self.campaign), source.into()).await
    }

    pub async fn catalogue(&self, source: &str) -> Value {
        let path = format!("/catalogues?campaign={}", self.campaign);
        self.office.upload(&path, source.into()).await.must(StatusCode::OK)
    }

    async fn put(&self, path: &str, source: &str, version: i64) -> Answer {
        put(&self.office, path, source, version).await
    }
}

/// The file of a draft, in place of the one that is there.
async fn put(caller: &Caller, path: &str, source: &str, version: i64) -> Answer {
    let seen = format!("\"v{version}\"");
    caller.send_bytes(Method::PUT, path, source.into(), &[("if-match", &seen)]).await
}

pub fn edition_path(edition: &Value) -> String {
    format!("/standards/{}/editions/{}", text(&edition["standard"]["id"]), text(&edition["id"]))
}

/// A user of that role in another campaign, under a name of their own.
async fn elsewhere(server: &Server, administrator: &Caller, role: Role, campaign: &str) -> Caller {
    let grant = json!({ "role": role.code(), "campaign_id": campaign });
    let new = json!({ "name": "elsewhere", "display_name": "外地人", "password": PASSWORD, "must_change_password": false, "grants": [grant] });
    administrator.post("/users", new).await.must(StatusCode::CREATED);
    server.log_in("elsewhere").await
}

fn paths(answer: &Value) -> Vec<String> {
    answer["faults"].as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect()
}

pub async fn publish(caller: &Caller, path: &str, version: i64) -> Answer {
    let seen = format!("\"v{version}\"");
    caller.send(Method::POST, &format!("{path}/publication"), None, &[("if-match", &seen)]).await
}

#[tokio::test]
async fn a_file_is_taken_in_whole_or_every_fault_is_told_with_its_line() {
    on_both(|server| async move {
        let (_, shelf) = Shelf::new(&server).await;
        let missing = shelf.take_in(SMALL).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(missing["faults"][0]["path"], "uses[0].catalogue");
        shelf.catalogue(CATALOGUE).await;

        let wrong = SMALL.replace("marks: 6", "marks: 5").replace("method: overall", "method: seen");
        let wrong = shelf.take_in(&wrong).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(paths(&wrong), ["tree[1].measures[0].method"], "the shape first");
        assert_eq!(text(&wrong["faults"][0]["zh"]).split('：').next(), Some("第20行"));
        let wrong = SMALL.replace("marks: 6", "marks: 5").replace("market/*", "shop/*");
        let wrong = shelf.take_in(&wrong).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(paths(&wrong), ["marks", "tree[0].measures[0].criteria[0]"], "all at once, by line");
        for (bytes, status) in [
            (CATALOGUE.to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
            ("a: [".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
            (SMALL.replace("小体系", "\"\\0\""), StatusCode::UNPROCESSABLE_ENTITY),
            ("#".repeat((1 << 20) + 1), StatusCode::PAYLOAD_TOO_LARGE),
        ] {
            assert_eq!(shelf.take_in(&bytes).await.status, status);
        }

        let taken = shelf.take_in(SMALL).await.must(StatusCode::CREATED);
        assert_eq!((&taken["state"], &taken["counts"]["criteria"]), (&json!("draft"), &json!(1)));
        assert_eq!((&taken["faults"], &taken["editable"]), (&json!([]), &json!(true)));
        assert_eq!(
            (&taken["places"][0]["methods"], &taken["places"][0]["marks"]),
            (&json!(["visit"]), &json!("6"))
        );
        let again = shelf.take_in(SMALL).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(paths(&again), ["edition"], "an edition is there once");
        let next = SMALL.replace("\"2026\"", "\"2027\"").replace("小体系", "小体系(新)");
        let next = shelf.take_in(&next).await.must(StatusCode::CREATED);
        assert_eq!(next["standard"]["id"], taken["standard"]["id"], "another edition of the same standard");
        assert_eq!(next["standard"]["name"], "小体系(新)");
        let list = shelf.office.get("/standards?limit=1").await.must(StatusCode::OK);
        assert_eq!(list["items"][0]["editions"].as_array().map(Vec::len), Some(2));
        let (status, headers, source) =
            shelf.office.fetch(&format!("{}/source", edition_path(&taken)), &[]).await;
        assert_eq!((status, String::from_utf8_lossy(&source).as_ref()), (StatusCode::OK, SMALL));
        assert_eq!(headers["etag"], "\"v1\"");
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_edited_as_seen_and_published_only_when_it_is_finished() {
    on_both(|server| async move {
        let (_, shelf) = Shelf::new(&server).await;
        shelf.catalogue(CATALOGUE).await;
        let draft = shelf.take_in(SMALL).await.must(StatusCode::CREATED);
        let (one, office) = (edition_path(&draft), &shelf.office);
        let source = format!("{one}/source");
        let unfinished = SMALL.replace("marks: 6", "marks: 5");
        let unseen = office.send_bytes(Method::PUT, &source, unfinished.clone().into(), &[]).await;
        assert_eq!(unseen.status, StatusCode::PRECONDITION_REQUIRED);
        let checked = office.upload(&format!("{one}/check"), unfinished.clone().into()).await;
        let checked = checked.must(StatusCode::OK);
        assert_eq!(
            (&checked["items"][0]["line"], &checked["items"][0]["path"]),
            (&json!(5), &json!("marks"))
        );
        let edited = shelf.put(&source, &unfinished, 1).await.must(StatusCode::OK);
        assert_eq!((&edited["version"], &edited["faults"][0]["line"]), (&json!(2), &json!(5)));
        assert_eq!(shelf.put(&source, SMALL, 1).await.status, StatusCode::PRECONDITION_FAILED);
        let refused = publish(office, &one, 2).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(paths(&refused), ["marks"]);
        let shapeless = shelf.put(&source, "tree: 1", 2).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert!(paths(&shapeless).contains(&"tree".to_owned()), "{shapeless}");
        let renamed = SMALL.replace("id: small", "id: other");
        assert_eq!(
            paths(&shelf.put(&source, &renamed, 2).await.must(StatusCode::UNPROCESSABLE_ENTITY)),
            ["id"]
        );
        shelf.put(&source, SMALL, 2).await.must(StatusCode::OK);
        let published = publish(office, &one, 3).await.must(StatusCode::OK);
        assert_eq!((&published["state"], &published["editable"]), (&json!("published"), &json!(false)));

        // What it uses may change now; it does not.
        shelf.catalogue(&CATALOGUE.replace("亮证经营", "证照上墙").replace("id: market", "id: shop")).await;
        let same = office.get(&one).await.must(StatusCode::OK);
        assert_eq!((&same["hash"], &same["faults"]), (&published["hash"], &json!([])));
        assert_eq!(same["counts"]["criteria"], 1);
        let seen = [("if-match", "\"v4\"")];
        for refused in [
            shelf.put(&source, &unfinished, 4).await,
            publish(office, &one, 4).await,
            office.send(Method::DELETE, &one, None, &seen).await,
        ] {
            assert_eq!(refused.status, StatusCode::CONFLICT);
        }
        let copies = format!("/standards/{}/editions", text(&draft["standard"]["id"]));
        let copy = json!({ "copy_of": draft["id"], "edition": "2026" });
        assert_eq!(
            paths(&office.post(&copies, copy).await.must(StatusCode::UNPROCESSABLE_ENTITY)),
            ["edition"]
        );
        let copy = json!({ "copy_of": draft["id"], "edition": "2027" });
        let key = [("idempotency-key", "copy")];
        let copied = office.send(Method::POST, &copies, Some(copy.clone()), &key).await;
        let copied = copied.must(StatusCode::CREATED);
        assert!(office.send(Method::POST, &copies, Some(copy), &key).await.replayed);
        assert_eq!(copied["copy_of"], draft["id"]);
        assert_eq!(
            copied["faults"][0]["path"], "tree[0].measures[0].criteria[0]",
            "a draft takes what there is now"
        );
        let (_, _, text_of_copy) = office.fetch(&format!("{}/source", edition_path(&copied)), &[]).await;
        let text_of_copy = String::from_utf8_lossy(&text_of_copy).into_owned();
        assert_eq!(text_of_copy, SMALL.replace("2026", "2027"), "with what was noted in it");
        let gone = office.send(Method::DELETE, &edition_path(&copied), None, &[("if-match", "\"v1\"")]).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        let ledger = office.get(&format!("/campaigns/{}/ledger?limit=50", shelf.campaign)).await;
        let ledger = ledger.must(StatusCode::OK);
        let acts: Vec<String> =
            ledger["items"].as_array().expect("entries").iter().map(|entry| text(&entry["action"])).collect();
        for act in ["standard.take_in", "edition.edit", "edition.publish", "edition.copy", "edition.remove"] {
            assert!(acts.iter().any(|done| done == act), "{act} in {acts:?}");
        }
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_comes_with_the_program_is_taken_over_and_others_shelves_are_not_seen() {
    on_both(|server| async move {
        let (administrator, shelf) = Shelf::new(&server).await;
        let (office, here) = (&shelf.office, &shelf.campaign);
        let shipped = office.get("/shipped-standards").await.must(StatusCode::OK);
        let codes: Vec<String> =
            shipped["items"].as_array().expect("a list").iter().map(|one| text(&one["code"])).collect();
        assert_eq!(codes, ["civilised-county", "minors", "hygiene-city"]);
        let over = |code: &str, rest: &str| format!("/shipped-standards/{code}{rest}");
        let ours = format!("?campaign={here}");
        assert_eq!(office.post(&over("minors", ""), json!({})).await.status, StatusCode::FORBIDDEN);
        assert_eq!(office.post(&over("nothing", &ours), json!({})).await.status, StatusCode::NOT_FOUND);
        let own = office.post(&over("minors", &ours), json!({})).await.must(StatusCode::CREATED);
        assert_eq!((&own["standard"]["kind"], &own["faults"]), (&json!("未成年人思想道德建设"), &json!([])));
        let twice = office.post(&over("minors", &ours), json!({})).await;
        assert_eq!(paths(&twice.must(StatusCode::UNPROCESSABLE_ENTITY)), ["edition"]);
        let whole = administrator.post(&over("minors", ""), json!({})).await.must(StatusCode::CREATED);
        assert_eq!(whole["standard"]["campaign_id"], Value::Null);

        // The office sees the installation's and edits its own; nobody else of the campaign sees either.
        let list = office.get("/standards").await.must(StatusCode::OK);
        let editable: Vec<&Value> =
            list["items"].as_array().expect("a list").iter().map(|one| &one["editable"]).collect();
        assert_eq!(editable, [&json!(false), &json!(true)]);
        let seen = [("if-match", "\"v1\"")];
        assert_eq!(publish(office, &edition_path(&whole), 1).await.status, StatusCode::FORBIDDEN);
        let kind = Some(json!({ "kind": "未成年人", "level": "national" }));
        let standard = format!("/standards/{}", text(&own["standard"]["id"]));
        let edited = office.send(Method::PATCH, &standard, kind.clone(), &seen).await.must(StatusCode::OK);
        assert_eq!((&edited["kind"], &edited["level"]), (&json!("未成年人"), &json!("national")));
        let stale = office.send(Method::PATCH, &standard, kind.clone(), &seen).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);

        let other =
            json!({ "name": "青山县创建卫生城市", "place": "青山县", "kind": "卫生城市", "year": 2026 });
        let other = administrator.post("/campaigns", other).await.must(StatusCode::CREATED);
        let other = elsewhere(&server, &administrator, Role::Office, &text(&other["id"])).await;
        let leader = person(&server, &administrator, Role::Leader, here, None).await;
        let absent =
            "/standards/00000000-0000-7000-8000-000000000000/editions/00000000-0000-7000-8000-000000000000";
        for stranger in [&other, &leader] {
            let missing = stranger.get(absent).await.must(StatusCode::NOT_FOUND);
            for path in [edition_path(&own), format!("{}/source", edition_path(&own))] {
                assert_eq!(stranger.get(&path).await.must(StatusCode::NOT_FOUND), missing);
            }
            assert_eq!(stranger.get(&standard).await.status, StatusCode::NOT_FOUND);
            let refused = stranger.send(Method::PATCH, &standard, kind.clone(), &seen).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND);
            assert_eq!(publish(stranger, &edition_path(&own), 1).await.status, StatusCode::NOT_FOUND);
            let check = format!("{}/check", edition_path(&own));
            assert_eq!(stranger.upload(&check, SMALL.into()).await.status, StatusCode::NOT_FOUND);
            let foreign = stranger.upload(&format!("/standards{ours}"), SMALL.into()).await;
            assert!([StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&foreign.status));
        }
        assert_eq!(leader.get("/standards").await.status, StatusCode::FORBIDDEN);
        assert_eq!(leader.get(&edition_path(&whole)).await.status, StatusCode::NOT_FOUND);
        let theirs = other.get("/standards").await.must(StatusCode::OK);
        assert_eq!(theirs["items"].as_array().map(Vec::len), Some(1), "the installation's alone");
        other.get(&edition_path(&whole)).await.must(StatusCode::OK);
    })
    .await;
}

/// The campaign's shelf with both editions of a small standard published.
async fn with_editions(shelf: &Shelf) -> (Value, Value) {
    shelf.catalogue(CATALOGUE).await;
    let old = shelf.take_in(SMALL).await.must(StatusCode::CREATED);
    let next = SMALL
        .replace("\"2026\"", "\"2027\"")
        .replace("title: 观感", "title: 观感\n    text: 街面整洁")
        .replace("code: \"1\"", "code: \"3\"");
    let new = shelf.take_in(&next).await.must(StatusCode::CREATED);
    let old = publish(&shelf.office, &edition_path(&old), 1).await.must(StatusCode::OK);
    (old, publish(&shelf.office, &edition_path(&new), 1).await.must(StatusCode::OK))
}

#[tokio::test]
async fn whoever_works_in_a_campaign_reads_what_it_is_assessed_by_and_finds_words_in_it() {
    on_both(|server| async move {
        let (administrator, shelf) = Shelf::new(&server).await;
        let (old, _) = with_editions(&shelf).await;
        let leader = person(&server, &administrator, Role::Leader, &shelf.campaign, None).await;
        let volunteer = person(&server, &administrator, Role::Volunteer, &shelf.campaign, None).await;
        let one = edition_path(&old);
        let leaf = |code: &str| format!("{one}/leaf?code={code}");
        for path in [one.clone(), leaf("1"), format!("{one}/search?q=%E4%BA%AE%E8%AF%81")] {
            assert_eq!(leader.get(&path).await.status, StatusCode::NOT_FOUND, "not yet");
        }
        let all = format!("/campaigns/{}/standards", shelf.campaign);
        let chosen = json!({ "edition_id": old["id"] });
        assert_eq!(leader.post(&all, chosen.clone()).await.status, StatusCode::FORBIDDEN);
        shelf.office.post(&all, chosen).await.must(StatusCode::CREATED);

        let list = leader.get(&all).await.must(StatusCode::OK);
        assert_eq!((&list["items"][0]["marks"], &list["items"][0]["leaves"]), (&json!("10"), &json!(2)));
        assert_eq!(list["items"][0]["newer"], json!([]), "a leader moves to no other edition");
        let seen = leader.get(&one).await.must(StatusCode::OK);
        assert_eq!(seen["editable"], false);
        let market = leader.get(&leaf("1")).await.must(StatusCode::OK);
        let measure = &market["measures"][0];
        assert_eq!(measure["grading"]["zh"], "按符合的比例得分");
        assert_eq!(measure["site_types"][0]["criteria"][0]["text"], "亮证经营");
        assert_eq!(market["content"]["measures"][0]["criteria"], json!(["market/*"]));
        assert_eq!(leader.get(&leaf("9")).await.status, StatusCode::NOT_FOUND);
        let found = leader.get(&format!("{one}/search?q=%E4%BA%AE%E8%AF%81")).await.must(StatusCode::OK);
        let expected = json!({ "code": "1", "title": "市场", "part": "criterion", "text": "亮证经营" });
        assert_eq!((&found["items"], &found["more"]), (&json!([expected]), &json!(false)));
        assert_eq!(volunteer.get(&all).await.status, StatusCode::FORBIDDEN);
        assert_eq!(volunteer.get(&one).await.status, StatusCode::NOT_FOUND);
        assert_eq!(publish(&leader, &one, 2).await.status, StatusCode::NOT_FOUND, "reading is all");
        let other = json!({ "name": "青山县创建", "place": "青山县", "kind": "卫生城市", "year": 2026 });
        let other = text(&administrator.post("/campaigns", other).await.must(StatusCode::CREATED)["id"]);
        let stranger = elsewhere(&server, &administrator, Role::Leader, &other).await;
        assert_eq!(stranger.get(&one).await.status, StatusCode::NOT_FOUND);
        assert_eq!(stranger.get(&all).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_campaign_moves_to_a_newer_edition_and_sees_before_what_changes() {
    on_both(|server| async move {
        let (_, shelf) = Shelf::new(&server).await;
        let (old, new) = with_editions(&shelf).await;
        let office = &shelf.office;
        let all = format!("/campaigns/{}/standards", shelf.campaign);
        let attached = office.post(&all, json!({ "edition_id": old["id"] })).await.must(StatusCode::CREATED);
        assert_eq!(attached["newer"][0]["id"], new["id"]);
        let again = office.post(&all, json!({ "edition_id": old["id"] })).await.must(StatusCode::CREATED);
        assert_eq!(again["version"], 1, "said twice, it is so once");
        let beside = office.post(&all, json!({ "edition_id": new["id"] })).await;
        assert_eq!(beside.status, StatusCode::CONFLICT, "one edition of a standard");

        let report = format!("{}/comparison?with={}", edition_path(&old), text(&new["id"]));
        let report = office.get(&report).await.must(StatusCode::OK);
        let count = |kind: &str| {
            let counts = report["counts"].as_array().expect("counts");
            let count = counts.iter().find(|count| count["kind"] == kind).expect("the kind").clone();
            [&count["before"], &count["added"], &count["removed"], &count["changed"], &count["after"]]
                .map(|n| n.as_u64().expect("a number"))
        };
        assert_eq!((count("leaf"), count("criterion")), ([2, 1, 1, 1, 2], [1, 0, 0, 0, 1]));
        let changed = report["differences"].as_array().expect("a list");
        let changed = changed.iter().find(|one| one["key"] == "2").expect("the leaf that says more");
        assert_eq!(changed["fields"], json!([{ "field": "text", "before": "", "after": "街面整洁" }]));
        let same = format!("{}/comparison?with={}", edition_path(&old), text(&old["id"]));
        assert_eq!(office.get(&same).await.must(StatusCode::OK)["differences"], json!([]));

        let one = format!("{all}/{}", text(&old["standard"]["id"]));
        let change = Some(json!({ "edition_id": new["id"] }));
        assert_eq!(
            office.send(Method::PATCH, &one, change.clone(), &[]).await.status,
            StatusCode::PRECONDITION_REQUIRED
        );
        let seen = [("if-match", "\"v1\"")];
        let moved = office.send(Method::PATCH, &one, change.clone(), &seen).await.must(StatusCode::OK);
        assert_eq!((&moved["edition"]["edition"], &moved["version"]), (&json!("2027"), &json!(2)));
        assert_eq!(
            office.send(Method::PATCH, &one, change, &seen).await.status,
            StatusCode::PRECONDITION_FAILED
        );
        let gone = office.send(Method::DELETE, &one, None, &[("if-match", "\"v2\"")]).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        let ledger = office.get(&format!("/campaigns/{}/ledger?limit=50", shelf.campaign)).await;
        let ledger = ledger.must(StatusCode::OK);
        let acts: Vec<String> =
            ledger["items"].as_array().expect("entries").iter().map(|entry| text(&entry["action"])).collect();
        assert_eq!(&acts[..3], ["standard.detach", "standard.change_edition", "standard.attach"]);
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_another_standard_needs_is_a_gate_and_stays_attached() {
    on_both(|server| async move {
        let (_, shelf) = Shelf::new(&server).await;
        let office = &shelf.office;
        let all = format!("/campaigns/{}/standards", shelf.campaign);
        let mut ids = Vec::new();
        for code in ["civilised-county", "minors"] {
            let path = format!("/shipped-standards/{code}?campaign={}", shelf.campaign);
            let draft = office.post(&path, json!({})).await.must(StatusCode::CREATED);
            let early = office.post(&all, json!({ "edition_id": draft["id"] })).await;
            assert_eq!(
                early.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"][0]["path"],
                "edition_id",
                "nobody is assessed by a draft"
            );
            publish(office, &edition_path(&draft), 1).await.must(StatusCode::OK);
            office.post(&all, json!({ "edition_id": draft["id"] })).await.must(StatusCode::CREATED);
            ids.push(text(&draft["standard"]["id"]));
            if code == "civilised-county" {
                let alone = office.get(&all).await.must(StatusCode::OK);
                assert_eq!(alone["items"][0]["missing"], json!(["minors"]));
            }
        }
        let list = office.get(&all).await.must(StatusCode::OK);
        let (county, minors) = (&list["items"][0], &list["items"][1]);
        assert_eq!((&county["gate_of"], &county["missing"]), (&json!([]), &json!([])));
        assert_eq!(minors["gate_of"], json!([{ "code": "civilised-county", "at_least": "85" }]));
        assert_eq!(minors["contributes_to"], json!([{ "code": "civilised-county", "share": "0.2" }]));
        let seen = [("if-match", "\"v1\"")];
        let needed = office.send(Method::DELETE, &format!("{all}/{}", ids[1]), None, &seen).await;
        assert!(needed.must(StatusCode::CONFLICT)["title"].to_string().contains("县级文明城市测评体系"));
        for id in &ids {
            let gone = office.send(Method::DELETE, &format!("{all}/{id}"), None, &seen).await;
            assert_eq!(gone.status, StatusCode::NO_CONTENT);
        }
    })
    .await;
}

#[tokio::test]
async fn a_leaf_is_edited_as_a_form_and_every_other_line_of_the_file_stays() {
    on_both(|server| async move {
        let (administrator, shelf) = Shelf::new(&server).await;
        shelf.catalogue(CATALOGUE).await;
        let draft = shelf.take_in(SMALL).await.must(StatusCode::CREATED);
        let (one, office) = (edition_path(&draft), &shelf.office);
        let leaf = format!("{one}/leaf?code=2");
        let content = office.get(&leaf).await.must(StatusCode::OK)["content"].clone();
        let check = format!("{one}/leaf/check?code=2");
        let with = |field: &str, value: Value| {
            let mut changed = content.clone();
            changed[field] = value;
            changed
        };
        let checked = async |leaf: Value| {
            let answer = office.post(&check, leaf).await.must(StatusCode::OK);
            let faults = answer["items"].as_array().expect("faults").clone();
            faults.iter().map(|fault| text(&fault["path"])).collect::<Vec<_>>()
        };
        assert_eq!(checked(content.clone()).await, Vec::<String>::new());
        assert_eq!(
            checked(with("marks", json!("3"))).await,
            ["marks"],
            "the whole does not add up: a fault of the file"
        );
        assert_eq!(checked(with("marks", json!("many"))).await, ["marks"]);
        let wrong = json!([{ "method": "overall", "grading": { "form": "ratio" } }]);
        assert_eq!(checked(with("measures", wrong)).await, ["measures[0].grading"]);
        assert_eq!(checked(with("code", json!("7"))).await, ["code"]);
        // What can be asked for is chosen by its name.
        let entries = office.get(&format!("{one}/entries")).await.must(StatusCode::OK);
        let licence = json!({ "id": "licence", "name": "亮证经营" });
        assert_eq!(
            entries["site_types"],
            json!([{ "id": "market", "name": "农贸市场", "criteria": [licence] }])
        );
        assert_eq!(checked(with("children", json!([]))).await, ["children"]);

        let mut better = with("title", json!("整体观感"));
        better["measures"][0]["grading"] = json!({ "form": "three_step", "partly": "0.6" });
        let unseen = office.send(Method::PUT, &leaf, Some(better.clone()), &[]).await;
        assert_eq!(unseen.status, StatusCode::PRECONDITION_REQUIRED);
        let seen = [("if-match", "\"v1\"")];
        let edited = office.send(Method::PUT, &leaf, Some(better.clone()), &seen).await.must(StatusCode::OK);
        assert_eq!((&edited["version"], &edited["faults"]), (&json!(2), &json!([])));
        let stale = office.send(Method::PUT, &leaf, Some(better), &seen).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let now = office.get(&leaf).await.must(StatusCode::OK);
        assert_eq!(now["measures"][0]["grading"]["zh"], "符合得满分，基本符合得 60%，不符合不得分");
        let (_, _, source) = office.fetch(&format!("{one}/source"), &[]).await;
        let source = String::from_utf8_lossy(&source).into_owned();
        assert!(source.starts_with("# 数值参照去年") && source.contains("title: 整体观感"), "{source}");
        let kept: Vec<&str> = SMALL.lines().take(14).collect();
        assert_eq!(source.lines().take(14).collect::<Vec<_>>(), kept);

        let missing = office.send(Method::PUT, &format!("{one}/leaf?code=9"), Some(json!({})), &seen).await;
        assert_eq!(missing.status, StatusCode::PRECONDITION_FAILED, "as seen first");
        let leader = person(&server, &administrator, Role::Leader, &shelf.campaign, None).await;
        assert_eq!(leader.post(&check, json!({})).await.status, StatusCode::NOT_FOUND);
        publish(office, &one, 2).await.must(StatusCode::OK);
        let late = office.send(Method::PUT, &leaf, Some(content), &[("if-match", "\"v3\"")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
    })
    .await;
}
