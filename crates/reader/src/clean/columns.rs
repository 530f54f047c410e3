//! Tables whose TABs became blanks: under a row of heads that blanks set apart (序号 工作任务 责任单位 完成时限) the rows
//! are set apart by blanks too.

use super::Text;
use crate::{
    chars::{is_blank, is_han},
    rules::{markers::Field, units::looks_like_list},
    table::{
        header::{self, Column},
        rows::is_number_line,
    },
};

/// Puts TABs between the cells of such rows; true where there was a table.
pub(super) fn restored(mut text: Text) -> (Text, bool) {
    let lines: Vec<(usize, usize)> = text.lines();
    let mut found = false;
    let mut i = 0;
    while i < lines.len() {
        let (start, end) = lines[i];
        let heads = header::heads_by_blanks(&text.chars[start..end]);
        i += 1;
        if heads.is_empty() {
            continue;
        }
        let columns: Vec<Option<Column>> = heads
            .iter()
            .map(|&(from, to)| header::column_of(&text.chars[start + from..start + to]))
            .collect();
        let first = i;
        while i < lines.len() {
            let (start, end) = lines[i];
            let Some(gaps) = gaps(&text.chars[start..end], &columns) else {
                // a heading inside the table, or the rest of a broken cell: the table goes on below
                let goes_on = lines
                    .get(i + 1)
                    .is_some_and(|&(start, end)| gaps(&text.chars[start..end], &columns).is_some());
                if end - start <= 40 && goes_on {
                    i += 1;
                    continue;
                }
                break;
            };
            for (from, to) in gaps {
                text.chars[start + from] = '\t';
                // what is left of a wide gap is trimmed from the cell
                for c in &mut text.chars[start + from + 1..start + to] {
                    *c = ' ';
                }
            }
            i += 1;
        }
        if i > first {
            found = true;
            for pair in heads.windows(2) {
                text.chars[start + pair[0].1] = '\t';
            }
        }
    }
    (text, found)
}

/// 1.1 TAB 公园绿地…: where every line of a run of lines with TABs has one, behind its number, and some number has a point, it is
/// a list as word processors write them. A blank sets its numbers apart as well.
pub(super) fn without_numbers(mut text: Text) -> (Text, bool) {
    let mut tabs: Vec<usize> = Vec::new();
    // the run's first TAB among them, whether its lines are items, whether one has a number with a point
    let (mut first, mut items, mut pointed) = (0, true, false);
    let mut lines = text.lines();
    lines.push((text.chars.len(), text.chars.len()));
    let last = lines.len() - 1;
    for (i, &(start, end)) in lines.iter().enumerate() {
        let line = &text.chars[start..end];
        match line.iter().position(|&c| c == '\t') {
            Some(tab) => {
                let begin = line.iter().position(|&c| !is_blank(c)).unwrap_or(tab);
                let number = &line[begin.min(tab)..tab];
                let words = line[tab + 1..].iter().find(|&&c| !is_blank(c));
                items &= number
                    .split(|&c| c == '.')
                    .all(|part| (1..=2).contains(&part.len()) && part.iter().all(char::is_ascii_digit))
                    && words.is_some_and(|&c| is_han(c) || c == '“')
                    && !line[tab + 1..].contains(&'\t');
                pointed |= number.contains(&'.');
                tabs.push(start + tab);
            }
            None if i == last || !line.iter().all(|&c| is_blank(c)) => {
                if !(items && pointed) {
                    tabs.truncate(first);
                }
                (first, items, pointed) = (tabs.len(), true, false);
            }
            None => {}
        }
    }
    for &tab in &tabs {
        text.chars[tab] = ' ';
    }
    (text, !tabs.is_empty())
}

/// The gaps between the cells of a row: every blank where that gives the right number of cells, else the wide ones.
fn gaps(line: &[char], columns: &[Option<Column>]) -> Option<Vec<(usize, usize)>> {
    let cells = columns.len();
    if line.len() > 300 || line.contains(&'\t') {
        return None;
    }
    let mut all = Vec::new();
    let mut i = line.iter().position(|&c| !is_blank(c))?;
    let last = line.iter().rposition(|&c| !is_blank(c))?;
    while i < last {
        if is_blank(line[i]) {
            let from = i;
            while is_blank(line[i]) {
                i += 1;
            }
            all.push((from, i));
        } else {
            i += 1;
        }
    }
    if all.len() + 1 == cells {
        return Some(all);
    }
    if let Some(gaps) = joined(line, &all, columns) {
        return Some(gaps);
    }
    all.retain(|(from, to)| to - from >= 2);
    // a merged cell leaves a row with fewer
    (!all.is_empty() && all.len() < cells).then_some(all)
}

/// More pieces than columns: units that blanks part are one cell, and so is a demand with blanks in it. Only in rows
/// that begin with their number, so that a paragraph is no row.
fn joined(line: &[char], gaps: &[(usize, usize)], columns: &[Option<Column>]) -> Option<Vec<(usize, usize)>> {
    let first = gaps.first()?.0;
    if gaps.len() < columns.len() || columns[0] != Some(Column::Number) || !is_number_line(&line[..first]) {
        return None;
    }
    let ends = |gap: usize| gaps.get(gap).map_or(line.len(), |&(from, _)| from);
    let piece = |gap: usize| &line[gaps[gap].1..ends(gap + 1)];
    let mut left: Vec<usize> = (0..gaps.len()).collect();
    let surplus = |left: &[usize]| left.len() + 1 - columns.len();
    if columns.iter().filter(|column| matches!(column, Some(Column::Field(Field::Unit(_))))).count() == 1 {
        for gap in (1..gaps.len()).rev() {
            if surplus(&left) > 0 && looks_like_list(piece(gap)) && looks_like_list(piece(gap - 1)) {
                left.retain(|&kept| kept != gap);
            }
        }
    }
    let long = columns.iter().position(|column| matches!(column, Some(Column::Task | Column::Content)))?;
    let surplus = surplus(&left);
    if surplus > 0
        && columns.iter().filter(|column| matches!(column, Some(Column::Task | Column::Content))).count() != 1
    {
        return None;
    }
    left.drain(long.min(left.len())..(long + surplus).min(left.len()));
    (left.len() + 1 == columns.len()).then(|| left.into_iter().map(|gap| gaps[gap]).collect())
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    #[test]
    fn a_table_whose_tabs_became_blanks_is_restored() {
        let given = "序号 工作任务 责任单位\n1 清扫街道 城管局\n2  清理河道  水利局\n以上任务请抓好落实。";
        let found: String = restored(text(given)).0.chars.iter().collect();
        assert_eq!(
            found,
            "序号\t工作任务\t责任单位\n1\t清扫街道\t城管局\n2\t 清理河道\t 水利局\n以上任务请抓好落实。"
        );
    }

    #[test]
    fn tabs_behind_the_numbers_of_a_list_make_no_table() {
        for (given, expected) in [
            ("1\t绿地建设\n1.1\t公园绿地\n\n1.2\t小区绿化", "1 绿地建设\n1.1 公园绿地\n\n1.2 小区绿化"),
            ("序号\t任务\n1.1\t公园绿地", "序号\t任务\n1.1\t公园绿地"),
            ("1.1\t公园绿地\t城管局", "1.1\t公园绿地\t城管局"),
            ("1.1\t36.5\n1.2\t40", "1.1\t36.5\n1.2\t40"),
        ] {
            let found: String = without_numbers(text(given)).0.chars.iter().collect();
            assert_eq!(found, expected);
        }
    }
}
