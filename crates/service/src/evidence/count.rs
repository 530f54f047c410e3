//! How many characters the documents of a material have: counted when they are looked at first, kept with the version.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use chengjing_domain::{
    attachment::{Attachment, MediaKind},
    evidence::{
        MOST_FILES,
        limit::{self, Limit},
    },
    id::{AttachmentId, CampaignId, EvidenceId, UnitId},
    ledger::Hash,
    standard::FilingKind,
};
use chengjing_reader::source::running_text;
use chengjing_store::{
    Paging, Queries,
    evidence::{
        self as store,
        link::{self as links, LinkFilter},
    },
};

use super::Demand;
use crate::{App, Caller, Refusal, attachment::must_read};

/// Larger files are not counted: all of one is in memory while it is read.
const LARGEST: u64 = 64 << 20;
/// Of so many files it is kept in memory how many characters they have.
const KEPT: usize = 4_000;

/// Of files that were counted how many characters they have; None: they can't be read. Who types has the same files looked at
/// again and again.
#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<HashMap<(Hash, MediaKind), Option<u32>>>);

impl Counts {
    fn known(&self, file: &Attachment) -> Option<Option<u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(file.hash, file.kind)).copied()
    }

    fn keep(&self, file: &Attachment, counted: Option<u32>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert((file.hash, file.kind), counted);
    }
}

/// Those of these files that have arrived and are for the caller to see, in their order.
pub(super) async fn arrived(
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
    ids: &[AttachmentId],
) -> Result<Vec<Attachment>, Refusal> {
    let mut files: Vec<Attachment> = Vec::new();
    for id in ids.iter().take(MOST_FILES) {
        match must_read(q, caller, campaign, *id).await {
            Ok(file) if files.iter().all(|there| there.id != file.id) => files.push(file),
            Ok(_) | Err(Refusal::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(files)
}

/// How many characters each of these has; of photographs and videos nobody asks.
pub(super) async fn characters_of(
    app: &App,
    kind: FilingKind,
    files: &[Attachment],
) -> Result<BTreeMap<AttachmentId, Option<u32>>, Refusal> {
    let mut all = BTreeMap::new();
    for file in files.iter().filter(|_| !kind.counts_files()) {
        let counted = match app.counts.known(file) {
            Some(known) => known,
            None => count(app, file).await?,
        };
        all.insert(file.id, counted);
    }
    Ok(all)
}

/// The same of what the caller is about to file: before the write, which waits for no file.
pub(super) async fn characters(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    (kind, ids): (FilingKind, &[AttachmentId]),
) -> Result<BTreeMap<AttachmentId, Option<u32>>, Refusal> {
    let (caller, ids) = (caller.clone(), ids.to_vec());
    let files = app.store.read(|q| async move { arrived(&q, &caller, campaign, &ids).await }).await?;
    characters_of(app, kind, &files).await
}

/// What there is to be said of how long the materials of a kind are that are there for a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lengths {
    pub too_long: u32,
    /// Of these it can't be told, or not of all of their files.
    pub unread: u32,
}

/// So many of a requirement's materials of a kind are looked at: more no requirement has.
const LOOKED_AT: u64 = 200;

/// How long those are that are there for a requirement, of these units or of all.
pub(super) async fn lengths(
    q: &impl Queries,
    campaign: CampaignId,
    demand: &Demand,
    kind: FilingKind,
    units: Option<&[UnitId]>,
) -> Result<Lengths, Refusal> {
    let filter = LinkFilter {
        any_unit: units.map(<[UnitId]>::to_vec),
        of: Some(demand.of.clone()),
        kind: Some(kind),
        ..LinkFilter::default()
    };
    let page = links::list(q, campaign, &filter, &Paging::first(LOOKED_AT)).await?;
    let there = page.items.iter().filter(|link| link.review.counted().what.is_there());
    let ids: Vec<EvidenceId> = there.map(|link| link.evidence).collect();
    let mut lengths = Lengths::default();
    for one in store::list_of(q, campaign, &ids).await?.values() {
        for limit in limit::length(demand.requirement(), kind, &one.latest().content) {
            match limit {
                Limit::Unread { .. } => lengths.unread += 1,
                _ => lengths.too_long += 1,
            }
        }
    }
    Ok(lengths)
}

async fn count(app: &App, file: &Attachment) -> Result<Option<u32>, Refusal> {
    let counted = text_of(app, file).await?.map(|text| limit::characters(&text));
    let counted = counted.map(|counted| u32::try_from(counted).unwrap_or(u32::MAX));
    app.counts.keep(file, counted);
    Ok(counted)
}

/// What is written in a document; None where it can't be read.
pub(super) async fn text_of(app: &App, file: &Attachment) -> Result<Option<String>, Refusal> {
    let kind = file.kind;
    let text = matches!(kind, MediaKind::Text | MediaKind::Docx | MediaKind::Pdf);
    if !text || file.size > LARGEST {
        return Ok(None);
    }
    let few = Arc::clone(&app.previews).acquire_owned().await.map_err(|_| Refusal::Busy)?;
    let Some(bytes) = app.store.files().read(file.hash).await? else { return Ok(None) };
    let reading = tokio::task::spawn_blocking(move || {
        let _few = few;
        running_text(kind, &bytes).ok()
    });
    // The reader promises never to panic; should it, nobody knows.
    Ok(reading.await.ok().flatten())
}
