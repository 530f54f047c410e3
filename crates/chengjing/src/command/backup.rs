use std::{
    fs::File,
    io::{BufWriter, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context, Result};
use chengjing_store::{Progress, Store, backup::backup};

use crate::world::{Place, real_clock};

/// Copy database and files into one file, also while the server runs
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Ends with 0 where the file is whole, else with 1; what was begun is removed. On a terminal it shows how far it is.")]
pub(crate) struct Backup {
    #[command(flatten)]
    place: Place,
    /// The file to be made
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Backup {
    pub(crate) async fn run(self) -> Result<ExitCode> {
        let store = Store::open(&self.place.config_of_existing(real_clock())?).await?;
        // Under another name until it is whole: half a backup must not look like one.
        let unfinished = self.output.with_extension("unfinished");
        let file =
            File::create(&unfinished).with_context(|| format!("can't write {}", unfinished.display()))?;
        let made = backup(&store, BufWriter::new(file), show).await;
        store.close().await;
        let (manifest, file) = match made {
            Ok(made) => made,
            Err(error) => {
                std::fs::remove_file(&unfinished).ok();
                shown();
                return Err(error).context("the backup failed; nothing was left behind");
            }
        };
        let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, &self.output)?;
        let rows: u64 = manifest.tables.values().map(|table| table.rows).sum();
        shown();
        println!("{}: {rows} rows of {} tables", self.output.display(), manifest.tables.len());
        Ok(ExitCode::SUCCESS)
    }
}

/// One line that changes, for a person who waits.
#[allow(clippy::needless_pass_by_value, reason = "the signature is that of the store's callback")]
pub(super) fn show(step: Progress) {
    if std::io::stderr().is_terminal() {
        let of = step.total.map(|total| format!(" / {total}")).unwrap_or_default();
        eprint!("\r\x1b[K{}: {}{of}", step.what, step.done);
        std::io::stderr().flush().ok();
    }
}

/// Takes that line away again.
pub(super) fn shown() {
    if std::io::stderr().is_terminal() {
        eprint!("\r\x1b[K");
    }
}
