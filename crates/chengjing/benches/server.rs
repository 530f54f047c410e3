//! What the server does under load: `cargo bench -p chengjing --bench server [-- --duties 1000000] [--no-postgres]
//! [--no-sqlite] [--only "edit a duty"] [--sql "DROP INDEX …"]`.
//!
//! `--sql` is run on SQLite's filled database before the program starts: what would an index less cost, another page size?
//!
//! Starts the program itself on a filled database, asks it over HTTP on kept connections, and prints for both engines
//! requests a second, the server's CPU a request and how long one waited; beside it what the same engine does for one
//! bare thread in the same run. Wall-clock figures move with the neighbours on a shared machine, CPU hardly does:
//! compare within one run.
#![allow(clippy::print_stdout, reason = "its figures are what it is for")]

mod program;

use std::{
    cell::{Cell, RefCell},
    path::{Path, PathBuf},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use chengjing_domain::{
    campaign::{Campaign, Phase, Unit, UnitKind},
    duty::{Duty, DutyState, DutyTarget, DutyUnit},
    id::{CampaignId, DutyId, EntryId, PhaseId, TargetId, UnitId},
    ledger::{Act, Author, Subject, SubjectKind},
    plan::{Comparator, Target, UnitRole},
};
use chengjing_store::{DatabaseUrl, Store, StoreConfig, StoreError, campaign, duty, ledger};
use chrono::{DateTime, NaiveDate, Utc};
use program::{Body, Program};
use serde_json::json;
use sqlx::{Connection, Executor};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    task::JoinSet,
};
use uuid::Uuid;

const RUN: Duration = Duration::from_secs(3);
const UNITS: u32 = 60;

fn main() {
    let mut sizes = vec![10_000_u32];
    let mut postgres = std::env::var("CHENGJING_TEST_POSTGRES").ok();
    let mut sqlite = true;
    let mut arguments = std::env::args();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--duties" => sizes = arguments.next().iter().filter_map(|n| n.parse::<u32>().ok()).collect(),
            "--no-postgres" => postgres = None,
            "--no-sqlite" => sqlite = false,
            _ => {}
        }
    }
    // One thread asks; the server has the rest of the machine.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    tokio::task::LocalSet::new().block_on(&runtime, async {
        for n in sizes {
            let folder = tempfile::tempdir_in(base()).expect("a folder");
            if sqlite {
                println!("\n## SQLite, {n} duties");
                let database = format!("sqlite:{}", folder.path().join("chengjing.db").display());
                engine(&database, folder.path(), n).await;
                bare_sqlite(folder.path());
            }
            match &postgres {
                Some(server) => {
                    println!("\n## PostgreSQL, {n} duties");
                    let name = format!("bench_{}", std::process::id());
                    let mut wire = sqlx::PgConnection::connect(server).await.expect("PostgreSQL");
                    wire.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
                        .await
                        .expect("a database");
                    let (address, _) = server.rsplit_once('/').expect("a URL that ends in a database");
                    let url = format!("{address}/{name}");
                    engine(&url, folder.path(), n).await;
                    bare_postgres(&url).await;
                    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
                    wire.execute(sqlx::AssertSqlSafe(drop)).await.expect("dropped");
                }
                None => println!("PostgreSQL is skipped: CHENGJING_TEST_POSTGRES names no server"),
            }
        }
    });
}

/// The words of the one measurement that is wanted.
fn only() -> Option<String> {
    after("--only")
}

fn after(option: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != option).nth(1)
}

/// Changes the database by hand, where that was asked for.
fn try_out(database: &str) {
    let (Some(sql), Some(path)) = (after("--sql"), database.strip_prefix("sqlite:")) else { return };
    let wire = rusqlite::Connection::open(path).expect("a connection");
    wire.execute_batch(&sql).expect("SQL that SQLite runs");
}

/// Where the database is put: a folder on a real disk, not in memory.
fn base() -> PathBuf {
    std::env::var_os("CHENGJING_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from)
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_323_200, 0).expect("a moment")
}

fn fresh() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    // As a UUIDv7 does, it grows.
    Uuid::from_u128((0x0195_u128 << 112) | (u128::from(n) << 40) | 0x7000_0000)
}

fn new_duty(campaign: CampaignId, n: u32) -> Duty {
    let id = DutyId(fresh());
    let unit = |n: u32| DutyUnit { unit: unit_id(n % UNITS), role: UnitRole::Responsible, via: None };
    let day = NaiveDate::from_ymd_opt(2026, 1, 1).map(|first| first + chrono::Days::new(u64::from(n % 360)));
    let target = Target {
        subject: "达标率".into(),
        comparator: Comparator::AtLeast,
        value: 95.into(),
        unit: "%".into(),
    };
    Duty {
        campaign,
        id,
        import: None,
        ordinal: 0,
        number: Some(n.to_string()),
        path: vec!["三".into(), "（一）".into()],
        part: None,
        title: format!("开展第{n}号市容环境秩序综合整治行动"),
        text: "对主次干道、背街小巷、农贸市场、车站广场等重点区域的市容环境秩序进行集中整治，清理乱贴乱画、占道经营、\
               车辆乱停乱放，完善环卫设施，落实门前三包责任制，建立长效管理机制，确保达到测评标准要求。"
            .into(),
        leads: vec!["张副县长".into()],
        units: vec![unit(n), unit(n * 7 + 1)],
        start: None,
        due: day.and_then(|day| day.to_string().parse().ok()),
        due_on: day.filter(|_| !n.is_multiple_of(10)),
        recurrence: None,
        phase: Some(phase_id(n % 4)),
        initiative: None,
        targets: if n.is_multiple_of(3) { vec![DutyTarget { id: TargetId(fresh()), target }] } else { vec![] },
        span: None,
        state: DutyState::Assigned,
        created_at: now(),
        version: 1,
    }
}

fn unit_id(n: u32) -> UnitId {
    UnitId(Uuid::from_u128(0x1000_0000 + u128::from(n)))
}

fn phase_id(n: u32) -> PhaseId {
    PhaseId(Uuid::from_u128(0x2000_0000 + u128::from(n)))
}

fn act(action: &str, subject: Subject) -> Act {
    let details = json!({ "reason": "bench" });
    Act { id: EntryId(fresh()), at: now(), author: Author::System, action: action.into(), subject, details }
}

async fn engine(database: &str, folder: &Path, duties: u32) {
    let here = CampaignId(Uuid::from_u128(1));
    let begun = Instant::now();
    let ids = prepare(database, folder, here, duties).await;
    println!("filled in {:.1} s", begun.elapsed().as_secs_f64());
    try_out(database);
    let server = Server::start(database, folder).await;
    println!(
        "answers after {:.0} ms, holds {} MB",
        server.program.start_up.as_secs_f64() * 1e3,
        server.program.memory()
    );
    let list = format!("/api/v1/campaigns/{here}/duties");
    let versions = Rc::new(RefCell::new(vec![1_u32; ids.len()]));
    let ids = Rc::new(ids);
    type Change = fn(u32) -> String;
    let changes: [(&str, Change); 2] = [
        ("move a deadline", |version| {
            format!("{{\"due\":\"2027-{:02}-{:02}\"}}", 1 + version % 12, 1 + version % 28)
        }),
        // What a search finds it by changes as well.
        ("rename a duty", |version| format!("{{\"title\":\"第{version}次部署市容环境综合整治\"}}")),
    ];
    for (what, change) in changes {
        for connections in [1, 8, 64] {
            let (ids, versions, list) = (Rc::clone(&ids), Rc::clone(&versions), list.clone());
            let edit = move |connection: usize, turn: usize| {
                // Each connection has duties of its own, so that no edit is stale.
                let at = (connection + turn % 100 * 64) % ids.len();
                let version = versions.borrow()[at];
                versions.borrow_mut()[at] = version + 1;
                Ask {
                    method: "PATCH",
                    path: format!("{list}/{}", ids[at]),
                    headers: format!("If-Match: \"v{version}\"\r\n"),
                    body: change(version),
                }
            };
            server.measure(&format!("{what}, {connections} connections"), connections, edit).await;
        }
    }
    for connections in [1, 8, 64] {
        let list = list.clone();
        let add = move |_: usize, turn: usize| {
            let unit = unit_id(u32::try_from(turn).unwrap_or(0) % UNITS);
            let body = json!({
                "title": "清理背街小巷卫生死角", "text": "逐街逐巷清理积存垃圾和乱堆乱放,落实保洁责任。",
                "units": [{ "id": unit, "role": "responsible" }], "due": "2026-09-30",
            });
            Ask { method: "POST", path: list.clone(), headers: String::new(), body: body.to_string() }
        };
        server.measure(&format!("add a duty, {connections} connections"), connections, add).await;
    }
    // A row of 900 bytes with its entry in the ledger: the least that a write through the API stores.
    let material = server.make_material(&format!("/campaigns/{here}/evidence")).await;
    let said = json!({ "text": "现场照片看不清点位名称，请补拍一张全景。".repeat(15) }).to_string();
    for connections in [1, 8, 64] {
        let (path, said) = (format!("/api/v1/campaigns/{here}/evidence/{material}/remarks"), said.clone());
        let say = move |_: usize, _: usize| Ask {
            method: "POST",
            path: path.clone(),
            headers: String::new(),
            body: said.clone(),
        };
        server
            .measure(&format!("say something of a material, {connections} connections"), connections, say)
            .await;
    }
    let unit = unit_id(5);
    let phase = phase_id(2);
    let pages = [
        ("first page", String::new()),
        ("page in the middle", "&due_from=2026-07-01".to_owned()),
        ("of a unit", format!("&unit={unit}")),
        ("of a phase", format!("&phase={phase}")),
        ("with targets", "&has_target=true".to_owned()),
        ("frequent word 整治", "&q=%E6%95%B4%E6%B2%BB".to_owned()),
        ("the beginnings 第 and 77", "&q=%E7%AC%AC77".to_owned()),
        ("word that is nowhere", "&q=%E9%BE%98%E9%BE%98".to_owned()),
    ];
    for (name, query) in pages {
        let path = format!("{list}?limit=100{query}");
        server.measure(&format!("100 duties: {name}"), 8, move |_, _| Ask::get(&path)).await;
    }
    let own = Rc::clone(&ids);
    let one = move |connection: usize, turn: usize| {
        Ask::get(&format!("{list}/{}", own[(connection * 7_919 + turn * 104_729) % own.len()]))
    };
    server.measure("one duty, 8 connections", 8, one).await;
    let overview = format!("/api/v1/campaigns/{here}/overview");
    server.measure("overview, 8 connections", 8, move |_, _| Ask::get(&overview)).await;
    if only().is_none() {
        droppers(&server, here).await;
    }
    println!("holds {} MB", server.program.memory());
    server.program.stop();
}

/// Ordinary readers beside fifty that hang up in the middle of their answer, and without them.
async fn droppers(server: &Server, here: CampaignId) {
    let path = format!("/api/v1/campaigns/{here}/duties?limit=100");
    let ordinary = path.clone();
    server.measure("100 duties, nobody hangs up", 4, move |_, _| Ask::get(&ordinary)).await;
    let end = Rc::new(Cell::new(false));
    let mut dropping = JoinSet::new();
    for _ in 0..50 {
        let (end, ask, address, token) =
            (Rc::clone(&end), Ask::get(&path), server.program.address.clone(), server.token.clone());
        dropping.spawn_local(async move {
            while !end.get() {
                let Ok(mut wire) = TcpStream::connect(&address).await else { continue };
                wire.write_all(ask.text(&token).as_bytes()).await.ok();
                // A few bytes, then gone.
                wire.read_exact(&mut [0; 64]).await.ok();
                drop(wire);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
    }
    let beside = path.clone();
    server.measure("100 duties, beside fifty who hang up", 4, move |_, _| Ask::get(&beside)).await;
    end.set(true);
    while dropping.join_next().await.is_some() {}
}

async fn prepare(database: &str, folder: &Path, here: CampaignId, duties: u32) -> Vec<DutyId> {
    let url: DatabaseUrl = database.parse().expect("a database");
    let store = Store::open(&StoreConfig::new(url, folder.into(), Arc::new(now))).await.expect("a store");
    store.migrate().await.expect("a schema");
    furnish(&store, here).await.expect("a campaign");
    let mut ids = Vec::new();
    for first in (0..duties).step_by(250) {
        ids.extend(fill(&store, here, first, 250.min(duties - first)).await.expect("duties"));
    }
    store.refresh_statistics().await.expect("statistics");
    store.close().await;
    ids
}

/// What is asked of the server.
struct Ask {
    method: &'static str,
    path: String,
    /// Each with its line end.
    headers: String,
    body: String,
}

impl Ask {
    fn get(path: &str) -> Self {
        Self { method: "GET", path: path.to_owned(), headers: String::new(), body: String::new() }
    }

    fn text(&self, token: &str) -> String {
        let Self { method, path, headers, body } = self;
        let length = body.len();
        format!(
            "{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n{headers}\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    }
}

/// The program itself, and a token to ask it with.
struct Server {
    program: Program,
    token: String,
}

impl Server {
    async fn start(database: &str, folder: &Path) -> Self {
        let run = |arguments: &[&str]| {
            let mut command = program::command(arguments, database, folder);
            command.env("CHENGJING_PASSWORD", "Spring-River-2026").output().expect("the program")
        };
        let added = run(&["user", "add", "--name", "bench"]);
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
        let token = run(&["token", "create", "--user", "bench"]);
        let token = String::from_utf8_lossy(&token.stdout).trim().to_owned();
        Self { program: Program::serve(database, folder, &[]).await, token }
    }

    /// A material of the first unit; its id.
    async fn make_material(&self, path: &str) -> String {
        let new = json!({ "unit_id": unit_id(0), "kind": "report", "content": { "title": "整治情况", "text": "已完成。" } });
        let (address, token) = (&self.program.address, Some(self.token.as_str()));
        let made =
            program::exchange(address, token, "POST", path, "", Body::Json(new)).await.expect("an answer");
        let (status, _, bytes) = made;
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&bytes));
        let made: serde_json::Value = serde_json::from_slice(&bytes).expect("a material");
        made["id"].as_str().expect("an id").to_owned()
    }

    /// Asks on so many kept connections for a while and prints how it went. `next` gets the connection and a number
    /// that grows.
    async fn measure(&self, name: &str, connections: usize, next: impl Fn(usize, usize) -> Ask + 'static) {
        if only().is_some_and(|only| !name.contains(&only)) {
            return;
        }
        let next = Rc::new(next);
        let (cpu, begun) = (self.program.cpu(), Instant::now());
        let mut tasks = JoinSet::new();
        for connection in 0..connections {
            let (next, token, address) = (Rc::clone(&next), self.token.clone(), self.program.address.clone());
            tasks.spawn_local(async move {
                let mut wire = BufReader::new(TcpStream::connect(address).await.expect("a connection"));
                wire.get_ref().set_nodelay(true).ok();
                let (mut times, mut failed) = (Vec::new(), Vec::new());
                for turn in 0.. {
                    if begun.elapsed() >= RUN {
                        break;
                    }
                    let ask = next(connection, turn).text(&token);
                    let one = Instant::now();
                    wire.get_mut().write_all(ask.as_bytes()).await.expect("sent");
                    match answer(&mut wire).await {
                        200..=299 => times.push(one.elapsed()),
                        status => failed.push(status),
                    }
                }
                (times, failed)
            });
        }
        let (mut times, mut failed) = (Vec::new(), Vec::new());
        while let Some(done) = tasks.join_next().await {
            let (some, bad) = done.expect("joined");
            times.extend(some);
            failed.extend(bad);
        }
        let (elapsed, cpu) = (begun.elapsed(), self.program.cpu() - cpu);
        times.sort_unstable();
        let n = times.len().max(1);
        let at = |share: usize| times.get(n * share / 100).copied().unwrap_or_default().as_secs_f64() * 1e3;
        println!(
            "{name:<40} {:>8.0}/s  CPU {:>6.3} ms  p50 {:>7.2} ms  p99 {:>7.2} ms{}",
            times.len() as f64 / elapsed.as_secs_f64(),
            cpu.as_secs_f64() * 1e3 / n as f64,
            at(50),
            at(99),
            failed.first().map(|status| format!("  {} failed: {status}", failed.len())).unwrap_or_default(),
        );
    }
}

/// Reads one answer to its end and gives its status.
async fn answer(wire: &mut BufReader<TcpStream>) -> u16 {
    let (mut status, mut length, mut chunked) = (0, 0, false);
    loop {
        let mut line = String::new();
        wire.read_line(&mut line).await.expect("a header");
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if line.starts_with("http/") {
            status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        } else if let Some(n) = line.strip_prefix("content-length:") {
            length = n.trim().parse().unwrap_or(0);
        } else if line.starts_with("transfer-encoding:") {
            chunked = true;
        }
    }
    let mut body = vec![0; length];
    wire.read_exact(&mut body).await.expect("a body");
    while chunked {
        let mut line = String::new();
        wire.read_line(&mut line).await.expect("a chunk");
        let size = usize::from_str_radix(line.trim_end(), 16).expect("a chunk's size");
        body.resize(size + 2, 0);
        wire.read_exact(&mut body).await.expect("a chunk");
        chunked = size > 0;
    }
    status
}

async fn furnish(store: &Store, here: CampaignId) -> Result<(), StoreError> {
    store
        .write(move |tx| async move {
            let one = Campaign {
                id: here,
                name: "清水县".into(),
                place: "清水县".into(),
                kind: "文明城市".into(),
                year: 2026,
                starts_on: None,
                ends_on: None,
                created_at: now(),
                version: 1,
            };
            campaign::add(&tx, &one).await?;
            let units =
                (0..UNITS).map(|n| Unit::new(here, unit_id(n), format!("第{n}单位"), UnitKind::Department));
            campaign::add_units(&tx, &units.collect::<Vec<_>>()).await?;
            for ordinal in 0..4 {
                let id = phase_id(ordinal);
                let ordinal = i32::try_from(ordinal).unwrap_or(0);
                let title = format!("第{ordinal}阶段");
                campaign::add_phase(
                    &tx,
                    &Phase { campaign: here, id, title, start: None, end: None, ordinal },
                )
                .await?;
            }
            ledger::record(&tx, act("bench", Subject::installed(SubjectKind::Installation, Uuid::nil())))
                .await
                .map(drop)
        })
        .await
}

async fn fill(store: &Store, here: CampaignId, first: u32, count: u32) -> Result<Vec<DutyId>, StoreError> {
    let duties: Vec<Duty> = (first..first + count).map(|n| new_duty(here, n)).collect();
    let duties = Arc::new(duties);
    let entry = act("duty.add", Subject::of(here, SubjectKind::Duty, duties[0].id.0));
    store
        .write_keyed(move |tx| {
            let (duties, entry) = (Arc::clone(&duties), entry.clone());
            async move {
                duty::add_many(&tx, &duties).await?;
                ledger::record(&tx, entry).await?;
                Ok(duties.iter().map(|duty| duty.id).collect())
            }
        })
        .await
}

/// CPU time of this process so far.
fn cpu() -> Duration {
    program::cpu("self")
}

/// What the engine does for one thread that has nothing else to do: the measure of all the rest.
fn bare_sqlite(folder: &Path) {
    if only().is_some() {
        return;
    }
    let wire = rusqlite::Connection::open(folder.join("bare.db")).expect("a connection");
    wire.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (id BLOB PRIMARY KEY, body TEXT)",
    )
    .expect("a table");
    let body = "x".repeat(900);
    for rows in [1, 8, 64] {
        let (cpu, begun, mut done) = (cpu(), Instant::now(), 0_u32);
        while begun.elapsed() < RUN {
            wire.execute_batch("BEGIN IMMEDIATE").expect("a transaction");
            for _ in 0..rows {
                let mut insert = wire.prepare_cached("INSERT INTO bare VALUES (?, ?)").expect("a statement");
                insert.execute((fresh().as_bytes().as_slice(), &body)).expect("a row");
                done += 1;
            }
            wire.execute_batch("COMMIT").expect("committed");
        }
        print_bare("SQLite", rows, done, begun, cpu);
    }
}

async fn bare_postgres(url: &str) {
    if only().is_some() {
        return;
    }
    let mut wire = sqlx::PgConnection::connect(url).await.expect("a connection");
    wire.execute("CREATE TABLE bare (id bytea PRIMARY KEY, body text)").await.expect("a table");
    for rows in [1, 8, 64] {
        let (cpu, begun, mut done) = (cpu(), Instant::now(), 0_u32);
        while begun.elapsed() < RUN {
            let mut tx = wire.begin().await.expect("a transaction");
            for _ in 0..rows {
                let insert =
                    sqlx::query("INSERT INTO bare VALUES ($1, $2)").bind(fresh().as_bytes().to_vec());
                insert.bind("x".repeat(900)).execute(&mut *tx).await.expect("a row");
                done += 1;
            }
            tx.commit().await.expect("committed");
        }
        print_bare("PostgreSQL", rows, done, begun, cpu);
    }
}

fn print_bare(engine: &str, rows: u32, done: u32, begun: Instant, before: Duration) {
    let elapsed = begun.elapsed();
    println!(
        "{:<44} {:>8.0}/s  CPU {:>6.3} ms",
        format!("bare {engine}, {rows} rows a transaction"),
        f64::from(done) / elapsed.as_secs_f64(),
        (cpu() - before).as_secs_f64() * 1e3 / f64::from(done.max(1)),
    );
}
