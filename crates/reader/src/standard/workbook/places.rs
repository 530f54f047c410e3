//! The tree of a standard from its rows.

use chengjing_domain::standard::sheet::{Found, Kind};

use super::{
    Reading, Tree, Value,
    grid::{Grid, Record, text_of},
    set,
};
use crate::source::Value as Held;

struct Node {
    record: Record,
    title: String,
    children: Vec<usize>,
    measures: Vec<Tree>,
}

/// The places at the top, each with all below it.
pub(super) fn tree(reading: &mut Reading, grid: &Grid<'_>) -> Vec<Tree> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut top: Vec<usize> = Vec::new();
    // The place that was read last, below those above it.
    let mut open: Vec<usize> = Vec::new();
    let code_at = grid.at("code", false).map(|(_, at)| at);
    let marks_at = grid.at("marks", false).map(|(_, at)| at);
    for row in grid.rows() {
        let titles: Vec<(usize, u32, String)> = grid
            .levels
            .iter()
            .filter_map(|(level, at)| Some((*level, *at, title(grid.held(row, *at)?))))
            .collect();
        let says = |at: Option<u32>| at.and_then(|at| grid.held(row, at));
        let same = |nodes: &[Node]| {
            let Some(last) = open.last().map(|last| &nodes[*last]) else { return false };
            let code = says(code_at).map(title);
            let agrees = |(level, _, title): &(usize, u32, String)| {
                open.get(level - 1).is_some_and(|node| nodes[*node].title == *title)
            };
            code.is_none_or(|code| Some(code.as_str()) == text_of(&last.record.fields, "code"))
                && titles.iter().all(agrees)
        };
        if says(marks_at).is_none() && same(&nodes) {
            if let Some(last) = open.last() {
                let node = &mut nodes[*last];
                grid.further(reading, row, &mut node.record, &[]);
                node.measures.extend(grid.record(reading, row, true).map(Record::tree));
            }
            continue;
        }
        let measure = grid.record(reading, row, true);
        let Some(record) = grid.record(reading, row, false).or_else(|| {
            // Neither code nor marks: what is missing is told of the first of them.
            let spot = grid.spot(row, code_at.unwrap_or(0));
            reading.fault(spot, "“编号”没有填", "“编号” is empty");
            None
        }) else {
            continue;
        };
        let Some((level, title_at, own)) = titles.last().cloned() else {
            let spot = grid.spot(row, grid.levels.first().map_or(0, |(_, at)| *at));
            reading.fault(
                spot,
                "名称没有填，应写在它那一级的列里",
                "the title is missing; it stands in the column of its level",
            );
            continue;
        };
        let mut placed = true;
        for (above, at, said) in &titles[..titles.len() - 1] {
            if open.get(above - 1).is_none_or(|node| nodes[*node].title != *said) {
                placed = false;
                reading.fault(
                    grid.spot(row, *at),
                    format!("上面没有“{said}”自己的一行，或者中间隔了别的指标"),
                    format!("“{said}” has no row of its own above, or others stand between"),
                );
            }
        }
        if placed && open.len() + 1 < level {
            placed = false;
            reading.fault(
                grid.spot(row, title_at),
                format!("“{own}”的上级没有自己的一行"),
                format!("what stands above “{own}” has no row of its own"),
            );
        }
        // Only those above stand in the row, which others have been put under already.
        let meant = matches!(grid.held(row, title_at), Some(Held::Text(text)) if text.starts_with('"'));
        let taken = open.len() > level && open.get(level - 1).is_some_and(|node| nodes[*node].title == own);
        if placed && taken && !meant {
            placed = false;
            reading.fault(
                grid.spot(row, title_at),
                format!("这一行没有自己的名称，“{own}”是上级的；确实同名的，请写在英文双引号里"),
                format!(
                    "the row has no title of its own, “{own}” stands above; put it in quotes if it is meant"
                ),
            );
        }
        if !placed {
            continue;
        }
        open.truncate(level - 1);
        let number = nodes.len();
        match open.last() {
            Some(parent) => nodes[*parent].children.push(number),
            None => top.push(number),
        }
        open.push(number);
        let mut record = record;
        let place = reading.place(grid.spot(row, title_at));
        record.set("title", place, own.clone().into());
        let measures = measure.into_iter().map(Record::tree).collect();
        nodes.push(Node { record, title: own, children: Vec::new(), measures });
    }
    let mut nodes: Vec<Option<Node>> = nodes.into_iter().map(Some).collect();
    top.into_iter().filter_map(|node| whole(&mut nodes, node)).collect()
}

fn whole(nodes: &mut [Option<Node>], number: usize) -> Option<Tree> {
    let Node { mut record, children, measures, .. } = nodes.get_mut(number)?.take()?;
    let place = record.place;
    let children: Vec<Tree> = children.into_iter().filter_map(|child| whole(nodes, child)).collect();
    for (name, list) in [("children", children), ("measures", measures)] {
        if !list.is_empty() {
            set(&mut record.fields, name, place, Tree { line: place, value: Value::List(list) });
        }
    }
    Some(record.tree())
}

/// A title or a code as a text, whatever the cell holds.
fn title(held: &Held) -> String {
    let found = match held {
        Held::Text(text) => Found::Text(text.clone()),
        Held::Number(number) => Found::Text(number.to_string()),
        Held::Truth(truth) => Found::Text(truth.to_string()),
        Held::Error(error) => Found::Text(error.clone()),
        Held::Moment => Found::Text(String::new()),
    };
    match Kind::Text.parse(&found) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}
