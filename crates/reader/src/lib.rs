//! Reads the text of a plan document into [`chengjing_domain::plan::Reading`]: cleaning, outline, rules. Pure: text in,
//! value and remarks out, never a panic, linear in the length of the text.
//!
//! ```
//! let text = "云溪县环境整治方案\n一、重点任务\n1.清理背街小巷。\n责任单位:县城管局、各镇\n";
//! let outcome = chengjing_reader::read_text("plan.txt", text);
//! assert_eq!(outcome.reading.plans[0].duties[0].units[1].name, "各镇");
//! ```

mod chars;
mod clean;
mod dates;
mod numbers;
mod outline;
mod parts;
pub mod picture;
mod plan;
mod problem;
mod recurrence;
mod rules;
pub mod source;
pub mod standard;
mod table;
mod targets;
mod words;

use chengjing_domain::plan::{Plan, Reading};

pub use crate::{
    problem::{Problem, ProblemKind},
    source::Source,
};

/// What reading a document gives.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    pub reading: Reading,
    /// The cleaned text, in whose characters the reading's spans count.
    pub cleaned: String,
    /// Remarks in the order of the text; an extractor's own come first.
    pub problems: Vec<Problem>,
}

/// Reads plain text. `name` is the file's name; it is the title of a document that has none.
pub fn read_text(name: &str, text: &str) -> Outcome {
    read(&Source::plain(name, text))
}

/// Reads a document of any kind that the reader knows.
///
/// # Errors
/// [`source::Unreadable`] says why it can't be read and what to do instead.
pub fn read_bytes(name: &str, bytes: &[u8]) -> Result<Outcome, source::Unreadable> {
    source::extract(name, bytes).map(|source| read(&source))
}

/// Reads what an extractor hands over.
pub fn read(source: &Source) -> Outcome {
    let mut cleaned = clean::clean(&source.text);
    let text = &cleaned.chars;
    let mut plans: Vec<Plan> = Vec::new();
    let lines = chars::lines(text);
    let tables = table::rows::tables(text, &lines, source.merges_known);
    let parts = parts::parts(text, &source.name);
    let single = parts.len() == 1;
    for part in &parts {
        let (plan, mut notes) = plan::read(text, part, &tables);
        notes.retain_mut(|note| {
            note.origin = cleaned.origin.get(note.origin as usize).copied().unwrap_or(0);
            true
        });
        cleaned.notes.extend(notes);
        if part.labelled || single || !plan::is_bare(&plan) {
            plans.push(plan);
        }
    }
    if plans.is_empty()
        && let Some(part) = parts.first()
    {
        plans.push(plan::read(text, part, &tables).0);
    }
    let empty = text.iter().all(|c| c.is_whitespace());
    if empty {
        plans.clear();
        cleaned.notes.push(clean::Note { origin: 0, kind: ProblemKind::Empty });
    } else if plans.iter().all(plan::is_bare) {
        cleaned.notes.push(clean::Note { origin: 0, kind: ProblemKind::NothingFound });
    }
    let (share, unplaced) = chengjing_domain::plan::draft::coverage(&plans, text.iter().copied());
    let mut problems = source.problems.clone();
    problems.extend(clean::place(&source.text, std::mem::take(&mut cleaned.notes)));
    Outcome {
        reading: Reading {
            source: source.name.clone(),
            cleaning: cleaned.done,
            plans,
            placed: share,
            unplaced,
        },
        cleaned: chars::string(&cleaned.chars),
        problems: problem::gathered(problems),
    }
}
