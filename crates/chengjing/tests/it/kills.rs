//! The server is killed with SIGKILL under write load, again and again, on one installation.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::server::{Client, Database, Server, campaign, id, list, run};

/// `cargo xtask kill` sets how many rounds; the ordinary suite does a few.
const ROUNDS: &str = "CHENGJING_KILL_ROUNDS";
const WRITERS: usize = 6;
const PLAN: &str =
    "云溪县环境整治方案\n一、重点任务\n1.清理背街小巷，6月底前完成。\n责任单位：县城管局、县住建局\n";

/// What the writers know, told to them by answers that arrived whole.
#[derive(Default)]
struct Known {
    /// Of a duty whose POST was answered: its id, and the version and title last acknowledged.
    duties: HashMap<String, Duty>,
    /// POSTs without an answer: key → title.
    unanswered: Vec<(String, String)>,
    /// Plan documents whose import was answered, with their jobs.
    imports: Vec<(String, String)>,
    /// Imports without an answer.
    unanswered_imports: Vec<String>,
}

#[derive(Clone)]
struct Duty {
    version: i64,
    title: String,
    /// A change that was sent and not answered: it is there whole, or not at all.
    in_doubt: Option<String>,
}

struct Place<'a> {
    campaign: &'a str,
    unit: &'a str,
}

impl Place<'_> {
    fn duties(&self) -> String {
        format!("/api/v1/campaigns/{}/duties", self.campaign)
    }

    fn new_duty(&self, title: &str) -> Value {
        json!({
            "title": title, "due": "2026-09-30", "units": [{ "id": self.unit, "role": "responsible" }],
            "targets": [{ "subject": "完成率", "comparator": ">=", "value": 90, "unit": "%" }],
        })
    }

    fn plans(&self) -> String {
        format!("/api/v1/campaigns/{}/plans?name=plan.txt", self.campaign)
    }
}

/// Adds duties and changes each once, until the server is gone.
fn write(client: &Client, place: &Place<'_>, who: &str, known: &Mutex<Known>, answered: &AtomicUsize) {
    for n in 0.. {
        let (key, title) = (format!("{who}-{n}"), format!("任务{who}-{n}"));
        let added = client.post(&place.duties(), &place.new_duty(&title), &[("idempotency-key", &key)]);
        let Ok(added) = added else {
            known.lock().expect("known").unanswered.push((key, title));
            return;
        };
        let etag = added.header("etag").unwrap_or_default().to_owned();
        let body = added.must(201);
        let (duty, version) = (id(&body), body["version"].as_i64().expect("a version"));
        let mut now = Duty { version, title: title.clone(), in_doubt: None };
        known.lock().expect("known").duties.insert(duty.clone(), now.clone());
        answered.fetch_add(1, Ordering::Relaxed);
        let changed = format!("{title}改");
        let path = format!("{}/{duty}", place.duties());
        let edited = client.patch(&path, &json!({ "title": changed }), &[("if-match", &etag)]);
        let gone = edited.is_err();
        match edited {
            Err(_) => now.in_doubt = Some(changed),
            Ok(edited) => {
                now.version = edited.must(200)["version"].as_i64().expect("a version");
                now.title = changed;
                answered.fetch_add(1, Ordering::Relaxed);
            }
        }
        known.lock().expect("known").duties.insert(duty, now);
        if gone {
            return;
        }
    }
}

/// Imports a small plan again and again, so that a job is in flight at any moment.
fn import(client: &Client, place: &Place<'_>, who: &str, known: &Mutex<Known>) {
    for n in 0.. {
        let key = format!("{who}-plan-{n}");
        let sent = client.send("POST", &place.plans(), PLAN.as_bytes(), &[("idempotency-key", &key)]);
        let Ok(sent) = sent else {
            known.lock().expect("known").unanswered_imports.push(key);
            return;
        };
        let body = sent.must(202);
        let job = body["job"].as_str().expect("a job").to_owned();
        known.lock().expect("known").imports.push((id(&body["plan"]), job));
        std::thread::sleep(Duration::from_millis(15));
    }
}

/// A number that follows from the round and looks like none.
fn seeded(round: usize) -> u64 {
    let mut x = round as u64 + 0x9e37_79b9_7f4a_7c15;
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// One life of the server: writes from all sides, ended after so many answers and a moment more.
fn live_and_die(server: Server, client: &Client, place: &Place<'_>, round: usize) -> (Known, usize) {
    let known = Mutex::new(Known::default());
    let answered = AtomicUsize::new(0);
    let chance = seeded(round);
    let (after, pause) = (1 + (chance % 40) as usize, Duration::from_micros((chance >> 32) % 5_000));
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (known, answered) = (&known, &answered);
            scope.spawn(move || write(client, place, &format!("{round}-{writer}"), known, answered));
        }
        scope.spawn(|| import(client, place, &round.to_string(), &known));
        let start = Instant::now();
        while answered.load(Ordering::Relaxed) < after && start.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(pause);
        server.kill();
    });
    (known.into_inner().expect("known"), answered.into_inner())
}

fn look_after(client: &Client, place: &Place<'_>, known: &Known, round: usize) {
    for (duty, was) in &known.duties {
        let found = client.get(&format!("{}/{duty}", place.duties())).expect("an answer").must(200);
        let (version, title) = (found["version"].as_i64(), found["title"].as_str().unwrap_or_default());
        match &was.in_doubt {
            Some(changed) if title == changed => assert_eq!(version, Some(was.version + 1), "{found}"),
            _ => assert_eq!((version, title), (Some(was.version), &*was.title), "round {round}: {found}"),
        }
        // A duty is whole: its units and targets came with it.
        assert_eq!(found["units"].as_array().map(Vec::len), Some(1), "round {round}: {found}");
        assert_eq!(found["targets"].as_array().map(Vec::len), Some(1), "round {round}: {found}");
    }
    for (key, title) in &known.unanswered {
        let again = || {
            let sent = client.post(&place.duties(), &place.new_duty(title), &[("idempotency-key", key)]);
            id(&sent.expect("an answer").must(201))
        };
        assert_eq!(again(), again(), "round {round}: a repeated request makes one duty");
    }
    for key in &known.unanswered_imports {
        let again = || {
            let headers = [("idempotency-key", key.as_str())];
            let sent = client.send("POST", &place.plans(), PLAN.as_bytes(), &headers);
            id(&sent.expect("an answer").must(202)["plan"])
        };
        assert_eq!(again(), again(), "round {round}: a repeated import is one");
    }
}

/// Counters say what the rows say, no title is there twice, and nothing is there that nobody sent.
fn recount(client: &Client, place: &Place<'_>, sent: &BTreeMap<String, bool>) {
    let rows = list(client, &place.duties());
    let count = client.get(&format!("{}/count", place.duties())).expect("an answer").must(200);
    // Beyond a thousand the count only says that there are more.
    let all = if count["exact"] == true { rows.len() } else { 1_000.min(rows.len()) };
    assert_eq!(count["count"].as_u64(), Some(all as u64), "the list and its count");
    let overview = client.get(&format!("/api/v1/campaigns/{}/overview", place.campaign));
    assert_eq!(overview.expect("an answer").must(200)["total"].as_u64(), Some(rows.len() as u64));
    let unit = client.get(&format!("/api/v1/campaigns/{}/units/{}", place.campaign, place.unit));
    assert_eq!(unit.expect("an answer").must(200)["duties"]["total"].as_u64(), Some(rows.len() as u64));
    let mut seen = BTreeMap::new();
    for row in &rows {
        let title = row["title"].as_str().expect("a title").trim_end_matches('改').to_owned();
        assert!(sent.contains_key(&title), "nobody sent {title}");
        assert!(seen.insert(title, ()).is_none(), "twice: {row}");
    }
    let acknowledged = sent.iter().filter(|(_, acknowledged)| **acknowledged);
    for (title, _) in acknowledged {
        assert!(seen.contains_key(title), "{title} was acknowledged and is gone");
    }
}

fn verify(data: &Path, database: Option<&str>) {
    let data = data.display().to_string();
    let mut arguments = vec!["ledger", "verify", "--data", &data];
    if let Some(url) = database {
        arguments.extend(["--database", url]);
    }
    let (status, said) = run(&arguments);
    assert!(status.success(), "the ledger does not verify: {said}");
}

/// Every import ends: as a draft, taken up again where its worker was killed, or, where its worker was killed at each
/// attempt, as a failed one that says what to do. Gives how many were given up.
fn wait_for_jobs(client: &Client, place: &Place<'_>, imports: &[(String, String)]) -> usize {
    let start = Instant::now();
    let mut given_up = 0;
    for (plan, job) in imports {
        let state = loop {
            let found = client.get(&format!("/api/v1/jobs/{job}")).expect("an answer").must(200);
            let state = found["state"].as_str().unwrap_or_default().to_owned();
            if state == "done" || state == "failed" {
                break state;
            }
            assert!(start.elapsed() < Duration::from_secs(120), "the job {job} is lost: {found}");
            std::thread::sleep(Duration::from_millis(100));
        };
        let path = format!("/api/v1/campaigns/{}/plans/{plan}", place.campaign);
        let plan = client.get(&path).expect("an answer").must(200);
        if state == "done" {
            assert_eq!(plan["state"], "draft");
        } else {
            assert_eq!(plan["state"], "failed", "who waits for it is told");
            assert!(
                plan["problems"][0]["zh"].as_str().is_some_and(|said| said.contains("重新导入")),
                "{plan}"
            );
            given_up += 1;
        }
    }
    given_up
}

fn rounds(rounds: usize, data: &Path, database: Option<&str>) {
    let mut server = Server::start(data, database);
    let mut client = server.administrator();
    let (campaign, unit) = campaign(&client);
    let place = Place { campaign: &campaign, unit: &unit };
    let mut imports = Vec::new();
    // Every title that was ever sent, and whether its duty must be there.
    let mut sent = BTreeMap::new();
    let (mut answered, mut in_doubt, mut repeated) = (0, 0, 0);
    let start = Instant::now();
    for round in 0..rounds {
        let (known, of_round) = live_and_die(server, &client, &place, round);
        answered += of_round + known.imports.len();
        in_doubt += known.duties.values().filter(|duty| duty.in_doubt.is_some()).count();
        repeated += known.unanswered.len() + known.unanswered_imports.len();
        if round % 10 == 9 {
            // As the kill left it, before another server has touched it.
            verify(data, database);
        }
        server = Server::start(data, database);
        client.address = server.address;
        look_after(&client, &place, &known, round);
        let titles = known.duties.values().map(|duty| duty.title.trim_end_matches('改').to_owned());
        sent.extend(titles.map(|title| (title, true)));
        sent.extend(known.unanswered.iter().map(|(_, title)| (title.clone(), true)));
        imports.extend(known.imports);
        if round % 10 == 9 {
            recount(&client, &place, &sent);
        }
    }
    recount(&client, &place, &sent);
    let given_up = wait_for_jobs(&client, &place, &imports);
    assert!(given_up < imports.len().max(1), "every plan was given up");
    server.kill();
    verify(data, database);
    assert!(answered > rounds, "something was written: {answered}");
    eprintln!(
        "{rounds} kills in {:.0} s: {answered} acknowledged writes all there, {in_doubt} edits and {repeated} additions \
         without an answer whole or absent, {} plans read, {given_up} given up",
        start.elapsed().as_secs_f64(),
        imports.len() - given_up
    );
}

fn asked(few: usize) -> usize {
    std::env::var(ROUNDS).ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(few)
}

#[test]
fn every_acknowledged_write_survives_killing_the_server_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    rounds(asked(10), folder.path(), None);
}

#[test]
fn every_acknowledged_write_survives_killing_the_server_on_postgres() {
    let Some(database) = Database::new("kill") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    rounds(asked(3), folder.path(), Some(&database.url()));
}
