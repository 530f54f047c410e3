//! The evening before the deadline: `cargo bench -p chengjing --bench evening [-- --minutes 5] [--liaisons 500] [--slow 64]
//! [--no-postgres] [--no-sqlite]`.
//!
//! So many liaisons, spread over so many minutes, each log in, open their tasks, take one on, send a photograph of 1 to 2 MB
//! and report with it, while slow clients send and read two kilobytes a second. Prints for each kind of request how long one
//! waited and how many were refused, the server's CPU a request, and its memory before, at its highest, and after.
#![allow(clippy::print_stdout, reason = "its figures are what it is for")]

mod program;

use std::{
    cell::RefCell,
    collections::BTreeMap,
    path::Path,
    rc::Rc,
    time::{Duration, Instant},
};

use image::{ImageFormat, RgbImage};
use program::{Body, Program, exchange};
use serde_json::{Value, json};
use sqlx::{Connection, Executor};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::{JoinSet, spawn_local},
    time::sleep,
};

const PASSWORD: &str = "Qingshui-2026";
/// A phone's pieces.
const PIECE: usize = 1 << 20;
/// What a slow client sends and reads in a second.
const SLOW: usize = 2048;
/// Fillers of the data at a time.
const FILLERS: usize = 8;

/// What is asked for on the command line.
struct Wish {
    minutes: f64,
    liaisons: usize,
    slow: usize,
}

fn main() {
    let mut wish = Wish { minutes: 5.0, liaisons: 500, slow: 64 };
    let (mut sqlite, mut postgres) = (true, std::env::var("CHENGJING_TEST_POSTGRES").ok());
    let mut arguments = std::env::args();
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|text| text.parse::<f64>().ok()).unwrap_or(1.0);
        match argument.as_str() {
            "--minutes" => wish.minutes = number(),
            "--liaisons" => wish.liaisons = number() as usize,
            "--slow" => wish.slow = number() as usize,
            "--no-sqlite" => sqlite = false,
            "--no-postgres" => postgres = None,
            _ => {}
        }
    }
    // One thread asks; the server has the rest of the machine.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let base = std::env::var_os("CHENGJING_BENCH_DIR").map_or_else(std::env::temp_dir, Into::into);
        if sqlite {
            println!("\n## SQLite");
            let folder = tempfile::tempdir_in(&base).expect("a folder");
            let database = format!("sqlite:{}", folder.path().join("chengjing.db").display());
            evening(&database, folder.path(), &wish).await;
        }
        if let Some(server) = postgres {
            println!("\n## PostgreSQL");
            let folder = tempfile::tempdir_in(&base).expect("a folder");
            let name = format!("evening_{}", std::process::id());
            let mut wire = sqlx::PgConnection::connect(&server).await.expect("PostgreSQL");
            wire.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a database");
            let (address, _) = server.rsplit_once('/').expect("a URL that ends in a database");
            evening(&format!("{address}/{name}"), folder.path(), &wish).await;
            let gone = format!("DROP DATABASE {name} WITH (FORCE)");
            wire.execute(sqlx::AssertSqlSafe(gone)).await.expect("dropped");
        }
    });
}

/// How long the requests of a kind took, and how many were refused, by status.
#[derive(Default)]
struct Tally {
    times: Vec<Duration>,
    refused: BTreeMap<u16, usize>,
}
type Tallies = Rc<RefCell<BTreeMap<&'static str, Tally>>>;

async fn evening(database: &str, folder: &Path, wish: &Wish) {
    let server = Server::start(database, folder).await;
    let begun = Instant::now();
    let campaign = server.fill(wish.liaisons).await;
    println!(
        "{} units with a task and a liaison each, in {:.0} s",
        wish.liaisons,
        begun.elapsed().as_secs_f64()
    );
    let photo = Rc::new(photograph());
    let (before, cpu, begun) = (server.program.memory(), server.program.cpu(), Instant::now());
    let tallies = Tallies::default();
    let mut slow = JoinSet::new();
    for n in 0..wish.slow {
        slow.spawn_local(crawl(server.address.clone(), server.token.clone(), campaign.clone(), n));
    }
    let mut people = JoinSet::new();
    for n in 0..wish.liaisons {
        let wait = Duration::from_secs_f64(wish.minutes * 60.0 * n as f64 / wish.liaisons as f64);
        let (address, campaign) = (server.address.clone(), campaign.clone());
        let (photo, tallies) = (Rc::clone(&photo), Rc::clone(&tallies));
        people.spawn_local(async move {
            sleep(wait).await;
            Phone { address, token: None, tallies }.report(n, &campaign, &photo).await
        });
    }
    let mut reported = 0;
    while let Some(done) = people.join_next().await {
        reported += usize::from(done.expect("joined").is_some());
    }
    slow.abort_all();
    let (elapsed, cpu) = (begun.elapsed(), server.program.cpu() - cpu);
    let tallies = tallies.borrow();
    let mut all = 0;
    for (kind, tally) in tallies.iter() {
        let mut times = tally.times.clone();
        times.sort_unstable();
        all += times.len() + tally.refused.values().sum::<usize>();
        let at = |share: usize| {
            times.get(times.len() * share / 100).copied().unwrap_or_default().as_secs_f64() * 1e3
        };
        let refused: Vec<String> =
            tally.refused.iter().map(|(status, n)| format!("{n} × {status}")).collect();
        let refused = if refused.is_empty() { "none".to_owned() } else { refused.join(", ") };
        println!(
            "{kind:<20} {:>6}  p50 {:>8.2} ms  p99 {:>8.2} ms  refused: {refused}",
            times.len(),
            at(50),
            at(99)
        );
    }
    println!(
        "{reported} of {} reported in {:.0} s; {all} requests, CPU {:.3} ms each; memory {before} MB before, {} MB at most, \
         {} MB after",
        wish.liaisons,
        elapsed.as_secs_f64(),
        cpu.as_secs_f64() * 1e3 / all.max(1) as f64,
        server.program.most_memory(),
        server.program.memory(),
    );
    server.program.stop();
}

/// A photograph as a phone takes it: twelve megapixels, some 1.5 MB.
fn photograph() -> Vec<u8> {
    // Grain, which no two neighbours share.
    let mut x = 1_u32;
    let picture = RgbImage::from_fn(4000, 3000, |column, row| {
        x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let light = u8::try_from((column / 16 + row / 12) % 230).unwrap_or(0);
        let grain = u8::try_from(x >> 30).unwrap_or(0);
        image::Rgb([light + grain, light / 2 + grain, 200 - light / 2 + grain])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Jpeg).expect("a JPEG");
    let mut bytes = bytes.into_inner();
    // What follows a picture's end belongs to no picture, but to the file.
    bytes.resize(bytes.len().max(3 << 19), 0);
    bytes
}

/// Somebody's phone.
struct Phone {
    address: String,
    token: Option<String>,
    tallies: Tallies,
}

impl Phone {
    /// From the login to the report; None where something was refused.
    async fn report(mut self, n: usize, campaign: &str, photo: &[u8]) -> Option<()> {
        let login = json!({ "name": format!("liaison{n}"), "password": PASSWORD });
        let (_, head) = self.ask("log in", "POST", "/session", "", Body::Json(login)).await?;
        self.token =
            head.get("set-cookie").and_then(|cookie| cookie.split(['=', ';']).nth(1)).map(str::to_owned);
        let inside = format!("/campaigns/{campaign}");
        self.ask("session", "GET", "/session", "", Body::None).await?;
        self.ask("unread", "GET", "/notices/count", "", Body::None).await?;
        let (list, _) =
            self.ask("list of tasks", "GET", &format!("{inside}/tasks?turn=unit"), "", Body::None).await?;
        let task = format!("{inside}/tasks/{}", list["items"][0]["id"].as_str()?);
        let (seen, _) = self.ask("one task", "GET", &task, "", Body::None).await?;
        let accepted = self.act("accept", &task, &seen, json!({ "deed": "accept" })).await?;
        // Each phone's photograph is another file.
        let mut own = photo.to_vec();
        own.extend_from_slice(format!("liaison {n}").as_bytes());
        let file = json!({ "name": "IMG_0001.jpg", "size": own.len(), "sha256": null });
        let (upload, _) =
            self.ask("begin an upload", "POST", &format!("{inside}/uploads"), "", Body::Json(file)).await?;
        let path = format!("{inside}/uploads/{}", upload["id"].as_str()?);
        for (place, piece) in own.chunks(PIECE).enumerate() {
            let at = format!("Upload-Offset: {}\r\n", place * PIECE);
            self.ask("piece of a photo", "PATCH", &path, &at, Body::Bytes(piece)).await?;
        }
        let report = json!({ "deed": "report", "note": "已完成,见照片。", "attachment_ids": [upload["id"]] });
        self.act("report", &task, &accepted, report).await?;
        Some(())
    }

    async fn act(&mut self, kind: &'static str, task: &str, seen: &Value, deed: Value) -> Option<Value> {
        let tag = format!("If-Match: \"v{}\"\r\n", seen["version"]);
        Some(self.ask(kind, "POST", &format!("{task}/deeds"), &tag, Body::Json(deed)).await?.0)
    }

    /// Asks on a connection of its own, as a phone between two cells does, and notes how it went.
    async fn ask(
        &mut self,
        kind: &'static str,
        method: &str,
        path: &str,
        headers: &str,
        body: Body<'_>,
    ) -> Option<(Value, BTreeMap<String, String>)> {
        let begun = Instant::now();
        let (status, head, bytes) =
            exchange(&self.address, self.token.as_deref(), method, path, headers, body)
                .await
                .unwrap_or_default();
        let mut tallies = self.tallies.borrow_mut();
        let tally = tallies.entry(kind).or_default();
        if !(200..300).contains(&status) {
            *tally.refused.entry(status).or_default() += 1;
            return None;
        }
        tally.times.push(begun.elapsed());
        Some((serde_json::from_slice(&bytes).unwrap_or(Value::Null), head))
    }
}

/// Sends a request, or reads an answer, at two kilobytes a second, again and again.
async fn crawl(address: String, token: String, campaign: String, n: usize) {
    loop {
        let Ok(mut wire) = TcpStream::connect(&address).await else { return };
        let list = format!("/api/v1/campaigns/{campaign}/tasks?limit=200");
        let (request, filler) = if n.is_multiple_of(2) {
            (format!("GET {list} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n"), 0)
        } else {
            let file = 64 * SLOW;
            let path = format!("/api/v1/campaigns/{campaign}/plans?name=slow.txt");
            (
                format!(
                    "POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nContent-Length: {file}\r\n\r\n"
                ),
                file,
            )
        };
        if wire.write_all(request.as_bytes()).await.is_err() {
            continue;
        }
        let mut some = vec![b' '; SLOW];
        for _ in 0..filler / SLOW {
            sleep(Duration::from_secs(1)).await;
            if wire.write_all(&some).await.is_err() {
                break;
            }
        }
        // Until the server has had enough of it.
        while wire.read(&mut some).await.is_ok_and(|read| read > 0) {
            sleep(Duration::from_secs(1)).await;
        }
    }
}

/// The program itself, and an administrator's token.
struct Server {
    program: Program,
    address: String,
    token: String,
}

impl Server {
    async fn start(database: &str, folder: &Path) -> Self {
        let program = Program::serve(database, folder, &[]).await;
        let address = program.address.clone();
        let first = json!({ "name": "admin", "display_name": "贺明远", "password": PASSWORD });
        let made =
            exchange(&address, None, "POST", "/setup", "", Body::Json(first)).await.expect("an answer");
        let cookie = made.1.get("set-cookie").expect("a session");
        let token = cookie.split(['=', ';']).nth(1).expect("its secret").to_owned();
        Self { program, address, token }
    }

    /// A campaign in which each of so many units owes something and has a liaison.
    async fn fill(&self, liaisons: usize) -> String {
        let new = json!({ "name": "创建文明城市", "place": "清水县", "kind": "文明城市", "year": 2026 });
        let campaign = self.must("/campaigns", new).await["id"].as_str().expect("an id").to_owned();
        let next = Rc::new(RefCell::new(0..liaisons));
        let mut fillers = Vec::new();
        for _ in 0..FILLERS {
            let (next, campaign) = (Rc::clone(&next), campaign.clone());
            let (address, token) = (self.address.clone(), self.token.clone());
            fillers.push(spawn_local(async move {
                loop {
                    let Some(n) = next.borrow_mut().next() else { return };
                    let inside = format!("/campaigns/{campaign}");
                    let unit = json!({ "name": format!("第{n}单位"), "kind": "department" });
                    let unit = must(&address, &token, &format!("{inside}/units"), unit).await["id"].clone();
                    let duty = json!({ "title": format!("清理背街小巷{n}"), "text": "逐街逐巷清理。", "due": "2026-12-31", "units": [{ "id": unit, "role": "responsible" }] });
                    must(&address, &token, &format!("{inside}/duties"), duty).await;
                    let grant = json!({ "role": "liaison", "campaign_id": campaign, "unit_id": unit });
                    let user = json!({ "name": format!("liaison{n}"), "display_name": format!("联络员{n}"), "password": PASSWORD, "must_change_password": false, "grants": [grant] });
                    must(&address, &token, "/users", user).await;
                }
            }));
        }
        for filler in fillers {
            filler.await.expect("filled");
        }
        campaign
    }

    async fn must(&self, path: &str, body: Value) -> Value {
        must(&self.address, &self.token, path, body).await
    }
}

/// What must be stored; where eight at once are too many for PostgreSQL, after the moment that it asks for.
async fn must(address: &str, token: &str, path: &str, body: Value) -> Value {
    loop {
        let body = Body::Json(body.clone());
        let answer = exchange(address, Some(token), "POST", path, "", body).await.expect("an answer");
        if answer.0 == 503 {
            sleep(Duration::from_secs(1)).await;
            continue;
        }
        assert_eq!(answer.0, 201, "{path}: {}", String::from_utf8_lossy(&answer.2));
        return serde_json::from_slice(&answer.2).expect("JSON");
    }
}
