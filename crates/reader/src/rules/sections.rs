//! What a heading says about the items under it.

use std::sync::LazyLock;

use crate::{
    chars::{contains_any, is_blank},
    words::Words,
};

/// What stands under a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Demands, which is what most headings of a plan announce.
    Demands,
    /// 指导思想, 总体要求, 意义, 形势: says why, asks nothing of anybody.
    Thought,
    /// 原则.
    Principles,
    /// 目标: asks something only where it gives figures.
    Goals,
    /// 实施步骤, 时间安排: phases.
    Steps,
    /// 组织机构: who sits where.
    Organisation,
    /// What was done so far, what is wrong: narrative.
    Account,
}

/// Which words make a heading what; the first list that has a word in it decides.
const CLASSES: [(Class, &[&str]); 6] = [
    (
        Class::Thought,
        &[
            "指导思想",
            "总体要求",
            "总体思路",
            "基本思路",
            "工作思路",
            "重要意义",
            "重大意义",
            "目的意义",
            "认清形势",
            "形势",
            "背景",
            "编制依据",
            "适用范围",
            "范围和对象",
            "评选范围",
            "基本情况",
            "基本方法",
            "工作方针",
            "方针",
            "总则",
            "定义",
            "说明",
            "充分认识",
            "意义",
            "活动主题",
            "创建主题",
            "主题和",
            "总体考虑",
            "名词解释",
            "依据",
            "测评体系",
            "体系构成",
            "前置条件",
            "申报条件",
            "基本知识",
        ],
    ),
    (Class::Principles, &["基本原则", "工作原则", "原则"]),
    (
        Class::Account,
        &[
            "工作成效",
            "主要成效",
            "取得的成",
            "存在的问题",
            "存在问题",
            "主要问题",
            "工作回顾",
            "经验做法",
            "主要做法",
            "几点体会",
            "肯定成绩",
            "充分肯定",
            "总结成绩",
            "回顾成绩",
            "回顾总结",
            "正视差距",
            "基本工作",
            "历程",
            "突出问题有",
            "困难和问题",
            "不足",
        ],
    ),
    (
        Class::Steps,
        &[
            "实施步骤",
            "工作步骤",
            "方法步骤",
            "步骤安排",
            "时间安排",
            "阶段安排",
            "进度安排",
            "时间步骤",
            "活动安排",
            "活动步骤",
            "时间进度",
            "工作进度",
            "实施阶段",
            "阶段划分",
            "时间和步骤",
            "推进步骤",
            "工作阶段",
            "实施进度",
            "日程安排",
            "创建步骤",
            "整治步骤",
            "行动步骤",
            "工作安排及步骤",
            "步骤和",
        ],
    ),
    (
        Class::Organisation,
        &[
            "组织机构",
            "组织领导机构",
            "机构设置",
            "领导机构",
            "领导小组",
            "组成人员",
            "人员组成",
            "工作机构",
            "组织架构",
            "成员名单",
        ],
    ),
    (
        Class::Goals,
        &[
            "工作目标",
            "总体目标",
            "主要目标",
            "创建目标",
            "目标要求",
            "活动目标",
            "整治目标",
            "行动目标",
            "预期目标",
            "具体目标",
            "年度目标",
            "阶段目标",
            "发展目标",
            "指标要求",
            "工作指标",
            "主要指标",
            "目标",
        ],
    ),
];

/// A heading says what stands under it in its first words; a long one is no heading of that kind.
pub(crate) fn class(heading: &[char]) -> Class {
    let stop = heading
        .iter()
        .position(|&c| matches!(c, '。' | ';' | ':' | '\n' | ',' | '('))
        .unwrap_or(heading.len());
    // only the first words count, so they fit here
    let mut first = ['\0'; 17];
    let mut len = 0;
    for &c in heading[..stop].iter().filter(|&&c| !is_blank(c)).take(first.len()) {
        first[len] = c;
        len += 1;
    }
    let short = &first[..len];
    if short.len() > 16 {
        // 指导思想坚持以…: the line end behind the heading is lost
        return RANKS
            .at(short, 0)
            .filter(|&(_, len)| len >= 4)
            .map_or(Class::Demands, |(rank, _)| CLASSES[rank].0);
    }
    if WHEN_OR_WHERE.at(short, 0).is_some_and(|((), len)| len == short.len()) {
        return Class::Thought;
    }
    // 目标任务, 组织领导 and the like hold demands; 目标任务分解 too
    if ASKING.is_in(short) && !contains_any(short, &["总体要求", "目标要求", "指标要求", "指导思想", "步骤"])
    {
        return Class::Demands;
    }
    // 成立领导小组 asks for one, 领导小组 lists it
    if short.len() > 4
        && ["成立", "建立", "组建", "调整", "充实", "健全"]
            .iter()
            .any(|word| crate::chars::starts_at(short, 0, word))
    {
        return Class::Demands;
    }
    let rank = (0..short.len()).filter_map(|i| RANKS.at(short, i)).map(|(rank, _)| rank).min();
    rank.map_or(Class::Demands, |rank| CLASSES[rank].0)
}

/// Headings that say when or where, and ask for nothing: as a whole, since 扩大实施范围 asks for something.
static WHEN_OR_WHERE: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        "整治时间 实施时间 活动时间 行动时间 创建时间 开展时间 整治范围 实施范围 活动范围 行动范围 创建范围 工作范围 检查范围 整治区域 实施区域 整治对象 \
         活动对象 实施对象 检查对象 整治时间和范围 时间和范围 时间范围 范围及时间 时间及范围 时间和地点 活动地点 活动时间和地点"
            .split_whitespace()
            .map(|word| (word, ())),
    )
});

/// Every word with the place of its class in [`CLASSES`].
static RANKS: LazyLock<Words<usize>> = LazyLock::new(|| {
    Words::new(
        CLASSES.iter().enumerate().flat_map(|(rank, (_, words))| words.iter().map(move |&word| (word, rank))),
    )
});

/// Words of a heading under which something is asked for.
static ASKING: LazyLock<Words<()>> =
    LazyLock::new(|| Words::new(["任务", "措施", "要求", "重点", "保障", "责任分工"].map(|word| (word, ()))));

/// Does an item's own heading name something that nobody is asked to do (指导思想, 工作目标 …)?
pub(crate) fn names_no_demand(heading: &[char]) -> bool {
    // 考评结果作为评优的依据,12月20日前…: a sentence that goes on is a heading only where it begins like one
    let goes_on = heading.iter().find(|&&c| crate::chars::ends_clause(c)) == Some(&',');
    if goes_on && RANKS.at(heading, 0).is_none() {
        return false;
    }
    matches!(
        class(heading),
        Class::Thought
            | Class::Principles
            | Class::Organisation
            | Class::Account
            | Class::Steps
            | Class::Goals
    ) || {
        let short: Vec<char> = heading
            .iter()
            .copied()
            .take_while(|&c| !crate::chars::ends_clause(c))
            .filter(|&c| !is_blank(c))
            .collect();
        short.len() <= 12
            && contains_any(&short, &["总体要求", "整改内容及标准", "评分标准", "附则", "组织领导小组"])
    }
}

/// Is it the heading of a plan's close (三、工作要求), whose unnumbered paragraphs admonish everybody and no one?
pub(crate) fn closes(heading: &[char]) -> bool {
    const CLOSES: [&str; 15] = [
        "工作要求",
        "有关要求",
        "相关要求",
        "几点要求",
        "具体要求",
        "保障措施",
        "工作保障",
        "组织保障",
        "保障机制",
        "考核奖惩",
        "考核与奖惩",
        "奖惩措施",
        "奖惩办法",
        "考核办法",
        "要求",
    ];
    let (start, end) = crate::chars::trim(heading, 0, heading.len());
    let heading = &heading[start..end];
    CLOSES
        .iter()
        .any(|word| word.chars().count() == heading.len() && crate::chars::starts_at(heading, 0, word))
}

/// 工作要求:…, 注:…: does the line begin with a word for what is said of everything above?
pub(crate) fn begins_note(line: &[char]) -> bool {
    const NOTES: [&str; 9] =
        ["工作要求", "有关要求", "相关要求", "几点要求", "要求", "说明", "备注", "附注", "注"];
    // 请于4月30日前将总结报县爱卫办。
    let reports =
        crate::chars::starts_at(line, 0, "请于") && line.iter().take(40).any(|&c| matches!(c, '报' | '送'));
    reports
        || NOTES.iter().any(|word| {
            let len = word.chars().count();
            crate::chars::starts_at(line, 0, word)
                && line.get(len).is_some_and(|&c| crate::chars::is_colon(c))
        })
}

/// A statement about what something is, means or has become, not a demand.
pub(crate) fn is_statement(sentence: &[char]) -> bool {
    let stop = sentence.iter().position(|&c| matches!(c, '。' | ';' | '\n')).unwrap_or(sentence.len());
    let first = &sentence[..stop.min(80)];
    first.contains(&'是') && SAYS_WHAT.is_in(first) || TELLS.is_in(first)
}

/// What something is said to be.
static SAYS_WHAT: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        [
            "必然要求",
            "内在要求",
            "重要途径",
            "必然举措",
            "必然选择",
            "迫切需要",
            "现实需要",
            "客观需要",
            "重要举措",
            "重要手段",
            "重要载体",
            "有效途径",
            "重要保障",
            "关键所在",
            "应有之义",
            "重要抓手",
            "具体体现",
            "重要内容",
            "有力抓手",
            "重大举措",
            "有效载体",
            "客观要求",
        ]
        .map(|word| (word, ())),
    )
});

/// How things stand.
static TELLS: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        [
            "时间紧,任务重",
            "还有一定差距",
            "还存在",
            "仍然存在",
            "取得了",
            "得到了",
            "已经",
            "不够高",
            "不够强",
            "不到位的问题",
            "差距较大",
            "还不够",
            "有差距",
            "压力大",
        ]
        .map(|word| (word, ())),
    )
});

static ASKS: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        [
            "要", "必须", "应", "须", "确保", "加强", "开展", "组织", "建立", "完善", "推进", "落实", "加大",
            "做好", "抓好", "实施", "制定", "强化", "提升", "提高", "深入", "深化", "健全", "规范", "整治",
            "清理", "严格", "督促", "加快", "坚持", "明确", "落细", "配合", "设置", "严禁", "不得", "改造",
            "建设", "解决", "引导", "宣传", "负责", "完成", "巩固", "优化", "聚焦", "紧盯", "全面", "开设",
            "举办", "推动", "成立", "召开", "报送", "检查", "保障", "保持", "突出", "压实", "发动", "加密",
            "延长", "整改", "修复", "清扫", "更新", "维护", "倡导", "杜绝", "抽查", "考核", "通报", "巡查",
            "督导", "督查", "防止", "鼓励", "力戒", "力求", "力争", "务求", "避免", "严防", "禁止", "反对",
            "克服", "注重", "统筹", "营造", "培育", "动员", "取缔", "拆除", "清除", "查处", "打击", "新建",
            "增设", "安装", "配备", "栽植", "发放", "招募", "评选", "培训", "走访", "慰问", "疏通", "公开",
            "公示", "畅通", "补齐", "压缩", "建成", "改建", "扩建", "购置", "采购", "增加", "开通", "启动",
            "编制", "印发", "划定", "施划", "铺设", "绿化", "亮化", "硬化", "治理", "清运", "组建", "设立",
            "搭建", "打造", "创建", "维修", "修缮", "更换", "张贴", "悬挂", "刊播", "排查", "摸排", "监测",
            "消杀", "签订",
        ]
        .map(|word| (word, ())),
    )
});

/// Does the text ask for something?
pub(crate) fn demands(text: &[char]) -> bool {
    ASKS.is_in(text)
}

/// 附件1:…, 联系人:…: no demand though numbered.
pub(crate) fn appendix(body: &[char]) -> bool {
    ["附件", "附表", "联系人", "联系电话", "抄送"].iter().any(|word| crate::chars::starts_at(body, 0, word))
}

/// An account of what was done rather than a demand.
pub(crate) fn narrative(body: &[char]) -> bool {
    let sentences = body.iter().filter(|&&c| crate::chars::ends_sentence(c)).count().max(1);
    let told = body
        .windows(2)
        .filter(|pair| matches!(pair, ['了', _] | ['已', '经'] | ['取', '得'] | ['荣', '获']))
        .count();
    let asked = body.iter().filter(|&&c| c == '要').count()
        + body
            .windows(2)
            .filter(|pair| {
                matches!(pair, ['必', '须'] | ['确', '保'] | ['务', '必'] | ['切', '实'] | ['严', '禁'])
            })
            .count();
    told > sentences && told > asked
}

/// Does the text look back on what was done?
pub(crate) fn looks_back(text: &[char]) -> bool {
    contains_any(text, &["去年", "过去", "一年来", "以来,", "近年来", "取得了", "取得的", "回顾"])
        && !obliges(text)
}

/// Does the text say that something has to be done, rather than that it is done?
pub(crate) fn obliges(text: &[char]) -> bool {
    contains_any(text, &["要", "必须", "务必", "确保", "应当", "下一步", "严禁", "不得"])
}
