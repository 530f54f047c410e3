//! The made-up county of `chengjing demo`.

use std::{collections::BTreeSet, path::Path};

use chengjing_domain::duty::task::{DeedKind, Party, RequestKind, StateKind, WholeState};
use serde_json::Value;

use crate::server::{Client, Server, list, run};

fn reading(file: &str) -> (Value, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo").join(file).display().to_string();
    let (status, said) = run(&["read", &path, "--format", "json"]);
    assert!(status.success(), "{file}");
    let mut reading: Value = serde_json::from_str(&said).expect("a reading");
    reading.as_object_mut().expect("an object").remove("source");
    (reading, run(&["read", &path, "--cleaned"]).1)
}

#[test]
fn the_plan_reads_the_same_as_a_document_and_as_text() {
    let (document, cleaned) = reading("plan.docx");
    assert_eq!((&document, &cleaned), (&reading("plan.txt").0, &reading("plan.txt").1));
    assert_eq!(document["plans"].as_array().map(Vec::len), Some(1));
    let duties = document["plans"][0]["duties"].as_array().expect("duties");
    let with = |what: &str| duties.iter().filter(|duty| duty.get(what).is_some_and(|v| !v.is_null())).count();
    assert_eq!(duties.len(), 120);
    assert!(with("due") >= 50, "{}", with("due"));
    assert!(with("recurrence") >= 35, "{}", with("recurrence"));
    assert!(duties.iter().all(|duty| !duty["units"].as_array().expect("units").is_empty()));
}

#[test]
fn the_county_has_its_duties_units_and_a_login_for_each_role() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::demo(&folder.path().join("county"));
    let (status, said) = run(&["demo", "--print-logins"]);
    assert!(status.success());
    let logins: Value = serde_json::from_str(&said).expect("logins");
    let logins = logins.as_array().expect("a list");
    assert_eq!(logins.len(), 9);
    let mut client = server.client();
    for login in logins {
        let name = login["name"].as_str().expect("a name");
        let own = logged_in(&server, name);
        if login["role"] == "office" {
            client = own;
        }
    }
    // Nine people have logged in, each with 19 MB for a moment: in pages of 2 MB much of that would stay. Where the system gives
    // them unasked, the first is given before the program can say no.
    let huge = server.in_huge_pages().unwrap_or_default();
    assert!(huge <= 2 << 20, "{huge}");
    let campaign = campaign(&client);
    let inside = |rest: &str| format!("/api/v1/campaigns/{campaign}/{rest}");
    assert_eq!(list(&client, &inside("duties")).len(), 120);
    let units = list(&client, &inside("units"));
    assert!((58..=66).contains(&units.len()), "{} units", units.len());
    let plans = list(&client, &inside("plans"));
    let of = |state: &str| plans.iter().filter(|plan| plan["state"] == state).count();
    assert_eq!((of("adopted"), of("draft"), plans.len()), (1, 1, 2));
}

#[test]
fn the_countys_ledger_holds_and_its_backup_is_restored() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name).display().to_string();
    let server = Server::demo(folder.path().join("county").as_path());
    server.signal("TERM");
    assert!(server.wait().success());
    for command in [
        vec!["ledger", "verify", "--data", &place("county")],
        vec!["backup", "--data", &place("county"), "-o", &place("county.backup")],
        vec!["restore", &place("county.backup"), "--data", &place("restored")],
        vec!["ledger", "verify", "--data", &place("restored")],
    ] {
        let (status, said) = run(&command);
        assert!(status.success(), "{command:?}: {said}");
    }
}

#[test]
fn the_doctor_names_each_counter_that_a_foreign_hand_changed_and_counts_it_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("county");
    let server = Server::demo(&data);
    server.signal("TERM");
    assert!(server.wait().success());
    let place = data.display().to_string();
    let (status, said) = run(&["doctor", "--data", &place]);
    assert!(status.success(), "the county as it is: {said}");
    let database = rusqlite::Connection::open(data.join("chengjing.db")).expect("the database");
    let change = |sql: &str| assert_eq!(database.execute(sql, []).expect(sql), 1, "{sql}");
    let one = |table: &str| {
        let key = "SELECT group_concat(name) FROM pragma_table_info(?1) WHERE pk > 0";
        let key: String = database.query_row(key, [table], |row| row.get(0)).expect("a key");
        format!("({key}) = (SELECT {key} FROM {table} LIMIT 1)")
    };
    let counters = [
        ("duty_count", "n"),
        ("target_count", "n"),
        ("task_count", "n"),
        ("initiative_count", "n"),
        ("deed_count", "n"),
        ("burden_count", "n"),
        ("evidence_count", "pieces"),
        ("observation_count", "n"),
        ("inbox", "unread"),
    ];
    for (table, n) in counters {
        change(&format!("UPDATE {table} SET {n} = {n} + 7 WHERE {}", one(table)));
    }
    change(&format!("DELETE FROM standing WHERE {}", one("standing")));
    change("UPDATE target SET reached = 'no' WHERE id = (SELECT min(id) FROM target WHERE reached = 'yes')");
    let (status, said) = run(&["doctor", "--data", &place]);
    assert!(!status.success());
    for table in counters.iter().map(|(table, _)| *table).chain(["standing", "target.reached"]) {
        let lines = said.lines().filter(|line| line.contains(&format!(": {table} ["))).count();
        assert_eq!(lines, 1, "{table}: {said}");
    }
    let (status, said) = run(&["doctor", "--rebuild", "--data", &place]);
    assert!(status.success(), "{said}");
    let (status, said) = run(&["doctor", "--data", &place]);
    assert!(status.success(), "counted anew: {said}");

    // An inbox that is gone counts its unread notices as none; a row that can't be read hides nothing else.
    let gone = "DELETE FROM inbox WHERE user_id = (SELECT min(user_id) FROM inbox WHERE unread > 0)";
    change(gone);
    change("UPDATE duty SET state = 'x' WHERE id = (SELECT min(id) FROM duty)");
    change(&format!("UPDATE task_count SET n = n + 7 WHERE {}", one("task_count")));
    let (status, said) = run(&["doctor", "--data", &place]);
    assert!(!status.success());
    for told in ["notices: inbox [", ": task_count [", "can't be compared", "inconsistent data in duty.state"]
    {
        assert!(said.contains(told), "{told}: {said}");
    }
}

#[test]
fn a_mistyped_folder_does_not_become_an_installation() {
    let folder = tempfile::tempdir().expect("a folder");
    let nowhere = folder.path().join("nowhere");
    let (place, file) = (nowhere.display().to_string(), folder.path().join("a.backup").display().to_string());
    for command in [
        vec!["ledger", "verify", "--data", &place],
        vec!["backup", "--data", &place, "-o", &file],
        vec!["doctor", "--data", &place],
        vec!["user", "list", "--data", &place],
    ] {
        let (status, _) = run(&command);
        assert!(!status.success(), "{command:?}");
        assert!(!nowhere.join("chengjing.db").exists(), "{command:?}");
    }
}

#[test]
fn the_command_line_scores_a_campaign_as_the_server_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("county");
    let server = Server::demo(&data);
    let office = logged_in(&server, "office");
    let campaign = campaign(&office);
    let moment = "2026-06-30T16:00:00Z";
    let path = format!("/api/v1/campaigns/{campaign}/score?as_of={moment}");
    let seen = office.get(&path).expect("an answer").must(200);
    server.signal("TERM");
    assert!(server.wait().success());
    let data = data.display().to_string();
    let score = |campaign: &str| {
        run(&["score", "--campaign", campaign, "--as-of", moment, "--data", &data, "--format", "json"])
    };
    let (status, said) = score(&campaign);
    assert!(status.success());
    let card: Value = serde_json::from_str(&said).expect("a scorecard");
    assert_eq!((&card["total"], &card["marks"]), (&seen["total"], &seen["marks"]));
    let places = |of: &Value| -> Vec<Vec<Value>> {
        let all = of["places"].as_array().expect("places");
        all.iter().map(|one| ["code", "low", "value", "high"].map(|of| one[of].clone()).to_vec()).collect()
    };
    assert_eq!(places(&card), places(&seen));
    assert!(places(&card).len() > 100);
    let (status, said) = score("0198f1c2-0000-7000-8000-000000000000");
    assert_eq!((status.code(), said.as_str()), (Some(1), ""), "a campaign that is not there");
}

fn logged_in(server: &Server, name: &str) -> Client {
    let mut client = server.client();
    let body = serde_json::json!({ "name": name, "password": "Qingshui-2026" });
    let answer = client.post("/api/v1/session", &body, &[]).expect("an answer");
    assert_eq!(answer.status, 200, "{name}");
    let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
    client.cookie = cookie.map(str::to_owned);
    client
}

fn campaign(client: &Client) -> String {
    let session = client.get("/api/v1/session").expect("an answer").must(200);
    session["campaigns"][0]["id"].as_str().expect("a campaign").to_owned()
}

/// Walks the states, the deeds and who does them: one that is new and nobody thought of in the county makes this fail.
#[test]
fn whatever_may_happen_to_a_task_has_happened_to_one_of_the_county() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::demo(&folder.path().join("county"));
    let office = logged_in(&server, "office");
    let campaign = campaign(&office);
    let inside = |rest: &str| format!("/api/v1/campaigns/{campaign}/{rest}");
    let get = |rest: &str| office.get(&inside(rest)).expect("an answer").must(200);
    let mut tasks = list(&office, &inside("tasks"));
    // Those that nobody owes any more stand in no list that does not ask for them.
    tasks.extend(get("tasks?state=withdrawn&limit=200")["items"].as_array().expect("a list").iter().cloned());
    let word = |of: &Value| of.as_str().unwrap_or_default().to_owned();
    let states: BTreeSet<String> = tasks.iter().map(|task| word(&task["state"])).collect();
    let missing: Vec<&str> =
        StateKind::ALL.into_iter().map(StateKind::code).filter(|code| !states.contains(*code)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "states");

    let touched = tasks.iter().filter(|task| task["version"] != 1);
    let stories: Vec<Value> = touched.map(|task| get(&format!("tasks/{}", word(&task["id"])))).collect();
    let steps = |story: &Value| story["steps"].as_array().expect("steps").clone();
    let (mut deeds, mut parties) = (BTreeSet::new(), BTreeSet::new());
    for step in stories.iter().flat_map(steps) {
        deeds.insert(word(&step["deed"]));
        parties.insert(word(&step["party"]));
    }
    let missing: Vec<&str> =
        DeedKind::ALL.into_iter().map(DeedKind::code).filter(|code| !deeds.contains(*code)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "deeds");
    let missing: Vec<&str> =
        Party::ALL.into_iter().map(Party::code).filter(|code| !parties.contains(*code)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "parties");
    let open = |kind: RequestKind| match kind {
        RequestKind::Extension => tasks.iter().any(|task| !task["extension"].is_null()),
        RequestKind::Help => tasks.iter().any(|task| !task["help"].is_null()),
    };
    assert!(RequestKind::ALL.into_iter().all(open), "an extension and help that nobody has decided yet");
    assert!(tasks.iter().any(|task| task["reported_late"] == true), "a report that came too late");
    let sent_back = |story: &Value| steps(story).iter().filter(|step| step["deed"] == "send_back").count();
    assert!(
        stories.iter().any(|story| sent_back(story) == 2 && story["state"] == "confirmed"),
        "twice, then done"
    );
    assert!(
        stories.iter().any(|story| sent_back(story) == 2 && story["state"] == "sent_back"),
        "twice, and open"
    );
    assert!(tasks.iter().any(|task| task["standing"]["word"] == "late"), "one that is late");
    assert!(tasks.iter().any(|task| task["extended"] == true), "one that was given more time");
    assert!(
        tasks.iter().any(|task| task["state"] == "missed" && !task["occurrence"].is_null()),
        "a missed date"
    );

    // A lead unit that joined what the others had reported, one of which it had sent back.
    let title = |task: &&Value| word(&task["duty"]["title"]).starts_with("加强窗口建设");
    let joined = tasks.iter().find(title).expect("the duty");
    let whole = get(&format!("duties/{}/tasks", word(&joined["duty"]["id"])));
    assert_eq!(whole["whole"]["state"], WholeState::Confirmed.code(), "{whole}");
    assert_eq!(whole["items"].as_array().map(Vec::len), Some(3));
    let by_lead = |story: &Value| steps(story).iter().any(|step| step["party"] == "lead");
    assert!(stories.iter().any(|story| by_lead(story) && title(&story)));

    // A unit that was closed, with what it did; one that was merged, whose task went along.
    let closed = get("units?closed=true");
    assert_eq!(closed["items"][0]["name"], "县棚户区改造指挥部");
    let of = |name: &str| tasks.iter().filter(|task| task["unit"]["name"] == name).count();
    assert_eq!(of("县棚户区改造指挥部"), 1);
    assert_eq!(of("县广播电视台"), 0);
    let kept = get("units?q=%E8%9E%8D%E5%AA%92%E4%BD%93");
    assert!(
        kept["items"][0]["aliases"].as_array().expect("names").contains(&"县广播电视台".into()),
        "{kept}"
    );
    let story = |task: &&Value| {
        word(&task["duty"]["title"]) == "营造浓厚氛围" && task["unit"]["name"] == "县融媒体中心"
    };
    assert_eq!(tasks.iter().find(story).expect("the task that went along")["state"], "confirmed");
    let withdrawn = get("duties?state=withdrawn");
    assert_eq!(withdrawn["items"].as_array().map(Vec::len), Some(1));

    // A liaison handed over, and the successor is told of it; the administrator put the year's holidays in.
    let session = logged_in(&server, "successor").get("/api/v1/session").expect("an answer").must(200);
    let taken = &session["campaigns"][0]["handed_over"][0];
    assert_eq!(taken["unit"]["name"], "县城管局");
    assert!(taken["tasks"].as_u64().is_some_and(|tasks| tasks > 0), "{taken}");
    let auditor = logged_in(&server, "auditor");
    let ledger = list(&auditor, &inside("ledger"));
    for action in ["unit.merge", "unit.close", "people.hand_over", "duty.withdraw"] {
        assert!(ledger.iter().any(|entry| entry["action"] == action), "{action}");
    }
    let year = office.get("/api/v1/holidays/2026").expect("an answer").must(200);
    assert_eq!(year["origin"], "own", "{year}");
}
