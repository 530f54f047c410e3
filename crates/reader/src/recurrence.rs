//! How often a duty comes back.

use std::sync::LazyLock;

use chengjing_domain::plan::Recurrence::{
    self, Annual, Daily, Monthly, Quarterly, Semester, Semiannual, Semimonthly, Weekly,
};

use crate::words::Words;

/// What names a rhythm. 日产日清 and 当日 name none: they say how fast, not how often.
static RHYTHMS: LazyLock<Words<Option<Recurrence>>> = LazyLock::new(|| {
    Words::new([
        ("每天", Some(Daily)),
        ("每日", Some(Daily)),
        ("每一天", Some(Daily)),
        ("天天", Some(Daily)),
        ("一日一", Some(Daily)),
        ("一天一", Some(Daily)),
        ("日巡查", Some(Daily)),
        ("日调度", Some(Daily)),
        ("日通报", Some(Daily)),
        ("每周", Some(Weekly)),
        ("每星期", Some(Weekly)),
        ("每个星期", Some(Weekly)),
        ("一周一", Some(Weekly)),
        ("周调度", Some(Weekly)),
        ("周通报", Some(Weekly)),
        ("周督查", Some(Weekly)),
        ("周例会", Some(Weekly)),
        ("按周", Some(Weekly)),
        ("逐周", Some(Weekly)),
        ("每周边", None),
        ("每半月", Some(Semimonthly)),
        ("每半个月", Some(Semimonthly)),
        ("每两周", Some(Semimonthly)),
        ("每2周", Some(Semimonthly)),
        ("每15日", Some(Semimonthly)),
        ("每15天", Some(Semimonthly)),
        ("每十五天", Some(Semimonthly)),
        ("隔周", Some(Semimonthly)),
        ("半月一", Some(Semimonthly)),
        ("每月", Some(Monthly)),
        ("每个月", Some(Monthly)),
        ("一月一", Some(Monthly)),
        ("月调度", Some(Monthly)),
        ("月通报", Some(Monthly)),
        ("月督查", Some(Monthly)),
        ("月考核", Some(Monthly)),
        ("月评比", Some(Monthly)),
        ("月点评", Some(Monthly)),
        ("按月", Some(Monthly)),
        ("逐月", Some(Monthly)),
        ("分月", Some(Monthly)),
        ("部分月", None),
        ("每季", Some(Quarterly)),
        ("每个季度", Some(Quarterly)),
        ("一季一", Some(Quarterly)),
        ("一季度一", Some(Quarterly)),
        ("季考核", Some(Quarterly)),
        ("季通报", Some(Quarterly)),
        ("季评比", Some(Quarterly)),
        ("按季", Some(Quarterly)),
        ("分季度", Some(Quarterly)),
        ("逐季", Some(Quarterly)),
        ("每半年", Some(Semiannual)),
        ("半年一", Some(Semiannual)),
        ("上下半年", Some(Semiannual)),
        ("上、下半年", Some(Semiannual)),
        ("春秋两季", Some(Semiannual)),
        ("春、秋两季", Some(Semiannual)),
        ("春、秋季", Some(Semiannual)),
        ("按半年", Some(Semiannual)),
        ("春季和秋季", Some(Semiannual)),
        ("每学期", Some(Semester)),
        ("每学年", Some(Annual)),
        ("每个学期", Some(Semester)),
        ("每年", Some(Annual)),
        ("每一年", Some(Annual)),
        ("每个年度", Some(Annual)),
        ("一年一", Some(Annual)),
        ("年评比", Some(Annual)),
        ("按年", Some(Annual)),
        // how papers are sorted: 按年度归档
        ("按年度", None),
    ])
});

/// The most frequent rhythm that the text names.
pub(crate) fn recurrence(text: &[char]) -> Option<Recurrence> {
    let mut best: Option<Recurrence> = None;
    let mut i = 0;
    while let Some((at, rhythm, len)) = RHYTHMS.find(text, i) {
        i = at + len;
        // 十一月一日, 八月一日: a date, no rhythm
        let dated = text[at] == '一' && i < text.len() && matches!(text[i], '日' | '号');
        let dated = dated || (text[at] == '月' && at > 0 && text[at - 1].is_ascii_digit());
        if let Some(rhythm) = rhythm
            && !dated
        {
            best = Some(best.map_or(rhythm, |best| best.min(rhythm)));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_rhythm_counts() {
        for (text, expected) in [
            ("每月组织一次", Some(Monthly)),
            ("每季度评议、每月讲评", Some(Monthly)),
            ("每半年培训", Some(Semiannual)),
            ("每学期一课", Some(Semester)),
            ("垃圾日产日清", None),
            ("当日办结", None),
            ("春秋两季灭鼠", Some(Semiannual)),
            ("每月25日前报送", Some(Monthly)),
            ("一周一通报、一月一排名", Some(Weekly)),
            ("每年4月", Some(Annual)),
            ("十一月一日", None),
            ("清理每周边死角", None),
            ("分季度推进", Some(Quarterly)),
            ("按年度归集档案", None),
        ] {
            let chars: Vec<char> = text.chars().collect();
            assert_eq!(recurrence(&chars), expected, "{text}");
        }
    }
}
