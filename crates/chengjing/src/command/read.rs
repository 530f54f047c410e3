use std::{
    fs,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use chengjing_domain::plan::{Reading, UnitRole};
use chengjing_reader::Outcome;
use chengjing_store::Progress;

use super::backup::{show, shown};

/// Read a plan document into duties, units, deadlines and targets
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Reads docx, pdf with a text layer, xlsx, html and plain text (UTF-8, GB18030, UTF-16). What the \
reader has to say goes to standard error, a line each: file, line, column, message.

Ends with 0 where every file was read, with 1 where one was not.")]
pub(crate) struct Read {
    /// The documents; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// In which form to print: json is one object a file, table is for people, xlsx needs -o
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Print the cleaned text, into whose characters all spans point, in place of the plan
    #[arg(long)]
    cleaned: bool,
    /// Write to this file; with several documents to this folder
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Json,
    Table,
    Xlsx,
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Table => "txt",
            Self::Xlsx => "xlsx",
        }
    }
}

impl Read {
    pub(crate) fn run(self) -> Result<ExitCode> {
        if self.format == Format::Xlsx && self.output.is_none() && !self.cleaned {
            bail!("a spreadsheet is not for a terminal: say where to write it with -o FILE");
        }
        let several = self.files.len() > 1;
        let mut names = std::collections::HashMap::new();
        for file in self.files.iter().filter(|_| several && self.output.is_some()) {
            if let Some(other) = names.insert(file.file_stem(), file) {
                bail!(
                    "{} and {} would both be written to the same file: read them one by one",
                    other.display(),
                    file.display()
                );
            }
        }
        if several && let Some(folder) = &self.output {
            fs::create_dir_all(folder)
                .with_context(|| format!("can't make the folder {}", folder.display()))?;
        }
        let mut all_read = true;
        for (file, done) in self.files.iter().zip(0..) {
            if several {
                let what = file.display().to_string();
                show(Progress { what, done, total: Some(self.files.len() as u64) });
            }
            let outcome = read(file);
            shown();
            match outcome {
                Ok(outcome) => self.print(file, several, &outcome)?,
                Err(error) => {
                    eprintln!("{}: {error:#}", file.display());
                    all_read = false;
                }
            }
        }
        Ok(if all_read { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn print(&self, file: &Path, several: bool, outcome: &Outcome) -> Result<()> {
        for said in &outcome.problems {
            eprintln!("{}:{}:{}: {} / {}", file.display(), said.line, said.column, said.zh(), said.en());
        }
        let bytes = if self.cleaned {
            outcome.cleaned.clone().into_bytes()
        } else {
            match self.format {
                Format::Json => {
                    let mut bytes = serde_json::to_vec_pretty(&outcome.reading)?;
                    bytes.push(b'\n');
                    bytes
                }
                Format::Table => table(&outcome.reading).into_bytes(),
                Format::Xlsx => chengjing_press::reading_to_xlsx(&outcome.reading)?,
            }
        };
        match &self.output {
            None => std::io::stdout().write_all(&bytes)?,
            Some(output) => {
                let ending = if self.cleaned { "txt" } else { self.format.ending() };
                let path = if several {
                    let name = file.file_stem().unwrap_or_default().to_string_lossy();
                    output.join(format!("{name}.{ending}"))
                } else {
                    output.clone()
                };
                fs::write(&path, bytes).with_context(|| format!("can't write {}", path.display()))?;
            }
        }
        Ok(())
    }
}

fn read(file: &Path) -> Result<Outcome> {
    let (name, bytes) = if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        ("-".to_owned(), bytes)
    } else {
        (file.file_name().unwrap_or_default().to_string_lossy().into_owned(), fs::read(file)?)
    };
    chengjing_reader::read_bytes(&name, &bytes).map_err(|why| anyhow::anyhow!("{} / {}", why.zh(), why.en()))
}

/// What a person wants to see at a glance.
fn table(reading: &Reading) -> String {
    let mut text = String::new();
    for plan in &reading.plans {
        text.push_str(&format!("{}\n", plan.title));
        for phase in &plan.phases {
            let date = |date: Option<chengjing_domain::plan::PlanDate>| {
                date.map_or_else(|| "…".to_owned(), |date| date.to_string())
            };
            text.push_str(&format!("  阶段  {}  {} – {}\n", phase.title, date(phase.start), date(phase.end)));
        }
        for duty in &plan.duties {
            let number = duty.path.iter().chain(&duty.number).cloned().collect::<Vec<_>>().join(" ");
            text.push_str(&format!("  任务  {number}  {}\n", duty.title));
            let units = |role| {
                let named = duty.units.iter().filter(|unit| unit.role == role);
                named.map(|unit| unit.name.as_str()).collect::<Vec<_>>().join("、")
            };
            let targets: Vec<String> = duty.targets.iter().map(chengjing_press::target_words).collect();
            for (label, value) in [
                ("牵头", units(UnitRole::Lead)),
                ("责任", units(UnitRole::Responsible)),
                ("配合", units(UnitRole::Support)),
                ("领导", duty.leads.join("、")),
                ("时限", chengjing_press::due_words(duty.start, duty.due, duty.recurrence)),
                ("目标", targets.join("；")),
            ] {
                if !value.is_empty() {
                    text.push_str(&format!("        {label}  {value}\n"));
                }
            }
        }
        for checklist in &plan.checklists {
            text.push_str(&format!("  标准  {}  {} 项\n", checklist.site_type, checklist.items.len()));
        }
        for group in &plan.groups {
            text.push_str(&format!("  小组  {}\n", group.name));
        }
    }
    text.push_str(&format!("已归位 {:.0}%\n", reading.placed * 100.0));
    text
}
