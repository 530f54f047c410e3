//! Which names mean the same unit, and what sort of body a name is.
//!
//! Plans write 县文明办 on one page and 县精神文明建设指导委员会办公室 on the next. The rules here only propose; a
//! person confirms.

use serde::{Deserialize, Serialize};

use super::UnitKind;

/// Why two names are taken for one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// The same name but for blanks, brackets' width and the place's 县, 市 or 区 in front.
    Name,
    /// One is the other's short form: its characters stand in the long name in the same order, it begins alike and
    /// ends in the same kind of body (办 = 办公室, 委 = 委员会).
    ShortForm,
}

/// Endings that say what sort of body a unit is, longest first where one contains another.
const ENDINGS: &[(&str, UnitKind)] = &[
    ("领导小组", UnitKind::WorkingGroup),
    ("工作组", UnitKind::WorkingGroup),
    ("专班", UnitKind::WorkingGroup),
    ("小组", UnitKind::WorkingGroup),
    ("组", UnitKind::WorkingGroup),
    ("街道办事处", UnitKind::Street),
    ("街道办", UnitKind::Street),
    ("街道", UnitKind::Street),
    ("镇政府", UnitKind::Street),
    ("乡政府", UnitKind::Street),
    ("镇党委", UnitKind::Street),
    ("镇街", UnitKind::Street),
    ("乡镇", UnitKind::Street),
    ("镇", UnitKind::Street),
    ("乡", UnitKind::Street),
    ("街办", UnitKind::Street),
    ("社区居委会", UnitKind::Community),
    ("居委会", UnitKind::Community),
    ("村委会", UnitKind::Community),
    ("社区", UnitKind::Community),
    ("村社", UnitKind::Community),
    ("村", UnitKind::Community),
    ("公司", UnitKind::Enterprise),
    ("集团", UnitKind::Enterprise),
    ("银行", UnitKind::Enterprise),
    ("企业", UnitKind::Enterprise),
    ("商场", UnitKind::Enterprise),
    ("超市", UnitKind::Enterprise),
    ("厂", UnitKind::Enterprise),
];

/// Beginnings that make a name stand for several units.
const PLURAL_BEGINNINGS: &[&str] =
    &["各", "有关", "相关", "其他", "其它", "所有", "全体", "全县", "全市", "全区"];

/// Words inside a name that make it stand for several units (县直各单位, 市级有关部门).
const PLURAL_INSIDE: &[&str] = &[
    "各单位",
    "各部门",
    "各乡",
    "各镇",
    "各街",
    "各社区",
    "各村",
    "有关部门",
    "有关单位",
    "相关部门",
    "相关单位",
    "等单位",
    "等部门",
];

/// What sort of body a name is; a department where nothing says otherwise.
pub fn kind_of(name: &str) -> UnitKind {
    let name = normal(name);
    let plural = PLURAL_BEGINNINGS.iter().any(|word| name.starts_with(word))
        || PLURAL_INSIDE.iter().any(|word| name.contains(word));
    if plural {
        return UnitKind::Group;
    }
    ENDINGS.iter().find(|(ending, _)| name.ends_with(ending)).map_or(UnitKind::Department, |(_, kind)| *kind)
}

/// Which sort of units a group's name (各乡镇, 各社区) stands for; None where it does not say.
pub fn kind_of_members(group: &str) -> Option<UnitKind> {
    let name = normal(group);
    let singular =
        PLURAL_BEGINNINGS.iter().fold(name.as_str(), |name, word| name.strip_prefix(word).unwrap_or(name));
    ENDINGS.iter().find(|(ending, _)| singular.ends_with(ending)).map(|(_, kind)| *kind).or_else(|| {
        (singular.contains("部门") || singular.contains("单位") || singular.contains('局'))
            .then_some(UnitKind::Department)
    })
}

/// A name without blanks, with half-width brackets made full-width.
pub fn normal(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}' | '\u{feff}'))
        .map(|c| match c {
            '(' => '\u{ff08}',
            ')' => '\u{ff09}',
            other => other,
        })
        .collect()
}

/// Whether two names are one unit's, and why.
pub fn alike(one: &str, other: &str) -> Option<Likeness> {
    let (one, other) = (normal(one), normal(other));
    if one == other || without_place(&one) == without_place(&other) {
        return Some(Likeness::Name);
    }
    let (short, long) =
        if one.chars().count() <= other.chars().count() { (&one, &other) } else { (&other, &one) };
    short_form(without_place(short), without_place(long)).then_some(Likeness::ShortForm)
}

/// 县教育局 → 教育局; 县委 stays, as there the place is the name.
fn without_place(name: &str) -> &str {
    let rest = ['县', '市', '区'].iter().find_map(|place| name.strip_prefix(*place)).unwrap_or(name);
    if rest.chars().count() >= 3 { rest } else { name }
}

fn short_form(short: &str, long: &str) -> bool {
    let (Some((short_stem, short_body)), Some((long_stem, long_body))) =
        (split_body(short), split_body(long))
    else {
        return false;
    };
    // 办 beside 办: two offices with names of their own (政府办, 政府法制办); 办 beside 办公室: one may shorten the other.
    let one_office = short_body != "办" || long_body == "办公室";
    if short_stem.is_empty() || !same_body(short_body, long_body) || !one_office {
        return false;
    }
    let mut rest = long_stem.chars();
    let in_order = short_stem.chars().all(|wanted| rest.any(|found| found == wanted));
    // A short form picks its characters from all over the name; one lone character proves nothing.
    in_order && short_stem.chars().count() >= 2 && !generic(short_stem)
}

/// Words so general that they shorten nothing in particular.
fn generic(stem: &str) -> bool {
    matches!(stem, "工作" | "管理" | "服务" | "综合" | "人民" | "建设")
}

/// (full word, short word) of bodies, the full word first.
const BODIES: &[(&str, &str)] = &[
    ("办公室", "办"),
    ("委员会", "委"),
    ("局", "局"),
    ("办", "办"),
    ("委", "委"),
    ("部", "部"),
    ("中心", "中心"),
    ("支队", "队"),
    ("大队", "队"),
    ("中队", "队"),
    ("联合会", "联"),
    ("联", "联"),
    ("院", "院"),
    ("站", "站"),
    ("所", "所"),
    ("会", "会"),
];

fn split_body(name: &str) -> Option<(&str, &'static str)> {
    BODIES.iter().find_map(|(full, _)| name.strip_suffix(full).map(|stem| (stem, *full)))
}

fn same_body(one: &str, other: &str) -> bool {
    let short = |body: &str| BODIES.iter().find(|(full, _)| *full == body).map(|(_, short)| *short);
    short(one) == short(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_unit_are_found_alike_and_others_are_not() {
        use Likeness::{Name, ShortForm};
        let cases = [
            ("县文明办", "县精神文明建设指导委员会办公室", Some(ShortForm)),
            ("文明办", "县文明办", Some(Name)),
            ("县 文明 办", "县文明办", Some(Name)),
            ("县住建局", "县住房和城乡建设局", Some(ShortForm)),
            ("住建局", "县住房和城乡建设局", Some(ShortForm)),
            ("县人社局", "县人力资源和社会保障局", Some(ShortForm)),
            ("县教体局", "县教育体育局", Some(ShortForm)),
            ("县市场监管局", "县市场监督管理局", Some(ShortForm)),
            ("县发改委", "县发展和改革委员会", Some(ShortForm)),
            ("县城管执法局", "县城市管理综合行政执法局", Some(ShortForm)),
            ("县妇联", "县妇女联合会", None),
            ("县政府办", "县政府法制办", None),
            ("县委办", "县委宣传部", None),
            ("县委", "县纪委", None),
            ("县民政局", "县财政局", None),
            ("县农业农村局", "县林业局", None),
            ("县水利局", "县水务局", None),
            ("西河镇", "东河镇", None),
        ];
        for (one, other, expected) in cases {
            assert_eq!(alike(one, other), expected, "{one} ~ {other}");
            assert_eq!(alike(other, one), expected, "{other} ~ {one}");
        }
    }

    #[test]
    fn a_name_says_what_sort_of_body_it_is() {
        let cases = [
            ("县教育局", UnitKind::Department),
            ("县委宣传部", UnitKind::Department),
            ("城关镇", UnitKind::Street),
            ("城东街道办事处", UnitKind::Street),
            ("柳园社区", UnitKind::Community),
            ("县自来水公司", UnitKind::Enterprise),
            ("市容环境组", UnitKind::WorkingGroup),
            ("各乡镇", UnitKind::Group),
            ("县直各单位", UnitKind::Group),
            ("有关金融机构", UnitKind::Group),
        ];
        for (name, expected) in cases {
            assert_eq!(kind_of(name), expected, "{name}");
        }
        assert_eq!(kind_of_members("各乡镇"), Some(UnitKind::Street));
        assert_eq!(kind_of_members("各社区"), Some(UnitKind::Community));
        assert_eq!(kind_of_members("县直各单位"), Some(UnitKind::Department));
        assert_eq!(kind_of_members("各相关方面"), None);
    }
}
