//! Names of units: what looks like one. How a list of them is split: [`super::unit_lists`].

use std::sync::LazyLock;

use chengjing_domain::plan::{NamedUnit, UnitRole::Responsible};

pub(crate) use super::unit_lists::{persons, split};
use crate::{
    chars::{ends_with_any, is_blank, is_close_bracket, is_open_bracket, trim},
    words::{Endings, Words},
};

/// Endings of units' names.
pub(super) static ENDINGS: LazyLock<Endings> = LazyLock::new(|| {
    Endings::new(&[
        "局",
        "办",
        "委",
        "部",
        "院",
        "会",
        "镇",
        "乡",
        "区",
        "县",
        "市",
        "街道",
        "社区",
        "村",
        "公司",
        "中心",
        "队",
        "站",
        "所",
        "校",
        "厅",
        "处",
        "室",
        "科",
        "股",
        "府",
        "团",
        "联",
        "社",
        "行",
        "馆",
        "园",
        "组",
        "单位",
        "部门",
        "企业",
        "机构",
        "机关",
        "学校",
        "医院",
        "工委",
        "党委",
        "支部",
        "办公室",
        "委员会",
        "集团",
        "银行",
        "部队",
        "武装部",
        "党工委",
        "管委会",
        "街办",
        "办事处",
        "居委会",
        "村委会",
        "物业",
        "业主",
        "视台",
        "播台",
        "电台",
        "象台",
        "震台",
        "平台",
        "报社",
        "分局",
        "支队",
        "大队",
        "中队",
        "总队",
        "交警",
        "公安",
        "城管",
        "环卫",
        "市场监管",
        "行政执法",
        "住建",
        "交通",
        "教育",
        "卫生",
        "民政",
        "司法",
        "文旅",
        "街镇",
        "镇街",
        "乡镇",
        "村社",
        "商户",
        "媒体",
        "网信办",
        "法院",
        "检察院",
        "关工委",
        "妇联",
        "工会",
        "总工会",
        "残联",
        "科协",
        "文联",
        "开发区",
        "园区",
        "景区",
        "林场",
        "农场",
        "车站",
        "市场",
        "超市",
        "幼儿园",
        "中学",
        "小学",
        "卫健委",
        "驻军",
        "协会",
    ])
});

/// Words that no unit's name contains.
static NOT_IN_NAMES: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        [
            "要",
            "确保",
            "开展",
            "进行",
            "是",
            "按照",
            "负责人",
            "加强",
            "提高",
            "应当",
            "必须",
            "对照",
            "结合",
            "切实",
            "根据",
            "认真",
            "进一步",
            "分别",
            "落实",
            "推进",
            "明确",
            "加大",
            "深入",
            "各自",
            "广泛",
            "通过",
            "强化",
            "高度",
            "主动",
            "积极",
            "及时",
            "严格",
            "全面",
            "抓好",
            "做好",
            "成立",
            "建成",
            "建立",
            "设立",
            "新建",
            "购置",
            "设在",
            "采取",
            "排第",
            "的为",
            "组建",
            "召开",
            "每",
        ]
        .map(|word| (word, ())),
    )
});

/// 各镇, 县城管局, 团委: a name that needs no marker beside it to be seen as a unit's. A word of two characters is one only
/// where it means nothing else.
pub(crate) fn is_whole(name: &str) -> bool {
    const SHORT: [&str; 12] =
        ["工会", "团委", "妇联", "残联", "科协", "文联", "侨联", "党办", "政办", "交警", "城管", "党委"];
    name.starts_with('各') || name.chars().count() >= 3 || SHORT.contains(&name)
}

/// Could this be the name of a unit?
pub(crate) fn looks_like_unit(name: &[char]) -> bool {
    let (start, end) = trim(name, 0, name.len());
    let mut name = &name[start..end];
    while let Some((last, rest)) = name.split_last() {
        if matches!(last, '。' | ';' | ',' | '等' | '、') {
            name = rest;
        } else {
            break;
        }
    }
    if name.len() < 2 || name.len() > 26 {
        return false;
    }
    // 环境卫生(35分): what it is worth, under a heading
    let worth = name.iter().rposition(|&c| is_open_bracket(c)).map(|open| &name[open + 1..]);
    if worth.is_some_and(|worth| matches!(worth, [digit, .., '分', _] if digit.is_ascii_digit())) {
        return false;
    }
    // a bracket at the end belongs to the name: 各乡镇(街道)
    let core: &[char] = match name.iter().position(|&c| is_open_bracket(c)) {
        Some(open) if open >= 2 && name.last().is_some_and(|&c| is_close_bracket(c)) => &name[..open],
        _ => name,
    };
    if core.iter().any(|&c| matches!(c, ',' | '。' | ':' | ';' | '\n' | '\t')) || NOT_IN_NAMES.is_in(core) {
        return false;
    }
    ENDINGS.end(core) || core[0] == '各' && core.len() <= 14
}

/// Is the line a list of units?
pub(crate) fn looks_like_list(line: &[char]) -> bool {
    let (start, end) = trim(line, 0, line.len());
    let line = &line[start..end];
    if line.is_empty() || line.len() > 200 {
        return false;
    }
    let mut parts = 0;
    let mut good = 0;
    for part in line.split(|&c| matches!(c, '、' | ',' | ';' | '/') || is_blank(c)) {
        if part.iter().any(|c| !c.is_whitespace()) {
            parts += 1;
            good += usize::from(looks_like_unit(part));
        }
    }
    parts > 0 && good * 3 >= parts * 2 && good > 0
}

/// Is the heading the name of units and nothing else (县城管局:, 区住建局、各街道)?
pub(crate) fn is_heading(heading: &[char]) -> bool {
    let (start, mut end) = trim(heading, 0, heading.len());
    while end > start && crate::chars::is_colon(heading[end - 1]) {
        end -= 1;
    }
    let name = &heading[start..end];
    // 健康教育, 环境卫生: what it is about; an office would say whose it is
    let topic = ends_with_any(name, &["教育", "卫生", "交通", "司法"])
        && !name.first().is_some_and(|&c| "县市区省州旗镇乡各".contains(c));
    if topic && !name.iter().any(|&c| matches!(c, '、' | ',')) {
        return false;
    }
    // 办 and 局 alone at the end of a long line are too weak a sign
    name.len() >= 3
        && name.len() <= 30
        && !ends_with_any(name, &["任务", "职责", "安排", "标准", "要求", "分工", "工作"])
        && !name.iter().any(|&c| crate::chars::is_colon(c))
        && looks_like_list(name)
}

/// Offices by their field of work alone, as plans name them in a list: 商务、教育、卫健等部门.
const FIELDS_ALONE: &[&str] = &[
    "商务",
    "教育",
    "教体",
    "卫健",
    "卫生",
    "文旅",
    "文广",
    "住建",
    "公安",
    "交警",
    "交通",
    "民政",
    "财政",
    "人社",
    "水利",
    "水务",
    "农业",
    "农业农村",
    "林业",
    "生态环境",
    "环保",
    "应急",
    "消防",
    "市监",
    "市场监管",
    "城管",
    "发改",
    "工信",
    "科技",
    "司法",
    "审计",
    "税务",
    "气象",
    "宣传",
    "网信",
    "融媒",
    "广电",
    "自然资源",
    "自规",
    "医保",
    "乡村振兴",
    "电力",
    "供电",
    "通信",
];

/// (县住建局牵头,县城管局、各乡镇配合), (县城管局负责), (县住建局、县城管局): a bracket at an item's end that holds nothing
/// but units, perhaps with their parts. `inside` is what the bracket holds.
pub(crate) fn in_bracket(inside: &[char]) -> Option<Vec<NamedUnit>> {
    let (start, end) = trim(inside, 0, inside.len());
    let inside = &inside[start..end];
    // 县住建局牵头,各镇配合,列第一位的为牵头单位: how to read the list is no part of it
    let explained = inside
        .iter()
        .rposition(|&c| matches!(c, ',' | ';'))
        .filter(|&cut| super::unit_lists::explains(&inside[cut + 1..]));
    let inside = &inside[..explained.unwrap_or(inside.len())];
    if inside.len() == 2 && is_whole(&crate::chars::string(inside)) {
        return Some(split(inside, Responsible));
    }
    if inside.len() < 3 || inside.len() > 240 {
        return None;
    }
    // 市交通局、市水利局按职责分工负责
    let told_apart = ["按职责分工", "按照职责分工", "依职责分工", "按职责", "按分工"];
    let plain: Vec<char>;
    let inside =
        match told_apart.iter().find_map(|word| crate::chars::find(inside, word).map(|at| (at, word))) {
            Some((at, word)) => {
                plain = [&inside[..at], &inside[at + word.chars().count()..]].concat();
                &plain[..]
            }
            None => inside,
        };
    let units = split(inside, Responsible);
    let good = units.iter().filter(|unit| {
        let chars: Vec<char> = unit.name.chars().collect();
        // 【牵头单位】 is a label
        (looks_like_unit(&chars) || FIELDS_ALONE.contains(&unit.name.as_str()))
            && chars.len() >= 2
            && super::markers::field_named(&chars).is_none()
    });
    let with_role = inside.iter().collect::<String>();
    let told = ["牵头", "负责", "配合", "落实", "参与", "协办", "承办", "协助", "会同", "参加"]
        .iter()
        .any(|word| with_role.contains(word));
    let good = good.count();
    let office = |name: &str| {
        let chars: Vec<char> = name.chars().collect();
        // 各园区; 各类场所 are places
        let each = chars[0] == '各'
            && chars.len() >= 3
            && !matches!(chars[1], '类' | '种' | '项' | '个')
            && ENDINGS.end(&chars);
        each || FIELDS_ALONE.contains(&name)
            || ends_with_any(
                &chars,
                &[
                    "局", "办", "委", "部", "镇", "乡", "街道", "府", "院", "联", "中心", "队", "公司",
                    "社区", "乡镇", "单位", "部门", "工委", "会", "村", "所", "站", "支行", "集团", "学校",
                    "社", "馆", "园", "校", "台", "处", "科", "股", "室", "厅", "队",
                ],
            )
    };
    let all = good == units.len() && !units.is_empty();
    (all && (told || units.iter().all(|unit| office(&unit.name)))).then_some(units)
}
