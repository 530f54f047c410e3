//! The server is killed with SIGKILL while it sends: nobody is told twice by mail, nobody is forgotten, and a webhook's
//! message comes again under the id that it had.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Condvar, Mutex},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::server::{Client, Database, Server, campaign, id, list};

const PASSWORD: &str = "Qingshui-2026";

/// Longer than the program's own rounds: a letter waits for the next one.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where the other side stops answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// Mail: before a word. A webhook: nothing is read.
    AtOnce,
    /// Mail: who it is to was said and nothing else.
    Addressed,
    /// Mail and webhook: all of it has arrived.
    AtTheEnd,
}

#[derive(Default)]
struct Heard {
    stop: Option<Stop>,
    /// It stopped there, with somebody waiting.
    hanging: bool,
    /// Messages whose last byte came: letters, or the ids of a webhook's messages.
    arrived: Vec<String>,
}

/// The other side: what it heard, and where it stops.
#[derive(Clone)]
struct Other {
    heard: Arc<(Mutex<Heard>, Condvar)>,
    port: u16,
}

impl Other {
    fn start(converse: fn(&Self, TcpStream) -> std::io::Result<()>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let own = Self { heard: Arc::default(), port };
        let other = own.clone();
        std::thread::spawn(move || {
            for wire in listener.incoming().flatten() {
                let own = own.clone();
                // Whoever is killed in the middle of a word ends the conversation, not the listener.
                std::thread::spawn(move || converse(&own, wire).ok());
            }
        });
        other
    }

    fn stop(&self, stop: Option<Stop>) {
        let mut heard = self.heard.0.lock().expect("a lock");
        (heard.stop, heard.hanging) = (stop, false);
    }

    /// Stops here if it is to: nothing is answered until the other side is gone.
    fn stops(&self, here: Stop, wire: &mut TcpStream) -> bool {
        let mut heard = self.heard.0.lock().expect("a lock");
        if heard.stop != Some(here) {
            return false;
        }
        heard.hanging = true;
        self.heard.1.notify_all();
        drop(heard);
        while wire.read(&mut [0; 64]).is_ok_and(|n| n > 0) {}
        true
    }

    fn arrives(&self, message: String) {
        self.heard.0.lock().expect("a lock").arrived.push(message);
        self.heard.1.notify_all();
    }

    fn wait(&self, what: &str, until: impl Fn(&Heard) -> bool) -> Vec<String> {
        let heard = self.heard.0.lock().expect("a lock");
        let (heard, late) =
            self.heard.1.wait_timeout_while(heard, PATIENCE, |heard| !until(heard)).expect("a lock");
        assert!(!late.timed_out(), "{what}: {:?}", heard.arrived);
        heard.arrived.clone()
    }

    fn arrived(&self) -> Vec<String> {
        self.heard.0.lock().expect("a lock").arrived.clone()
    }
}

/// A mail server.
fn mail(own: &Other, mut wire: TcpStream) -> std::io::Result<()> {
    if own.stops(Stop::AtOnce, &mut wire) {
        return Ok(());
    }
    let mut lines = BufReader::new(wire.try_clone()?);
    wire.write_all(b"220 here\r\n")?;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        match line.get(..4).unwrap_or_default() {
            "RCPT" if own.stops(Stop::Addressed, &mut wire) => return Ok(()),
            "DATA" => {
                wire.write_all(b"354 go ahead\r\n")?;
                let mut message = String::new();
                while !message.ends_with("\r\n.\r\n") {
                    if lines.read_line(&mut message)? == 0 {
                        return Ok(());
                    }
                }
                own.arrives(message);
                if own.stops(Stop::AtTheEnd, &mut wire) {
                    return Ok(());
                }
                wire.write_all(b"250 taken\r\n")?;
            }
            "QUIT" => return wire.write_all(b"221 bye\r\n"),
            _ => wire.write_all(b"250 well\r\n")?,
        }
    }
}

/// Where a webhook's messages go.
fn receiver(own: &Other, mut wire: TcpStream) -> std::io::Result<()> {
    if own.stops(Stop::AtOnce, &mut wire) {
        return Ok(());
    }
    let mut lines = BufReader::new(wire.try_clone()?);
    let (mut message, mut long) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or((line.as_str(), ""));
        match name.to_ascii_lowercase().as_str() {
            "webhook-id" => value.trim().clone_into(&mut message),
            "content-length" => long = value.trim().parse().unwrap_or(0),
            _ => {}
        }
    }
    lines.read_exact(&mut vec![0; long])?;
    own.arrives(message);
    if own.stops(Stop::AtTheEnd, &mut wire) {
        return Ok(());
    }
    wire.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
}

/// An installation, on one engine or the other.
struct Place<'a> {
    data: &'a Path,
    database: Option<String>,
    more: Vec<String>,
}

impl Place<'_> {
    fn start(&self) -> Server {
        let mut more: Vec<&str> = self.more.iter().map(String::as_str).collect();
        if let Some(database) = &self.database {
            more.extend(["--database", database]);
        }
        Server::with_options(self.data, &more)
    }

    /// What was claimed by a sender that is gone is nobody's any more: as when its time has run out, without the wait. The
    /// program has nothing by which it could be made shorter, so the test turns its clock back in the rows.
    fn age(&self) {
        let sql = [
            "UPDATE letter SET lease_until = made_at WHERE lease_until IS NOT NULL",
            "UPDATE webhook_message SET lease_until = made_at WHERE lease_until IS NOT NULL",
        ];
        let Some(url) = &self.database else {
            let rows = rusqlite::Connection::open(self.data.join("chengjing.db")).expect("the database");
            sql.iter().for_each(|sql| assert!(rows.execute(sql, []).is_ok(), "{sql}"));
            return;
        };
        use sqlx::Connection;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut wire = sqlx::PgConnection::connect(url).await.expect("the database");
            for sql in sql {
                sqlx::raw_sql(sql).execute(&mut wire).await.expect(sql);
            }
        });
    }
}

/// On SQLite, and on PostgreSQL where there is one.
fn on_both(name: &str, story: impl Fn(&Path, Option<String>)) {
    let folder = tempfile::tempdir().expect("a folder");
    story(folder.path(), None);
    if let Some(database) = Database::new(name) {
        let folder = tempfile::tempdir().expect("a folder");
        story(folder.path(), Some(database.url()));
    }
}

/// Asks again until it is so.
fn soon(what: &str, so: impl Fn() -> bool) {
    let start = Instant::now();
    while !so() {
        assert!(start.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A liaison of the unit who wants to hear by mail alone, at an address that is proven.
fn liaison(office: &Client, server: &Server, mail: &Other, campaign: &str, unit: &str) -> Client {
    let grant = json!({ "role": "liaison", "campaign_id": campaign, "unit_id": unit });
    let new = json!({ "name": "liu", "display_name": "刘洋", "password": PASSWORD, "must_change_password": false, "grants": [grant] });
    office.post("/api/v1/users", &new, &[]).expect("an answer").must(201);
    let mut own = server.client();
    let login = json!({ "name": "liu", "password": PASSWORD });
    let session = own.post("/api/v1/session", &login, &[]).expect("an answer");
    own.cookie = session.header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
    let address = json!({ "address": "liu@example.cn", "language": "en" });
    own.put("/api/v1/account/address", &address, &[]).expect("an answer").must(200);
    // Quoted-printable breaks a line with an = at its end.
    let letter =
        mail.wait("the link of an address", |heard| !heard.arrived.is_empty())[0].replace("=\r\n", "");
    let secret = letter.split("/verify#").nth(1).and_then(|rest| rest.get(..64)).expect("a secret");
    let proven = own.post("/api/v1/addresses/prove", &json!({ "secret": secret }), &[]);
    assert_eq!(proven.expect("an answer").status, 204);
    let chosen = json!({ "kinds": ["handed_over"], "channels": ["mail"], "digest_at": null });
    own.put("/api/v1/account/notices", &chosen, &[("if-match", "\"v0\"")]).expect("an answer").must(200);
    let path = format!("/api/v1/campaigns/{campaign}/reminders");
    let mut settings = office.get(&path).expect("an answer").must(200);
    (settings["quiet"], settings["minimum"]["kinds"]) = (Value::Null, json!([]));
    office.put(&path, &settings, &[("if-match", "\"v0\"")]).expect("an answer").must(200);
    own
}

fn killed_while_it_posts(data: &Path, database: Option<String>, stop: Stop) {
    let mail = Other::start(mail);
    let more = [
        "--mail",
        &format!("smtp://127.0.0.1:{}", mail.port),
        "--mail-from",
        "chengjing@example.cn",
        "--site",
        "https://cj.example.cn",
    ];
    let place = Place { data, database, more: more.map(str::to_owned).to_vec() };
    let server = place.start();
    let office = server.administrator();
    let (campaign, unit) = campaign(&office);
    let _own = liaison(&office, &server, &mail, &campaign, &unit);
    let before = mail.arrived().len();
    mail.stop(Some(stop));
    let duty = json!({ "title": "清理背街小巷", "units": [{ "id": unit, "role": "responsible" }] });
    let duty = office.post(&format!("/api/v1/campaigns/{campaign}/duties"), &duty, &[]);
    duty.expect("an answer").must(201);
    mail.wait("a letter that hangs", |heard| heard.hanging);
    server.kill();

    mail.stop(None);
    place.age();
    let server = place.start();
    let office = server.administrator();
    let settled = || {
        let letters = list(&office, "/api/v1/mail/letters");
        assert_eq!(letters.len(), 1, "{stop:?}");
        letters[0]["state"].as_str().unwrap_or_default().to_owned()
    };
    soon("the letter ends", || ["sent", "unknown"].contains(&settled().as_str()));
    // Another round: whatever would be sent a second time would be now.
    std::thread::sleep(Duration::from_secs(25));
    assert_eq!(mail.arrived().len(), before + 1, "{stop:?}: once, and not never");
    let mut own = server.client();
    let login = json!({ "name": "liu", "password": PASSWORD });
    let session = own.post("/api/v1/session", &login, &[]).expect("an answer");
    own.cookie = session.header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
    let unread = own.get("/api/v1/notices/count").expect("an answer").must(200)["unread"].clone();
    // Where the mail server had the letter and nobody knows what became of it, what it said waits in the app.
    let expected = if stop == Stop::AtTheEnd { ("unknown", 1) } else { ("sent", 0) };
    assert_eq!((settled().as_str(), unread), (expected.0, json!(expected.1)), "{stop:?}");
}

fn on_each(stops: &[Stop], story: impl Fn(Stop) + Sync) {
    // Each is mostly waiting for the program's next round.
    std::thread::scope(|scope| {
        for stop in stops {
            let story = &story;
            scope.spawn(move || story(*stop));
        }
    });
}

#[test]
fn a_letter_that_was_being_sent_when_the_server_was_killed_comes_once() {
    on_each(&[Stop::AtOnce, Stop::Addressed, Stop::AtTheEnd], |stop| {
        let name = format!("sent_once_{stop:?}").to_lowercase();
        on_both(&name, |data, database| killed_while_it_posts(data, database, stop));
    });
}

fn killed_while_it_tells(data: &Path, database: Option<String>, stop: Stop) {
    let other = Other::start(receiver);
    let more = ["--webhook-allow", "127.0.0.0/8", "--webhook-http", "127.0.0.1"].map(str::to_owned).to_vec();
    let place = Place { data, database, more };
    let server = place.start();
    let office = server.administrator();
    let (campaign, unit) = campaign(&office);
    let hook = json!({ "name": "大屏", "url": format!("http://127.0.0.1:{}/hook", other.port), "kinds": ["duty.added"] });
    let hook = office.post(&format!("/api/v1/campaigns/{campaign}/webhooks"), &hook, &[]);
    let hook = id(&hook.expect("an answer").must(201)["webhook"]);
    other.stop(Some(stop));
    let duty = json!({ "title": "清理背街小巷", "units": [{ "id": unit, "role": "responsible" }] });
    let duty = office.post(&format!("/api/v1/campaigns/{campaign}/duties"), &duty, &[]);
    duty.expect("an answer").must(201);
    other.wait("a message that hangs", |heard| heard.hanging);
    let before = other.arrived();
    server.kill();

    other.stop(None);
    place.age();
    let server = place.start();
    let arrived = other.wait("the message again", |heard| heard.arrived.len() > before.len());
    assert!(arrived[0].starts_with("msg_"), "{arrived:?}");
    assert!(arrived.iter().all(|id| *id == arrived[0]), "{stop:?}: under one id: {arrived:?}");
    let office = server.administrator();
    let path = format!("/api/v1/campaigns/{campaign}/webhooks/{hook}/messages");
    let delivered = || list(&office, &path).iter().all(|message| message["state"] == "delivered");
    soon("the message is delivered", delivered);
    assert_eq!(other.arrived().len(), before.len() + 1, "{stop:?}: no more often than is needed");
}

#[test]
fn a_webhooks_message_that_was_being_sent_when_the_server_was_killed_comes_again_under_its_id() {
    on_each(&[Stop::AtOnce, Stop::AtTheEnd], |stop| {
        let name = format!("told_again_{stop:?}").to_lowercase();
        on_both(&name, |data, database| killed_while_it_tells(data, database, stop));
    });
}
