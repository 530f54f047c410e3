//! What people are told of tasks: by the ledger and by the calendar, each once, and only what they may see.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use chengjing_domain::people::Role;
use chengjing_service::{App, live, remind};
use chengjing_store::{Paging, ledger};
use chrono::TimeDelta;
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::{
    doubts::doubted,
    evidence::{Filed, accept, give_back},
    harness::{Caller, Server, on_both, text},
    refusals::person,
    tasks::Town,
};

/// Until all that was done until now stands in a block, whoever sealed it: the store's own task does so too.
pub async fn sealed(server: &Server) {
    let store = &server.app.store;
    loop {
        chengjing_store::ledger::seal(store).await.expect("sealed");
        let newest = store.read(|r| async move {
            ledger::list(&r, &ledger::LedgerFilter::default(), &Paging::first(1)).await
        });
        if newest.await.expect("asked").items.first().is_none_or(|newest| newest.block.is_some()) {
            return;
        }
        store.wait_for_block(std::time::Duration::from_millis(20)).await;
    }
}

/// Tells what was done until now.
pub async fn follow(server: &Server) -> usize {
    sealed(server).await;
    remind::follow::catch_up(&server.app).await.expect("told")
}

/// An open page.
struct Page(axum::body::BodyDataStream);

impl Page {
    async fn open(caller: &Caller, path: &str, headers: &[(&str, &str)]) -> Self {
        let answer = caller.open(path, headers).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let mut page = Self(answer.into_body().into_data_stream());
        assert!(page.hear().await.is_some_and(|hello| hello.contains("id: ")), "it says from where to go on");
        page
    }

    /// The next event, comments too; None: the server has ended the stream.
    async fn hear(&mut self) -> Option<String> {
        let next = tokio::time::timeout(std::time::Duration::from_secs(5), self.0.next()).await;
        let bytes = next.expect("within five seconds")?.expect("a piece");
        Some(String::from_utf8(bytes.to_vec()).expect("text"))
    }

    /// The next event of that name: its data.
    async fn must_hear(&mut self, name: &str) -> Value {
        let event = self.hear().await.expect("the stream goes on");
        assert!(event.contains(&format!("event: {name}\n")), "{event}");
        let data = event.lines().find_map(|line| line.strip_prefix("data: ")).expect("data");
        serde_json::from_str(data).expect("JSON")
    }
}

#[tokio::test]
async fn an_open_page_hears_what_its_person_may_see_and_ends_with_the_session() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        let east = town.liaison(&server, "东河镇", "sun").await;
        follow(&server).await;
        live::spread(&server.app).await.expect("spread");
        let mut page = Page::open(&school, "/events", &[]).await;
        let mut other = Page::open(&east, "/events", &[]).await;
        assert_eq!(page.must_hear("unread").await["unread"], 1);
        assert_eq!(other.must_hear("unread").await["unread"], 1);

        let own = town.tasks(&school, "").await.remove(0);
        let done = town.done(&school, &own, json!({ "deed": "report" })).await;
        let office = &town.office;
        town.done(office, &done, json!({ "deed": "send_back", "reason": "看不清" })).await;
        follow(&server).await;
        live::spread(&server.app).await.expect("spread");
        let changed = page.must_hear("changed").await;
        assert_eq!(changed["campaign"], json!(town.campaign));
        assert_eq!(changed["tasks"], json!([{ "id": own["id"], "version": 3 }]), "once, as it is now");
        assert_eq!(page.must_hear("unread").await["unread"], 2);

        // A page that comes back hears what it missed, also by the way that a browser takes by itself.
        let last = (server.app.store)
            .read(|r| async move { ledger::newest_block(&r).await })
            .await
            .expect("a block")
            .expect("a block")
            .height;
        let missed = (last - 1).to_string();
        for (path, headers) in [
            (format!("/events?after={missed}"), vec![]),
            ("/events".to_owned(), vec![("last-event-id", missed.as_str())]),
        ] {
            let mut again = Page::open(&school, &path, &headers).await;
            assert_eq!(again.must_hear("changed").await["tasks"][0]["id"], own["id"]);
        }
        for after in ["99999999", "-2", "-9223372036854775808", "9223372036854775807"] {
            let mut stranger = Page::open(&school, &format!("/events?after={after}"), &[]).await;
            assert_eq!(stranger.must_hear("anew").await, json!({}), "{after} is of another database");
        }

        // The town learned nothing of it; what comes next is its own.
        let theirs = town.tasks(&east, "").await.remove(0);
        town.done(&east, &theirs, json!({ "deed": "accept" })).await;
        follow(&server).await;
        live::spread(&server.app).await.expect("spread");
        assert_eq!(other.must_hear("changed").await["tasks"][0]["id"], theirs["id"]);

        // Who signs out, and whose server stops, hears no more.
        east.delete("/session").await.must(StatusCode::NO_CONTENT);
        let theirs = town.tasks(office, "").await.into_iter().find(|task| task["id"] == theirs["id"]);
        let unit = crate::refusals::unit(office, &town.campaign, "县教育局").await;
        let deed = json!({ "deed": "reassign", "unit_id": unit, "reason": "职责所在" });
        town.done(office, &theirs.expect("the task"), deed).await;
        follow(&server).await;
        live::spread(&server.app).await.expect("spread");
        assert_eq!(other.hear().await, None);
        server.app.live.end();
        while page.hear().await.is_some() {}
        assert_eq!(server.anybody().get("/events").await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn an_open_page_hears_of_materials_that_its_person_sees_and_of_doubts_only_where_they_look_into_them() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let (school, office) = (&filed.school, &filed.town.office);
        let other = filed.town.liaison(&server, "县城管局", "sun").await;
        let spread = async || {
            follow(&server).await;
            live::spread(&server.app).await.expect("spread");
        };
        spread().await;
        let mut own = Page::open(school, "/events", &[]).await;
        let mut desk = Page::open(office, "/events", &[]).await;
        let mut stranger = Page::open(&other, "/events", &[]).await;
        for page in [&mut own, &mut desk, &mut stranger] {
            page.must_hear("unread").await;
        }
        let set = async || filed.photo_set(&filed.photos(1).await, &[filed.of(0, "health")]);
        let one = filed.file(set().await).await.must(StatusCode::CREATED);
        spread().await;
        for page in [&mut own, &mut desk] {
            let changed = page.must_hear("changed").await;
            assert_eq!((&changed["evidence"], &changed["asked"]), (&json!([one["id"]]), &json!(false)));
        }

        // The same photograph once more: that it is doubtful is told to the office, of both materials.
        let two = filed.file(set().await).await.must(StatusCode::CREATED);
        doubted(&filed, office, &one, 1).await;
        spread().await;
        assert_eq!(desk.must_hear("changed").await["evidence"], json!([two["id"], one["id"]]));
        assert_eq!(own.must_hear("changed").await["evidence"], json!([two["id"]]), "that it was filed");

        filed
            .decide(office, &one, json!([give_back(&one["links"][0], "看不清人数")]))
            .await
            .must(StatusCode::OK);
        spread().await;
        assert_eq!(own.must_hear("changed").await["evidence"], json!([one["id"]]), "reviewed");
        own.must_hear("unread").await;
        desk.must_hear("changed").await;
        let remarks = format!("{}/remarks", filed.path(&one));
        office.post(&remarks, json!({ "text": "请补一张全景" })).await.must(StatusCode::CREATED);
        spread().await;
        assert_eq!(own.must_hear("changed").await["evidence"], json!([one["id"]]), "talked about");
        desk.must_hear("changed").await;

        // The other unit learned nothing of all that; what it is asked for is its own.
        let path = filed.town.inside(&format!("requirements/{}/health/units", filed.standards[0]));
        let unit = crate::refusals::unit(office, &filed.town.campaign, "县城管局").await;
        let asked = json!({ "unit_ids": [unit] });
        office.send(Method::PUT, &path, Some(asked), &[("if-match", "\"v0\"")]).await.must(StatusCode::OK);
        spread().await;
        for page in [&mut stranger, &mut desk] {
            let changed = page.must_hear("changed").await;
            assert_eq!((&changed["evidence"], &changed["asked"]), (&json!([]), &json!(true)));
        }
    })
    .await;
}

#[tokio::test]
async fn a_slow_page_holds_nobody_up_and_looks_anew() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        follow(&server).await;
        live::spread(&server.app).await.expect("spread");
        let mut slow = Page::open(&school, "/events", &[]).await;
        slow.must_hear("unread").await;
        let mut own = town.tasks(&school, "").await.remove(0);
        for percent in 1..=70 {
            own = town.done(&school, &own, json!({ "deed": "progress", "percent": percent })).await;
            sealed(&server).await;
            live::spread(&server.app).await.expect("spread at once, whoever reads");
        }
        assert_eq!(slow.must_hear("anew").await, json!({}));
        for _ in 0..live::MOST_STREAMS {
            drop(Page::open(&school, "/events", &[]).await);
        }
        let open = futures_util::future::join_all(
            (1..live::MOST_STREAMS).map(|_| Page::open(&school, "/events", &[])),
        );
        let open = open.await;
        assert_eq!(
            school.get("/events").await.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "one person, too many pages"
        );
        drop(open);
        Page::open(&school, "/events", &[]).await;
    })
    .await;
}

/// The program, so many days later.
fn later(server: &Server, days: i64) -> App {
    let mut app = server.app.clone();
    let now = app.now() + TimeDelta::days(days);
    app.clock = Arc::new(move || now);
    app
}

/// What somebody was told: its kind, what was done, and whose it is.
async fn told(caller: &Caller) -> Vec<String> {
    let list = caller.get("/notices?unread=true").await.must(StatusCode::OK);
    let line = |notice: &Value| {
        let deed = notice["deed"].as_str().unwrap_or("-");
        format!("{} {deed} {}", text(&notice["kind"]), text(&notice["unit"]["name"]))
    };
    list["items"].as_array().expect("a list").iter().map(line).collect()
}

async fn unread(caller: &Caller) -> Value {
    caller.get("/notices/count").await.must(StatusCode::OK)["unread"].clone()
}

async fn read_all(caller: &Caller) {
    let list = caller.get("/notices").await.must(StatusCode::OK);
    let until = &list["items"][0]["made_at"];
    let left = caller.post("/notices/read", json!({ "until": until })).await.must(StatusCode::OK);
    assert_eq!(left["unread"], 0);
}

#[tokio::test]
async fn whoever_is_next_is_told_once_and_whoever_acted_is_not() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        let east = town.liaison(&server, "东河镇", "sun").await;
        let office = person(&server, &town.office, Role::Office, &town.campaign, None).await;
        follow(&server).await;
        assert_eq!(told(&school).await, ["handed_over - 县教育局"], "the adoption gave it a task");
        read_all(&school).await;

        let own = town.tasks(&school, "").await.remove(0);
        let accepted = town.done(&school, &own, json!({ "deed": "accept" })).await;
        let reported = town.done(&school, &accepted, json!({ "deed": "report", "note": "好了" })).await;
        assert_eq!(follow(&server).await, 1, "the office; that it was accepted is seen in the lists");
        assert_eq!(follow(&server).await, 0, "nobody is told twice");
        assert_eq!(told(&office).await, ["handed_over report 县教育局"]);
        assert_eq!(unread(&school).await, 0, "who acted knows it");
        town.done(&office, &reported, json!({ "deed": "send_back", "reason": "看不清" })).await;
        follow(&server).await;
        assert_eq!(told(&school).await, ["handed_over send_back 县教育局"]);
        assert_eq!((unread(&school).await, unread(&office).await), (json!(1), json!(1)));

        let notice = school.get("/notices").await.must(StatusCode::OK)["items"][0].clone();
        assert_eq!(notice["task"]["id"], own["id"]);
        assert_eq!(notice["task"]["words"], "看不清", "what it says comes from the task as it stands");
        let stolen = json!({ "ids": [notice["id"]] });
        east.post("/notices/read", stolen.clone()).await.must(StatusCode::OK);
        assert_eq!(unread(&school).await, 1, "another's notice is not read by saying so");
        assert_eq!(school.post("/notices/read", stolen).await.must(StatusCode::OK)["unread"], 0);
        let neither = school.post("/notices/read", json!({})).await;
        assert_eq!(neither.status, StatusCode::UNPROCESSABLE_ENTITY);

        // A reassigned task: the old unit hears that it is gone, the new one that it has come.
        let own = town.tasks(&east, "").await.remove(0);
        read_all(&east).await;
        let unit = crate::refusals::unit(&town.office, &town.campaign, "县教育局").await;
        let deed = json!({ "deed": "reassign", "unit_id": unit, "reason": "职责所在" });
        town.done(&office, &own, deed).await;
        follow(&server).await;
        assert_eq!(told(&school).await, ["handed_over - 县教育局"]);
        assert_eq!(ledger::verify(&server.app.store).await.expect("verified"), Vec::new());
    })
    .await;
}

#[tokio::test]
async fn the_calendar_reminds_each_once_however_its_clock_goes() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        let office = person(&server, &town.office, Role::Office, &town.campaign, None).await;
        follow(&server).await;
        read_all(&school).await;
        let duty = town.inside(&format!("duties/{}", text(&town.task_of("教育局").await["duty"]["id"])));
        let day = Some(json!({ "due": "2026-06-30" }));
        town.office.send(Method::PATCH, &duty, day, &[("if-match", "\"v1\"")]).await.must(StatusCode::OK);
        let task = town.task_of("教育局").await;
        let due = text(&task["due_on"]).parse::<chrono::NaiveDate>().expect("a day");
        let left = (due - chengjing_domain::clock::day_of(server.app.now())).num_days();
        let campaign = town.campaign.parse().expect("an id");
        let look =
            async |days: i64| remind::calendar::look(&later(&server, days), campaign).await.expect("told");
        look(left - 7).await;
        assert_eq!(told(&school).await, ["due_soon - 县教育局"]);
        assert_eq!(look(left - 7).await, 0, "the same day again");
        assert_eq!(look(left - 6).await, 0, "the next is three days before");
        // The clock jumps ahead by months, and is set right again.
        look(left + 200).await;
        assert!(told(&school).await.contains(&"overdue - 县教育局".to_owned()));
        look(left - 3).await;
        assert_eq!(told(&school).await, ["due_soon - 县教育局", "due_soon - 县教育局"], "it is not overdue");
        // The server is off for more than a week.
        look(left + 8).await;
        let all = told(&school).await;
        assert_eq!(all.iter().filter(|line| line.starts_with("overdue")).count(), 1, "one, not three");
        assert!(told(&office).await.contains(&"escalated - 县教育局".to_owned()));
        assert_eq!(look(left + 8).await, 0);
        read_all(&school).await;
        assert_eq!(unread(&school).await, 0);
    })
    .await;
}

/// What happens to the clock, in days from the first deadline, and to the deadline.
#[derive(Debug, Clone, Copy)]
enum Turn {
    /// Two servers look at the calendar on that day at once; the school is told so much more.
    Look(i64, usize),
    /// The deadline is moved to that day.
    Move(i64),
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reminder_comes_once_while_the_clock_jumps_and_the_deadline_moves() {
    use Turn::{Look, Move};
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        follow(&server).await;
        read_all(&school).await;
        let campaign = town.campaign.parse().expect("an id");
        let duty = town.inside(&format!("duties/{}", text(&town.task_of("教育局").await["duty"]["id"])));
        let first = chrono::NaiveDate::from_ymd_opt(2026, 6, 30).expect("a day");
        let ahead = (first - chengjing_domain::clock::day_of(server.app.now())).num_days();
        let mut etag = "\"v1\"".to_owned();
        // Reminders come 7, 3 and 1 days before, on the day, and after it.
        let turns = [
            Move(0),
            Look(-8, 0),
            Look(-4, 1),
            // Three days ahead, over those of three days and of one: only the later one is told.
            Look(-1, 1),
            // A day back: that of three days was not told yet.
            Look(-2, 1),
            Look(-1, 0),
            Move(10),
            Look(-1, 0),
            Look(3, 1),
            Look(9, 1),
            Look(8, 1),
            Look(9, 0),
            // Back to where it was: it is overdue now, and of the days before it nothing is told again.
            Move(0),
            Look(9, 1),
            Look(8, 0),
            // And again to the later day, of which the first three are known.
            Move(10),
            Look(9, 0),
            Look(10, 1),
            Look(9, 0),
            Look(10, 0),
        ];
        let mut known = 0;
        for (n, turn) in turns.into_iter().enumerate() {
            match turn {
                Move(days) => {
                    let due = json!({ "due": (first + TimeDelta::days(days)).to_string() });
                    let moved =
                        town.office.send(Method::PATCH, &duty, Some(due), &[("if-match", &etag)]).await;
                    etag = moved.etag.clone().expect("its version");
                    moved.must(StatusCode::OK);
                }
                Look(days, more) => {
                    let app = later(&server, ahead + days);
                    let look = || remind::calendar::look(&app, campaign);
                    // The one that loses is told that others are at it, and is run again as a job would be.
                    let (one, other) = tokio::join!(look(), look());
                    assert!(one.is_ok() || other.is_ok(), "{n} {turn:?}: {one:?} {other:?}");
                    assert_eq!(look().await.expect("told"), 0, "{n} {turn:?}: nothing is left to tell");
                    let told = told(&school).await.len();
                    assert_eq!(told, known + more, "{n} {turn:?}");
                    known = told;
                }
            }
        }
        let all = told(&school).await;
        let of = |kind: &str| all.iter().filter(|line| line.starts_with(kind)).count();
        assert_eq!((of("due_soon"), of("overdue"), all.len()), (7, 1, 8));
        assert_eq!(unread(&school).await, 8);
    })
    .await;
}

#[tokio::test]
async fn what_somebody_may_see_no_longer_is_not_told_and_not_counted() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        follow(&server).await;
        assert_eq!(unread(&school).await, 1);
        let people = town.office.get(&town.inside("people")).await.must(StatusCode::OK);
        let person =
            people["items"].as_array().expect("people").iter().find(|person| person["name"] == "liu");
        let person = person.expect("the liaison");
        let (user, grant) = (text(&person["id"]), text(&person["grants"][0]["id"]));
        let took = town.office.delete(&town.inside(&format!("people/{user}/grants/{grant}"))).await;
        assert!(took.status.is_success(), "{took:?}");
        assert_eq!(told(&school).await, Vec::<String>::new());
        assert_eq!(unread(&school).await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_office_sets_how_it_reminds_and_each_chooses_what_they_hear() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        let path = town.inside("reminders");
        let seen = school.get(&path).await;
        assert_eq!(seen.etag.as_deref(), Some("\"v0\""));
        let mut settings = seen.must(StatusCode::OK);
        assert_eq!(settings["quiet"], json!({ "from": "21:00", "to": "07:30" }));
        settings["before"] = json!([3, 3, 400]);
        settings["quiet"] = json!({ "from": "08:00", "to": "08:00" });
        let put = |caller: &Caller, path: &str, body: &Value, tag: &'static str| {
            let (caller, path, body) = (caller.clone(), path.to_owned(), body.clone());
            async move { caller.send(Method::PUT, &path, Some(body), &[("if-match", tag)]).await }
        };
        let refused = put(&town.office, &path, &settings, "\"v0\"").await;
        let faults = refused.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"].clone();
        let places: Vec<String> =
            faults.as_array().expect("faults").iter().map(|fault| text(&fault["path"])).collect();
        assert_eq!(places, ["before", "before", "quiet"], "all at once");
        settings["before"] = json!([14, 2]);
        settings["quiet"] = Value::Null;
        settings["minimum"]["kinds"] = json!([]);
        assert_eq!(put(&school, &path, &settings, "\"v0\"").await.status, StatusCode::FORBIDDEN);
        let changed = put(&town.office, &path, &settings, "\"v0\"").await;
        assert_eq!((changed.etag.as_deref(), &changed.body), (Some("\"v1\""), &settings));
        let stale = put(&town.office, &path, &settings, "\"v0\"").await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);

        let own = "/account/notices";
        let chosen = json!({ "kinds": ["overdue"], "channels": ["in_app"], "digest_at": null });
        put(&school, own, &chosen, "\"v0\"").await.must(StatusCode::OK);
        assert_eq!(school.get(own).await.body, chosen);
        follow(&server).await;
        assert_eq!(told(&school).await, Vec::<String>::new(), "hand-overs were not chosen, nor demanded");
        let ledger = town.office.get(&town.inside("ledger?limit=1")).await.must(StatusCode::OK);
        assert_eq!(ledger["items"][0]["action"], "reminder.edit");
        assert_eq!(ledger["items"][0]["details"]["before"]["before"], json!([7, 3, 1, 0]));
        assert_eq!(ledger::verify(&server.app.store).await.expect("verified"), Vec::new());
    })
    .await;
}

#[tokio::test]
async fn the_office_urges_a_unit_once_a_day() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        let own = town.task_of("教育局").await;
        let other = town.task_of("东河镇").await;
        let path = town.inside("tasks/urge");
        let body = json!({ "task_ids": [own["id"], other["id"]] });
        let first = town.office.post(&path, body.clone()).await.must(StatusCode::OK);
        assert_eq!(first, json!({ "told": 1, "already": 0, "not_due": 0, "nobody": 1 }));
        let again = town.office.post(&path, body).await.must(StatusCode::OK);
        assert_eq!(again, json!({ "told": 0, "already": 1, "not_due": 0, "nobody": 1 }));
        assert_eq!(told(&school).await, ["urged - 县教育局"]);
        let missing = json!({ "task_ids": [own["id"], "00000000-0000-7000-8000-000000000000"] });
        let refused = town.office.post(&path, missing).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(&refused["faults"][0]["path"]).starts_with("task_ids["));
        let none = town.office.post(&path, json!({ "task_ids": [] })).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            school.post(&path, json!({ "task_ids": [own["id"]] })).await.status,
            StatusCode::FORBIDDEN
        );
        let done = town.done(&school, &own, json!({ "deed": "report" })).await;
        let rest = town.office.post(&path, json!({ "task_ids": [done["id"]] })).await.must(StatusCode::OK);
        assert_eq!(rest["not_due"], 1);
        let subject = format!("ledger?subject=task:{}", text(&own["id"]));
        let history = town.office.get(&town.inside(&subject)).await.must(StatusCode::OK);
        let acts: Vec<String> = history["items"]
            .as_array()
            .expect("entries")
            .iter()
            .map(|entry| text(&entry["action"]))
            .collect();
        assert_eq!(acts, ["task.report", "task.urge"], "its history tells that it was urged");
    })
    .await;
}

#[tokio::test]
async fn who_filed_a_material_and_their_unit_are_told_that_it_came_back_and_nobody_else_is() {
    on_both(|server| async move {
        let filed = Filed::new(&server).await;
        let second = filed.town.liaison(&server, "县教育局", "chen").await;
        let other = filed.town.liaison(&server, "县城管局", "sun").await;
        follow(&server).await;
        for caller in [&filed.school, &second, &other] {
            read_all(caller).await;
        }
        let set = filed.photo_set(&filed.photos(1).await, &[filed.of(0, "health"), filed.of(1, "health")]);
        let one = filed.file(set).await.must(StatusCode::CREATED);
        let office = &filed.town.office;
        let decisions = json!([accept(&one["links"][0]), give_back(&one["links"][1], "看不清人数")]);
        let one = filed.decide(office, &one, decisions).await.must(StatusCode::OK);
        assert_eq!(follow(&server).await, 2, "the filer, who is a liaison too, once");
        assert_eq!(follow(&server).await, 0);
        assert_eq!(told(&filed.school).await, ["handed_over - 县教育局"]);
        let notice = second.get("/notices").await.must(StatusCode::OK)["items"][0].clone();
        let material = json!({
            "id": one["id"], "title": "健康教育进校园", "requirement": "健康教育活动", "reason": "看不清人数",
        });
        assert_eq!((&notice["material"], &notice["task"]), (&material, &Value::Null));
        assert_eq!((unread(&other).await, unread(office).await), (json!(0), json!(0)));

        // What was accepted and is taken back comes back too.
        let mut back = give_back(&one["links"][0], "弄错了");
        back["deed"] = json!("take_back");
        filed.decide(office, &one, json!([back])).await.must(StatusCode::OK);
        assert_eq!(follow(&server).await, 2);
        assert_eq!(told(&second).await.len(), 2);
        assert_eq!(ledger::verify(&server.app.store).await.expect("verified"), Vec::new());
    })
    .await;
}
