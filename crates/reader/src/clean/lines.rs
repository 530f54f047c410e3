//! Lines broken inside sentences, and the empty lines between paragraphs.

use super::Text;
use crate::{
    chars::{ends_sentence, is_han},
    outline::numbering,
    rules::{markers, units},
    table::header,
};

/// A character that cannot be the last of a paragraph.
fn cannot_end(c: char) -> bool {
    matches!(c, '、' | ',' | '(' | '《' | '“' | '的' | '和' | '与' | '及' | '或' | '-' | '—' | '/')
}

/// A character that cannot be the first of a paragraph.
fn cannot_start(c: char) -> bool {
    matches!(c, ',' | '。' | '、' | ';' | ':' | ')' | '》' | '”' | '%' | '!' | '?' | '〉' | '』')
}

/// Words that open a paragraph of their own whatever stands before them.
const OPENING: &[&str] = &[
    "责任",
    "牵头",
    "配合",
    "落实单位",
    "完成时",
    "时限",
    "分管领导",
    "协办",
    "主办",
    "承办",
    "参与单位",
    "附件",
    "附表",
    "组长",
    "副组长",
    "成员",
    "第一阶段",
    "第二阶段",
    "第三阶段",
    "第四阶段",
    "主要职责",
    "工作职责",
    "职责",
    "篇",
    "【",
    "时间",
    "各乡",
    "各县",
    "工作目标",
    "目标",
    "联系",
    "整改",
    "抄送",
    "抄报",
    "责 任",
    "注:",
];

/// Joins broken lines and drops empty ones.
pub(super) fn joined(mut text: Text) -> (Text, bool) {
    let lines: Vec<(usize, usize)> = text
        .lines()
        .into_iter()
        .filter(|&(start, end)| text.chars[start..end].iter().any(|c| !c.is_whitespace()))
        .collect();
    let wrapped = wrap_width(&text.chars, &lines);
    let (columns, narrow) = header::one_cell_a_line_regions(&text.chars, &lines);
    let mut column = columns.iter().peekable();
    let alone = numbers_alone(&text.chars, &lines);
    let mut broken = false;
    // what is kept moves to the front; where the paragraph that is being put together begins, and where it goes on
    let (mut paragraph, mut to) = (0, 0);
    for (i, &(start, end)) in lines.iter().enumerate() {
        let line = text.keep(start, end, to);
        to = line.end;
        let Some(&(next_start, next_end)) = lines.get(i + 1) else { break };
        while column.next_if(|region| region.1 <= i).is_some() {}
        let in_table = column.peek().is_some_and(|region| region.0 <= i + 1);
        let chars = &text.chars;
        // a page of a table is no wider than the page
        let cut = in_table
            && wrapped.is_some_and(|width| (width - 1..=width + 1).contains(&(end - start)))
            && next_end - next_start > 0
            && !chars[next_start..next_end].iter().all(char::is_ascii_digit)
            && !ends_sentence(chars[to - 1]);
        let sign = if cut || in_table && narrow.binary_search(&end).is_ok() {
            None
        } else if !in_table && alone[i] {
            Some(' ')
        } else if !in_table
            && continues(
                &chars[line],
                &chars[next_start..next_end],
                wrapped,
                open_bracket(&chars[paragraph..to]),
            )
        {
            None
        } else {
            Some('\n')
        };
        broken |= sign != Some('\n');
        if let Some(sign) = sign {
            // there is room: the line's own end stood here or behind
            text.chars[to] = sign;
            text.origin[to] = text.origin[end];
            to += 1;
        }
        if sign == Some('\n') {
            paragraph = to;
        }
    }
    text.truncate(to);
    (text, broken)
}

/// Lines that hold an item's number and nothing else, not even a sign: 1, 2, 3 … each a few lines behind the one before,
/// as a table leaves them that lost its heads.
fn numbers_alone(chars: &[char], lines: &[(usize, usize)]) -> Vec<bool> {
    /// How many lines an item may take.
    const LINES: usize = 6;
    let mut alone = vec![false; lines.len()];
    // the number that was met last, and where
    let mut last: Option<(usize, u32)> = None;
    for (i, &(start, end)) in lines.iter().enumerate() {
        let line = &chars[start..end];
        if line.len() > 2 || !line.iter().all(char::is_ascii_digit) {
            continue;
        }
        let number = line.iter().fold(0, |sum, c| sum * 10 + c.to_digit(10).unwrap_or(0));
        if let Some((at, before)) = last
            && number == before + 1
            && (2..=LINES).contains(&(i - at))
        {
            alone[at] = true;
            alone[i] = i + 1 < lines.len();
        }
        last = Some((i, number));
    }
    alone
}

/// The width at which the copy breaks its lines; None where a line is a paragraph. Many long lines of nearly the same
/// length show it.
fn wrap_width(chars: &[char], lines: &[(usize, usize)]) -> Option<usize> {
    let mut lengths = [0_usize; 81];
    let mut long = 0;
    for &(start, end) in lines {
        let len = end - start;
        if (15..=80).contains(&len) && !chars[start..end].contains(&'\t') {
            lengths[len] += 1;
            long += 1;
        } else if len > 80 {
            return None;
        }
    }
    if long < 8 {
        return None;
    }
    let (width, count) = (15..=80_usize)
        .map(|width| (width, lengths[width.saturating_sub(1)..=(width + 1).min(80)].iter().sum::<usize>()))
        .max_by_key(|&(width, count)| (count, width))?;
    let longer: usize = lengths[(width + 2).min(80)..].iter().sum();
    (count * 3 >= long && longer * 5 <= count.max(1)).then_some(width)
}

/// Does the next line go on with this line's sentence?
fn continues(line: &[char], next: &[char], wrapped: Option<usize>, open: bool) -> bool {
    let (Some(&last), Some(&first)) = (line.last(), next.first()) else { return false };
    if line.contains(&'\t') || next.contains(&'\t') {
        return false;
    }
    if numbering::only_a_number(line) {
        return !numbering::starts_item(next) && next.len() > 1 && is_han(first);
    }
    if cannot_start(first) && first != '《' {
        return true;
    }
    let closes_ahead = open && next.iter().take(60).any(|&c| c == ')');
    if ends_sentence(last) || matches!(last, ';' | ':') {
        return closes_ahead && !ends_sentence(last);
    }
    // a bracket that is still open, a word of responsibility cut in two
    if numbering::marker_at(next, 0).is_none_or(|marker| marker.style != numbering::Style::Cn)
        && (closes_ahead || markers::split_over(line, next))
    {
        return true;
    }
    let opens =
        numbering::starts_item(next) || OPENING.iter().any(|word| crate::chars::starts_at(next, 0, word));
    if opens {
        return false;
    }
    if cannot_end(last) {
        return true;
    }
    if matches!(last, ')' | '】' | '》' | '〗') && wrapped.is_none() {
        return false;
    }
    let prose = |line: &[char]| line.iter().any(|&c| matches!(c, ',' | '。' | ';'));
    // a word or a name that the line end cut: 城管 / 中队
    let bare = !next.iter().any(|&c| crate::chars::ends_clause(c) && c != '。');
    let heading = || numbering::heading_like(line) && !markers::named_in(line);
    if bare && line.len() >= 8 && !heading() {
        let last_name = line.iter().rposition(|&c| matches!(c, '、' | ':' | ' ')).map(|i| &line[i + 1..]);
        let whole: Option<Vec<char>> = last_name.map(|name| name.iter().chain(next).copied().collect());
        let named = line.contains(&'、')
            && next.len() <= 8
            && whole.is_some_and(|name| name.len() <= 14 && units::looks_like_unit(&name))
            && (line.len() >= 15 || !last_name.is_some_and(units::looks_like_unit))
            && markers::named_in(line);
        if named || cut_name(line, next) || line.len() >= 15 && next.len() <= 2 && is_han(first) {
            return true;
        }
    }
    if let Some(width) = wrapped {
        return line.len() + 3 >= width && line.len() <= width + 3;
    }
    // a list of units that is complete ends its paragraph
    let last_name =
        line.iter().rposition(|&c| matches!(c, '、' | ':' | ' ')).map_or(line, |i| &line[i + 1..]);
    if units::looks_like_unit(last_name) && markers::named_in(line) {
        return false;
    }
    // a paragraph without an end: its sentence goes on below
    line.len() >= 18
        && !slogan(line)
        && prose(line)
        && (prose(next) || next.last().is_some_and(|&c| ends_sentence(c)))
        && !numbering::heading_like(next)
}

/// 责任单位:区公安局、区市场 / 监管局、区城管局: a list of units breaks off without a 、 and goes on with the rest of a
/// name, which shows by its first character where all the others begin alike.
fn cut_name(line: &[char], next: &[char]) -> bool {
    let Some(last_at) = line.iter().rposition(|&c| c == '、').map(|i| i + 1) else { return false };
    let list_at = line.iter().rposition(|&c| crate::chars::is_colon(c)).map_or(0, |i| i + 1);
    let first = line.get(crate::chars::skip_blanks(line, list_at)).copied();
    let begins_alike = |name: &[char]| name.iter().copied().find(|&c| !crate::chars::is_blank(c)) == first;
    if last_at <= list_at || next.len() > 80 || first == next.first().copied() || !next.contains(&'、') {
        return false;
    }
    let mut others = next.split(|&c| c == '、');
    let rest = others.next().unwrap_or(next);
    let whole: Vec<char> = line[last_at..].iter().chain(rest).copied().collect();
    line[list_at..].split(|&c| c == '、').all(begins_alike)
        && others.all(begins_alike)
        && (2..=8).contains(&rest.len())
        && whole.len() <= 14
        && units::looks_like_unit(&whole)
        && markers::named_in(line)
}

/// 一、肯定成绩,正视差距,切实增强紧迫感: a heading made of short clauses.
fn slogan(line: &[char]) -> bool {
    let Some(marker) = numbering::marker_at(line, 0) else { return false };
    let text = &line[marker.end.min(line.len())..];
    matches!(marker.style, numbering::Style::Cn | numbering::Style::Chapter(_))
        && text.split(|&c| c == ',').all(|clause| (2..=14).contains(&clause.len()))
        && text.iter().filter(|&&c| c == ',').count() <= 3
        && !text.iter().any(|&c| ends_sentence(c) || matches!(c, ';' | ':'))
}

/// Is a bracket still open at the end of the paragraph?
fn open_bracket(line: &[char]) -> bool {
    let from = line.len().saturating_sub(200);
    let open = line[from..].iter().rposition(|&c| c == '(');
    let close = line[from..].iter().rposition(|&c| c == ')');
    open.is_some() && open > close
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    #[test]
    fn broken_lines_are_joined() {
        for (given, expected) in [
            (
                "各单位要做好本职工作,提高创建的整体水\n\n平。\n责任单位:县城管局",
                "各单位要做好本职工作,提高创建的整体水平。\n责任单位:县城管局",
            ),
            ("责任单位:县城管局、\n县住建局", "责任单位:县城管局、县住建局"),
            ("一、目标\n二、步骤", "一、目标\n二、步骤"),
            (
                "一、肯定成绩,正视差距,增强紧迫感\n去年以来,各镇真抓实干,取得了成效。",
                "一、肯定成绩,正视差距,增强紧迫感\n去年以来,各镇真抓实干,取得了成效。",
            ),
            ("1.\n加强领导", "1.加强领导"),
            ("加强领导\n,落实责任。", "加强领导,落实责任。"),
            ("甲方案\n\n\n乙", "甲方案\n乙"),
            ("1\n有标识\n完好\n2\n无烟头", "1 有标识\n完好\n2 无烟头"),
        ] {
            let found: String = joined(text(given)).0.chars.iter().collect();
            assert_eq!(found, expected, "{given}");
        }
    }
}
