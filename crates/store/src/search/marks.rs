//! Where the words that were looked for stand in a text.

use chengjing_domain::plan::Span;

use super::grams::{Run, is_dense, narrow, runs};

/// Characters of an excerpt, and how many of them before the first mark.
const LENGTH: usize = 80;
const BEFORE: usize = 20;

/// The places of what was looked for, in order, none over another. Chinese is found anywhere, a word at its beginning.
/// Where a run of Chinese stands nowhere as it was typed, its pairs are marked: by them it was found.
pub(super) fn find(text: &str, sought: &str) -> Vec<Span> {
    let chars = alike(text);
    let mut places: Vec<Span> = Vec::new();
    for run in runs(sought) {
        match run {
            Run::Word(word) => {
                let starts = |at: usize| at == 0 || chars.get(at - 1).is_none_or(|c| !in_word(*c));
                places.extend(all(&chars, &alike(&word)).filter(|place| starts(place.start)));
            }
            Run::Dense(run) => {
                let whole: Vec<Span> = all(&chars, &run).collect();
                if whole.is_empty() {
                    places.extend(run.windows(2).flat_map(|pair| all(&chars, pair)));
                }
                places.extend(whole);
            }
        }
    }
    places.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(places.len());
    for place in places {
        match joined.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => joined.push(place),
        }
    }
    joined
}

/// A stretch of the first of the texts that holds what was looked for, else the beginning of the first that has any.
pub(super) fn excerpt(texts: &[String], sought: &str) -> (String, Vec<Span>) {
    let marked = texts.iter().map(|text| (text, find(text, sought)));
    let best = marked.clone().find(|(_, marks)| !marks.is_empty());
    let Some((text, marks)) = best.or_else(|| marked.clone().find(|(text, _)| !text.is_empty())) else {
        return (String::new(), Vec::new());
    };
    let chars: Vec<char> = text.chars().collect();
    let first = marks.first().map_or(0, |mark| mark.start);
    let start =
        if chars.len() <= LENGTH { 0 } else { first.saturating_sub(BEFORE).min(chars.len() - LENGTH) };
    let end = (start + LENGTH).min(chars.len());
    let (head, tail) = (if start > 0 { "…" } else { "" }, if end < chars.len() { "…" } else { "" });
    // One character for one: the marks must stay where they are.
    let plain = |c: &char| if c.is_whitespace() { ' ' } else { *c };
    let stretch: String = chars.get(start..end).unwrap_or_default().iter().map(plain).collect();
    let shift = |at: usize| at.clamp(start, end) - start + head.chars().count();
    let inside = marks.into_iter().filter(|mark| mark.start < end && mark.end > start);
    let marks = inside.map(|mark| Span { start: shift(mark.start), end: shift(mark.end) }).collect();
    (format!("{head}{stretch}{tail}"), marks)
}

/// Character for character as the index sees them.
fn alike(text: &str) -> Vec<char> {
    text.chars().map(|c| narrow(c).to_lowercase().next().unwrap_or(c)).collect()
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() && !is_dense(c)
}

fn all<'t>(text: &'t [char], sought: &'t [char]) -> impl Iterator<Item = Span> + 't {
    let length = sought.len().max(1);
    text.windows(length)
        .enumerate()
        .filter(move |(_, window)| *window == sought)
        .map(move |(start, _)| Span { start, end: start + length })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, sought: &str) -> Vec<String> {
        let cut = |span: Span| text.chars().skip(span.start).take(span.end - span.start).collect();
        find(text, sought).into_iter().map(cut).collect()
    }

    #[test]
    fn what_was_typed_is_marked_wherever_it_stands() {
        assert_eq!(marked("整治环境，环境整治", "整治"), ["整治", "整治"]);
        assert_eq!(marked("背街小巷环境", "小巷 环境"), ["小巷环境"]);
        assert_eq!(marked("创建ＰＭ２.５ pm10", "PM"), ["ＰＭ", "pm"]);
        assert_eq!(marked("Lamp amp", "amp"), ["amp"], "a word is found by its beginning");
        assert_eq!(
            marked("环境的整治", "环境整治"),
            ["环境", "整治"],
            "pairs where the whole stands nowhere"
        );
        assert!(marked("环境", "  ").is_empty());
    }

    #[test]
    fn an_excerpt_begins_a_little_before_the_first_mark_and_counts_characters() {
        let text = format!("{}小巷{}", "前".repeat(200), "后".repeat(200));
        let (excerpt, marks) = excerpt(&[text, "王芳".into()], "小巷");
        assert_eq!(excerpt.chars().count(), LENGTH + 2);
        assert_eq!(marks, [Span { start: 21, end: 23 }]);
        let cut: String = excerpt.chars().skip(21).take(2).collect();
        assert_eq!(cut, "小巷");
    }

    #[test]
    fn a_name_among_the_leads_is_shown_where_the_text_does_not_hold_it() {
        assert_eq!(excerpt(&["清理".into(), "王芳、李明".into()], "李明").0, "王芳、李明");
        assert_eq!(excerpt(&["清理".into(), String::new()], "河道"), ("清理".into(), Vec::new()));
    }
}
