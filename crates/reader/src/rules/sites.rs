//! Kinds of places (点位), and the headings that announce the standards for one.

use std::sync::LazyLock;

use crate::{
    chars::{
        CharSet, contains_any, ends_with, ends_with_any, is_blank, is_close_bracket, is_cn_number, is_colon,
        is_open_bracket, starts_at, string, trim,
    },
    words::Endings,
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
        "公交车辆",
        "客运车辆",
        "出租车辆",
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
        "集市",
        "小行业",
        "”行业",
        "大集",
        "便民点",
        "居委会",
        "村委会",
        "委员会",
        "居民区",
        "居住区",
        "住宅区",
        "生活区",
        "服务区",
        "作业区",
        "招待所",
        "宿舍",
        "发廊",
        "浴场",
        "浴池",
        "泳池",
        "游泳池",
        "健身房",
        "体育场",
        "运动场",
        "剧场",
        "影城",
        "陵园",
        "礼堂",
        "候车亭",
        "出入口",
        "楼道",
        "活动区",
        "周边",
        "沿街",
        "施工现场",
        "摊点",
        "摊位",
        "早餐点",
        "收集点",
        "投放点",
        "河湖",
        "沟渠",
        "隧道",
        "公路",
        "沿线",
        "场所",
        "小餐饮",
        "小作坊",
    ])
});

/// The last characters of nearly every name of a building, a yard or a street: enough where the heading says 标准.
static PLACES: CharSet = CharSet::new("店馆院站厅园校厕巷街村镇楼厂吧室所亭库桥寺庙坊屋寓铺摊");

/// What ends so and is no place.
const NO_PLACES: &[&str] = &["城镇", "村镇", "家园"];

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
    "规范",
    "保洁",
    "运行",
    "经营",
    "品质",
    "质量",
    "提升",
    "改造",
    "治理",
    "优化",
    "美化",
    "精细化",
    "标准化",
    "规范化",
    "常态化",
    "维护",
    "养护",
    "星级",
    "等级",
    "评星",
    "安全",
    "文明创建",
    "巡查",
    "抽查",
    "暗访",
    "督查",
    "监督",
    "巡检",
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
            "内容", "要求", "对标", "自查", "巡查", "点位",
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
    // a scan parts the words: 小理发 店卫生标准
    let whole: Vec<char>;
    if heading.iter().any(|&c| is_blank(c)) {
        whole = heading.iter().copied().filter(|&c| !is_blank(c)).collect();
        heading = &whole;
    }
    heading = behind_annex(heading);
    // 【社区】
    if let ['【', inside @ .., '】'] = heading
        && !inside.iter().any(|&c| is_open_bracket(c) || is_close_bracket(c))
    {
        heading = inside;
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
        "点位名称",
        "场所名称",
        "检查场所",
        "检查对象",
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
    // under a title that announces standards a short name is enough: 商业大街
    let named_so = is_site(named) || (titled || named.len() <= 8) && is_place(named);
    (named.len() >= 2 && named_so).then(|| string(named))
}

/// 附件2:医院标准: the annex has a number, the heading is what follows.
fn behind_annex(line: &[char]) -> &[char] {
    if !starts_at(line, 0, "附件") && !starts_at(line, 0, "附表") {
        return line;
    }
    let from = line[2..].iter().position(|&c| !(c.is_ascii_digit() || is_cn_number(c) || is_colon(c)));
    from.map_or(line, |from| &line[2 + from..])
}

/// Without a bracket at its end: 学校(含幼儿园).
fn without_bracket(name: &[char]) -> &[char] {
    match name.iter().rposition(|&c| is_open_bracket(c)) {
        Some(open) if open >= 2 && name.last().is_some_and(|&c| is_close_bracket(c)) => &name[..open],
        _ => name,
    }
}

/// Does the name end as names of places do, though no list has it?
fn is_place(name: &[char]) -> bool {
    let name = without_bracket(name);
    name.len() <= 16
        && name.last().is_some_and(|&c| PLACES.has(c))
        && !ends_with_any(name, NO_PLACES)
        && !contains_any(name, ACTS)
}

/// Without the words between place and 标准.
fn strip(mut heading: &[char]) -> &[char] {
    loop {
        if (is_site(heading) || is_place(heading)) && !ends_with(heading, "点位") {
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
    SITES.end(without_bracket(name)) && !contains_any(name, ACTS)
}

/// Words of doing: a heading with one of them says what is to be done, not where.
const ACTS: &[&str] =
    &["整治", "行动", "确保", "开展", "加强", "推进", "无占", "无乱", "无违", "不得", "设有", "设置", "配备"];

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
            ("学校(含幼儿园)标准", false, Some("学校(含幼儿园)")),
            ("小理发 店卫 生标准", false, Some("小理发店")),
            ("附件2:中小学校园点位建设标准", false, Some("中小学校园")),
            ("社区居委会测评标准", false, Some("社区居委会")),
            ("小浴室、小旅馆卫生检查标准", false, Some("小浴室、小旅馆")),
            ("志愿服务工作标准", false, None),
            ("国家卫生城镇标准", false, None),
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
