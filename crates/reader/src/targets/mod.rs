//! Measurable demands: 不少于3处, 达90%以上, 百分之九十, 低于2起/万户, 每千人3张.

mod quantity;
mod subjects;
mod words;

use std::sync::LazyLock;

use chengjing_domain::plan::{
    Comparator::{self, AtLeast, AtMost, Exactly},
    Target,
};
use rust_decimal::Decimal;

use self::{
    quantity::{Quantity, quantity, range, with_base},
    subjects::{subject, subjects},
    words::{AFTER, BASES, BEFORE, BETWEEN, DOING, Kind, ORGANISATION, THINGS},
};
use crate::{
    chars::{
        CharSet, ends_clause, ends_sentence, is_blank, is_cn_number, is_han, is_numeral, skip_blanks,
        starts_at, trim,
    },
    dates,
    numbers::{arabic, cn_share},
    words::Words,
};

/// How far before a number its comparator may stand, in characters.
const REACH: usize = 18;

/// The demands of a table's cell that is there to give figures: a bare number is one.
pub(crate) fn targets_in_cell(text: &[char]) -> Vec<Target> {
    let mut asked: Vec<char> = vec!['完', '成'];
    asked.extend_from_slice(text);
    let mut found = targets(&asked);
    for target in &mut found {
        target.subject = target.subject.trim_start_matches("完成").to_owned();
    }
    found
}

/// Every measurable demand of the text, in order.
pub(crate) fn targets(text: &[char]) -> Vec<Target> {
    targets_beside(text, &dates::mentions(text))
}

/// As [`targets`], with the figures that only say from where on something is refused (低于60分的取消资格).
pub(crate) fn thresholds(text: &[char]) -> Vec<Target> {
    measured(text, &dates::mentions(text), true)
}

/// What a quantity can begin with, and what parts clauses and titles.
static TELLING: CharSet =
    CharSet::new("0123456789〇零○一壹二两贰三叁四肆五伍六陆七柒八捌九玖十百千拾万≥≤《》,;:。!?\n\t");

/// As [`targets`], where the text's dates are known: their figures measure nothing.
pub(crate) fn targets_beside(text: &[char], dates: &[dates::Mention]) -> Vec<Target> {
    measured(text, dates, false)
}

fn measured(text: &[char], dates: &[dates::Mention], refusals: bool) -> Vec<Target> {
    let mut date = dates.iter().peekable();
    let mut found: Vec<Target> = Vec::new();
    // The comparator and the end of the last quantity, for lists (分别达到36%、40%和12平方米).
    let mut last: Option<(usize, Comparator)> = None;
    // Where the last demand ends, for what goes on with it (新建车棚12个,端口80个).
    let mut done: Option<usize> = None;
    let mut clause = 0;
    let mut titles = 0_usize;
    let mut i = 0;
    while i < text.len() {
        while date.peek().is_some_and(|mention| mention.end <= i) {
            date.next();
        }
        if let Some(mention) = date.peek()
            && mention.at <= i
        {
            i = mention.end;
            continue;
        }
        let c = text[i];
        if !TELLING.has(c) {
            i += 1;
            continue;
        }
        match c {
            '《' => titles += 1,
            '》' => titles = titles.saturating_sub(1),
            _ if ends_clause(c) => {
                clause = i + 1;
                if ends_sentence(c) || c == '\n' {
                    titles = 0;
                    last = None;
                }
            }
            _ => {}
        }
        if titles > 0 || !(is_numeral(c) || matches!(c, '万' | '≥' | '≤')) {
            i += 1;
            continue;
        }
        let Some(first) = quantity(text, i) else {
            i = skip_number(text, i);
            continue;
        };
        let before = found.len();
        let carried = done.is_some_and(|done| done + 1 == clause && text[done] == ',');
        let next = judge(text, clause, &first, &mut last, &mut found, carried);
        done = (found.len() > before).then_some(next);
        if !refusals && found.last().is_some_and(|target| refuses(text, first.end, target.comparator)) {
            found.truncate(before);
        }
        i = next.max(i + 1);
    }
    found
}

/// Looks at what stands around a quantity and adds the demand, if it is one. Returns where to go on.
fn judge(
    text: &[char],
    clause: usize,
    first: &Quantity,
    last: &mut Option<(usize, Comparator)>,
    found: &mut Vec<Target>,
    carried: bool,
) -> usize {
    let at = first.at;
    // 六个百分之百 names a rule, it is no figure
    let named = first.unit == "%"
        && at > 1
        && text[at - 1] == '个'
        && crate::numbers::cn_digit(text[at - 2]).is_some();
    if at > 0 && matches!(text[at - 1], '第' | '每')
        || ordinal(text, at)
        || named
        || begins_from(text, clause, first)
    {
        return first.end;
    }
    // 处50元以上200元以下罚款: what it costs, not what is asked for
    let behind = &text[first.end..text.len().min(first.end + 12)];
    if first.unit == "元" && crate::chars::contains(behind, "罚款") {
        return first.end;
    }
    // 8—10个, 70%-80%, 三至五处
    let range = range(text, first);
    let end = range.as_ref().map_or(first.end, |second| second.end);
    let after = AFTER.at(text, skip_blanks(text, end));
    let lead = leading(text, clause, at);
    if let Some(second) = range {
        let demanded = lead.is_some()
            || after.is_some()
            || doing(text, clause, at)
            || second.unit == "%"
            || second.has_base;
        if demanded && !within_scores(text, clause, at, end) && !matches!(second.kind, Kind::Span) {
            let subject = subject(text, clause, lead.map_or(at, |(at, _)| at));
            let unit = with_base(text, clause, at, lead.map(|(at, _)| at), &second.unit, second.has_base);
            for (comparator, value) in [(AtLeast, first.value), (AtMost, second.value)] {
                found.push(Target { subject: subject.clone(), comparator, value, unit: unit.clone() });
            }
        }
        return end;
    }
    let list_of = last.filter(|&(end, _)| {
        let between = &text[end.min(at)..at];
        between.len() <= 2
            && between.iter().all(|&c| matches!(c, '、' | '和' | '及' | ',') || is_blank(c))
            && end > 0
    });
    let inside = first.kind == Kind::Time
        && text.get(skip_blanks(text, end)) == Some(&'内')
        && text.get(skip_blanks(text, end) + 1) != Some(&'部');
    let comparator = match (lead, after) {
        (Some((_, AtMost)), Some((AtLeast, _))) => Some(AtLeast),
        (Some((_, AtLeast)), Some((AtMost, _))) => Some(AtMost),
        (Some((_, comparator)), Some((behind, _))) => Some(match comparator {
            Comparator::MoreThan | Comparator::LessThan | Exactly => behind,
            other => other,
        }),
        (Some((_, comparator)), None) => Some(comparator),
        (None, Some((comparator, _))) => Some(comparator),
        (None, None) if inside => Some(AtMost),
        (None, None) if changes_by(text, clause, first) => Some(AtLeast),
        (None, None) => list_of.map(|(_, comparator)| comparator),
    };
    let mut end = end + after.map_or(0, |(_, len)| skip_blanks(text, end) - end + len);
    let clear = comparator.is_some();
    // 5000平方米以上工地: which ones, not how many
    // 二类以上公厕: how good, not how many
    // 二级养护绿地: which, not how many
    let graded = (after.is_some() || starts_at(text, end, "标准") || first.words && lead.is_none())
        && matches!(first.unit.as_str(), "类" | "级" | "档" | "星级");
    if graded {
        return end;
    }
    let picks = lead.is_none()
        && first.unit != "%"
        && after.is_some()
        && trim(text, clause.min(at), at).0 >= trim(text, clause.min(at), at).1
        && text.get(end).is_some_and(|&c| crate::chars::is_han(c) && c != '的');
    if picks {
        return end;
    }
    let comparator = comparator.unwrap_or(Exactly);
    // 新建车棚12个,端口80个: the verb is that of both
    let goes_on = carried
        && !matches!(first.kind, Kind::Time | Kind::Span)
        && !first.unit.is_empty()
        && !matches!(first.unit.as_str(), "%" | "‰" | "‱" | "分" | "次")
        && !first.words
        && text.get(end).is_none_or(|&c| ends_clause(c))
        && !standing(text, clause, at)
        && text[clause..at].iter().filter(|&&c| is_han(c)).count() >= 2;
    if !goes_on && !demand(text, clause, first, clear, lead.is_some(), after.is_some()) {
        return end;
    }
    if clear && lead.is_none() && after.is_none() && list_of.is_some() {
        end = end.max(first.end);
    }
    *last = clear.then_some((end, comparator));
    let subject_end = lead.map_or(at, |(at, _)| at);
    let unit = with_base(text, clause, at, lead.map(|(at, _)| at), &first.unit, first.has_base);
    for subject in subjects(text, clause, subject_end, end) {
        found.push(Target { subject, comparator, value: first.value, unit: unit.clone() });
    }
    end
}

/// 低于60分的限期退出: what happens to whoever falls short, not what is asked for.
fn refuses(text: &[char], end: usize, comparator: Comparator) -> bool {
    const REFUSED: &[&str] = &[
        "取消", "不予", "不得", "限期", "通报", "约谈", "退出", "淘汰", "责令", "问责", "追究", "追责",
        "停业", "撤销", "摘牌", "否决", "整改", "诫勉",
    ];
    let behind = &text[end..text.len().min(end + 14)];
    matches!(comparator, Comparator::LessThan)
        && starts_at(behind, 0, "的")
        && crate::chars::contains_any(behind, REFUSED)
}

/// 下降5个百分点, 提高2个百分点: by how much something is to change, at the least.
fn changes_by(text: &[char], clause: usize, first: &Quantity) -> bool {
    const CHANGES: &[&str] =
        &["下降", "降低", "减少", "压减", "压降", "提高", "提升", "上升", "增加", "增长"];
    first.unit.ends_with("百分点")
        && crate::chars::ends_with_any(&text[clause.min(first.at)..first.at], CHANGES)
}

/// 由85%提高到95%, 从去年的45处增加到60处: where it stands now, not where it is to go.
fn begins_from(text: &[char], clause: usize, first: &Quantity) -> bool {
    let lead = &text[clause.max(first.at.saturating_sub(8)).min(first.at)..first.at];
    let behind = &text[first.end..text.len().min(first.end + 2)];
    lead.iter().any(|&c| matches!(c, '由' | '从'))
        && [
            "提高", "提升", "上升", "增加", "增长", "扩大", "下降", "降低", "降至", "降到", "减少", "压缩",
            "压减", "缩短", "增至", "增到", "升至", "升到", "提至", "扩至", "减至", "压至", "变为",
        ]
        .iter()
        .any(|word| starts_at(behind, 0, word))
}

/// 第3, 三中全会, 2级: numbers that name rather than measure.
fn ordinal(text: &[char], at: usize) -> bool {
    at > 0
        && (text[at - 1].is_ascii_alphabetic()
            || matches!(text[at - 1], '〔' | '.' | '-' | '#' | '第' | '“') && !text[at].is_ascii_digit())
        || at > 0 && text[at - 1] == '第'
}

/// Is the quantity a demand?
fn demand(text: &[char], clause: usize, q: &Quantity, clear: bool, led: bool, followed: bool) -> bool {
    if within_scores(text, clause, q.at, q.end) {
        return false;
    }
    if q.unit.is_empty() {
        // a bare number only with an explicit sign and nothing else behind it
        let next = text.get(q.end).copied().unwrap_or('。');
        return led && !q.words && !is_han(next) && !next.is_ascii_alphanumeric() || followed && !q.words;
    }
    if q.kind == Kind::Span {
        return led && !matches!(q.unit.as_str(), "年" | "周") && !q.words;
    }
    let behind = &text[q.end..];
    let appointing = q.value == Decimal::ONE && matches!(q.unit.as_str(), "名" | "人" | "位");
    if clear {
        // 三个以上的代表 is fine; 一年以上 is not reached here
        return !(appointing && !led && !followed);
    }
    if appointing || q.kind == Kind::Time {
        return false;
    }
    if matches!(q.unit.as_str(), "%" | "‰" | "‱") {
        return !share_of(text, clause, q.at);
    }
    // 奖励10万元: what is given, not what is asked for
    let lead = &text[clause.max(q.at.saturating_sub(6)).min(q.at)..q.at];
    if q.unit == "元" && crate::chars::ends_with_any(lead, &["奖励", "奖补", "补助", "补贴", "罚款"])
    {
        return false;
    }
    if q.has_base {
        return true;
    }
    if rhythm_once(text, clause, q) {
        return false;
    }
    if q.words
        && (q.value < Decimal::from(2)
            || q.kind == Kind::Loose && q.value < Decimal::TEN
            || matches!(
                q.unit.as_str(),
                "分" | "位"
                    | "方"
                    | "度"
                    | "面"
                    | "头"
                    | "口"
                    | "门"
                    | "对"
                    | "双"
                    | "节"
                    | "支"
                    | "级"
                    | "批"
            ))
    {
        return false;
    }
    if matches!(
        q.unit.as_str(),
        "分" | "位"
            | "方"
            | "度"
            | "号"
            | "级"
            | "步"
            | "层"
            | "条线"
            | "m"
            | "t"
            | "点"
            | "班"
            | "字"
            | "类"
            | "大类"
    ) {
        return false;
    }
    let distance = matches!(q.unit.as_str(), "米" | "公里" | "千米" | "分钟")
        && ["覆盖", "范围", "半径", "内", "生活圈", "服务圈", "以内"]
            .iter()
            .any(|word| starts_at(behind, 0, word));
    if distance {
        return false;
    }
    if q.kind == Kind::Loose && ORGANISATION.iter().any(|word| starts_at(behind, 0, word)) {
        return false;
    }
    // 一千二百户 is as exact as 1200户; a small number in words may be a phrase
    if (!q.words || q.value >= Decimal::ONE_HUNDRED) && THINGS.contains(&q.unit.as_str()) {
        return !standing(text, clause, q.at)
            && !ORGANISATION.iter().any(|word| starts_at(behind, 0, word))
            && !starts_at(behind, 0, "的");
    }
    doing(text, clause, q.at) && !text[clause..q.at].ends_with(&['在']) || treated(text, clause, q)
}

/// 在30处路口, 全县126家商户, 现有公厕12座: how many there are, not how many are asked for.
fn standing(text: &[char], clause: usize, at: usize) -> bool {
    let from = clause.max(at.saturating_sub(8));
    let lead = &text[from..at];
    // 三年累计投入: what is to be done adds up too
    let summed = crate::chars::find(lead, "累计").is_some_and(|sum| !DOING.is_in(&lead[sum + 2..]));
    summed
        || crate::chars::contains_any(
            lead,
            &["现有", "已有", "原有", "共有", "已建", "已完成", "位于", "涉及", "距"],
        )
        || crate::chars::ends_with_any(
            lead,
            &[
                "在",
                "全市",
                "全县",
                "全区",
                "全镇",
                "辖区",
                "全街道",
                "全部",
                "这",
                "其中",
                "城区",
                "余",
                "近",
            ],
        )
        || beside_standing(text, clause, at)
}

/// 对全县42座水库、128座塘坝开展排查: the second of a list counts what there is, as the first does.
fn beside_standing(text: &[char], clause: usize, at: usize) -> bool {
    let joint = at.checked_sub(1).filter(|&joint| joint > clause && matches!(text[joint], '、' | '和'));
    let Some(joint) = joint else { return false };
    let from = clause.max(joint.saturating_sub(16));
    let Some(last) = text[from..joint].iter().rposition(char::is_ascii_digit).map(|i| from + i) else {
        return false;
    };
    let first = text[from..last].iter().rposition(|c| !c.is_ascii_digit()).map_or(from, |i| from + i + 1);
    first > clause
        && text[joint + 1..].first().is_some_and(char::is_ascii_digit)
        && standing(text, clause, first)
}

/// 对63个小区开展整治: the number says how many are to be treated.
fn treated(text: &[char], clause: usize, q: &Quantity) -> bool {
    let lead = &text[clause.max(q.at.saturating_sub(14)).min(q.at)..q.at];
    let to = (q.end + 16).min(text.len());
    let stop = text[q.end..to].iter().position(|&c| ends_clause(c)).map_or(to, |i| q.end + i);
    !q.words
        && !standing(text, clause, q.at)
        && lead.contains(&'对')
        && crate::chars::contains_any(
            &text[q.end..stop],
            &["实施", "开展", "进行", "改造", "整治", "逐一", "集中"],
        )
}

/// 每半年一次 is a rhythm, not a demand of its own.
fn rhythm_once(text: &[char], clause: usize, q: &Quantity) -> bool {
    q.value == Decimal::ONE
        && matches!(q.unit.as_str(), "次" | "场" | "期" | "轮" | "遍" | "回" | "场次")
        && crate::recurrence::recurrence(&text[clause.min(q.at)..q.at]).is_some()
}

/// What is taken up without leave: 占道经营取缔率 is no share of anything.
static STREETS: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        ["占道", "占用", "占绿", "侵占", "强占", "抢占", "挤占", "违占", "占压"].map(|word| (word, ())),
    )
});

/// 占总分的30%, 权重20%: shares that weigh rather than demand.
fn share_of(text: &[char], clause: usize, at: usize) -> bool {
    let lead = &text[clause.max(at.saturating_sub(10))..at];
    if STREETS.is_in(lead) {
        return false;
    }
    ["占", "权重", "按照", "比重", "折合", "扣", "奖", "补助", "返还"]
        .iter()
        .any(|word| crate::chars::contains(lead, word))
}

/// 扣5分, 加2分, 记10分, 满分100分: rules of marking.
fn within_scores(text: &[char], clause: usize, at: usize, end: usize) -> bool {
    let lead = &text[clause.max(at.saturating_sub(8))..at];
    let scored = text.get(end.wrapping_sub(1)) == Some(&'分');
    scored
        && ["扣", "加", "记", "计", "满分", "得", "减", "赋", "共", "占"]
            .iter()
            .any(|word| crate::chars::contains(lead, word) && !crate::chars::contains(lead, "得分"))
}

/// Is a verb of doing written in the clause before the number?
fn doing(text: &[char], clause: usize, at: usize) -> bool {
    let from = clause.max(at.saturating_sub(18));
    DOING.is_in(&text[from..at])
}

/// The comparator before the number and where it is written.
fn leading(text: &[char], clause: usize, at: usize) -> Option<(usize, Comparator)> {
    let from = clause.max(at.saturating_sub(REACH));
    let mut best = None;
    let mut i = from;
    while i < at {
        if let Some((comparator, len)) = BEFORE.at(text, i) {
            // 至少清洗一次: the verb stands between
            let verb = matches!(text[i..i + len], ['至' | '最', '少' | '多'])
                && at - (i + len).min(at) <= 10
                && text[(i + len).min(at)..at].iter().all(|&c| is_han(c) && !is_cn_number(c));
            if i + len <= at && (verb || only_between(text, i + len, at) || share_of_total(text, i + len, at))
            {
                best = Some((i, comparator));
                break;
            }
            i += 1;
        } else {
            i += 1;
        }
    }
    best
}

/// 不少于围挡总面积的30%: what the share is of stands between.
fn share_of_total(text: &[char], from: usize, at: usize) -> bool {
    from + 2 < at
        && text[at - 1] == '的'
        && text[from..at].iter().all(|&c| is_han(c) && !is_numeral(c))
        && cn_share(text, at)
            .map(|(_, _, len)| len)
            .or_else(|| {
                arabic(text, at)
                    .map(|(_, len)| len)
                    .filter(|len| matches!(text.get(at + len), Some('%' | '‰')))
            })
            .is_some()
}

/// Does nothing but filling words stand between comparator and number?
fn only_between(text: &[char], mut from: usize, at: usize) -> bool {
    while from < at {
        if is_blank(text[from]) {
            from += 1;
        } else if let Some(((), len)) = BETWEEN.at(text, from) {
            from += len;
        } else if text[from] == '每'
            && let Some((_, len)) = BASES.at(text, from + 1)
        {
            from += 1 + len;
        } else if text[from] == '每'
            && let Some(base) = quantity(text, from + 1).filter(|base| base.end <= at)
        {
            // 不少于每100米1处
            from = base.end;
        } else {
            return false;
        }
    }
    from == at
}

/// Over a number that is no quantity.
fn skip_number(text: &[char], at: usize) -> usize {
    let mut i = at + 1;
    if text[at].is_ascii_digit() {
        while i < text.len() && (text[i].is_ascii_digit() || text[i] == '.') {
            i += 1;
        }
    }
    i
}

#[cfg(test)]
mod tests;
