//! Small questions about characters. The rules work on `&[char]`: every index is then a character of the cleaned text,
//! which is what a span of the contract counts, and no slice can cut a character in two.

/// A Chinese character (the unified blocks and 〇).
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2ffff}' | '〇')
}

/// A blank inside a line; a TAB is not one, it separates the cells of a table row.
pub(crate) fn is_blank(c: char) -> bool {
    // the cleaning makes every other blank one of these
    matches!(c, ' ' | '\u{a0}' | '\u{3000}')
}

/// Ends a sentence.
pub(crate) fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '!' | '?')
}

/// Ends a clause: what a heading or a subject cannot reach over.
pub(crate) fn ends_clause(c: char) -> bool {
    ends_sentence(c) || matches!(c, ',' | ';' | ':' | '\n' | '\t')
}

pub(crate) fn is_open_bracket(c: char) -> bool {
    matches!(c, '(' | '[' | '【' | '〔' | '{')
}

pub(crate) fn is_close_bracket(c: char) -> bool {
    matches!(c, ')' | ']' | '】' | '〕' | '}')
}

pub(crate) fn is_colon(c: char) -> bool {
    matches!(c, ':' | '﹕' | '∶')
}

/// Punctuation that may close a title and is no part of it.
pub(crate) fn is_closing_mark(c: char) -> bool {
    ends_clause(c) || matches!(c, '、' | '.' | '·' | '…' | '-' | '—' | '–')
}

/// Is `word` written at `at`?
pub(crate) fn starts_at(text: &[char], at: usize, word: &str) -> bool {
    let mut here = text.get(at..).unwrap_or(&[]).iter();
    word.chars().all(|c| here.next() == Some(&c))
}

/// Does `text` end with `word`?
pub(crate) fn ends_with(text: &[char], word: &str) -> bool {
    let len = word.chars().count();
    text.len() >= len && starts_at(text, text.len() - len, word)
}

/// Where `word` first stands in `text`.
pub(crate) fn find(text: &[char], word: &str) -> Option<usize> {
    let first = word.chars().next()?;
    (0..text.len()).find(|&i| text[i] == first && starts_at(text, i, word))
}

pub(crate) fn contains(text: &[char], word: &str) -> bool {
    find(text, word).is_some()
}

pub(crate) fn contains_any(text: &[char], words: &[&str]) -> bool {
    words.iter().any(|word| contains(text, word))
}

pub(crate) fn ends_with_any(text: &[char], words: &[&str]) -> bool {
    words.iter().any(|word| ends_with(text, word))
}

pub(crate) fn string(text: &[char]) -> String {
    let mut string = String::with_capacity(text.len() * 3);
    string.extend(text);
    string
}

/// The range without blanks, TABs and line ends at either side.
pub(crate) fn trim(text: &[char], mut start: usize, mut end: usize) -> (usize, usize) {
    while start < end && text[start].is_whitespace() {
        start += 1;
    }
    while end > start && text[end - 1].is_whitespace() {
        end -= 1;
    }
    (start, end)
}

/// The first index at or after `at` that holds no blank.
pub(crate) fn skip_blanks(text: &[char], mut at: usize) -> usize {
    while at < text.len() && is_blank(text[at]) {
        at += 1;
    }
    at
}

/// The character before `at`, blanks left out; None at the start of the text or of a line.
pub(crate) fn before(text: &[char], at: usize) -> Option<char> {
    text[..at].iter().rev().copied().find(|&c| !is_blank(c)).filter(|&c| c != '\n')
}

/// Without blanks of any kind.
pub(crate) fn squeezed(text: &[char]) -> Vec<char> {
    text.iter().copied().filter(|c| !c.is_whitespace()).collect()
}
