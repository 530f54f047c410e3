use std::process::ExitCode;

/// Print files that are made from the program
#[derive(Debug, clap::Args)]
pub(crate) struct Generate {
    what: What,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum What {
    Openapi,
    Permissions,
}

impl Generate {
    pub(crate) fn run(self) -> ExitCode {
        match self.what {
            What::Openapi => print!("{}", chengjing_api::description()),
            What::Permissions => print!("{}", chengjing_api::permissions_table()),
        }
        ExitCode::SUCCESS
    }
}
