//! Durable writes and list pages: `cargo bench -p chengjing-store --bench writer [-- --duties 1000000]`.
//!
//! Prints, for both engines, writes a second and CPU a write through `Store::write` at 1, 8 and 64 callers, beside a
//! bare connection that commits 1, 8 and 64 rows a transaction in the same run; then the cost of pages and of single
//! duties. Wall-clock figures move with the neighbours on a shared machine; CPU hardly does: compare within one run.
#![allow(clippy::print_stdout, reason = "its figures are what it is for")]

use std::{
    path::PathBuf,
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
use chengjing_store::{
    DatabaseUrl, Paging, Store, StoreConfig, StoreError, campaign,
    duty::{self, DueFilter, DutyFilter},
    ledger,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use sqlx::{Connection, Executor};
use tokio::task::JoinSet;
use uuid::Uuid;

const RUN: Duration = Duration::from_secs(3);
const UNITS: u32 = 60;

fn main() {
    let mut sizes = vec![10_000_u32];
    let mut arguments = std::env::args();
    while let Some(argument) = arguments.next() {
        if argument == "--duties" {
            sizes.extend(arguments.next().and_then(|n| n.parse::<u32>().ok()));
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        for n in sizes {
            let folder = tempfile::tempdir_in(base()).expect("a folder");
            println!("\n## SQLite, {n} duties");
            let url = DatabaseUrl::Sqlite(folder.path().join("chengjing.db"));
            engine(url, folder.path().into(), n).await;
            bare_sqlite(folder.path().into()).await;
            match std::env::var("CHENGJING_TEST_POSTGRES") {
                Ok(server) => {
                    println!("\n## PostgreSQL, {n} duties");
                    let name = format!("store_bench_{}", std::process::id());
                    let mut wire = sqlx::PgConnection::connect(&server).await.expect("PostgreSQL");
                    wire.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
                        .await
                        .expect("a database");
                    let (address, _) = server.rsplit_once('/').expect("a URL that ends in a database");
                    let url = format!("{address}/{name}");
                    engine(DatabaseUrl::Postgres(url.clone()), folder.path().into(), n).await;
                    bare_postgres(&url).await;
                    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
                    wire.execute(sqlx::AssertSqlSafe(drop)).await.expect("dropped");
                }
                Err(_) => println!("PostgreSQL is skipped: CHENGJING_TEST_POSTGRES names no server"),
            }
        }
    });
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

async fn engine(url: DatabaseUrl, folder: PathBuf, duties: u32) {
    let config = StoreConfig::new(url, folder, Arc::new(now));
    let store = Store::open(&config).await.expect("a store");
    store.migrate().await.expect("a schema");
    let here = CampaignId(Uuid::from_u128(1));
    furnish(&store, here).await.expect("a campaign");
    let begun = Instant::now();
    let mut ids = Vec::new();
    for first in (0..duties).step_by(250) {
        ids.extend(fill(&store, here, first, 250.min(duties - first)).await.expect("duties"));
        // Whether the cost of a write grows with the table.
        if duties >= 10 && first % (duties / 10) < 250 {
            println!("{first:>10} duties after {:.1} s", begun.elapsed().as_secs_f64());
        }
    }
    store.refresh_statistics().await.expect("statistics");
    println!("filled in {:.1} s", begun.elapsed().as_secs_f64());
    for callers in [1, 8, 64] {
        let store = store.clone();
        measure(&format!("small write (setting + entry), {callers} callers"), callers, move |_| {
            let store = store.clone();
            async move { touch(&store).await }
        })
        .await;
    }
    let ids = Arc::new(ids);
    for callers in [1, 8, 64] {
        let (store, ids) = (store.clone(), Arc::clone(&ids));
        measure(&format!("edit a duty, {callers} callers"), callers, move |n| {
            let (store, ids) = (store.clone(), Arc::clone(&ids));
            // Each caller has duties of its own, so that no edit is stale.
            let own = usize::try_from(n).unwrap_or(0).wrapping_mul(64) % ids.len();
            async move { edit(&store, here, ids[own]).await }
        })
        .await;
    }
    for callers in [1, 8, 64] {
        let store = store.clone();
        measure(&format!("add a duty, {callers} callers"), callers, move |n| {
            let store = store.clone();
            async move { fill(&store, here, u32::try_from(n % 1_000_000).unwrap_or(0), 1).await.map(drop) }
        })
        .await;
    }
    pages(&store, here, &ids).await;
    store.close().await;
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
            let units = (0..UNITS).map(|n| Unit {
                campaign: here,
                id: unit_id(n),
                name: format!("第{n}单位"),
                kind: UnitKind::Department,
                parent: None,
                aliases: vec![],
                members: vec![],
                confirmed: true,
                version: 1,
            });
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

async fn touch(store: &Store) -> Result<(), StoreError> {
    let entry = act("bench", Subject::installed(SubjectKind::Installation, Uuid::nil()));
    store
        .write_keyed(move |tx| {
            let entry = entry.clone();
            async move {
                chengjing_store::setting::save(&tx, &entry.id.to_string(), "值").await?;
                ledger::record(&tx, entry).await.map(drop)
            }
        })
        .await
}

async fn edit(store: &Store, here: CampaignId, id: DutyId) -> Result<(), StoreError> {
    let entry = act("duty.edit", Subject::of(here, SubjectKind::Duty, id.0));
    store
        .write_keyed(move |tx| {
            let entry = entry.clone();
            async move {
                let mut found = duty::lookup(&tx, here, id).await?.ok_or(StoreError::Stale)?;
                found.number = Some(found.version.to_string());
                duty::save(&tx, &found).await?;
                ledger::record(&tx, entry).await.map(drop)
            }
        })
        .await
}

async fn pages(store: &Store, here: CampaignId, ids: &[DutyId]) {
    let deep = {
        let filter = DutyFilter {
            due: DueFilter::Between(NaiveDate::from_ymd_opt(2026, 7, 1), None),
            ..DutyFilter::default()
        };
        let page =
            store.read(|r| async move { duty::list(&r, here, &filter, &Paging::first(100)).await }).await;
        page.expect("a page").next
    };
    let text = |text: &str| DutyFilter { text: Some(text.into()), ..DutyFilter::default() };
    let scope: Vec<UnitId> = (0..8).map(unit_id).collect();
    let cases = [
        ("first page of 100", DutyFilter::default(), None),
        ("page in the middle", DutyFilter::default(), deep),
        ("of a unit", DutyFilter { unit: Some(unit_id(5)), ..DutyFilter::default() }, None),
        ("of eight units", DutyFilter { any_unit: Some(scope), ..DutyFilter::default() }, None),
        ("of a phase", DutyFilter { phase: Some(phase_id(2)), ..DutyFilter::default() }, None),
        ("with targets", DutyFilter { has_target: Some(true), ..DutyFilter::default() }, None),
        ("frequent word 整治", text("整治"), None),
        ("rare word 第77", text("第77"), None),
        ("word that is nowhere", text("龘龘"), None),
    ];
    for (name, filter, after) in cases {
        let paging = Paging { after, limit: 100 };
        let store = store.clone();
        measure(&format!("list: {name}"), 1, move |_| {
            let (store, filter, paging) = (store.clone(), filter.clone(), paging.clone());
            async move {
                store.read(|r| async move { duty::list(&r, here, &filter, &paging).await }).await.map(drop)
            }
        })
        .await;
    }
    let (store, ids) = (store.clone(), Arc::new(ids.to_vec()));
    measure("lookup one duty", 1, move |n| {
        let store = store.clone();
        let id = ids[usize::try_from(n).unwrap_or(0).wrapping_mul(7_919) % ids.len()];
        async move { store.read(|r| async move { duty::lookup(&r, here, id).await }).await.map(drop) }
    })
    .await;
}

/// Runs `work` from so many callers for a while and prints how it went. `work` gets a number that no other run gets,
/// in steps of the callers.
async fn measure<F, Fut>(name: &str, callers: u64, work: F)
where
    F: Fn(u64) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<(), StoreError>> + Send,
{
    static ROUND: AtomicU64 = AtomicU64::new(0);
    let (cpu, begun) = (cpu(), Instant::now());
    let mut tasks = JoinSet::new();
    for caller in 0..callers {
        let work = work.clone();
        tasks.spawn(async move {
            let (mut times, mut failed) = (Vec::new(), 0_u32);
            while begun.elapsed() < RUN {
                let one = Instant::now();
                match work(ROUND.fetch_add(1, Ordering::Relaxed) * 64 + caller).await {
                    Ok(()) => times.push(one.elapsed()),
                    Err(_) => failed += 1,
                }
            }
            (times, failed)
        });
    }
    let (mut times, mut failed) = (Vec::new(), 0);
    while let Some(done) = tasks.join_next().await {
        let (some, bad) = done.expect("joined");
        times.extend(some);
        failed += bad;
    }
    let (elapsed, cpu) = (begun.elapsed(), self::cpu() - cpu);
    times.sort_unstable();
    let n = times.len().max(1);
    let at = |share: usize| times.get(n * share / 100).copied().unwrap_or_default().as_secs_f64() * 1e3;
    println!(
        "{name:<44} {:>8.0}/s  CPU {:>6.3} ms  p50 {:>7.2} ms  p99 {:>7.2} ms{}",
        times.len() as f64 / elapsed.as_secs_f64(),
        cpu.as_secs_f64() * 1e3 / n as f64,
        at(50),
        at(99),
        if failed > 0 { format!("  {failed} failed") } else { String::new() },
    );
}

/// CPU time of this process so far, from /proc (in ticks of 10 ms).
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 =
        after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// What the engine does for one thread that has nothing else to do: the measure of all the rest.
async fn bare_sqlite(folder: PathBuf) {
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(folder.join("bare.db"))
        .create_if_missing(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
        .synchronous(sqlx::sqlite::SqliteSynchronous::Full);
    let mut wire = sqlx::SqliteConnection::connect_with(&options).await.expect("a connection");
    wire.execute("CREATE TABLE bare (id BLOB PRIMARY KEY, body TEXT)").await.expect("a table");
    for rows in [1, 8, 64] {
        let (cpu, begun, mut done) = (cpu(), Instant::now(), 0_u32);
        while begun.elapsed() < RUN {
            let mut tx = wire.begin().await.expect("a transaction");
            for _ in 0..rows {
                let insert = sqlx::query("INSERT INTO bare VALUES (?, ?)").bind(fresh().as_bytes().to_vec());
                insert.bind("x".repeat(900)).execute(&mut *tx).await.expect("a row");
                done += 1;
            }
            tx.commit().await.expect("committed");
        }
        print_bare("SQLite", rows, done, begun, cpu);
    }
}

async fn bare_postgres(url: &str) {
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
