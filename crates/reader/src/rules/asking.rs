//! What asks for something, and what only tells.

use chengjing_domain::plan::PlanKind;

use super::{
    duties::Finder,
    sections::{self, Class},
    units,
};
use crate::{outline::numbering::Style, recurrence::recurrence, targets::targets};

impl Finder<'_> {
    pub(super) fn running_asks(&self, at: usize) -> bool {
        let node = &self.tree.nodes[at];
        let body = &self.text[node.head.min(node.end)..node.end];
        let from = node.head.saturating_sub(1);
        sections::demands(&self.text[from..node.end])
            && !sections::is_statement(body)
            && !self.looks_back(node.parent, body)
    }

    /// 去年以来,…取得了成效。一是…: a speech that looks back before its 一是 goes on to, unless the item itself asks.
    fn looks_back(&self, parent: usize, body: &[char]) -> bool {
        if self.kind != PlanKind::Speech {
            return false;
        }
        let node = &self.tree.nodes[parent];
        let lead = &self.text[node.head.min(node.own_end)..node.own_end];
        let lead = &lead[lead.len().saturating_sub(120)..];
        sections::looks_back(lead) && !sections::obliges(body)
    }

    /// The class of the nearest heading above that says something about what stands under it.
    pub(super) fn section(&self, at: usize) -> Option<Class> {
        self.tree
            .ancestors(at)
            .into_iter()
            .rev()
            .map(|above| self.classes[above])
            .find(|&class| class != Class::Demands)
    }

    /// Does an item without a marker ask for something? `counted`: it is made of 一要 … 二要 …
    pub(super) fn asks(&self, at: usize, counted: bool) -> bool {
        if self.kind == PlanKind::Report {
            return false;
        }
        let node = &self.tree.nodes[at];
        let body = &self.text[node.head.min(node.end)..node.end];
        let heading = self.heading(at);
        let visible = body.iter().filter(|c| !c.is_whitespace()).count();
        if visible < 4
            || units::is_heading(body) && targets(body).is_empty()
            || sections::is_statement(heading)
            || sections::names_no_demand(heading)
        {
            return false;
        }
        let top = node.parent == 0
            || self.tree.nodes[node.parent].style == Some(Style::Title)
                && self.tree.nodes[node.parent].parent == 0;
        let heading_only = top && matches!(node.style, Some(Style::Cn | Style::Chapter(_))) && visible < 16;
        if heading_only
            || sections::appendix(body)
            || top && !sections::demands(body) && targets(body).is_empty() && recurrence(body).is_none()
            || top
                && !counted
                && sections::closes(heading)
                && body.len() > heading.len()
                && targets(body).is_empty()
        {
            return false;
        }
        match self.section(at) {
            Some(Class::Thought | Class::Principles | Class::Account | Class::Organisation) => false,
            Some(Class::Goals) => !targets(body).is_empty(),
            Some(Class::Steps) | Some(Class::Demands) | None => {
                if self.kind == PlanKind::Speech {
                    (sections::demands(body) || !targets(body).is_empty() || recurrence(body).is_some())
                        && !sections::narrative(body)
                        && !sections::looks_back(&body[..body.len().min(80)])
                } else {
                    true
                }
            }
        }
    }
}
