//! Word lists that are looked for at every position of a text. The first character is tested against a small bit field,
//! so that the positions where nothing starts (nearly all) cost one look.

use std::collections::HashMap;

#[derive(Debug)]
pub(crate) struct Words<T> {
    /// One bit for each value of a first character's lowest 12 bits.
    bits: [u64; 64],
    by_first: HashMap<char, Vec<(Vec<char>, T)>>,
}

impl<T: Copy> Words<T> {
    pub(crate) fn new(words: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        let mut bits = [0_u64; 64];
        let mut by_first: HashMap<char, Vec<(Vec<char>, T)>> = HashMap::new();
        for (word, value) in words {
            let chars: Vec<char> = word.chars().collect();
            let Some(&first) = chars.first() else { continue };
            let key = first as usize & 0xfff;
            bits[key >> 6] |= 1 << (key & 63);
            by_first.entry(first).or_default().push((chars, value));
        }
        for list in by_first.values_mut() {
            list.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        }
        Self { bits, by_first }
    }

    /// The longest word that starts at `at`, with its length in characters.
    pub(crate) fn at(&self, text: &[char], at: usize) -> Option<(T, usize)> {
        let first = *text.get(at)?;
        let key = first as usize & 0xfff;
        if self.bits[key >> 6] & (1 << (key & 63)) == 0 {
            return None;
        }
        self.by_first
            .get(&first)?
            .iter()
            .find(|(word, _)| text[at..].starts_with(word))
            .map(|(word, value)| (*value, word.len()))
    }

    /// The first word in the text: (position, value, length).
    pub(crate) fn find(&self, text: &[char], from: usize) -> Option<(usize, T, usize)> {
        (from..text.len()).find_map(|i| self.at(text, i).map(|(value, len)| (i, value, len)))
    }

    pub(crate) fn is_in(&self, text: &[char]) -> bool {
        self.find(text, 0).is_some()
    }
}

/// Word endings, asked for at the end of a word. The last character decides nearly always.
#[derive(Debug)]
pub(crate) struct Endings {
    bits: [u64; 64],
    by_last: HashMap<char, Vec<Vec<char>>>,
}

impl Endings {
    pub(crate) fn new(words: &[&str]) -> Self {
        let mut bits = [0_u64; 64];
        let mut by_last: HashMap<char, Vec<Vec<char>>> = HashMap::new();
        for word in words {
            let chars: Vec<char> = word.chars().collect();
            let Some(&last) = chars.last() else { continue };
            let key = last as usize & 0xfff;
            bits[key >> 6] |= 1 << (key & 63);
            by_last.entry(last).or_default().push(chars);
        }
        Self { bits, by_last }
    }

    pub(crate) fn end(&self, text: &[char]) -> bool {
        let Some(&last) = text.last() else { return false };
        let key = last as usize & 0xfff;
        self.bits[key >> 6] & (1 << (key & 63)) != 0
            && self.by_last.get(&last).is_some_and(|words| words.iter().any(|word| text.ends_with(word)))
    }
}
