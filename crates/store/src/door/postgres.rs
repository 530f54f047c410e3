//! Writes on PostgreSQL: a serializable transaction on the pool, run again when it had to give way.
//!
//! Serializable, because SQLite's writer is: a use case that reads and then writes must not have to know the engine.
//! PostgreSQL then also takes two inserts into one page of an index for a conflict, where the page was read before; for
//! writes that keep to rows which they name, repeatable read is enough (a row that two change fails one of them).

use std::{
    str::FromStr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use sqlx::{
    ConnectOptions, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::sync::Semaphore;

use super::{
    link::{Access, Lent, Link, Wire},
    write::{Bells, Ending, Write},
};
use crate::error::{StoreError, is_worth_repeating};

/// For how long a write is run again before its caller hears that the database is busy: several times what it takes a
/// full house of writers to pass one after the other, and less than callers wait for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a write that gave way waits for its place before it tries beside the one that has it.
const PLACE: Duration = Duration::from_secs(1);

pub(super) async fn open(url: &str, connections: u32, limit: Duration) -> Result<PgPool, StoreError> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("chengjing")
        .statement_cache_capacity(256)
        // The server's own end for what the caller has given up.
        .options([("statement_timeout", (limit.as_millis() + 1_000).to_string())])
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(connections.max(2))
        .acquire_timeout(limit)
        .test_before_acquire(false)
        // A connection that lay idle may have been cut by a restart or a firewall; one in use has not.
        .before_acquire(|wire, meta| {
            Box::pin(async move {
                Ok(meta.idle_for < Duration::from_secs(10) || sqlx::Connection::ping(wire).await.is_ok())
            })
        })
        .connect_with(options)
        .await?;
    Ok(pool)
}

/// The parts of the spread counters, each lent to one write at a time, and the place for the one among those that gave
/// way whose turn it is to try again.
///
/// Without that place all who met would meet again, and whoever came late enough each time was never through: sixteen who
/// read the same list and add to it, one of whom wins a round, are not done in any number of rounds that one would wait.
/// With it a write that gave way has only newcomers beside it, each of which gives way to it at most once before it stands
/// in line as well.
#[derive(Debug)]
pub(super) struct Shards {
    free: Mutex<Vec<u8>>,
    turns: Semaphore,
    place: tokio::sync::Mutex<()>,
}

/// Writes of one process that run at the same time at most.
pub(crate) const SHARDS: u8 = 16;

impl Shards {
    pub(super) fn new() -> Self {
        Self {
            free: Mutex::new((0..SHARDS).rev().collect()),
            turns: Semaphore::new(SHARDS.into()),
            place: tokio::sync::Mutex::default(),
        }
    }
}

struct Turn<'a> {
    shards: &'a Shards,
    shard: u8,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.shards.free.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(self.shard);
    }
}

/// Gives the connection back with its transaction rolled back, should the caller go away in the middle.
struct Held(Arc<Link>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(mut wire) = self.0.try_take() {
            wire.start_roll_back();
        }
    }
}

pub(super) async fn write(
    pool: &PgPool,
    shards: &Shards,
    limit: Duration,
    bells: &Arc<Bells>,
    mut write: Box<dyn Write>,
) -> Result<(), StoreError> {
    let _turn = shards.turns.acquire().await.map_err(StoreError::unavailable)?;
    let shard = shards.free.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop().unwrap_or(0);
    let turn = Turn { shards, shard };
    let begun = Instant::now();
    let mut place = None;
    let mut met_taken = false;
    for attempt in 1_u64.. {
        match attempt_once(pool, turn.shard, limit, bells, &mut *write).await? {
            // Once: then it was there before this write began, and its own look at it has decided what to say.
            Outcome::Taken(_) if !met_taken => met_taken = true,
            Outcome::Ended(refused) | Outcome::Taken(refused) => {
                write.answer(refused);
                return Ok(());
            }
            Outcome::GaveWay if begun.elapsed() >= PATIENCE => break,
            Outcome::GaveWay => {
                if place.is_none() {
                    // A long write may hold the place; it must not hold up the short ones for good.
                    place = tokio::time::timeout(PLACE, shards.place.lock()).await.ok();
                }
                // Each shard waits a little differently, so that those of two processes who met do not meet again.
                let pause = attempt.min(6).pow(2) * (200 + 150 * u64::from(turn.shard));
                tokio::time::sleep(Duration::from_micros(pause)).await;
            }
        }
    }
    write.answer(Some(StoreError::Busy));
    Ok(())
}

enum Outcome {
    Ended(Option<StoreError>),
    /// It ended because a unique key was taken.
    Taken(Option<StoreError>),
    GaveWay,
}

async fn attempt_once(
    pool: &PgPool,
    shard: u8,
    limit: Duration,
    bells: &Arc<Bells>,
    write: &mut dyn Write,
) -> Result<Outcome, StoreError> {
    let mut wire = Wire::Postgres(Lent::new(pool.acquire().await?));
    let begin = if write.is_serial() {
        "BEGIN ISOLATION LEVEL SERIALIZABLE"
    } else {
        "BEGIN ISOLATION LEVEL REPEATABLE READ"
    };
    let names_seen = bells.names.changes();
    wire.begin(begin).await?;
    let held = Held(Link::new(wire));
    let access = Access::write(Arc::clone(&held.0), bells, names_seen, shard);
    let ending = write.run(Arc::clone(&access), limit).await;
    if matches!(ending, Ending::Refused(StoreError::TimedOut { .. })) {
        // A statement may still be under way on the server; the connection is cut rather than waited for.
        if let Some(Wire::Postgres(wire)) = held.0.take().await
            && let Some(wire) = wire.detach()
        {
            sqlx::Connection::close_hard(wire).await.ok();
        }
        return Ok(Outcome::Ended(refusal(ending)));
    }
    let Some(mut wire) = held.0.take().await else { return Ok(Outcome::Ended(Some(StoreError::Ended))) };
    if access.is_worth_repeating() {
        wire.roll_back().await.ok();
        return Ok(Outcome::GaveWay);
    }
    if !matches!(ending, Ending::Kept) {
        wire.roll_back().await.ok();
        let refused = refusal(ending);
        return Ok(if access.met_taken() { Outcome::Taken(refused) } else { Outcome::Ended(refused) });
    }
    match wire.commit().await {
        Ok(()) => Ok(Outcome::Ended(None)),
        Err(error) => {
            let again = is_worth_repeating(&error);
            wire.roll_back().await.ok();
            Ok(if again { Outcome::GaveWay } else { Outcome::Ended(Some(error.into())) })
        }
    }
}

fn refusal(ending: Ending) -> Option<StoreError> {
    match ending {
        Ending::Kept | Ending::Failed => None,
        Ending::Refused(reason) => Some(reason),
    }
}
