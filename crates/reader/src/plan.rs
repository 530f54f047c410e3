//! One part of a document into one plan: the rules in their order.

use chengjing_domain::plan::{Plan, PlanKind, Span, UnitRole};

use crate::{
    clean::Note,
    outline::tree::{self, Tree},
    parts::{self, Part},
    problem::ProblemKind,
    rules::{
        assessment, checklists, duties, groups,
        markers::{self, Field, Mark},
        phases,
    },
    table::{read, rows::Table},
};

/// Reads a part; remarks carry the place in the cleaned text.
pub(crate) fn read(text: &[char], part: &Part, tables: &[Table]) -> (Plan, Vec<Note>) {
    let kind = parts::kind(&text[part.body..part.end], &part.title);
    let mut plan = Plan {
        title: part.title.clone(),
        kind,
        span: Span { start: part.start, end: part.end },
        ..Plan::default()
    };
    let first = tables.partition_point(|table| table.start < part.body);
    let tables: &[Table] = &tables[first..];
    let tables = &tables[..tables.partition_point(|table| table.end <= part.end)];
    let skip: Vec<(usize, usize)> = tables.iter().map(|table| (table.start, table.end)).collect();
    let title: Vec<char> = part.title.chars().collect();
    let tree = tree::build(text, part.body, part.end, &skip);
    let mut notes = restored(text, &tree);
    plan.assessment = assessment::assessment(text, part.body, part.end);
    if kind != PlanKind::Report {
        let nameless = fill(text, part, &tree, &title, &skip, &mut plan);
        notes.extend(nameless.iter().map(|mark| without_name(text, mark)));
        for table in tables {
            let said = read::read(text, table, line_above(text, table.start, part.body));
            plan.duties.extend(said.duties);
            plan.phases.extend(said.phases);
            plan.checklists.extend(said.checklists);
            plan.groups.extend(said.groups);
            if let Some(&origin) = table.guessed.first() {
                let kind = ProblemKind::CellsMissing { times: table.guessed.len() };
                notes.push(Note { origin: origin as u32, kind });
            }
            if let Some(&(origin, (from, to))) = said.taken_over.first() {
                let value = text[from..to].iter().take(40).collect();
                let kind = ProblemKind::BlanksTakenOver { value, times: said.taken_over.len() };
                notes.push(Note { origin: origin as u32, kind });
            }
        }
        notes.sort_by_key(|note| note.origin);
        if !tables.is_empty() {
            plan.duties.sort_by_key(|duty| duty.span.start);
            plan.phases.sort_by_key(|phase| phase.span.start);
            plan.groups.sort_by_key(|group| group.span.start);
        }
    }
    (plan, notes)
}

/// Fills the plan; what it gives back are the markers without a name.
fn fill(
    text: &[char],
    part: &Part,
    tree: &Tree,
    title: &[char],
    skip: &[(usize, usize)],
    plan: &mut Plan,
) -> Vec<Mark> {
    let count = tree.nodes.len();
    let mut taken = duties::Taken {
        phases: vec![false; count],
        told: vec![0; count],
        checklists: vec![false; count],
        groups: vec![false; count],
    };
    for found in checklists::checklists(text, tree, title) {
        taken.checklists[found.node] = true;
        plan.checklists.extend(found.checklist);
    }
    let lists: Vec<(usize, usize)> =
        plan.checklists.iter().map(|list| (list.span.start, list.span.end)).collect();
    let inside = |spans: &[(usize, usize)], at: usize| {
        spans.get(spans.partition_point(|span| span.1 <= at)).is_some_and(|span| span.0 <= at)
    };
    let mut found_phases = Vec::new();
    for found in phases::phases(text, tree) {
        match found.node {
            Some(node) => taken.phases[node] = true,
            None => {
                let span = &found.phase.span;
                taken.told[innermost(tree, span.start, span.end)] += 1;
            }
        }
        found_phases.push(found.phase);
    }
    plan.phases = found_phases;
    let mut found_groups = Vec::new();
    let mut seated = Vec::new();
    for found in groups::groups(text, part.body, part.end, tree) {
        if inside(&lists, found.group.span.start) || inside(skip, found.group.span.start) {
            continue;
        }
        if let Some(node) = found.node {
            // a group that has units answer for the items of its task is a duty besides
            let own = &tree.nodes[node];
            taken.groups[node] = tree.items(node).next().is_none()
                || !markers::marks(text, own.head.min(own.own_end), own.own_end)
                    .iter()
                    .any(|mark| matches!(mark.field, Field::Unit(UnitRole::Lead | UnitRole::Responsible)));
        } else {
            // 第一工作组:负责…,成员单位:…: who sits in a group answers for no duty
            let Span { start, end } = found.group.span;
            let end = crate::chars::line_end(text, end, part.end);
            let marks = markers::marks(text, start, end);
            if !marks.is_empty()
                && marks
                    .iter()
                    .all(|mark| matches!(mark.field, Field::Unit(UnitRole::Support) | Field::Person))
            {
                seated.push((start, end));
                // 二、工作分组, with nothing below it but groups
                let node = innermost(tree, start, end);
                let own = &tree.nodes[node];
                let (from, to) = crate::chars::trim(text, own.head.min(start), start);
                let heading = !text[from..to].iter().any(|&c| crate::chars::ends_clause(c) || c == '\n');
                taken.groups[node] |= heading && to - from <= 14 && own.style.is_some();
            }
        }
        found_groups.push(found.group);
    }
    plan.groups = found_groups;
    let mut skip = [skip, &seated].concat();
    skip.sort_unstable();
    let (duties, nameless) = duties::duties(text, tree, &taken, plan.kind, &skip);
    plan.duties = duties;
    nameless
}

/// The innermost item that a stretch stands in.
fn innermost(tree: &Tree, start: usize, end: usize) -> usize {
    let mut node = tree.nodes.partition_point(|node| node.start <= start).saturating_sub(1);
    while node > 0 && tree.nodes[node].end < end {
        node = tree.nodes[node].parent;
    }
    node
}

/// The line right above a table.
fn line_above(text: &[char], at: usize, floor: usize) -> &[char] {
    let mut end = at;
    while end > floor && text[end - 1].is_whitespace() {
        end -= 1;
    }
    let start = text[floor..end].iter().rposition(|&c| c == '\n').map_or(floor, |i| floor + i + 1);
    &text[start..end]
}

fn without_name(text: &[char], mark: &Mark) -> Note {
    let word = text[mark.start..mark.from.max(mark.start)].iter().filter(|c| c.is_alphanumeric()).take(12);
    Note { origin: mark.start as u32, kind: ProblemKind::MarkerWithoutName { marker: word.collect() } }
}

fn restored(text: &[char], tree: &Tree) -> Vec<Note> {
    tree.nodes
        .iter()
        .filter(|node| node.restored)
        .map(|node| Note {
            origin: node.start as u32,
            kind: ProblemKind::NumberRestored {
                printed: text[node.start..node.printed].iter().collect(),
                number: node.number,
            },
        })
        .collect()
}

/// Does the plan hold nothing?
pub(crate) fn is_bare(plan: &Plan) -> bool {
    plan.duties.is_empty() && plan.phases.is_empty() && plan.checklists.is_empty() && plan.groups.is_empty()
}
