use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use chengjing_typeset::{MAIN, Task, Trouble};

use crate::typesetter::{Typesetter, Unset, serve_one};

/// Set a typst source as a PDF
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The source sees fonts.typ, which names the fonts of this machine by what they are for, and the files given with --file; \
no other file, no package, no network. It ends with 1 where the source has faults; they are told with their lines.")]
pub(crate) struct Typeset {
    /// The typst source
    source: PathBuf,
    /// Where to put the PDF
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// A text that the source may read or import, under its own name; as often as needed
    #[arg(long = "file", value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Typeset {
    pub(crate) async fn run(self) -> Result<ExitCode> {
        let read = |path: &PathBuf| {
            fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))
        };
        let mut task = Task { source: read(&self.source)?, ..Task::default() };
        for file in &self.files {
            let name = file.file_name().with_context(|| format!("{} has no name", file.display()))?;
            task.files.insert(name.to_string_lossy().into_owned(), read(file)?);
        }
        match Typesetter::new().set(&task).await {
            Ok(pdf) => {
                fs::write(&self.output, pdf)
                    .with_context(|| format!("can't write {}", self.output.display()))?;
                Ok(ExitCode::SUCCESS)
            }
            Err(Unset::Trouble(Trouble::Faulty(faults))) => {
                for fault in faults {
                    let line = fault.line.map(|line| format!(":{line}")).unwrap_or_default();
                    let own = self.source.display().to_string();
                    let file = if fault.file == MAIN { &own } else { &fault.file };
                    eprintln!("{file}{line}: {}", fault.message);
                    for hint in fault.hints {
                        eprintln!("    {hint}");
                    }
                }
                Ok(ExitCode::FAILURE)
            }
            Err(Unset::Trouble(trouble)) => Err(trouble.into()),
            Err(other) => Err(other.into()),
        }
    }
}

/// Read one document from standard input and set it, within limits
#[derive(Debug, clap::Args)]
pub(crate) struct TypesetOne {}

impl TypesetOne {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let Self {} = self;
        serve_one()?;
        Ok(ExitCode::SUCCESS)
    }
}
