//! Undoes what real copies suffer. Each step takes a [`Text`] and gives a [`Text`]; every character keeps the place that
//! it has in the original, so that a remark can name line and column there.

mod blanks;
mod breaks;
mod characters;
mod columns;
mod furniture;
mod glued;
mod lines;
mod mojibake;
mod pages;
mod pinyin;
mod radicals;
mod traditional;

use chengjing_domain::plan::Cleaning;

use crate::problem::{Problem, ProblemKind};

/// Characters with the places they had in the original text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    pub(crate) chars: Vec<char>,
    /// For each character its index in the original text, in characters. Never falls.
    origin: Vec<u32>,
}

impl Text {
    fn with_capacity(len: usize) -> Self {
        Self { chars: Vec::with_capacity(len), origin: Vec::with_capacity(len) }
    }

    fn push(&mut self, c: char, origin: u32) {
        self.chars.push(c);
        self.origin.push(origin);
    }

    /// The same text without the characters in `gone` (sorted, apart).
    fn without(mut self, gone: &[(usize, usize)]) -> Self {
        let (mut at, mut to) = (0, 0);
        for &(start, end) in gone {
            let start = start.max(at);
            to = self.keep(at, start, to).end;
            at = end.max(start);
        }
        to = self.keep(at, self.chars.len(), to).end;
        self.truncate(to);
        self
    }

    /// Moves `[start, end)` to `to`, which is not behind it; where it stands then.
    fn keep(&mut self, start: usize, end: usize, to: usize) -> std::ops::Range<usize> {
        if start != to {
            self.chars.copy_within(start..end, to);
            self.origin.copy_within(start..end, to);
        }
        to..to + (end - start)
    }

    fn truncate(&mut self, len: usize) {
        self.chars.truncate(len);
        self.origin.truncate(len);
    }

    /// Lines as `[start, end)`, without their line ends.
    fn lines(&self) -> Vec<(usize, usize)> {
        crate::chars::lines(&self.chars)
    }
}

/// The cleaned text and what had to be done.
#[derive(Debug, Default)]
pub(crate) struct Cleaned {
    pub(crate) chars: Vec<char>,
    pub(crate) origin: Vec<u32>,
    pub(crate) done: Vec<Cleaning>,
    pub(crate) notes: Vec<Note>,
}

/// A remark with the original character it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) origin: u32,
    pub(crate) kind: ProblemKind,
}

/// All steps, in the order in which each finds what it needs: pinyin marks while the traditional characters still show,
/// page furniture while the lines still stand as the page had them, broken lines last.
pub(crate) fn clean(text: &str) -> Cleaned {
    let mut done = Vec::new();
    let mut notes = Vec::new();
    let mut did = |cleaning: Cleaning, changed: bool| {
        if changed && !done.contains(&cleaning) {
            done.push(cleaning);
        }
    };
    let (text, widths) = characters::normalised(text);
    let (text, changed) = pinyin::without_marks(text);
    did(Cleaning::PinyinMarks, changed);
    let (text, changed) = traditional::simplified(text);
    did(Cleaning::Traditional, changed);
    did(Cleaning::Mojibake, mojibake::report(&text, &mut notes));
    let (text, changed) = glued::without_names(text, &mut notes);
    did(Cleaning::Boilerplate, changed);
    let (text, changed) = furniture::without_page_text(text, &mut notes);
    did(Cleaning::Boilerplate, changed);
    let (text, changed) = pages::without_numbers(text, &mut notes);
    did(Cleaning::PageMarks, changed);
    let (text, tables) = columns::restored(text);
    let (text, listed) = columns::without_numbers(text);
    let (text, lost) = breaks::restored(text);
    let (mut text, blanks) = blanks::joined(text);
    // once more, where blanks stood between a digit and what shows it to be one
    characters::digits_from_letters(&mut text.chars);
    let (text, broken) = lines::joined(text);
    did(Cleaning::Whitespace, widths || tables || listed || lost || blanks || broken);
    done.sort_unstable();
    Cleaned { chars: text.chars, origin: text.origin, done, notes }
}

/// Gives remarks their line and column in the original text.
pub(crate) fn place(original: &str, mut notes: Vec<Note>) -> Vec<Problem> {
    notes.sort_by_key(|note| note.origin);
    let mut problems = Vec::with_capacity(notes.len());
    let mut notes = notes.into_iter().peekable();
    // characters before the line
    let mut before = 0;
    let mut end = (1, 1);
    for (index, line) in original.split('\n').enumerate() {
        if notes.peek().is_none() {
            break;
        }
        let length = line.chars().count();
        while let Some(note) = notes.next_if(|note| note.origin as usize <= before + length) {
            let column = (note.origin as usize).saturating_sub(before) + 1;
            problems.push(Problem { line: index + 1, column, kind: note.kind });
        }
        before += length + 1;
        end = (index + 1, length + 1);
    }
    problems.extend(notes.map(|note| Problem { line: end.0, column: end.1, kind: note.kind }));
    problems
}

/// At most 40 characters of the text, on one line.
fn excerpt(chars: &[char]) -> String {
    let mut text: String = chars.iter().take(40).map(|&c| if c.is_whitespace() { ' ' } else { c }).collect();
    if chars.len() > 40 {
        text.push('…');
    }
    text.trim().to_owned()
}

#[cfg(test)]
fn text(text: &str) -> Text {
    Text { chars: text.chars().collect(), origin: (0..text.chars().count() as u32).collect() }
}
