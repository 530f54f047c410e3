//! Letters of duty, weekly bulletins, and the templates that they are made by.

use std::io::{Cursor, Read, Write};

use axum::http::{Method, StatusCode};
use chengjing_domain::people::Role;
use serde_json::{Value, json};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{
    harness::{Caller, Server, on_both, text},
    office::adopted,
    refusals::{person, unit},
};

struct Town {
    office: Caller,
    campaign: String,
}

impl Town {
    async fn new(server: &Server) -> Self {
        let (administrator, campaign, _) = adopted(server).await;
        let office = person(server, &administrator, Role::Office, &campaign, None).await;
        Self { office, campaign }
    }

    fn inside(&self, rest: &str) -> String {
        format!("/campaigns/{}/{rest}", self.campaign)
    }

    /// Waits for a job to be over; what became of it.
    async fn over(&self, caller: &Caller, ordered: &Value) -> Value {
        let path = format!("/jobs/{}", text(&ordered["job"]));
        for _ in 0..500 {
            let job = caller.get(&path).await.must(StatusCode::OK);
            if !["queued", "running"].contains(&text(&job["state"]).as_str()) {
                return job;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("the job is never over");
    }

    /// Has something made; its name and bytes.
    async fn made(&self, caller: &Caller, path: &str, body: Value) -> (String, Vec<u8>) {
        let ordered = caller.post(&self.inside(path), body).await.must(StatusCode::ACCEPTED);
        let job = self.over(caller, &ordered).await;
        assert_eq!(job["state"], "done", "{job}");
        let (status, _, bytes) = caller.fetch(&format!("/jobs/{}/file", text(&ordered["job"])), &[]).await;
        assert_eq!(status, StatusCode::OK);
        (text(&job["result"]["name"]), bytes)
    }
}

fn docx(body: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", SimpleFileOptions::default()).expect("a part");
    let body = format!("<w:document><w:body><w:p><w:r><w:t>{body}</w:t></w:r></w:p></w:body></w:document>");
    zip.write_all(body.as_bytes()).expect("its bytes");
    zip.finish().expect("a zip").into_inner()
}

/// The text of a document.
fn words(docx: &[u8]) -> String {
    chengjing_reader::source::extract("a.docx", docx).expect("a docx that can be read").text
}

#[tokio::test]
async fn a_letter_says_what_the_unit_owes_and_all_letters_come_packed() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = unit(&town.office, &town.campaign, "县教育局").await;
        let (name, bytes) =
            town.made(&town.office, "letters", json!({ "form": "docx", "unit_id": school })).await;
        let letter = words(&bytes);
        assert!(name.starts_with("目标责任书_001_县教育局"), "{name}");
        for said in [
            "云溪县创建文明城市目标责任书",
            "编号：〔2026〕第1号",
            "乙方：县教育局",
            "整治校园周边摊点",
            "承担任务1项",
            "2026年5月6日",
        ] {
            assert!(letter.contains(said), "{said} is not in {letter}");
        }
        assert!(!letter.contains("背街小巷"), "what others owe is not in it");

        let (name, bytes) = town.made(&town.office, "letters", json!({ "form": "pdf" })).await;
        assert_eq!(name, "云溪县创建文明城市目标责任书_pdf.zip");
        let mut packed = ZipArchive::new(Cursor::new(bytes)).expect("a zip");
        let names: Vec<String> = (0..packed.len())
            .map(|index| packed.by_index(index).expect("a letter").name().expect("a name").into_owned())
            .collect();
        assert_eq!(names.len(), 4, "{names:?}");
        assert!(names.contains(&"001_县教育局.pdf".to_owned()), "it keeps its number: {names:?}");
        let mut set = String::new();
        packed.by_name("001_县教育局.pdf").expect("a letter").read_to_string(&mut set).expect("text");
        let data: Value =
            serde_json::from_str(set.trim_start_matches("%PDF-")).expect("the data of the letter");
        assert_eq!((&data["unit"], &data["duties"][0]["role"]), (&json!("县教育局"), &json!("责任")));

        // Made again it has the same number and the same bytes; a repeated request makes no second job.
        let body = json!({ "form": "docx", "unit_id": school });
        let (_, again) = town.made(&town.office, "letters", body.clone()).await;
        assert_eq!(words(&again), letter);
        let key = [("idempotency-key", "one")];
        let path = town.inside("letters");
        let first = town.office.send(Method::POST, &path, Some(body.clone()), &key).await;
        let second = town.office.send(Method::POST, &path, Some(body), &key).await;
        assert_eq!(first.must(StatusCode::ACCEPTED)["job"], second.must(StatusCode::ACCEPTED)["job"]);

        let missing = json!({ "form": "docx", "unit_id": "00000000-0000-7000-8000-000000000000" });
        assert_eq!(town.office.post(&path, missing).await.status, StatusCode::NOT_FOUND);
        let own = town.office.get(&town.inside("documents")).await.must(StatusCode::OK);
        assert_eq!(own["items"].as_array().map(Vec::len), Some(4));
        let entries = town.office.get(&town.inside(&format!("ledger?subject=unit:{school}"))).await;
        assert!(
            entries.must(StatusCode::OK)["items"]
                .as_array()
                .expect("a list")
                .iter()
                .any(|entry| entry["action"] == "letter.print")
        );
    })
    .await;
}

#[tokio::test]
async fn a_liaison_gets_the_letter_of_their_own_unit_and_of_no_other() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let (school, streets) = (
            unit(&town.office, &town.campaign, "县教育局").await,
            unit(&town.office, &town.campaign, "县城管局").await,
        );
        let administrator = server.log_in("admin").await;
        let liaison = person(&server, &administrator, Role::Liaison, &town.campaign, Some(&school)).await;
        let (_, bytes) = town.made(&liaison, "letters", json!({ "form": "docx", "unit_id": school })).await;
        assert!(words(&bytes).contains("乙方：县教育局"));
        let (_, bytes) = town.made(&liaison, "letters", json!({ "form": "docx" })).await;
        assert_eq!(
            ZipArchive::new(Cursor::new(bytes)).expect("a zip").len(),
            1,
            "all that they may have is one"
        );
        let foreign =
            liaison.post(&town.inside("letters"), json!({ "form": "docx", "unit_id": streets })).await;
        let absent = json!({ "form": "docx", "unit_id": "00000000-0000-7000-8000-000000000000" });
        let absent = liaison.post(&town.inside("letters"), absent).await;
        assert_eq!((foreign.status, &foreign.body), (StatusCode::NOT_FOUND, &absent.body));

        // What the office ordered is neither seen nor fetched by others.
        let ordered = town.office.post(&town.inside("letters"), json!({ "form": "docx" })).await;
        let ordered = ordered.must(StatusCode::ACCEPTED);
        town.over(&town.office, &ordered).await;
        let file = format!("/jobs/{}/file", text(&ordered["job"]));
        assert_eq!(liaison.get(&file).await.status, StatusCode::NOT_FOUND);
        let own = liaison.get(&town.inside("documents")).await.must(StatusCode::OK);
        assert_eq!(own["items"].as_array().map(Vec::len), Some(2));
        for refused in ["bulletins", "templates/letter/docx", "template-fields/letter"] {
            assert_eq!(liaison.get(&town.inside(refused)).await.status, StatusCode::FORBIDDEN, "{refused}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_weeks_bulletin_is_frozen_and_comes_out_the_same_until_it_is_put_together_anew() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = unit(&town.office, &town.campaign, "县教育局").await;
        let administrator = server.log_in("admin").await;
        let liaison = person(&server, &administrator, Role::Liaison, &town.campaign, Some(&school)).await;
        let leader = person(&server, &administrator, Role::Leader, &town.campaign, None).await;
        for (week, status) in [
            ("2026-05-05", StatusCode::UNPROCESSABLE_ENTITY),
            ("2026-05-11", StatusCode::UNPROCESSABLE_ENTITY),
            ("2026-04-20", StatusCode::UNPROCESSABLE_ENTITY),
            ("2026-04-27", StatusCode::CREATED),
        ] {
            let answer = town.office.post(&town.inside("bulletins"), json!({ "week_on": week })).await;
            assert_eq!(answer.status, status, "{week}: {:?}", answer.body);
        }
        let week = json!({ "week_on": "2026-05-04" });
        let refused = leader.post(&town.inside("bulletins"), week.clone()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let bulletin =
            town.office.post(&town.inside("bulletins"), week.clone()).await.must(StatusCode::CREATED);
        assert_eq!((&bulletin["number"], &bulletin["as_of"]), (&json!(2), &json!("2026-05-06")));
        assert_eq!((&bulletin["total"]["total"], &bulletin["total"]["confirmed"]), (&json!(4), &json!(0)));

        // Something happens; the bulletin does not change.
        let task =
            liaison.get(&town.inside("tasks?turn=unit")).await.must(StatusCode::OK)["items"][0].clone();
        let act = async |caller: &Caller, version: i64, deed: Value| {
            let path = town.inside(&format!("tasks/{}/deeds", text(&task["id"])));
            let seen = format!("\"v{version}\"");
            caller.send(Method::POST, &path, Some(deed), &[("if-match", &seen)]).await.must(StatusCode::OK)
        };
        act(&liaison, 1, json!({ "deed": "accept" })).await;
        act(&liaison, 2, json!({ "deed": "report" })).await;
        act(&town.office, 3, json!({ "deed": "confirm" })).await;
        let again = town.office.post(&town.inside("bulletins"), week).await.must(StatusCode::CREATED);
        assert_eq!(again, bulletin);
        let one = town.inside(&format!("bulletins/{}", text(&bulletin["id"])));
        let print = format!("bulletins/{}/documents", text(&bulletin["id"]));
        let (name, first) = town.made(&leader, &print, json!({ "form": "docx" })).await;
        let (_, second) = town.made(&town.office, &print, json!({ "form": "docx" })).await;
        assert_eq!((name.as_str(), &first), ("云溪县创建文明城市工作进度周报第2期.docx", &second));
        let said = words(&first);
        for part in
            ["云溪县创建文明城市工作进度周报", "第2期", "2026年第19周（5月4日至5月10日）", "已确认办结0项"]
        {
            assert!(said.contains(part), "{part} is not in {said}");
        }

        let anew = format!("{one}/figures");
        let stale = town.office.send(Method::PUT, &anew, None, &[("if-match", "\"v9\"")]).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let anew = town.office.send(Method::PUT, &anew, None, &[("if-match", "\"v1\"")]).await;
        let anew = anew.must(StatusCode::OK);
        assert_eq!((&anew["number"], &anew["version"]), (&json!(2), &json!(2)));
        assert_eq!((&anew["total"]["confirmed"], &anew["total"]["reported_in_week"]), (&json!(1), &json!(1)));
        assert_eq!((&anew["units"][0]["unit"], &anew["units"][0]["rank"]), (&json!("县教育局"), &json!(1)));
        let list = leader.get(&town.inside("bulletins")).await.must(StatusCode::OK);
        let numbers: Vec<&Value> =
            list["items"].as_array().expect("a list").iter().map(|b| &b["number"]).collect();
        assert_eq!(numbers, [&json!(2), &json!(1)]);
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_offices_template_is_tried_out_used_put_away_and_used_again() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = unit(&town.office, &town.campaign, "县教育局").await;
        let own = town.inside("templates/letter/docx");
        let (status, headers, built_in) = town.office.fetch(&format!("{own}/built-in/file"), &[]).await;
        assert_eq!(status, StatusCode::OK);
        assert!(headers["content-disposition"].to_str().is_ok_and(|value| value.starts_with("attachment")));

        // Every fault at once, each with its place; nothing is kept.
        let faulty = docx("{{nobody}}与{{#each unit}}x{{/each}}");
        let answer = town.office.upload(&format!("{own}?name=a.docx"), faulty).await;
        let problem = answer.must(StatusCode::UNPROCESSABLE_ENTITY);
        let places: Vec<String> =
            problem["faults"].as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect();
        assert_eq!(places, ["word/document.xml:1", "word/document.xml:1"]);
        let wrong = town.office.upload(&format!("{own}?name=a.txt"), Vec::new()).await;
        let wrong = wrong.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong["faults"].as_array().map(Vec::len), Some(2));
        assert_eq!(town.office.get(&own).await.must(StatusCode::OK)["items"], json!([]));

        let added =
            town.office.upload(&format!("{own}?name=own.docx"), docx("我县自己的责任书:{{unit}}")).await;
        let added = added.must(StatusCode::CREATED);
        assert_eq!((&added["number"], &added["in_use"]), (&json!(1), &json!(true)));
        let body = json!({ "form": "docx", "unit_id": school });
        let (_, made) = town.made(&town.office, "letters", body.clone()).await;
        assert_eq!(words(&made).trim(), "我县自己的责任书:县教育局");
        let version = town.inside(&format!("template-versions/{}", text(&added["id"])));
        let (_, _, preview) = town.office.fetch(&format!("{version}/preview"), &[]).await;
        assert_eq!(words(&preview).trim(), "我县自己的责任书:县样例局");
        let (_, _, file) = town.office.fetch(&format!("{version}/file"), &[]).await;
        assert_eq!(file, docx("我县自己的责任书:{{unit}}"));

        let away = town.office.send(Method::PUT, &format!("{own}/built-in/use"), None, &[]).await;
        assert_eq!(away.status, StatusCode::NO_CONTENT);
        let (_, made) = town.made(&town.office, "letters", body.clone()).await;
        assert!(words(&made).contains("甲方："), "the built-in one again");
        let second =
            town.office.upload(&format!("{own}?name=b.docx"), built_in).await.must(StatusCode::CREATED);
        assert_eq!(second["number"], 2);
        let list = town.office.get(&own).await.must(StatusCode::OK)["items"].clone();
        assert_eq!((&list[0]["in_use"], &list[1]["in_use"]), (&json!(true), &json!(false)));
        let stale =
            town.office.send(Method::PUT, &format!("{version}/use"), None, &[("if-match", "\"v1\"")]).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let seen = format!("\"v{}\"", list[1]["version"]);
        let used =
            town.office.send(Method::PUT, &format!("{version}/use"), None, &[("if-match", &seen)]).await;
        assert_eq!(used.must(StatusCode::OK)["in_use"], true);
        let (_, made) = town.made(&town.office, "letters", body).await;
        assert!(words(&made).contains("我县自己的责任书"));

        let fields = town.office.get(&town.inside("template-fields/letter")).await.must(StatusCode::OK);
        let fields = fields["fields"].as_array().expect("a list").clone();
        assert!(
            fields
                .iter()
                .any(|field| field["name"] == "duties.title" && field["meaning"]["zh"] == "任务名称")
        );
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_typst_template_tells_its_faulty_lines() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let own = town.inside("templates/bulletin/pdf?name=own.typ");
        let problem = town.office.upload(&own, b"ok\n#fault\n\n#fault\n".to_vec()).await;
        let problem = problem.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(problem["faults"][0]["path"], "main.typ:2");
        assert_eq!(problem["faults"][1]["zh"], "第4行：unknown variable: fault");
        let added = town.office.upload(&own, b"ok".to_vec()).await.must(StatusCode::CREATED);
        assert_eq!((&added["form"], &added["name"]), (&json!("pdf"), &json!("own.typ")));
        let large = town.office.upload(&own, vec![b' '; 300 << 10]).await;
        assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    })
    .await;
}

#[tokio::test]
async fn a_template_that_fails_with_real_data_says_where_and_the_built_in_one_helps_out() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = unit(&town.office, &town.campaign, "县教育局").await;
        let own = town.inside("templates/letter/pdf");
        let upload = format!("{own}?name=own.typ");
        let refused = town.office.upload(&upload, vec![b' '; 300 << 10]).await;
        let refused = refused.must(StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(refused["title"], "文件太大，最多256 kB");
        town.office.upload(&upload, b"ok\n#later\n".to_vec()).await.must(StatusCode::CREATED);
        let body = json!({ "form": "pdf", "unit_id": school });
        let ordered = town.office.post(&town.inside("letters"), body.clone()).await;
        let ordered = ordered.must(StatusCode::ACCEPTED);
        let job = town.over(&town.office, &ordered).await;
        assert_eq!(job["state"], "failed", "{job}");
        let said = text(&job["problem"]["zh"]);
        assert!(said.contains("“目标责任书”的 typ 模板有误：第2行：unknown variable: fault"), "{said}");
        assert!(text(&job["problem"]["en"]).contains("line 2"), "{job}");
        let file = town.office.get(&format!("/jobs/{}/file", text(&ordered["job"]))).await;
        assert_eq!(file.status, StatusCode::CONFLICT, "there is no file that looks as if it were fine");
        let away = town.office.send(Method::PUT, &format!("{own}/built-in/use"), None, &[]).await;
        assert_eq!(away.status, StatusCode::NO_CONTENT);
        let (name, _) = town.made(&town.office, "letters", body).await;
        assert_eq!(name, "目标责任书_001_县教育局.pdf");
    })
    .await;
}

#[tokio::test]
async fn a_bulletin_tells_the_targets_that_its_weeks_figures_reached() {
    on_both(|server| async move {
        let people = crate::tasks::Town::new(&server).await;
        let town = Town { office: people.office.clone(), campaign: people.campaign.clone() };
        let made = async |week: &str| {
            let week = json!({ "week_on": week });
            let bulletin = town.office.post(&town.inside("bulletins"), week).await.must(StatusCode::CREATED);
            let print = format!("bulletins/{}/documents", text(&bulletin["id"]));
            words(&town.made(&town.office, &print, json!({ "form": "docx" })).await.1)
        };
        let duties = town.office.get(&town.inside("duties?target=true")).await.must(StatusCode::OK);
        let duty = &duties["items"][0];
        let figures = town.inside(&format!("duties/{}/figures", text(&duty["id"])));
        let target = text(&town.office.get(&figures).await.must(StatusCode::OK)["items"][0]["id"]);
        for (n, unit) in duty["units"].as_array().expect("units").iter().enumerate() {
            let name = text(&unit["name"]);
            let liaison = people.liaison(&server, &name, &format!("person{n}")).await;
            let tasks = people.tasks(&liaison, "").await;
            let task = tasks.into_iter().find(|task| task["duty"]["id"] == duty["id"]).expect("its task");
            let task = people.done(&liaison, &task, json!({ "deed": "accept" })).await;
            let figure =
                json!({ "target_id": target, "value": "95.5", "on": "2026-05-05", "source": "统计月报" });
            let path = town.inside(&format!("tasks/{}/figures", text(&task["id"])));
            liaison.post(&path, json!({ "figures": [figure] })).await.must(StatusCode::CREATED);
        }
        let before = made("2026-04-27").await;
        assert!(before.contains("本周没有新达到的指标"), "{before}");
        let week = made("2026-05-04").await;
        for part in ["五、指标达到", "满意度 ≥ 90%", "95.5%"] {
            assert!(week.contains(part), "{part} is not in {week}");
        }
        assert!(!week.contains("本周没有新达到的指标"));
    })
    .await;
}
