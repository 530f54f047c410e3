//! The real program on a free port, and a client so plain that it can be cut off at any byte.

use std::{
    io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_chengjing");
const PASSWORD: &str = "Qingshui-2026";

/// A running `chengjing serve`; killed when it is dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts it on a folder and waits until it answers.
    pub fn start(data: &Path, database: Option<&str>) -> Self {
        let database = database.map(|url| ["--database", url]);
        Self::run("serve", data, database.as_ref().map_or(&[], |pair| &pair[..]))
    }

    /// As [`Server::start`], with its files somewhere else.
    pub fn with_files(data: &Path, place: &str) -> Self {
        Self::run("serve", data, &["--files", place])
    }

    /// As [`Server::start`], with these options.
    pub fn with_options(data: &Path, options: &[&str]) -> Self {
        Self::run("serve", data, options)
    }

    /// The made-up county.
    pub fn demo(data: &Path) -> Self {
        Self::run("demo", data, &[])
    }

    fn run(command: &str, data: &Path, more: &[&str]) -> Self {
        let mut program = Command::new(PROGRAM);
        program.args([command, "--listen", "127.0.0.1:0", "--data"]).arg(data).args(more);
        let mut child = program.stdout(Stdio::piped()).stdin(Stdio::null()).spawn().expect("the program");
        let said = BufReader::new(child.stdout.take().expect("what it says"));
        let (sender, addresses) = mpsc::channel();
        // It says itself which free port it has taken; whatever else it says is read, so that it never waits for a reader.
        std::thread::spawn(move || {
            for line in said.lines().map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("answers on http://") {
                    sender.send(address.to_owned()).ok();
                }
            }
        });
        let address = addresses.recv_timeout(Duration::from_secs(180));
        let Ok(address) = address else { panic!("the server does not start on {}", data.display()) };
        let server = Self { child, address: address.parse().expect("an address") };
        let start = Instant::now();
        while !server.client().get("/healthz").is_ok_and(|answer| answer.status == 200) {
            assert!(start.elapsed() < Duration::from_secs(180), "it listens and does not answer");
            std::thread::sleep(Duration::from_millis(10));
        }
        server
    }

    pub fn client(&self) -> Client {
        Client { address: self.address, cookie: None }
    }

    /// An administrator's client; the first call makes the administrator.
    pub fn administrator(&self) -> Client {
        let mut client = self.client();
        let first = json!({ "name": "admin", "display_name": "贺明远", "password": PASSWORD });
        let made = client.post("/api/v1/setup", &first, &[]).expect("an answer");
        let answer = if made.status == 201 {
            made
        } else {
            let login = json!({ "name": "admin", "password": PASSWORD });
            client.post("/api/v1/session", &login, &[]).expect("an answer")
        };
        let cookie = answer.header("set-cookie").expect("a session");
        client.cookie = cookie.split(';').next().map(str::to_owned);
        client
    }

    /// SIGKILL: nothing is flushed, nothing is said.
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("it ended");
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        Command::new("kill").args([&format!("-{name}"), &id]).status().expect("kill");
    }

    pub fn wait(mut self) -> ExitStatus {
        self.child.wait().expect("it ended")
    }

    /// Bytes of memory that it holds now.
    pub fn memory(&self) -> u64 {
        self.told("status", "VmRSS:").expect("its memory")
    }

    /// Bytes of it in pages of 2 MB; none where the system doesn't tell.
    pub fn in_huge_pages(&self) -> Option<u64> {
        self.told("smaps_rollup", "AnonHugePages:")
    }

    fn told(&self, file: &str, name: &str) -> Option<u64> {
        let all = std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).ok()?;
        let line = all.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Somebody who calls, with a connection of its own for each request.
#[derive(Clone)]
pub struct Client {
    pub address: SocketAddr,
    pub cookie: Option<String>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The body, where the status is that.
    #[track_caller]
    pub fn must(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.bytes));
        self.json()
    }
}

impl Client {
    pub fn get(&self, path: &str) -> Result<Answer> {
        self.send("GET", path, &[], &[])
    }

    pub fn post(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Result<Answer> {
        self.json("POST", path, body, headers)
    }

    pub fn patch(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Result<Answer> {
        self.json("PATCH", path, body, headers)
    }

    pub fn put(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Result<Answer> {
        self.json("PUT", path, body, headers)
    }

    fn json(&self, method: &str, path: &str, body: &Value, headers: &[(&str, &str)]) -> Result<Answer> {
        let headers = [&[("content-type", "application/json")], headers].concat();
        self.send(method, path, body.to_string().as_bytes(), &headers)
    }

    /// An error unless the answer arrived whole.
    pub fn send(&self, method: &str, path: &str, body: &[u8], headers: &[(&str, &str)]) -> Result<Answer> {
        let mut wire = self.begin(method, path, body.len() as u64, headers)?;
        // Who refuses a body early does not read its rest; the answer counts.
        wire.write_all(body).ok();
        read_answer(&mut wire)
    }

    /// Sends the head of a request and leaves the rest to the caller.
    pub fn begin(
        &self,
        method: &str,
        path: &str,
        length: u64,
        headers: &[(&str, &str)],
    ) -> Result<TcpStream> {
        let mut wire = TcpStream::connect_timeout(&self.address, Duration::from_secs(5))?;
        wire.set_read_timeout(Some(Duration::from_secs(180)))?;
        wire.set_nodelay(true)?;
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {length}\r\n",
            self.address
        );
        if let Some(cookie) = &self.cookie {
            head.push_str(&format!("cookie: {cookie}\r\n"));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        wire.write_all(head.as_bytes())?;
        Ok(wire)
    }
}

/// Reads to the end of the connection; an error unless what came is a whole answer.
pub fn read_answer(wire: &mut TcpStream) -> Result<Answer> {
    let mut all = Vec::new();
    let end = wire.read_to_end(&mut all);
    let broken = || Error::from(ErrorKind::UnexpectedEof);
    let head = all.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(broken)?;
    let bytes = all.split_off(head + 4);
    let head = String::from_utf8_lossy(&all).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
    let answer = Answer { status, head, bytes };
    let length = answer.header("content-length").and_then(|length| length.parse::<usize>().ok());
    // A server that refuses a body closes the connection with bytes unread, which some kernels tell as a reset.
    match (length, end) {
        (Some(length), _) if answer.bytes.len() == length => Ok(answer),
        (None, Ok(_)) if answer.status == 204 => Ok(answer),
        _ => Err(broken()),
    }
}

/// A campaign with one unit; their ids.
pub fn campaign(client: &Client) -> (String, String) {
    let new = json!({ "name": "云溪县创建文明城市", "place": "云溪县", "kind": "文明城市", "year": 2026 });
    let campaign = id(&client.post("/api/v1/campaigns", &new, &[]).expect("an answer").must(201));
    let unit = json!({ "name": "县城管局", "kind": "department" });
    let path = format!("/api/v1/campaigns/{campaign}/units");
    let unit = id(&client.post(&path, &unit, &[]).expect("an answer").must(201));
    (campaign, unit)
}

#[track_caller]
pub fn id(body: &Value) -> String {
    body["id"].as_str().unwrap_or_else(|| panic!("no id: {body}")).to_owned()
}

/// Everything of a list, page after page.
pub fn list(client: &Client, path: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut after = String::new();
    loop {
        let page = client.get(&format!("{path}?limit=200{after}")).expect("an answer").must(200);
        items.extend(page["items"].as_array().expect("items").iter().cloned());
        let Some(next) = page["next"].as_str() else { return items };
        after = format!("&after={next}");
    }
}

/// What the program prints and how it ends.
pub fn run(arguments: &[&str]) -> (ExitStatus, String) {
    let output = Command::new(PROGRAM).args(arguments).stdin(Stdio::null()).output().expect("the program");
    (output.status, String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A database of its own on the server that `CHENGJING_TEST_POSTGRES` names; gone when it is dropped.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    pub fn new(name: &str) -> Option<Self> {
        let Ok(server) = std::env::var("CHENGJING_TEST_POSTGRES") else {
            eprintln!("the PostgreSQL half is skipped: CHENGJING_TEST_POSTGRES names no server");
            return None;
        };
        let database = Self { server, name: format!("{name}_{}", std::process::id()) };
        database.say(format!("CREATE DATABASE {}", database.name));
        Some(database)
    }

    pub fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').expect("a URL that ends in a database");
        format!("{server}/{}", self.name)
    }

    fn say(&self, sql: String) {
        use sqlx::Connection;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut wire = sqlx::PgConnection::connect(&self.server).await.expect("the test's PostgreSQL");
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut wire).await.expect("a database of its own");
        });
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.say(format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}
