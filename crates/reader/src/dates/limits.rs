//! What dates say of a duty or a phase: from when, until when.

use chengjing_domain::plan::PlanDate;

use super::{Mention, Says, mentions};
use crate::chars::{contains, ends_clause, starts_at};

/// What a marker's value or a table's cell says: its start and its end; a single date is the end.
pub(crate) fn limits(text: &[char]) -> (Option<PlanDate>, Option<PlanDate>) {
    let (mut start, mut due) = (None, None);
    for mention in mentions(text) {
        match mention.says {
            Says::Stretch(from, to) => {
                start = start.or(from);
                due = to.or(due);
            }
            Says::From(date) => start = start.or(Some(date)),
            Says::Before(date) | Says::At(date) => due = Some(date),
        }
    }
    (start, due)
}

/// A phase's bounds: a single date is both.
pub(crate) fn bounds(text: &[char]) -> Option<(Option<PlanDate>, Option<PlanDate>)> {
    mentions(text).first().map(|mention| match mention.says {
        Says::Stretch(from, to) => (from, to),
        Says::From(date) => (Some(date), None),
        Says::Before(date) => (None, Some(date)),
        Says::At(date) => (Some(date), Some(date)),
    })
}

/// Words behind a date that make it the name of a day, a document or an event rather than a deadline.
const NO_DEADLINE_BEHIND: &[&str] = &[
    "的",
    "印发",
    "会议",
    "学雷锋",
    "世界",
    "全国",
    "国际",
    "爱国卫生",
    "召开的",
    "下发",
    "以来",
    "出台",
    "文件",
    "通知",
    "前后",
    "精神",
    "度",
    "版",
    "届",
    "第",
    "份以来",
    "初次",
];

/// Start and deadline as the running text of a duty gives them: 6月底前 and a plain 2023年6月 are deadlines, the last one
/// counts; a bare year only where something says "by". `mentions` are the text's.
pub(crate) fn limits_in_prose(text: &[char], mentions: &[Mention]) -> (Option<PlanDate>, Option<PlanDate>) {
    let (mut start, mut due) = (None, None);
    for mention in mentions {
        let behind = &text[mention.end..];
        // 3月22日世界水日当天举行…: the day is named, and it is done on it
        let clause = behind.iter().take(12).position(|&c| ends_clause(c)).unwrap_or(behind.len().min(12));
        let on_it = ["当天", "当日", "期间", "之际"].iter().any(|word| contains(&behind[..clause], word));
        let skip = in_title(text, mention.at)
            || !on_it && NO_DEADLINE_BEHIND.iter().any(|word| starts_at(behind, 0, word))
            // 上半年工作小结, 一季度考核: which one, not until when
            || text[mention.at..mention.end].iter().rev().take(2).any(|c| matches!(c, '半' | '季'))
                && ["工作", "重点", "任务", "考核", "测评", "评估", "总结", "小结", "情况"]
                    .iter()
                    .any(|word| starts_at(behind, 0, word));
        match mention.says {
            Says::Stretch(from, to) => {
                start = start.or(from);
                due = to.or(due);
            }
            Says::From(date) => start = start.or(Some(date)),
            Says::Before(date) => due = Some(date),
            Says::At(_) if skip => {}
            Says::At(date) if date.month().is_some() => due = Some(date),
            Says::At(date) => {
                let written = &text[mention.at..mention.end];
                let lead = mention.at.checked_sub(1).map(|i| text[i]);
                let by = matches!(lead, Some('到' | '至' | '于' | '在' | '争'))
                    || written.ends_with(&['底'])
                    || written.ends_with(&['末'])
                    || (written.len() >= 4
                        && date.year().is_some()
                        && matches!(behind.first(), Some(',' | '完' | '实' | '内' | '建')));
                if by {
                    due = Some(date);
                }
            }
        }
    }
    (start, due)
}

/// Does the date stand in the title of a document (《…》)?
fn in_title(text: &[char], at: usize) -> bool {
    let from = at.saturating_sub(40);
    let open = text[from..at].iter().rposition(|&c| c == '《');
    let close = text[from..at].iter().rposition(|&c| c == '》');
    open.is_some() && open > close
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(pair: (Option<PlanDate>, Option<PlanDate>)) -> String {
        let side = |date: Option<PlanDate>| date.map_or_else(|| "-".to_owned(), |date| date.to_string());
        format!("{} {}", side(pair.0), side(pair.1))
    }

    #[test]
    fn a_value_gives_start_and_due() {
        for (text, expected) in [
            ("2024年6月底前", "- 2024-06"),
            ("2024年6月30日前", "- 2024-06-30"),
            ("2024 年 6 月 30 日之前", "- 2024-06-30"),
            ("6月底", "- XXXX-06"),
            ("2024年底", "- 2024"),
            ("2024年年底前", "- 2024"),
            ("年底前", "- XXXX"),
            ("今年年底前", "- XXXX"),
            ("长期坚持", "- -"),
            ("每月25日前", "- -"),
            ("每年4月底前", "- -"),
            ("2024年5月至8月", "2024-05 2024-08"),
            ("2023年5月-8月", "2023-05 2023-08"),
            ("2023年5月—2024年8月", "2023-05 2024-08"),
            ("5—8月", "XXXX-05 XXXX-08"),
            ("6月17日至6月27日", "XXXX-06-17 XXXX-06-27"),
            ("3月1日-15日", "XXXX-03-01 XXXX-03-15"),
            ("2024.5.26", "- 2024-05-26"),
            ("2024-05-26", "- 2024-05-26"),
            ("2024/5", "- 2024-05"),
            ("2024.3.1—2024.5.31", "2024-03-01 2024-05-31"),
            ("20xx年3月2日-20xx年3月9日", "XXXX-03-02 XXXX-03-09"),
            ("20xx年11月2日至2022年2月5日", "XXXX-11-02 2022-02-05"),
            ("即日起至20xx年12月20日", "- XXXX-12-20"),
            ("20xx年1月15日至全国验收", "XXXX-01-15 -"),
            ("从2024年7月1日起", "2024-07-01 -"),
            ("8月1日以后", "XXXX-08-01 -"),
            ("2024年第三季度", "- 2024-09"),
            ("上半年", "- XXXX-06"),
            ("2024年下半年", "- 2024-12"),
            ("2024年第二、三季度", "2024-04 2024-09"),
            ("5、6月份", "XXXX-05 XXXX-06"),
            ("2025—2027年", "2025 2027"),
            ("2025-2026年底", "2025 2026"),
            ("一、二季度", "XXXX-01 XXXX-06"),
            ("12月1日至12月中旬", "XXXX-12-01 XXXX-12"),
            ("二〇二四年六月底前", "- 2024-06"),
            ("十月底前", "- XXXX-10"),
            ("2024年13月", "- 2024"),
        ] {
            let chars: Vec<char> = text.chars().collect();
            assert_eq!(show(limits(&chars)), expected, "{text}");
        }
    }

    #[test]
    fn prose_gives_start_and_due() {
        for (text, expected) in [
            ("2023年6月,组织全县社区开展签名", "- 2023-06"),
            ("宣传册在2023年8月之前印好", "- 2023-08"),
            ("2024年3月启动,6月底前完成改造", "- 2024-06"),
            ("对照2023年5月印发的清单整改", "- -"),
            ("提供近两年的资料(20xx年和20xx年)", "- -"),
            ("年内要命名一批单位", "- -"),
            ("到2025年,绿地率达到40%", "- 2025"),
            ("落实《2024年6月重点任务》要求", "- -"),
            ("从今年9月起,每周巡查", "XXXX-09 -"),
            ("于5月26日前送创建办", "- XXXX-05-26"),
            ("每月25日前报送", "- -"),
            ("下半年建成投用", "- XXXX-12"),
            ("上报上半年工作小结", "- -"),
        ] {
            let chars: Vec<char> = text.chars().collect();
            assert_eq!(show(limits_in_prose(&chars, &mentions(&chars))), expected, "{text}");
        }
    }
}
