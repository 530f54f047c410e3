//! Filing evidence: `cargo bench -p chengjing --bench filing [-- --rounds 3]`, and with `-- --dossier [--files 5000]
//! [--gigabytes 20]` a dossier of it.
//!
//! Starts the program itself on an empty database and sends it files as the web app does: announced with their hash, in
//! pieces of 1 MiB that grow to 8. Prints megabytes (10^6 bytes) a second, the server's CPU, how long a piece took, and the
//! server's memory; beside it what `openssl speed`, the server's own SHA-256 and writing the same bytes come to in the same
//! run. The client has the files in memory and their hashes beforehand, hands them to the kernel unread, and shares the
//! machine with the server. `CHENGJING_BENCH_DIR` names a folder on the disk that is meant.
#![allow(clippy::print_stdout, reason = "its figures are what it is for")]

mod program;

use std::{
    cell::RefCell,
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use program::{Body, Program, cpu, exchange, length, receive, receive_head, send, status};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncReadExt, BufReader},
    net::TcpStream,
    task::JoinSet,
    time::sleep,
};

const PASSWORD: &str = "Qingshui-2026";
const MIB: usize = 1 << 20;
/// The web app's first piece and its largest.
const PIECES: (usize, usize) = (MIB, 8 * MIB);
/// How often the server's memory is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// Those who fill a dossier at a time.
const FILLERS: usize = 8;
/// The leaves that its materials are filed for, and the materials that share a file's bytes.
const LEAVES: usize = 50;
const SHARED: usize = 20;

fn main() {
    let (mut rounds, mut dossier, mut files, mut gigabytes) = (3, false, 5_000, 20.0);
    let mut arguments = std::env::args();
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|text| text.parse::<f64>().ok()).unwrap_or(1.0);
        match argument.as_str() {
            "--rounds" => rounds = number() as usize,
            "--dossier" => dossier = true,
            "--files" => files = number() as usize,
            "--gigabytes" => gigabytes = number(),
            _ => {}
        }
    }
    // One thread asks; the server has the rest of the machine.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let base = std::env::var_os("CHENGJING_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
        let folder = tempfile::tempdir_in(base).expect("a folder");
        if dossier {
            pack(folder.path(), files.max(1), gigabytes).await;
        } else {
            upload(folder.path(), rounds).await;
        }
    });
}

/// Bytes that no two stretches of are alike, behind a head that says what they are.
fn noise(head: &[u8], size: usize, seed: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(size + 8);
    bytes.extend(head);
    let mut x = 0x9e37_79b9_7f4a_7c15_u64 ^ seed.wrapping_mul(0xd134_2543_de82_ef95);
    while bytes.len() < size {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        bytes.extend(x.to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

/// A file that is to be sent, in memory.
struct Parcel {
    name: &'static str,
    file: File,
    size: usize,
    sha256: String,
}

impl Parcel {
    fn video(size: usize, seed: u64) -> Self {
        Self::new("现场.mp4", &noise(b"\0\0\0\x18ftypisom\0\0\0\0isomiso2", size, seed))
    }

    fn document(size: usize, seed: u64) -> Self {
        Self::new("通知.pdf", &noise(b"%PDF-1.7\n", size, seed))
    }

    fn new(name: &'static str, bytes: &[u8]) -> Self {
        let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let mut file = tempfile::tempfile_in("/dev/shm").or_else(|_| tempfile::tempfile()).expect("a file");
        file.write_all(bytes).expect("written");
        Self { name, file, size: bytes.len(), sha256 }
    }
}

/// MB a second.
fn rate(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / 1e6 / time.as_secs_f64().max(1e-9)
}

/// Seconds a GB.
fn a_gigabyte(bytes: usize, time: Duration) -> f64 {
    time.as_secs_f64() * 1e9 / bytes as f64
}

/// What hashing and writing come to without a server.
struct Bare {
    openssl: Option<f64>,
    /// Seconds of CPU a GB.
    sha256: f64,
}

fn bare(folder: &Path) -> Bare {
    let openssl = openssl();
    match openssl {
        Some(rate) => println!("{:<44} {rate:>6.0} MB/s", "openssl speed sha256, one core"),
        None => println!("there is no openssl to compare with"),
    }
    let bytes = noise(b"", 256 * MIB, 1);
    let (before, begun) = (cpu("self"), Instant::now());
    let mut hasher = Sha256::new();
    for piece in bytes.chunks(256 << 10) {
        hasher.update(piece);
    }
    let (time, cpu_hashing) = (begun.elapsed(), cpu("self") - before);
    assert_ne!(hasher.finalize()[..], [0; 32]);
    let name = "the server's SHA-256, one core";
    println!("{name:<44} {:>6.0} MB/s", rate(bytes.len(), time));
    let path = folder.join("bare");
    let (before, begun) = (cpu("self"), Instant::now());
    let mut file = File::create(&path).expect("a file");
    for piece in bytes.chunks(PIECES.1) {
        file.write_all(piece).expect("written");
        file.sync_data().expect("on disk");
    }
    let (time, cpu_writing) = (begun.elapsed(), cpu("self") - before);
    println!(
        "{:<44} {:>6.0} MB/s  CPU {:.2} s/GB",
        "pieces of 8 MiB written and synced, bare",
        rate(bytes.len(), time),
        a_gigabyte(bytes.len(), cpu_writing)
    );
    drop(file);
    std::fs::remove_file(path).expect("removed");
    Bare { openssl, sha256: a_gigabyte(bytes.len(), cpu_hashing) }
}

/// MB a second, as openssl says itself; None where it is not there.
fn openssl() -> Option<f64> {
    let speed = ["speed", "-seconds", "2", "-bytes", "16384", "sha256"];
    let said = Command::new("openssl").args(speed).output().ok()?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let line = said.lines().rev().find(|line| line.starts_with("sha256"))?;
    let thousands: f64 = line.split_whitespace().last()?.strip_suffix('k')?.parse().ok()?;
    Some(thousands / 1e3)
}

/// Looks at a server's memory from beside.
struct Watch {
    over: Arc<AtomicBool>,
    most: Arc<AtomicU64>,
    looking: JoinHandle<()>,
}

impl Watch {
    fn begin(process: u32) -> Self {
        let (over, most) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (end, highest) = (Arc::clone(&over), Arc::clone(&most));
        let looking = std::thread::spawn(move || {
            while !end.load(Ordering::Relaxed) {
                highest.fetch_max(status(process, "VmRSS:"), Ordering::Relaxed);
                std::thread::sleep(LOOK);
            }
        });
        Self { over, most, looking }
    }

    /// The most that was seen, in MB.
    fn end(self) -> u64 {
        self.over.store(true, Ordering::Relaxed);
        self.looking.join().expect("looked");
        self.most.load(Ordering::Relaxed)
    }
}

async fn upload(folder: &Path, rounds: usize) {
    println!("## Uploads");
    let office = Office::open(folder).await;
    for round in 0..rounds {
        println!("\nround {}", round + 1);
        let bare = bare(folder);
        for (files, size) in [(1, 256 * MIB), (8, 16 * MIB), (64, 16 * MIB), (64, 64 * MIB)] {
            let seed = (round * 1_000 + files * 10) as u64 + 7;
            let parcels: Vec<Rc<Parcel>> =
                (0..files as u64).map(|n| Rc::new(Parcel::video(size, seed + n * 1_000_003))).collect();
            office.measure(&parcels, &bare).await;
        }
    }
    office.program.stop();
}

/// The program itself, with a campaign that has a unit and its liaison.
struct Office {
    program: Program,
    /// The administrator's token, and the liaison's.
    token: String,
    liaison: String,
    campaign: String,
    unit: Value,
}

impl Office {
    async fn open(folder: &Path) -> Self {
        let database = format!("sqlite:{}", folder.join("chengjing.db").display());
        let program = Program::serve(&database, folder, &[("CHENGJING_UPLOAD_LIMIT", "300")]).await;
        let first = json!({ "name": "admin", "display_name": "贺明远", "password": PASSWORD });
        let token = enter(&program.address, "/setup", first).await;
        let none = Value::Null;
        let mut office = Self { program, token, liaison: String::new(), campaign: String::new(), unit: none };
        let new = json!({ "name": "创建文明城市", "place": "清水县", "kind": "文明城市", "year": 2026 });
        office.campaign = office.must("/campaigns", new).await["id"].as_str().expect("an id").to_owned();
        let unit = json!({ "name": "县教育局", "kind": "department" });
        office.unit = office.must(&office.inside("units"), unit).await["id"].clone();
        let grant = json!({ "role": "liaison", "campaign_id": office.campaign, "unit_id": office.unit });
        let user = json!({ "name": "liaison", "display_name": "联络员", "password": PASSWORD, "must_change_password": false, "grants": [grant] });
        office.must("/users", user).await;
        let login = json!({ "name": "liaison", "password": PASSWORD });
        office.liaison = enter(&office.program.address, "/session", login).await;
        office
    }

    fn inside(&self, path: &str) -> String {
        format!("/campaigns/{}/{path}", self.campaign)
    }

    async fn must(&self, path: &str, body: Value) -> Value {
        self.ask(&self.token, "POST", path, "", Body::Json(body)).await
    }

    async fn ask(&self, token: &str, method: &str, path: &str, headers: &str, body: Body<'_>) -> Value {
        let answer = exchange(&self.program.address, Some(token), method, path, headers, body).await;
        well(path, answer.expect("an answer"))
    }

    /// Sends all of them at once and prints how it went.
    async fn measure(&self, parcels: &[Rc<Parcel>], bare: &Bare) {
        // What the last ones left is given back by now.
        sleep(Duration::from_secs(1)).await;
        let before = self.program.memory();
        let watch = Watch::begin(self.program.id());
        let (cpu, begun) = (self.program.cpu(), Instant::now());
        let mut senders = JoinSet::new();
        for parcel in parcels {
            let mut sender = self.sender(&self.liaison).await;
            let parcel = Rc::clone(parcel);
            senders.spawn_local(async move {
                sender.send(&parcel).await;
                sender.pieces
            });
        }
        let mut pieces = Vec::new();
        while let Some(sent) = senders.join_next().await {
            pieces.extend(sent.expect("sent"));
        }
        let (time, cpu) = (begun.elapsed(), self.program.cpu() - cpu);
        let most = watch.end();
        sleep(Duration::from_secs(1)).await;
        pieces.sort_unstable();
        let at = |share: usize| pieces[pieces.len() * share / 100].as_secs_f64() * 1e3;
        let bytes: usize = parcels.iter().map(|parcel| parcel.size).sum();
        let (rate, cpu) = (rate(bytes, time), a_gigabyte(bytes, cpu));
        let share = bare.openssl.map(|openssl| format!(" ({:.0} % of openssl)", rate / openssl * 100.0));
        println!(
            "{:<44} {rate:>6.0} MB/s{}  CPU {cpu:.2} s/GB, {:.0} % of it the hash  {} pieces, p50 {:.0} ms, p99 {:.0} ms  \
             memory {before} MB before, {most} at most, {} after",
            format!("{} files of {} MiB at once", parcels.len(), parcels[0].size / MIB),
            share.unwrap_or_default(),
            bare.sha256 / cpu * 100.0,
            pieces.len(),
            at(50),
            at(99),
            self.program.memory(),
        );
    }

    /// Somebody's connection.
    async fn sender(&self, token: &str) -> Sender {
        let wire = TcpStream::connect(&self.program.address).await.expect("a connection");
        wire.set_nodelay(true).ok();
        let (uploads, token) = (self.inside("uploads"), token.to_owned());
        Sender { wire: BufReader::new(wire), token, uploads, pieces: Vec::new() }
    }
}

/// Logs in; the session's secret serves as a token.
async fn enter(address: &str, path: &str, who: Value) -> String {
    let made = exchange(address, None, "POST", path, "", Body::Json(who)).await.expect("an answer");
    let cookie = made.1.get("set-cookie").expect("a session");
    cookie.split(['=', ';']).nth(1).expect("its secret").to_owned()
}

/// What a request that must not fail came to.
fn well(path: &str, (status, _, bytes): program::Exchanged) -> Value {
    assert!((200..300).contains(&status), "{path}: {status} {}", String::from_utf8_lossy(&bytes));
    serde_json::from_slice(&bytes).unwrap_or(Value::Null)
}

/// Sends one file after the other on a connection that it keeps.
struct Sender {
    wire: BufReader<TcpStream>,
    token: String,
    uploads: String,
    /// How long each piece took.
    pieces: Vec<Duration>,
}

impl Sender {
    /// The attachment that the file becomes.
    async fn send(&mut self, parcel: &Parcel) -> Value {
        let Parcel { name, file, size, sha256 } = parcel;
        let new = json!({ "name": name, "size": size, "sha256": sha256 });
        let begun = self.ask("POST", &self.uploads.clone(), "", Body::Json(new)).await;
        let path = format!("{}/{}", self.uploads, begun["id"].as_str().expect("an id"));
        let (mut at, mut piece) = (0, PIECES.0);
        loop {
            let some = piece.min(size - at);
            let begun = Instant::now();
            let offset = format!("Upload-Offset: {at}\r\n");
            let upload = self.ask("PATCH", &path, &offset, Body::Stretch(file, at as u64, some)).await;
            self.pieces.push(begun.elapsed());
            at += some;
            piece = PIECES.1.min(piece * 2);
            if at == *size {
                assert_eq!(upload["attachment"]["sha256"], sha256.as_str(), "{upload}");
                return upload["attachment"]["id"].clone();
            }
        }
    }

    async fn ask(&mut self, method: &str, path: &str, headers: &str, body: Body<'_>) -> Value {
        send(&mut self.wire, Some(&self.token), method, path, headers, body).await.expect("sent");
        well(path, receive(&mut self.wire).await.expect("an answer"))
    }
}

/// Files so many documents, has them accepted, and has a dossier of them packed and fetched.
async fn pack(folder: &Path, files: usize, gigabytes: f64) {
    let office = Rc::new(Office::open(folder).await);
    let size = ((gigabytes * 1e9) as usize / files).max(1_000);
    let distinct = files.div_ceil(SHARED);
    println!(
        "## A dossier of {files} files of {:.2} MB, {:.1} GB; each file's bytes are filed by {SHARED} materials ({distinct} \
         different files in the store), for {LEAVES} leaves",
        size as f64 / 1e6,
        (size * files) as f64 / 1e9
    );
    let begun = Instant::now();
    let standard = office.assess().await;
    let next = Rc::new(RefCell::new(0..files));
    let mut fillers = JoinSet::new();
    for _ in 0..FILLERS {
        let (office, next, standard) = (Rc::clone(&office), Rc::clone(&next), standard.clone());
        fillers.spawn_local(async move {
            let mut sender = office.sender(&office.liaison).await;
            loop {
                let Some(n) = next.borrow_mut().next() else { return };
                let parcel = Parcel::document(size, (n % distinct) as u64);
                let attachment = sender.send(&parcel).await;
                office.file(&mut sender, &standard, n, attachment).await;
            }
        });
    }
    while let Some(filled) = fillers.join_next().await {
        filled.expect("filled");
    }
    println!("filed and accepted in {:.0} s", begun.elapsed().as_secs_f64());
    sleep(Duration::from_secs(2)).await;
    let before = office.program.memory();

    let watch = Watch::begin(office.program.id());
    let (cpu, begun) = (office.program.cpu(), Instant::now());
    let ordered = office.must(&office.inside("dossiers"), json!({})).await;
    let job = format!("/jobs/{}", ordered["job"].as_str().expect("a job"));
    let packed = loop {
        let now = office.ask(&office.token, "GET", &job, "", Body::None).await;
        if !["queued", "running"].contains(&now["state"].as_str().unwrap_or_default()) {
            break now;
        }
        sleep(Duration::from_millis(200)).await;
    };
    let (time, cpu) = (begun.elapsed(), office.program.cpu() - cpu);
    assert_eq!(packed["state"], "done", "{packed}");
    let result = &packed["result"];
    assert_eq!((&result["files"], &result["missing"]), (&json!(files), &json!(0)), "{result}");
    let bytes = usize::try_from(result["size"].as_u64().expect("a size")).expect("a size");
    println!(
        "packed: {bytes} bytes in {:.0} s, {:.0} MB/s, CPU {:.2} s/GB; memory {before} MB before, {} at most",
        time.as_secs_f64(),
        rate(bytes, time),
        a_gigabyte(bytes, cpu),
        watch.end()
    );

    let watch = Watch::begin(office.program.id());
    let (cpu, begun) = (office.program.cpu(), Instant::now());
    let fetched = office.fetch(&format!("{job}/file")).await;
    let (time, cpu) = (begun.elapsed(), office.program.cpu() - cpu);
    assert_eq!(fetched, bytes);
    let most = watch.end();
    sleep(Duration::from_secs(1)).await;
    println!(
        "fetched: in {:.0} s, {:.0} MB/s, CPU {:.2} s/GB; memory {most} MB at most, {} after",
        time.as_secs_f64(),
        rate(bytes, time),
        a_gigabyte(bytes, cpu),
        office.program.memory()
    );
    let Ok(Office { program, .. }) = Rc::try_unwrap(office) else { panic!("somebody still files") };
    program.stop();
}

impl Office {
    /// A standard that asks documents for each of its leaves, attached; its id.
    async fn assess(&self) -> Value {
        let mut catalogue = "id: ours\nedition: \"1\"\ntitle: 共用\ncatalogue:\n  requirements:\n".to_owned();
        let mut standard = format!(
            "id: bench\nedition: \"2026\"\ntitle: 测评体系\nmarks: {LEAVES}\nuses:\n  - {{ catalogue: ours, edition: \"1\" }}\ntree:\n"
        );
        for n in 0..LEAVES {
            catalogue.push_str(&format!(
                "    - id: r{n}\n      title: 第{n}项要求\n      filings:\n        - {{ kind: issued_document }}\n"
            ));
            standard.push_str(&format!(
                "  - code: \"{n}\"\n    title: 第{n}项指标\n    marks: 1\n    measures:\n      - method: material\n        \
                 requirements: [r{n}]\n        grading: {{ form: ratio }}\n"
            ));
        }
        let of = format!("?campaign={}", self.campaign);
        let (shelf, drafts) = (format!("/catalogues{of}"), format!("/standards{of}"));
        self.ask(&self.token, "POST", &shelf, "", Body::Bytes(catalogue.as_bytes())).await;
        let draft = self.ask(&self.token, "POST", &drafts, "", Body::Bytes(standard.as_bytes())).await;
        let (id, edition) = (&draft["standard"]["id"], &draft["id"]);
        let text = |value: &Value| value.as_str().expect("an id").to_owned();
        let published = format!("/standards/{}/editions/{}/publication", text(id), text(edition));
        let seen = format!("If-Match: \"v{}\"\r\n", draft["version"]);
        self.ask(&self.token, "POST", &published, &seen, Body::None).await;
        self.must(&self.inside("standards"), json!({ "edition_id": edition })).await;
        id.clone()
    }

    /// Files a document for a leaf and accepts it.
    async fn file(&self, sender: &mut Sender, standard: &Value, n: usize, attachment: Value) {
        let requirement = format!("r{}", n % LEAVES);
        let material = json!({
            "unit_id": self.unit, "kind": "issued_document",
            "requirements": [{ "standard_id": standard, "requirement": requirement }],
            "content": { "title": format!("第{n}号通知"), "made_on": "2026-04-07", "attachment_ids": [attachment] },
        });
        let evidence = self.inside("evidence");
        let filed = sender.ask("POST", &evidence, "", Body::Json(material)).await;
        let link = &filed["links"][0];
        let accept = json!({ "deed": "accept", "link_id": link["id"], "version": link["version"] });
        let reviews = format!("{evidence}/{}/reviews", filed["id"].as_str().expect("an id"));
        self.must(&reviews, json!({ "decisions": [accept] })).await;
    }

    /// Reads a file to its end without keeping it; how long it was.
    async fn fetch(&self, path: &str) -> usize {
        let mut wire = self.sender(&self.token).await.wire;
        send(&mut wire, Some(&self.token), "GET", path, "", Body::None).await.expect("sent");
        let (status, headers) = receive_head(&mut wire).await.expect("an answer");
        assert_eq!(status, 200, "{path}");
        let (whole, mut read, mut some) = (length(&headers), 0, vec![0; MIB]);
        while read < whole {
            match wire.read(&mut some).await.expect("bytes") {
                0 => break,
                more => read += more,
            }
        }
        read
    }
}
