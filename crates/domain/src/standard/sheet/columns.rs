//! The sheets and columns as data.

use super::{Column, Kind, Layout, Sheet};

const fn column(
    heading: &'static str,
    field: &'static str,
    kind: Kind,
    width: u16,
    about: &'static str,
) -> Column {
    Column { heading, field, kind, needed: false, only: None, inner: false, quiet: None, width, about }
}

impl Column {
    const fn needed(self) -> Self {
        Self { needed: true, ..self }
    }

    const fn inner(self) -> Self {
        Self { inner: true, ..self }
    }

    const fn only(self, field: &'static str, value: &'static str) -> Self {
        Self { only: Some((field, value)), ..self }
    }

    const fn quiet(self, value: &'static str) -> Self {
        Self { quiet: Some(value), ..self }
    }
}

/// The row of the form that tells a standard from a catalogue.
pub const KIND_OF_FILE: Column = column(
    "种类",
    "",
    Kind::Word(&[("standard", "标准"), ("catalogue", "目录")]),
    40,
    "标准：有指标、能计分；目录：几个标准共用的点位、材料、题目和指标",
)
.needed();

const ID: Column =
    column("编号", "id", Kind::Text, 40, "以小写字母开头，只含小写字母、数字和 -；各版相同").needed();
const EDITION: Column = column("版本", "edition", Kind::Text, 40, "如 2026").needed();
const TITLE: Column = column("名称", "title", Kind::Text, 40, "全称").needed();

const FORM_ABOUT: &str = "这一份标准或目录本身的情况，一行一项";

const STANDARD_FORM: Sheet = Sheet {
    name: "基本信息",
    about: FORM_ABOUT,
    layout: Layout::Form,
    columns: &[
        ID,
        EDITION,
        TITLE,
        column("简介", "about", Kind::Text, 40, "数值出自哪里，使用者应当知道什么"),
        column("总分", "marks", Kind::Number, 40, "各部分分值之和").needed(),
        column("层级名称", "levels", Kind::List, 40, "由上到下，用顿号隔开：测评项目、测评内容、测评标准"),
        column("总分封顶说明", "capped", Kind::Text, 40, "各部分之和不等于总分时，写明原因，超出的不计"),
        column(
            "未知计分",
            "unknown",
            Kind::Word(&[("nothing", "计零"), ("proportional", "按已知比例")]),
            40,
            "一无所知的指标怎样计分；空着即计零",
        ),
        column(
            "时间范围",
            "window",
            Kind::Window,
            40,
            "多久以内的观察有效，如“12个月”“本轮”“12个月；本轮”；指标另有规定的从其规定",
        ),
        column("小数位数", "rounding.places", Kind::Whole, 40, "公布的分数保留几位小数").needed(),
        column(
            "舍入方式",
            "rounding.mode",
            Kind::Word(&[("half_up", "四舍五入"), ("half_even", "四舍六入五成双"), ("down", "舍去")]),
            40,
            "空着即四舍五入",
        ),
        column(
            "舍入位置",
            "rounding.at",
            Kind::Word(&[("leaf", "每项指标"), ("part", "每个部分"), ("total", "总分")]),
            40,
            "空着即只在总分舍入",
        ),
        column("加分上限", "bonus.at_most", Kind::Number, 40, "加分合计至多多少分；没有加分的空着"),
    ],
};

const CATALOGUE_FORM: Sheet = Sheet {
    name: STANDARD_FORM.name,
    about: FORM_ABOUT,
    layout: Layout::Form,
    columns: &[ID, EDITION, TITLE],
};

const USES: Sheet = Sheet {
    name: "引用目录",
    about: "这份标准引用的共用目录；目录的内容在它自己的文件里，这里只写引用",
    layout: Layout::List("uses"),
    columns: &[
        column("目录编号", "catalogue", Kind::Text, 24, "目录文件的编号").needed(),
        column("版本", "edition", Kind::Text, 12, "目录文件的版本").needed(),
    ],
};

const METHODS: Kind = Kind::Word(&[
    ("material", "材料审核"),
    ("visit", "实地考察"),
    ("survey", "问卷调查"),
    ("web", "网络调查"),
    ("statistic", "统计数据"),
    ("opinion", "主管部门意见"),
    ("report", "听取汇报"),
    ("overall", "整体观察"),
]);

const TREE: Sheet = Sheet {
    name: "指标",
    about: "测评的全部指标，上级在前、下级在后，一个指标一行；一个指标有几种测评方式的，另起一行，编号相同、分值空着。\
            名称写在它那一级的列里，左边各级照抄上级的名称，也可以空着或合并单元格",
    layout: Layout::Tree,
    columns: &[
        column("编号", "code", Kind::Text, 10, "照文件的写法：Ⅰ-1、1.2.3；不能重复").needed(),
        column("分值", "marks", Kind::Number, 8, "下级分值之和等于上级").needed(),
        column("内容", "text", Kind::Text, 40, "要求的全文"),
        column("测评方式", "method", METHODS, 14, "有下级的指标空着").needed().inner(),
        column("材料要求", "requirements", Kind::List, 24, "“材料要求”表或引用目录中的编号，用顿号隔开").inner(),
        column("检查标准", "criteria", Kind::List, 28, "点位类型/检查标准的编号：market/licence、market/* 即该类全部").inner(),
        column("问卷题目", "questions", Kind::List, 24, "“问卷题目”表或引用目录中的编号").inner(),
        column("人群", "groups", Kind::List, 12, "只算这些人群的答卷；空着即全部").inner(),
        column("统计指标", "statistic", Kind::Text, 18, "“统计指标”表或引用目录中的编号").inner(),
        column(
            "评分办法",
            "grading",
            Kind::Grading,
            44,
            "是否符合 | 三档：基本符合=0.5 | 等次：A=1；B=0.66；C=0.33；D=0 | 分段：≥90 A=1；≥85 B=0.66；其余=0.33 | \
             比较：与=指标编号；高于=1；等于=0.66；低于=0.33 | 计数：对象=合格数；≥3=1；≥1=0.5；其余=0(对象还有不合格数、记录数；\
             记录数可加 长度=300米) | 扣分：每次=0.5；最多=2 | 比例(可加分段：比例：≥90=1；其余=0) | \
             整组：全部=1；缺1项=0.66；缺2项=0.33；达标线=0.8 | 算式：cases * 10000 / households；满分=10；零分=60(或加分段)",
        )
        .needed()
        .inner(),
        column("权重", "weight", Kind::Number, 8, "合成方式为加权时，每种测评方式的权重").inner(),
        column("平均方式", "average", Kind::Word(&[("cells", "逐项平均"), ("items", "先按条平均")]), 12, "空着即逐项平均：每个点位每条标准同等；先按条平均：每条标准同等，不论查了几处")
            .inner()
            .quiet("cells"),
        column("时间范围", "window", Kind::Window, 14, "多久以内的观察有效，如“12个月”“2年”“本轮”；空着即按基本信息").inner(),
        column(
            "合成方式",
            "combine",
            Kind::Word(&[("all", "取最低"), ("any", "取最高"), ("mean", "平均"), ("weighted", "加权")]),
            12,
            "几种测评方式怎样合成一个结果；空着即取最低：样样都要达到",
        )
        .quiet("all"),
        column("封顶说明", "capped", Kind::Text, 20, "下级之和不等于分值时，写明原因，超出的不计"),
    ],
};

const SCALE_ABOUT: &str = "是否符合 | 三档：基本符合=0.5 | 等次：A=1；B=0.66；C=0.33；D=0 | 计数：≥5 符合=1；≥2 基本符合=0.5；其余=0(可加 长度=300米)；空着即是否符合";

const SITES: Sheet = Sheet {
    name: "点位检查",
    about: "各类点位的检查标准，一条标准一行；同一类点位的行写同一个类型编号",
    layout: Layout::Nested { outer: "catalogue.site_types", inner: "criteria" },
    columns: &[
        column("类型编号", "id", Kind::Text, 16, "小写字母、数字和 -").needed(),
        column("点位类型", "title", Kind::Text, 18, "如集贸市场").needed(),
        column("编号", "id", Kind::Text, 18, "在这一类点位中不重复").needed().inner(),
        column("检查内容", "text", Kind::Text, 48, "检查人员现场判定的一件事").needed().inner(),
        column("例外", "exceptions", Kind::Lines, 36, "不算不符合的情形，一种一行(单元格内换行)").inner(),
        column("评定", "scale", Kind::Scale, 32, SCALE_ABOUT).inner(),
        column("检查时段", "when", Kind::Text, 16, "如早高峰 7:30–9:00").inner(),
        column(
            "取证",
            "proof",
            Kind::Word(&[("photo", "照片"), ("count", "计数"), ("none", "不需要")]),
            10,
            "空着即照片",
        )
        .inner(),
        column(
            "没有时",
            "absent",
            Kind::Word(&[("not_applicable", "不计入"), ("met", "视为符合")]),
            12,
            "现场没有这样东西时；空着即不计入",
        )
        .inner(),
    ],
};

const REQUIREMENTS: Sheet = Sheet {
    name: "材料要求",
    about: "要报送的材料，一种材料一行；一项要求要几种材料的，写同一个编号",
    layout: Layout::Nested { outer: "catalogue.requirements", inner: "filings" },
    columns: &[
        column("编号", "id", Kind::Text, 22, "小写字母、数字和 -").needed(),
        column("名称", "title", Kind::Text, 26, "材料要求的名称").needed(),
        column("要求", "text", Kind::Text, 36, "要求的全文"),
        column("评定", "scale", Kind::Scale, 28, "同“点位检查”表的评定，但不能用计数；空着即是否符合"),
        column(
            "材料种类",
            "kind",
            Kind::Word(&[
                ("issued_document", "规范文件"),
                ("report", "说明报告"),
                ("table", "统计表格"),
                ("photo", "实景图片"),
                ("video", "视频资料"),
                ("media_coverage", "媒体报道"),
            ]),
            12,
            "从列出的种类中选",
        )
        .needed()
        .inner(),
        column("至少件数", "quota.at_least", Kind::Whole, 10, "空着即 1 件；可有可无的写 0").inner(),
        column("至多件数", "quota.at_most", Kind::Whole, 10, "空着即不限").inner(),
        column("每次活动至多", "quota.each_activity_at_most", Kind::Whole, 14, "同一次活动至多几件").inner(),
        column("字数上限", "most_characters", Kind::Whole, 10, "每件至多多少字").inner(),
        column("时限(月)", "months", Kind::Whole, 10, "评定前几个月以内形成的").inner(),
        column("图片说明项", "caption", Kind::List, 24, "图片说明要写的：时间、地点、主办单位").inner(),
    ],
};

const QUESTIONS: Sheet = Sheet {
    name: "问卷题目",
    about: "问卷调查的题目，一题一行",
    layout: Layout::List("catalogue.questions"),
    columns: &[
        column("编号", "id", Kind::Text, 24, "小写字母、数字和 -").needed(),
        column("题目", "text", Kind::Text, 48, "照问卷的写法").needed(),
        column(
            "选项",
            "options",
            Kind::Options,
            48,
            "选项=系数，用分号隔开：满意=1；基本满意=0.66；不满意=0",
        )
        .needed(),
        column("最少答卷", "enough", Kind::Whole, 10, "多少份答卷才算知道；空着即一份"),
    ],
};

const STATISTICS: Sheet = Sheet {
    name: "统计指标",
    about: "有关部门报的数字，一个一行",
    layout: Layout::List("catalogue.statistics"),
    columns: &[
        column("编号", "id", Kind::Text, 24, "算式中的名字：小写字母、数字和 _").needed(),
        column("名称", "title", Kind::Text, 40, "统计指标的名称").needed(),
        column("单位", "unit", Kind::Text, 12, "计量单位：%、元、件/万户"),
        column("来源", "source", Kind::Text, 20, "由哪个部门报"),
        column("统计周期", "every", Kind::Word(EVERY), 10, "一个数管多久：年、季度或月；空着即不限"),
    ],
};

const EVERY: &[(&str, &str)] = &[("year", "年"), ("quarter", "季度"), ("month", "月")];

const SAMPLING: Sheet = Sheet {
    name: "抽样",
    about: "正式测评抽查多少点位、询问多少人",
    layout: Layout::List("sampling"),
    columns: &[
        column("抽什么", "of", Kind::Word(&[("sites", "点位"), ("people", "人员")]), 10, "点位或人员")
            .needed(),
        column("点位类型", "site_type", Kind::Text, 18, "点位类型的编号").needed().only("of", "sites"),
        column("抽取处数", "draw", Kind::Whole, 10, "抽查几处；不够的全查").needed().only("of", "sites"),
        column("题目", "question", Kind::Text, 20, "问卷题目的编号；空着即全部").only("of", "people"),
        column("人群", "group", Kind::Text, 14, "空着即全部").only("of", "people"),
        column("询问人数", "ask", Kind::Whole, 10, "询问多少人").needed().only("of", "people"),
    ],
};

const GATES: Sheet = Sheet {
    name: "门槛",
    about: "低于它就不能申报的界限",
    layout: Layout::List("gates"),
    columns: &[
        column("名称", "title", Kind::Text, 40, "这条门槛怎么说").needed(),
        column("看什么", "of", Kind::Of, 24, "总分 | 指标：编号 | 标准：另一份标准的编号").needed(),
        column("不低于", "at_least", Kind::Number, 10, "分；等于即达到").needed(),
    ],
};

const NEGATIVE_LIST: Sheet = Sheet {
    name: "负面清单",
    about: "发生了要扣分或者影响称号的事",
    layout: Layout::List("negative_list"),
    columns: &[
        column("编号", "code", Kind::Text, 10, "不能重复").needed(),
        column("事项", "title", Kind::Text, 48, "什么事").needed(),
        column(
            "处理",
            "sanction.kind",
            Kind::Word(&[
                ("deduct", "扣分"),
                ("stop_nomination", "停止提名"),
                ("suspend_title", "停止称号"),
                ("cancel_title", "取消称号"),
            ]),
            12,
            "从列出的处理中选",
        )
        .needed(),
        column("每次扣分", "sanction.marks", Kind::Number, 10, "处理为扣分时")
            .needed()
            .only("sanction.kind", "deduct"),
        column("最多扣分", "sanction.at_most", Kind::Number, 10, "处理为扣分时；空着即不限")
            .only("sanction.kind", "deduct"),
        column("停止月数", "sanction.months", Kind::Whole, 10, "处理为停止称号时")
            .needed()
            .only("sanction.kind", "suspend_title"),
        column("有效月数", "months", Kind::Whole, 10, "发生后多少个月内计；空着即一直计"),
    ],
};

const HONOURS: Sheet = Sheet {
    name: "加分项",
    about: "荣誉等加分；合计的上限写在基本信息",
    layout: Layout::List("bonus.honours"),
    columns: &[
        column("编号", "code", Kind::Text, 10, "不能重复").needed(),
        column("名称", "title", Kind::Text, 48, "什么荣誉").needed(),
        column("分值", "marks", Kind::Number, 10, "每次加几分").needed(),
        column("最多加分", "at_most", Kind::Number, 10, "这一项至多几分；空着即不限"),
    ],
};

const CONTRIBUTIONS: Sheet = Sheet {
    name: "其他标准",
    about: "总分按比例计入这份标准的其他标准",
    layout: Layout::List("contributions"),
    columns: &[
        column("标准编号", "standard", Kind::Text, 24, "另一份标准的编号").needed(),
        column("占比", "share", Kind::Share, 10, "大于 0 小于 1，也可以写百分数：0.2 即 20%").needed(),
    ],
};

/// The sheets of a standard.
pub const STANDARD_SHEETS: &[Sheet] = &[
    STANDARD_FORM,
    USES,
    TREE,
    SITES,
    REQUIREMENTS,
    QUESTIONS,
    STATISTICS,
    SAMPLING,
    GATES,
    NEGATIVE_LIST,
    HONOURS,
    CONTRIBUTIONS,
];

/// The sheets of a catalogue.
pub const CATALOGUE_SHEETS: &[Sheet] = &[CATALOGUE_FORM, SITES, REQUIREMENTS, QUESTIONS, STATISTICS];
