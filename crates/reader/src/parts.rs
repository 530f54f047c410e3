//! A document may hold several plans: 方案1 方案2, 篇一: 篇二:, 【篇1】, or one title after the other.

use std::sync::LazyLock;

use chengjing_domain::plan::PlanKind;

use crate::{
    chars::{
        CharSet, contains_any, ends_sentence, ends_with_any, is_blank, is_colon, line_end, starts_at, string,
        trim,
    },
    numbers::cn_integer,
    outline::numbering::{Style, marker_at},
    words::{Endings, Words},
};

/// One plan of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) start: usize,
    /// Behind the label.
    pub(crate) body: usize,
    pub(crate) end: usize,
    pub(crate) title: String,
    /// It has a label of its own (方案一), so that it counts even where nothing is found in it.
    pub(crate) labelled: bool,
}

/// Words that a plan's title ends with.
static TITLES: LazyLock<Endings> = LazyLock::new(|| {
    Endings::new(&[
        "方案",
        "行动计划",
        "工作计划",
        "计划",
        "讲话稿",
        "讲话",
        "发言稿",
        "发言",
        "致辞",
        "实施意见",
        "意见",
        "通知",
        "工作总结",
        "总结",
        "汇报材料",
        "工作汇报",
        "汇报",
        "细则",
        "办法",
        "规划",
        "倡议书",
        "任务分解表",
        "分解表",
        "一览表",
        "任务表",
        "清单",
        "标准",
        "报告",
        "责任书",
        "要点",
        "安排",
        "测评表",
        "考察表",
        "台账",
        "规定",
        "任务书",
        "明细表",
        "纪要",
        "督办单",
        "交办单",
        "分工表",
    ])
});

/// Is the line a title?
pub(crate) fn is_title(line: &[char]) -> bool {
    let (start, end) = trim(line, 0, line.len());
    let mut line = &line[start..end];
    // (征求意见稿), (试行)
    if line.last().is_some_and(|&c| matches!(c, ')'))
        && let Some(open) = line.iter().rposition(|&c| matches!(c, '('))
    {
        line = &line[..open];
    }
    if line.ends_with(&['》']) {
        line = &line[..line.len() - 1];
    }
    (4..=60).contains(&line.len())
        && TITLES.end(line)
        && !contains_any(
            line,
            &[
                "如下",
                "提出",
                "制定本",
                "特制定",
                "制定了",
                "印发给",
                "报送",
                "形成",
                "我讲",
                "点意见",
                "些意见",
                "我们",
                "\t",
            ],
        )
        && !line.iter().any(|&c| ends_sentence(c) || matches!(c, ';' | ',') || is_colon(c) || c == '\t')
        && marker_at(line, 0).is_none()
}

/// A label: where it stands, where it ends, its number, the title in front of the number.
#[derive(Debug)]
struct Label {
    start: usize,
    end: usize,
    number: u32,
    title: String,
}

/// The plans of the document in order; the first begins at 0, so that no text is outside.
pub(crate) fn parts(text: &[char], name: &str) -> Vec<Part> {
    let labels = labels(text);
    let document = document_title(text, labels.first().map_or(text.len(), |label| label.start), name);
    if labels.len() >= 2 {
        return labels
            .iter()
            .enumerate()
            .map(|(i, label)| Part {
                start: if i == 0 { 0 } else { label.start },
                body: label.end,
                end: labels.get(i + 1).map_or(text.len(), |next| next.start),
                title: own_title(&text[label.end..labels.get(i + 1).map_or(text.len(), |next| next.start)])
                    .unwrap_or_else(|| labelled_title(label, &document, text)),
                labelled: true,
            })
            .collect();
    }
    let starts = titled_starts(text);
    let mut parts = Vec::new();
    for (i, &start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(text.len());
        let title = title_of(&text[start..end]).unwrap_or_else(|| document.clone());
        parts.push(Part { start, body: start, end, title, labelled: false });
    }
    parts
}

/// The title on the line right behind a plan's label.
fn own_title(body: &[char]) -> Option<String> {
    let from = body.iter().position(|c| !c.is_whitespace() && !is_colon(*c))?;
    let (from, to) = trim(body, from, line_end(body, from, body.len()));
    is_title(&body[from..to]).then(|| string(&body[from..to]))
}

/// The label's title, with the document's where the label says little.
fn labelled_title(label: &Label, document: &str, text: &[char]) -> String {
    let printed = string(&text[label.start..label.end]);
    let printed = printed.trim().trim_end_matches([':', ':', '】']).trim_start_matches('【').to_owned();
    if label.title.chars().count() >= 6 {
        return printed;
    }
    if document.is_empty() || printed.contains(document) {
        return printed;
    }
    format!("{document} {printed}")
}

/// What a label can stand behind: the end of a line or a sentence, a blank.
static OPENS_LABEL: CharSet = CharSet::new("\n \u{a0}\u{3000}。!?");

/// Every label whose numbers count up from one.
fn labels(text: &[char]) -> Vec<Label> {
    let mut best: Vec<Label> = Vec::new();
    // nearly every character stands behind one that opens nothing
    let places: Vec<usize> = (0..text.len()).filter(|&i| i == 0 || OPENS_LABEL.has(text[i - 1])).collect();
    for kind in [LabelKind::Word, LabelKind::Suffix] {
        let mut found: Vec<Label> = Vec::new();
        for &i in &places {
            let c = text[i];
            if c == '\n' || is_blank(c) {
                continue;
            }
            let starts_line = i == 0 || text[i - 1] == '\n';
            let label = match kind {
                LabelKind::Word if starts_line || may_label(c) => word_label(text, i, starts_line),
                LabelKind::Suffix if starts_line => suffix_label(text, i),
                _ => None,
            };
            if let Some(label) = label {
                let expected = found.last().map_or(1, |last| last.number + 1);
                let same =
                    kind == LabelKind::Word || found.last().is_none_or(|last| last.title == label.title);
                if label.number == expected && same {
                    found.push(label);
                } else if label.number == 1 && found.len() < 2 {
                    found.clear();
                    found.push(label);
                }
            }
        }
        if found.len() >= 2 && found.len() > best.len() {
            best = found;
        }
    }
    best
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LabelKind {
    /// 篇一:, 【篇1】, 第一篇, 方案一:, 范文1.
    Word,
    /// …方案一 at the end of a title.
    Suffix,
}

fn small(text: &[char], at: usize) -> Option<(u32, usize)> {
    let digits = text.get(at..)?.iter().take(3).take_while(|c| c.is_ascii_digit()).count();
    if (1..=2).contains(&digits) {
        return Some((
            text[at..at + digits].iter().fold(0, |sum, c| sum * 10 + c.to_digit(10).unwrap_or(0)),
            digits,
        ));
    }
    if digits > 0 {
        return None;
    }
    cn_integer(text, at).filter(|&(n, len)| n <= 30 && len <= 3)
}

/// Can a label begin with the character?
fn may_label(c: char) -> bool {
    matches!(c, '篇' | '范' | '方' | '例' | '样' | '模' | '文' | '讲' | '第' | '【' | '[' | '(' | '〖')
}

/// 篇一: and the like at `at`, alone or with a title around it on its line.
fn word_label(text: &[char], at: usize, starts_line: bool) -> Option<Label> {
    let bracket = usize::from(matches!(text[at], '【' | '[' | '(' | '〖'));
    let mut i = at + bracket;
    for word in ["篇", "范文", "方案", "例文", "样本", "模板", "文稿", "讲话稿", "范本"] {
        if starts_at(text, i, word) {
            let (number, len) = small(text, i + word.chars().count())?;
            i += word.chars().count() + len;
            return closed(text, at, i, bracket == 1, number, word == "篇");
        }
    }
    if starts_at(text, i, "第")
        && let Some((number, len)) = small(text, i + 1)
        && starts_at(text, i + 1 + len, "篇")
    {
        return closed(text, at, i + 2 + len, bracket == 1, number, true);
    }
    if !starts_line {
        return None;
    }
    // a title with the label in it: 社区工作方案【篇1】, 工作方案 篇1:
    let end = line_end(text, at, text.len().min(at + 70));
    let open = (at + 2..end).find(|&i| text[i] == '篇')?;
    let (number, len) = small(text, open + 1)?;
    let after = open + 1 + len;
    let rest = text.get(after..end)?;
    let shut = rest.iter().all(|&c| is_blank(c) || is_colon(c) || matches!(c, '】' | ')' | ']' | '〗'));
    let lead = &text[at..open];
    (shut && !lead.iter().any(|&c| ends_sentence(c) || c == ',')).then(|| Label {
        start: at,
        end,
        number,
        title: string(lead),
    })
}

fn closed(text: &[char], at: usize, end: usize, bracketed: bool, number: u32, plain: bool) -> Option<Label> {
    let next = text.get(end).copied().unwrap_or('\n');
    if bracketed {
        return matches!(next, '】' | ']' | ')' | '〗').then(|| Label {
            start: at,
            end: end + 1,
            number,
            title: String::new(),
        });
    }
    let shut = is_colon(next) || next == '\n' || plain && is_blank(next);
    shut.then(|| Label { start: at, end: end + usize::from(is_colon(next)), number, title: String::new() })
}

/// 文明创建实施方案一 on a line of its own.
fn suffix_label(text: &[char], at: usize) -> Option<Label> {
    let end = (at..text.len().min(at + 61))
        .find(|&i| text[i] == '\n')
        .or((text.len() <= at + 60).then_some(text.len()))?;
    let (_, mut stop) = trim(text, at, end);
    while stop > at && (is_colon(text[stop - 1]) || matches!(text[stop - 1], ')' | '】')) {
        stop -= 1;
    }
    let mut from = stop;
    while from > at
        && stop - from < 3
        && (text[from - 1].is_ascii_digit() || cn_integer(text, from - 1).is_some_and(|(_, len)| len >= 1))
    {
        from -= 1;
    }
    let (number, len) = small(text, from)?;
    if from + len != stop || from == at {
        return None;
    }
    let mut lead = from;
    while lead > at && (is_blank(text[lead - 1]) || matches!(text[lead - 1], '(' | '【' | '篇')) {
        lead -= 1;
    }
    let title = &text[at..lead];
    is_title(title).then(|| Label { start: at, end, number, title: string(title) })
}

/// Where a new plan begins without a label: a title on a line of its own, behind a plan that had its 一、 and before
/// another 一、.
fn titled_starts(text: &[char]) -> Vec<usize> {
    const PLANS: &[&str] = &[
        "方案",
        "行动计划",
        "工作计划",
        "讲话稿",
        "讲话",
        "发言稿",
        "实施意见",
        "工作总结",
        "汇报材料",
        "工作汇报",
        "实施细则",
        "考核办法",
        "管理办法",
    ];
    let mut starts = vec![0];
    // titles since the last 一、 and whether the running plan had one
    let mut pending: Option<usize> = None;
    let mut counted = false;
    let mut annex: Option<usize> = None;
    let mut line = 0;
    while line < text.len() {
        let end = line_end(text, line, text.len());
        let (from, to) = trim(text, line, end);
        let here = &text[from..to];
        if here.len() <= 12 && starts_at(here, 0, "附件") && !here.iter().any(|&c| ends_sentence(c)) {
            annex = Some(line);
        } else if is_title(here)
            && ends_with_any(title_core(here), PLANS)
            && !contains_any(here, &["附件", "关于印发"])
        {
            if counted && pending.is_none() {
                pending = Some(annex.take().unwrap_or(line));
            }
        } else if marker_at(here, 0)
            .is_some_and(|marker| marker.style == Style::Cn && marker.number == 1 && !marker.open)
        {
            if let Some(start) = pending.take() {
                starts.push(start);
            }
            counted = true;
            annex = None;
        } else if !here.is_empty() && here.len() > 60 {
            annex = None;
        }
        line = end + 1;
    }
    starts
}

fn title_core(line: &[char]) -> &[char] {
    if line.last().is_some_and(|&c| matches!(c, ')'))
        && let Some(open) = line.iter().rposition(|&c| matches!(c, '('))
    {
        return &line[..open];
    }
    line
}

/// The title of a part: the last title-like line before its first number, joined with a line above that it continues.
fn title_of(text: &[char]) -> Option<String> {
    let mut best: Option<(usize, usize)> = None;
    let mut line = 0;
    let mut count = 0;
    while line < text.len() && count < 40 {
        let end = line_end(text, line, text.len());
        let (from, to) = trim(text, line, end);
        let here = &text[from..to];
        let cn = marker_at(here, 0).is_some_and(|marker| {
            matches!(marker.style, Style::Cn | Style::CnParen | Style::Num | Style::Chapter(_))
        });
        // a title stands above its table
        if (cn || here.contains(&'\t')) && best.is_some() {
            break;
        }
        if is_title(here) && !starts_at(here, 0, "附件") {
            let mut start = from;
            // a title over two lines
            if line > 1 && here.len() <= 16 {
                let above_start = text[..line - 1].iter().rposition(|&c| c == '\n').map_or(0, |i| i + 1);
                let above = &text[above_start..line - 1];
                if (4..=40).contains(&above.len())
                    && !above.iter().any(|&c| crate::chars::ends_clause(c))
                    && !is_title(above)
                    && !starts_at(above, 0, "附件")
                    && !above.iter().any(char::is_ascii_digit)
                    && marker_at(above, 0).is_none()
                {
                    start = above_start;
                }
            }
            let weak = ends_with_any(here, &["通知", "标准", "要点", "安排", "规定", "报告"]);
            if !(weak && best.is_some()) {
                best = Some((start, to));
            }
        } else if here.len() > 200
            && marker_at(here, 0).is_none()
            && let Some((start, end)) = title_in_line(here)
        {
            // nearer to the text than what stands above
            best = Some((from + start, from + end));
        }
        line = end + 1;
        count += 1;
    }
    best.map(|(start, end)| string(&text[start..end]).replace('\n', "").trim_matches(['《', '》']).to_owned())
}

/// In a text that lost its line ends: the last stretch before the first number that reads like a title.
fn title_in_line(line: &[char]) -> Option<(usize, usize)> {
    let limit = line.len().min(1200);
    let stop = (0..limit).find(|&i| line[i] == '一' && line.get(i + 1) == Some(&'、')).unwrap_or(limit);
    let mut best = None;
    let mut from = 0;
    // without any blank the title ends with its last word
    let opening = (0..limit.min(61))
        .find(|&i| is_blank(line[i]) || ends_sentence(line[i]) || line[i] == ',')
        .unwrap_or(limit.min(61));
    if let Some(end) = (8..opening.min(50))
        .find(|&i| is_title(&line[..i]) && i + 3 <= opening && !matches!(line.get(i), Some('》' | '的')))
    {
        best = Some((0, end));
    }
    for i in 0..=stop {
        let cut =
            i == stop || is_blank(line[i]) || ends_sentence(line[i]) || matches!(line[i], ',' | ':' | ';');
        if cut {
            // a blank may part the title: 创建文明城区 实施方案
            let above = best.filter(|&(start, end)| end + 1 == from && i - start <= 60 && i - from <= 6);
            if let Some((start, _)) = above.or_else(|| short_tail(line, from, i)) {
                best = Some((start, i));
            } else if is_title(&line[from..i])
                && best.is_none_or(|(start, end): (usize, usize)| {
                    i - from >= end - start || !ends_with_any(&line[from..i], &["通知"])
                })
            {
                best = Some((from, i));
            }
            from = i + 1;
        }
    }
    best
}

/// 实施方案 alone behind a blank: the words before the blank belong to it.
fn short_tail(line: &[char], from: usize, to: usize) -> Option<(usize, usize)> {
    if !(2..=6).contains(&(to - from))
        || from == 0
        || !is_blank(line[from - 1])
        || !ends_with_any(&line[from..to], &["方案", "意见", "计划", "细则", "办法"])
    {
        return None;
    }
    let start = line[..from - 1]
        .iter()
        .rposition(|&c| is_blank(c) || ends_sentence(c) || c == ',')
        .map_or(0, |i| i + 1);
    (from - 1 > start + 3 && to - start <= 60).then_some((start, to))
}

fn document_title(text: &[char], stop: usize, name: &str) -> String {
    let first_line = text[..stop.min(text.len())]
        .split(|&c| c == '\n')
        .find(|line| line.iter().any(|c| !c.is_whitespace()))
        .unwrap_or(&[]);
    title_of(&text[..stop.min(text.len())])
        .or_else(|| {
            title_in_line(first_line)
                .filter(|_| first_line.len() > 24)
                .map(|(start, end)| string(&first_line[start..end]))
        })
        .or_else(|| {
            // the first short line
            text[..stop.min(text.len())]
                .split(|&c| c == '\n')
                .map(|line| trim(line, 0, line.len()))
                .zip(text[..stop.min(text.len())].split(|&c| c == '\n'))
                .map(|((start, end), line)| &line[start..end])
                // a table's first head is no title, nor is anything in the table
                .take_while(|line| crate::table::header::column_of(line).is_none())
                .find(|line| !line.is_empty() && (line.len() > 6 || !starts_at(line, 0, "附件")))
                .filter(|line| {
                    line.len() <= 60
                        && !line.contains(&'\t')
                        && !line.last().is_some_and(|&c| crate::chars::ends_clause(c))
                })
                .map(string)
        })
        .unwrap_or_else(|| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned())
}

/// Markers that only a plan has.
static MARKED: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        ["责任单位:", "牵头单位", "落实单位", "责任部门:", "牵头部门", "完成时限:"].map(|word| (word, ())),
    )
});

/// Plan, speech or report.
pub(crate) fn kind(text: &[char], title: &str) -> PlanKind {
    let head = &text[..text.len().min(900)];
    let title: Vec<char> = title.chars().collect();
    let marked = MARKED.is_in(&text[..text.len().min(60_000)]);
    let summary = contains_any(
        head,
        &[
            "总结汇报",
            "汇报如下",
            "总结如下",
            "报告如下",
            "情况汇报如下",
            "工作总结如下",
            "现将有关情况汇报",
            "小结如下",
        ],
    ) || ends_with_any(
        &title,
        &[
            "工作总结",
            "总结",
            "汇报",
            "汇报材料",
            "情况报告",
            "工作报告",
            "工作纪实",
            "总结报告",
            "经验材料",
            "情况的报告",
        ],
    );
    if summary && !marked {
        return PlanKind::Report;
    }
    let greeting = contains_any(
        &head[..head.len().min(300)],
        &["同志们:", "同志们!", "同志们,", "同志们、", "各位领导", "各位同志", "各位来宾", "同志们"],
    );
    // a speech says who answers for what too; only a plan has no greeting on a line of its own
    let greeted = text[..text.len().min(300)]
        .split(|&c| c == '\n')
        .any(|line| line.len() <= 16 && starts_at(line, 0, "同志们") && line.len() > 3);
    if greeting && (!marked || greeted)
        || contains_any(&title, &["讲话", "发言", "致辞"]) && !ends_with_any(&title, &["方案", "通知"])
    {
        return PlanKind::Speech;
    }
    if told(text) {
        return PlanKind::Report;
    }
    PlanKind::Plan
}

/// Is the text told in the past throughout?
fn told(text: &[char]) -> bool {
    let sample = &text[..text.len().min(6000)];
    let past = sample
        .windows(2)
        .filter(|pair| matches!(pair, [_, '了'] | ['荣', '获'] | ['取', '得'] | ['共', '有']))
        .count();
    let asked = sample
        .windows(2)
        .filter(|pair| {
            matches!(
                pair,
                [_, '要'] | ['必', '须'] | ['确', '保'] | ['不', '得'] | ['应', '当'] | ['责', '任']
            )
        })
        .count();
    let sentences = sample.iter().filter(|&&c| c == '。').count();
    sentences >= 6 && past > sentences && past > asked * 3
}
