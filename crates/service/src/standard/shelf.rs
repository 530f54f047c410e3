//! Editions as they are read: put together once, and kept in memory as long as they are asked for.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chengjing_domain::{
    id::{CampaignId, CatalogueId, EditionId},
    standard::{
        CatalogueFile, Input, ItemKind, Standard, Whole,
        edition::{Edition, EditionSummary},
    },
};
use chengjing_reader::standard::{File, LineFault, Places, read};
use chengjing_store::{
    Queries, StoreError,
    standard::{catalogue, edition},
};

use super::shipped;
use crate::Refusal;

/// An edition put together with what it uses.
#[derive(Debug)]
pub struct Opened {
    pub whole: Whole,
    /// What is wrong with it still; a published one has none.
    pub faults: Vec<LineFault>,
    /// What can be found in it, in small letters.
    texts: Vec<Text>,
}

#[derive(Debug)]
struct Text {
    leaf: usize,
    part: Part,
    text: String,
    small: String,
}

/// Where in a leaf something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Its code, title or text.
    Leaf,
    Criterion,
    Requirement,
    Question,
    Statistic,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The number of the leaf.
    pub leaf: usize,
    pub part: Part,
    pub text: String,
}

impl Opened {
    fn new(whole: Whole, faults: Vec<LineFault>) -> Self {
        let texts = texts(&whole);
        Self { whole, faults, texts }
    }

    /// Where all of these words stand, at most `most` of them, in the order of the tree; a leaf itself before what is in it.
    pub fn find(&self, words: &str, most: usize) -> Vec<Found> {
        let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let hit = |text: &&Text| words.iter().all(|word| text.small.contains(word.as_str()));
        let found = |text: &Text| Found { leaf: text.leaf, part: text.part, text: text.text.clone() };
        self.texts.iter().filter(hit).take(most).map(found).collect()
    }
}

fn texts(whole: &Whole) -> Vec<Text> {
    let mut texts = Vec::new();
    for (number, leaf) in whole.leaves.iter().enumerate() {
        let mut add = |part, text: String| {
            let small = text.to_lowercase();
            texts.push(Text { leaf: number, part, text, small });
        };
        let place = &whole.places[leaf.place];
        let said = chengjing_domain::standard::edition::node(&whole.standard.tree, &place.code);
        add(Part::Leaf, format!("{} {}", place.code, place.title));
        if let Some(text) = said.and_then(|node| node.text.clone()) {
            add(Part::Leaf, text);
        }
        for taken in &leaf.measures {
            match &taken.input {
                Input::Criteria(items) | Input::Requirements(items) | Input::Questions(items) => {
                    for item in items.iter().map(|item| &whole.items[*item]) {
                        let part = match item.kind {
                            ItemKind::Criterion { .. } => Part::Criterion,
                            ItemKind::Requirement { .. } => Part::Requirement,
                            ItemKind::Question { .. } => Part::Question,
                        };
                        add(part, item.text.clone());
                    }
                }
                Input::Statistic(id) => {
                    let statistic = whole.statistic(id);
                    if let Some(statistic) = statistic {
                        add(Part::Statistic, statistic.title.clone());
                    }
                }
                Input::Judgement | Input::Formula(_) => {}
            }
        }
    }
    texts
}

/// An edition as it was at some version, with the versions of the catalogues that it takes while it is a draft.
type Key = (EditionId, i64, Vec<(CatalogueId, i64)>);

/// The editions that were opened last.
#[derive(Debug, Default)]
pub(crate) struct Shelf(Mutex<Standing>);

#[derive(Debug, Default)]
struct Standing {
    opened: HashMap<Key, (Arc<Opened>, u64)>,
    /// Counts the times that something was asked for.
    turn: u64,
}

impl Shelf {
    /// A whole standard with its texts takes about a megabyte.
    const MOST: usize = 24;

    fn get(&self, key: &Key) -> Option<Arc<Opened>> {
        let mut standing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        standing.turn += 1;
        let turn = standing.turn;
        let (opened, last) = standing.opened.get_mut(key)?;
        *last = turn;
        Some(Arc::clone(opened))
    }

    fn put(&self, key: Key, opened: &Arc<Opened>) {
        let mut standing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        standing.turn += 1;
        let turn = standing.turn;
        if standing.opened.len() >= Self::MOST {
            let oldest =
                standing.opened.iter().min_by_key(|(_, (_, last))| *last).map(|(key, _)| key.clone());
            oldest.and_then(|oldest| standing.opened.remove(&oldest));
        }
        standing.opened.insert(key, (Arc::clone(opened), turn));
    }

    /// An edition put together, from memory where it was asked for lately.
    pub(crate) async fn open(
        &self,
        q: &impl Queries,
        summary: &EditionSummary,
    ) -> Result<Arc<Opened>, Refusal> {
        // What is published holds what it uses. A draft takes its owner's catalogues as they stand.
        if !summary.state.is_draft() {
            let key = (summary.id, summary.version, Vec::new());
            if let Some(opened) = self.get(&key) {
                return Ok(opened);
            }
            let edition = must(q, summary.id).await?;
            let (whole, _) = Whole::unfinished(edition.content, &edition.catalogues);
            let opened = Arc::new(Opened::new(whole, Vec::new()));
            self.put(key, &opened);
            return Ok(opened);
        }
        let edition = must(q, summary.id).await?;
        let (files, marks) = taken_by(q, edition.owner, &edition.content).await?;
        let key = (edition.id, edition.version, marks);
        if let Some(opened) = self.get(&key) {
            return Ok(opened);
        }
        let (whole, faults) = Whole::unfinished(edition.content.clone(), &files);
        let faults = match places(&edition) {
            Some(places) => faults.into_iter().map(|fault| places.locate(fault)).collect(),
            None => return Err(Refusal::Internal("the source of an edition can't be read")),
        };
        let opened = Arc::new(Opened::new(whole, faults));
        self.put(key, &opened);
        Ok(opened)
    }
}

async fn must(q: &impl Queries, id: EditionId) -> Result<Edition, Refusal> {
    edition::lookup(q, id).await?.ok_or(Refusal::NotFound)
}

/// Where the parts of an edition stand in its source.
pub(super) fn places(edition: &Edition) -> Option<Places> {
    match read(edition.source.as_bytes()) {
        Ok(File::Standard(_, places)) => Some(places),
        Ok(File::Catalogue(_)) | Err(_) => None,
    }
}

/// The catalogues that a standard of that owner takes, the nearest first: the owner's own, the installation's, those that come
/// with the program; and which versions they are.
pub(super) async fn taken_by(
    q: &impl Queries,
    owner: Option<CampaignId>,
    standard: &Standard,
) -> Result<(Vec<CatalogueFile>, Vec<(CatalogueId, i64)>), StoreError> {
    let codes: Vec<String> = standard.uses.iter().map(|uses| uses.catalogue.clone()).collect();
    if codes.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let kept = catalogue::list_coded(q, owner, &codes).await?;
    let marks = kept.iter().map(|one| (one.id, one.version)).collect();
    let shipped = shipped::catalogues().iter().filter(|file| codes.contains(&file.id)).cloned();
    Ok((kept.into_iter().map(|one| one.content).chain(shipped).collect(), marks))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn county() -> Opened {
        let county = &shipped::standards()[0];
        let (whole, faults) = Whole::unfinished(county.standard.clone(), shipped::catalogues());
        assert_eq!(faults, []);
        Opened::new(whole, Vec::new())
    }

    #[test]
    fn every_word_must_stand_in_what_is_found_and_no_more_than_asked_for_comes_back() {
        let county = county();
        let found = county.find("志愿", 100);
        assert!(found.iter().all(|one| one.text.contains("志愿")));
        let parts: std::collections::BTreeSet<Part> = found.iter().map(|one| one.part).collect();
        assert!(parts.contains(&Part::Leaf) && parts.contains(&Part::Criterion), "{parts:?}");
        assert_eq!(county.find("志愿", 3).len(), 3);
        assert!(county.find("志愿 站点", 100).len() < found.len());
        assert_eq!(county.find("  ", 100), []);
        assert_eq!(county.find("绝对没有这样的话", 100), []);
        let by_code = county.find("Ⅲ-12", 100);
        assert!(by_code.iter().any(|one| one.text.starts_with("Ⅲ-12 ")), "{by_code:?}");
    }

    #[test]
    fn the_shelf_keeps_what_was_asked_for_last() {
        let shelf = Shelf::default();
        let opened = Arc::new(county());
        let key = |n: u128| (EditionId(uuid::Uuid::from_u128(n)), 1, Vec::new());
        for n in 0..Shelf::MOST as u128 {
            shelf.put(key(n), &opened);
        }
        assert!(shelf.get(&key(0)).is_some());
        shelf.put(key(1_000), &opened);
        assert!(shelf.get(&key(0)).is_some() && shelf.get(&key(1_000)).is_some());
        assert!(shelf.get(&key(1)).is_none(), "the one that nobody asked for longest");
    }
}
