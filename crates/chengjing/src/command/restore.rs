use std::{fs::File, io::BufReader, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use chengjing_store::{Store, backup::restore};

use super::backup::{show, shown};
use crate::world::{Place, real_clock};

/// Make a new installation from a backup, and prove it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Ends with 0 where every hash was compared and the ledger holds, else with 1. The place must be an empty one. On a \
terminal it shows how far it is.")]
pub(crate) struct Restore {
    /// The file that `backup` made
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

impl Restore {
    pub(crate) async fn run(self) -> Result<ExitCode> {
        let file = File::open(&self.file).with_context(|| format!("can't open {}", self.file.display()))?;
        let store = Store::open(&self.place.config(real_clock())?).await?;
        let restored = restore(BufReader::new(file), &store, show).await;
        store.close().await;
        shown();
        let manifest = restored.context("the backup was not restored")?;
        let rows: u64 = manifest.tables.values().map(|table| table.rows).sum();
        println!("{rows} rows restored; every hash was compared and the ledger holds.");
        Ok(ExitCode::SUCCESS)
    }
}
