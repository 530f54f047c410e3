//! What units owe: done, believed or sent back, and hidden from everybody else.

use axum::http::{Method, StatusCode};
use chengjing_domain::{
    duty::task::Deed,
    id::{CampaignId, TaskId},
    people::Role,
};
use chengjing_service::task::act::Brought;
use serde_json::{Value, json};

use crate::{
    attachments::{jpeg, send},
    harness::{Answer, Caller, PASSWORD, Server, on_both, text},
    office::adopted,
    refusals::unit,
};

pub struct Town {
    pub office: Caller,
    pub campaign: String,
}

impl Town {
    pub async fn new(server: &Server) -> Self {
        let (office, campaign, _) = adopted(server).await;
        Self { office, campaign }
    }

    /// A liaison of that unit.
    pub async fn liaison(&self, server: &Server, of: &str, name: &str) -> Caller {
        let unit = unit(&self.office, &self.campaign, of).await;
        let grant = json!({ "role": Role::Liaison.code(), "campaign_id": self.campaign, "unit_id": unit });
        let new = json!({ "name": name, "display_name": name, "password": PASSWORD, "must_change_password": false, "grants": [grant] });
        self.office.post("/users", new).await.must(StatusCode::CREATED);
        server.log_in(name).await
    }

    pub fn inside(&self, rest: &str) -> String {
        format!("/campaigns/{}/{rest}", self.campaign)
    }

    pub async fn tasks(&self, caller: &Caller, query: &str) -> Vec<Value> {
        let list = caller.get(&self.inside(&format!("tasks{query}"))).await.must(StatusCode::OK);
        list["items"].as_array().expect("a list").clone()
    }

    /// The office's view of the task of that unit, in whose name a character is enough.
    pub async fn task_of(&self, name: &str) -> Value {
        let all = self.tasks(&self.office, "").await;
        all.into_iter().find(|task| text(&task["unit"]["name"]).contains(name)).expect("a task")
    }

    async fn act(&self, caller: &Caller, task: &Value, deed: Value) -> Answer {
        let path = self.inside(&format!("tasks/{}/deeds", text(&task["id"])));
        let seen = format!("\"v{}\"", task["version"]);
        caller.send(Method::POST, &path, Some(deed), &[("if-match", &seen)]).await
    }

    pub async fn done(&self, caller: &Caller, task: &Value, deed: Value) -> Value {
        self.act(caller, task, deed).await.must(StatusCode::OK)
    }
}

#[tokio::test]
async fn a_unit_accepts_reports_is_sent_back_reports_again_and_is_confirmed() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        let own = town.tasks(&school, "?turn=unit").await;
        assert_eq!(own.len(), 1);
        assert_eq!((&own[0]["state"], &own[0]["version"]), (&json!("assigned"), &json!(1)));
        assert!(own[0]["possible"].as_array().is_some_and(|all| all.contains(&json!("accept"))));

        let refused = town.act(&town.office, &own[0], json!({ "deed": "accept" })).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "the office does not accept in a unit's place");
        let accepted = town.done(&school, &own[0], json!({ "deed": "accept" })).await;
        let again = town.act(&school, &own[0], json!({ "deed": "accept" })).await;
        assert_eq!(again.status, StatusCode::PRECONDITION_FAILED, "a double click does nothing twice");
        let begun = town
            .done(&school, &accepted, json!({ "deed": "progress", "percent": 60, "note": "已清一半" }))
            .await;
        let reported = town.done(&school, &begun, json!({ "deed": "report", "note": "全部完成" })).await;
        assert_eq!((&reported["state"], &reported["percent"]), (&json!("reported"), &json!(100)));
        assert_eq!(
            town.act(&school, &reported, json!({ "deed": "confirm" })).await.status,
            StatusCode::FORBIDDEN
        );

        let queue = town.tasks(&town.office, "?turn=office").await;
        assert_eq!(queue.len(), 1);
        assert_eq!(queue[0]["words"], "全部完成");
        let wordless = town.act(&town.office, &queue[0], json!({ "deed": "send_back", "reason": " " })).await;
        assert_eq!(wordless.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"][0]["path"], "reason");
        let back =
            town.done(&town.office, &queue[0], json!({ "deed": "send_back", "reason": "照片看不清" })).await;
        assert_eq!((&back["state"], &back["percent"]), (&json!("sent_back"), &json!(60)));
        let mine = town.tasks(&school, "?turn=unit").await;
        assert_eq!(mine[0]["words"], "照片看不清", "the unit reads why it came back");
        let reported = town.done(&school, &mine[0], json!({ "deed": "report" })).await;
        let confirmed = town.done(&town.office, &reported, json!({ "deed": "confirm" })).await;
        assert_eq!(confirmed["standing"]["word"], "done");
        let deeds: Vec<String> =
            confirmed["steps"].as_array().expect("steps").iter().map(|step| text(&step["deed"])).collect();
        assert_eq!(deeds, ["accept", "progress", "report", "send_back", "report", "confirm"]);
        assert_eq!(confirmed["steps"][0]["by"]["name"], "liu");

        let ledger = town.office.get(&town.inside("ledger?limit=10")).await.must(StatusCode::OK);
        let acts: Vec<String> =
            ledger["items"].as_array().expect("entries").iter().map(|entry| text(&entry["action"])).collect();
        assert_eq!(&acts[..2], ["task.confirm", "task.report"], "the auditor follows it");
        let overview = town.office.get(&town.inside("tasks/overview")).await.must(StatusCode::OK);
        assert_eq!((&overview["whole"]["confirmed"], &overview["whole"]["total"]), (&json!(1), &json!(4)));
        let today = overview["days"].as_array().and_then(|days| days.last()).expect("today").clone();
        assert_eq!(
            (&today["reported"], &today["confirmed"], &today["sent_back"]),
            (&json!(2), &json!(1), &json!(1))
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_not_ours_reaches_its_right_owner_and_leaves_the_wrong_one() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        let east = town.liaison(&server, "东河镇", "sun").await;
        let east_unit = unit(&town.office, &town.campaign, "东河镇").await;
        let own = town.tasks(&school, "").await.remove(0);
        let deed = json!({ "deed": "return_as_not_ours", "reason": "属地管理", "unit_id": east_unit });
        let returned = town.done(&school, &own, deed).await;
        assert_eq!(returned["proposed"]["name"], "东河镇");
        assert_eq!(town.tasks(&town.office, "?turn=office").await.len(), 1);
        let nowhere = json!({ "deed": "reassign", "unit_id": "00000000-0000-7000-8000-000000000000", "reason": "属地" });
        assert_eq!(town.act(&town.office, &returned, nowhere).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let deed = json!({ "deed": "reassign", "unit_id": east_unit, "reason": "属地管理" });
        let gone = town.done(&town.office, &returned, deed).await;
        assert_eq!(gone["state"], "withdrawn");

        assert_eq!(town.tasks(&school, "").await, Vec::<Value>::new());
        let hidden = school.get(&town.inside(&format!("duties/{}", text(&own["duty"]["id"])))).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND, "it owes the duty no more");
        let theirs = town.tasks(&east, "").await;
        let taken = theirs.iter().find(|task| task["duty"]["id"] == own["duty"]["id"]).expect("the duty is theirs");
        town.done(&east, taken, json!({ "deed": "accept" })).await;
        let duty = town.office.get(&town.inside(&format!("duties/{}", text(&own["duty"]["id"])))).await;
        assert_eq!(duty.must(StatusCode::OK)["units"][0]["name"], "东河镇");
    })
    .await;
}

#[tokio::test]
async fn another_unit_neither_sees_nor_touches_a_task_and_cannot_tell_that_it_exists() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let east = town.liaison(&server, "东河镇", "sun").await;
        let beside = town.task_of("西河镇").await;
        let foreign = town.task_of("教育局").await;
        assert_eq!(town.tasks(&east, "").await.len(), 1, "only its own, though another town has the same duty");
        let all = east.get(&town.inside(&format!("duties/{}/tasks", text(&beside["duty"]["id"])))).await;
        let all = all.must(StatusCode::OK);
        assert_eq!((all["items"].as_array().map(Vec::len), &all["whole"]), (Some(1), &Value::Null));
        let mut missing = beside.clone();
        missing["id"] = json!("00000000-0000-7000-8000-000000000000");
        let absent = town.act(&east, &missing, json!({ "deed": "accept" })).await;
        for task in [&beside, &foreign] {
            let touched = town.act(&east, task, json!({ "deed": "accept" })).await;
            assert_eq!((touched.status, &touched.body), (StatusCode::NOT_FOUND, &absent.body));
            let seen = east.get(&town.inside(&format!("tasks/{}", text(&task["id"])))).await;
            assert_eq!((seen.status, &seen.body), (StatusCode::NOT_FOUND, &absent.body));
            let of = town.inside(&format!("tasks?unit={}", text(&task["unit"]["id"])));
            assert_eq!(east.get(&of).await.must(StatusCode::OK)["items"], json!([]));
        }
        assert_eq!(east.get(&town.inside("tasks/overview")).await.status, StatusCode::FORBIDDEN);

        let asked = json!({ "deed": "ask_help", "unit_id": unit(&town.office, &town.campaign, "东河镇").await, "text": "请协调场地" });
        let school = town.liaison(&server, "县教育局", "liu").await;
        town.done(&school, &foreign, asked).await;
        let asks = town.tasks(&east, "?turn=helper").await;
        assert_eq!(asks.len(), 1, "whoever is asked for help sees what it is about");
        let answered = town.done(&east, &asks[0], json!({ "deed": "answer_help", "text": "可用镇文化站" })).await;
        assert_eq!(answered["help"], Value::Null);
        let seen = east.get(&town.inside(&format!("tasks/{}", text(&foreign["id"])))).await;
        assert_eq!(seen.status, StatusCode::NOT_FOUND, "and no longer than that");
    })
    .await;
}

#[tokio::test]
async fn more_time_is_asked_for_granted_and_holds_when_the_duty_moves() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let east = town.liaison(&server, "东河镇", "sun").await;
        let own = town.tasks(&east, "").await.remove(0);
        assert_eq!(own["due_on"], "2026-06-30");
        let early = json!({ "deed": "ask_extension", "until": "2026-06-01", "reason": "汛期" });
        let early = town.act(&east, &own, early).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(early["faults"][0]["path"], "until");
        let asked = json!({ "deed": "ask_extension", "until": "2026-07-20", "reason": "汛期" });
        let asked = town.done(&east, &own, asked).await;
        assert_eq!(town.tasks(&town.office, "?turn=office").await[0]["extension"]["reason"], "汛期");
        let granted = town.done(&town.office, &asked, json!({ "deed": "grant_extension" })).await;
        assert_eq!((&granted["due_on"], &granted["extended"]), (&json!("2026-07-20"), &json!(true)));

        let duty = town.inside(&format!("duties/{}", text(&own["duty"]["id"])));
        let moved = Some(json!({ "due": "2026-07-10" }));
        town.office.send(Method::PATCH, &duty, moved, &[("if-match", "\"v1\"")]).await.must(StatusCode::OK);
        let all = town.office.get(&format!("{duty}/tasks")).await.must(StatusCode::OK);
        let days: Vec<&Value> =
            all["items"].as_array().expect("tasks").iter().map(|task| &task["due_on"]).collect();
        assert_eq!(days, ["2026-07-10", "2026-07-20", "2026-07-10"]);
        assert_eq!(all["whole"]["state"], "not_begun");
    })
    .await;
}

#[tokio::test]
async fn a_withdrawn_duty_takes_its_tasks_along_and_brings_them_back_as_they_were() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let east = town.liaison(&server, "东河镇", "sun").await;
        let own = town.tasks(&east, "").await.remove(0);
        town.done(&east, &own, json!({ "deed": "progress", "percent": 40 })).await;
        let duty = town.inside(&format!("duties/{}", text(&own["duty"]["id"])));
        let reason = json!({ "reason": "上级已取消该项" });
        town.office.post(&format!("{duty}/withdrawal"), reason).await.must(StatusCode::OK);
        assert_eq!(town.tasks(&east, "").await, Vec::<Value>::new());
        let gone = east.get(&town.inside(&format!("tasks/{}", text(&own["id"])))).await.must(StatusCode::OK);
        assert_eq!((&gone["state"], &gone["words"]), (&json!("withdrawn"), &json!("上级已取消该项")));
        town.office.delete(&format!("{duty}/withdrawal")).await.must(StatusCode::OK);
        let back = town.tasks(&east, "").await;
        assert_eq!((&back[0]["state"], &back[0]["percent"]), (&json!("in_progress"), &json!(40)));
        assert_eq!(town.tasks(&town.office, "").await.len(), 4);
        let faults = chengjing_store::ledger::verify(&server.app.store).await.expect("verified");
        assert_eq!(faults, Vec::new());
    })
    .await;
}

#[tokio::test]
async fn what_the_office_took_back_from_a_unit_stays_so_while_its_duty_changes_and_the_books_hold() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let east = town.liaison(&server, "东河镇", "sun").await;
        let own = town.tasks(&east, "").await.remove(0);
        let begun = town.done(&east, &own, json!({ "deed": "accept" })).await;
        // No operation does that to a single task; the use case can, and does in the demo's half year.
        let office = town.office.in_service().await;
        let taken_back = chengjing_service::task::act::act(
            &server.app,
            &office,
            CampaignId(town.campaign.parse().expect("an id")),
            TaskId(text(&own["id"]).parse().expect("an id")),
            begun["version"].as_i64().expect("a version"),
            (Deed::Withdraw { reason: "由县里统筹".to_owned() }, Brought::default()),
        );
        taken_back.await.expect("the office may");
        let holds = || async {
            let faults = chengjing_store::ledger::verify(&server.app.store).await.expect("verified");
            assert_eq!(faults, Vec::new());
        };
        holds().await;
        let duty = town.inside(&format!("duties/{}", text(&own["duty"]["id"])));
        let seen = town.office.get(&duty).await.must(StatusCode::OK);
        let units = |roles: &[(&Value, &str)]| -> Value {
            roles.iter().map(|(unit, role)| json!({ "id": unit, "role": role })).collect()
        };
        let here =
            seen["units"].as_array().and_then(|units| units.iter().find(|unit| unit["name"] == "东河镇"));
        let here = here.expect("it stands in its duty")["id"].clone();
        let school = json!(unit(&town.office, &town.campaign, "县教育局").await);
        let mut version = seen["version"].as_i64().expect("a version");
        for (now, tasks) in [
            // Another part, another unit beside it, another day: its task stays taken back.
            (json!({ "units": units(&[(&here, "lead")]) }), 0),
            (json!({ "units": units(&[(&here, "lead"), (&school, "support")]) }), 0),
            (json!({ "due": "2026-11-30" }), 0),
            // Taken off and named again it owes again, with what was done.
            (json!({ "units": units(&[(&school, "support")]) }), 0),
            (json!({ "units": units(&[(&school, "support"), (&here, "lead")]) }), 1),
        ] {
            let seen = format!("\"v{version}\"");
            let changed = town
                .office
                .send(Method::PATCH, &duty, Some(now.clone()), &[("if-match", &seen)])
                .await
                .must(StatusCode::OK);
            version = changed["version"].as_i64().expect("a version");
            let of_duty = town.tasks(&east, "").await;
            let of_duty = of_duty.iter().filter(|task| task["duty"]["id"] == own["duty"]["id"]);
            assert_eq!(
                of_duty.map(|task| &task["state"]).collect::<Vec<_>>(),
                vec!["accepted"; tasks],
                "{now}"
            );
            holds().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_recurring_duty_gives_dated_tasks_and_one_that_nobody_reported_stays_missed() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        let unit = unit(&town.office, &town.campaign, "县教育局").await;
        let weekly = json!({ "title": "巡查校园周边", "text": "每周巡查一次。", "recurrence": "weekly",
            "units": [{ "id": unit, "role": "responsible" }] });
        town.office.post(&town.inside("duties"), weekly).await.must(StatusCode::CREATED);
        // The job that the write ordered.
        let mut dated = Vec::new();
        for _ in 0..500 {
            dated = town.tasks(&school, "").await;
            dated.retain(|task| !task["occurrence"].is_null());
            if !dated.is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let dates = |tasks: &[Value]| -> Vec<String> {
            tasks
                .iter()
                .map(|task| format!("{} {}", text(&task["occurrence"]), text(&task["state"])))
                .collect()
        };
        assert_eq!(dates(&dated), ["2026-05-08 assigned"], "one ahead");
        town.done(&school, &dated[0], json!({ "deed": "accept" })).await;

        let mut later = server.app.clone();
        let now = later.now() + chrono::TimeDelta::days(10);
        later.clock = std::sync::Arc::new(move || now);
        let campaign = town.campaign.parse().expect("an id");
        let twice = || async {
            let missed = chengjing_service::task::dates::miss(&later, campaign).await.expect("missed");
            (missed, chengjing_service::task::dates::make(&later, campaign).await.expect("made"))
        };
        assert_eq!(twice().await, (1, 2), "the date that is over, then the one since and the next");
        assert_eq!(twice().await, (1, 0), "what had passed when it was made is missed with the next look");
        assert_eq!(twice().await, (0, 0));
        let mut all = town.tasks(&school, "").await;
        all.retain(|task| !task["occurrence"].is_null());
        assert_eq!(dates(&all), ["2026-05-08 missed", "2026-05-15 missed", "2026-05-22 assigned"]);
        let refused = town.act(&school, &all[0], json!({ "deed": "report" })).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{:?}", refused.body);

        // Taken off the duty, the unit owes its dates no more; what was missed stays missed.
        let duty = town.inside(&format!("duties/{}", text(&all[0]["duty"]["id"])));
        let nobody = Some(json!({ "units": [] }));
        town.office.send(Method::PATCH, &duty, nobody, &[("if-match", "\"v1\"")]).await.must(StatusCode::OK);
        let left = town.office.get(&format!("{duty}/tasks")).await.must(StatusCode::OK);
        assert_eq!(
            dates(left["items"].as_array().expect("tasks")),
            ["2026-05-08 missed", "2026-05-15 missed"]
        );
        assert_eq!(chengjing_store::ledger::verify(&server.app.store).await.expect("verified"), Vec::new());
    })
    .await;
}

#[tokio::test]
async fn merged_units_owe_what_both_owed_and_go_on_where_one_of_them_was() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let east = town.liaison(&server, "东河镇", "sun").await;
        let own = town.tasks(&east, "").await.remove(0);
        town.done(&east, &own, json!({ "deed": "progress", "percent": 40 })).await;
        let (from, into) = (
            unit(&town.office, &town.campaign, "东河镇").await,
            unit(&town.office, &town.campaign, "西河镇").await,
        );
        let merge = town.inside(&format!("units/{from}/merge"));
        town.office.post(&merge, json!({ "into": into })).await.must(StatusCode::OK);
        let merged = town.task_of("西河镇").await;
        assert_eq!(town.tasks(&east, "").await.len(), 1, "its people came along");
        assert_eq!((&merged["id"], &merged["percent"]), (&own["id"], &json!(40)));
        let all = town.office.get(&town.inside(&format!("duties/{}/tasks", text(&own["duty"]["id"])))).await;
        assert_eq!(all.must(StatusCode::OK)["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(chengjing_store::ledger::verify(&server.app.store).await.expect("verified"), Vec::new());
    })
    .await;
}

#[tokio::test]
async fn a_photograph_comes_with_a_report_and_a_unit_beside_it_does_not_see_it() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let east = town.liaison(&server, "东河镇", "sun").await;
        let west = town.liaison(&server, "西河镇", "li").await;
        let own = town.tasks(&east, "").await.remove(0);
        let photo = text(&send(&east, &town.campaign, "整治后.jpg", &jpeg()).await["id"]);
        let strange = json!({ "deed": "report", "attachment_ids": ["00000000-0000-7000-8000-000000000000"] });
        let refused = town.act(&east, &own, strange).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused["faults"][0]["path"], "attachments[0]");
        let stolen = town.tasks(&west, "").await.remove(0);
        let theft = json!({ "deed": "report", "attachment_ids": [photo] });
        assert_eq!(town.act(&west, &stolen, theft.clone()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let reported = town.done(&east, &own, theft).await;
        assert_eq!(reported["attachments"][0]["name"], "整治后.jpg");

        // It stands with the report that it came with, and what comes with the next one stands with that.
        let sent_back = json!({ "deed": "send_back", "reason": "看不清" });
        let back = town.done(&town.office, &reported, sent_back).await;
        let clearer = text(&send(&east, &town.campaign, "近景.jpg", &jpeg()).await["id"]);
        let again = json!({ "deed": "report", "attachment_ids": [clearer, clearer, photo] });
        let again = town.done(&east, &back, again).await;
        let steps = again["steps"].as_array().expect("steps");
        let files: Vec<(String, &Value)> =
            steps.iter().map(|step| (text(&step["deed"]), &step["attachment_ids"])).collect();
        let expected = [
            ("report".to_owned(), &json!([photo])),
            ("send_back".to_owned(), &json!([])),
            ("report".to_owned(), &json!([clearer, photo])),
        ];
        assert_eq!(files, expected, "each once, in its order, and a file that is shown again too");
        assert_eq!(again["attachments"].as_array().map(Vec::len), Some(2));

        let seen = town.office.get(&town.inside(&format!("tasks/{}", text(&own["id"])))).await;
        assert_eq!(seen.must(StatusCode::OK)["attachments"].as_array().map(Vec::len), Some(2));
        let file = town.inside(&format!("attachments/{photo}/content"));
        assert_eq!(town.office.get(&file).await.status, StatusCode::OK);
        assert_eq!(
            west.get(&file).await.status,
            StatusCode::NOT_FOUND,
            "the same duty, and another unit's proof"
        );
        assert_eq!(chengjing_store::ledger::verify(&server.app.store).await.expect("verified"), Vec::new());
    })
    .await;
}

#[tokio::test]
async fn a_unit_that_was_taken_off_goes_on_where_it_was_when_the_task_comes_back_to_it() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let east = town.liaison(&server, "东河镇", "sun").await;
        let own = town.tasks(&east, "").await.remove(0);
        town.done(&east, &own, json!({ "deed": "progress", "percent": 40 })).await;
        let duty = town.inside(&format!("duties/{}", text(&own["duty"]["id"])));
        let west = unit(&town.office, &town.campaign, "西河镇").await;
        let only = Some(json!({ "units": [{ "id": west, "role": "responsible" }] }));
        town.office.send(Method::PATCH, &duty, only, &[("if-match", "\"v1\"")]).await.must(StatusCode::OK);
        let theirs = town.task_of("西河镇").await;
        let back = unit(&town.office, &town.campaign, "东河镇").await;
        let deed = json!({ "deed": "reassign", "unit_id": back, "reason": "属地管理" });
        town.done(&town.office, &theirs, deed).await;
        let again = town.tasks(&east, "").await;
        assert_eq!((&again[0]["id"], &again[0]["percent"]), (&own["id"], &json!(40)));
        assert_eq!(chengjing_store::ledger::verify(&server.app.store).await.expect("verified"), Vec::new());
    })
    .await;
}

#[tokio::test]
async fn a_target_is_reached_by_the_figures_that_were_filed_and_unknown_without_any() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let city = town.liaison(&server, "县城管局", "liu").await;
        let east = town.liaison(&server, "东河镇", "sun").await;
        let own = town.tasks(&city, "").await.remove(0);
        let duty = text(&own["duty"]["id"]);
        let figures = town.inside(&format!("duties/{duty}/figures"));
        let seen = town.office.get(&figures).await.must(StatusCode::OK)["items"][0].clone();
        assert_eq!((&seen["reached"], &seen["value"]), (&json!("unknown"), &json!(90)));
        let target = text(&seen["id"]);
        let figure = |value: &str, on: &str| json!({ "target_id": target, "value": value, "on": on, "source": "统计月报" });

        let path = town.inside(&format!("tasks/{}/figures", text(&own["id"])));
        let early = city.post(&path, json!({ "figures": [figure("80", "2026-01-05")] })).await;
        assert_eq!(early.status, StatusCode::CONFLICT, "who has not accepted it files nothing");
        let own = town.done(&city, &own, json!({ "deed": "accept" })).await;
        let wrong = json!({ "figures": [
            { "target_id": target, "value": "1", "on": "2999-01-01", "source": " " },
            { "target_id": "00000000-0000-7000-8000-000000000000", "value": "1", "on": "2026-01-05", "source": "x" },
        ] });
        let faults = city.post(&path, wrong).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        let mut places: Vec<String> =
            faults["faults"].as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect();
        places.sort();
        assert_eq!(places, ["figures[0].on", "figures[0].source", "figures[1].target_id"], "all at once");
        let float = json!({ "figures": [{ "target_id": target, "value": 80.1, "on": "2026-01-05", "source": "x" }] });
        assert_eq!(city.post(&path, float).await.status, StatusCode::UNPROCESSABLE_ENTITY);

        // With the progress that it belongs to, in one write.
        let deed = json!({ "deed": "progress", "percent": 60, "figures": [figure("80.50", "2026-01-05")] });
        let begun = town.done(&city, &own, deed).await;
        assert_eq!(begun["figures"][0]["value"], "80.50", "to the last digit");
        let entries = town.office.get(&town.inside("ledger?limit=2")).await.must(StatusCode::OK);
        let kinds = |n: usize| (text(&entries["items"][n]["subject_kind"]), text(&entries["items"][n]["action"]));
        assert_eq!(kinds(0), ("figure".into(), "task.progress".into()));
        assert_eq!(kinds(1), ("task".into(), "task.progress".into()));
        let told = &entries["items"][1]["details"]["figures"][0];
        assert_eq!((&told["value"], &told["target"]), (&json!("80.50"), &json!("满意度")), "the auditor reads it");
        let later = city.post(&path, json!({ "figures": [figure("91", "2026-02-05")] })).await;
        let later = later.must(StatusCode::CREATED)["figures"][0].clone();
        let seen = |items: &Value| {
            let unit = |unit: &Value| (text(&unit["unit"]["name"]), unit["reached"].clone(), unit["points"].clone());
            items["items"][0]["units"].as_array().expect("units").iter().map(unit).collect::<Vec<_>>()
        };
        let path_of_all = town.inside("targets");
        let list = town.office.get(&path_of_all).await.must(StatusCode::OK);
        let line = list["items"].as_array().expect("a list").iter().find(|line| line["id"] == target.as_str());
        let line = line.expect("the target");
        assert_eq!(line["latest"], Value::Null, "of those that keep it unknown nothing was measured");
        let whole = town.office.get(&figures).await.must(StatusCode::OK)["items"][0]["reached"].clone();
        assert_eq!((&line["reached"], &line["duty"]["id"]), (&whole, &json!(duty)));
        assert_eq!(city.get(&path_of_all).await.status, StatusCode::FORBIDDEN, "a liaison has no whole campaign");
        let all = town.office.get(&figures).await.must(StatusCode::OK);
        let points = json!([{ "on": "2026-01-05", "value": "80.50" }, { "on": "2026-02-05", "value": "91" }]);
        let of_city = seen(&all).into_iter().find(|(unit, ..)| unit == "县城管局").expect("its figures");
        assert_eq!((of_city.1, of_city.2), (json!("yes"), points));

        // What was wrong stays to be seen beside what took its place, and has one successor.
        let mut right = figure("89.9", "2026-02-05");
        right["corrects"] = later["id"].clone();
        let story = town.office.post(&path, json!({ "figures": [right.clone()] })).await.must(StatusCode::CREATED);
        assert_eq!(story["figures"][1]["superseded_by"], story["figures"][0]["id"]);
        let twice = city.post(&path, json!({ "figures": [right] })).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(twice["faults"][0]["path"], "figures[0].corrects");
        let all = town.office.get(&figures).await.must(StatusCode::OK);
        assert!(seen(&all).iter().any(|(unit, reached, _)| unit == "县城管局" && *reached == json!("no")));

        // A unit beside it on the same duty sees its own and no other's, and can't file for it.
        let theirs = east.get(&figures).await.must(StatusCode::OK);
        let names: Vec<String> = seen(&theirs).into_iter().map(|(unit, ..)| unit).collect();
        assert_eq!((names, &theirs["items"][0]["reached"]), (vec!["东河镇".to_owned()], &Value::Null));
        let foreign = east.post(&path, json!({ "figures": [figure("99", "2026-02-06")] })).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    })
    .await;
}
