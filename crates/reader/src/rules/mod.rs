//! What a reader of Chinese plans looks for in the text, one question to a file.

pub(crate) mod addressed;
mod asking;
pub(crate) mod assessment;
pub(crate) mod checklists;
pub(crate) mod duties;
mod ending;
pub(crate) mod grading;
pub(crate) mod groups;
pub(crate) mod item_marks;
mod leading;
mod led;
pub(crate) mod markers;
mod paragraphs;
pub(crate) mod phases;
pub(crate) mod sections;
pub(crate) mod sites;
pub(crate) mod steps;
pub(crate) mod titles;
mod unit_lists;
pub(crate) mod units;
