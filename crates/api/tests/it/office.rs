use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    harness::{Caller, Server, on_both, text},
    refusals::unit,
};

const PLAN: &str = "云溪县环境整治方案\n一、重点任务\n1.清理背街小巷,6月底前完成,满意度达90%以上。\n责任单位:县城管局、各乡镇\n\
    2.整治校园周边摊点。\n责任单位:县教育局\n";

/// A campaign with two towns, for the administrator who made it.
pub async fn campaign(administrator: &Caller) -> String {
    let new = json!({ "name": "云溪县创建文明城市", "place": "云溪县", "kind": "文明城市", "year": 2026 });
    let campaign = text(&administrator.post("/campaigns", new).await.must(StatusCode::CREATED)["id"]);
    for name in ["东河镇", "西河镇"] {
        let unit = json!({ "name": name, "kind": "street" });
        administrator.post(&format!("/campaigns/{campaign}/units"), unit).await.must(StatusCode::CREATED);
    }
    campaign
}

/// Uploads the plan and waits until it is read.
pub async fn import(caller: &Caller, campaign: &str, plan: &str, replaces: Option<&str>) -> (String, Value) {
    let replaces = replaces.map(|id| format!("&replaces={id}")).unwrap_or_default();
    let path = format!("/campaigns/{campaign}/plans?name=plan.txt{replaces}");
    let plan = text(&caller.upload(&path, plan.into()).await.must(StatusCode::ACCEPTED)["plan"]["id"]);
    for _ in 0..500 {
        let body = caller.get(&format!("/campaigns/{campaign}/plans/{plan}")).await.must(StatusCode::OK);
        if body["state"] != "reading" {
            return (plan, body);
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the plan was not read");
}

/// Takes every proposal as it is.
async fn decisions(caller: &Caller, campaign: &str, plan: &str) -> Value {
    let proposals =
        caller.get(&format!("/campaigns/{campaign}/plans/{plan}/units")).await.must(StatusCode::OK)["items"]
            .clone();
    let units: Vec<Value> = proposals
        .as_array()
        .expect("a list")
        .iter()
        .map(|proposal| {
            let members: Vec<&Value> =
                proposal["members"].as_array().expect("a list").iter().map(|unit| &unit["id"]).collect();
            let new = json!({ "name": proposal["name"], "kind": proposal["kind"], "member_ids": members });
            json!({ "name": proposal["name"], "as": { "new": new } })
        })
        .collect();
    json!({ "duties": null, "phases": true, "units": units })
}

/// A campaign with an adopted plan.
pub async fn adopted(server: &Server) -> (Caller, String, String) {
    let administrator = server.administrator().await;
    let campaign = campaign(&administrator).await;
    let (plan, body) = import(&administrator, &campaign, PLAN, None).await;
    assert_eq!(body["state"], "draft", "{body}");
    let decisions = decisions(&administrator, &campaign, &plan).await;
    let path = format!("/campaigns/{campaign}/plans/{plan}/adoption");
    let etag = format!("\"v{}\"", body["version"]);
    let answer = administrator.send(Method::POST, &path, Some(decisions), &[("if-match", &etag)]).await;
    assert_eq!(answer.must(StatusCode::OK)["duties_added"], 2);
    (administrator, campaign, plan)
}

#[tokio::test]
async fn a_plan_becomes_duties_that_are_found_edited_printed_and_taken_back() {
    on_both(|server| async move {
        let (office, campaign, plan) = adopted(&server).await;
        let inside = |rest: &str| format!("/campaigns/{campaign}/{rest}");
        let list = office.get(&inside("duties?q=%E5%B0%8F%E5%B7%B7")).await.must(StatusCode::OK);
        let duty = &list["items"][0];
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "found by two characters");
        assert_eq!(duty["due_on"], "2026-06-30");
        let names: Vec<String> =
            duty["units"].as_array().expect("units").iter().map(|u| text(&u["name"])).collect();
        assert_eq!(names, ["县城管局", "东河镇", "西河镇"], "the group makes way for its members");
        assert_eq!(duty["targets"][0]["value"], 90);

        let one = inside(&format!("duties/{}", text(&duty["id"])));
        let source = office.get(&format!("{one}/source")).await.must(StatusCode::OK);
        assert!(text(&source["text"]).contains("背街小巷"));
        let overview = office.get(&inside("overview")).await.must(StatusCode::OK);
        assert_eq!((&overview["total"], &overview["undated"]), (&json!(2), &json!(1)));
        let shared = json!({ "lead": 0, "responsible": 1, "support": 0, "total": 1 });
        assert_eq!(overview["by_unit"].as_array().map(Vec::len), Some(4));
        assert!(overview["by_unit"].as_array().expect("units").iter().all(|unit| unit["duties"] == shared));
        assert_eq!(overview["by_phase"], json!([{ "phase": null, "count": 2 }]));
        let towns = office.get(&inside("units?q=%E4%B8%9C%E6%B2%B3")).await.must(StatusCode::OK);
        assert_eq!(towns["items"][0]["duties"], shared);
        let plans = office.get(&inside("plans")).await.must(StatusCode::OK);
        assert_eq!(plans["items"][0]["created_by"]["display_name"], "贺明远");
        assert_eq!(plans["items"][0]["duties"], 2);
        assert!(plans["items"][0]["placed"].as_f64().is_some_and(|share| share > 0.5 && share <= 1.0));
        assert_eq!(duty["path"], json!(["一"]));

        // Taken back while nobody has touched a duty; refused afterwards.
        let adoption = inside(&format!("plans/{plan}/adoption"));
        let draft = office.delete(&adoption).await.must(StatusCode::OK);
        assert_eq!(draft["state"], "draft");
        assert_eq!(office.get(&inside("duties")).await.must(StatusCode::OK)["items"], json!([]));
        assert_eq!(
            office.get(&inside("phases")).await.must(StatusCode::OK)["items"],
            json!([]),
            "its phases go with it"
        );
        let again = json!({ "phases": false, "units": [] });
        let etag = format!("\"v{}\"", draft["version"]);
        office.send(Method::POST, &adoption, Some(again), &[("if-match", &etag)]).await.must(StatusCode::OK);
        let duty = office.get(&inside("duties")).await.must(StatusCode::OK)["items"][0].clone();
        let one = inside(&format!("duties/{}", text(&duty["id"])));
        let change = Some(json!({ "due": "2026-07-15" }));
        let edited = office.send(Method::PATCH, &one, change.clone(), &[("if-match", "\"v1\"")]).await;
        assert_eq!(edited.must(StatusCode::OK)["due_on"], "2026-07-15");
        let stale = office.send(Method::PATCH, &one, change.clone(), &[("if-match", "\"v1\"")]).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(
            office.send(Method::PATCH, &one, change, &[]).await.status,
            StatusCode::PRECONDITION_REQUIRED
        );
        assert_eq!(office.delete(&adoption).await.status, StatusCode::CONFLICT);

        let history = office.get(&inside(&format!("ledger?subject=duty:{}", text(&duty["id"])))).await;
        let actions = history.must(StatusCode::OK)["items"].clone();
        assert_eq!(
            (&actions[0]["action"], &actions[0]["subject_title"]),
            (&json!("duty.edit"), &duty["title"])
        );
        let told =
            json!({ "fields": ["due"], "before": { "due": "XXXX-06" }, "after": { "due": "2026-07-15" } });
        assert_eq!(actions[0]["details"], told);
        chengjing_store::ledger::seal(&server.app.store).await.expect("sealed");
        let sealed = office.get(&inside("ledger?limit=1")).await.must(StatusCode::OK);
        assert!(sealed["items"][0]["block"].as_u64().is_some(), "{sealed}");
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

/// The same plan, a month later: one duty reworded, one gone, one new.
const NEWER: &str = "云溪县环境整治方案\n一、重点任务\n1.清理背街小巷,9月底前完成,满意度达95%以上。\n责任单位:县城管局、各乡镇\n\
    2.新建公共厕所6座。\n责任单位:县住建局\n";

/// Adopts a newer version in place of the plan, withdrawing what is gone.
pub async fn adopt_newer(office: &Caller, campaign: &str, plan: &str) -> (String, Value) {
    let (newer, body) = import(office, campaign, NEWER, Some(plan)).await;
    let path = format!("/campaigns/{campaign}/plans/{newer}");
    let changes = office.get(&format!("{path}/comparison")).await.must(StatusCode::OK);
    let gone: Vec<&Value> = changes["items"]
        .as_array()
        .expect("changes")
        .iter()
        .filter(|change| change["change"] == "gone")
        .map(|change| &change["duty_id"])
        .collect();
    let mut decisions = decisions(office, campaign, &newer).await;
    decisions["gone"] = json!(gone);
    let etag = format!("\"v{}\"", body["version"]);
    let adopted =
        office.send(Method::POST, &format!("{path}/adoption"), Some(decisions), &[("if-match", &etag)]).await;
    (newer, adopted.must(StatusCode::OK))
}

/// The duties of a campaign as a person sees them, withdrawn ones too; versions only grow and are left out.
async fn duties(office: &Caller, campaign: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let list = office.get(&format!("/campaigns/{campaign}/duties")).await.must(StatusCode::OK);
    for row in list["items"].as_array().expect("a list") {
        let one = format!("/campaigns/{campaign}/duties/{}", text(&row["id"]));
        let mut duty = office.get(&one).await.must(StatusCode::OK);
        duty["version"] = Value::Null;
        all.push(duty);
    }
    all
}

#[tokio::test]
async fn a_newer_version_is_taken_back_and_everything_stands_as_before() {
    on_both(|server| async move {
        let (office, campaign, plan) = adopted(&server).await;
        let inside = |rest: &str| format!("/campaigns/{campaign}/{rest}");
        let before = duties(&office, &campaign).await;
        let (newer, done) = adopt_newer(&office, &campaign, &plan).await;
        let counts = ["duties_added", "duties_changed", "duties_withdrawn"].map(|key| done[key].clone());
        assert_eq!(counts, [1, 1, 1].map(Value::from), "{done}");
        assert_ne!(duties(&office, &campaign).await, before);
        let undoable = async |id: &str| {
            office.get(&inside(&format!("plans/{id}"))).await.must(StatusCode::OK)["undoable"].clone()
        };
        assert_eq!((undoable(&newer).await, undoable(&plan).await), (json!(true), json!(false)));
        let replaced = office.delete(&inside(&format!("plans/{plan}/adoption"))).await;
        assert_eq!(replaced.status, StatusCode::CONFLICT, "the older version waits for the newer one");

        let draft = office.delete(&inside(&format!("plans/{newer}/adoption"))).await.must(StatusCode::OK);
        assert_eq!((&draft["state"], &draft["undoable"]), (&json!("draft"), &json!(false)));
        assert_eq!(duties(&office, &campaign).await, before);
        let ledger =
            office.get(&inside(&format!("ledger?subject=plan_import:{newer}"))).await.must(StatusCode::OK);
        let told = json!({ "duties_restored": 2, "duties_removed": 1, "phases_removed": 0 });
        assert_eq!(
            (&ledger["items"][0]["action"], &ledger["items"][0]["details"]),
            (&json!("plan.undo_adoption"), &told)
        );
        assert_eq!(
            ledger["items"][1]["details"]["former"],
            Value::Null,
            "what the program keeps is not told"
        );
        let overview = office.get(&inside("overview")).await.must(StatusCode::OK);
        assert_eq!(overview["total"], 2);
        // The first version too: nobody has worked on its duties, only versions came and went.
        assert_eq!(undoable(&plan).await, json!(true));
        office.delete(&inside(&format!("plans/{plan}/adoption"))).await.must(StatusCode::OK);
        assert_eq!(duties(&office, &campaign).await, Vec::<Value>::new());
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_newer_version_leaves_alone_what_the_office_changed_and_a_third_one_finds_it_all() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let campaign = campaign(&office).await;
        let inside = |rest: &str| format!("/campaigns/{campaign}/{rest}");
        let (plan, body) = import(&office, &campaign, PLAN, None).await;
        let path = inside(&format!("plans/{plan}"));
        // Corrected before the plan is adopted: the stalls are another unit's.
        let mut plans = body["reading"]["plans"].clone();
        plans[0]["duties"][1]["units"] = json!([{ "name": "县公安局", "role": "responsible" }]);
        let etag = format!("\"v{}\"", body["version"]);
        let corrected = office
            .send(
                Method::PUT,
                &format!("{path}/reading"),
                Some(json!({ "plans": plans })),
                &[("if-match", &etag)],
            )
            .await;
        let etag = format!("\"v{}\"", corrected.must(StatusCode::OK)["version"]);
        let taken = Some(decisions(&office, &campaign, &plan).await);
        office
            .send(Method::POST, &format!("{path}/adoption"), taken, &[("if-match", &etag)])
            .await
            .must(StatusCode::OK);
        // Corrected after it: the lanes are to be done earlier.
        let lanes = duties(&office, &campaign).await.remove(0);
        let one = inside(&format!("duties/{}", text(&lanes["id"])));
        let change = Some(json!({ "due": "2026-06-15" }));
        office.send(Method::PATCH, &one, change, &[("if-match", "\"v1\"")]).await.must(StatusCode::OK);
        let before = duties(&office, &campaign).await;

        // A newer version that moves the lanes' date too, says the same of the stalls, and has one duty more.
        let text_of_newer = format!("{}3.新建公共厕所6座。\n责任单位:县住建局\n", PLAN.replace("6月", "9月"));
        let (newer, body) = import(&office, &campaign, &text_of_newer, Some(&plan)).await;
        let path = inside(&format!("plans/{newer}"));
        let changes = office.get(&format!("{path}/comparison")).await.must(StatusCode::OK)["items"].clone();
        let told = |index: usize| {
            let change = &changes[index];
            ["change", "contested", "kept", "suggested"].map(|key| change[key].clone())
        };
        // The text of the duty names its date as well, and that only the plan changed.
        assert_eq!(told(0), [json!("changed"), json!(["due"]), json!([]), json!(false)], "{changes}");
        assert_eq!(told(1), [json!("same"), json!([]), json!(["units"]), json!(true)], "{changes}");
        assert_eq!(told(2), [json!("added"), json!([]), json!([]), json!(true)], "{changes}");

        // What is suggested is followed, and nothing else.
        let mut taken = decisions(&office, &campaign, &newer).await;
        taken["duties"] = json!([{ "plan": 0, "index": 2 }]);
        let etag = format!("\"v{}\"", body["version"]);
        let adoption = format!("{path}/adoption");
        let done = office.send(Method::POST, &adoption, Some(taken), &[("if-match", &etag)]).await;
        let done = done.must(StatusCode::OK);
        let counts = ["duties_added", "duties_changed", "duties_withdrawn"].map(|key| done[key].clone());
        assert_eq!(counts, [1, 0, 0].map(Value::from), "{done}");
        let said =
            |duty: &Value| ["id", "title", "text", "units", "due_on", "targets"].map(|key| duty[key].clone());
        let after = duties(&office, &campaign).await;
        assert_eq!(
            before.iter().map(said).collect::<Vec<_>>(),
            after.iter().filter(|duty| duty["title"] != "新建公共厕所6座").map(said).collect::<Vec<_>>()
        );

        // A third version finds them all, and the words of today beside its own.
        let (third, _) = import(&office, &campaign, &text_of_newer, Some(&newer)).await;
        let path = inside(&format!("plans/{third}/comparison"));
        let changes = office.get(&path).await.must(StatusCode::OK)["items"].clone();
        let kept: Vec<Value> =
            changes.as_array().expect("changes").iter().map(|change| change["kept"].clone()).collect();
        assert!(
            changes.as_array().expect("changes").iter().all(|change| change["change"] == "same"),
            "{changes}"
        );
        assert_eq!(kept, [json!(["title", "text", "due"]), json!(["units"]), json!([])]);
        assert!(chengjing_store::ledger::verify(&server.app.store).await.expect("verifies").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_duty_that_one_version_dropped_and_the_office_kept_is_not_brought_twice_by_the_next() {
    on_both(|server| async move {
        let (office, campaign, plan) = adopted(&server).await;
        let before = duties(&office, &campaign).await;
        let (without, _) = PLAN.split_once("2.整治").expect("two duties");
        let (second, body) = import(&office, &campaign, without, Some(&plan)).await;
        let path = format!("/campaigns/{campaign}/plans/{second}/adoption");
        let etag = format!("\"v{}\"", body["version"]);
        let nothing = json!({ "duties": [], "phases": false, "units": [] });
        let done = office.send(Method::POST, &path, Some(nothing), &[("if-match", &etag)]).await;
        assert_eq!(done.must(StatusCode::OK)["duties_added"], 0);
        assert_eq!(duties(&office, &campaign).await, before, "what is not followed is not touched");
        let (third, _) = import(&office, &campaign, PLAN, Some(&second)).await;
        let path = format!("/campaigns/{campaign}/plans/{third}/comparison");
        let changes = office.get(&path).await.must(StatusCode::OK)["items"].clone();
        let told: Vec<&Value> =
            changes.as_array().expect("changes").iter().map(|change| &change["change"]).collect();
        assert_eq!(told, ["same", "same"], "{changes}");
    })
    .await;
}

#[tokio::test]
async fn a_newer_version_stays_once_somebody_has_touched_a_duty_that_it_changed() {
    on_both(|server| async move {
        let (office, campaign, plan) = adopted(&server).await;
        let (newer, _) = adopt_newer(&office, &campaign, &plan).await;
        let all = duties(&office, &campaign).await;
        let withdrawn = all.iter().find(|duty| duty["state"] == "withdrawn").expect("withdrawn");
        let path = format!("/campaigns/{campaign}/duties/{}/withdrawal", text(&withdrawn["id"]));
        office.delete(&path).await.must(StatusCode::OK);
        let plan = format!("/campaigns/{campaign}/plans/{newer}");
        assert_eq!(office.get(&plan).await.must(StatusCode::OK)["undoable"], json!(false));
        let refused = office.delete(&format!("{plan}/adoption")).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(duties(&office, &campaign).await.len() == 3, "nothing was taken back");
    })
    .await;
}

#[tokio::test]
async fn a_table_is_printed_by_a_job_for_whoever_ordered_it() {
    on_both(|server| async move {
        let (office, campaign, _) = adopted(&server).await;
        let new = json!({ "name": "second", "display_name": "second", "password": crate::harness::PASSWORD,
            "must_change_password": false,
            "grants": [{ "role": "office", "campaign_id": campaign }] });
        office.post("/users", new).await.must(StatusCode::CREATED);
        let other = server.log_in("second").await;
        for format in ["xlsx", "docx"] {
            let order = json!({ "format": format, "note": "关键词:小巷", "filter": { "q": "小巷" } });
            let path = format!("/campaigns/{campaign}/task-tables");
            let job = text(&office.post(&path, order).await.must(StatusCode::ACCEPTED)["job"]);
            let done = finished(&office, &job).await;
            assert_eq!((&done["state"], &done["result"]["duties"]), (&json!("done"), &json!(1)), "{done}");
            assert_eq!(done["message"]["en"], "Storing the file");
            assert_eq!(text(&done["result"]["name"]), format!("云溪县创建文明城市任务分解及进度表.{format}"));
            let file = office.get(&format!("/jobs/{job}/file")).await;
            assert_eq!(file.status, StatusCode::OK);
            assert!(text(&file.body).starts_with("PK"), "a packed document");
            for path in [format!("/jobs/{job}"), format!("/jobs/{job}/file")] {
                assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
            }
            let theirs = other.get(&format!("/campaigns/{campaign}/jobs")).await.must(StatusCode::OK);
            assert!(theirs["items"].as_array().expect("jobs").iter().all(|theirs| theirs["id"] != job));
        }
        let ledger = office.get(&format!("/campaigns/{campaign}/ledger?limit=1")).await.must(StatusCode::OK);
        assert_eq!(ledger["items"][0]["action"], "duty.export");
        assert_eq!(ledger["items"][0]["details"]["wanted"]["text"], "小巷");
    })
    .await;
}

async fn finished(caller: &Caller, job: &str) -> Value {
    for _ in 0..500 {
        let body = caller.get(&format!("/jobs/{job}")).await.must(StatusCode::OK);
        if !["queued", "running"].contains(&text(&body["state"]).as_str()) {
            return body;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the job did not end");
}

#[tokio::test]
async fn what_is_found_shows_where_the_words_stand() {
    on_both(|server| async move {
        let (office, campaign, _) = adopted(&server).await;
        let find = async |q: &str| {
            let path = format!("/campaigns/{campaign}/search?q={q}");
            office.get(&path).await.must(StatusCode::OK)["items"].as_array().expect("hits").clone()
        };
        let hit = find("%E6%BB%A1%E6%84%8F%E5%BA%A6").await.remove(0);
        let marks: Vec<[usize; 2]> = serde_json::from_value(hit["marks"].clone()).expect("marks");
        let cut = |[start, end]: [usize; 2]| {
            text(&hit["excerpt"]).chars().skip(start).take(end - start).collect::<String>()
        };
        assert_eq!(marks.into_iter().map(cut).collect::<Vec<_>>(), ["满意度"]);
        let first = text(&hit["title"]).chars().position(|c| c == '满');
        assert_eq!(hit["title_marks"][0][0], json!(first));
        let hit = find("%E5%B0%8F%E5%B7%B7").await.remove(0);
        assert_eq!(hit["title_marks"], json!([[4, 6]]), "{hit}");
        for (kind, wanted) in [("unit", false), ("duty", false), ("plan", true)] {
            let found = find(&format!("%E6%95%B4%E6%B2%BB%E6%96%B9%E6%A1%88&kind={kind}")).await;
            assert!(found.iter().all(|hit| hit["kind"] == kind), "{found:?}");
            assert!(!wanted || !found.is_empty(), "{kind}");
        }
        let plan = find("%E6%95%B4%E6%B2%BB%E6%96%B9%E6%A1%88").await.remove(0);
        assert_eq!(
            (&plan["kind"], &plan["excerpt"]),
            (&json!("plan"), &json!("云溪县环境整治方案")),
            "{plan}"
        );
    })
    .await;
}

#[tokio::test]
async fn the_same_post_under_the_same_key_does_its_work_once() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let campaign = campaign(&office).await;
        let path = format!("/campaigns/{campaign}/duties");
        let body = Some(json!({ "title": "清理河道" }));
        let key = [("idempotency-key", "one")];
        let (first, second) = tokio::join!(
            office.send(Method::POST, &path, body.clone(), &key),
            office.send(Method::POST, &path, body.clone(), &key)
        );
        assert!(first.replayed ^ second.replayed, "one of the two did the work");
        assert_eq!((first.status, first.body, first.etag), (second.status, second.body, second.etag));
        let list = office.get(&path).await.must(StatusCode::OK);
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        let other = office.send(Method::POST, &format!("/campaigns/{campaign}/units"), body, &key).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "the key belongs to another request");
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_body_is_told_at_once_with_its_place() {
    on_both(|server| async move {
        let office = server.administrator().await;
        let campaign = campaign(&office).await;
        let path = format!("/campaigns/{campaign}/duties");
        let body = json!({ "title": " ", "start": "2026-09", "due": "2026-06", "leads": ["", "王芳"] });
        let problem = office.post(&path, body).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        let places: Vec<String> =
            problem["faults"].as_array().expect("faults").iter().map(|f| text(&f["path"])).collect();
        assert_eq!(places, ["title", "leads[0]", "due"]);
        let large = vec![b'x'; (1 << 20) + 1];
        let refused = office.upload(&format!("/campaigns/{campaign}/plans?name=a.txt"), large).await;
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    })
    .await;
}

#[tokio::test]
async fn several_duties_are_assigned_in_one_act_or_not_at_all() {
    on_both(|server| async move {
        let (office, campaign, _) = adopted(&server).await;
        let inside = |rest: &str| format!("/campaigns/{campaign}/{rest}");
        let list = office.get(&inside("duties")).await.must(StatusCode::OK)["items"].clone();
        let duties = list.as_array().expect("duties");
        assert_eq!(duties.len(), 2);
        let school = unit(&office, &campaign, "县教育局").await;
        let seen = |n: usize| json!({ "id": duties[n]["id"], "version": duties[n]["version"] });
        let patch = |body: Value| {
            let (office, path) = (office.clone(), inside("duties"));
            async move { office.send(Method::PATCH, &path, Some(body), &[]).await }
        };
        let add = json!([{ "id": school, "role": "support" }]);

        // One of them was seen as it is no longer, another is not there: nothing happens, and both are named.
        let gone = json!({ "id": "00000000-0000-7000-8000-000000000000", "version": 1 });
        let stale = json!({ "id": duties[1]["id"], "version": 9 });
        let refused = patch(json!({ "duties": [seen(0), stale, gone], "add_units": add })).await;
        let refused = refused.must(StatusCode::UNPROCESSABLE_ENTITY);
        let places: Vec<String> =
            refused["faults"].as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect();
        assert_eq!(places, ["duties[1]", "duties[2]"]);
        assert_eq!(office.get(&inside("duties")).await.must(StatusCode::OK)["items"], list, "all or none");
        let empty = patch(json!({ "duties": [seen(0)] })).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing is asked for");

        let done = json!({ "duties": [seen(0), seen(1)], "add_units": add, "due": "2026-09-30" });
        assert_eq!(patch(done.clone()).await.must(StatusCode::OK), json!({ "changed": 2 }));
        let again = patch(done).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a double click does nothing twice");
        let now = office.get(&inside(&format!("duties?unit={school}"))).await.must(StatusCode::OK);
        let now = now["items"].as_array().expect("duties");
        assert_eq!(now.len(), 2);
        assert!(now.iter().all(|duty| duty["due_on"] == "2026-09-30"), "{now:?}");
        let tasks = office.get(&inside(&format!("tasks?unit={school}"))).await.must(StatusCode::OK);
        assert_eq!(tasks["items"].as_array().map(Vec::len), Some(2), "each has its task");

        // Taken off again, but for whom the change says nothing.
        let versions: Vec<Value> =
            now.iter().map(|duty| json!({ "id": duty["id"], "version": duty["version"] })).collect();
        let off = json!({ "duties": versions, "remove_units": [school] });
        assert_eq!(patch(off).await.must(StatusCode::OK), json!({ "changed": 2 }));
        let left = office.get(&inside(&format!("duties?unit={school}"))).await.must(StatusCode::OK);
        assert_eq!(left["items"], json!([]));
        let ledger = office.get(&inside("ledger?limit=2")).await.must(StatusCode::OK);
        assert_eq!(ledger["items"][0]["action"], "duty.edit", "each duty tells it");
    })
    .await;
}
