//! What the checklists of a plan become in a standard: a site type each, and a criterion for whatever is judged by itself.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::{Absent, Criterion, Proof, Scale, SiteType};
use crate::plan::{Checklist, ChecklistItem, Grading};

/// What taking checklists over did to the site types of a standard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gathered {
    pub site_types: usize,
    pub criteria: usize,
    /// Criteria that were there already, by their words.
    pub there: usize,
}

/// Adds the site types of those checklists to a standard's own. One that is there, by its title, gets the criteria that it has
/// not; so taking the same ones twice adds nothing the second time. `taken` holds the ids that others use already.
pub fn gather(own: &mut Vec<SiteType>, checklists: &[Checklist], taken: &HashSet<String>) -> Gathered {
    let mut gathered = Gathered::default();
    for checklist in checklists {
        let title = checklist.site_type.trim();
        let place = match own.iter().position(|one| one.title.trim() == title) {
            Some(place) => place,
            None => {
                let id = free("site", |id| taken.contains(id) || own.iter().any(|one| one.id == id));
                own.push(SiteType { id, title: title.to_owned(), criteria: Vec::new() });
                gathered.site_types += 1;
                own.len() - 1
            }
        };
        let criteria = &mut own[place].criteria;
        for (text, scale) in checklist.items.iter().flat_map(judged) {
            if criteria.iter().any(|one| one.text == text) {
                gathered.there += 1;
                continue;
            }
            let id = free("item", |id| criteria.iter().any(|one| one.id == id));
            let (exceptions, when) = (Vec::new(), None);
            let (proof, absent) = (Proof::default(), Absent::default());
            criteria.push(Criterion { id, text, exceptions, scale, when, proof, absent });
            gathered.criteria += 1;
        }
    }
    gathered
}

/// The first of `site-1`, `site-2`, … that nobody has.
fn free(stem: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut number = 1;
    loop {
        let id = format!("{stem}-{number}");
        if !is_taken(&id) {
            return id;
        }
        number += 1;
    }
}

/// What of an item is judged by itself: each of its parts, or the whole where the plan says what counts as which verdict.
fn judged(item: &ChecklistItem) -> Vec<(String, Scale)> {
    let text = item.text.trim();
    let parts: Vec<&str> =
        item.children.iter().map(|child| child.text.trim()).filter(|part| !part.is_empty()).collect();
    let rest = conditions(item);
    if item.grading.is_some() || parts.is_empty() {
        let mut whole = text.to_owned();
        if !parts.is_empty() {
            whole = format!("{}：{}", head(&whole), parts.join(""));
        }
        let whole = whole + &rest;
        return if whole.is_empty() { Vec::new() } else { vec![(whole, scale(item.grading.as_ref()))] };
    }
    parts
        .into_iter()
        .map(|part| {
            let words = if text.is_empty() { part.to_owned() } else { format!("{}：{part}", head(text)) };
            (words + &rest, Scale::Binary)
        })
        .collect()
}

/// A heading without the mark that leads over to its parts.
fn head(text: &str) -> &str {
    text.trim_end_matches(['：', ':', '；', ';', '。', '，', ','])
}

fn scale(grading: Option<&Grading>) -> Scale {
    match grading {
        Some(Grading { partly: Some(_), .. }) => Scale::ThreeStep { partly: Decimal::new(5, 1) },
        _ => Scale::Binary,
    }
}

/// What the plan says of verdicts and deductions, for the inspector to read.
fn conditions(item: &ChecklistItem) -> String {
    let grading = item.grading.clone().unwrap_or_default();
    let verdicts = [("符合", grading.met), ("基本符合", grading.partly), ("不符合", grading.not_met)];
    let mut said: Vec<String> =
        verdicts.into_iter().filter_map(|(word, when)| Some(format!("{word}：{}", when?.trim()))).collect();
    if !item.deductions.is_empty() {
        said.push(format!("扣分：{}", item.deductions.join("、")));
    }
    if said.is_empty() { String::new() } else { format!("（{}）", said.join("；")) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::plan::ChecklistChild;

    fn item(text: &str, children: &[&str], grading: Option<Grading>) -> ChecklistItem {
        let child = |text: &&str| ChecklistChild { number: None, text: (*text).to_owned() };
        ChecklistItem {
            text: text.to_owned(),
            children: children.iter().map(child).collect(),
            grading,
            ..ChecklistItem::default()
        }
    }

    fn checklist(title: &str, items: Vec<ChecklistItem>) -> Checklist {
        Checklist { site_type: title.to_owned(), items, ..Checklist::default() }
    }

    #[test]
    fn an_item_is_a_criterion_its_parts_are_some_and_what_it_says_of_verdicts_is_kept() {
        let grading = Grading {
            met: Some("全部达到".to_owned()),
            partly: Some("有一处不足".to_owned()),
            not_met: None,
        };
        let graded = item("设置公益广告：", &["位置醒目；", "内容完整"], Some(grading));
        let deducted = ChecklistItem {
            deductions: vec!["每处0.5分".to_owned()],
            ..item("无乱堆乱放", &[], None)
        };
        let parts = item("环境卫生：", &["地面干净", " 垃圾分类 "], None);
        let mut own = Vec::new();
        let gathered =
            gather(&mut own, &[checklist("农贸市场", vec![graded, deducted, parts])], &HashSet::new());
        assert_eq!(gathered, Gathered { site_types: 1, criteria: 4, there: 0 });
        let said: Vec<(&str, &str)> =
            own[0].criteria.iter().map(|one| (one.id.as_str(), one.text.as_str())).collect();
        assert_eq!(
            said,
            [
                ("item-1", "设置公益广告：位置醒目；内容完整（符合：全部达到；基本符合：有一处不足）"),
                ("item-2", "无乱堆乱放（扣分：每处0.5分）"),
                ("item-3", "环境卫生：地面干净"),
                ("item-4", "环境卫生：垃圾分类"),
            ]
        );
        assert_eq!(own[0].criteria[0].scale, Scale::ThreeStep { partly: Decimal::new(5, 1) });
        assert_eq!(own[0].criteria[2].scale, Scale::Binary);
    }

    #[test]
    fn a_site_type_that_is_there_gets_what_it_has_not_and_no_id_is_used_twice() {
        let mut own =
            vec![SiteType { id: "market".into(), title: "农贸市场".into(), criteria: Vec::new() }];
        let lists = [
            checklist(" 农贸市场", vec![item("亮证经营", &[], None)]),
            checklist("公园", vec![item("设施完好", &[], None)]),
        ];
        let taken = HashSet::from(["site-1".to_owned()]);
        let first = gather(&mut own, &lists, &taken);
        assert_eq!(first, Gathered { site_types: 1, criteria: 2, there: 0 });
        assert_eq!((own[0].id.as_str(), own[1].id.as_str()), ("market", "site-2"));
    }

    proptest! {
        #[test]
        fn taking_the_same_ones_twice_adds_nothing_and_no_words_are_lost(
            lists in prop::collection::vec(
                ("[甲乙丙]{1,2}", prop::collection::vec(("[a-e]{0,3}", prop::collection::vec("[f-j]{0,3}", 0..3), any::<bool>()), 0..4)),
                0..4,
            )
        ) {
            let lists: Vec<Checklist> = lists
                .into_iter()
                .map(|(title, items)| {
                    let graded = |is: bool| is.then(Grading::default);
                    let made = items.iter().map(|(text, parts, is)| {
                        item(text, &parts.iter().map(String::as_str).collect::<Vec<_>>(), graded(*is))
                    });
                    checklist(&title, made.collect())
                })
                .collect();
            let mut own = Vec::new();
            gather(&mut own, &lists, &HashSet::new());
            let before = own.clone();
            let again = gather(&mut own, &lists, &HashSet::new());
            prop_assert_eq!((again.site_types, again.criteria), (0, 0));
            prop_assert_eq!(&own, &before);
            for list in &lists {
                let site_type = own.iter().find(|one| one.title == list.site_type);
                let all: String = site_type.map(|one| one.criteria.iter().map(|c| c.text.as_str()).collect()).unwrap_or_default();
                for item in &list.items {
                    prop_assert!(all.contains(&item.text));
                    prop_assert!(item.children.iter().all(|child| all.contains(&child.text)));
                }
            }
        }
    }
}
