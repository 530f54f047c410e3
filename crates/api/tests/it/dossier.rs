//! A dossier holds what was accepted, of the units that its orderer's role reaches, and is for nobody else.

use std::io::{Cursor, Read};

use axum::http::{Method, StatusCode};
use chengjing_domain::people::Role;
use serde_json::{Value, json};
use zip::ZipArchive;

use crate::{
    attachments::{jpeg, send},
    evidence::{Filed, accept},
    harness::{Caller, on_both, text},
    previews::docx,
    refusals::person,
};

impl Filed {
    /// A material that was filed for requirements of the first standard, and accepted for the first of them.
    async fn accepted(&self, body: Value) -> Value {
        let one = self.file(body).await.must(StatusCode::CREATED);
        self.decide(&self.town.office, &one, json!([accept(&one["links"][0])])).await.must(StatusCode::OK)
    }

    fn report(&self, words: &str, link: Option<&str>) -> Value {
        json!({
            "unit_id": self.unit, "kind": "report", "requirements": [self.of(0, "health")],
            "content": { "title": "情况/说明", "text": words, "link": link },
        })
    }

    async fn order(&self, caller: &Caller, of: Value) -> crate::harness::Answer {
        caller.post(&self.town.inside("dossiers"), of).await
    }

    /// The job when it is over.
    async fn packed(&self, caller: &Caller, of: Value) -> Value {
        let ordered = self.order(caller, of).await.must(StatusCode::ACCEPTED);
        let path = format!("/jobs/{}", text(&ordered["job"]));
        for _ in 0..500 {
            let job = caller.get(&path).await.must(StatusCode::OK);
            if !["queued", "running"].contains(&text(&job["state"]).as_str()) {
                assert_eq!(job["state"], "done", "{job}");
                return job;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("the job is never over");
    }
}

fn file_of(job: &Value) -> String {
    format!("/jobs/{}/file", text(&job["id"]))
}

fn names(zip: &[u8]) -> Vec<String> {
    let mut archive = ZipArchive::new(Cursor::new(zip)).expect("a zip");
    (0..archive.len())
        .map(|number| archive.by_index(number).expect("a file").name().expect("a name").into_owned())
        .collect()
}

fn inside(zip: &[u8], name: &str) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(zip)).expect("a zip");
    let mut bytes = Vec::new();
    archive.by_name(name).expect("a file").read_to_end(&mut bytes).expect("its bytes");
    bytes
}

fn words(sheet: &[u8]) -> String {
    chengjing_reader::source::extract("a.xlsx", sheet).expect("a sheet that can be read").text
}

#[tokio::test]
async fn what_was_accepted_is_packed_in_folders_with_its_tables_and_texts() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let office = &filed.town.office;
        let photos = filed.photos(2).await;
        let set = filed.photo_set(&photos, &[filed.of(0, "health"), filed.of(1, "health")]);
        filed.accepted(set).await;
        filed.accepted(filed.report("第一段\n#段", Some("https://www.example.gov.cn/1.html"))).await;
        // What waits is not in it.
        let waiting = filed.photo_set(&filed.photos(1).await, &[filed.of(1, "health")]);
        filed.file(waiting).await.must(StatusCode::CREATED);

        let job = filed.packed(office, json!({})).await;
        let result = &job["result"];
        assert_eq!(result["name"], "云溪县创建文明城市卷宗.zip");
        assert_eq!(
            (&result["materials"], &result["files"], &result["missing"]),
            (&json!(2), &json!(2), &json!(0))
        );
        let (status, headers, zip) = office.fetch(&file_of(&job), &[]).await;
        assert_eq!(
            (status, &headers["content-type"]),
            (StatusCode::OK, &"application/zip".parse().expect("a value"))
        );
        assert_eq!(result["size"], json!(zip.len()));
        let mut there = names(&zip);
        there.sort();
        let folder = "体系first2026/1 健康/健康教育活动";
        assert_eq!(
            there,
            [
                "体系first2026/00_封面.pdf".to_owned(),
                "体系first2026/01_待审材料索引表.xlsx".to_owned(),
                "体系first2026/02_材料审核记录表.xlsx".to_owned(),
                "体系first2026/03_文字材料.pdf".to_owned(),
                format!("{folder}/0001_健康教育进校园_1.jpg"),
                format!("{folder}/0002_健康教育进校园_2.jpg"),
            ]
        );
        let photo = filed.town.inside(&format!("attachments/{}/content", text(&photos[0])));
        assert_eq!(inside(&zip, &there[4]), office.fetch(&photo, &[]).await.2, "its bytes as they came");
        let index = words(&inside(&zip, &there[1]));
        for said in [
            "待审材料索引表",
            "健康教育进校园",
            "县教育局",
            "0001-0002",
            folder,
            "第1册第1篇",
            "https://www.example.gov.cn/1.html",
        ] {
            assert!(index.contains(said), "{said} is not in {index}");
        }
        let audit = words(&inside(&zip, &there[2]));
        for said in ["材料审核记录表", "第1版", "贺明远", "2027年4月7日"] {
            assert!(audit.contains(said), "{said} is not in {audit}");
        }
        // The stand-in for what sets documents gives the data that it was handed.
        let texts = String::from_utf8(inside(&zip, &there[3])).expect("text");
        let texts: Value = serde_json::from_str(texts.trim_start_matches("%PDF-")).expect("its data");
        assert_eq!(texts["texts"][0]["paragraphs"], json!(["第一段", "#段"]));
        assert_eq!(texts["texts"].as_array().map(Vec::len), Some(1));

        // A broken download goes on where it was.
        let (status, headers, rest) = office.fetch(&file_of(&job), &[("range", "bytes=100-")]).await;
        assert_eq!((status, &rest[..]), (StatusCode::PARTIAL_CONTENT, &zip[100..]));
        assert_eq!(headers["content-range"], format!("bytes 100-{}/{}", zip.len() - 1, zip.len()));
        let beyond = format!("bytes={}-", zip.len());
        let (status, ..) = office.fetch(&file_of(&job), &[("range", &beyond)]).await;
        assert_eq!(status, StatusCode::RANGE_NOT_SATISFIABLE);

        // Of a leaf: called after it. Ordered again under the same key it is the same job.
        let of = json!({ "standard_id": filed.standards[0], "place": "1" });
        let leaf = filed.packed(office, of.clone()).await;
        assert_eq!(leaf["result"]["name"], "云溪县创建文明城市卷宗_1 健康.zip");
        let key = [("idempotency-key", "one")];
        let path = filed.town.inside("dossiers");
        let first = office.send(Method::POST, &path, Some(of.clone()), &key).await.must(StatusCode::ACCEPTED);
        let second = office.send(Method::POST, &path, Some(of), &key).await.must(StatusCode::ACCEPTED);
        assert_eq!(first["job"], second["job"]);
        let entries = office.get(&filed.town.inside("ledger")).await.must(StatusCode::OK);
        let entries = entries["items"].as_array().expect("entries").clone();
        assert_eq!(entries.iter().filter(|entry| entry["action"] == "dossier.pack").count(), 3);
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_words_of_documents_stand_behind_what_was_typed_under_their_names() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let office = &filed.town.office;
        let body = "<w:p><w:r><w:t>第一条</w:t></w:r></w:p><w:p><w:r><w:t>二</w:t></w:r></w:p>";
        let mut files = Vec::new();
        for (name, bytes) in [("总结.docx", docx(body)), ("图.jpg", jpeg())] {
            files.push(send(&filed.school, &filed.town.campaign, name, &bytes).await["id"].clone());
        }
        let mut report = filed.report("三个字", None);
        report["content"]["attachment_ids"] = json!(files);
        filed.accepted(report).await;
        let job = filed.packed(office, json!({})).await;
        let (_, _, zip) = office.fetch(&file_of(&job), &[]).await;
        let texts = String::from_utf8(inside(&zip, "体系first2026/03_文字材料.pdf")).expect("text");
        let texts: Value = serde_json::from_str(texts.trim_start_matches("%PDF-")).expect("its data");
        let document = json!({ "name": "总结.docx", "paragraphs": ["第一条", "二"] });
        assert_eq!(texts["texts"][0]["paragraphs"], json!(["三个字"]));
        assert_eq!(texts["texts"][0]["documents"], json!([document]), "a photograph is no text");
    })
    .await;
}

#[tokio::test]
async fn the_version_that_was_accepted_is_packed_and_what_stands_for_two_requirements_once() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let office = &filed.town.office;
        let one = filed.accepted(filed.report("旧的说明", None)).await;
        let seen = format!("\"v{}\"", one["version"]);
        let newer = json!({ "content": { "title": "情况说明", "text": "新的说明" } });
        let path = format!("{}/versions", filed.path(&one));
        filed
            .school
            .send(Method::POST, &path, Some(newer), &[("if-match", &seen)])
            .await
            .must(StatusCode::CREATED);
        let job = filed.packed(office, json!({ "standard_id": filed.standards[0] })).await;
        assert_eq!(job["result"]["name"], "云溪县创建文明城市卷宗_体系first（2026）.zip");
        let (_, _, zip) = office.fetch(&file_of(&job), &[]).await;
        let texts = String::from_utf8(inside(&zip, "体系first2026/03_文字材料.pdf")).expect("text");
        assert!(texts.contains("旧的说明") && !texts.contains("新的说明"), "{texts}");

        // A file that is gone is told of, and the rest is packed.
        let photos = filed.photos(1).await;
        let set = filed.photo_set(&photos, &[filed.of(0, "health")]);
        let evidence = filed.accepted(set).await;
        let hash = text(&evidence["files"][0]["sha256"]).parse().expect("a hash");
        let ahead = server.app.now() + chrono::TimeDelta::days(40_000);
        server.app.store.files().remove_older(hash, ahead).await.expect("removed");
        let job = filed.packed(office, json!({ "standard_id": filed.standards[0] })).await;
        assert_eq!((&job["result"]["files"], &job["result"]["missing"]), (&json!(1), &json!(1)));
        let (_, _, zip) = office.fetch(&file_of(&job), &[]).await;
        let index = words(&inside(&zip, "体系first2026/01_待审材料索引表.xlsx"));
        assert!(index.contains("0001号文件已不在"), "{index}");
    })
    .await;
}

#[tokio::test]
async fn a_dossier_is_ordered_within_ones_role_and_fetched_by_who_ordered_it() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let office = &filed.town.office;
        assert_eq!(filed.order(office, json!({})).await.status, StatusCode::CONFLICT, "nothing was accepted");
        filed.accepted(filed.report("说明", None)).await;

        let other = filed.town.liaison(&server, "县城管局", "sun").await;
        assert_eq!(
            filed.order(&other, json!({})).await.status,
            StatusCode::CONFLICT,
            "of their unit there is none"
        );
        let own = filed.packed(&filed.school, json!({})).await;
        assert_eq!(own["result"]["materials"], 1);
        let stranger = other.get(&file_of(&own)).await;
        assert_eq!(stranger.status, StatusCode::NOT_FOUND);
        assert_eq!(office.get(&file_of(&own)).await.status, StatusCode::NOT_FOUND, "not even for the office");
        let inspector = person(&server, office, Role::Inspector, &filed.town.campaign, None).await;
        assert_eq!(filed.order(&inspector, json!({})).await.status, StatusCode::FORBIDDEN);

        let unknown = json!({ "standard_id": "00000000-0000-7000-8000-000000000000" });
        assert_eq!(filed.order(office, unknown).await.status, StatusCode::NOT_FOUND);
        let faults = filed.order(office, json!({ "standard_id": filed.standards[0], "place": "9" })).await;
        assert_eq!(faults.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"][0]["path"], "place");
        let faults = filed.order(office, json!({ "place": "1" })).await;
        assert_eq!(faults.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"][0]["path"], "standard_id");
        let elsewhere = "/campaigns/00000000-0000-7000-8000-000000000000/dossiers";
        assert_eq!(filed.school.post(elsewhere, json!({})).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
