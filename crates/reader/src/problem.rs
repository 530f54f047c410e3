//! What the reader has to say about a document besides the plan itself.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    mem::{Discriminant, discriminant},
};

/// One remark, with the place it belongs to in the text as it was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line of the original text, from 1.
    pub line: usize,
    /// Character of that line, from 1.
    pub column: usize,
    pub kind: ProblemKind,
}

/// What happened. Text in the data is short: at most 40 characters of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// Characters that no conversion can restore; they stay in the text.
    Mojibake { text: String },
    /// Text of a web page or a download site was taken out of the cleaned text.
    PageText { text: String },
    /// A site's name stood inside the text and was taken out everywhere.
    GluedName { name: String, times: usize },
    /// Page numbers that stood inside the text were taken out.
    PageNumbers { times: usize },
    /// An item's number was damaged and was restored from its neighbours.
    NumberRestored { printed: String, number: u32 },
    /// A marker of responsibility without a name behind it.
    MarkerWithoutName { marker: String },
    /// Empty cells of a table were read as parts of the cell above; the value that the first of them took.
    BlanksTakenOver { value: String, times: usize },
    /// Rows of a table name fewer units than it has columns for them, so that who leads had to be guessed.
    CellsMissing { times: usize },
    /// The document holds no text at all.
    Empty,
    /// The text holds nothing that reads like a plan.
    NothingFound,
    /// Something that an extractor of a file format could not read.
    Source { zh: String, en: String },
    /// The same is wrong in more places than anybody reads one by one; here is the first.
    Repeated { first: Box<ProblemKind>, times: usize },
}

/// Of what is wrong in more places than this only the first is told, and how many there are.
pub(crate) const MOST_TOLD: usize = 20;

/// Problems of a kind that there are too many of become one, where the first of them is.
pub(crate) fn gathered(problems: Vec<Problem>) -> Vec<Problem> {
    let mut times: HashMap<Discriminant<ProblemKind>, usize> = HashMap::new();
    for problem in &problems {
        *times.entry(discriminant(&problem.kind)).or_default() += 1;
    }
    if times.values().all(|&times| times <= MOST_TOLD) {
        return problems;
    }
    let mut told: HashSet<Discriminant<ProblemKind>> = HashSet::new();
    let once = problems.into_iter().filter_map(|problem| {
        let kind = discriminant(&problem.kind);
        let times = times.get(&kind).copied().unwrap_or(1);
        if times <= MOST_TOLD || matches!(problem.kind, ProblemKind::Repeated { .. }) {
            return Some(problem);
        }
        let first = Box::new(problem.kind);
        told.insert(kind).then_some(Problem { kind: ProblemKind::Repeated { first, times }, ..problem })
    });
    once.collect()
}

impl Problem {
    /// The remark in Chinese.
    pub fn zh(&self) -> impl fmt::Display + '_ {
        Zh(&self.kind)
    }

    /// The remark in English.
    pub fn en(&self) -> impl fmt::Display + '_ {
        En(&self.kind)
    }
}

#[derive(Debug)]
struct Zh<'a>(&'a ProblemKind);

#[derive(Debug)]
struct En<'a>(&'a ProblemKind);

impl fmt::Display for Zh<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ProblemKind::Mojibake { text } => {
                write!(f, "有无法还原的乱码“{text}”，已原样保留，请对照原件核对")
            }
            ProblemKind::PageText { text } => write!(f, "已去掉网页文字“{text}”"),
            ProblemKind::GluedName { name, times } => {
                write!(f, "已去掉夹在正文中的网站名“{name}”，共 {times} 处")
            }
            ProblemKind::PageNumbers { times } => write!(f, "已去掉正文中的页码，共 {times} 处"),
            ProblemKind::NumberRestored { printed, number } => {
                write!(f, "序号“{printed}”疑有缺损，按前后顺序作 {number} 处理")
            }
            ProblemKind::MarkerWithoutName { marker } => write!(f, "“{marker}”后面没有读到名称"),
            ProblemKind::BlanksTakenOver { value, times } => write!(
                f,
                "表格中有 {times} 个空格按与上一行合并读取（第一个读作“{value}”），若本来就是空的，请改正"
            ),
            ProblemKind::CellsMissing { times } => {
                write!(f, "表格中有 {times} 行少了单位一格，牵头与配合是推断的，请对照原件核对")
            }
            ProblemKind::Empty => f.write_str("文件中没有文字"),
            ProblemKind::NothingFound => f.write_str("没有读到任务、阶段或标准，请确认这是一份方案"),
            ProblemKind::Source { zh, .. } => f.write_str(zh),
            ProblemKind::Repeated { first, times } => {
                write!(f, "{}（同类问题共 {times} 处，只列出第一处）", Zh(first))
            }
        }
    }
}

impl fmt::Display for En<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ProblemKind::Mojibake { text } => {
                write!(
                    f,
                    "“{text}” is damaged beyond repair and was left in place; compare it with the original"
                )
            }
            ProblemKind::PageText { text } => write!(f, "text of a web page was taken out: “{text}”"),
            ProblemKind::GluedName { name, times } => {
                write!(f, "the site's name “{name}” stood inside the text {times} times and was taken out")
            }
            ProblemKind::PageNumbers { times } => {
                write!(f, "{times} page numbers inside the text were taken out")
            }
            ProblemKind::NumberRestored { printed, number } => {
                write!(
                    f,
                    "the number “{printed}” seems damaged and was read as {number}, as its neighbours ask"
                )
            }
            ProblemKind::MarkerWithoutName { marker } => write!(f, "no name was found behind “{marker}”"),
            ProblemKind::BlanksTakenOver { value, times } => write!(
                f,
                "{times} empty cells of a table were read as merged with the row above (the first as “{value}”); \
                 correct them if they are meant to be empty"
            ),
            ProblemKind::CellsMissing { times } => {
                write!(
                    f,
                    "{times} rows of a table lack a unit, and whether those named lead or support was guessed; compare \
                     them with the original"
                )
            }
            ProblemKind::Empty => f.write_str("the file holds no text"),
            ProblemKind::NothingFound => {
                f.write_str("no duty, phase or checklist was found; is this a plan?")
            }
            ProblemKind::Source { en, .. } => f.write_str(en),
            ProblemKind::Repeated { first, times } => {
                write!(f, "{} (the first of {times} places)", En(first))
            }
        }
    }
}
