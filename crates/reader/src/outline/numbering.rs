//! Numbers of items as plans print them: 一、 (一) 1. 1、 (1) ① 第一, 一是 活动一: 1.1 第一章 第一阶段 A. Ⅰ. ●

use std::sync::LazyLock;

use crate::{
    chars::{is_blank, is_cn_number, is_han, is_open_bracket, skip_blanks, starts_at},
    numbers::cn_integer,
    words::Words,
};

/// The kind of a number; items of one list have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Style {
    /// 第一章, 第一节, 第一部分, 第一条.
    Chapter(char),
    /// 第一阶段, 第一步.
    Stage,
    /// 一、
    Cn,
    /// 活动一:, 任务1:
    Named(char),
    /// (一)
    CnParen,
    /// 1. and 1、
    Num,
    /// 1.1 has depth 2, 1.1.1 depth 3.
    Dotted(u8),
    /// (1)
    NumParen,
    /// 1)
    HalfParen,
    /// ①
    Circle,
    /// Ⅰ.
    Roman,
    /// A. (true) or a) (false)
    Letter(bool),
    /// 第一, and 其一,
    Ordinal,
    /// 首先, 其次, 最后,
    Order,
    /// 一是, 一要
    Is,
    /// ●, numbers nothing.
    Bullet,
    /// A heading without a number.
    Title,
}

impl Style {
    /// 一是, 第一 and 首先: numbers inside running text.
    pub(crate) fn running(self) -> bool {
        matches!(self, Style::Is | Style::Ordinal | Style::Order)
    }
}

/// A number where it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marker {
    /// Characters `[start, end)`, closing punctuation included.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) style: Style,
    pub(crate) number: u32,
    /// Where the number as it is cited ends: `(一)`, `二`, `1.1`.
    pub(crate) printed: usize,
    /// Nothing closes the number (10无障碍设施): only its place in a sequence makes it one.
    pub(crate) open: bool,
}

/// Words that carry a number behind them.
static NAMED: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        [
            "活动",
            "任务",
            "行动",
            "工程",
            "项目",
            "措施",
            "专项",
            "重点",
            "环节",
            "步骤",
            "目标",
            "工作",
            "举措",
            "板块",
            "专题",
            "主题",
            "内容",
            "重点任务",
            "专项行动",
            "主要任务",
            "重点工作",
            "重点工程",
            "工作任务",
            "整治行动",
            "重点项目",
            "攻坚行动",
            "提升行动",
            "子任务",
            "事项",
            "点位",
            "测评点位",
            "考察点位",
            "检查点位",
            "点位类型",
            "问题",
            "反馈问题",
            "整改问题",
            "存在问题",
            "实事",
            "民生实事",
        ]
        .map(|word| (word, ())),
    )
});

/// Words that begin as a unit does: behind a number they are what the item says, and count nothing (1.6家庭园艺, 1.9处理投诉).
static NO_UNITS: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        "人行 人民 人员 人均 人才 人居 人大 人口 人防 人体 人事 人社 人文 人力 人流 人身 人畜 人车 人工 人群 人为 人户 家庭 家长 家园 家政 家风 家禽 \
         家畜 家校 家电 家访 家属 家装 家具 家教 家训 家乡 元旦 元宵 处理 处置 处罚 次干 次生 个人 个体 个性 个别 个案 条件 条例 条块 名木 名录 名单 \
         名胜 名城 名镇 名村 名优 名牌 名师 名家 名医 名人 户外 户籍 户厕 户容 户主 户均 户用 年度 年货 年审 年检 年画 年报 年终 年均 月度 月均 日常 \
         日均 日间 日照 日杂 日产 日清 时段 时代 时令 时间 时政 分类 分级 分区 分片 分解 分析 分工 分管 分批 分步 分期 分组 分散 分层 分拣 分流 分布 \
         分别 分包 分阶 分时 分段 分项 米面 所有 所属 所需 所在 所辖 万众 号召 号牌 周边 周围 周密 周末 周转 周期 级别 届时 度假 点位 点亮 点检 点评 \
         座谈 座椅 项目 天然 天桥 天网 天井 种植 种子 种苗 种养 种树 种业 类型 类别 例会 例行 起草 场所 场地 场馆 场镇 场景 场外 亩均"
            .split_whitespace()
            .map(|word| (word, ())),
    )
});

/// Does what stands at `at` count what the number before it says, out of `units`?
fn is_counted(text: &[char], at: usize, units: &str) -> bool {
    let next = text.get(at + 1).copied().unwrap_or('\n');
    match text.get(at).copied().unwrap_or('\n') {
        '公' => matches!(next, '里' | '顷' | '斤' | '分' | '升' | '吨'),
        '平' => matches!(next, '方' | '米'),
        '立' => next == '方',
        c => units.contains(c) && NO_UNITS.at(text, at).is_none(),
    }
}

/// How many characters a number takes that begins a line and is set apart from its words by the blank behind it: 3, 1.6. None
/// where the number counts what follows.
pub(crate) fn apart(line: &[char]) -> Option<usize> {
    // no number is longer
    let len = line.iter().take(16).position(|&c| !(c.is_ascii_digit() || c == '.'))?;
    let parts = || line[..len].split(|&c| c == '.');
    let short = parts().all(|part| (1..=2).contains(&part.len()));
    let words = skip_blanks(line, len);
    let units = if parts().count() == 1 { "年月日个处人次万亿" } else { UNITS };
    (short && words > len && !is_counted(line, words, units)).then_some(len)
}

/// Units that a figure with a point before it may have.
const UNITS: &str = "年月日个处人次万亿号时分元米家所条名户亩吨岁";

fn number_at(text: &[char], at: usize) -> Option<(u32, usize, bool)> {
    let digits = text.get(at..)?.iter().take(4).take_while(|c| c.is_ascii_digit()).count();
    if digits > 0 {
        return (digits <= 3).then(|| {
            (
                text[at..at + digits].iter().fold(0, |sum, c| sum * 10 + c.to_digit(10).unwrap_or(0)),
                digits,
                false,
            )
        });
    }
    cn_integer(text, at).filter(|&(n, len)| n <= 60 && len <= 3).map(|(n, len)| (n, len, true))
}

/// The number that is printed at `at`, if one is.
pub(crate) fn marker_at(text: &[char], at: usize) -> Option<Marker> {
    let c = *text.get(at)?;
    let marker = |end: usize, printed: usize, style: Style, number: u32| {
        Some(Marker { start: at, end, style, number, printed, open: false })
    };
    match c {
        '①'..='⑳' => return marker(close(text, at + 1), at + 1, Style::Circle, c as u32 - 0x2460 + 1),
        '❶'..='❿' => return marker(close(text, at + 1), at + 1, Style::Circle, c as u32 - 0x2776 + 1),
        '⑴'..='⒇' => return marker(close(text, at + 1), at + 1, Style::NumParen, c as u32 - 0x2474 + 1),
        '⒈'..='⒛' => return marker(close(text, at + 1), at + 1, Style::Num, c as u32 - 0x2488 + 1),
        '㈠'..='㈩' => return marker(close(text, at + 1), at + 1, Style::CnParen, c as u32 - 0x3220 + 1),
        'Ⅰ'..='Ⅻ' => {
            let end = close(text, at + 1);
            return (end > at + 1 || text.get(at + 1).is_some_and(|&c| is_blank(c)))
                .then(|| marker(end, at + 1, Style::Roman, c as u32 - 0x2160 + 1))
                .flatten();
        }
        '●' | '■' | '◆' | '★' | '▲' | '◇' | '•' | '➢' | '✓' | '※' | '□' | '▪' | '◎' | '☆' | '►' | '○'
        | '·' => {
            let end = skip_blanks(text, at + 1);
            // ★1.…: the star marks an item that decides, the number is the item's
            if text.get(end).is_some_and(char::is_ascii_digit) {
                return match marker_at(text, end) {
                    Some(found) if matches!(c, '★' | '☆' | '▲' | '※') => {
                        Some(Marker { start: at, ..found })
                    }
                    Some(_) => None,
                    // ▲3月12日开展…: a date that the item begins with
                    None if begins_date(text, end) => marker(end, at, Style::Bullet, 0),
                    None => None,
                };
            }
            return text
                .get(end)
                .is_some_and(|&c| is_han(c) || c == '“')
                .then(|| marker(end, at, Style::Bullet, 0))
                .flatten();
        }
        '首' | '再' | '最' => return order(text, at),
        '第' | '其' => return ordinal(text, at).or_else(|| order(text, at)),
        _ => {}
    }
    // 【任务一】
    if c == '【' {
        let named = NAMED.at(text, at + 1).map(|((), len)| at + 1 + len)?;
        let (number, digits, _) = number_at(text, named)?;
        return (text.get(named + digits) == Some(&'】'))
            .then(|| marker(close(text, named + digits + 1), named + digits + 1, Style::Named('【'), number))
            .flatten();
    }
    if is_open_bracket(c) && matches!(c, '(' | '〔' | '[') {
        let inside = skip_blanks(text, at + 1);
        let (number, len, chinese) = number_at(text, inside)?;
        let closing = skip_blanks(text, inside + len);
        if !matches!(text.get(closing), Some(')' | '〕' | ']')) {
            return None;
        }
        let style = if chinese { Style::CnParen } else { Style::NumParen };
        return (number <= 99)
            .then(|| marker(close(text, closing + 1), closing + 1, style, number))
            .flatten();
    }
    if let Some(((), len)) = NAMED.at(text, at) {
        let (number, digits, _) = number_at(text, skip_blanks(text, at + len))?;
        let printed = skip_blanks(text, at + len) + digits;
        let end = skip_blanks(text, printed);
        let closed = matches!(text.get(end), Some(':' | '、' | '.' | ','))
            || end > printed
            || text.get(end) == Some(&'\n');
        return (closed && (1..=60).contains(&number))
            .then(|| marker(close(text, end), printed, Style::Named(c), number))
            .flatten();
    }
    if let Some(found) = number_at(text, at) {
        return plain(text, at, found);
    }
    letter(text, at)
}

/// 一、 一是 1. 1.1 1) 10无障碍
fn plain(text: &[char], at: usize, (number, len, chinese): (u32, usize, bool)) -> Option<Marker> {
    let printed = at + len;
    let marker = |end: usize, printed: usize, style: Style, open: bool| {
        Some(Marker { start: at, end, style, number, printed, open })
    };
    let next = skip_blanks(text, printed);
    let sign = text.get(next).copied().unwrap_or('\n');
    if chinese {
        return match sign {
            '、' | '.' => marker(close(text, next), printed, Style::Cn, false),
            ',' | ':' => marker(close(text, next), printed, Style::Cn, true),
            '是' | '要' if next == printed => marker(next + 1, next + 1, Style::Is, false),
            ')' => marker(close(text, next + 1), next + 1, Style::CnParen, false),
            _ if next > printed && is_han(sign) => marker(next, printed, Style::Cn, true),
            _ => None,
        };
    }
    match sign {
        '.' | '、' | ':' | ',' | '。' => {
            let date = skip_blanks(text, next + 1);
            if begins_date(text, date) && matches!(sign, '.' | '、') {
                return marker(date, printed, Style::Num, false);
            }
            if matches!(sign, '.') && text.get(next + 1).is_some_and(char::is_ascii_digit) && next == printed
            {
                let apart = dotted(text, at);
                // 4.15岁以上…: the item's number and a figure, where the sequence shows it
                let figure = text[next + 1..].iter().take(4).take_while(|c| c.is_ascii_digit()).count();
                let unit = text.get(next + 1 + figure).is_some_and(|&c| is_han(c));
                if number > 1 && unit && apart.is_none() {
                    return marker(next + 1, printed, Style::Num, true);
                }
                return apart;
            }
            let end = close(text, next);
            let follows = text.get(end).copied().unwrap_or('\n');
            if follows.is_ascii_digit() {
                return None;
            }
            marker(end, printed, Style::Num, matches!(sign, ':' | ',' | '。'))
        }
        ')' => marker(close(text, next + 1), next + 1, Style::HalfParen, false),
        _ if next > printed && (is_han(sign) || sign == '“') => marker(next, printed, Style::Num, true),
        _ if is_han(sign)
            && !is_counted(
                text,
                next,
                "年月日个处人次万亿号时分元米家所条名户亩吨周级届岁度点座项天种类例起场",
            ) =>
        {
            marker(printed, printed, Style::Num, true)
        }
        _ => None,
    }
}

/// Does a date's digits stand at `at` (1.2024年…, 2、6月底前…)? They are no part of the item's number.
fn begins_date(text: &[char], at: usize) -> bool {
    let digits = text[at.min(text.len())..].iter().take(5).take_while(|c| c.is_ascii_digit()).count();
    let next = text.get(at + digits);
    digits == 4 && next == Some(&'年')
        || matches!(digits, 1 | 2)
            && next == Some(&'月')
            && text.get(at + digits + 1).is_some_and(|c| {
                matches!(c, '底' | '前' | '份' | '上' | '中' | '下' | '初' | '末') || c.is_ascii_digit()
            })
}

/// 1.1, 2.3.1, with or without a sign behind it.
fn dotted(text: &[char], at: usize) -> Option<Marker> {
    let mut i = at;
    let mut depth = 1_u8;
    let mut number;
    loop {
        let start = i;
        while text.get(i).is_some_and(char::is_ascii_digit) && i - start < 3 {
            i += 1;
        }
        if i == start {
            return None;
        }
        number = text[start..i].iter().fold(0, |sum, c| sum * 10 + c.to_digit(10).unwrap_or(0));
        if matches!(text.get(i), Some('.')) && text.get(i + 1).is_some_and(char::is_ascii_digit) {
            i += 1;
            depth += 1;
            if depth > 5 {
                return None;
            }
        } else {
            break;
        }
    }
    let printed = i;
    let end = close(text, i);
    let next = text.get(end).copied().unwrap_or('\n');
    let apart = end > printed || text.get(printed).is_some_and(|&c| is_blank(c));
    // 2.2 15岁以上…: the item begins with a figure
    let figure = text[end..].iter().take(5).take_while(|c| c.is_ascii_digit()).count();
    let figure = apart && figure > 0 && text.get(end + figure).is_some_and(|&c| is_han(c));
    let open = !apart || figure;
    (is_han(next) || figure || matches!(next, '“' | '《') || apart && begins_date(text, end))
        .then_some(())
        .filter(|()| apart || !is_counted(text, end, UNITS))?;
    Some(Marker { start: at, end, style: Style::Dotted(depth), number, printed, open })
}

/// 首先, 其次, 再次, 最后: words that count. What they count to is the sequence's business; a word that ends it has no number
/// of its own.
fn order(text: &[char], at: usize) -> Option<Marker> {
    const WORDS: [(&str, u32); 7] =
        [("首先", 1), ("其次", 2), ("再次", 3), ("再者", 3), ("再有", 3), ("最后", 0), ("最末", 0)];
    let &(_, number) = WORDS.iter().find(|(word, _)| starts_at(text, at, word))?;
    let printed = at + 2;
    let end = match text.get(skip_blanks(text, printed))? {
        ',' | '、' | ':' => close(text, printed),
        '要' | '是' => skip_blanks(text, printed) + 1,
        _ => return None,
    };
    Some(Marker { start: at, end, style: Style::Order, number, printed, open: false })
}

/// 第一章, 第一阶段, 第一, 其一,
fn ordinal(text: &[char], at: usize) -> Option<Marker> {
    let (number, len, _) = number_at(text, skip_blanks(text, at + 1))?;
    let after = skip_blanks(text, skip_blanks(text, at + 1) + len);
    let marker = |end: usize, printed: usize, style: Style| {
        Some(Marker { start: at, end, style, number, printed, open: false })
    };
    let sign = text.get(after).copied().unwrap_or('\n');
    if text[at] == '第' {
        for word in ["阶段", "步", "时段"] {
            if starts_at(text, after, word) {
                let printed = after + word.chars().count();
                let follows = text.get(skip_blanks(text, printed)).copied().unwrap_or('\n');
                let closed = matches!(follows, ':' | '(' | '、' | ',' | '。' | '\n' | '—' | '-' | '【' | '.')
                    || text.get(printed).is_some_and(|&c| is_blank(c))
                    || is_han(follows);
                return closed.then(|| marker(close(text, printed), printed, Style::Stage)).flatten();
            }
        }
        // 第二项:, 第二项行动:, 第二个专项:
        if starts_at(text, after, "项") || starts_at(text, after, "个") {
            let noun = NAMED.at(text, after + 1).map_or(0, |((), len)| len);
            let end = after + 1 + noun;
            let item = starts_at(text, after, "项") || noun > 0;
            return (item && matches!(text.get(end), Some(':' | '、' | ',' | '.')))
                .then(|| marker(close(text, end), end, Style::Named('第')))
                .flatten();
        }
        for word in ["部分", "章", "节", "篇", "条", "编"] {
            if starts_at(text, after, word) {
                let printed = after + word.chars().count();
                let follows = text.get(printed).copied().unwrap_or('\n');
                let closed = is_blank(follows)
                    || matches!(follows, ':' | '、' | '\n' | '.')
                    || at == 0
                    || text[at - 1] == '\n';
                let kind = word.chars().next().unwrap_or('章');
                return closed.then(|| marker(close(text, printed), printed, Style::Chapter(kind))).flatten();
            }
        }
    }
    // 第二、三季度 is a time
    let mut behind =
        text.get(after + 1..).unwrap_or(&[]).iter().skip_while(|&&c| c == '第' || is_cn_number(c));
    if sign == '、' && behind.next() == Some(&'季') && behind.next() == Some(&'度') {
        return None;
    }
    matches!(sign, ',' | '、' | ':' | '。')
        .then(|| marker(close(text, after), after, Style::Ordinal))
        .flatten()
}

/// A. a) and Roman numbers in Latin letters.
fn letter(text: &[char], at: usize) -> Option<Marker> {
    let c = text[at];
    if !c.is_ascii_alphabetic() || at > 0 && text[at - 1].is_ascii_alphanumeric() {
        return None;
    }
    let run = text[at..].iter().take(5).take_while(|c| matches!(c, 'I' | 'V' | 'X')).count();
    let roman = match text[at..at + run].iter().collect::<String>().as_str() {
        "I" => 1,
        "II" => 2,
        "III" => 3,
        "IV" => 4,
        "V" => 5,
        "VI" => 6,
        "VII" => 7,
        "VIII" => 8,
        "IX" => 9,
        "X" => 10,
        _ => 0,
    };
    let (len, style, number) = if roman > 0 {
        (run, Style::Roman, roman)
    } else {
        (1, Style::Letter(c.is_ascii_uppercase()), c.to_ascii_uppercase() as u32 - 'A' as u32 + 1)
    };
    let sign = text.get(at + len).copied().unwrap_or('\n');
    if !matches!(sign, '.' | '、' | ')') || text.get(at + len + 1).is_some_and(char::is_ascii_alphanumeric) {
        return None;
    }
    Some(Marker { start: at, end: close(text, at + len), style, number, printed: at + len, open: false })
}

/// Behind the sign that closes a number and the blanks behind it; at most one sign, or a double one by mistake (1、.).
fn close(text: &[char], at: usize) -> usize {
    let mut i = skip_blanks(text, at);
    let mut signs = 0;
    while signs < 2 && matches!(text.get(i), Some('、' | '.' | ',' | ':' | '。' | '·')) {
        i = skip_blanks(text, i + 1);
        signs += 1;
    }
    i
}

/// Does the line begin with the number of an item?
pub(crate) fn starts_item(line: &[char]) -> bool {
    marker_at(line, 0).is_some_and(|marker| {
        let weak = marker.end == marker.printed || line.get(marker.end).is_some_and(char::is_ascii_digit);
        !(marker.open && marker.style == Style::Num && weak)
    })
}

/// Is the line a number and nothing else (its text follows on the next line)?
pub(crate) fn only_a_number(line: &[char]) -> bool {
    let len = line.iter().rposition(|c| !c.is_whitespace()).map_or(0, |i| i + 1);
    if len == 0 || len > 6 {
        return false;
    }
    marker_at(line, 0).is_some_and(|marker| {
        marker.end >= len && marker.printed < len
            || matches!(marker.style, Style::CnParen | Style::NumParen | Style::HalfParen)
                && marker.printed >= len
    })
}

/// A short line without punctuation.
pub(crate) fn heading_like(line: &[char]) -> bool {
    line.len() <= 24 && !line.iter().any(|&c| crate::chars::ends_clause(c) && c != '\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_items_are_recognised() {
        for (text, expected) in [
            ("一、总体要求", Some((Style::Cn, 1, "一"))),
            ("十二、保障", Some((Style::Cn, 12, "十二"))),
            ("(三)市容", Some((Style::CnParen, 3, "(三)"))),
            ("(三)市容", Some((Style::CnParen, 3, "(三)"))),
            ("3.清扫", Some((Style::Num, 3, "3"))),
            ("3、清扫", Some((Style::Num, 3, "3"))),
            ("3)清扫", Some((Style::HalfParen, 3, "3)"))),
            ("(12)清扫", Some((Style::NumParen, 12, "(12)"))),
            ("②清扫", Some((Style::Circle, 2, "②"))),
            ("1.2 清扫", Some((Style::Dotted(2), 2, "1.2"))),
            ("1.1公园绿地", Some((Style::Dotted(2), 1, "1.1"))),
            ("1.6家庭园艺", Some((Style::Dotted(2), 6, "1.6"))),
            ("1.6家农贸市场", None),
            ("1.6公里", None),
            ("1.2.3 清扫", Some((Style::Dotted(3), 3, "1.2.3"))),
            ("1.5万元", None),
            ("4.15岁以上人群", Some((Style::Num, 4, "4"))),
            ("1.2024年", Some((Style::Num, 1, "1"))),
            ("2.6月底前", Some((Style::Num, 2, "2"))),
            ("第二项行动:清扫", Some((Style::Named('第'), 2, "第二项行动"))),
            ("第二项:清扫", Some((Style::Named('第'), 2, "第二项"))),
            ("2024年", None),
            ("5月底", None),
            ("第一,清扫", Some((Style::Ordinal, 1, "第一"))),
            ("首先,清扫", Some((Style::Order, 1, "首先"))),
            ("其次要清扫", Some((Style::Order, 2, "其次"))),
            ("首先清扫", None),
            ("第一阶段:动员", Some((Style::Stage, 1, "第一阶段"))),
            ("第二章 任务", Some((Style::Chapter('章'), 2, "第二章"))),
            ("一是清扫", Some((Style::Is, 1, "一是"))),
            ("二要清扫", Some((Style::Is, 2, "二要"))),
            ("任务1:清扫", Some((Style::Named('任'), 1, "任务1"))),
            ("活动三、清扫", Some((Style::Named('活'), 3, "活动三"))),
            ("Ⅱ.清扫", Some((Style::Roman, 2, "Ⅱ"))),
            ("II.清扫", Some((Style::Roman, 2, "II"))),
            ("B.清扫", Some((Style::Letter(true), 2, "B"))),
            ("●清扫", Some((Style::Bullet, 0, ""))),
            ("10无障碍", Some((Style::Num, 10, "10"))),
            ("8个方面", None),
            ("加强清扫", None),
            ("★3.清扫", Some((Style::Num, 3, "★3"))),
            ("一次性", None),
        ] {
            let chars: Vec<char> = text.chars().collect();
            let found = marker_at(&chars, 0);
            let shown =
                found.map(|m| (m.style, m.number, chars[m.start..m.printed].iter().collect::<String>()));
            assert_eq!(
                shown,
                expected.map(|(style, number, printed)| (style, number, printed.to_owned())),
                "{text}"
            );
        }
    }
}
