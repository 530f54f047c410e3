//! `dossier` 卷宗: what was accepted, as folders after a standard's tree, each file under a number of its own.
//!
//! Names are ones that every system can unpack: none that Windows keeps for itself, none that differ only in the case of
//! their letters, and none so long that a path becomes too long ([`Shelves`]).

use std::collections::HashSet;

/// Characters of a folder's name at most: with six folders above a file its path stays under the 260 that Windows takes.
pub const LONGEST_FOLDER: usize = 24;
/// Characters of a file's name at most, without its number and ending.
pub const LONGEST_FILE: usize = 36;
/// Characters of one volume of texts at most, unless one text alone has more: what is set in a few seconds.
pub const LONGEST_VOLUME: usize = 60_000;
/// Materials and files of one dossier at most; who has more packs part after part.
pub const MOST: usize = 20_000;

/// What Windows takes for devices, whatever stands behind a dot.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// The name with what no system takes in it replaced by what looks alike, of at most so many characters; never empty.
pub fn safe(name: &str, longest: usize) -> String {
    let plain = |character: char| match character {
        '/' => '／',
        '\\' => '＼',
        ':' => '：',
        '*' => '＊',
        '?' => '？',
        '"' => '＂',
        '<' => '＜',
        '>' => '＞',
        '|' => '｜',
        blank if blank.is_whitespace() => ' ',
        other => other,
    };
    let invisible = |character: &char| {
        character.is_control() && !character.is_whitespace()
            || matches!(*character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let ends = |character: char| character == '.' || character == ' ';
    let kept: String = name.chars().filter(|character| !invisible(character)).map(plain).collect();
    let cut: String = kept.trim_matches(ends).chars().take(longest).collect();
    let cut = cut.trim_matches(ends);
    if cut.is_empty() {
        return "_".to_owned();
    }
    if is_device(cut) { format!("_{cut}") } else { cut.to_owned() }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let (word, number) = match stem.char_indices().nth(3) {
        Some((at, _)) => stem.split_at(at),
        None => (stem.as_str(), ""),
    };
    let numbered = matches!(word, "com" | "lpt");
    DEVICES.contains(&word)
        && if numbered {
            number.chars().count() == 1 && "0123456789¹²³".contains(number)
        } else {
            number.is_empty()
        }
}

/// Gives the folders and files of a dossier their paths: no two are the same on any system.
#[derive(Debug, Clone, Default)]
pub struct Shelves {
    taken: HashSet<String>,
    files: u32,
}

impl Shelves {
    /// The path of a new folder in another one; in none where `within` is empty.
    pub fn folder(&mut self, within: &str, called: &str) -> String {
        self.free(within, &safe(called, LONGEST_FOLDER), "")
    }

    /// The path of something that is named as it is, such as a table.
    pub fn named(&mut self, within: &str, name: &str) -> String {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        self.free(within, &safe(stem, LONGEST_FOLDER), ending)
    }

    /// The next file's number, from 1, and its path in a folder: its number stands in front of its name.
    pub fn file(&mut self, within: &str, called: &str, ending: &str) -> (u32, String) {
        self.files += 1;
        let name = format!("{:04}_{}", self.files, safe(called, LONGEST_FILE));
        (self.files, self.free(within, name.trim_end_matches(['.', ' ']), ending))
    }

    /// How many files there are.
    pub fn files(&self) -> u32 {
        self.files
    }

    fn free(&mut self, within: &str, stem: &str, ending: &str) -> String {
        let dot = if ending.is_empty() { "" } else { "." };
        let slash = if within.is_empty() { "" } else { "/" };
        let mut path = format!("{within}{slash}{stem}{dot}{ending}");
        let mut again = 1_u32;
        while !self.taken.insert(path.to_lowercase()) {
            again += 1;
            path = format!("{within}{slash}{stem}_{again}{dot}{ending}");
        }
        path
    }
}

/// In which volume of the texts each of these stands, and as the how manieth of it, both from 1: as many as fit, in their
/// order. `lengths`: in characters.
pub fn volumes(lengths: &[usize]) -> Vec<(u32, u32)> {
    let (mut volume, mut item, mut full) = (1, 0, 0_usize);
    let mut places = Vec::with_capacity(lengths.len());
    for length in lengths {
        if item > 0 && full.saturating_add(*length) > LONGEST_VOLUME {
            (volume, item, full) = (volume + 1, 0, 0);
        }
        item += 1;
        full = full.saturating_add(*length);
        places.push((volume, item));
    }
    places
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_keeps_its_words_and_loses_what_some_system_does_not_take() {
        for (name, expected) in [
            ("健康教育进校园", "健康教育进校园"),
            ("台账/记录: 一季?", "台账／记录： 一季？"),
            ("  简报. . ", "简报"),
            ("..", "_"),
            ("", "_"),
            ("con", "_con"),
            ("COM1.txt", "_COM1.txt"),
            ("com", "com"),
            ("common", "common"),
            ("nul .x", "_nul .x"),
            ("a\tb\u{202e}c", "a bc"),
            ("一二三四五六七八九十一二", "一二三四五六七八九十"),
        ] {
            assert_eq!(safe(name, 10), expected, "{name:?}");
        }
    }

    #[test]
    fn files_are_numbered_through_all_folders_and_no_two_paths_are_the_same() {
        let mut shelves = Shelves::default();
        let whole = shelves.folder("", "体系");
        let (one, other) = (shelves.folder(&whole, "1 Aa"), shelves.folder(&whole, "1 aA"));
        assert_eq!((one.as_str(), other.as_str()), ("体系/1 Aa", "体系/1 aA_2"));
        assert_eq!(shelves.file(&one, "照片", "jpg"), (1, "体系/1 Aa/0001_照片.jpg".to_owned()));
        assert_eq!(shelves.file(&other, "照片", "jpg"), (2, "体系/1 aA_2/0002_照片.jpg".to_owned()));
        assert_eq!(shelves.file(&other, "无后缀", ""), (3, "体系/1 aA_2/0003_无后缀".to_owned()));
        assert_eq!(shelves.named(&whole, "00_封面.pdf"), "体系/00_封面.pdf");
        assert_eq!(shelves.files(), 3);
    }

    #[test]
    fn a_volume_takes_as_many_texts_as_fit_and_a_long_one_alone() {
        let places = volumes(&[10, LONGEST_VOLUME - 10, 1, LONGEST_VOLUME + 1, 5]);
        assert_eq!(places, [(1, 1), (1, 2), (2, 1), (3, 1), (4, 1)]);
        assert_eq!(volumes(&[]), []);
    }

    proptest! {
        #[test]
        fn whatever_things_are_called_every_path_can_be_unpacked(names in prop::collection::vec(any::<String>(), 1..20)) {
            let mut shelves = Shelves::default();
            let mut folder = String::new();
            let mut seen = HashSet::new();
            for name in &names {
                folder = shelves.folder(&folder, name);
                let (_, file) = shelves.file(&folder, name, "pdf");
                for path in [&folder, &file] {
                    prop_assert!(seen.insert(path.to_lowercase()), "{} twice", path);
                    for part in path.split('/') {
                        prop_assert!(!part.is_empty() && !part.ends_with('.') && !part.ends_with(' '), "{:?}", part);
                        prop_assert!(!part.contains(['\\', ':', '*', '?', '"', '<', '>', '|']), "{:?}", part);
                        prop_assert!(!part.chars().any(char::is_control) && !is_device(part), "{:?}", part);
                        prop_assert!(part.chars().count() <= 60);
                    }
                }
            }
        }
    }
}
