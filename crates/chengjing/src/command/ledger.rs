use std::process::ExitCode;

use anyhow::Result;
use chengjing_store::{Store, ledger};

use super::backup::{show, shown};
use crate::world::{Place, real_clock};

/// Check the ledger
#[derive(Debug, clap::Args)]
pub(crate) struct Ledger {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Compare the chain with its entries and the entries with what is stored; 0 where all holds, else 1 and a line for
    /// each fault. On a terminal it shows how far it is
    Verify {
        #[command(flatten)]
        place: Place,
    },
}

impl Ledger {
    pub(crate) async fn run(self) -> Result<ExitCode> {
        let What::Verify { place } = self.what;
        let store = Store::open(&place.config_of_existing(real_clock())?).await?;
        let faults = ledger::verify_telling(&store, &mut show).await;
        shown();
        let faults = faults?;
        let newest = store.read(|r| async move { ledger::newest_block(&r).await }).await?;
        store.close().await;
        for fault in &faults {
            println!("{fault}");
        }
        if !faults.is_empty() {
            return Ok(ExitCode::FAILURE);
        }
        match newest {
            Some(block) => println!("The ledger holds. Newest block: {} {}", block.height, block.hash()),
            None => println!("The ledger holds. It has no block yet."),
        }
        Ok(ExitCode::SUCCESS)
    }
}
