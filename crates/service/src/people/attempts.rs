//! Guesses at passwords and codes, counted, so that guessing ends.

use chengjing_store::{Tx, people as store};

use crate::{App, Refusal};

/// Under what a guess is counted, and how many are borne.
pub(super) type Limit = (String, u32);

/// Refuses to look at a guess while one of the keys is locked.
pub(super) async fn must_not_be_locked(app: &App, limits: &[Limit]) -> Result<(), Refusal> {
    let (now, keys) = (app.now(), limits.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>());
    let until = app.store.read(|q| async move {
        let mut until = None;
        for key in &keys {
            until = until.max(store::lookup_attempts(&q, key).await?.locked(now));
        }
        Ok::<_, Refusal>(until)
    });
    match until.await? {
        Some(until) => Err(Refusal::Locked { seconds: (until - now).num_seconds().max(1) }),
        None => Ok(()),
    }
}

/// Counts a wrong guess.
pub(super) async fn count(app: &App, limits: &[Limit]) -> Result<(), Refusal> {
    let (now, lock, limits) = (app.now(), app.login_rules.lock, limits.to_vec());
    let count = move |tx: Tx| {
        let limits = limits.clone();
        async move {
            for (key, limit) in &limits {
                let before = store::lookup_attempts(&tx, key).await?;
                store::save_attempts(&tx, key, &before.failed(*limit, lock, now)).await?;
            }
            Ok::<_, Refusal>(())
        }
    };
    app.store.write_unrecorded("a guess was wrong", count).await
}
