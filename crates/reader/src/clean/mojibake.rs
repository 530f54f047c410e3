//! Characters that no conversion can restore. They stay where they are and are reported.

use super::{Note, Text, excerpt};
use crate::{
    chars::{CharSet, is_han},
    problem::{MOST_TOLD, ProblemKind},
};

/// What damage shows itself by; [`damaged`] looks closer.
static SUSPECT: CharSet = CharSet::new("\u{fffd}锟Ãåæçèä?").and_range('\u{e000}', '\u{f8ff}');

/// Is the character at `i` a sign of damage?
fn damaged(chars: &[char], i: usize) -> bool {
    let han = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_some_and(|&c| is_han(c));
    match chars[i] {
        '\u{fffd}' | '\u{e000}'..='\u{f8ff}' => true,
        '锟' => chars.get(i + 1) == Some(&'斤'),
        // UTF-8 read as Latin-1
        'Ã' | 'å' | 'æ' | 'ç' | 'è' | 'ä' => chars
            .get(i + 1)
            .is_some_and(|&c| matches!(c, '\u{80}'..='\u{bf}' | '€' | '‚' | '„' | '…' | 'œ' | '™' | '›')),
        // a quotation mark and its neighbour that fell together: 词??ァ爸, 学校?!睒
        '?' => {
            matches!(chars.get(i + 1), Some('?' | '!')) && han(i.checked_sub(1)) && {
                let next = chars.get(i + 2).copied().unwrap_or('。');
                is_han(next) || matches!(next, '\u{3040}'..='\u{30ff}')
            }
        }
        _ => false,
    }
}

/// Reports each damaged stretch once, or the first alone where there are too many; true where there was one.
pub(super) fn report(text: &Text, notes: &mut Vec<Note>) -> bool {
    let mut i = 0;
    let mut times = 0;
    let before = notes.len();
    while i < text.chars.len() {
        if SUSPECT.has(text.chars[i]) && damaged(&text.chars, i) {
            let end = (i + 6).min(text.chars.len());
            let from = i.saturating_sub(4);
            times += 1;
            if times <= MOST_TOLD {
                let kind = ProblemKind::Mojibake { text: excerpt(&text.chars[from..end]) };
                notes.push(Note { origin: text.origin[i], kind });
            }
            i = end;
        } else {
            i += 1;
        }
    }
    if times > MOST_TOLD {
        notes.truncate(before + 1);
        if let Some(note) = notes.last_mut() {
            let first = Box::new(std::mem::replace(&mut note.kind, ProblemKind::Empty));
            note.kind = ProblemKind::Repeated { first, times };
        }
    }
    times > 0
}
