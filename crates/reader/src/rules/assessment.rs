//! What the text says of the assessment itself: its size, the indicators that each method covers, thresholds.

use std::sync::LazyLock;

use chengjing_domain::plan::{Assessment, AssessmentMethod, AssessmentSystem, Span, Target};

use crate::{
    chars::{contains_any, ends_sentence, find, is_blank, starts_at, string},
    numbers::{arabic, cn_integer},
    targets,
    words::Words,
};

const METHODS: &[&str] = &[
    "听取汇报",
    "材料审核",
    "问卷调查",
    "网络调查",
    "实地考察",
    "整体观察",
    "入户调查",
    "网上申报",
    "随机访谈",
    "电话访问",
    "实地察看",
    "现场检查",
    "资料审核",
    "暗访检查",
];

static BY_METHOD: LazyLock<Words<&str>> =
    LazyLock::new(|| Words::new(METHODS.iter().map(|&word| (word, word))));

/// What counts as a part, an item, an indicator of a system.
const PARTS: &[&str] = &["部分", "大项", "大类", "板块", "方面", "项", "类", "测评项目"];
const ITEMS: &[&str] = &[
    "项内容",
    "项测评内容",
    "条测评内容",
    "项考评内容",
    "条考评内容",
    "小项",
    "测评内容",
    "条内容",
    "个小项",
    "项测评项目",
    "项测评",
];
const INDICATORS: &[&str] = &[
    "项指标",
    "条指标",
    "个指标",
    "测评指标",
    "项测评指标",
    "条测评指标",
    "项标准指标",
    "条标准",
    "项测评标准",
    "条测评标准",
    "条具体标准",
    "项具体指标",
];

/// None where the text says nothing of its assessment.
pub(crate) fn assessment(text: &[char], start: usize, end: usize) -> Option<Assessment> {
    let mut found = Assessment::default();
    let mut named = None;
    let mut from = start;
    for i in start..=end {
        let last = i == end;
        if last || ends_sentence(text[i]) || text[i] == '\n' {
            let sentence = &text[from..i];
            if sentence.len() > 4 && sentence.len() < 2000 && worth_reading(sentence) {
                let before = how_much(&found);
                systems(sentence, &mut named, &mut found);
                gates(sentence, &mut found);
                if how_much(&found) > before {
                    let blank = sentence.iter().take_while(|&&c| is_blank(c)).count();
                    let mark = usize::from(!last && text[i] != '\n');
                    found.spans.push(Span { start: from + blank, end: i + mark });
                }
            }
            from = i + 1;
        }
    }
    (found != Assessment::default()).then_some(found)
}

/// How many things an assessment says: grows with every sentence that adds to it.
fn how_much(found: &Assessment) -> usize {
    found.systems.len() + found.methods.len() + found.gates.len()
}

/// Words without which a sentence says nothing of the assessment.
static TELLING: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        [
            "指标",
            "测评",
            "体系",
            "前置条件",
            "取消",
            "资格",
            "标准",
            "不得推荐",
            "不予命名",
            "不得参",
            "一票否决",
        ]
        .map(|word| (word, ())),
    )
});

fn worth_reading(sentence: &[char]) -> bool {
    TELLING.is_in(sentence) || BY_METHOD.is_in(sentence)
}

fn number(text: &[char], at: usize) -> Option<(u32, usize)> {
    if at > 0 && (text[at - 1].is_ascii_digit() || text[at - 1] == '*') {
        return None;
    }
    if let Some((value, len)) = arabic(text, at) {
        return u32::try_from(value).ok().map(|value| (value, len));
    }
    cn_integer(text, at)
}

/// Systems with their sizes and methods with the indicators that they cover. `named`: the system that was named last in 《》.
fn systems(sentence: &[char], named: &mut Option<String>, found: &mut Assessment) {
    let mut system: Option<usize> = None;
    let goes_on = |words: &[&str]| words.iter().any(|word| starts_at(sentence, 0, word));
    let mut name: Option<String> = if goes_on(&["其中"]) {
        // 其中,实地考察98项: of the system that the sentence before named
        found.systems.last().map(|last| last.name.clone())
    } else if goes_on(&["该体系", "该标准", "体系共", "标准共", "该测评体系", "测评体系共"])
    {
        // 对照《…测评体系》组织实施。该体系共7个部分
        named.clone()
    } else {
        None
    };
    let mut method: Option<&str> = None;
    let mut i = 0;
    while i < sentence.len() {
        if sentence[i] == '《'
            && let Some(close) = sentence[i..].iter().take(40).position(|&c| c == '》')
        {
            let title = &sentence[i + 1..i + close];
            if contains_any(title, &["体系", "标准", "细则", "手册"]) {
                name = Some(string(title));
                named.clone_from(&name);
                system = None;
                method = None;
            }
            i += close + 1;
            continue;
        }
        // 国家卫生城市标准共有8个部分: the words before the size are the name
        if starts_at(sentence, i, "标准") && name.is_none() && says_size(sentence, i + 2)
            || starts_at(sentence, i, "测评体系") && name.is_none()
        {
            let open = sentence[..i]
                .iter()
                .rposition(|&c| matches!(c, ',' | '。' | '《' | '、' | ':' | '(') || is_blank(c))
                .map_or(0, |i| i + 1);
            let len = if starts_at(sentence, i, "标准") { 2 } else { 4 };
            name = Some(string(&sentence[open..i + len]));
            i += len;
            continue;
        }
        if let Some((word, len)) = BY_METHOD.at(sentence, i) {
            method = Some(word);
            i += len;
            continue;
        }
        let Some((value, len)) = number(sentence, i) else {
            i += 1;
            continue;
        };
        let mut after = crate::chars::skip_blanks(sentence, i + len);
        if matches!(sentence.get(after), Some('个' | '大')) {
            after += 1;
        }
        let is = |words: &[&str]| {
            words.iter().any(|word| {
                starts_at(sentence, after, word)
                    || starts_at(sentence, after.saturating_sub(1), word) && after > i + len
            })
        };
        // 网上申报涉及43条
        let bare = method.is_some()
            && matches!(sentence.get(after), Some('条' | '项'))
            && sentence.get(after + 1).is_none_or(|&c| crate::chars::ends_clause(c) || c == '、');
        // 材料审核指标58个
        let counted =
            method.is_some() && after > i + len && crate::chars::ends_with_any(&sentence[..i], &["指标"]);
        let indicator = bare || counted || is(INDICATORS);
        let item = !indicator && is(ITEMS);
        // 10大项: the 大 was stepped over
        let big = sentence.get(after.wrapping_sub(1)) == Some(&'大') && after > i + len;
        let part = !indicator
            && !item
            && PARTS.iter().any(|word| starts_at(sentence, after, word) && (word.chars().count() > 1 || big));
        if indicator && method.is_some() {
            if let Some(method) = method.take() {
                found.methods.push(AssessmentMethod {
                    method: method.to_owned(),
                    indicators: value,
                    system: name.clone(),
                });
            }
        } else if (part || item || indicator) && name.is_some() {
            let index = *system.get_or_insert_with(|| {
                found.systems.push(AssessmentSystem {
                    name: name.clone().unwrap_or_default(),
                    ..AssessmentSystem::default()
                });
                found.systems.len() - 1
            });
            let entry = &mut found.systems[index];
            let place = if part {
                &mut entry.parts
            } else if item {
                &mut entry.items
            } else {
                &mut entry.indicators
            };
            if place.is_none() {
                *place = Some(value);
            }
        }
        i += len;
    }
    // a system named without any size says nothing
    found
        .systems
        .retain(|system| system.parts.is_some() || system.items.is_some() || system.indicators.is_some());
    inherit(found);
}

/// 共有8个部分, 包括6个方面, 分为3大项 behind the name of a standard.
fn says_size(sentence: &[char], at: usize) -> bool {
    let word = ["共有", "共", "包括", "包含", "分为", "由", "设有", "含"]
        .iter()
        .find(|word| starts_at(sentence, at, word));
    word.is_some_and(|word| number(sentence, at + word.chars().count()).is_some())
}

/// A method named before any system in its sentence belongs to none.
fn inherit(found: &mut Assessment) {
    for method in &mut found.methods {
        if method.system.as_deref() == Some("") {
            method.system = None;
        }
    }
}

/// Thresholds that decide admission: 得分在85分以上作为前置条件, 低于80分取消资格.
fn gates(sentence: &[char], found: &mut Assessment) {
    const ADMITS: &[&str] = &[
        "不得推荐",
        "不得参评",
        "不得参加",
        "不予命名",
        "方可参加",
        "方可推荐",
        "前置条件",
        "取消",
        "一票否决",
        "资格",
        "不予受理",
        "不得申报",
        "方可申报",
        "才能申报",
        "方可参评",
        "入选条件",
        "准入条件",
        "不予推荐",
        "不再推荐",
        "不得进入",
        "不予申报",
    ];
    /// 达到80分方可进入测评: what a threshold opens …
    const OPENS: &[&str] = &["方可", "方能", "才可", "才能", "始得"];
    /// … where it leads there.
    const TO: &[&str] =
        &["参加", "参评", "进入", "申报", "推荐", "申请", "列入", "入围", "上报", "评选", "命名"];
    let opens = OPENS.iter().any(|word| {
        find(sentence, word).is_some_and(|at| {
            let behind = at + word.chars().count();
            contains_any(&sentence[behind..sentence.len().min(behind + 6)], TO)
        })
    });
    if !opens && !contains_any(sentence, ADMITS) {
        return;
    }
    for target in targets::thresholds(sentence) {
        if target.unit != "分" && target.unit != "%" && target.unit != "名" {
            continue;
        }
        let excludes = contains_any(sentence, &["取消", "不予", "不得", "否决", "淘汰"]);
        let comparator = match (target.comparator, excludes) {
            (chengjing_domain::plan::Comparator::LessThan, true) => {
                chengjing_domain::plan::Comparator::AtLeast
            }
            (other, _) => other,
        };
        found.gates.push(Target { comparator, subject: clean_subject(&target.subject), ..target });
    }
}

/// Without the words that only lead to the subject: 并把, 凡, 在.
fn clean_subject(subject: &str) -> String {
    let chars: Vec<char> = subject.chars().collect();
    let mut from = 0;
    if let Some(at) = find(&chars, "把") {
        from = at + 1;
    }
    for word in ["凡", "对于", "对", "将", "以"] {
        if starts_at(&chars, from, word) {
            from += word.chars().count();
        }
    }
    let mut end = chars.len();
    while end > from && matches!(chars[end - 1], '在' | '须' | '应' | '要') {
        end -= 1;
    }
    string(&chars[from..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_that_was_named_in_the_sentence_before_keeps_its_name() {
        let text = "本方案对照《未成年人工作测评体系》组织实施。该体系共7个部分、24项内容、96个测评指标,其中材料审核指标58个。";
        let chars: Vec<char> = text.chars().collect();
        let found = assessment(&chars, 0, chars.len()).expect("an assessment");
        let system = &found.systems[0];
        assert_eq!(system.name, "未成年人工作测评体系");
        assert_eq!((system.parts, system.items, system.indicators), (Some(7), Some(24), Some(96)));
        let method = &found.methods[0];
        assert_eq!((method.method.as_str(), method.indicators), ("材料审核", 58));
        assert_eq!(method.system.as_deref(), Some("未成年人工作测评体系"));
        let said: Vec<String> = found.spans.iter().map(|span| string(&chars[span.start..span.end])).collect();
        assert_eq!(said, ["该体系共7个部分、24项内容、96个测评指标,其中材料审核指标58个。"]);
    }

    #[test]
    fn a_threshold_that_is_missed_is_named_without_the_words_that_say_so() {
        for text in ["实地考察得分不达85分的一票否决。", "实地考察得分达不到85分的,取消申报资格。"]
        {
            let chars: Vec<char> = text.chars().collect();
            let found = assessment(&chars, 0, chars.len()).expect("an assessment");
            let said: Vec<String> = found
                .gates
                .iter()
                .map(|gate| format!("{} {:?} {}{}", gate.subject, gate.comparator, gate.value, gate.unit))
                .collect();
            assert_eq!(said, ["实地考察得分 AtLeast 85分"], "{text}");
        }
    }
}
