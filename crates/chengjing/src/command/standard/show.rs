//! A standard on a terminal.

use chengjing_domain::standard::{
    Catalogue, CatalogueFile, Input, Taken, Whole,
    sheet::{Cell, said},
};
use serde_json::json;

/// As wide as a terminal usually is, in columns of narrow characters.
const WIDTH: usize = 100;

/// Where the marks end, and where the measures begin.
const MARKS_END: usize = 56;
const MEASURES: usize = 58;

/// What a person wants to see at a glance.
pub(super) fn table(whole: &Whole) -> String {
    let standard = &whole.standard;
    let mut text =
        format!("{}  {} 版  {} 分\n", standard.title, standard.edition, standard.marks.normalize());
    for place in &whole.places {
        let indent = "  ".repeat(place.depth);
        let marks = place.marks.normalize().to_string();
        let named = format!("{indent}{}  {}", place.code, place.title);
        let titles = wrapped(&named, MARKS_END - marks.len() - 2, &format!("{indent}  "), behind_chinese);
        let leaf = place.leaf.map(|leaf| whole.leaves[leaf].measures.as_slice()).unwrap_or_default();
        let measures: Vec<String> = leaf
            .iter()
            .flat_map(|taken| wrapped(&measure(taken), WIDTH - MEASURES, "  ", behind_parts))
            .collect();
        for n in 0..titles.len().max(measures.len()) {
            let mut line = titles.get(n).cloned().unwrap_or_default();
            if n == 0 {
                line = format!("{line}{}{marks}", gap(&line, MARKS_END - marks.len()));
            }
            if let Some(measure) = measures.get(n) {
                line = format!("{line}{}{measure}", gap(&line, MEASURES));
            }
            text.push_str(&line);
            text.push('\n');
        }
    }
    text.push_str(&format!("指标 {} 个，{}\n", whole.leaves.len(), counted(&whole.catalogue)));
    text
}

/// The same of a catalogue: what it holds, under its ids, by which standards name it.
pub(super) fn catalogue_table(file: &CatalogueFile) -> String {
    let mut text = format!("{}  {} 版\n", file.title, file.edition);
    let Catalogue { site_types, requirements, questions, statistics } = &file.catalogue;
    let mut line = |depth: usize, id: &str, says: &str| {
        let indent = "  ".repeat(depth);
        for line in wrapped(&format!("{indent}{id}  {says}"), WIDTH, &format!("{indent}  "), behind_chinese) {
            text.push_str(&line);
            text.push('\n');
        }
    };
    for site_type in site_types {
        line(0, &site_type.id, &site_type.title);
        for criterion in &site_type.criteria {
            line(1, &criterion.id, &criterion.text);
            for exception in &criterion.exceptions {
                line(2, "例外", &exception.0);
            }
        }
    }
    for requirement in requirements {
        line(0, &requirement.id, &requirement.title);
    }
    for question in questions {
        line(0, &question.id, &question.text);
    }
    for statistic in statistics {
        let unit = statistic.unit.as_ref().map(|unit| format!("（{unit}）")).unwrap_or_default();
        line(0, &statistic.id, &format!("{}{unit}", statistic.title));
    }
    text.push_str(&counted(&file.catalogue));
    text.push('\n');
    text
}

/// 点位类型 29 类，检查标准 265 条 …
fn counted(catalogue: &Catalogue) -> String {
    let criteria: usize = catalogue.site_types.iter().map(|site_type| site_type.criteria.len()).sum();
    format!(
        "点位类型 {} 类，检查标准 {criteria} 条，材料要求 {} 项，问卷题目 {} 道，统计指标 {} 个",
        catalogue.site_types.len(),
        catalogue.requirements.len(),
        catalogue.questions.len(),
        catalogue.statistics.len(),
    )
}

/// 材料审核 2 项 比例
fn measure(taken: &Taken) -> String {
    let words = |field: &str, value: serde_json::Value| match said(field, &value) {
        Cell::Text(words) => words,
        Cell::Empty | Cell::Number(_) => String::new(),
    };
    let takes = match &taken.input {
        Input::Requirements(items) => format!(" {} 项材料", items.len()),
        Input::Criteria(items) => format!(" {} 条标准", items.len()),
        Input::Questions(items) => format!(" {} 道题", items.len()),
        Input::Statistic(name) => format!(" {name}"),
        Input::Judgement | Input::Formula(_) => String::new(),
    };
    let method = words("method", json!(taken.measure.method));
    format!("{method}{takes} {}", words("grading", json!(taken.measure.grading)))
}

/// Blanks from the end of a line to a column.
fn gap(line: &str, to: usize) -> String {
    " ".repeat(to.saturating_sub(columns(line)))
}

/// A text in lines of so many columns, the later ones indented. A line ends behind what `ends` says; where that is too far
/// away, anywhere.
fn wrapped(text: &str, width: usize, indent: &str, ends: fn(char) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in text.split_inclusive(ends) {
        if columns(&line) + columns(piece.trim_end()) > width && !line.trim().is_empty() {
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
        }
        for c in piece.chars() {
            if columns(&line) + columns(c.encode_utf8(&mut [0; 4])) > width && c != ' ' {
                lines.push(std::mem::replace(&mut line, indent.to_owned()));
            }
            line.push(c);
        }
    }
    lines.push(line);
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// Chinese breaks anywhere.
fn behind_chinese(c: char) -> bool {
    c == ' ' || is_wide(c)
}

/// The parts of a grading are kept together.
fn behind_parts(c: char) -> bool {
    matches!(c, ' ' | '；')
}

/// Columns of a terminal.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// Characters that take two columns: Chinese, and signs as wide as they.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe4f | 0xff00..=0xff60
        | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_wide_as_asked_and_hold_all_of_the_text() {
        let text = "材料审核 12 项材料 分段：≥90 A=1；≥85 B=0.66；其余=0 以及很长很长的一个没有空格的名称";
        let bare = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
        for (ends, width) in [behind_chinese, behind_parts]
            .into_iter()
            .flat_map(|ends| (12..90).map(move |width| (ends, width)))
        {
            let lines = wrapped(text, width, "  ", ends);
            assert!(lines.iter().all(|line| columns(line) <= width), "{width}: {lines:?}");
            assert_eq!(bare(&lines.concat()), bare(text), "{width}");
        }
        let lines = wrapped("分段：≥90 A=1；≥85 B=0.66；其余=0", 20, "  ", behind_parts);
        assert_eq!(lines, ["分段：≥90 A=1；≥85", "  B=0.66；其余=0"]);
    }
}
