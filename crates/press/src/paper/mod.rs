//! What the templates of each paper are given: its data, what each of them means, a sample, and the built-in templates.

mod built_in;
mod bulletin;
mod fields;
mod letter;

use chengjing_domain::{
    campaign::Campaign,
    publication::{Form, Paper},
};
use chrono::{Datelike, NaiveDate};
use serde_json::Value;

pub use built_in::docx_template;
pub use bulletin::bulletin_data;
pub use fields::{Field, fields};
pub use letter::{Letter, LetterDuty, letter_data};

/// The template that is used where an office has none of its own.
pub fn built_in(paper: Paper, form: Form) -> &'static [u8] {
    match (paper, form) {
        (Paper::Letter, Form::Docx) => include_bytes!("../../templates/letter.docx"),
        (Paper::Letter, Form::Pdf) => include_bytes!("../../templates/letter.typ"),
        (Paper::Bulletin, Form::Docx) => include_bytes!("../../templates/bulletin.docx"),
        (Paper::Bulletin, Form::Pdf) => include_bytes!("../../templates/bulletin.typ"),
    }
}

/// What a typst template may import beside its data: page, headings and tables of an official document.
pub const OFFICIAL: &str = include_str!("../../templates/official.typ");

/// Data in which everything is there, to try a template with.
pub fn sample(paper: Paper) -> Value {
    match paper {
        Paper::Letter => letter::sample(),
        Paper::Bulletin => bulletin::sample(),
    }
}

/// 2026年7月8日.
fn day_words(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// What the office that issues papers is called.
fn office(campaign: &Campaign) -> String {
    format!("{}工作领导小组", campaign.name)
}
