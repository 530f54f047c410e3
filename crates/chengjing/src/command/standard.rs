use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use chengjing_domain::standard::{CatalogueFile, Input, Standard, Whole, check_circles};
use chengjing_reader::standard::{File, LineFault, Places, put_together, read};

/// Check and show assessment standards
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A standard is a YAML file; docs/STANDARDS.md says what it can hold. The catalogues that it uses are looked \
for among the files given and beside it.

check ends with 0 where all is well, else with 1 and a line a fault on standard error: file, line, place, what \
is wrong and what was expected.")]
pub(crate) struct StandardCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Say all that is wrong with standards and catalogues
    Check {
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Print a standard
    Show {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// table is for people
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    Json,
    Table,
}

impl StandardCommand {
    pub(crate) fn run(self) -> Result<ExitCode> {
        match self.what {
            What::Check { files } => Ok(check(&files)),
            What::Show { file, format } => {
                let Some(whole) = load(&file)? else { return Ok(ExitCode::FAILURE) };
                let shown = match format {
                    Format::Json => serde_json::to_string_pretty(&whole.standard)? + "\n",
                    Format::Table => table(&whole),
                };
                std::io::stdout().write_all(shown.as_bytes())?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

/// What was read of some files, each by its own path.
#[derive(Default)]
struct Read {
    standards: BTreeMap<PathBuf, (Standard, Places)>,
    catalogues: BTreeMap<PathBuf, CatalogueFile>,
    faults: Vec<(PathBuf, LineFault)>,
}

impl Read {
    fn file(&mut self, path: &Path) {
        match fs::read(path) {
            Ok(bytes) => match read(&bytes) {
                Ok(File::Standard(standard, places)) => {
                    self.standards.insert(path.to_owned(), (*standard, places));
                }
                Ok(File::Catalogue(catalogue)) => drop(self.catalogues.insert(path.to_owned(), catalogue)),
                Err(faults) => self.faults.extend(faults.into_iter().map(|fault| (path.to_owned(), fault))),
            },
            Err(error) => {
                let (zh, en) = (format!("打不开文件({error})"), format!("can't be opened: {error}"));
                self.faults.push((path.to_owned(), LineFault { line: 1, path: String::new(), zh, en }));
            }
        }
    }

    /// The catalogues that stand beside a standard and that it names; other files there are none of its business.
    fn beside(&mut self, path: &Path, standard: &Standard) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let Ok(entries) = fs::read_dir(folder) else { return };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in paths {
            let known = self.catalogues.contains_key(&path);
            let yaml = path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
            if known || !yaml {
                continue;
            }
            if let Ok(bytes) = fs::read(&path)
                && let Ok(File::Catalogue(catalogue)) = read(&bytes)
                && standard.uses.iter().any(|uses| uses.catalogue == catalogue.id)
            {
                self.catalogues.insert(path, catalogue);
            }
        }
    }

    /// Every standard put together with the catalogues; what is wrong with one is said, and the next one is looked at.
    fn put_together(&mut self) -> BTreeMap<PathBuf, Whole> {
        for (path, (standard, _)) in self.standards.clone() {
            self.beside(&path, &standard);
        }
        let catalogues: Vec<CatalogueFile> = self.catalogues.values().cloned().collect();
        let mut wholes = BTreeMap::new();
        for (path, (standard, places)) in &self.standards {
            match put_together(standard.clone(), places, &catalogues) {
                Ok(whole) => drop(wholes.insert(path.clone(), whole)),
                Err(faults) => self.faults.extend(faults.into_iter().map(|fault| (path.clone(), fault))),
            }
        }
        let all: Vec<(&PathBuf, &(Standard, Places))> = self.standards.iter().collect();
        let standards: Vec<&Standard> = all.iter().map(|(_, (standard, _))| standard).collect();
        for (number, fault) in check_circles(&standards) {
            let (path, (_, places)) = all[number];
            self.faults.push((path.clone(), places.locate(fault)));
        }
        wholes
    }

    fn tell(&mut self) {
        self.faults.sort_by(|(one, a), (other, b)| (one, a.line).cmp(&(other, b.line)));
        for (path, fault) in &self.faults {
            let place = if fault.path.is_empty() { String::new() } else { format!("{}: ", fault.path) };
            eprintln!("{}:{}: {place}{} / {}", path.display(), fault.line, fault.zh, fault.en);
        }
    }
}

fn check(files: &[PathBuf]) -> ExitCode {
    let mut read = Read::default();
    for file in files {
        read.file(file);
    }
    read.put_together();
    read.tell();
    if read.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A standard ready to be scored; None where it is wrong, and that was said.
pub(super) fn load(file: &Path) -> Result<Option<Whole>> {
    let mut read = Read::default();
    read.file(file);
    if read.faults.is_empty() && read.standards.is_empty() {
        bail!("{}: 这是目录，不是标准 / it is a catalogue, not a standard", file.display());
    }
    let whole = read.put_together().remove(file);
    read.tell();
    Ok(whole.filter(|_| read.faults.is_empty()))
}

/// Facts of a standard; None where they are wrong, and that was said.
pub(super) fn load_facts(file: &Path, whole: &Whole) -> Result<Option<chengjing_domain::score::Facts>> {
    let bytes = fs::read(file).with_context(|| format!("can't open {}", file.display()))?;
    match chengjing_reader::standard::read_facts(&bytes, whole) {
        Ok(facts) => Ok(Some(facts)),
        Err(faults) => {
            let faults = faults.into_iter().map(|fault| (file.to_owned(), fault)).collect();
            Read { faults, ..Read::default() }.tell();
            Ok(None)
        }
    }
}

/// What a person wants to see at a glance.
fn table(whole: &Whole) -> String {
    let standard = &whole.standard;
    let mut text = format!("{}  {} 版  {} 分\n", standard.title, standard.edition, standard.marks);
    for place in &whole.places {
        let indent = "  ".repeat(place.depth + 1);
        text.push_str(&format!("{indent}{}  {}  {} 分", place.code, place.title, place.marks));
        if let Some(leaf) = place.leaf {
            let measures = whole.leaves[leaf].measures.iter().map(|taken| {
                let count = match &taken.input {
                    Input::Requirements(items) | Input::Criteria(items) | Input::Questions(items) => {
                        format!(" {} 项", items.len())
                    }
                    Input::Statistic(name) => format!(" {name}"),
                    Input::Judgement | Input::Formula(_) => String::new(),
                };
                let method = serde_json::json!(taken.measure.method);
                format!("{}{count} {}", method.as_str().unwrap_or_default(), taken.measure.grading.form())
            });
            text.push_str(&format!("  [{}]", measures.collect::<Vec<_>>().join("; ")));
        }
        text.push('\n');
    }
    let catalogue = &whole.catalogue;
    let criteria: usize = catalogue.site_types.iter().map(|site_type| site_type.criteria.len()).sum();
    text.push_str(&format!(
        "指标 {} 个，点位类型 {} 类，检查标准 {criteria} 条，材料要求 {} 项，问卷题目 {} 道，统计指标 {} 个\n",
        whole.leaves.len(),
        catalogue.site_types.len(),
        catalogue.requirements.len(),
        catalogue.questions.len(),
        catalogue.statistics.len(),
    ));
    text
}
