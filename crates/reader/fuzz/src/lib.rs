//! What a fuzz target does with its input: make a document of it, read it, look whether the outcome is sound. The
//! ordinary tests include this file and do the same with every input that is kept.

mod pack;

use chengjing_domain::{attachment::MediaKind, plan::Span};
use chengjing_reader::{
    Outcome, read_bytes,
    source::preview::{Preview, preview},
};
use peak_alloc::PeakAlloc;

/// More than any document of a few kilobytes may cost, in MB.
const MOST_MEMORY: f32 = 256.0;

/// The formats, each with a target and a folder of inputs.
pub const FORMATS: [&str; 5] = ["text", "html", "docx", "xlsx", "pdf"];

/// Reads one input of a format's target.
///
/// # Panics
/// When the outcome is not sound or the reading took too much memory.
pub fn run(format: &str, input: &[u8], memory: &PeakAlloc) {
    let document = match format {
        "docx" => pack::zip(&pack::DOCX, input),
        "xlsx" => pack::zip(&pack::XLSX, input),
        "pdf" => pack::pdf(input),
        _ => input.to_vec(),
    };
    memory.reset_peak_usage();
    let before = memory.current_usage_as_mb();
    match read_bytes("方案", &document) {
        Ok(outcome) => sound(&outcome),
        Err(why) => assert!(!why.zh().to_string().is_empty() && !why.en().to_string().is_empty()),
    }
    if let Some(kind) = MediaKind::from_code(format)
        && let Ok(Preview::Document(pages)) = preview(kind, &document)
    {
        assert!(pages.blocks.len() <= 2_000, "{} blocks", pages.blocks.len());
    }
    let most = memory.peak_usage_as_mb() - before;
    assert!(most < MOST_MEMORY, "{} bytes of {format} took {most} MB", document.len());
}

/// Every span lies inside the cleaned text, every remark has a place.
///
/// # Panics
/// When one does not.
pub fn sound(outcome: &Outcome) {
    let len = outcome.cleaned.chars().count();
    let fits =
        |span: Span| assert!(span.start <= span.end && span.end <= len, "{span:?} in {len} characters");
    for plan in &outcome.reading.plans {
        fits(plan.span);
        plan.duties.iter().for_each(|duty| fits(duty.span));
        plan.phases.iter().for_each(|phase| fits(phase.span));
        plan.groups.iter().for_each(|group| fits(group.span));
        for checklist in &plan.checklists {
            fits(checklist.span);
            checklist.items.iter().for_each(|item| fits(item.span));
        }
    }
    outcome.reading.unplaced.iter().for_each(|&span| fits(span));
    assert!((0.0..=1.0).contains(&outcome.reading.placed), "{} placed", outcome.reading.placed);
    for problem in &outcome.problems {
        assert!(problem.line >= 1 && problem.column >= 1, "{problem:?}");
    }
}
