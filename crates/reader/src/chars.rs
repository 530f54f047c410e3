//! Small questions about characters. The rules work on `&[char]`: every index is then a character of the cleaned text,
//! which is what a span of the contract counts, and no slice can cut a character in two.

/// What a character is, as bits: asked for at every character of a text by many rules, so it is looked up, not worked out.
static KINDS: [u8; 0x1_0000] = kinds();

const BLANK: u8 = 1;
const SENTENCE_END: u8 = 1 << 1;
const CLAUSE_END: u8 = 1 << 2;
const OPEN_BRACKET: u8 = 1 << 3;
const CLOSE_BRACKET: u8 = 1 << 4;
const COLON: u8 = 1 << 5;
const CN_NUMBER: u8 = 1 << 6;
const DIGIT: u8 = 1 << 7;

const fn kinds() -> [u8; 0x1_0000] {
    const KINDS: [(&str, u8); 8] = [
        // the cleaning makes every other blank one of these
        (" \u{a0}\u{3000}", BLANK),
        ("。!?", SENTENCE_END | CLAUSE_END),
        (",;:\n\t", CLAUSE_END),
        ("([【〔{", OPEN_BRACKET),
        (")]】〕}", CLOSE_BRACKET),
        (":﹕∶", COLON),
        ("〇零○一壹二两贰三叁四肆五伍六陆七柒八捌九玖十百千拾", CN_NUMBER),
        ("0123456789", DIGIT),
    ];
    let mut table = [0; 0x1_0000];
    let mut kind = 0;
    while kind < KINDS.len() {
        let bytes = KINDS[kind].0.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            let (c, len) = decoded(bytes, i);
            table[c] |= KINDS[kind].1;
            i += len;
        }
        kind += 1;
    }
    table
}

/// UTF-8 by hand, since a constant may not call an iterator: a character of up to three bytes, and how many it takes.
const fn decoded(bytes: &[u8], at: usize) -> (usize, usize) {
    match bytes[at] {
        lead @ 0..0x80 => (lead as usize, 1),
        lead @ 0x80..0xe0 => (((lead as usize & 0x1f) << 6) | (bytes[at + 1] as usize & 0x3f), 2),
        lead => (
            ((lead as usize & 0xf) << 12)
                | ((bytes[at + 1] as usize & 0x3f) << 6)
                | (bytes[at + 2] as usize & 0x3f),
            3,
        ),
    }
}

/// A set of characters of the first plane, for questions that are asked at every character of a text.
#[derive(Debug)]
pub(crate) struct CharSet([u64; 0x1_0000 / 64]);

impl CharSet {
    pub(crate) const fn new(chars: &str) -> Self {
        let bytes = chars.as_bytes();
        let mut bits = [0; 0x1_0000 / 64];
        let mut i = 0;
        while i < bytes.len() {
            let (c, len) = decoded(bytes, i);
            bits[c / 64] |= 1 << (c % 64);
            i += len;
        }
        Self(bits)
    }

    pub(crate) const fn and_range(mut self, first: char, last: char) -> Self {
        let mut c = first as usize;
        while c <= last as usize {
            self.0[c / 64] |= 1 << (c % 64);
            c += 1;
        }
        self
    }

    #[inline]
    pub(crate) fn has(&self, c: char) -> bool {
        self.0.get(c as usize / 64).is_some_and(|bits| bits & (1 << (c as usize % 64)) != 0)
    }
}

#[inline]
fn is_any(c: char, kinds: u8) -> bool {
    KINDS.get(c as usize).is_some_and(|&kind| kind & kinds != 0)
}

/// A Chinese character (the unified blocks and 〇).
#[inline]
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2ffff}' | '〇')
}

/// A blank inside a line; a TAB is not one, it separates the cells of a table row.
#[inline]
pub(crate) fn is_blank(c: char) -> bool {
    is_any(c, BLANK)
}

/// Ends a sentence.
#[inline]
pub(crate) fn ends_sentence(c: char) -> bool {
    is_any(c, SENTENCE_END)
}

/// Ends a clause: what a heading or a subject cannot reach over.
#[inline]
pub(crate) fn ends_clause(c: char) -> bool {
    is_any(c, CLAUSE_END)
}

#[inline]
pub(crate) fn is_open_bracket(c: char) -> bool {
    is_any(c, OPEN_BRACKET)
}

#[inline]
pub(crate) fn is_close_bracket(c: char) -> bool {
    is_any(c, CLOSE_BRACKET)
}

/// A bracket or the end of a line: what the depth of brackets changes at.
#[inline]
pub(crate) fn is_bracket_or_end(c: char) -> bool {
    is_any(c, OPEN_BRACKET | CLOSE_BRACKET) || c == '\n'
}

#[inline]
pub(crate) fn is_colon(c: char) -> bool {
    is_any(c, COLON)
}

/// A character that Chinese numbers are written with.
#[inline]
pub(crate) fn is_cn_number(c: char) -> bool {
    is_any(c, CN_NUMBER)
}

/// A digit or a character of a Chinese number.
#[inline]
pub(crate) fn is_numeral(c: char) -> bool {
    is_any(c, CN_NUMBER | DIGIT)
}

/// Punctuation that may close a title and is no part of it.
pub(crate) fn is_closing_mark(c: char) -> bool {
    ends_clause(c) || matches!(c, '、' | '.' | '·' | '…' | '-' | '—' | '–')
}

/// Lines of `text` as `[start, end)`, without their line ends.
pub(crate) fn lines(text: &[char]) -> Vec<(usize, usize)> {
    let mut lines = Vec::with_capacity(text.len() / 32 + 1);
    let mut start = 0;
    while let Some(end) = position(text, start, '\n') {
        lines.push((start, end));
        start = end + 1;
    }
    lines.push((start, text.len()));
    lines
}

/// Where `c` next stands from `from` on.
#[inline]
pub(crate) fn position(text: &[char], from: usize, c: char) -> Option<usize> {
    // whole blocks first: the compiler compares those many characters at once
    let mut at = from;
    for block in text.get(from..)?.chunks_exact(16) {
        if block.iter().fold(false, |found, &other| found | (other == c)) {
            break;
        }
        at += 16;
    }
    text[at..].iter().position(|&other| other == c).map(|i| at + i)
}

/// Where the line of `from` ends, at most at `end`.
#[inline]
pub(crate) fn line_end(text: &[char], from: usize, end: usize) -> usize {
    position(&text[..end], from, '\n').unwrap_or(end)
}

/// Is `word` written at `at`?
pub(crate) fn starts_at(text: &[char], at: usize, word: &str) -> bool {
    let mut here = text.get(at..).unwrap_or(&[]).iter();
    word.chars().all(|c| here.next() == Some(&c))
}

/// Does `text` end with `word`?
pub(crate) fn ends_with(text: &[char], word: &str) -> bool {
    let mut here = text.iter().rev();
    word.chars().rev().all(|c| here.next() == Some(&c))
}

/// Where `word` first stands in `text`.
pub(crate) fn find(text: &[char], word: &str) -> Option<usize> {
    let first = word.chars().next()?;
    let mut from = 0;
    while let Some(at) = position(text, from, first) {
        if starts_at(text, at, word) {
            return Some(at);
        }
        from = at + 1;
    }
    None
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
    let mut bytes = [0; 4];
    for c in text {
        string.push_str(c.encode_utf8(&mut bytes));
    }
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
