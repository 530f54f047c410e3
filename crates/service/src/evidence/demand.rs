//! What the standards of a campaign ask for: their requirements, with the leaves that count them.

use std::{collections::HashMap, sync::Arc};

use chengjing_domain::{
    id::{CampaignId, StandardId},
    standard::{Input, Place, Requirement},
};
use chengjing_store::{
    Queries,
    standard::{assessed, edition},
};

use super::Of;
use crate::{App, Refusal, standard::Opened};

/// A requirement of a standard that the campaign is assessed by.
#[derive(Debug, Clone)]
pub struct Demand {
    pub of: Of,
    pub opened: Arc<Opened>,
    /// Its number in the catalogue.
    number: usize,
    /// The places of the leaves that count it.
    leaves: Vec<usize>,
}

impl Demand {
    pub fn requirement(&self) -> &Requirement {
        &self.opened.whole.catalogue.requirements[self.number]
    }

    /// The leaves that count it, in the order of the tree.
    pub fn leaves(&self) -> impl Iterator<Item = &Place> {
        self.leaves.iter().map(|place| &self.opened.whole.places[*place])
    }

    /// The first leaf that counts it, of all or of those under a place, by its number among the places.
    pub(super) fn leaf_under(&self, place: Option<usize>) -> Option<usize> {
        let under = |leaf: &usize| {
            let mut next = Some(*leaf);
            while let Some(number) = next.filter(|number| Some(*number) != place) {
                next = self.opened.whole.places[number].parent;
            }
            place.is_none() || next.is_some()
        };
        self.leaves.iter().copied().find(under)
    }

    /// The numbers of all places that it stands under, leaves among them, each once.
    pub fn places(&self) -> Vec<usize> {
        let mut all = Vec::new();
        for leaf in &self.leaves {
            let mut next = Some(*leaf);
            while let Some(place) = next {
                all.push(place);
                next = self.opened.whole.places[place].parent;
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// All that is asked for in a campaign, standard by standard, in the order of their trees.
#[derive(Debug, Clone, Default)]
pub struct Demands {
    all: Vec<Demand>,
    number_of: HashMap<Of, usize>,
    /// Each standard once, with its edition opened.
    pub standards: Vec<(StandardId, Arc<Opened>)>,
}

impl Demands {
    pub(crate) async fn load(app: &App, q: &impl Queries, campaign: CampaignId) -> Result<Self, Refusal> {
        let mut demands = Self::default();
        for row in assessed::list(q, campaign).await? {
            let Some(summary) = edition::lookup_summary(q, row.edition).await? else { continue };
            let opened = app.standards.open(q, &summary).await?;
            demands.take(row.id, &opened);
            demands.standards.push((row.id, opened));
        }
        Ok(demands)
    }

    fn take(&mut self, standard: StandardId, opened: &Arc<Opened>) {
        let whole = &opened.whole;
        let number_of: HashMap<&str, usize> =
            whole.catalogue.requirements.iter().enumerate().map(|(n, one)| (one.id.as_str(), n)).collect();
        for leaf in &whole.leaves {
            for taken in &leaf.measures {
                let Input::Requirements(items) = &taken.input else { continue };
                for item in items.iter().map(|item| &whole.items[*item]) {
                    let Some(number) = number_of.get(item.id.as_str()) else { continue };
                    let of = Of { standard, requirement: item.id.clone() };
                    match self.number_of.get(&of) {
                        Some(there) => self.all[*there].leaves.push(leaf.place),
                        None => {
                            self.number_of.insert(of.clone(), self.all.len());
                            let opened = Arc::clone(opened);
                            self.all.push(Demand { of, opened, number: *number, leaves: vec![leaf.place] });
                        }
                    }
                }
            }
        }
    }

    pub fn find(&self, of: &Of) -> Option<Demand> {
        self.number_of.get(of).map(|number| self.all[*number].clone())
    }

    pub fn all(&self) -> &[Demand] {
        &self.all
    }

    /// What is said where there is no such requirement.
    pub(super) fn must(&self, of: &Of) -> Result<Demand, (&'static str, &'static str)> {
        let none = ("项目的体系里没有这项材料要求", "no standard of the campaign has this requirement");
        self.find(of).ok_or(none)
    }
}
