//! Standards for kinds of sites: a heading that names a kind of place (see [`super::sites`]), and the numbered demands
//! below.

use std::sync::LazyLock;

use chengjing_domain::plan::{Checklist, ChecklistChild, ChecklistItem, Span};

use super::{
    grading::{deductions, grading},
    markers,
    sites::{is_label, site_of_heading},
};
use crate::{
    chars::{contains_any, is_colon, string, trim},
    outline::{
        numbering::Style,
        tree::{Node, Tree},
    },
    words::Words,
};

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
    let under = under_titles(text, tree);
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
        let sections = in_sections(text, tree, &own);
        if let (false, Some(&first), Some(&last)) = (sites || sections, own.first(), own.last()) {
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
        // 一、楼道 / 对标要求: / □…: the label below the name says that standards follow
        let label = text[head_end..node.own_end.max(head_end)].split(|&c| c == '\n').nth(1);
        let labelled = label.is_some_and(|line| line.last().is_some_and(|&c| is_colon(c)) && is_label(line));
        let context =
            labelled || titled || under[at] || tree.ancestors(at).iter().any(|&above| announced[above]);
        let items: Vec<usize> =
            tree.items(at).filter(|&child| tree.nodes[child].style != Some(Style::Title)).collect();
        let site = node
            .style
            .filter(|style| !style.running() && !items.is_empty())
            .and_then(|_| site_of_heading(&text[node.head..head_end], context));
        // 卫生镇村考核标准 / 一、集镇 / 1.…: the kinds of places are those below
        let kind = |item: usize, context: bool| {
            site_of_heading(heading_of(text, &tree.nodes[item]), context).is_some()
        };
        let kinds_below = || {
            items.iter().any(|&item| kind(item, false))
                || items.iter().all(|&item| kind(item, true) && tree.items(item).next().is_some())
        };
        if let Some(site_type) = site.filter(|_| !kinds_below() && !in_sections(text, tree, &items)) {
            let checklist = Checklist {
                site_type,
                items: demands(tree, &under_labels(text, tree, &items))
                    .iter()
                    .map(|&item| item_of(text, tree, item))
                    .collect(),
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
        // the heading of a table: the rows are the demands, the heading asks for nothing
        if items.is_empty()
            && node.style.is_some_and(|style| !style.running())
            && trim(text, node.head.min(node.own_end), node.own_end).1 <= head_end
            && site_of_heading(&text[node.head.min(head_end)..head_end], false).is_some()
        {
            found.push(Found { checklist: None, node: at });
        }
        at += 1;
    }
    found
}

/// 一、组织建设 1.… 2.… 二、环境面貌 1.…: a plan in sections, though its title says 标准.
fn in_sections(text: &[char], tree: &Tree, items: &[usize]) -> bool {
    items.len() >= 2
        && items.iter().all(|&item| {
            let node = &tree.nodes[item];
            node.style == Some(Style::Cn)
                && trim(text, node.head.min(node.own_end), node.own_end).1
                    <= node.head + heading_of(text, node).len()
                && tree.items(item).next().is_some_and(|first| tree.nodes[first].number == 1)
        })
}

/// 六、公共广场 / (一)测评标准 / 1.… / (二)责任单位:…: the demands stand under the label; who answers for the place is none.
fn under_labels(text: &[char], tree: &Tree, items: &[usize]) -> Vec<usize> {
    let label =
        |item: usize| is_label(heading_of(text, &tree.nodes[item])) && tree.items(item).next().is_some();
    if !items.iter().any(|&item| label(item)) {
        return items.to_vec();
    }
    let answers = |item: usize| markers::starts_at(text, tree.nodes[item].head);
    let demands = items.iter().filter(|&&item| !answers(item));
    demands.flat_map(|&item| if label(item) { tree.items(item).collect() } else { vec![item] }).collect()
}

/// The items of a list; where they only group demands that are counted through (㈠ 1. 2. ㈡ 3. 4.), those demands.
fn demands(tree: &Tree, items: &[usize]) -> Vec<usize> {
    let below: Vec<Vec<usize>> = items.iter().map(|&item| tree.items(item).collect()).collect();
    let number = |item: Option<&usize>| item.map(|&item| tree.nodes[item].number);
    let counted_through = below.len() >= 2
        && below
            .windows(2)
            .all(|pair| number(pair[0].last()).is_some_and(|last| number(pair[1].first()) == Some(last + 1)));
    if counted_through { below.concat() } else { items.to_vec() }
}

/// For each node: does it stand under a title of its own (an annex has one) that says standards follow?
fn under_titles(text: &[char], tree: &Tree) -> Vec<bool> {
    let mut says = false;
    let mut before = tree.nodes[0].start;
    let under = |node: &Node| {
        if node.parent == 0 && node.style.is_some() {
            for line in text[before.min(node.start)..node.start].split(|&c| c == '\n') {
                if says_standard(line) && line.len() <= 40 {
                    says = true;
                } else if crate::parts::is_title(line) {
                    says = false;
                }
            }
            before = node.end;
        }
        says
    };
    tree.nodes.iter().map(under).collect()
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
            "测评细则",
            "考评细则",
            "检查细则",
            "验收细则",
            "评分细则",
            "点位要求",
            "点位考察",
            "点位测评",
        ]
        .map(|word| (word, ())),
    )
});

fn says_standard(heading: &[char]) -> bool {
    let stop = heading.iter().position(|&c| c == '\n' || c == '。').unwrap_or(heading.len());
    let heading = &heading[..stop];
    STANDARDS.is_in(heading)
        || contains_any(heading, &["点位", "实地考察", "实地测评"])
            && contains_any(heading, &["要求", "规范", "要点", "细则", "指南", "手册"])
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
