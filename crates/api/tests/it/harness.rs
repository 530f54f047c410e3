//! A server of its own for each test, and callers with roles.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Method, Request, Response, StatusCode, header},
};
use chengjing_api::{Assets, Settings, State, router};
use chengjing_domain::id::Ids;
use chengjing_service::{
    App, job, people,
    typesetter::{Manuscript, SourceFault, Typesetter, Unset},
};
use chengjing_store::{
    Clock, DatabaseUrl, Store, StoreConfig,
    job::{WorkerOptions, run_jobs},
};
use chrono::DateTime;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use sqlx::Connection;
use tower::ServiceExt;

pub const PASSWORD: &str = "Qingshui-2026";

/// Randomness that counts, so that a failure can be repeated.
struct Counting(AtomicU64);

impl Ids for Counting {
    fn random(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        bytes
    }
}

/// Stands in for what sets documents, which takes minutes to build and is tested with the program: gives the data that
/// it was handed, and finds a fault in every line with the word `#fault`, or `#later` where the data is not the sample's.
struct Compositor;

impl Typesetter for Compositor {
    fn set(&self, manuscript: Manuscript) -> BoxFuture<'_, Result<Bytes, Unset>> {
        let data = manuscript.files.get("data.json").cloned().unwrap_or_default();
        let sample = data.contains("样例");
        let faulty = |line: &str| line.contains("#fault") || (line.contains("#later") && !sample);
        let lines = manuscript.source.lines().zip(1..).filter(|(line, _)| faulty(line));
        let faults: Vec<SourceFault> = lines
            .map(|(_, line)| SourceFault {
                file: "main.typ".into(),
                line: Some(line),
                message: "unknown variable: fault".into(),
            })
            .collect();
        let set = format!("%PDF-{data}");
        Box::pin(
            async move { if faults.is_empty() { Ok(Bytes::from(set)) } else { Err(Unset::Faulty(faults)) } },
        )
    }
}

/// A server without a socket.
#[derive(Clone)]
pub struct Server {
    router: Router,
    pub app: App,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub etag: Option<String>,
    pub replayed: bool,
    pub cookie: Option<String>,
    pub body: Value,
}

/// Somebody who calls.
#[derive(Clone)]
pub struct Caller {
    server: Server,
    secret: Option<String>,
}

/// Runs a story on SQLite, and on PostgreSQL where there is one.
pub async fn on_both<F, Fut>(story: F)
where
    F: Fn(Server) -> Fut,
    Fut: Future<Output = ()>,
{
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock: Clock = Arc::new(|| DateTime::from_timestamp(1_778_029_200, 0).unwrap_or_default());
    story(server(StoreConfig::embedded(folder.path().to_owned(), clock.clone())).await).await;
    let Ok(postgres) = std::env::var("CHENGJING_TEST_POSTGRES") else {
        eprintln!("the PostgreSQL half is skipped: CHENGJING_TEST_POSTGRES names no server");
        return;
    };
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let name = format!("api_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    say(&postgres, format!("CREATE DATABASE {name}")).await;
    let (host, _) = postgres.rsplit_once('/').expect("a URL that ends in a database");
    let url = DatabaseUrl::Postgres(format!("{host}/{name}"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    story(server(StoreConfig::new(url, folder.path().to_owned(), clock)).await).await;
    say(&postgres, format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

async fn say(server: &str, sql: String) {
    let mut wire = sqlx::PgConnection::connect(server).await.expect("the test's PostgreSQL");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut wire).await.expect("a database of its own");
}

async fn server(config: StoreConfig) -> Server {
    let store = Store::open(&config).await.expect("a store");
    store.migrate().await.expect("a schema");
    let app = App::new(
        store.clone(),
        config.clock.clone(),
        Arc::new(Counting(AtomicU64::new(1))),
        Arc::new(Compositor),
    );
    let worker = WorkerOptions {
        look_every: Duration::from_millis(20),
        ..WorkerOptions::new(app.ids.uuid(app.now()))
    };
    tokio::spawn(run_jobs(store, job::handlers(&app), worker, std::future::pending()));
    let settings = Settings { upload_limit: 1 << 20, ..Settings::default() };
    Server { router: router(State::new(app.clone(), settings), Assets(|_| None)), app }
}

impl Server {
    /// The same, its program run in another way.
    pub fn run_as(&self, app: App) -> Self {
        let settings = Settings { upload_limit: 1 << 20, ..Settings::default() };
        Self { router: router(State::new(app.clone(), settings), Assets(|_| None)), app }
    }

    pub fn anybody(&self) -> Caller {
        Caller { server: self.clone(), secret: None }
    }

    /// The first administrator.
    pub async fn administrator(&self) -> Caller {
        let body = json!({ "name": "admin", "display_name": "贺明远", "password": PASSWORD });
        let answer = self.anybody().send(Method::POST, "/setup", Some(body), &[]).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        self.with(answer)
    }

    pub async fn log_in(&self, name: &str) -> Caller {
        self.log_in_by(name, PASSWORD).await
    }

    pub async fn log_in_by(&self, name: &str, password: &str) -> Caller {
        let body = json!({ "name": name, "password": password });
        let answer = self.anybody().send(Method::POST, "/session", Some(body), &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        self.with(answer)
    }

    fn with(&self, answer: Answer) -> Caller {
        let cookie = answer.cookie.expect("a session's cookie");
        let secret = cookie.split(['=', ';']).nth(1).expect("its value").to_owned();
        Caller { server: self.clone(), secret: Some(secret) }
    }
}

impl Caller {
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, &[]).await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut bytes = Vec::new();
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some(body) = body {
            request = request.header(header::CONTENT_TYPE, "application/json");
            bytes = serde_json::to_vec(&body).expect("a body");
        }
        self.raw(request, bytes, headers).await
    }

    pub async fn upload(&self, path: &str, bytes: Vec<u8>) -> Answer {
        let request = Request::builder().method(Method::POST).uri(format!("/api/v1{path}"));
        self.raw(request.header(header::CONTENT_TYPE, "application/octet-stream"), bytes, &[]).await
    }

    /// A file's bytes by another method, or with other headers.
    pub async fn send_bytes(
        &self,
        method: Method,
        path: &str,
        bytes: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        self.raw(request.header(header::CONTENT_TYPE, "application/octet-stream"), bytes, headers).await
    }

    /// As [`Caller::upload`], for an answer that is a file.
    pub async fn upload_for_bytes(
        &self,
        path: &str,
        bytes: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> (StatusCode, Vec<u8>) {
        let request = Request::builder().method(Method::POST).uri(format!("/api/v1{path}"));
        let request = request.header(header::CONTENT_TYPE, "application/octet-stream");
        let (head, body) = self.exchange(request, bytes, headers).await.into_parts();
        (head.status, to_bytes(body, 16 << 20).await.expect("a body").to_vec())
    }

    /// A piece of a file.
    pub async fn piece(&self, path: &str, at: u64, bytes: impl Into<Vec<u8>>) -> Answer {
        let request = Request::builder().method(Method::PATCH).uri(format!("/api/v1{path}"));
        self.raw(request, bytes.into(), &[("upload-offset", &at.to_string())]).await
    }

    /// What a browser gets of a file, with all its headers.
    pub async fn fetch(&self, path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
        let request = Request::builder().method(Method::GET).uri(format!("/api/v1{path}"));
        let (head, bytes) = self.exchange(request, Vec::new(), headers).await.into_parts();
        let bytes = to_bytes(bytes, 16 << 20).await.expect("a body");
        (head.status, head.headers, bytes.to_vec())
    }

    /// What comes bit by bit, as it comes.
    pub async fn open(&self, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
        let request = Request::builder().method(Method::GET).uri(format!("/api/v1{path}"));
        self.exchange(request, Vec::new(), headers).await
    }

    /// The same person, as use cases know them.
    pub async fn in_service(&self) -> chengjing_service::Caller {
        let (app, secret) = (&self.server.app, self.secret.as_deref().expect("somebody who is logged in"));
        let actor = people::who::who(app, secret).await.expect("asked").expect("a session");
        chengjing_service::Caller::new(app, actor, None)
    }

    async fn raw(
        &self,
        request: axum::http::request::Builder,
        bytes: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let (head, body) = self.exchange(request, bytes, headers).await.into_parts();
        let text = |name: &str| head.headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let (etag, cookie, replayed) =
            (text("etag"), text("set-cookie"), text("idempotency-replayed").is_some());
        let status = head.status;
        let bytes = to_bytes(body, 16 << 20).await.expect("a body");
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        Answer { status, etag, replayed, cookie, body }
    }

    async fn exchange(
        &self,
        mut request: axum::http::request::Builder,
        bytes: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> Response<Body> {
        if let Some(secret) = &self.secret {
            request = request.header(header::COOKIE, format!("chengjing_session={secret}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(bytes)).expect("a request");
        self.server.router.clone().oneshot(request).await.expect("an answer")
    }
}

impl Answer {
    /// The body, where the status is that.
    #[track_caller]
    pub fn must(self, status: StatusCode) -> Value {
        assert_eq!(self.status, status, "{:?}", self.body);
        self.body
    }
}

/// A string inside a body.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no string: {value}")).to_owned()
}
