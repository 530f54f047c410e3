//! Steps of a plan that no number counts: a time and a name, in either order.

use crate::{
    chars::{
        ends_clause, ends_sentence, is_blank, is_close_bracket, is_colon, is_han, is_open_bracket,
        skip_blanks,
    },
    dates,
};

/// The longest name that a step has.
const NAME: usize = 20;

/// 2月:摸底动员, 3—4月 送书下乡季, 集中整治(4月至6月): is the line, which stands above a list, the heading of a step?
pub(crate) fn heads_step(line: &[char]) -> bool {
    line.len() <= 40
        && !line.iter().any(|&c| ends_sentence(c) || matches!(c, ';' | ',' | '\t'))
        && (begins_with_time(line) || ends_with_time(line))
}

/// 3月:宣传发动。召开动员会。 / 宣传发动(3月)。召开动员会。: does the paragraph tell of a step, its name and time first?
pub(super) fn tells_step(line: &[char]) -> bool {
    let sentence = line.iter().take(60).position(|&c| ends_sentence(c)).unwrap_or(line.len());
    // 宣传发动(3月):制定方案,召开动员会。
    let named =
        line.windows(2).take(sentence).position(|pair| is_close_bracket(pair[0]) && is_colon(pair[1]));
    let stop = named.map_or(sentence, |at| at + 1);
    let first = &line[..stop];
    begins_with_time(first) || stop <= 60 && ends_with_time(first)
}

/// Time, sign, name; the name is all of its clause.
pub(super) fn begins_with_time(line: &[char]) -> bool {
    let Some(time) = dates::mentions(&line[..line.len().min(40)]).into_iter().next() else { return false };
    // 3月底前,…: until when something is to be done, which names no step
    if time.at != 0 || matches!(time.says, dates::Says::Before(_)) {
        return false;
    }
    let mut at = skip_blanks(line, time.end);
    let parted = at > time.end;
    // 第一季度(1—3月):
    if line.get(at).is_some_and(|&c| is_open_bracket(c)) {
        match line[at..].iter().take(16).position(|&c| is_close_bracket(c)) {
            Some(close) => at = skip_blanks(line, at + close + 1),
            None => return false,
        }
    }
    let sign = line.get(at).copied().unwrap_or('\n');
    if is_colon(sign) || matches!(sign, '—' | '-') {
        at = skip_blanks(line, at + 1);
    } else if !parted {
        return false;
    }
    let name = &line[at.min(line.len())..];
    let stop = name.iter().position(|&c| ends_clause(c) || is_open_bracket(c)).unwrap_or(name.len());
    // 3月:召开动员会,印发方案。: what is to be done, which names no step
    (2..=NAME).contains(&stop)
        && name.get(stop) != Some(&',')
        && name[..stop].iter().filter(|&&c| is_han(c)).count() >= 2
}

/// Name, then the time in a bracket.
fn ends_with_time(line: &[char]) -> bool {
    let end = line.iter().rposition(|&c| !(is_colon(c) || is_blank(c))).map_or(0, |last| last + 1);
    let line = &line[..end];
    let Some(open) = line.iter().position(|&c| is_open_bracket(c)) else { return false };
    (2..=NAME).contains(&open)
        && line[..open].iter().all(|&c| is_han(c) || matches!(c, '“' | '”' | '、'))
        && line.last().is_some_and(|&c| is_close_bracket(c))
        && dates::mentions(&line[open + 1..end - 1])
            .first()
            .is_some_and(|time| time.at <= 4 && end - 1 - open - 1 <= time.end - time.at + 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_time_and_name_heads_a_step() {
        for (line, expected) in [
            ("2月:摸底动员", true),
            ("3—4月:送书下乡季", true),
            ("2024年5月 集中整治", true),
            ("第一季度(1—3月):夯实基础", true),
            ("下半年:巩固提升", true),
            ("宣传发动阶段(3月1日至3月31日)", true),
            ("集中整治(4月—6月):", true),
            ("3月底前:完成摸排", false),
            ("3月召开动员会", false),
            ("加强领导(县文明办)", false),
            ("3月:召开动员会,印发方案", false),
        ] {
            let chars: Vec<char> = line.chars().collect();
            assert_eq!(heads_step(&chars), expected, "{line}");
        }
    }
}
