use chengjing_domain::{
    people::policy::{self, Action, Resource, Where},
    standard::{Node, edition::Level},
};

use super::shipped;
use crate::{Caller, Refusal};

/// A standard that comes with the program, at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippedSeen {
    pub code: String,
    pub edition: String,
    pub title: String,
    pub about: Option<String>,
    pub kind: String,
    pub level: Level,
    pub leaves: usize,
}

/// The standards that come with the program.
pub fn list_shipped(caller: &Caller) -> Result<Vec<ShippedSeen>, Refusal> {
    if policy::reach_of(&caller.actor, Action::BrowseStandards) == Where::In(Vec::new()) {
        caller.may(Action::BrowseStandards, Resource::System)?;
    }
    let seen = |shipped: &shipped::Shipped| ShippedSeen {
        code: shipped.standard.id.clone(),
        edition: shipped.standard.edition.clone(),
        title: shipped.standard.title.clone(),
        about: shipped.standard.about.clone(),
        kind: shipped.kind.to_owned(),
        level: shipped.level,
        leaves: leaves(&shipped.standard.tree),
    };
    Ok(shipped::standards().iter().map(seen).collect())
}

fn leaves(tree: &[Node]) -> usize {
    tree.iter().map(|node| if node.children.is_empty() { 1 } else { leaves(&node.children) }).sum()
}
