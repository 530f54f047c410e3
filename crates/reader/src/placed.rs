//! How much of the cleaned text ended in some entry, and what did not: nothing is dropped silently.

use chengjing_domain::plan::{Plan, Span};

/// The share of visible characters that stand in some entry, and the stretches that stand in none.
pub(crate) fn placed(text: &[char], plans: &[Plan]) -> (f64, Vec<Span>) {
    let mut spans: Vec<Span> = plans
        .iter()
        .flat_map(|plan| {
            let duties = plan.duties.iter().map(|duty| duty.span);
            let phases = plan.phases.iter().map(|phase| phase.span);
            let checklists = plan.checklists.iter().map(|checklist| checklist.span);
            let groups = plan.groups.iter().map(|group| group.span);
            duties.chain(phases).chain(checklists).chain(groups)
        })
        .collect();
    spans.sort_by_key(|span| span.start);
    let (mut visible, mut inside) = (0_usize, 0_usize);
    let mut unplaced: Vec<Span> = Vec::new();
    let mut open: Option<Span> = None;
    let mut spans = spans.into_iter().peekable();
    let mut until = 0;
    for (i, c) in text.iter().enumerate() {
        while let Some(span) = spans.next_if(|span| span.start <= i) {
            until = until.max(span.end);
        }
        let blank = c.is_whitespace();
        if i < until {
            if let Some(span) = open.take() {
                unplaced.push(span);
            }
            visible += usize::from(!blank);
            inside += usize::from(!blank);
        } else if !blank {
            visible += 1;
            match &mut open {
                Some(span) => span.end = i + 1,
                None => open = Some(Span { start: i, end: i + 1 }),
            }
        }
    }
    unplaced.extend(open);
    let share = if visible == 0 { 0.0 } else { inside as f64 / visible as f64 };
    (share, unplaced)
}
