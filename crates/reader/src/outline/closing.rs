//! Where the items of a plan end: the close of a letter, how to reach its writers, an annex.

use std::sync::LazyLock;

use super::numbering::{Style, marker_at};
use crate::{
    chars::{
        contains_any, ends_sentence, is_blank, is_close_bracket, is_cn_number, is_open_bracket, starts_at,
    },
    words::Words,
};

/// Words that a letter closes with, or that name who else gets it.
static CLOSES: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        ["特此通知", "特此公告", "特此函告", "联系电话:", "电子邮箱:", "传真:", "抄送:", "抄报:", "主题词:"]
            .map(|word| (word, ())),
    )
});

/// Does the line begin an annex: 附件, 附件2, 附件:任务分解表? What stands behind it belongs to no item before it.
pub(super) fn begins_annex(line: &[char]) -> bool {
    if line.len() > 50 || line.iter().any(|&c| ends_sentence(c)) {
        return false;
    }
    if starts_at(line, 0, "附:") {
        return true;
    }
    if !starts_at(line, 0, "附件") && !starts_at(line, 0, "附表") {
        return false;
    }
    let behind = line[2..].iter().position(|&c| !(is_cn_number(c) || c.is_ascii_digit() || is_blank(c)));
    let Some(behind) = behind.map(|n| n + 2) else { return true };
    behind > 2 || matches!(line[behind], ':' | '、' | '.')
}

/// 会议强调,… : the paragraph says what was said at a meeting; it goes on with no item before it.
pub(super) fn speaks_of_meeting(line: &[char]) -> bool {
    const SAID: [&str; 12] =
        ["强调", "要求", "指出", "认为", "最后", "号召", "还", "决定", "明确", "听取", "传达", "议定"];
    starts_at(line, 0, "会议") && SAID.iter().any(|word| starts_at(line, 2, word))
}

/// (联系人:某某,电话:…) on a line of its own, 联系人:某某 电话:… too.
fn contact(line: &[char]) -> bool {
    starts_at(line, 0, "联系人:") && line.len() <= 60 && contains_any(line, &["电话", "手机", "邮箱"])
        || line.len() <= 100
            && line.first().is_some_and(|&c| is_open_bracket(c))
            && line.last().is_some_and(|&c| is_close_bracket(c))
            && contains_any(line, &["联系人", "联系电话", "电话:", "邮箱", "意见反馈", "此件"])
}

/// 本办法自2024年3月1日起施行。
fn comes_into_force(line: &[char]) -> bool {
    line.len() <= 40
        && line.first() == Some(&'本')
        && contains_any(line, &["自"])
        && contains_any(line, &["施行", "执行", "实施"])
        && ["方案", "办法", "细则", "意见", "规定", "标准", "通知"]
            .iter()
            .any(|word| starts_at(line, 1, word))
}

/// 特此通知。 / 某某局 / 2024年11月1日: the close of a letter belongs to no item. Where the lines of it end.
pub(super) fn signature(text: &[char], at: usize, end: usize) -> Option<usize> {
    let line_end = |from: usize| crate::chars::line_end(text, from, end);
    let stop = line_end(at);
    let line = &text[at..stop];
    if contact(line) || comes_into_force(line) {
        return Some(stop);
    }
    if line.len() > 30 || line.len() < 4 {
        return None;
    }
    if CLOSES.at(line, 0).is_some() || dated(line) {
        return Some(stop);
    }
    // 附件:1.… and the lines that go on with it name other papers
    if crate::chars::starts_at(line, 0, "附件:")
        && marker_at(text, crate::chars::skip_blanks(text, at + 3)).is_some()
    {
        let mut until = stop;
        while until + 1 < end {
            let next = line_end(until + 1);
            let entry = &text[until + 1..next];
            let listed = marker_at(entry, 0).is_some_and(|marker| matches!(marker.style, Style::Num))
                && entry.len() <= 40
                && !entry.iter().any(|&c| ends_sentence(c));
            if !listed {
                break;
            }
            until = next;
        }
        return Some(until);
    }
    let next = stop + 1;
    let signed =
        next < end && !line.iter().any(|&c| crate::chars::ends_clause(c)) && marker_at(line, 0).is_none();
    (signed && dated(&text[next..line_end(next)])).then_some(stop)
}

/// A line that is a date and nothing else.
fn dated(line: &[char]) -> bool {
    line.len() <= 16
        && line.contains(&'年')
        && line.contains(&'日')
        && line.iter().all(|&c| {
            matches!(c, '年' | '月' | '日' | '〇' | '○' | '零' | 'X' | 'x' | '×' | '*')
                || c.is_ascii_digit()
                || is_blank(c)
                || crate::chars::is_cn_number(c)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annex_and_a_close_are_known() {
        for (line, annex, close) in [
            ("附件2", true, false),
            ("附件:银行网点创建标准", true, false),
            ("附件1 任务分解表", true, false),
            ("附:报送要点", true, false),
            ("附件所列任务由各镇落实。", false, false),
            ("附件2所列任务由各镇落实。", false, false),
            ("(联系人:张某,电话:0000-1234567)", false, true),
            ("联系人:张某 联系电话:0000-1234567", false, true),
            ("本办法自2024年3月1日起施行。", false, true),
            ("(责任单位:县城管局)", false, false),
        ] {
            let line: Vec<char> = line.chars().collect();
            assert_eq!(begins_annex(&line), annex, "{line:?}");
            assert_eq!(signature(&line, 0, line.len()).is_some(), close, "{line:?}");
        }
    }
}
