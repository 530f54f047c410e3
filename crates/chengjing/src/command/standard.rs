mod show;

use std::{
    collections::BTreeMap,
    fs,
    io::{ErrorKind, Read as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use chengjing_domain::standard::{CatalogueFile, Gaps, Standard, Whole, check_circles, check_twins};
use chengjing_press::standard::{catalogue_to_xlsx, standard_to_xlsx, to_yaml};
use chengjing_reader::standard::{
    self as reader, CellFault, Cells, File, LineFault, Places, looks_like_workbook, put_together,
    read_partly, read_workbook, read_workbook_partly,
};

/// Check and show assessment standards
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A standard is a YAML or JSON file, or a workbook (xlsx) that export has written; docs/STANDARDS.md says what it can \
hold. The catalogues that it uses are looked for among the files given and beside it.

check and import end with 0 where all is well, else with 1 and a line a fault on standard error: file, line or \
sheet and cell, what is wrong and what was expected. Where all is well, check says on standard output what is looked at \
or asked for and counts for no leaf.

  chengjing standard export standards/civilised-county.yaml -o 标准.xlsx
  chengjing standard import 标准.xlsx -o standards/our-county.yaml")]
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
    /// Print a standard or a catalogue
    Show {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// table is for people
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// Write a standard or a catalogue as a workbook, for an office to work in
    ///
    /// The workbook holds what the file itself holds: of catalogues that it uses, only that it
    /// uses them. Comments of the file are not in it.
    Export {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Where to: a name that ends in .xlsx
        #[arg(short, long, value_name = "XLSX")]
        output: PathBuf,
    },
    /// Make a file of a workbook; what is wrong with it is said cell by cell, and nothing is written
    ///
    /// Columns may stand in any order, and others between them, which are named and not read.
    Import {
        #[arg(value_name = "XLSX")]
        workbook: PathBuf,
        /// Where to: a name that ends in .yaml or .json; what is there is replaced
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
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
                let Some(shown) = shown(&file, format)? else { return Ok(ExitCode::FAILURE) };
                std::io::stdout().write_all(shown.as_bytes())?;
                Ok(ExitCode::SUCCESS)
            }
            What::Export { file, output } => export(&file, &output),
            What::Import { workbook, output } => import(&workbook, &output),
        }
    }
}

/// What was read of some files, each by its own path.
#[derive(Default)]
struct Read {
    standards: BTreeMap<PathBuf, (Standard, Origin)>,
    catalogues: BTreeMap<PathBuf, (CatalogueFile, Origin)>,
    faults: Vec<(PathBuf, Told)>,
    /// That a catalogue is not at hand is no fault.
    without_catalogues: bool,
}

/// Where the parts of a file stand.
#[derive(Debug, Clone)]
struct Origin {
    places: Places,
    /// In a workbook.
    cells: Option<Cells>,
}

impl Origin {
    fn told(&self, faults: Vec<LineFault>) -> Vec<Told> {
        match &self.cells {
            None => faults.into_iter().map(Told::from).collect(),
            Some(cells) => cells.locate_all(faults).into_iter().map(Told::from).collect(),
        }
    }
}

/// A fault as it is said.
struct Told {
    /// From which the faults of a file are put in order.
    line: usize,
    place: String,
    zh: String,
    en: String,
}

impl From<LineFault> for Told {
    fn from(fault: LineFault) -> Self {
        let LineFault { line, path, zh, en } = fault;
        let path = if path.is_empty() { path } else { format!(" {path}:") };
        Self { line, place: format!("{line}:{path}"), zh, en }
    }
}

impl From<CellFault> for Told {
    fn from(fault: CellFault) -> Self {
        let CellFault { sheet, cell, zh, en } = fault;
        // Cells come in their order, which is kept.
        let place = if sheet.is_empty() { "1:".to_owned() } else { format!("「{sheet}」{cell}:") };
        Self { line: 0, place, zh, en }
    }
}

fn say(path: &Path, told: &Told) {
    let Told { place, zh, en, .. } = told;
    let gap = if place.is_empty() { "" } else { " " };
    let join = if place.starts_with('「') { " " } else { "" };
    eprintln!("{}:{join}{place}{gap}{zh} / {en}", path.display());
}

/// The largest file that is read: hundreds of times what the shipped standards come to.
const LARGEST: u64 = 32 << 20;

/// The bytes of a file that somebody named, which may be anything.
fn bytes_of(path: &Path) -> Result<Vec<u8>, Told> {
    let fault = |zh, en| Told::from(LineFault { line: 1, path: String::new(), zh, en });
    let unread = |error: std::io::Error| {
        let (zh, en) = match error.kind() {
            ErrorKind::NotFound => ("找不到文件".to_owned(), "there is no such file".to_owned()),
            ErrorKind::IsADirectory => {
                ("是文件夹，不是文件".to_owned(), "it is a folder, not a file".to_owned())
            }
            ErrorKind::PermissionDenied => ("没有权限打开".to_owned(), "it may not be opened".to_owned()),
            _ => (format!("打不开文件（{error}）"), format!("can't be opened: {error}")),
        };
        fault(zh, en)
    };
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(unread)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() as u64 > LARGEST {
        let most = LARGEST >> 20;
        return Err(fault(format!("文件超过 {most} MB"), format!("the file is larger than {most} MB")));
    }
    Ok(bytes)
}

impl Read {
    fn file(&mut self, path: &Path) {
        match bytes_of(path) {
            Ok(bytes) => match read_any(path, &bytes) {
                Ok((read, cells)) => self.take(path, read, cells),
                Err(faults) => {
                    // It may be the catalogue that others use.
                    let text = String::from_utf8_lossy(&bytes);
                    self.without_catalogues |= !text.lines().any(|line| line.starts_with("tree:"));
                    self.faults.extend(faults.into_iter().map(|fault| (path.to_owned(), fault)));
                }
            },
            Err(fault) => {
                self.without_catalogues = true;
                self.faults.push((path.to_owned(), fault));
            }
        }
    }

    /// What of a file could be read, with all that is wrong with the rest.
    fn take(&mut self, path: &Path, read: reader::Read, cells: Option<Cells>) {
        let reader::Read { file, places, faults } = read;
        let origin = Origin { places, cells };
        self.faults.extend(origin.told(faults).into_iter().map(|fault| (path.to_owned(), fault)));
        match file {
            File::Standard(standard, _) => drop(self.standards.insert(path.to_owned(), (*standard, origin))),
            File::Catalogue(catalogue) => drop(self.catalogues.insert(path.to_owned(), (catalogue, origin))),
        }
    }

    /// Ids and editions of the catalogues that were given.
    fn given(&self) -> Vec<(String, String)> {
        self.catalogues.values().map(|(one, _)| (one.id.clone(), one.edition.clone())).collect()
    }

    /// The catalogues that stand beside a standard and that it names; other files there are none of its business. What was
    /// given goes before what stands there under the same name.
    fn beside(&mut self, path: &Path, standard: &Standard, given: &[(String, String)]) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let Ok(entries) = fs::read_dir(folder) else { return };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in paths {
            let known = self.catalogues.contains_key(&path) || self.standards.contains_key(&path);
            let yaml = path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
            if known || !yaml {
                continue;
            }
            if let Ok(bytes) = bytes_of(&path)
                && let Ok(read) = read_partly(&bytes)
                && let File::Catalogue(catalogue) = &read.file
                && standard.uses.iter().any(|uses| uses.catalogue == catalogue.id)
                && !given.contains(&(catalogue.id.clone(), catalogue.edition.clone()))
            {
                self.take(&path, read, None);
            }
        }
    }

    /// What standards name and no catalogue is.
    fn missing_catalogues(&self) -> Vec<String> {
        let known = |id: &str| self.catalogues.values().any(|(catalogue, _)| catalogue.id == id);
        let uses = self.standards.values().flat_map(|(standard, _)| &standard.uses);
        uses.filter(|uses| !known(&uses.catalogue)).map(|uses| uses.catalogue.clone()).collect()
    }

    /// Every standard put together with the catalogues; what is wrong with one is said, and the next one is looked at.
    fn put_together(&mut self) -> BTreeMap<PathBuf, Whole> {
        let given = self.given();
        for (path, (standard, _)) in self.standards.clone() {
            self.beside(&path, &standard, &given);
        }
        let (catalogues, gaps): (Vec<CatalogueFile>, Vec<Gaps>) =
            self.catalogues.values().map(|(one, origin)| (one.clone(), origin.places.gaps().clone())).unzip();
        let mut wholes = BTreeMap::new();
        for (path, (standard, origin)) in &self.standards {
            let read = origin.places.gaps().is_empty() && gaps.iter().all(Gaps::is_empty);
            let whole = if read {
                put_together(standard.clone(), &origin.places, &catalogues)
            } else {
                Err(reader::faults(standard, &origin.places, &catalogues, &gaps))
            };
            match whole {
                Ok(whole) => drop(wholes.insert(path.clone(), whole)),
                Err(mut faults) => {
                    let not_at_hand = |fault: &LineFault| {
                        fault.path.starts_with("uses[") && fault.path.ends_with("].catalogue")
                    };
                    faults.retain(|fault| !self.without_catalogues || !not_at_hand(fault));
                    self.faults.extend(origin.told(faults).into_iter().map(|fault| (path.clone(), fault)));
                }
            }
        }
        let all: Vec<(&PathBuf, &(Standard, Origin))> = self.standards.iter().collect();
        let standards: Vec<&Standard> = all.iter().map(|(_, (standard, _))| standard).collect();
        for (number, fault) in check_circles(&standards) {
            let (path, (_, origin)) = all[number];
            let told = origin.told(vec![origin.places.locate(fault)]);
            self.faults.extend(told.into_iter().map(|fault| (path.clone(), fault)));
        }
        let twins = of_same_name(&self.standards, |one| (one.id.as_str(), one.edition.as_str()));
        self.faults.extend(twins);
        let twins = of_same_name(&self.catalogues, |one| (one.id.as_str(), one.edition.as_str()));
        self.faults.extend(twins);
        wholes
    }

    fn tell(&mut self) {
        self.faults.sort_by(|(one, a), (other, b)| (one, a.line).cmp(&(other, b.line)));
        for (path, fault) in &self.faults {
            say(path, fault);
        }
    }
}

/// Files that say something else under the same id and edition: which of them is meant, nobody can tell.
fn of_same_name<T: PartialEq>(
    files: &BTreeMap<PathBuf, (T, Origin)>,
    name: impl Fn(&T) -> (&str, &str),
) -> Vec<(PathBuf, Told)> {
    // Of a file of which something could not be read, nobody knows what it says.
    let files: Vec<_> = files.iter().filter(|(_, (_, origin))| origin.places.gaps().is_empty()).collect();
    let contents: Vec<&T> = files.iter().map(|(_, (one, _))| one).collect();
    let twins = check_twins(&contents, name, |first| files[first].0.display().to_string());
    let told = twins.into_iter().flat_map(|(number, fault)| {
        let (path, (_, origin)) = files[number];
        let told = origin.told(vec![origin.places.locate(fault)]);
        told.into_iter().map(|fault| (path.clone(), fault)).collect::<Vec<_>>()
    });
    told.collect()
}

/// A file of text or a workbook. What a workbook has beside is said at once.
fn read_any(path: &Path, bytes: &[u8]) -> Result<(reader::Read, Option<Cells>), Vec<Told>> {
    if !looks_like_workbook(bytes) {
        if is_called_workbook(path) {
            return Err(vec![no_workbook()]);
        }
        let read = read_partly(bytes).map(|read| (read, None));
        return read.map_err(|faults| faults.into_iter().map(Told::from).collect());
    }
    let beside = |passed_over: Vec<CellFault>| {
        for one in passed_over {
            say(path, &one.into());
        }
    };
    match read_workbook_partly(bytes) {
        Ok(workbook) => {
            beside(workbook.passed_over);
            Ok((workbook.read, Some(workbook.cells)))
        }
        Err(refused) => {
            beside(refused.passed_over);
            Err(refused.faults.into_iter().map(Told::from).collect())
        }
    }
}

fn is_called_workbook(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"))
}

fn no_workbook() -> Told {
    let (zh, en) = ("不是 xlsx 工作簿".to_owned(), "it is no workbook (xlsx)".to_owned());
    LineFault { line: 1, path: String::new(), zh, en }.into()
}

fn export(file: &Path, output: &Path) -> Result<ExitCode> {
    if output.extension().is_none_or(|ending| ending != "xlsx") {
        bail!("{}: 导出的文件名应以 .xlsx 结尾 / the name must end in .xlsx", output.display());
    }
    let mut read = Read::default();
    read.file(file);
    read.tell();
    if !read.faults.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    let (standard, catalogue) = (read.standards.remove(file), read.catalogues.remove(file));
    let unwritten = || format!("{}: 写不成工作簿 / it can't be written as a workbook", file.display());
    let (bytes, kept) = match (&standard, &catalogue) {
        (Some((standard, _)), _) => {
            let bytes = standard_to_xlsx(standard).with_context(unwritten)?;
            let again = read_workbook(&bytes);
            let kept = matches!(again.map(|workbook| workbook.file), Ok(File::Standard(again, _)) if *again == *standard);
            (bytes, kept)
        }
        (None, Some((catalogue, _))) => {
            let bytes = catalogue_to_xlsx(catalogue).with_context(unwritten)?;
            let again = read_workbook(&bytes);
            let kept = matches!(again.map(|workbook| workbook.file), Ok(File::Catalogue(again)) if again == *catalogue);
            (bytes, kept)
        }
        (None, None) => return Ok(ExitCode::FAILURE),
    };
    // Rows belong together by their ids and codes: a file in which these are there twice has no rows that give it back.
    if !kept {
        bail!(
            "{}: 工作簿读回来会和原文件不一样，没有写出；请先用 check 改正 / the workbook would not give the file back; \
             nothing was written: mend first what check says",
            file.display()
        );
    }
    fs::write(output, bytes).with_context(|| format!("can't write {}", output.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn import(workbook: &Path, output: &Path) -> Result<ExitCode> {
    let ending = output.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if !["yaml", "yml", "json"].contains(&ending) {
        bail!("{}: 文件名应以 .yaml 或 .json 结尾 / the name must end in .yaml or .json", output.display());
    }
    let mut read = Read::default();
    match bytes_of(workbook) {
        Ok(bytes) if !looks_like_workbook(&bytes) => read.faults.push((workbook.to_owned(), no_workbook())),
        _ => read.file(workbook),
    }
    // The catalogues may stand where the file is to stand.
    let given = read.given();
    for (_, (standard, _)) in read.standards.clone() {
        read.beside(output, &standard, &given);
    }
    // The workbook holds all of its file, whether or not the catalogues are at hand.
    let missing = read.missing_catalogues();
    read.without_catalogues = !missing.is_empty();
    read.put_together();
    if !missing.is_empty() {
        let missing = missing.join("、");
        eprintln!(
            "{}: 没有找到目录 {missing}，引用的内容没有核对；放到一起后请用 check 核对 / {missing} not found: what is \
             used of it was not checked; do so with check once they stand together",
            workbook.display()
        );
    }
    read.tell();
    if !read.faults.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    let (json, yaml) = match (read.standards.get(workbook), read.catalogues.get(workbook)) {
        (Some((standard, _)), _) => (serde_json::to_string_pretty(standard)? + "\n", to_yaml(standard)?),
        (None, Some((catalogue, _))) => {
            (serde_json::to_string_pretty(catalogue)? + "\n", to_yaml(catalogue)?)
        }
        (None, None) => return Ok(ExitCode::FAILURE),
    };
    let text = if ending == "json" { json } else { yaml };
    fs::write(output, text).with_context(|| format!("can't write {}", output.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn check(files: &[PathBuf]) -> ExitCode {
    let mut read = Read::default();
    for file in files {
        read.file(file);
    }
    let wholes = read.put_together();
    read.tell();
    if !read.faults.is_empty() {
        return ExitCode::FAILURE;
    }
    for (path, whole) in &wholes {
        remark_idle(path, whole);
    }
    ExitCode::SUCCESS
}

/// Says, where nothing is wrong, what inspectors would look at and units would file for nothing.
fn remark_idle(path: &Path, whole: &Whole) {
    const NAMED: usize = 12;
    let idle = whole.idle();
    if idle.is_empty() {
        return;
    }
    let names: Vec<&str> = idle.iter().take(NAMED).map(|item| item.id.as_str()).collect();
    let (more_zh, more_en) = if idle.len() > NAMED { ("等", " …") } else { ("", "") };
    let (count, names) = (idle.len(), names.join(", "));
    println!(
        "{}: 没有错误；有{count}项不计入任何指标：{names}{more_zh} / no faults; {count} count for no leaf: {names}{more_en}",
        path.display()
    );
}

/// A standard or a catalogue as it is shown; None where it is wrong, and that was said.
fn shown(file: &Path, format: Format) -> Result<Option<String>> {
    let mut read = Read::default();
    read.file(file);
    let whole = read.put_together().remove(file);
    read.tell();
    if !read.faults.is_empty() {
        return Ok(None);
    }
    let catalogue = read.catalogues.get(file).map(|(catalogue, _)| catalogue);
    Ok(match (whole, catalogue, format) {
        (Some(whole), _, Format::Json) => Some(serde_json::to_string_pretty(&whole.standard)? + "\n"),
        (Some(whole), _, Format::Table) => Some(show::table(&whole)),
        (None, Some(catalogue), Format::Json) => Some(serde_json::to_string_pretty(catalogue)? + "\n"),
        (None, Some(catalogue), Format::Table) => Some(show::catalogue_table(catalogue)),
        (None, None, _) => None,
    })
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
    let read = bytes_of(file).map_err(|fault| vec![fault]).and_then(|bytes| {
        let read = chengjing_reader::standard::read_facts(&bytes, whole);
        read.map_err(|faults| faults.into_iter().map(Told::from).collect())
    });
    Ok(read.map_err(|faults| faults.iter().for_each(|fault| say(file, fault))).ok())
}
