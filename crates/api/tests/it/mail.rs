//! Notices by mail: nobody told twice, nobody forgotten, whatever the mail server does.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::http::{Method, StatusCode};
use chengjing_service::{
    App,
    mail::{
        PostOffice,
        deliver::{Delivered, deliver},
    },
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::{
    harness::{Caller, Server, on_both, text},
    notices::follow,
    tasks::Town,
};

/// What the mail server does with the next letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Takes,
    /// It accepts the connection and says nothing.
    HangsAtOnce,
    /// It has the whole message and says nothing.
    HangsAtTheEnd,
    /// It has the whole message and closes.
    ClosesAtTheEnd,
    /// It refuses the recipient for now.
    IsBusy,
    /// It refuses the recipient for good.
    KnowsNobody,
    /// It has read the message and refuses it for now.
    RefusesTheMessage,
}

/// A mail server on this machine.
#[derive(Clone)]
struct FakeMail {
    does: Arc<Mutex<Does>>,
    /// Every message whose last byte arrived, taken or not.
    arrived: Arc<Mutex<Vec<String>>>,
    /// How often somebody called.
    calls: Arc<AtomicUsize>,
    port: u16,
}

impl FakeMail {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = Self {
            does: Arc::new(Mutex::new(Does::Takes)),
            arrived: Arc::default(),
            calls: Arc::default(),
            port,
        };
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move { own.converse(socket).await });
            }
        });
        server
    }

    fn does(&self, what: Does) {
        *self.does.lock().expect("a lock") = what;
    }

    fn arrived(&self) -> Vec<String> {
        self.arrived.lock().expect("a lock").clone()
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    async fn converse(&self, socket: TcpStream) -> Option<()> {
        let does = *self.does.lock().expect("a lock");
        self.calls.fetch_add(1, Ordering::SeqCst);
        let mut wire = BufReader::new(socket);
        if does == Does::HangsAtOnce {
            let mut line = String::new();
            // Until the other side has had enough.
            while wire.read_line(&mut line).await.ok()? > 0 {}
            return None;
        }
        say(&mut wire, "220 here").await?;
        loop {
            let mut line = String::new();
            if wire.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            match line.get(..4)?.to_ascii_uppercase().as_str() {
                "RCPT" if does == Does::IsBusy => say(&mut wire, "451 later").await?,
                "RCPT" if does == Does::KnowsNobody => say(&mut wire, "550 nobody of that name").await?,
                "DATA" => {
                    say(&mut wire, "354 go ahead").await?;
                    let mut message = String::new();
                    while !message.ends_with("\r\n.\r\n") {
                        if wire.read_line(&mut message).await.ok()? == 0 {
                            return None;
                        }
                    }
                    self.arrived.lock().expect("a lock").push(message);
                    match does {
                        Does::ClosesAtTheEnd => return None,
                        Does::HangsAtTheEnd => {
                            let mut rest = String::new();
                            while wire.read_line(&mut rest).await.ok()? > 0 {}
                            return None;
                        }
                        Does::RefusesTheMessage => say(&mut wire, "452 no room").await?,
                        _ => say(&mut wire, "250 taken").await?,
                    }
                }
                "QUIT" => return say(&mut wire, "221 bye").await,
                _ => say(&mut wire, "250 well").await?,
            }
        }
    }
}

async fn say(wire: &mut BufReader<TcpStream>, line: &str) -> Option<()> {
    wire.get_mut().write_all(format!("{line}\r\n").as_bytes()).await.ok()
}

/// A town whose school has a proven address and wants to hear by mail alone.
struct Post {
    server: Server,
    town: Town,
    school: Caller,
    mail: FakeMail,
}

impl Post {
    async fn new(server: &Server) -> Self {
        let mail = FakeMail::start().await;
        let mut app = server.app.clone();
        let url = format!("smtp://127.0.0.1:{}", mail.port);
        let mut office =
            PostOffice::read(&url, "城镜 <chengjing@example.cn>", "https://cj.example.cn").expect("mail");
        office.patience = Duration::from_millis(300);
        app.post_office = Some(Arc::new(office));
        let server = server.run_as(app);
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        follow(&server).await;
        read_all(&school).await;
        prove(&server, &mail, &school, "liu@example.cn").await;
        let chosen = json!({ "kinds": ["handed_over", "overdue"], "channels": ["mail"], "digest_at": null });
        school
            .send(Method::PUT, "/account/notices", Some(chosen), &[("if-match", "\"v0\"")])
            .await
            .must(StatusCode::OK);
        // The office demands nothing in the app, and mail at any hour.
        let path = town.inside("reminders");
        let mut settings = town.office.get(&path).await.must(StatusCode::OK);
        settings["quiet"] = Value::Null;
        settings["minimum"]["kinds"] = json!([]);
        let put = town.office.send(Method::PUT, &path, Some(settings), &[("if-match", "\"v0\"")]).await;
        put.must(StatusCode::OK);
        mail.arrived.lock().expect("a lock").clear();
        Self { server, town, school, mail }
    }

    /// Something that the school has to be told of.
    async fn news(&self, reason: &str) {
        let own = self.town.task_of("教育局").await;
        let reported = self.town.done(&self.school, &own, json!({ "deed": "report" })).await;
        self.town.done(&self.town.office, &reported, json!({ "deed": "send_back", "reason": reason })).await;
        follow(&self.server).await;
    }

    async fn after(&self, minutes: i64) -> Delivered {
        let mut app: App = self.server.app.clone();
        let now = app.now() + TimeDelta::minutes(minutes);
        app.clock = Arc::new(move || now);
        deliver(&app).await.expect("a round")
    }

    async fn unread(&self) -> Value {
        self.school.get("/notices/count").await.must(StatusCode::OK)["unread"].clone()
    }

    /// The newest letter as the administrator sees it.
    async fn letter(&self) -> Value {
        self.town.office.get("/mail/letters").await.must(StatusCode::OK)["items"][0].clone()
    }
}

/// Gives somebody an address to which mail arrives, and who is written to there in English.
async fn prove(server: &Server, mail: &FakeMail, caller: &Caller, address: &str) {
    let address = json!({ "address": address, "language": "en" });
    let set = caller.send(Method::PUT, "/account/address", Some(address), &[]).await.must(StatusCode::OK);
    assert_eq!(set["proven"], false);
    let arrived = mail.arrived();
    // Quoted-printable breaks a line with an = at its end.
    let letter = arrived.last().expect("a letter").replace("=\r\n", "");
    let secret = letter.split("/verify#").nth(1).expect("a link").get(..64).expect("a secret").to_owned();
    let proof = json!({ "secret": secret });
    let anybody = server.anybody();
    anybody.post("/addresses/prove", proof.clone()).await.must(StatusCode::NO_CONTENT);
    assert_eq!(anybody.post("/addresses/prove", proof).await.status, StatusCode::CONFLICT, "once");
}

async fn read_all(caller: &Caller) {
    let list = caller.get("/notices").await.must(StatusCode::OK);
    caller.post("/notices/read", json!({ "until": list["items"][0]["made_at"] })).await.must(StatusCode::OK);
}

const NOTHING: Delivered = Delivered { sent: 0, later: 0, in_app: 0 };

#[tokio::test]
async fn news_leaves_once_in_one_letter_that_leads_to_the_task() {
    on_both(|server| async move {
        let post = Post::new(&server).await;
        post.news("看不清").await;
        post.news("还是看不清").await;
        assert_eq!(post.unread().await, 0, "the school wants it by mail alone");
        assert_eq!(post.after(0).await, Delivered { sent: 1, ..NOTHING });
        assert_eq!(post.after(1).await, NOTHING);
        let arrived = post.mail.arrived();
        assert_eq!(arrived.len(), 1);
        assert!(arrived[0].contains("To: liu@example.cn"), "{}", arrived[0]);
        assert_eq!(arrived[0].matches("multipart/alternative").count(), 1);
        let task = text(&post.town.task_of("教育局").await["id"]);
        let flat = arrived[0].replace("=\r\n", "");
        assert!(
            flat.contains(&format!("https://cj.example.cn/c/{}/tasks/{task}", post.town.campaign)),
            "{flat}"
        );
        let letter = post.letter().await;
        assert_eq!(
            (&letter["state"], &letter["to"]["name"], &letter["attempts"]),
            (&json!("sent"), &json!("liu"), &json!(1))
        );
        // A minute later there is news again: it waits, so that ten reports are no ten letters.
        post.news("又退回").await;
        assert_eq!(post.after(2).await, NOTHING);
        assert_eq!(post.after(11).await, Delivered { sent: 1, ..NOTHING });
        assert_eq!(post.mail.arrived().len(), 2);
        assert_eq!(post.school.get("/mail/letters").await.status, StatusCode::FORBIDDEN);
        assert_eq!(
            chengjing_store::ledger::verify(&post.server.app.store).await.expect("verified"),
            Vec::new()
        );
    })
    .await;
}

#[tokio::test]
async fn what_was_certainly_not_taken_is_tried_again_until_it_is() {
    on_both(|server| async move {
        let post = Post::new(&server).await;
        post.news("看不清").await;
        let mut minutes = 0;
        for does in [Does::HangsAtOnce, Does::IsBusy, Does::RefusesTheMessage] {
            post.mail.does(does);
            assert_eq!(post.after(minutes).await, Delivered { later: 1, ..NOTHING }, "{does:?}");
            assert_eq!(post.after(minutes).await, NOTHING, "not at once: {does:?}");
            assert!(post.letter().await["reason"].is_string(), "the administrator sees why");
            minutes += 60;
        }
        post.mail.does(Does::Takes);
        assert_eq!(post.after(minutes).await, Delivered { sent: 1, ..NOTHING });
        assert_eq!(post.mail.arrived().len(), 2, "one refused, one taken");
        assert_eq!(post.letter().await["attempts"], 4);
        assert_eq!(post.unread().await, 0);
    })
    .await;
}

/// While one server waits for a mail server that says nothing, the clock jumps ahead over the time for which it has the
/// letter; another server takes it over and sends it. The first one must neither send it too nor say that it did not go.
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_hangs_while_the_clock_jumps_goes_once() {
    on_both(|server| async move {
        let post = Post::new(&server).await;
        post.news("看不清").await;
        post.mail.does(Does::HangsAtOnce);
        let calls = post.mail.calls();
        let hanging = post.after(0);
        let meanwhile = async {
            while post.mail.calls() == calls {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            post.mail.does(Does::Takes);
            // Three days ahead, and the letter is nobody's any more.
            post.after(3 * 24 * 60).await
        };
        let (first, second) = tokio::join!(hanging, meanwhile);
        assert_eq!(second, Delivered { sent: 1, ..NOTHING }, "the other one sends it");
        assert_eq!((first.sent, first.in_app), (0, 0), "{first:?}");
        assert_eq!(post.letter().await["state"], "sent");
        // The clock is set right again, and goes on.
        for minutes in [0, 60, 24 * 60, 4 * 24 * 60] {
            assert_eq!(post.after(minutes).await, NOTHING, "after {minutes} minutes");
        }
        assert_eq!(post.mail.arrived().len(), 1, "nobody is told twice");
        assert_eq!(post.unread().await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_may_have_arrived_is_never_sent_again_and_waits_in_the_app() {
    on_both(|server| async move {
        let post = Post::new(&server).await;
        post.news("看不清").await;
        post.mail.does(Does::HangsAtTheEnd);
        assert_eq!(post.after(0).await, Delivered { in_app: 1, ..NOTHING });
        assert_eq!(post.unread().await, 1, "nobody is forgotten");
        assert_eq!(post.letter().await["state"], "unknown");
        post.mail.does(Does::Takes);
        for minutes in [1, 60, 3000] {
            assert_eq!(post.after(minutes).await, NOTHING, "nobody is told twice");
        }
        assert_eq!(post.mail.arrived().len(), 1);
        read_all(&post.school).await;
        post.news("又退回").await;
        post.mail.does(Does::ClosesAtTheEnd);
        assert_eq!(post.after(60).await, Delivered { in_app: 1, ..NOTHING });
        assert_eq!(post.unread().await, 1);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_nobody_has_is_given_up_at_once_and_told_in_the_app() {
    on_both(|server| async move {
        let post = Post::new(&server).await;
        post.news("看不清").await;
        post.mail.does(Does::KnowsNobody);
        assert_eq!(post.after(0).await, Delivered { in_app: 1, ..NOTHING });
        assert_eq!((post.unread().await, &post.letter().await["state"]), (json!(1), &json!("failed")));
        let wrong = json!({ "address": "wang@example.cn\r\nBcc: x@y.z", "language": "en" });
        let refused = post.town.office.send(Method::PUT, "/account/address", Some(wrong), &[]).await;
        assert_eq!(refused.must(StatusCode::UNPROCESSABLE_ENTITY)["faults"][0]["path"], "address");
        let unknown = json!({ "address": "nobody@example.cn", "language": "zh-CN" });
        let refused = post.town.office.send(Method::PUT, "/account/address", Some(unknown), &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
        post.mail.does(Does::Takes);
        let test = post.town.office.post("/mail/test", json!({})).await.must(StatusCode::OK);
        assert_eq!(test["reason"], Value::Null);
        post.mail.does(Does::HangsAtOnce);
        let test = post.town.office.post("/mail/test", json!({})).await.must(StatusCode::OK);
        assert!(test["reason"].is_string());
        let gone = post.school.delete("/account/address").await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        post.news("再退回").await;
        assert_eq!(post.unread().await, 2, "without an address it waits in the app");
    })
    .await;
}

#[tokio::test]
async fn what_was_read_in_the_app_or_is_theirs_no_longer_is_not_mailed() {
    on_both(|server| async move {
        let post = Post::new(&server).await;
        let both = json!({ "kinds": ["handed_over"], "channels": ["in_app", "mail"], "digest_at": "17:00" });
        let tag = [("if-match", "\"v1\"")];
        post.school.send(Method::PUT, "/account/notices", Some(both), &tag).await.must(StatusCode::OK);
        post.news("看不清").await;
        assert_eq!(post.unread().await, 1);
        assert_eq!(post.after(1).await, NOTHING, "the digest goes in the afternoon");
        read_all(&post.school).await;
        assert_eq!(post.after(24 * 60).await, NOTHING);
        assert_eq!(post.letter().await["state"], "empty");
        assert!(post.mail.arrived().is_empty());
    })
    .await;
}

#[tokio::test]
async fn of_a_request_to_hand_work_over_those_are_written_to_who_decide_and_who_asked_each_once() {
    on_both(|server| async move {
        let post = Post::new(&server).await;
        let office = &post.town.office;
        prove(&post.server, &post.mail, office, "office@example.cn").await;
        let choices = office.get("/account/notices").await;
        let (etag, mut chosen) = (choices.etag.clone().expect("a version"), choices.must(StatusCode::OK));
        chosen["channels"] = json!(["mail"]);
        let chosen = office.send(Method::PUT, "/account/notices", Some(chosen), &[("if-match", &etag)]).await;
        chosen.must(StatusCode::OK);
        post.mail.arrived.lock().expect("a lock").clear();
        let path = post.town.inside("handover-requests");
        let leaving = json!({ "leaves_on": "2026-05-31", "reason": "调任", "proposed": "王芳" });
        let asked = post.school.post(&path, leaving.clone()).await.must(StatusCode::CREATED);
        follow(&post.server).await;
        assert_eq!(post.after(0).await, Delivered { sent: 1, ..NOTHING });
        let flat = |letter: &str| letter.replace("=\r\n", "");
        let letter = flat(&post.mail.arrived()[0]);
        assert!(letter.contains("To: office@example.cn"), "{letter}");
        assert!(
            letter.contains(&format!("https://cj.example.cn/c/{}/people", post.town.campaign)),
            "{letter}"
        );
        assert!(letter.contains("2026-05-31") && letter.contains("hand"), "{letter}");
        follow(&post.server).await;
        assert_eq!(post.after(20).await, NOTHING, "nobody is told twice");

        let one = format!("{path}/{}/refusal", text(&asked["id"]));
        let reason = Some(json!({ "reason": "wait for June" }));
        let refused = office.send(Method::POST, &one, reason, &[("if-match", "\"v1\"")]).await;
        refused.must(StatusCode::OK);
        follow(&post.server).await;
        assert_eq!(post.after(40).await, Delivered { sent: 1, ..NOTHING });
        let letter = flat(&post.mail.arrived()[1]);
        assert!(letter.contains("To: liu@example.cn"), "{letter}");
        assert!(letter.contains("turned down") && letter.contains("wait for June"), "{letter}");

        // What was withdrawn before its letter left is not worth one.
        let asked = post.school.post(&path, leaving).await.must(StatusCode::CREATED);
        follow(&post.server).await;
        let one = format!("{path}/{}/withdrawal", text(&asked["id"]));
        let withdrawn = post.school.send(Method::POST, &one, None, &[("if-match", "\"v1\"")]).await;
        withdrawn.must(StatusCode::OK);
        follow(&post.server).await;
        assert_eq!(post.after(60).await, NOTHING);
        assert_eq!(post.mail.arrived().len(), 2);
        let verified = chengjing_store::ledger::verify(&post.server.app.store).await.expect("verified");
        assert_eq!(verified, Vec::new());
    })
    .await;
}
