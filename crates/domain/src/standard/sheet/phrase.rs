//! The small language of cells: 分段：≥90 A=1；≥85 B=0.66；其余=0. A form, and its parts between semicolons.
//!
//! It is written with the signs of Chinese text or the others; what could be mistaken for a sign stands in `"`.

mod forms;
mod quote;

pub(super) use forms::{
    grading, of, options, read_grading, read_of, read_options, read_scale, read_window, scale, window,
};
pub(super) use quote::{lines, list, quote, quoted_text, read_lines, read_list, unquoted_text};
use rust_decimal::Decimal;

/// Units of measure that people write behind a number.
const UNITS: [&str; 12] = ["个月", "月", "个", "件", "份", "字", "人", "次", "处", "分", "米", "篇"];

/// A wide digit or sign as the narrow one.
fn fold(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '！'..='～' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
        _ => c,
    }
}

fn folded(text: &str) -> String {
    text.trim().chars().map(fold).collect()
}

/// A number as people write it: １２, 1,200, 12分.
pub(super) fn number(text: &str) -> Option<Decimal> {
    let text = folded(text);
    let bare = UNITS.iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(&text);
    bare.trim().replace(',', "").parse().ok()
}

/// A number, or a percentage.
pub(super) fn share(text: &str) -> Option<Decimal> {
    match folded(text).strip_suffix('%') {
        Some(percent) => number(percent)?.checked_div(Decimal::ONE_HUNDRED).map(|share| share.normalize()),
        None => number(text),
    }
}
