//! A reading under correction: what people may change, and what follows from it.

use super::{Plan, Reading, Span};

/// A fault in a corrected reading: where it is (a path such as `plans[0].duties[3].title`) and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftFault {
    pub path: String,
    pub kind: DraftFaultKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftFaultKind {
    /// The entry needs a title, a name or a text.
    Empty,
    /// The span runs out of the text, or backwards.
    SpanOutside { length: usize },
    /// The start lies behind the due date.
    StartsAfterDue,
}

/// All that is wrong with corrected plans, at once. `length` is that of the cleaned text, in characters.
pub fn check(plans: &[Plan], length: usize) -> Vec<DraftFault> {
    let mut faults = Vec::new();
    let mut fault = |path: String, kind| faults.push(DraftFault { path, kind });
    let outside = |span: Span| span.start > span.end || span.end > length;
    for (p, plan) in plans.iter().enumerate() {
        for (d, duty) in plan.duties.iter().enumerate() {
            let path = |field: &str| format!("plans[{p}].duties[{d}].{field}");
            if duty.title.trim().is_empty() {
                fault(path("title"), DraftFaultKind::Empty);
            }
            if outside(duty.span) {
                fault(path("span"), DraftFaultKind::SpanOutside { length });
            }
            if let (Some(start), Some(due)) = (duty.start, duty.due)
                && start.first_day().zip(due.last_day()).is_some_and(|(start, due)| start > due)
            {
                fault(path("due"), DraftFaultKind::StartsAfterDue);
            }
            for (u, unit) in duty.units.iter().enumerate() {
                if unit.name.trim().is_empty() {
                    fault(path(&format!("units[{u}].name")), DraftFaultKind::Empty);
                }
            }
        }
        for (i, phase) in plan.phases.iter().enumerate() {
            if phase.title.trim().is_empty() {
                fault(format!("plans[{p}].phases[{i}].title"), DraftFaultKind::Empty);
            }
            if outside(phase.span) {
                fault(format!("plans[{p}].phases[{i}].span"), DraftFaultKind::SpanOutside { length });
            }
        }
        for (i, checklist) in plan.checklists.iter().enumerate() {
            if checklist.site_type.trim().is_empty() {
                fault(format!("plans[{p}].checklists[{i}].site_type"), DraftFaultKind::Empty);
            }
            if outside(checklist.span) || checklist.items.iter().any(|item| outside(item.span)) {
                fault(format!("plans[{p}].checklists[{i}].span"), DraftFaultKind::SpanOutside { length });
            }
        }
        for (i, group) in plan.groups.iter().enumerate() {
            if group.name.trim().is_empty() {
                fault(format!("plans[{p}].groups[{i}].name"), DraftFaultKind::Empty);
            }
            if outside(group.span) {
                fault(format!("plans[{p}].groups[{i}].span"), DraftFaultKind::SpanOutside { length });
            }
        }
        for (i, &span) in plan.assessment.iter().flat_map(|assessment| &assessment.spans).enumerate() {
            if outside(span) {
                fault(format!("plans[{p}].assessment.spans[{i}]"), DraftFaultKind::SpanOutside { length });
            }
        }
    }
    faults
}

/// Takes over corrected plans and works out anew what stands in no entry.
pub fn correct(reading: &mut Reading, plans: Vec<Plan>, cleaned: &str) {
    reading.plans = plans;
    let (placed, unplaced) = coverage(&reading.plans, cleaned.chars());
    reading.placed = placed;
    reading.unplaced = unplaced;
}

/// The share of the text's visible characters that stands in some entry, and the stretches that stand in none.
/// Headings above an entry belong to nobody, so they are shown as unplaced: nothing is dropped silently.
pub fn coverage(plans: &[Plan], cleaned: impl Iterator<Item = char>) -> (f64, Vec<Span>) {
    let mut spans: Vec<Span> =
        plans.iter().flat_map(entry_spans).filter(|span| span.start < span.end).collect();
    spans.sort_unstable();
    let (mut visible, mut placed) = (0_u64, 0_u64);
    let mut unplaced: Vec<Span> = Vec::new();
    let mut next = spans.into_iter().peekable();
    let mut inside_until = 0;
    // The open stretch without an entry: where its first and behind its last visible character.
    let mut open: Option<Span> = None;
    for (position, c) in cleaned.enumerate() {
        while let Some(span) = next.next_if(|span| span.start <= position) {
            inside_until = inside_until.max(span.end);
        }
        let covered = position < inside_until;
        if covered || c == '\n' {
            unplaced.extend(open.take());
        }
        if !c.is_whitespace() {
            visible += 1;
            if covered {
                placed += 1;
            } else {
                let start = open.map_or(position, |span| span.start);
                open = Some(Span { start, end: position + 1 });
            }
        }
    }
    unplaced.extend(open);
    let share = if visible == 0 { 0.0 } else { placed as f64 / visible as f64 };
    (share, unplaced)
}

fn entry_spans(plan: &Plan) -> impl Iterator<Item = Span> + '_ {
    let phases = plan.phases.iter().map(|phase| phase.span);
    let duties = plan.duties.iter().map(|duty| duty.span);
    let checklists = plan.checklists.iter().flat_map(|checklist| {
        std::iter::once(checklist.span).chain(checklist.items.iter().map(|item| item.span))
    });
    let groups = plan.groups.iter().map(|group| group.span);
    let assessment = plan.assessment.iter().flat_map(|assessment| assessment.spans.iter().copied());
    phases.chain(duties).chain(checklists).chain(groups).chain(assessment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::PlanDuty;

    fn duty(start: usize, end: usize) -> PlanDuty {
        PlanDuty { title: "任务".into(), span: Span { start, end }, ..PlanDuty::default() }
    }

    #[test]
    fn what_stands_in_no_entry_is_named_line_by_line() {
        let text = "标题\n一、做事情。后记\n完";
        let plan = Plan { duties: vec![duty(3, 9), duty(4, 6)], ..Plan::default() };
        let (placed, unplaced) = coverage(&[plan], text.chars());
        assert_eq!(
            unplaced,
            [Span { start: 0, end: 2 }, Span { start: 9, end: 11 }, Span { start: 12, end: 13 }]
        );
        assert!((placed - 6.0 / 11.0).abs() < 1e-9, "{placed}");
    }

    #[test]
    fn a_sentence_about_the_assessment_is_placed() {
        let spans = vec![Span { start: 3, end: 9 }];
        let assessment = Some(crate::plan::Assessment { spans, ..Default::default() });
        let plan = Plan { assessment, ..Plan::default() };
        let (_, unplaced) = coverage(&[plan], "标题\n共九部分。\n完".chars());
        assert_eq!(unplaced, [Span { start: 0, end: 2 }, Span { start: 9, end: 10 }]);
    }

    #[test]
    fn all_faults_of_a_correction_come_at_once() {
        let mut bad = duty(5, 99);
        bad.title = " ".into();
        bad.start = "2026-06".parse().ok();
        bad.due = "2026-05-01".parse().ok();
        let faults = check(&[Plan { duties: vec![duty(0, 1), bad], ..Plan::default() }], 10);
        let kinds: Vec<_> = faults.iter().map(|fault| (fault.path.as_str(), fault.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("plans[0].duties[1].title", DraftFaultKind::Empty),
                ("plans[0].duties[1].span", DraftFaultKind::SpanOutside { length: 10 }),
                ("plans[0].duties[1].due", DraftFaultKind::StartsAfterDue),
            ]
        );
    }
}
