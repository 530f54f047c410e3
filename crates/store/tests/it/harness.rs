//! A store of its own for each test: SQLite in a folder, PostgreSQL in a database.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use chengjing_domain::{
    campaign::{Campaign, Phase, Unit, UnitKind},
    duty::{
        Duty, DutyState, DutyTarget, DutyUnit,
        task::{self, Party},
    },
    id::{CampaignId, DutyId, EntryId, PhaseId, StepId, TargetId, UnitId, UserId},
    ledger::{Act, Author, Subject},
    people::User,
    plan::{Comparator, Recurrence, Span, Target, UnitRole},
};
use chengjing_store::{
    Clock, DatabaseUrl, Store, StoreConfig, StoreError, Tx, campaign, file::FilesUrl, ledger,
    recount::Counters,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use sqlx::Connection;
use tempfile::TempDir;
use uuid::Uuid;

/// 2026-03-01 at 08:00 in Beijing.
pub const START: i64 = 1_772_323_200_000_000;

pub fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(START + second * 1_000_000).expect("a moment")
}

/// Ids that count: a test's rows sort in the order in which it made them.
pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0195_0000_0000_7000_8000_0000_0000_0000 + n)
}

pub fn fresh_id() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1 << 32);
    // In steps: an entry's id is followed by those of the entries that go with it.
    id(NEXT.fetch_add(1 << 20, Ordering::Relaxed).into())
}

/// A clock that only the test moves.
#[derive(Clone, Default)]
pub struct Hands(Arc<AtomicI64>);

impl Hands {
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }

    pub fn now(&self) -> DateTime<Utc> {
        at(self.0.load(Ordering::Relaxed))
    }

    pub fn clock(&self) -> Clock {
        let hands = self.clone();
        Arc::new(move || hands.now())
    }
}

/// A store and what it stands on.
pub struct Bench {
    pub store: Store,
    pub hands: Hands,
    pub config: StoreConfig,
    pub engine: &'static str,
}

/// Runs a story on SQLite, and on PostgreSQL where there is one.
pub async fn on_both<F, Fut>(story: F)
where
    F: Fn(Bench) -> Fut,
    Fut: Future<Output = ()>,
{
    let folder = tempfile::tempdir().expect("a temporary folder");
    story(sqlite(&folder, |_| {}).await).await;
    let Some(database) = Database::new().await else {
        eprintln!("the PostgreSQL half is skipped: CHENGJING_TEST_POSTGRES names no server");
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    story(open(&folder, "postgres", Some(database.url()), |_| {}).await).await;
    database.remove().await;
}

pub async fn sqlite(folder: &TempDir, adjust: impl FnOnce(&mut StoreConfig)) -> Bench {
    open(folder, "sqlite", None, adjust).await
}

pub async fn open(
    folder: &TempDir,
    engine: &'static str,
    database: Option<DatabaseUrl>,
    adjust: impl FnOnce(&mut StoreConfig),
) -> Bench {
    let hands = Hands::default();
    let mut config = match database {
        None => StoreConfig::embedded(folder.path().to_owned(), hands.clock()),
        Some(url) => StoreConfig::new(url, folder.path().to_owned(), hands.clock()),
    };
    adjust(&mut config);
    let store = Store::open(&config).await.expect("a store");
    store.migrate().await.expect("a schema");
    Bench { store, hands, config, engine }
}

/// A database of its own on the server that `CHENGJING_TEST_POSTGRES` names.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    pub async fn new() -> Option<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let server = std::env::var("CHENGJING_TEST_POSTGRES").ok()?;
        let name = format!("store_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let database = Self { server, name };
        database.say(format!("CREATE DATABASE {}", database.name)).await;
        Some(database)
    }

    pub fn url(&self) -> DatabaseUrl {
        let (server, _) = self.server.rsplit_once('/').expect("a URL that ends in a database");
        DatabaseUrl::Postgres(format!("{server}/{}", self.name))
    }

    pub async fn remove(self) {
        self.say(format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }

    async fn say(&self, sql: String) {
        let mut wire = sqlx::PgConnection::connect(&self.server).await.expect("the test's PostgreSQL");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut wire).await.expect("a database of its own");
    }
}

/// A place of its own in the S3 that `CHENGJING_TEST_S3` names (`s3://bucket`; how to reach it stands in `AWS_…`).
pub fn s3() -> Option<FilesUrl> {
    let Ok(bucket) = std::env::var("CHENGJING_TEST_S3") else {
        eprintln!("the S3 half is skipped: CHENGJING_TEST_S3 names no bucket");
        return None;
    };
    let prefix = format!("store-{}-{}", std::process::id(), fresh_id());
    Some(format!("{bucket}/{prefix}").parse().expect("a bucket"))
}

pub fn user(n: u128) -> User {
    User {
        id: UserId(id(n)),
        name: format!("User{n}"),
        display_name: format!("用户{n}"),
        password_hash: "$argon2id$stand-in".into(),
        created_at: at(0),
        disabled_at: None,
        must_change_password: false,
        version: 1,
    }
}

pub fn campaign_of(n: u128) -> Campaign {
    Campaign {
        id: CampaignId(id(n)),
        name: "清水县创建全国文明城市".into(),
        place: "清水县".into(),
        kind: "文明城市".into(),
        year: 2026,
        starts_on: NaiveDate::from_ymd_opt(2026, 1, 1),
        ends_on: None,
        created_at: at(0),
        version: 1,
    }
}

pub fn unit(campaign: CampaignId, n: u128, name: &str) -> Unit {
    Unit { confirmed: false, ..Unit::new(campaign, UnitId(id(n)), name, UnitKind::Department) }
}

pub fn phase(campaign: CampaignId, n: u128, ordinal: i32) -> Phase {
    Phase {
        campaign,
        id: PhaseId(id(n)),
        title: format!("第{ordinal}阶段"),
        start: "2026-03-01".parse().ok(),
        end: "XXXX-06".parse().ok(),
        ordinal,
    }
}

/// A duty of everyday shape; `day` of June 2026, none for 0.
pub fn duty(campaign: CampaignId, n: u128, title: &str, units: &[Unit], day: u32) -> Duty {
    Duty {
        campaign,
        id: DutyId(id(n)),
        import: None,
        ordinal: i32::try_from(n).unwrap_or(0),
        number: Some(format!("{n}")),
        path: vec!["三".into(), "（一）".into()],
        part: None,
        title: title.into(),
        text: format!("{title}，由有关部门按职责抓好落实。"),
        leads: vec!["张副县长".into()],
        units: units
            .iter()
            .map(|unit| DutyUnit { unit: unit.id, role: UnitRole::Responsible, via: None })
            .collect(),
        start: None,
        due: format!("2026-06-{day:02}").parse().ok(),
        due_on: NaiveDate::from_ymd_opt(2026, 6, day),
        recurrence: n.is_multiple_of(3).then_some(Recurrence::Monthly),
        phase: None,
        initiative: None,
        targets: Vec::new(),
        span: Some(Span { start: 10, end: 20 }),
        state: DutyState::Assigned,
        created_at: at(0),
        version: 1,
    }
}

/// An act of the second user of a test on the first of June.
pub fn task_act(party: Party, n: u128) -> task::Act {
    let today = NaiveDate::from_ymd_opt(2026, 6, 1).expect("a day");
    task::Act { step: StepId(id(n)), by: Author::User(UserId(id(2))), party, at: at(2), today }
}

pub fn target(n: u128) -> DutyTarget {
    DutyTarget {
        id: TargetId(id(n)),
        target: Target {
            subject: "达标率".into(),
            comparator: Comparator::AtLeast,
            value: "95.50".parse().expect("a decimal"),
            unit: "%".into(),
        },
    }
}

pub fn act(action: &str, subject: Subject) -> Act {
    Act {
        id: EntryId(fresh_id()),
        at: at(1),
        author: Author::System,
        action: action.into(),
        subject,
        details: json!({}),
    }
}

/// Records that the program did something to the installation: takes up all that the write noted.
pub async fn recorded(tx: &Tx) -> Result<(), StoreError> {
    let subject = Subject::installed(chengjing_domain::ledger::SubjectKind::Installation, Uuid::nil());
    ledger::record(tx, act("test", subject)).await.map(drop)
}

/// A campaign with some units, stored.
pub async fn with_campaign(store: &Store, units: &[&str]) -> (CampaignId, Vec<Unit>) {
    let one = campaign_of(1);
    let campaign = one.id;
    let units: Vec<Unit> = units.iter().zip(100..).map(|(name, n)| unit(campaign, n, name)).collect();
    let stored = units.clone();
    store
        .write(move |tx| {
            let (one, units) = (one.clone(), units.clone());
            async move {
                campaign::add(&tx, &one).await?;
                campaign::add_units(&tx, &units).await?;
                recorded(&tx).await
            }
        })
        .await
        .expect("a campaign with units");
    (campaign, stored)
}

/// A write in a test: the closure may run again, so it owns clones of what it names.
macro_rules! write {
    ($bench:expr, [$($own:ident),*], |$tx:ident| $body:expr) => {{
        $(let $own = $own.clone();)*
        $bench.store.write(move |$tx| {
            $(let $own = $own.clone();)*
            async move { $body }
        }).await
    }};
}
pub(crate) use write;

/// What of the counters is not what the rows give.
pub async fn miscounts(bench: &Bench, here: CampaignId) -> Vec<String> {
    let mut wrong = Vec::new();
    for counters in Counters::ALL {
        let found = bench.store.read(|r| async move { counters.miscounts(&r, here).await }).await;
        wrong.extend(found.expect("counted").iter().map(ToString::to_string));
    }
    wrong
}

/// A foreign hand.
pub async fn tamper(bench: &Bench, sql: &str) {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    match &bench.config.database {
        DatabaseUrl::Sqlite(path) => {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).foreign_keys(false);
            let pool = sqlx::SqlitePool::connect_with(options).await.expect("the database");
            sqlx::raw_sql(sql).execute(&pool).await.expect("tampered");
            pool.close().await;
        }
        DatabaseUrl::Postgres(url) => {
            let pool = sqlx::PgPool::connect(url).await.expect("the database");
            sqlx::raw_sql(sql).execute(&pool).await.expect("tampered");
            pool.close().await;
        }
    }
}
