use std::collections::BTreeSet;

/// A run of characters that are looked up alike.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// Letters and digits of scripts that write words apart; lower case.
    Word(String),
    /// Characters of scripts that don't: Han, kana, Hangul.
    Dense(Vec<char>),
}

pub(super) fn is_dense(c: char) -> bool {
    // From CJK radicals on; Hangul and the supplementary ideographs included.
    u32::from(c) >= 0x2e80 && c.is_alphabetic()
}

/// Full-width letters and digits as their ordinary forms.
pub(super) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

pub(super) fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut joined = false;
    for c in text.chars().map(narrow) {
        if is_dense(c) {
            match runs.last_mut() {
                Some(Run::Dense(run)) if joined => run.push(c),
                _ => runs.push(Run::Dense(vec![c])),
            }
            joined = true;
        } else if c.is_alphanumeric() {
            match runs.last_mut() {
                // No word of a language is longer; the engines refuse ones that are much longer.
                Some(Run::Word(run)) if joined && run.len() > 100 => {}
                Some(Run::Word(run)) if joined => run.extend(c.to_lowercase()),
                _ => runs.push(Run::Word(c.to_lowercase().collect())),
            }
            joined = true;
        } else {
            joined = false;
        }
    }
    runs
}

/// What a text is found by: each pair of neighbouring characters, the last character of each run alone (so that every
/// single character begins some gram), each word.
pub(super) fn of_texts(texts: &[&str]) -> Vec<String> {
    let mut grams = BTreeSet::new();
    for run in texts.iter().flat_map(|text| runs(text)) {
        match run {
            Run::Word(word) => drop(grams.insert(word)),
            Run::Dense(run) => {
                grams.extend(run.windows(2).map(|pair| pair.iter().collect::<String>()));
                grams.extend(run.last().map(char::to_string));
            }
        }
    }
    grams.into_iter().collect()
}

/// What somebody looks for. All of its parts must be found; that they stand side by side is not checked, which with
/// overlapping pairs is seen only in texts made for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Needle {
    /// A gram, and whether what begins with it counts too.
    parts: Vec<(String, bool)>,
}

impl Needle {
    /// None where there is nothing to look for: blanks, punctuation.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        for run in runs(text) {
            match run {
                Run::Word(word) => parts.push((word, true)),
                Run::Dense(run) if run.len() == 1 => parts.push((run.iter().collect(), true)),
                Run::Dense(run) => {
                    parts.extend(run.windows(2).map(|pair| (pair.iter().collect(), false)));
                }
            }
        }
        parts.dedup();
        // A pasted page is cut: the first words decide.
        parts.truncate(32);
        (!parts.is_empty()).then_some(Self { parts })
    }

    /// Whether a part counts that is only the beginning of a gram.
    pub(crate) fn has_beginnings(&self) -> bool {
        self.parts.iter().any(|(_, beginning)| *beginning)
    }

    /// The parts that an index finds by themselves, and the beginnings that are so frequent (`counts`, one for each part,
    /// from `frequent` on) that gathering what begins so would take long. One part at least is left in the first.
    pub(super) fn without_frequent(&self, counts: &[u64], frequent: u64) -> (Self, Self) {
        let counted = || self.parts.iter().zip(counts);
        let is_left = |(part, count): &(&(String, bool), &u64)| part.1 && **count >= frequent;
        let (mut left, mut by): (Vec<_>, Vec<_>) = counted().partition(is_left);
        if by.is_empty() {
            let rarest = (0..left.len()).min_by_key(|at| left[*at].1);
            by.extend(rarest.map(|at| left.remove(at)));
        }
        let parts = |parts: Vec<(&(String, bool), &u64)>| Self {
            parts: parts.into_iter().map(|(part, _)| part.clone()).collect(),
        };
        (parts(by), parts(left))
    }

    /// In FTS5's language. The grams hold letters and digits only, so nothing in them needs an escape.
    pub(crate) fn for_sqlite(&self) -> String {
        let part = |(gram, prefix): &(String, bool)| format!("\"{gram}\"{}", if *prefix { "*" } else { "" });
        self.parts.iter().map(part).collect::<Vec<_>>().join(" AND ")
    }

    /// What the grams of a text, each between blanks, must hold: every gram whole, or its beginning.
    pub(crate) fn held_by_grams(&self) -> Vec<String> {
        let part = |(gram, prefix): &(String, bool)| format!(" {gram}{}", if *prefix { "" } else { " " });
        self.parts.iter().map(part).collect()
    }

    /// As a `tsquery`.
    pub(crate) fn for_postgres(&self) -> String {
        let part = |(gram, prefix): &(String, bool)| format!("'{gram}'{}", if *prefix { ":*" } else { "" });
        self.parts.iter().map(part).collect::<Vec<_>>().join(" & ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, grams: &[&str]) {
        let mut expected: Vec<_> = grams.iter().map(ToString::to_string).collect();
        expected.sort_unstable();
        assert_eq!(of_texts(&[text]), expected, "{text}");
    }

    #[test]
    fn chinese_is_cut_into_pairs_and_words_stay_whole() {
        check("环境整治", &["环境", "境整", "整治", "治"]);
        check("5A级景区", &["5a", "级景", "景区", "区"]);
        check("ＰＭ２.５，达标", &["pm2", "5", "达标", "标"]);
        check("、。 —", &[]);
    }

    #[test]
    fn frequent_beginnings_are_left_to_what_the_other_parts_find() {
        let parts = |needle: &Needle| needle.parts.iter().map(|(gram, _)| gram.clone()).collect::<Vec<_>>();
        let split = |text: &str, counts: &[u64]| {
            let (by, left) = Needle::new(text).expect("a needle").without_frequent(counts, 100);
            (parts(&by).join(" "), parts(&left).join(" "))
        };
        assert_eq!(split("第77", &[900, 20]), ("77".into(), "第".into()));
        // A pair is a list of its own in the index, however long.
        assert_eq!(split("环境 第", &[900, 900]), ("环境".into(), "第".into()));
        assert_eq!(split("第 7", &[900, 300]), ("7".into(), "第".into()), "one has to begin");
        assert_eq!(split("第 7", &[90, 30]), ("第 7".into(), String::new()));
    }

    #[test]
    fn a_query_of_one_two_or_more_characters_asks_for_grams_that_the_text_has() {
        assert_eq!(Needle::new("整").map(|n| n.for_sqlite()), Some("\"整\"*".into()));
        assert_eq!(Needle::new("整治").map(|n| n.for_postgres()), Some("'整治'".into()));
        assert_eq!(
            Needle::new("环境整治 A").map(|n| n.for_sqlite()),
            Some("\"环境\" AND \"境整\" AND \"整治\" AND \"a\"*".into())
        );
        assert_eq!(Needle::new(" \"*' "), None);
    }
}
