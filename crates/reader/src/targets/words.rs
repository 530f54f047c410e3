//! The words that make a number a demand, as data.

use std::sync::LazyLock;

use chengjing_domain::plan::Comparator::{self, AtLeast, AtMost, Exactly, LessThan, MoreThan};

use crate::words::Words;

/// Words that stand before the number. The longer one wins (不少于 before 少于).
pub(super) static BEFORE: LazyLock<Words<Comparator>> = LazyLock::new(|| {
    let at_least = "不少于 不低于 不小于 不得少于 不得低于 不得小于 不能少于 不能低于 不应少于 不应低于 不应小于 不可少于 不短于 \
                    至少 最少 最低 达到 达 达至 须达 提高到 提高至 提升到 提升至 增加到 增加至 增至 上升到 扩大到 恢复到 \
                    稳定在 保持在 维持在 保持 维持 ≥ ≧ ⩾ >= >= 大于等于 大于或等于 高于或等于 不下于 不下";
    let more = "大于 高于 超过 多于 超出 突破 > > 优于";
    let at_most = "不超过 不超出 不高于 不大于 不多于 不得超过 不得高于 不得大于 不得多于 不能超过 不能高于 不应超过 不应大于 \
                   不应高于 不可超过 控制在 控制到 控制至 压减到 压减至 压降到 降到 降至 降低到 降低至 下降到 下降至 减少到 \
                   减少至 缩短到 缩短至 压缩到 压缩至 限制在 保证在 ≤ ≦ ⩽ <= <= 最多 至多 最高 最长 小于等于 小于或等于 \
                   低于或等于 不长于 不晚于 不迟于";
    let less = "小于 低于 少于 短于 < < 不足 不到 不满 不达 未达 未达到 达不到 没有达到 没达到";
    let exactly = "等于 =";
    let list = |words: &'static str, value| words.split_whitespace().map(move |word| (word, value));
    Words::new(
        list(at_least, AtLeast)
            .chain(list(more, MoreThan))
            .chain(list(at_most, AtMost))
            .chain(list(less, LessThan))
            .chain(list(exactly, Exactly)),
    )
});

/// What may stand between such a word and its number: 达到总数的90%, 不少于每周2次 …
pub(super) static BETWEEN: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        "了 约 近 全 总数的 总量的 总面积的 总人数的 总人口的 应检人数的 平均 各 每天 每日 每周 每月 每季度 每半年 每年 每学期 每人 人均 \
         每次 一年 全年 1: 各类 其 以上 “ ‘ ( ( 到 总长度的 户数的 面积的 的 每户 每班 每个"
            .split_whitespace()
            .map(|word| (word, ())),
    )
});

/// Words behind number and unit.
pub(super) static AFTER: LazyLock<Words<Comparator>> = LazyLock::new(|| {
    let at_least = "以上 及以上 (含)以上 (含)以上 或以上 及其以上 之上 起步";
    let at_most = "以下 以内 之内 及以下 (含)以下 (含)以下 或以下 及以内";
    let list = |words: &'static str, value| words.split_whitespace().map(move |word| (word, value));
    Words::new(list(at_least, AtLeast).chain(list(at_most, AtMost)))
});

/// Units of measure and counting words. Those marked [`Kind::Time`] take 内 as "at most"; those marked
/// [`Kind::Loose`] count nearly anything (项, 个) and need more evidence when no comparator is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Firm,
    Loose,
    Time,
    /// Years and months: they say when, not how much, unless a comparator is written.
    Span,
}

pub(super) static UNITS: LazyLock<Words<Kind>> = LazyLock::new(|| {
    let firm = "% % ‰ 个百分点 百分点 平方公里 平方千米 平方米 立方米 公里 千米 米 厘米 毫米 公顷 亩 吨 公斤 千克 升 度 千瓦时 千瓦 \
                元 分贝 dB dB(A) ㎡ m² m2 平米 μg/m³ 微克/立方米 毫克/升 毫克/立方米 mg/L 处 次 场次 场 人次 人日 人 名 户次 户 家 座 所 条次 \
                条 块 期 篇 幅 件次 件 起 例 张 份 册 本 部 台次 台 套 辆次 辆 盏 棵 株 支 批次 批 对 只 间 栋 幢 则 首 节 堂 款 片 艘 架 根 顶 副 \
                双 床 车次 轮次 轮 遍 回 分 位 班次 班 车位 泊位 口 延米 延长米 课时 学时 头 点次 平方 立方 方 克/平方米 克 毫克 微克 勒克斯 lx 摄氏度 ℃ kg cm mm m km t 门 \
                万平方米 档 株/平方米 标台 尾 羽 枚 眼 杆 桶 箱 袋 瓶 颗 盆 粒";
    let loose = "个 项 种 类 层 组 大类 面 级 道 支队伍 号 步 站 点 款项 村 社区 条线 字";
    let time = "个工作日 工作日 个小时 小时 分钟 秒钟 天 日 秒";
    let span = "个月 年 周年 个季度 个学期 学期 周 星期 周岁 岁";
    let list = |words: &'static str, value| words.split_whitespace().map(move |word| (word, value));
    Words::new(
        list(firm, Kind::Firm)
            .chain(list(loose, Kind::Loose))
            .chain(list(time, Kind::Time))
            .chain(list(span, Kind::Span)),
    )
});

/// What a rate may be measured against: 每千人, 每平方米, 每月.
pub(super) static BASES: LazyLock<Words<&'static str>> = LazyLock::new(|| {
    let plain = "千人口 万人口 千常住人口 万常住人口 千名常住人口 千人 万人 百人 十万人 百户 千户 万户 平方米 平方公里 百平方米 公里 百米 千米 米 亩 公顷 立方米 升 吨 \
                 万元 辆 车 万辆 百万人口 天 日 周 月 季度 季 年 半年 学期 小时 百张床位 床";
    Words::new(plain.split_whitespace().map(|word| (word, word)).chain([
        ("星期", "周"),
        ("个月", "月"),
        ("个季度", "季度"),
        ("千名", "千人"),
        ("万名", "万人"),
    ]))
});

/// Verbs of doing that make a bare number (新建公厕12座) a demand.
pub(super) static DOING: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        "组建 搬迁 迁移 移除 处置 处理 收缴 查扣 疏导 规范 检测 抽检 监测 救助 帮扶 选派 评定 确定 覆盖 服务 惠及 带动 开发 扶持 培养 引导 申报 新建 建设 建成 改建 扩建 改造 新增 增加 增设 增建 增植 完成 开展 举办 举行 设置 设立 安装 打造 创建 培育 发放 印发 印制 种植 栽植 栽种 \
         整治 清理 清运 消杀 拆除 培训 评选 配备 配置 投入 购置 采购 招募 发展 组织 修建 修复 建立 选树 命名 表彰 植树 绿化 硬化 铺设 \
         更换 更新 补植 维修 投放 投资 升级 提升 治理 播放 刊播 制作 张贴 悬挂 规划 划定 施划 布设 布置 开设 开通 落实 推出 发布 \
         刊发 刊登 征集 征求 召开 巡查 检查 督查 抽查 入户 走访 慰问 选派 增派 建 设 配 植 增 拆 栽 添置 启动 实施 引进 争取 完善 评出 绘制 新装 拔除 栽 疏通 疏浚 粉刷 \
         取缔 关停 创成 创作 放映 演出 送 推广 储备 备足 梳理 排查 摸排 约谈 抽调 招聘 招引 修缮 加固 清淤 化解 调处 推送 拍摄 录制 编制 修订 出台 回访 救治 编印 编发 报送 上报 采集 办 种 亮化 消除 清除 解决 签订 签 立案 查处 查办 办结 筹集 筹措 安排 列支 拨付 设 聘请 聘用 形成 确保 力争 实现"
            .split_whitespace()
            .map(|word| (word, ())),
    )
});

/// What a loose count must not be followed by: it then counts parts of the work's own organisation.
pub(super) const ORGANISATION: &[&str] = &[
    "工作组",
    "小组",
    "专项",
    "方面",
    "部分",
    "阶段",
    "环节",
    "行动",
    "大类",
    "重点任务",
    "重点工作",
    "重点环节",
    "重点领域",
    "重点行动",
    "问题",
    "标准",
    "机制",
    "制度",
    "专业",
    "步骤",
    "关键",
    "目标",
    "原则",
    "要求",
    "测评",
    "指标",
    "内容",
    "层面",
    "突出",
    "领域",
    "一批",
    "百分之百",
    "确保",
    "统一",
    "到位",
    "文明",
    "主题",
    "必须",
    "明确",
    "任务",
    "体系",
    "代表",
    "务必",
    "坚持",
    "工作日",
    "意识",
    "优先",
    "推进",
    "月",
    "措施",
    "意见",
    "规定",
    "测评标准",
];

/// Words that begin with a numeral and count nothing.
pub(super) static FIXED_WORDS: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        "二次供水 二次污染 二次装修 一次性 一站式 一体化 三方 三级 两级 四级 五级 一条龙 一条心 一盘棋 一张图 一张网 二维码 一线 一批 一件事 一支队伍 两会 两轮车 三轮车 四轮车 两轮电动 三轮电动 四轮电动 两轮摩托 三轮摩托 三农 三公 \
         四大班子 四套班子 五老 一把手 一票否决 一对一 一户一 一村一 一事一 一案一 八小时外 八项规定 百分制 千家万户 万无一失 一门式 一网通办 三产 一产 二产"
            .split_whitespace()
            .map(|word| (word, ())),
    )
});

/// Units in which things are counted or measured that a plan makes: with one of them a bare number is a demand.
pub(super) const THINGS: &[&str] = &[
    "座",
    "处",
    "平方米",
    "㎡",
    "平米",
    "公里",
    "千米",
    "米",
    "延米",
    "公顷",
    "亩",
    "吨",
    "盏",
    "根",
    "棵",
    "株",
    "台",
    "套",
    "辆",
    "块",
    "条",
    "家",
    "户",
    "所",
    "栋",
    "幢",
    "份",
    "册",
    "张",
    "期",
    "场",
    "场次",
    "篇",
    "元",
    "立方米",
    "间",
    "架",
    "部",
    "床",
    "只",
    "车位",
    "泊位",
    "口",
    "片",
    "幅",
    "支队伍",
    "平方公里",
    "公斤",
    "尾",
    "羽",
    "枚",
    "眼",
    "杆",
    "桶",
    "箱",
    "袋",
    "盆",
    "人次",
    "户次",
    "辆次",
    "条次",
    "件",
    "艘",
    "顶",
];
