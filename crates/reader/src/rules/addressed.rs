//! Lines that begin with who is to do what they say: 县城管局:清理…, 县林业局负责山体修复.

use chengjing_domain::plan::UnitRole::{self, Lead, Responsible};

use super::{markers::field_named, units};
use crate::chars::{CharSet, ends_clause, ends_with_any, is_blank, is_colon, is_han, starts_at};

/// How names of offices end; a kind of place (社区:设有宣传栏) is no office.
const OFFICES: &[&str] = &[
    "局",
    "办",
    "委",
    "部",
    "会",
    "联",
    "政府",
    "街道",
    "办事处",
    "办公室",
    "镇",
    "乡",
    "乡镇",
    "公司",
    "集团",
    "支队",
    "大队",
    "中队",
    "法院",
    "检察院",
    "管委会",
    "中心",
    "机关",
    "部门",
];

/// How names end that are places as well: sure only where 负责 or 牵头 says that they are who.
const HOUSES: &[&str] = &["所", "站", "院", "校", "学校", "队", "社区"];

/// Those of one character that no other word of some length ends with.
const SURE: &[&str] = &["局", "办", "委", "部", "机关", "部门"];

/// How they begin.
static SEATS: CharSet = CharSet::new("县市区省州旗镇乡各团");

/// What goes on behind a unit's name and a full stop.
const DUTY: &[&str] = &["负责", "承担", "牵头", "统筹", "抓好", "做好", "落实", "履行"];

/// Where the units end that the line begins with, and their part, if what they are to do follows.
pub(super) fn addressed(line: &[char]) -> Option<(usize, UnitRole)> {
    let ahead = &line[..line.len().min(31)];
    let stop =
        (2..ahead.len()).find(|&i| is_colon(line[i]) || line[i] == '。' || says_part(line, i).is_some())?;
    let role = says_part(line, stop);
    let sign = role.is_none();
    if sign && line[stop] == '。' && !DUTY.iter().any(|word| starts_at(line, stop + 1, word)) {
        return None;
    }
    let names = &line[..stop];
    if names.iter().any(|&c| ends_clause(c) || is_blank(c)) || field_named(names).is_some() {
        return None;
    }
    let behind = line[stop + 1..].iter().filter(|&&c| is_han(c)).count();
    let units = units::split(names, Responsible);
    (behind >= 6 && !units.is_empty() && units.iter().all(|unit| office(&unit.name, !sign)))
        .then_some((stop, role.unwrap_or(Responsible)))
}

/// Where the names end that a sentence begins with, and their part: 镇市监所负责,每周…; 镇中心校负责整治….
pub(super) fn begins_with_who(line: &[char]) -> Option<(usize, UnitRole)> {
    let told = crate::chars::find(line, "负责")?;
    let names = &line[..told];
    // 犬只免疫由县农业农村局负责 is read from its 由 on; *市农业农村局 says more than a name
    if !names.iter().all(|&c| is_han(c) && c != '由' || c == '、') {
        return None;
    }
    if line.get(told + 2) == Some(&',') {
        let units = (told >= 3).then(|| units::in_bracket(names)).flatten()?;
        return units.iter().all(|unit| units::is_whole(&unit.name)).then_some((told, Responsible));
    }
    addressed(line).filter(|&(stop, _)| stop == told)
}

/// 请县城管局于8月10日前完成…: where the names end, behind the 请, of those whom the item asks.
pub(crate) fn asked(line: &[char]) -> Option<usize> {
    const ON: &[&str] = &[
        "于",
        "对",
        "在",
        "按",
        "每",
        "尽快",
        "及时",
        "抓紧",
        "立即",
        "认真",
        "严格",
        "继续",
        "组织",
        "开展",
        "做好",
        "抓好",
        "加强",
        "落实",
        "完成",
        "制定",
        "负责",
        "牵头",
        "会同",
        "结合",
        "切实",
        "进一步",
    ];
    let ahead = line[..line.len().min(41)].strip_prefix(&['请'])?;
    let stop = (2..ahead.len()).find(|&i| ON.iter().any(|word| starts_at(ahead, i, word)))?;
    let names = &ahead[..stop];
    if names.iter().any(|&c| ends_clause(c) || is_blank(c)) {
        return None;
    }
    let units = units::split(names, Responsible);
    let sure = |name: &str| name.starts_with('各') || office(name, true);
    (!units.is_empty() && units.iter().all(|unit| sure(&unit.name))).then_some(stop + 1)
}

/// 负责 or 牵头 with what it is about behind it.
fn says_part(line: &[char], at: usize) -> Option<UnitRole> {
    let role = if starts_at(line, at, "负责") {
        Responsible
    } else if starts_at(line, at, "牵头") {
        Lead
    } else {
        return None;
    };
    // 县住建局负责人, 县住建局负责同志: who, not what
    line.get(at + 2)
        .is_some_and(|&c| is_han(c) && !matches!(c, '人' | '同' | '单' | '部' | '领' | '作' | '的'))
        .then_some(role)
}

fn office(name: &str, told: bool) -> bool {
    let chars: Vec<char> = name.chars().collect();
    let ends = ends_with_any(&chars, OFFICES) || told && ends_with_any(&chars, HOUSES);
    let named = ends && chars.len() >= 3 || chars.first() == Some(&'各');
    let seated =
        chars.first().is_some_and(|&c| SEATS.has(c)) || ends_with_any(&chars, SURE) || chars.len() >= 5;
    chars.len() >= 2 && named && seated && units::looks_like_unit(&chars)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_an_item_asks_is_named_behind_its_first_word() {
        for (line, expected) in [
            ("请县城管局于8月10日前完成维修", Some("县城管局")),
            ("请各街道每周报送一次进展", Some("各街道")),
            ("请县住建局、县公安局对小区开展整治", Some("县住建局、县公安局")),
            ("请认真抓好落实", None),
            ("请假制度在会前公布", None),
        ] {
            let chars: Vec<char> = line.chars().collect();
            let found = asked(&chars).map(|stop| chars[1..stop].iter().collect::<String>());
            assert_eq!(found, expected.map(str::to_owned), "{line}");
        }
    }

    #[test]
    fn a_line_that_begins_with_who_does_it_says_so() {
        for (line, expected) in [
            ("县城管局:清理背街小巷不少于60条", Some(("县城管局", Responsible))),
            ("县公安局、各街道:整治乱停乱放", Some(("县公安局、各街道", Responsible))),
            ("县教育局。负责校园周边整治", Some(("县教育局", Responsible))),
            ("县林业局负责山体修复和绿化", Some(("县林业局", Responsible))),
            ("县住建局牵头编制绿地规划", Some(("县住建局", Lead))),
            ("镇中心校负责整治校园周边", Some(("镇中心校", Responsible))),
            ("镇文化站:设有图书室和棋牌室", None),
            ("公安机关负责犬只登记管理", Some(("公安机关", Responsible))),
            ("县住建局负责人要亲自到场督办", None),
            ("采取文体局牵头的方式推进健身", None),
            ("社区:设有宣传栏和志愿服务站", None),
            ("责任单位:县城管局、县住建局", None),
            ("县教育局牵头,县卫健局配合", None),
            ("加强组织领导。各镇要高度重视", None),
        ] {
            let chars: Vec<char> = line.chars().collect();
            let found =
                addressed(&chars).map(|(stop, role)| (chars[..stop].iter().collect::<String>(), role));
            assert_eq!(found, expected.map(|(name, role)| (name.to_owned(), role)), "{line}");
        }
    }
}
