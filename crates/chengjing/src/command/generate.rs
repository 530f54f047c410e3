use std::{io::Write as _, process::ExitCode};

use anyhow::Result;
use chengjing_domain::publication::Paper;
use chengjing_press::paper::docx_template;
use chengjing_reader::standard::Kind;

use crate::demo;

/// Print files that are made from the program
#[derive(Debug, clap::Args)]
pub(crate) struct Generate {
    what: What,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum What {
    Openapi,
    Permissions,
    /// What may be done to a unit's task, in which state and by whom
    DutyLife,
    /// The shape of a standard's file
    StandardSchema,
    /// The shape of a catalogue's file
    CatalogueSchema,
    /// The shape of facts
    FactsSchema,
    /// The demo county's plan as a document
    Plan,
    /// The built-in template of letters
    Letter,
    /// The built-in template of bulletins
    Bulletin,
}

impl Generate {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let bytes = match self.what {
            What::Openapi => chengjing_api::description().into_bytes(),
            What::Permissions => chengjing_api::permissions_table().into_bytes(),
            What::DutyLife => chengjing_domain::duty::task::markdown().into_bytes(),
            What::StandardSchema => schema(Kind::Standard)?,
            What::CatalogueSchema => schema(Kind::Catalogue)?,
            What::FactsSchema => schema(Kind::Facts)?,
            What::Plan => chengjing_press::plan_to_docx(demo::PLAN_AS_TEXT)?,
            What::Letter => docx_template(Paper::Letter)?,
            What::Bulletin => docx_template(Paper::Bulletin)?,
        };
        std::io::stdout().write_all(&bytes)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn schema(of: Kind) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(&chengjing_reader::standard::schema(of))?;
    text.push(b'\n');
    Ok(text)
}
