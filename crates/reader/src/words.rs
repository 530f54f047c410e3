//! Word lists that are looked for at every position of a text. The first character is looked up in a small table, so that
//! the positions where nothing starts (nearly all) cost one look.

/// Characters share a slot of the table by their lowest bits; the words themselves decide.
const SLOTS: usize = 4096;

fn slot(c: char) -> usize {
    c as usize & (SLOTS - 1)
}

/// A word, its second character apart: most places where a word could begin are ruled out by it.
#[derive(Debug)]
struct Word<T> {
    first: char,
    /// The end-of-text sign where the word has one character alone.
    second: char,
    rest: Box<[char]>,
    len: usize,
    value: T,
}

/// Words with a value each.
#[derive(Debug)]
pub(crate) struct Words<T> {
    /// For each slot the bucket of its words, from 1; 0 where no word starts so.
    table: Box<[u16; SLOTS]>,
    buckets: Vec<Vec<Word<T>>>,
}

impl<T: Copy> Words<T> {
    pub(crate) fn new(words: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        let mut table = Box::new([0_u16; SLOTS]);
        let mut buckets: Vec<Vec<Word<T>>> = Vec::new();
        for (word, value) in words {
            let mut chars = word.chars();
            let Some(first) = chars.next() else { continue };
            let second = chars.next().unwrap_or('\0');
            let rest: Box<[char]> = chars.collect();
            let entry = &mut table[slot(first)];
            if *entry == 0 {
                buckets.push(Vec::new());
                *entry = buckets.len() as u16;
            }
            let len = word.chars().count();
            buckets[*entry as usize - 1].push(Word { first, second, rest, len, value });
        }
        for bucket in &mut buckets {
            bucket.sort_by_key(|word| std::cmp::Reverse(word.len));
        }
        Self { table, buckets }
    }

    /// The longest word that starts at `at`, with its length in characters.
    #[inline]
    pub(crate) fn at(&self, text: &[char], at: usize) -> Option<(T, usize)> {
        let first = *text.get(at)?;
        let entry = self.table[slot(first)];
        if entry == 0 {
            return None;
        }
        let second = text.get(at + 1).copied();
        self.buckets[entry as usize - 1]
            .iter()
            .find(|word| {
                word.first == first
                    && (word.len == 1
                        || Some(word.second) == second && text[at + 2..].starts_with(&word.rest))
            })
            .map(|word| (word.value, word.len))
    }

    /// Could a word begin with the character? Cheap, and seldom true where none does.
    #[inline]
    pub(crate) fn may_start(&self, c: char) -> bool {
        self.table[slot(c)] != 0
    }

    /// The first word in the text: (position, value, length).
    pub(crate) fn find(&self, text: &[char], from: usize) -> Option<(usize, T, usize)> {
        let ahead = text.get(from..)?.iter().enumerate();
        ahead
            .filter(|&(_, &c)| self.may_start(c))
            .find_map(|(ahead, _)| self.at(text, from + ahead).map(|(value, len)| (from + ahead, value, len)))
    }

    pub(crate) fn is_in(&self, text: &[char]) -> bool {
        self.find(text, 0).is_some()
    }
}

/// Word endings, asked for at the end of a word. The last character decides nearly always.
#[derive(Debug)]
pub(crate) struct Endings {
    table: Box<[u16; SLOTS]>,
    buckets: Vec<Vec<Vec<char>>>,
}

impl Endings {
    pub(crate) fn new(words: &[&str]) -> Self {
        let mut table = Box::new([0_u16; SLOTS]);
        let mut buckets: Vec<Vec<Vec<char>>> = Vec::new();
        for word in words {
            let chars: Vec<char> = word.chars().collect();
            let Some(&last) = chars.last() else { continue };
            let entry = &mut table[slot(last)];
            if *entry == 0 {
                buckets.push(Vec::new());
                *entry = buckets.len() as u16;
            }
            buckets[*entry as usize - 1].push(chars);
        }
        Self { table, buckets }
    }

    pub(crate) fn end(&self, text: &[char]) -> bool {
        let Some(&last) = text.last() else { return false };
        let entry = self.table[slot(last)];
        entry != 0 && self.buckets[entry as usize - 1].iter().any(|word| text.ends_with(word))
    }
}
