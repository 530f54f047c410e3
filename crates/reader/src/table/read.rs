//! From rows to duties, phases, checklists and groups.

use chengjing_domain::plan::{
    Checklist, ChecklistChild, ChecklistItem, Grading, Group, Phase, PlanDuty, Span, Target,
};

use super::{
    header::Column,
    months::marked,
    rows::{Cell, Table, number_of},
};
use crate::{
    chars::{squeezed, string, trim},
    dates,
    outline::numbering::{Marker, Style, marker_at},
    recurrence::recurrence,
    rules::{
        grading::{deductions, grading},
        markers::Field,
        sites::site_of_heading,
        titles::title,
        units,
    },
    source::CONTINUED_CELL,
    targets::{targets, targets_in_cell},
};

/// What a table says.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) duties: Vec<PlanDuty>,
    pub(crate) phases: Vec<Phase>,
    pub(crate) checklists: Vec<Checklist>,
    pub(crate) groups: Vec<Group>,
    /// The empty cells that took the value above them, each with what it took.
    pub(crate) taken_over: Vec<(usize, Cell)>,
}

/// Reads one table; `heading` is the line above it.
pub(crate) fn read(text: &[char], table: &Table, heading: &[char]) -> Said {
    let has = |wanted: fn(Column) -> bool| table.columns.iter().flatten().any(|&column| wanted(column));
    let (rows, taken_over) = inherited(text, table);
    // what is looked at in a place is a checklist; who answers for it makes it a duty
    let answered = has(|c| matches!(c, Column::Field(Field::Unit(_))));
    if has(|c| c == Column::Met) || !answered && has(|c| matches!(c, Column::Criterion | Column::Grading)) {
        return Said { checklists: checklists(text, table, &rows, heading), ..Said::default() };
    }
    if has(|c| c == Column::Group) {
        return Said { groups: groups(text, table, &rows), ..Said::default() };
    }
    if has(|c| c == Column::Phase)
        && has(|c| c == Column::Field(Field::Due))
        && !has(|c| matches!(c, Column::Field(Field::Unit(_))))
    {
        return Said { phases: phases(text, table, &rows), ..Said::default() };
    }
    Said { duties: duties(text, table, &rows), taken_over, ..Said::default() }
}

type Row = Vec<Option<Cell>>;

/// Cells that a merged cell above covers take its value: those marked so; and where the table marks none, or a note below it
/// says so, empty ones in columns that are merged in practice (who, when, under which heading). With it those that were
/// taken to be merged on no more ground than that, where it matters: who, and by when.
fn inherited(text: &[char], table: &Table) -> (Vec<Row>, Vec<(usize, Cell)>) {
    let mut rows: Vec<Row> = Vec::with_capacity(table.rows.len());
    let mut taken_over = Vec::new();
    let noted = blanks_are_merged(text, table);
    let unit = |column: &Option<Column>| matches!(column, Some(Column::Field(Field::Unit(_))));
    let leads = table.columns.iter().any(|column| {
        matches!(column, Some(Column::Field(Field::Unit(chengjing_domain::plan::UnitRole::Lead))))
    });
    for (index, row) in table.rows.iter().enumerate() {
        let mut row = row.clone();
        let fresh = table.headings.iter().any(|&(before, _)| before == index);
        // who is empty in all its columns is merged in all of them
        let nobody = !table.columns.iter().zip(&row).any(|(column, cell)| unit(column) && cell.is_some());
        for (i, column) in table.columns.iter().enumerate() {
            let Some(cell) = row.get_mut(i) else { continue };
            let ditto = cell.is_some_and(|(from, to)| {
                let value = squeezed(&text[from..to]);
                value == [CONTINUED_CELL] || matches!(string(&value).as_str(), "同上" | "\"" | "″" | "〃")
            });
            let merges = matches!(
                column,
                Some(
                    Column::Category
                        | Column::Site
                        | Column::Start
                        | Column::Field(Field::Due | Field::Person)
                        | Column::Field(Field::Unit(chengjing_domain::plan::UnitRole::Lead))
                )
            ) || matches!(
                column,
                Some(Column::Field(Field::Unit(chengjing_domain::plan::UnitRole::Responsible)))
            ) && !leads
                || unit(column) && nobody
                || noted && !matches!(column, Some(Column::Number | Column::Task | Column::Months(..)));
            let guessed = cell.is_none() && merges && !fresh && (noted || !table.marked);
            if !ditto && !guessed {
                continue;
            }
            *cell = rows.last().and_then(|above: &Row| above.get(i).copied().flatten());
            let matters = matches!(column, Some(Column::Start | Column::Field(_)));
            if let (true, false, true, &mut Some(value)) = (guessed, noted, matters, cell)
                && let Some(&(start, _)) = table.rows[index].iter().flatten().next()
            {
                taken_over.push((start, value));
            }
        }
        rows.push(row);
    }
    (rows, taken_over)
}

/// 注:空白格为合并单元格,内容同上: does a note below the table say so?
fn blanks_are_merged(text: &[char], table: &Table) -> bool {
    let below = text[table.end..text.len().min(table.end + 200)]
        .split(|&c| c == '\n')
        .filter(|line| !line.is_empty());
    below.take(2).any(|line| {
        crate::chars::contains_any(line, &["空白", "空格", "空栏", "未填"])
            && crate::chars::contains_any(line, &["同上", "合并", "与上", "同前"])
    })
}

fn cell(table: &Table, row: &Row, wanted: Column) -> Option<Cell> {
    table
        .columns
        .iter()
        .zip(row)
        .find(|(column, cell)| **column == Some(wanted) && cell.is_some())
        .and_then(|(_, cell)| *cell)
}

fn duties(text: &[char], table: &Table, rows: &[Row]) -> Vec<PlanDuty> {
    let mut duties = Vec::new();
    let mut path: Vec<String> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        for &(before, (from, to)) in &table.headings {
            if before == index
                && let Some(marker) = marker_at(&text[from..to], 0)
            {
                path = vec![string(&text[from + marker.start..from + marker.printed])];
            }
        }
        if adds_up(text, &table.rows[index]) {
            continue;
        }
        if let Some(duty) = duty(text, table, row, &table.rows[index], &path) {
            duties.push(duty);
        }
    }
    duties
}

/// 小计 | 3: a row that adds up those above demands nothing.
fn adds_up(text: &[char], row: &Row) -> bool {
    row.iter().flatten().next().is_some_and(|&(from, to)| {
        let first = string(&squeezed(&text[from..to.min(from + 8)]));
        matches!(first.trim_end_matches(':'), "小计" | "合计" | "总计" | "共计" | "累计")
    })
}

fn duty(text: &[char], table: &Table, row: &Row, own: &Row, path: &[String]) -> Option<PlanDuty> {
    // what the row itself says, in the order of the columns
    let mut said: Vec<(Column, Cell)> = Vec::new();
    for (i, column) in table.columns.iter().enumerate() {
        if let (Some(column), Some(cell)) = (column, row.get(i).copied().flatten()) {
            match column {
                Column::Task | Column::Content | Column::Target => said.push((*column, cell)),
                Column::Site => said.push((Column::Task, cell)),
                Column::Criterion | Column::Grading => said.push((Column::Content, cell)),
                _ => {}
            }
        }
    }
    if said.is_empty() {
        for (i, column) in table.columns.iter().enumerate() {
            if let (Some(Column::Category) | None, Some(cell)) = (column, row.get(i).copied().flatten()) {
                said.push((Column::Task, cell));
                break;
            }
        }
    }
    let task = said.iter().find(|(column, _)| *column == Column::Task);
    let content = said.iter().find(|(column, _)| *column == Column::Content);
    let main = task.or(content).or(said.first())?.1;
    let mut number = cell(table, row, Column::Number)
        .and_then(|(from, to)| number_of(&text[from..to]))
        .map(|number| number.to_string());
    // the row may number itself in the task's cell
    let mut head = main;
    if let Some(marker) = marker_at(&text[main.0..main.1], 0)
        && !marker.open
    {
        head.0 = (main.0 + marker.end).min(main.1);
        if number.is_none() && marker.number > 0 {
            number = Some(marker.number.to_string());
        }
    }
    let mut name = title(&text[head.0..head.1]);
    let continued = table.columns.iter().zip(own).any(|(column, cell)| {
        *column == Some(Column::Task) && cell.is_none_or(|(from, to)| text[from..to] == [CONTINUED_CELL])
    });
    if let (Some(&(_, (from, to))), Some(_)) = (content, task) {
        let first = title(&text[from..to]);
        if continued {
            name = first;
        } else if name.chars().count() <= 12
            && first.chars().count() <= 60
            && !first.is_empty()
            && first != name
        {
            name = format!("{name}:{first}");
        }
    }
    if name.is_empty() {
        return None;
    }
    let mut body: Vec<char> = Vec::new();
    for (i, &(column, (from, to))) in said.iter().enumerate() {
        if i > 0 {
            // 绿化覆盖率 | ≥36%: the value goes on with its subject
            body.push(if column == Column::Target && to - from <= 14 { ' ' } else { '\n' });
        }
        body.extend_from_slice(&text[from..to]);
    }
    let start = own.iter().flatten().map(|cell| cell.0).min()?;
    let end = own.iter().flatten().map(|cell| cell.1).max()?;
    let mut duty = PlanDuty {
        number,
        path: path.to_vec(),
        title: name,
        text: string(&body),
        recurrence: recurrence(&body),
        targets: demanded(text, &said, &body),
        span: Span { start, end },
        ..PlanDuty::default()
    };
    let mut dated = false;
    for (i, column) in table.columns.iter().enumerate() {
        let (Some(Column::Field(field)), Some((from, to))) = (column, row.get(i).copied().flatten()) else {
            continue;
        };
        let value = &text[from..to];
        match field {
            Field::Unit(role) => {
                if !is_dash(value) {
                    for unit in units::split(value, *role) {
                        if !duty.units.contains(&unit) {
                            duty.units.push(unit);
                        }
                    }
                }
            }
            Field::Person => {
                if !is_dash(value) {
                    duty.leads.extend(units::persons(value));
                }
            }
            Field::Due => {
                dated = true;
                (duty.start, duty.due) = dates::limits(value);
                duty.recurrence = recurrence(value).into_iter().chain(duty.recurrence).min();
            }
        }
    }
    if let Some((from, to)) = cell(table, row, Column::Start) {
        let (start, at) = dates::limits(&text[from..to]);
        duty.start = start.or(at).or(duty.start);
        dated |= duty.start.is_some();
    }
    let months = marked(text, &table.columns, row);
    if months.due.is_some() && !dated {
        dated = true;
        (duty.start, duty.due) = (months.start, months.due);
    }
    duty.recurrence = months.recurrence.into_iter().chain(duty.recurrence).min();
    let said = dates::limits_in_prose(&body, &dates::mentions(&body));
    if dated {
        // the column says until when; the text may say from when
        duty.start = duty.start.or(said.0.filter(|_| duty.due.is_some()));
    } else {
        (duty.start, duty.due) = said;
    }
    Some(duty)
}

/// Short cells in columns of targets give figures; everything else is running text.
fn demanded(text: &[char], said: &[(Column, Cell)], body: &[char]) -> Vec<Target> {
    let figure = |&(column, (from, to)): &(Column, Cell)| column == Column::Target && to - from <= 16;
    if !said.iter().any(figure) {
        return targets(body);
    }
    let rest: Vec<char> = said
        .iter()
        .filter(|said| !figure(said))
        .flat_map(|&(_, (from, to))| text[from..to].iter().copied().chain(['\n']))
        .collect();
    let mut found = targets(&rest);
    let subject = rest.split(|&c| c == '\n').next().map(string).unwrap_or_default();
    for &(_, (from, to)) in said.iter().filter(|said| figure(said)) {
        for target in targets_in_cell(&text[from..to]) {
            let subject = if target.subject.is_empty() { subject.clone() } else { target.subject.clone() };
            let target = Target { subject, ..target };
            // two columns that ask for the same
            if !found.contains(&target) {
                found.push(target);
            }
        }
    }
    found
}

fn is_dash(value: &[char]) -> bool {
    value.iter().all(|c| matches!(c, '—' | '-' | '/' | '–' | ' ' | '无'))
}

fn checklists(text: &[char], table: &Table, rows: &[Row], heading: &[char]) -> Vec<Checklist> {
    let mut lists: Vec<Checklist> = Vec::new();
    let above = site_of_heading(strip_number(heading), true);
    for (index, row) in rows.iter().enumerate() {
        let inner = table
            .headings
            .iter()
            .rev()
            .find(|&&(before, _)| before <= index)
            .map(|&(_, (from, to))| &text[from..to]);
        let site = cell(table, row, Column::Site)
            .or_else(|| cell(table, row, Column::Category).filter(|_| above.is_none()))
            .map(|(from, to)| string(&squeezed(&text[from..to])))
            .or_else(|| inner.and_then(|line| site_of_heading(strip_number(line), true)))
            .or_else(|| above.clone());
        let Some(site) = site else { continue };
        let Some((from, to)) = cell(table, row, Column::Criterion)
            .or_else(|| cell(table, row, Column::Content))
            .or_else(|| cell(table, row, Column::Task))
            .or_else(|| cell(table, row, Column::Target))
        else {
            continue;
        };
        let mut grades = Grading {
            met: cell(table, row, Column::Met).map(|(from, to)| string(&text[from..to])),
            partly: cell(table, row, Column::Partly).map(|(from, to)| string(&text[from..to])),
            not_met: cell(table, row, Column::NotMet).map(|(from, to)| string(&text[from..to])),
        };
        let mut taken = Vec::new();
        if let Some((from, to)) = cell(table, row, Column::Grading) {
            if let Some(found) = grading(&text[from..to]) {
                grades = found;
            }
            taken = deductions(&text[from..to]);
        }
        if grades == Grading::default() {
            grades = grading(&text[from..to]).unwrap_or_default();
        }
        taken.extend(deductions(&text[from..to]));
        let mut children = parts_of(&text[from..to]);
        if children.is_empty()
            && let Some((from, to)) = cell(table, row, Column::Grading)
        {
            children = parts_of(&text[from..to]);
        }
        if lists.last().is_none_or(|list| list.site_type != site) {
            lists.push(Checklist { site_type: site, ..Checklist::default() });
        }
        let Some(list) = lists.last_mut() else { continue };
        // the demand may number itself in its cell
        let printed = marker_at(&text[from..to], 0).filter(|marker| !marker.open && marker.number > 0);
        let number = cell(table, row, Column::Number)
            .and_then(|(from, to)| number_of(&text[from..to]))
            .or(printed.map(|marker| marker.number));
        let from = if cell(table, row, Column::Number).is_none() {
            printed.map_or(from, |marker| (from + marker.end).min(to))
        } else {
            from
        };
        let own = &table.rows[index];
        let span = Span {
            start: own.iter().flatten().map(|cell| cell.0).min().unwrap_or(from),
            end: own.iter().flatten().map(|cell| cell.1).max().unwrap_or(to),
        };
        if list.items.is_empty() {
            list.span.start = span.start;
        }
        list.span.end = span.end;
        list.items.push(ChecklistItem {
            number: number.map(|number| number.to_string()),
            text: string(&text[from..to]),
            grading: (grades != Grading::default()).then_some(grades),
            deductions: taken,
            children,
            span,
        });
    }
    lists
}

/// ①… ②… inside a cell.
fn parts_of(cell: &[char]) -> Vec<ChecklistChild> {
    let mut starts: Vec<Marker> = Vec::new();
    let mut i = 0;
    while i < cell.len() {
        match marker_at(cell, i).filter(|marker| marker.style == Style::Circle) {
            Some(marker) if marker.number as usize == starts.len() + 1 => {
                i = marker.end.max(i + 1);
                starts.push(marker);
            }
            _ => i += 1,
        }
    }
    if starts.len() < 2 {
        return Vec::new();
    }
    let ends = starts.iter().skip(1).map(|next| next.start).chain([cell.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(marker, end)| {
            let (from, to) = trim(cell, marker.end.min(end), end);
            ChecklistChild { number: Some(marker.number.to_string()), text: string(&cell[from..to]) }
        })
        .collect()
}

fn strip_number(line: &[char]) -> &[char] {
    marker_at(line, 0).map_or(line, |marker| &line[marker.end.min(line.len())..])
}

fn groups(text: &[char], table: &Table, rows: &[Row]) -> Vec<Group> {
    rows.iter()
        .filter_map(|row| {
            let (from, to) = cell(table, row, Column::Group)?;
            let duty = cell(table, row, Column::GroupDuty)
                .or_else(|| cell(table, row, Column::Content))
                .or_else(|| cell(table, row, Column::Task))?;
            Some(Group {
                name: string(&squeezed(&text[from..to])),
                duty: string(&text[duty.0..duty.1]),
                area: Vec::new(),
                span: Span { start: from.min(duty.0), end: to.max(duty.1) },
            })
        })
        .collect()
}

fn phases(text: &[char], table: &Table, rows: &[Row]) -> Vec<Phase> {
    rows.iter()
        .filter_map(|row| {
            let (from, to) = cell(table, row, Column::Phase)?;
            let (due_from, due_to) = cell(table, row, Column::Field(Field::Due))?;
            let (start, end) = dates::bounds(&text[due_from..due_to])?;
            Some(Phase {
                title: string(&squeezed(&text[from..to])),
                start,
                end,
                span: Span { start: from.min(due_from), end: to.max(due_to) },
            })
        })
        .collect()
}
