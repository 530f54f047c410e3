//! The second factor of an account: beginning, confirming, renewing, ending.

pub mod begin;
pub mod confirm;
pub mod look_up;
pub mod remove;
pub mod renew_codes;

use chengjing_domain::people::{Proof, RECOVERY_CODES, SecondFactor, recovery_code};

use crate::{App, Refusal};

/// New recovery codes: as they are shown once, and what is stored of them.
fn new_codes(app: &App) -> (Vec<String>, Vec<[u8; 32]>) {
    (0..RECOVERY_CODES).map(|_| recovery_code(app.ids.random())).unzip()
}

/// Whether what was typed proves that second factor now.
pub(super) async fn prove(app: &App, factor: &SecondFactor, typed: &str) -> Result<Option<Proof>, Refusal> {
    let key = app.store.key().await?;
    // It lies in the data folder and was not brought along: nobody's codes can be known.
    let key = key.ok_or(Refusal::Internal("the file `key` of the data folder is missing"))?;
    Ok(factor.prove(&key, typed, app.now()))
}
