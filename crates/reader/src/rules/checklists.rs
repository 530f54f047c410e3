//! Standards for kinds of sites: a heading that names a kind of place and ends in 标准, and the numbered demands below.

use std::sync::LazyLock;

use chengjing_domain::plan::{Checklist, ChecklistChild, ChecklistItem, Span};

use super::grading::{deductions, grading};
use crate::{
    chars::{
        contains_any, ends_with, is_blank, is_close_bracket, is_colon, is_open_bracket, starts_at, string,
        trim,
    },
    outline::{
        numbering::Style,
        tree::{Node, Tree},
    },
    words::{Endings, Words},
};

/// Words that a kind of place ends with.
static SITES: LazyLock<Endings> = LazyLock::new(|| {
    Endings::new(&[
        "办事处",
        "街道",
        "社区",
        "村",
        "集镇",
        "镇区",
        "乡镇",
        "村庄",
        "农户",
        "小区",
        "商场",
        "超市",
        "市场",
        "商店",
        "店",
        "宾馆",
        "酒店",
        "饭店",
        "餐饮店",
        "餐馆",
        "餐厅",
        "食堂",
        "饭馆",
        "网吧",
        "影院",
        "剧院",
        "KTV",
        "歌厅",
        "娱乐场所",
        "医院",
        "卫生院",
        "诊所",
        "卫生室",
        "学校",
        "中学",
        "小学",
        "幼儿园",
        "高校",
        "校园",
        "公园",
        "广场",
        "游园",
        "绿地",
        "景区",
        "景点",
        "车站",
        "客运站",
        "火车站",
        "公交站",
        "站台",
        "公交车",
        "出租车",
        "机场",
        "码头",
        "港口",
        "公厕",
        "厕所",
        "卫生间",
        "文化站",
        "文化中心",
        "服务中心",
        "中心",
        "文化馆",
        "图书馆",
        "博物馆",
        "美术馆",
        "纪念馆",
        "体育馆",
        "场馆",
        "少年宫",
        "活动室",
        "大厅",
        "窗口",
        "窗口单位",
        "窗口行业",
        "银行",
        "网点",
        "营业厅",
        "邮局",
        "道路",
        "干道",
        "主次干道",
        "主干道",
        "次干道",
        "街巷",
        "小巷",
        "巷道",
        "背街小巷",
        "路口",
        "交通路口",
        "人行道",
        "工地",
        "建筑工地",
        "加油站",
        "停车场",
        "中转站",
        "垃圾站",
        "填埋场",
        "菜场",
        "农贸市场",
        "集贸市场",
        "书店",
        "药店",
        "理发店",
        "浴室",
        "洗浴场所",
        "公共场所",
        "单位",
        "机关",
        "企业",
        "厂区",
        "园区",
        "河道",
        "水体",
        "城乡结合部",
        "城中村",
        "家属院",
        "楼院",
        "庭院",
        "派出所",
        "所(站)",
        "敬老院",
        "福利院",
        "养老院",
        "实践站",
        "实践所",
        "公益广告",
        "门店",
        "商铺",
        "电梯",
        "基地",
        "机构",
        "站点",
        "民宿",
        "影剧院",
        "服务站",
        "驿站",
        "商圈",
        "步行街",
        "商业街",
        "夜市",
        "街区",
        "市集",
        "便民点",
    ])
});

/// The last words of such a heading.
const ANNOUNCING: &[&str] = &[
    "标准",
    "内容",
    "要求",
    "要点",
    "细则",
    "项目",
    "清单",
    "标准表",
    "表",
    "与",
    "和",
    "及",
    "规范",
    "指标",
];

/// Words between the place and 标准.
const BETWEEN: &[&str] = &[
    "创建",
    "测评",
    "考察",
    "实地考察",
    "实地测评",
    "实地",
    "现场",
    "考评",
    "考核",
    "检查",
    "达标",
    "建设",
    "管理",
    "工作",
    "评分",
    "验收",
    "评价",
    "打分",
    "参照执行",
    "整治",
    "迎检",
    "创城",
    "创文",
    "创卫",
    "卫生",
    "测评点位",
    "点位",
    "具体",
    "文明",
    "验评",
    "测评考察",
    "评定",
    "的",
    "示范",
    "服务",
    "环境",
    "秩序",
];

/// A line between a place's name and the demands on it (测评内容:, 具体标准).
pub(crate) fn is_label(line: &[char]) -> bool {
    let (start, mut end) = trim(line, 0, line.len());
    while end > start && is_colon(line[end - 1]) {
        end -= 1;
    }
    let line = &line[start..end];
    (2..=10).contains(&line.len())
        && [
            "测评", "考察", "检查", "考评", "考核", "验收", "创建", "具体", "工作", "评分", "达标", "标准",
            "内容", "要求",
        ]
        .iter()
        .any(|word| starts_at(line, 0, word))
        && ["标准", "内容", "要求", "要点", "细则", "指标", "项目", "重点"]
            .iter()
            .any(|word| ends_with(line, word))
}

/// The kind of place that a heading names, if it is the heading of a checklist. `context`: a heading or title above says
/// that standards follow, so that the place's name alone is enough.
pub(crate) fn site_of_heading(heading: &[char], context: bool) -> Option<String> {
    let (start, end) = trim(heading, 0, heading.len());
    let mut heading = &heading[start..end];
    if heading.len() > 44 {
        return None;
    }
    loop {
        let (&last, rest) = heading.split_last()?;
        if is_colon(last) || is_blank(last) || matches!(last, '。' | ';' | '、') {
            heading = rest;
        } else if is_close_bracket(last) {
            // (16条), (共12项), (10分)
            let open = heading.iter().rposition(|&c| is_open_bracket(c))?;
            if open < 2 {
                return None;
            }
            heading = &heading[..open];
        } else {
            break;
        }
    }
    let mut labelled = false;
    for word in [
        "考察点位",
        "创建点位",
        "测评点位",
        "点位类型",
        "考察场所",
        "点位",
        "场所类型",
        "场所",
        "检查点位",
        "站点类型",
        "类别",
    ] {
        let len = word.chars().count();
        if starts_at(heading, 0, word) && heading.get(len).is_some_and(|&c| is_colon(c)) {
            heading = &heading[len + 1..];
            labelled = true;
        }
    }
    if heading.iter().any(|&c| matches!(c, '。' | ';') || is_colon(c)) {
        return None;
    }
    let mut titled = false;
    // 考察内容与标准, 测评要点, 检查表: words that announce what is looked at
    while let Some(word) = ANNOUNCING.iter().find(|word| ends_with(heading, word)) {
        let rest = &heading[..heading.len() - word.chars().count()];
        let looked_at = matches!(*word, "标准" | "标准表")
            || ["测评", "考察", "检查", "考评", "考核", "评分", "验收"]
                .iter()
                .any(|how| ends_with(rest, how))
            || titled;
        if !looked_at && !matches!(*word, "与" | "和" | "及") {
            break;
        }
        titled |= looked_at;
        heading = rest;
    }
    if !titled && !labelled && (!context || heading.len() > 16 || heading.iter().any(|&c| matches!(c, ','))) {
        return None;
    }
    let named = if titled { strip(heading) } else { heading };
    (named.len() >= 2 && is_site(named)).then(|| string(named))
}

/// Without the words between place and 标准.
fn strip(mut heading: &[char]) -> &[char] {
    loop {
        if is_site(heading) && !ends_with(heading, "点位") {
            return heading;
        }
        let Some(word) =
            BETWEEN.iter().filter(|word| ends_with(heading, word)).max_by_key(|word| word.chars().count())
        else {
            return heading;
        };
        heading = &heading[..heading.len() - word.chars().count()];
    }
}

fn is_site(name: &[char]) -> bool {
    SITES.end(name) && !contains_any(name, &["整治", "行动", "确保", "开展", "加强", "推进"])
}

/// A checklist and a node that belongs to it; where it has several nodes the first brings it.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) checklist: Option<Checklist>,
    pub(crate) node: usize,
}

/// The checklists of a part. `title` is the part's own.
pub(crate) fn checklists(text: &[char], tree: &Tree, title: &[char]) -> Vec<Found> {
    let mut found = Vec::new();
    let titled = says_standard(title);
    let announced: Vec<bool> = tree
        .nodes
        .iter()
        .map(|node| says_standard(&text[node.head.min(node.own_end)..node.own_end.min(node.head + 40)]))
        .collect();
    // 文明餐厅创建标准 as the title: what stands under no other heading belongs to it
    if let Some(site_type) = site_of_heading(title, false) {
        let own: Vec<usize> = tree
            .items(0)
            .skip_while(|&item| {
                tree.nodes[item].style == Some(Style::Title) && tree.nodes[item].children.is_empty()
            })
            .take_while(|&item| tree.nodes[item].style != Some(Style::Title))
            .filter(|&item| !matches!(tree.nodes[item].style, Some(Style::Chapter(_) | Style::Stage)))
            .collect();
        let sites = own.iter().any(|&item| {
            let node = &tree.nodes[item];
            site_of_heading(heading_of(text, node), true).is_some()
        });
        if let (false, Some(&first), Some(&last)) = (sites, own.first(), own.last()) {
            let checklist = Checklist {
                site_type,
                items: own.iter().map(|&item| item_of(text, tree, item)).collect(),
                span: Span { start: tree.nodes[first].start, end: tree.nodes[last].end },
            };
            found.extend(own.iter().map(|&node| Found { checklist: None, node }));
            if let Some(found) = found.first_mut() {
                found.checklist = Some(checklist);
            }
        }
    }
    let mut at = found.last().map_or(1, |last| {
        let end = tree.nodes[last.node].end;
        (last.node + 1..tree.nodes.len())
            .find(|&below| tree.nodes[below].start >= end)
            .unwrap_or(tree.nodes.len())
    });
    while at < tree.nodes.len() {
        let node = &tree.nodes[at];
        let head_end = crate::chars::line_end(text, node.head, node.own_end);
        let context = titled || tree.ancestors(at).iter().any(|&above| announced[above]);
        let items: Vec<usize> =
            tree.items(at).filter(|&child| tree.nodes[child].style != Some(Style::Title)).collect();
        let site = node
            .style
            .filter(|style| !style.running() && !items.is_empty())
            .and_then(|_| site_of_heading(&text[node.head..head_end], context));
        // 卫生镇村考核标准 / 一、集镇 / 1.…: the kinds of places are those below
        let kinds_below = items.iter().any(|&item| {
            tree.items(item).next().is_some()
                && site_of_heading(heading_of(text, &tree.nodes[item]), true).is_some()
        });
        if let Some(site_type) = site.filter(|_| !kinds_below) {
            let checklist = Checklist {
                site_type,
                items: items.iter().map(|&item| item_of(text, tree, item)).collect(),
                span: Span { start: node.start, end: node.end },
            };
            found.push(Found { checklist: Some(checklist), node: at });
            // what stands under it belongs to it
            let end = node.end;
            at += 1;
            while at < tree.nodes.len() && tree.nodes[at].start < end {
                at += 1;
            }
            continue;
        }
        at += 1;
    }
    found
}

fn heading_of<'a>(text: &'a [char], node: &Node) -> &'a [char] {
    let end = crate::chars::line_end(text, node.head, node.own_end);
    &text[node.head.min(end)..end]
}

/// Words of a heading under which standards follow.
static STANDARDS: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        [
            "标准",
            "测评要求",
            "测评要点",
            "考察要点",
            "检查要点",
            "考察内容",
            "测评内容",
            "检查内容",
            "考察要求",
            "考核",
            "检查要求",
            "考察表",
            "测评表",
            "检查表",
        ]
        .map(|word| (word, ())),
    )
});

fn says_standard(heading: &[char]) -> bool {
    let stop = heading.iter().position(|&c| c == '\n' || c == '。').unwrap_or(heading.len());
    STANDARDS.is_in(&heading[..stop])
}

fn item_of(text: &[char], tree: &Tree, at: usize) -> ChecklistItem {
    let node = &tree.nodes[at];
    let (from, to) = trim(text, node.head.min(node.end), node.end);
    let whole = &text[from..to];
    let own = &text[from..node.own_end.clamp(from, to)];
    let children: Vec<ChecklistChild> = tree
        .items(at)
        .map(|child| {
            let child = &tree.nodes[child];
            let (from, to) = trim(text, child.head.min(child.end), child.end);
            ChecklistChild {
                number: (child.number > 0).then(|| child.number.to_string()),
                text: string(&text[from..to]),
            }
        })
        .collect();
    ChecklistItem {
        number: (node.number > 0).then(|| node.number.to_string()),
        text: string(if children.is_empty() { whole } else { own }).trim().to_owned(),
        grading: grading(whole),
        deductions: deductions(whole),
        children,
        span: Span { start: node.start, end: node.end },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_that_names_a_kind_of_place_is_a_checklists() {
        for (heading, context, expected) in [
            ("农贸市场测评标准", false, Some("农贸市场")),
            ("商场超市实地考察标准:", false, Some("商场超市")),
            ("各社区、城中村参照执行创建标准:", false, Some("各社区、城中村")),
            ("社区综合文化中心标准(12条)", false, Some("社区综合文化中心")),
            ("点位类型:公共厕所", false, Some("公共厕所")),
            ("公园广场", true, Some("公园广场")),
            ("公园广场", false, None),
            ("文明餐桌整治和优质服务整治标准", false, None),
            ("提高思想道德标准", false, None),
            ("加强市场管理", true, None),
        ] {
            let chars: Vec<char> = heading.chars().collect();
            assert_eq!(site_of_heading(&chars, context).as_deref(), expected, "{heading}");
        }
    }
}
