//! Programs are told what happens: each news once or under the same id, signed, and nowhere where they have no business.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::http::{Method, StatusCode};
use base64::{Engine, engine::general_purpose::STANDARD};
use chengjing_domain::webhook::Reach;
use chengjing_service::webhook::{
    deliver::{Delivered, deliver},
    follow::catch_up,
};
use chrono::{DateTime, TimeDelta};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::{
    harness::{Caller, Server, on_both, text},
    notices::sealed,
    tasks::Town,
};

/// What a receiver does with the next messages.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Does {
    Answers(u16),
    /// It answers that it is elsewhere.
    Redirects(String),
    /// It has the whole message and says nothing.
    Hangs,
}

/// A message as it arrived.
#[derive(Debug, Clone)]
struct Arrived {
    id: String,
    timestamp: String,
    signature: String,
    body: String,
}

impl Arrived {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// Which of its signatures that secret has made.
    fn signed_by(&self, secret: &str) -> Option<usize> {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base64");
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
        mac.update(format!("{}.{}.{}", self.id, self.timestamp, self.body).as_bytes());
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.signature.split(' ').position(|one| one == expected)
    }
}

/// A receiver on this machine.
#[derive(Clone)]
struct Receiver {
    does: Arc<Mutex<Does>>,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    port: u16,
}

impl Receiver {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let receiver = Self { does: Arc::new(Mutex::new(Does::Answers(204))), arrived: Arc::default(), port };
        let own = receiver.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move { own.converse(socket).await });
            }
        });
        receiver
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook?token=topsecret", self.port)
    }

    fn does(&self, what: Does) {
        *self.does.lock().expect("a lock") = what;
    }

    fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().expect("a lock").clone()
    }

    async fn converse(&self, socket: TcpStream) -> Option<()> {
        let mut wire = BufReader::new(socket);
        let mut headers = std::collections::HashMap::new();
        loop {
            let mut line = String::new();
            if wire.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            if line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.split_once(": ") {
                headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
            }
        }
        let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
        wire.read_exact(&mut body).await.ok()?;
        let header = |name: &str| headers.get(name).cloned().unwrap_or_default();
        assert_eq!(header("content-type"), "application/json");
        let arrived = Arrived {
            id: header("webhook-id"),
            timestamp: header("webhook-timestamp"),
            signature: header("webhook-signature"),
            body: String::from_utf8(body).expect("text"),
        };
        self.arrived.lock().expect("a lock").push(arrived);
        let does = self.does.lock().expect("a lock").clone();
        let answer = match does {
            Does::Answers(status) => {
                format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            }
            Does::Redirects(to) => {
                format!("HTTP/1.1 307 X\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            }
            Does::Hangs => {
                let mut rest = Vec::new();
                return wire.read_to_end(&mut rest).await.ok().map(drop);
            }
        };
        wire.get_mut().write_all(answer.as_bytes()).await.ok()
    }
}

/// A town that tells a receiver when something is reported or sent back.
struct Told {
    server: Server,
    town: Town,
    school: Caller,
    receiver: Receiver,
    id: String,
    secret: String,
}

const NOTHING: Delivered = Delivered { delivered: 0, later: 0, failed: 0 };
const ONE: Delivered = Delivered { delivered: 1, ..NOTHING };
const LATER: Delivered = Delivered { later: 1, ..NOTHING };

impl Told {
    async fn new(server: &Server) -> Self {
        let receiver = Receiver::start().await;
        let mut app = server.app.clone();
        app.reach = Arc::new(Reach {
            networks: vec!["127.0.0.1".parse().expect("a network")],
            plain_hosts: vec!["127.0.0.1".into()],
            patience: Duration::from_millis(400),
        });
        let server = server.run_as(app);
        let town = Town::new(&server).await;
        let school = town.liaison(&server, "县教育局", "liu").await;
        sealed(&server).await;
        let new =
            json!({ "name": "县大屏", "url": receiver.url(), "kinds": ["task.reported", "task.sent_back"] });
        let made = town.office.post(&town.inside("webhooks"), new).await.must(StatusCode::CREATED);
        let (id, secret) = (text(&made["webhook"]["id"]), text(&made["secret"]));
        Self { server, town, school, receiver, id, secret }
    }

    fn path(&self, rest: &str) -> String {
        self.town.inside(&format!("webhooks/{}{rest}", self.id))
    }

    /// Reported and sent back: two pieces of news, of which the acceptance before is none.
    async fn news(&self) {
        let own = self.town.task_of("教育局").await;
        let reported =
            self.town.done(&self.school, &own, json!({ "deed": "report", "note": "王芳办好了" })).await;
        self.town
            .done(&self.town.office, &reported, json!({ "deed": "send_back", "reason": "看不清" }))
            .await;
        self.laid_out().await;
    }

    async fn laid_out(&self) -> usize {
        sealed(&self.server).await;
        catch_up(&self.server.app).await.expect("laid out")
    }

    async fn after(&self, minutes: i64) -> Delivered {
        let mut app = self.server.app.clone();
        let now = app.now() + TimeDelta::minutes(minutes);
        app.clock = Arc::new(move || now);
        deliver(&app).await.expect("a round")
    }

    async fn hook(&self) -> Value {
        self.town.office.get(&self.path("")).await.must(StatusCode::OK)
    }

    async fn patch(&self, change: Value) -> Value {
        let seen = format!("\"v{}\"", self.hook().await["version"]);
        let headers = [("if-match", seen.as_str())];
        self.town
            .office
            .send(Method::PATCH, &self.path(""), Some(change), &headers)
            .await
            .must(StatusCode::OK)
    }

    async fn messages(&self) -> Vec<Value> {
        let list = self.town.office.get(&self.path("/messages")).await.must(StatusCode::OK);
        list["items"].as_array().expect("a list").clone()
    }

    async fn verified(&self) {
        sealed(&self.server).await;
        let store = &self.server.app.store;
        assert_eq!(chengjing_store::ledger::verify(store).await.expect("verified"), Vec::new());
    }
}

#[tokio::test]
async fn news_arrives_once_signed_and_without_names() {
    on_both(|server| async move {
        let told = Told::new(&server).await;
        let own = told.town.task_of("教育局").await;
        told.town.done(&told.school, &own, json!({ "deed": "accept" })).await;
        told.news().await;
        assert_eq!(told.laid_out().await, 0, "looked at again, it is no news");
        assert_eq!(told.after(0).await, Delivered { delivered: 2, ..NOTHING });
        assert_eq!(told.after(1).await, NOTHING);
        let arrived = told.receiver.arrived();
        let kinds: Vec<String> = arrived.iter().map(|one| text(&one.json()["type"])).collect();
        assert_eq!(kinds.len(), 2);
        assert!(["task.reported", "task.sent_back"].iter().all(|kind| kinds.iter().any(|own| own == kind)));
        for one in &arrived {
            assert_eq!(one.signed_by(&told.secret), Some(0));
            let body = one.json();
            assert_eq!(body["data"]["task_id"], own["id"]);
            assert_eq!(text(&body["data"]["campaign_id"]), told.town.campaign);
            assert!(DateTime::parse_from_rfc3339(&text(&body["timestamp"])).is_ok());
            assert!(
                body["data"]["link"]
                    .as_str()
                    .is_some_and(|link| link.ends_with(&format!("tasks/{}", text(&own["id"]))))
            );
            for word in ["王芳", "liu", "看不清", "办好"] {
                assert!(!one.body.contains(word), "{}", one.body);
            }
        }
        assert_ne!(arrived[0].id, arrived[1].id);
        let messages = told.messages().await;
        assert_eq!((&messages[0]["state"], &messages[0]["status"]), (&json!("delivered"), &json!(204)));
        // The secret stands in that one answer and nowhere else; nor does the ledger tell the URL.
        let ledger =
            told.town.office.get(&told.town.inside("ledger?limit=50")).await.must(StatusCode::OK).to_string();
        for place in [told.hook().await.to_string(), ledger.clone()] {
            assert!(!place.contains("whsec_"));
        }
        assert!(ledger.contains("webhook.add") && !ledger.contains("topsecret"));
        told.verified().await;
    })
    .await;
}

#[tokio::test]
async fn what_did_not_arrive_is_sent_again_under_the_same_id_until_it_does() {
    on_both(|server| async move {
        let told = Told::new(&server).await;
        let elsewhere = Receiver::start().await;
        told.town.office.post(&told.path("/test"), json!({})).await.must(StatusCode::CREATED);
        let mut minutes = 0;
        let redirect = Does::Redirects(elsewhere.url());
        for (does, failure, status) in [
            (Does::Answers(500), "status", json!(500)),
            (Does::Hangs, "timed_out", Value::Null),
            (redirect, "redirected", json!(307)),
        ] {
            told.receiver.does(does.clone());
            assert_eq!(told.after(minutes).await, LATER, "{does:?}");
            assert_eq!(told.after(minutes).await, NOTHING, "not at once: {does:?}");
            let seen = told.messages().await[0].clone();
            assert_eq!((&seen["failure"], &seen["status"]), (&json!(failure), &status));
            assert_eq!(seen["state"], "waiting");
            minutes += 60;
        }
        assert!(elsewhere.arrived().is_empty(), "a redirect is not followed");
        told.receiver.does(Does::Answers(200));
        assert_eq!(told.after(minutes).await, ONE);
        let arrived = told.receiver.arrived();
        assert_eq!(arrived.len(), 4);
        assert!(arrived.iter().all(|one| one.id == arrived[0].id && one.body == arrived[0].body));
        assert!(arrived.iter().all(|one| one.signed_by(&told.secret) == Some(0)));
        let message = told.messages().await[0].clone();
        assert_eq!(text(&message["webhook_id"]), arrived[0].id);
        // The office has it sent once more.
        let again = told.path(&format!("/messages/{}/redeliver", text(&message["id"])));
        told.town.office.post(&again, json!({})).await.must(StatusCode::OK);
        assert_eq!(told.after(minutes).await, ONE);
        assert_eq!(told.receiver.arrived()[4].id, arrived[0].id);
        told.verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_sender_that_dies_in_the_middle_is_followed_by_one_that_sends_the_same() {
    on_both(|server| async move {
        let told = Told::new(&server).await;
        told.town.office.post(&told.path("/test"), json!({})).await.must(StatusCode::CREATED);
        told.receiver.does(Does::Hangs);
        let mut app = told.server.app.clone();
        app.reach = Arc::new(Reach { patience: Duration::from_secs(60), ..(*app.reach).clone() });
        let sending = tokio::spawn(async move { deliver(&app).await });
        while told.receiver.arrived().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        sending.abort();
        told.receiver.does(Does::Answers(204));
        assert_eq!(told.after(1).await, NOTHING, "its sender may still live");
        assert_eq!(told.after(3).await, ONE);
        let arrived = told.receiver.arrived();
        assert_eq!((arrived.len(), &arrived[0].id), (2, &arrived[1].id));
    })
    .await;
}

#[tokio::test]
async fn after_three_days_in_vain_or_where_it_is_gone_a_webhook_is_given_up_and_the_office_sees_it() {
    on_both(|server| async move {
        let told = Told::new(&server).await;
        told.receiver.does(Does::Answers(503));
        told.news().await;
        let mut hours = 0;
        while told.hook().await["state"] == "enabled" {
            told.after(hours * 60).await;
            hours += 1;
            assert!(hours < 24 * 5, "it ends");
        }
        assert!((48..=4 * 24).contains(&hours), "after {hours} hours");
        let states: Vec<Value> = told.messages().await.into_iter().map(|one| one["state"].clone()).collect();
        assert_eq!(states, ["failed", "failed"]);
        assert!(told.hook().await["given_up_at"].is_string());
        let refused = told.town.office.post(&told.path("/test"), json!({})).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        told.receiver.does(Does::Answers(204));
        told.news().await;
        assert_eq!(told.after(hours * 60).await, NOTHING, "it is told nothing");
        assert_eq!(told.patch(json!({ "enabled": true })).await["state"], "enabled");
        assert_eq!(told.laid_out().await, 0, "nor afterwards of what happened meanwhile");
        told.news().await;
        assert_eq!(told.after(hours * 60).await, Delivered { delivered: 2, ..NOTHING });
        // One that says that it is gone is asked no second time.
        told.receiver.does(Does::Answers(410));
        told.town.office.post(&told.path("/test"), json!({})).await.must(StatusCode::CREATED);
        assert_eq!(told.after(hours * 60).await, Delivered { failed: 1, ..NOTHING });
        assert_eq!(told.hook().await["state"], "given_up");
        told.verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_new_secret_signs_beside_the_old_one_for_a_day() {
    on_both(|server| async move {
        let told = Told::new(&server).await;
        let key = [("idempotency-key", "rotate-1")];
        let path = told.path("/secret");
        let first = told.town.office.send(Method::POST, &path, None, &key).await.must(StatusCode::CREATED);
        let again = told.town.office.send(Method::POST, &path, None, &key).await.must(StatusCode::CREATED);
        assert_eq!(first["secret"], again["secret"], "a repeated request turns no second time");
        let fresh = text(&first["secret"]);
        assert_ne!(fresh, told.secret);
        told.town.office.post(&told.path("/test"), json!({})).await.must(StatusCode::CREATED);
        assert_eq!(told.after(0).await, ONE);
        let one = told.receiver.arrived()[0].clone();
        assert_eq!((one.signed_by(&fresh), one.signed_by(&told.secret)), (Some(0), Some(1)));
        told.town.office.post(&told.path("/test"), json!({})).await.must(StatusCode::CREATED);
        assert_eq!(told.after(24 * 60).await, ONE);
        let one = told.receiver.arrived()[1].clone();
        assert_eq!((one.signed_by(&fresh), one.signed_by(&told.secret)), (Some(0), None));
        told.verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_webhook_does_not_knock_inside_the_house() {
    on_both(|server| async move {
        let town = Town::new(&server).await;
        let path = town.inside("webhooks");
        let new = |url: &str| json!({ "name": "x", "url": url, "kinds": ["task.reported"] });
        for url in [
            "http://example.cn/hook",
            "ftp://example.cn/hook",
            "example.cn/hook",
            "https://name:word@example.cn/hook",
            "https://127.0.0.1/hook",
            "https://2130706433/hook",
            "https://0x7f.1/hook",
            "https://169.254.169.254/latest/meta-data",
            "https://10.1.2.3/hook",
            "https://100.64.0.1/hook",
            "https://[::1]/hook",
            "https://[::ffff:127.0.0.1]/hook",
            "https://[fe80::1]/hook",
            "https://[fd00:ec2::254]/hook",
        ] {
            let refused = town.office.post(&path, new(url)).await.must(StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(refused["faults"][0]["path"], "url", "{url}");
        }
        let all = json!({ "name": " ", "url": "", "kinds": [] });
        let refused = town.office.post(&path, all).await.must(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused["faults"].as_array().map(Vec::len), Some(3), "all at once");
        // What a name stands for is looked at when something is sent.
        let made = town.office.post(&path, new("https://localhost:9/hook")).await.must(StatusCode::CREATED);
        let id = text(&made["webhook"]["id"]);
        town.office
            .post(&town.inside(&format!("webhooks/{id}/test")), json!({}))
            .await
            .must(StatusCode::CREATED);
        assert_eq!(deliver(&server.app).await.expect("a round"), LATER);
        let list =
            town.office.get(&town.inside(&format!("webhooks/{id}/messages"))).await.must(StatusCode::OK);
        assert_eq!(list["items"][0]["failure"], "not_allowed");
    })
    .await;
}

#[tokio::test]
async fn webhooks_are_the_offices_and_nobody_elses() {
    on_both(|server| async move {
        let told = Told::new(&server).await;
        let list = told.town.inside("webhooks");
        for path in [&list, &told.path(""), &told.path("/messages")] {
            assert_eq!(told.school.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
            assert_eq!(server.anybody().get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
        }
        assert_eq!(told.school.post(&told.path("/secret"), json!({})).await.status, StatusCode::FORBIDDEN);
        let new = json!({ "name": "x", "url": told.receiver.url(), "kinds": ["task.reported"] });
        assert_eq!(told.school.post(&list, new).await.status, StatusCode::FORBIDDEN);
        // Disabled: what waits is given up, and nothing is sent.
        told.news().await;
        assert_eq!(told.patch(json!({ "enabled": false })).await["state"], "disabled");
        assert_eq!(told.after(0).await, NOTHING);
        assert!(told.receiver.arrived().is_empty());
        let stale = [("if-match", "\"v1\"")];
        let gone = told.town.office.send(Method::DELETE, &told.path(""), None, &stale).await;
        assert_eq!(gone.status, StatusCode::PRECONDITION_FAILED);
        let seen = format!("\"v{}\"", told.hook().await["version"]);
        let headers = [("if-match", seen.as_str())];
        let gone = told.town.office.send(Method::DELETE, &told.path(""), None, &headers).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        assert_eq!(told.town.office.get(&told.path("")).await.status, StatusCode::NOT_FOUND);
        let left = told.town.office.get(&list).await.must(StatusCode::OK);
        assert_eq!(left["items"], json!([]));
        told.verified().await;
    })
    .await;
}
