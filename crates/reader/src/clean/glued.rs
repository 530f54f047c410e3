//! Names of web sites that a site glues into the text it shows: at line beginnings, in the middle of words. No name is
//! known here; what gives it away is where it stands.

use std::{collections::HashMap, sync::LazyLock};

use super::{Note, Text};
use crate::{
    chars::{is_blank, is_han},
    problem::ProblemKind,
    words::Words,
};

/// Endings of site names.
static ENDINGS: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        ["网站", "网", "文库", "在线", "论坛", "范文", "之家", "资料站", "公众号"].map(|word| (word, ())),
    )
});

/// Words that stand before a name that belongs there (在…网, 通过…网 …).
fn belongs_behind(c: char) -> bool {
    c == '\n'
        || is_blank(c)
        || matches!(
            c,
            '在' | '过'
                | '、'
                | '和'
                | '及'
                | '由'
                | '用'
                | '从'
                | '向'
                | '的'
                | '"'
                | '“'
                | '('
                | '托'
                | '陆'
                | ','
                | '。'
                | '《'
                | '立'
                | '建'
                | '好'
                | '与'
                | '入'
                | '于'
                | '强'
                | '设'
                | '全'
        )
}

/// Takes glued names out everywhere.
pub(super) fn without_names(text: Text, notes: &mut Vec<Note>) -> (Text, bool) {
    let chars = &text.chars;
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for i in 0..chars.len() {
        let Some(((), len)) = ENDINGS.at(chars, i) else { continue };
        let end = i + len;
        let mut start = i;
        while start > 0
            && i - start < 10
            && (is_han(chars[start - 1]) || chars[start - 1].is_ascii_alphanumeric())
        {
            start -= 1;
            let len = end - start;
            if (4..=12).contains(&len) {
                places.entry(chars[start..end].iter().collect()).or_default().push(start);
            }
        }
        if places.len() > 20_000 {
            places.retain(|_, places| places.len() > 1);
            if places.len() > 20_000 {
                return (text, false);
            }
        }
    }
    // a name that stands at line beginnings before the indentation of the paragraph, or in the middle of words
    let mut names: Vec<(String, Vec<usize>)> = places
        .into_iter()
        .filter(|(name, places)| {
            let len = name.chars().count();
            let alone = places
                .iter()
                .filter(|&&at| {
                    (at == 0 || chars[at - 1] == '\n')
                        && (0..2).all(|i| chars.get(at + len + i).is_some_and(|&c| is_blank(c)))
                })
                .count();
            let glued = places.iter().filter(|&&at| at > 0 && !belongs_behind(chars[at - 1])).count();
            alone >= 3
                || places.len() >= 4 && glued * 10 >= places.len() * 7 && distinct_before(chars, places) >= 4
        })
        .collect();
    if names.is_empty() {
        return (text, false);
    }
    // of names that end alike, the longest that is met nearly as often
    names.sort_by(|a, b| {
        b.1.len().cmp(&a.1.len()).then(b.0.chars().count().cmp(&a.0.chars().count())).then(a.0.cmp(&b.0))
    });
    let mut chosen: Vec<(String, Vec<usize>)> = Vec::new();
    for (name, places) in names {
        let better = chosen
            .iter_mut()
            .find(|(other, _)| name.ends_with(other.as_str()) || other.ends_with(name.as_str()));
        match better {
            Some(other) => {
                if name.ends_with(other.0.as_str()) && places.len() * 10 >= other.1.len() * 9 {
                    *other = (name, places);
                }
            }
            None => chosen.push((name, places)),
        }
    }
    let mut gone: Vec<(usize, usize)> = Vec::new();
    for (name, places) in chosen {
        let len = name.chars().count();
        if let Some(&first) = places.first() {
            let times = places.len();
            notes.push(Note { origin: text.origin[first], kind: ProblemKind::GluedName { name, times } });
        }
        gone.extend(places.iter().map(|&at| (at, at + len)));
    }
    gone.sort_unstable();
    (text.without(&gone), true)
}

/// How many different characters stand before the places.
fn distinct_before(chars: &[char], places: &[usize]) -> usize {
    let mut before: Vec<char> = places.iter().filter(|&&at| at > 0).map(|&at| chars[at - 1]).collect();
    before.sort_unstable();
    before.dedup();
    before.len()
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    #[test]
    fn a_site_name_glued_into_sentences_is_taken_out() {
        let given = "青禾范文网   一、甲\n青禾范文网   乙\n青禾范文网   丙青禾范文网丁\n通过政务网发布";
        let found: String = without_names(text(given), &mut Vec::new()).0.chars.iter().collect();
        assert_eq!(found, "   一、甲\n   乙\n   丙丁\n通过政务网发布");
    }

    #[test]
    fn a_name_that_belongs_into_its_sentences_stays() {
        let given = "在云溪文明网公布。\n通过云溪文明网征集。\n由云溪文明网转发。\n登陆云溪文明网。\n";
        let found: String = without_names(text(given), &mut Vec::new()).0.chars.iter().collect();
        assert_eq!(found, given);
    }
}
