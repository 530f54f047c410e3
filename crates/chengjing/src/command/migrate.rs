use std::process::ExitCode;

use anyhow::Result;
use chengjing_store::Store;

use super::backup::{show, shown};
use crate::world::{Place, real_clock};

/// Bring the database's schema up to date; `serve` does it by itself
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Ends with 0 where the schema is up to date, else with 1; a migration that fails leaves nothing behind, and
those before it hold. On a terminal it shows how far it is.")]
pub(crate) struct Migrate {
    #[command(flatten)]
    place: Place,
}

impl Migrate {
    pub(crate) async fn run(self) -> Result<ExitCode> {
        let store = Store::open(&self.place.config(real_clock())?).await?;
        let before = store.migrate_telling(&mut show).await;
        shown();
        let before = before?;
        println!("{} migrations applied now, {} before", before.pending, before.applied);
        store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
