//! What a figure is asked of.

use super::words::DOING;
use crate::{
    chars::{is_blank, is_han, is_numeral, starts_at, string, trim},
    outline::numbering::marker_at,
    rules::{addressed::asked, units::looks_like_unit},
};

/// The words from the clause's beginning to the comparator, without 均, 应 and the like at its end. Never empty where there
/// are any.
pub(super) fn subject(text: &[char], clause: usize, end: usize) -> String {
    let told = told(text, clause, end);
    if told.is_empty() { words(text, clause, end) } else { told }
}

fn words(text: &[char], clause: usize, end: usize) -> String {
    let (start, end) = trim(text, clause.min(end), end);
    string(&text[start.max(end.saturating_sub(40))..end])
}

/// The same without who, when and how often; empty where nothing else is said.
fn told(text: &[char], clause: usize, end: usize) -> String {
    let (mut start, mut end) = trim(text, clause.min(end), end);
    // (1)改造老旧小区5个: the number is the item's
    if let Some(marker) = marker_at(text, start).filter(|marker| marker.end < end) {
        start = marker.end;
    }
    end = start + before_baseline(&text[start..end]);
    end = start + before_until_when(&text[start..end]);
    while end > start
        && (matches!(text[end - 1], '均' | '都' | '应' | '须' | '要' | '各' | '为' | '是' | '必' | '需')
            || is_blank(text[end - 1]))
    {
        end -= 1;
    }
    let from = start.max(end.saturating_sub(40));
    let from = behind_circumstances(&text[from..end]) + from;
    // 游客中心2个、旅游厕所15座: behind a figure something else is counted
    let figure = text[from..end].iter().rposition(char::is_ascii_digit).map_or(from, |at| from + at);
    let next = text[figure..end].iter().position(|&c| c == '、').filter(|_| figure > from);
    let from = next.map_or(from, |at| figure + at + 1);
    string(&text[from..end])
}

/// 满意度由85%提升到: where it stands now is no part of what is measured.
fn before_baseline(subject: &[char]) -> usize {
    const CHANGES: [&str; 12] =
        ["提升", "提高", "上升", "增加", "增长", "扩大", "下降", "降低", "降至", "降到", "减少", "增至"];
    let at = (2..subject.len()).find(|&i| {
        matches!(subject[i], '由' | '从') && subject[i + 1..].iter().take(6).any(char::is_ascii_digit)
    });
    // the verb is left to the comparator: 提升到92%
    let figure_last = |at: &usize| {
        let digit = subject.iter().rposition(char::is_ascii_digit);
        digit.is_some_and(|digit| digit > *at && subject.len() - digit <= 3)
    };
    at.filter(|at| figure_last(at) || crate::chars::contains_any(&subject[*at..], &CHANGES))
        .unwrap_or(subject.len())
}

/// 农贸市场改造在2024年9月30日之前完成: so is by when, behind it.
fn before_until_when(subject: &[char]) -> usize {
    let whole = subject.len();
    let Some(verb) =
        ["完成", "实现", "建成", "达到"].iter().find(|verb| crate::chars::ends_with(subject, verb))
    else {
        return whole;
    };
    let before = &subject[..whole - verb.chars().count()];
    let last = crate::dates::mentions(before).into_iter().next_back();
    let Some(mention) = last.filter(|mention| mention.end == before.len() && mention.at > 3) else {
        return whole;
    };
    let cut = mention.at - usize::from(matches!(before[mention.at - 1], '在' | '于'));
    // 市城管局要在5月底前完成: who, and nothing that is counted
    let actor = before[..cut].strip_suffix(&['要']).unwrap_or(&before[..cut]);
    if looks_like_unit(actor) { whole } else { cut }
}

/// 各医疗机构每季度开展健康讲座, 县城管局要在5月底前完成: who, when and how often stand before what is counted.
fn behind_circumstances(subject: &[char]) -> usize {
    let mut at = 0;
    loop {
        let rest = &subject[at..];
        let whom = asked(rest).filter(|_| at == 0).unwrap_or(0);
        let when = behind_date(rest).max(behind_resolve(rest)).max(behind_rhythm(rest));
        let step = when.max(behind_actor(rest)).max(whom);
        if step == 0 {
            return at;
        }
        at += step;
    }
}

/// Who is to do it, where the words behind show that it is a subject: 县城管局要, 各医疗机构每季度.
fn behind_actor(subject: &[char]) -> usize {
    // 应急, 需求: only a time or a rhythm behind it shows that a word of wanting is one
    let behind = |at: usize| {
        let rest = &subject[at..];
        let modal = usize::from(matches!(rest.first(), Some('要' | '应' | '须' | '需' | '将')));
        let inside = usize::from(matches!(rest.get(modal), Some('在' | '于')));
        let timed = behind_date(&rest[modal + inside..]) > 0;
        (timed || behind_rhythm(&rest[modal..]) > 0).then_some(at + modal + if timed { inside } else { 0 })
    };
    (3..subject.len().min(15))
        .find_map(|at| looks_like_unit(&subject[..at]).then(|| behind(at))?)
        .unwrap_or(0)
}

fn behind_rhythm(subject: &[char]) -> usize {
    let word = ["每半年", "每季度", "每学期", "每年", "每季", "每月", "每周", "每日", "每天"]
        .iter()
        .find(|word| starts_at(subject, 0, word))
        .map_or(0, |word| word.chars().count());
    // 每月25日前报送
    let day = subject[word..].iter().take_while(|c| c.is_ascii_digit()).count();
    let until = &subject[word + day..];
    let before = ["日之前", "日以前", "日前", "号前"].iter().find(|end| starts_at(until, 0, end));
    match before.filter(|_| word > 0 && (1..=2).contains(&day)) {
        Some(end) => word + day + end.chars().count(),
        None => word,
    }
}

/// 在2024年6月底前完成, 确保8月中旬前完成: what leads to the date goes with it.
fn behind_resolve(subject: &[char]) -> usize {
    ["在", "于", "确保", "力争", "争取", "确保在", "力争在", "争取在"]
        .iter()
        .filter(|word| starts_at(subject, 0, word))
        .map(|word| word.chars().count())
        .filter_map(|len| Some(len + Some(behind_date(&subject[len..])).filter(|&date| date > 0)?))
        .max()
        .unwrap_or(0)
}

/// 2026年7月底前新增停车泊位: the date says when, what is behind it is what is counted.
fn behind_date(subject: &[char]) -> usize {
    let Some(mention) = crate::dates::mentions(subject).into_iter().next().filter(|mention| mention.at == 0)
    else {
        return 0;
    };
    let mut at = mention.end;
    while subject.get(at).is_some_and(|&c| matches!(c, ',' | '、' | ':') || is_blank(c)) {
        at += 1;
    }
    at
}

/// Is a verb of doing in the words? One of a single character only at their beginning: 公共建筑 builds nothing.
fn does(words: &[char]) -> bool {
    (0..words.len()).any(|i| DOING.at(words, i).is_some_and(|((), len)| len > 1 || i == 0))
}

/// What says that the figure is that of each: 均, 都, 各, and which of them. Verbs may stand between it and the figure
/// (均保持100%, 均下降3%).
fn sharing(text: &[char], clause: usize, end: usize) -> Option<usize> {
    let (_, end) = trim(text, clause.min(end), end);
    let from = end.saturating_sub(4).max(clause.min(end));
    (from..end).rev().find(|&i| match text[i] {
        '都' | '各' => true,
        '均' => {
            let before = &text[clause.min(i)..i];
            // 平均, 人均, 年均 are averages; 较2024年均下降 is none
            match before {
                [.., year, '年'] => year.is_ascii_digit(),
                [.., last] => !"平人户村亩日月校班周".contains(*last),
                [] => true,
            }
        }
        _ => false,
    })
}

/// 用电量较2024年下降: what is asked for is the use, not the comparison with a year.
fn without_comparison(part: &[char]) -> &[char] {
    let compares = |&i: &usize| {
        let behind = &part[i + 1..];
        match part[i] {
            '较' => !behind.is_empty(),
            '比' => behind
                .first()
                .is_some_and(|&c| c.is_ascii_digit() || matches!(c, '上' | '去' | '同' | '前' | '往')),
            _ => false,
        }
    };
    (2..part.len()).find(compares).map_or(part, |at| &part[..at])
}

/// Without the verb that a list of things begins with: 评选示范楼、示范院.
fn behind_verb(part: &[char]) -> &[char] {
    let verb = (0..part.len().min(8))
        .find_map(|i| DOING.at(part, i).filter(|&(_, len)| len > 1 || i == 0).map(|(_, len)| i + len));
    // 巡查员 is who, not a verb
    verb.filter(|&at| at + 2 <= part.len()).map_or(part, |at| &part[at..])
}

/// The names in quotation marks of the clause before: “洁净庭院”“和谐邻里”评选,命名各60户.
fn quoted_before(text: &[char], clause: usize) -> Vec<String> {
    let Some(end) = clause.checked_sub(1).filter(|&end| text[end] == ',') else { return Vec::new() };
    let from = text[..end]
        .iter()
        .rposition(|&c| crate::chars::ends_clause(c))
        .map_or(0, |i| i + 1)
        .max(end.saturating_sub(60));
    text[from..end]
        .split(|&c| c == '“')
        .skip(1)
        .filter_map(|piece| piece.iter().position(|&c| c == '”').map(|close| string(&piece[..close])))
        .collect()
}

/// What is counted behind the figure, where a short name follows and nothing else: 完成12条背街小巷整治 is of
/// 完成背街小巷整治, 每周3次的集中清扫 of 集中清扫.
fn counted(text: &[char], from: usize) -> &[char] {
    let rest = &text[from.min(text.len())..text.len().min(from + 16)];
    let rest = rest.strip_prefix(&['的']).unwrap_or(rest);
    let name = &rest[..rest.iter().position(|&c| !is_han(c)).unwrap_or(rest.len())];
    let joins = |c: &char| matches!(c, '并' | '且' | '和' | '及' | '与' | '以' | '的' | '为' | '后' | '时');
    let vague = ["目标", "要求", "标准", "水平", "任务"];
    if name.len() > 12 || name.iter().any(joins) || vague.iter().any(|word| starts_at(name, 0, word)) {
        return &[];
    }
    name
}

/// The subjects of a figure that ends at `behind`; there is one at least.
pub(super) fn subjects(text: &[char], clause: usize, end: usize, behind: usize) -> Vec<String> {
    if let Some(one) = respective(text, clause, end) {
        return vec![one];
    }
    let mut subjects = sharers(text, clause, end);
    if let [whole] = &mut subjects[..] {
        let verb: Vec<char> = whole.chars().collect();
        // a verb alone says nothing
        if verb.is_empty() || verb == ['对'] || DOING.at(&verb, 0).is_some_and(|(_, len)| len == verb.len())
        {
            whole.extend(counted(text, behind));
        }
        if whole.is_empty() {
            *whole = clause_before(text, clause).unwrap_or_else(|| words(text, clause, end));
        }
    }
    subjects
}

/// 知晓率、支持率分别达到95%、90%: the second figure is the second name's.
fn respective(text: &[char], clause: usize, end: usize) -> Option<String> {
    let clause = clause.min(end);
    let word = clause + crate::chars::find(&text[clause..end], "分别")?;
    let figure =
        |i: &usize| text[*i].is_ascii_digit() && !(text[i - 1].is_ascii_digit() || text[i - 1] == '.');
    let place = (word + 2..end).filter(figure).count();
    let names = told(text, clause, word);
    let names: Vec<char> = names.chars().collect();
    let names: Vec<&[char]> = joints(&names);
    (names.len() >= 2 && names.iter().all(|name| name.len() >= 2))
        .then(|| names.get(place).map(|name| string(name)))
        .flatten()
}

/// The names of a list: 知晓率、支持率和参与率.
fn joints(chars: &[char]) -> Vec<&[char]> {
    let mut parts: Vec<&[char]> = Vec::new();
    let mut from = 0;
    for (i, &c) in chars.iter().enumerate() {
        // 参与率, 及时率: no joint
        let word = ["参与", "及时", "普及", "和谐", "涉及", "和平"]
            .iter()
            .any(|word| starts_at(chars, i, word) || i > 0 && starts_at(chars, i - 1, word));
        if c == '、' || matches!(c, '和' | '及' | '与') && !word {
            parts.push(&chars[from..i]);
            from = i + 1;
        }
    }
    parts.push(&chars[from..]);
    parts
}

/// 开展爱国卫生月活动,每年不少于2次: what happens so often stands in the clause before.
fn clause_before(text: &[char], clause: usize) -> Option<String> {
    let end = clause.checked_sub(1).filter(|&end| text[end] == ',')?;
    let from = text[..end].iter().rposition(|&c| crate::chars::ends_clause(c)).map_or(0, |i| i + 1);
    let before = told(text, from, end);
    (before.chars().count() >= 3).then_some(before)
}

/// 知晓率、支持率均达90%: each of the subjects that share the figure.
fn sharers(text: &[char], clause: usize, end: usize) -> Vec<String> {
    let whole = told(text, clause, end);
    let sharing = sharing(text, clause, end);
    let all = crate::chars::ends_with(&text[clause.min(end)..end], "全部");
    let shared = sharing.is_some() || all;
    let chars: Vec<char> =
        sharing.map_or_else(|| whole.clone(), |at| subject(text, clause, at)).chars().collect();
    let mut parts = joints(&chars);
    if shared && let Some(last) = parts.last_mut() {
        *last = without_comparison(last);
    }
    // 选聘巡查员、讲解员各80名: as many of each
    if sharing.is_some_and(|at| text[at] == '各') {
        if parts.len() == 1 && chars.len() <= 10 {
            let named = quoted_before(text, clause);
            return if named.len() >= 2 { named } else { vec![whole] };
        }
        parts[0] = behind_verb(parts[0]);
        let thing = |part: &&[char]| {
            (2..=14).contains(&part.len())
                && !part.iter().any(|&c| is_numeral(c))
                && !matches!(part.last(), Some('月' | '日' | '年' | '次' | '季'))
        };
        return if parts.len() >= 2 && parts.iter().all(thing) {
            parts.iter().map(|part| string(part)).collect()
        } else {
            vec![whole]
        };
    }
    let rate = |part: &&[char]| part.ends_with(&['率']);
    let measured = |part: &&[char]| {
        part.last().is_some_and(|c| matches!(c, '率' | '度' | '量' | '数' | '值' | '额'))
            || crate::chars::ends_with_any(part, &["面积", "比例", "指数", "水平"])
    };
    let count =
        parts.iter().rev().take_while(|part| if shared { measured(part) } else { rate(part) }).count();
    // 出厂水、管网末梢水合格率均…: the rate is that of each
    let each = shared
        && count == 1
        && parts.len() >= 2
        && parts.iter().all(|part| (2..=14).contains(&part.len()))
        && parts[..parts.len() - 1].iter().all(|part| !does(part));
    let count = if each { parts.len() } else { count };
    if count < 2 {
        return vec![whole];
    }
    parts[parts.len() - count..].iter().map(|part| string(part)).collect()
}
