//! Does the ledger hold? The chain against its entries, the entries against the rows.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use chengjing_domain::{
    id::{CampaignId, DutyId, EntryId, UnitId},
    ledger::{Effect, GENESIS, Hash, Subject, SubjectKind, root},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use super::{
    from_row,
    seal::{from_block, listed},
    stored::{hashes_of, keys_after},
};
use crate::{
    door::{Fetch, Read, Store},
    entity::{ledger_block, ledger_entry},
    error::StoreError,
    progress::Progress,
    task::{self, Astray},
};

/// Something that does not hold, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A block was changed: its hash is not that of what it says.
    BlockChanged {
        height: u64,
    },
    /// A block is missing from the chain.
    BlockMissing {
        height: u64,
    },
    /// A block does not carry the hash of the one before it.
    ChainBroken {
        height: u64,
    },
    /// The block's hash is not the one that was published.
    NotAsPublished {
        height: u64,
    },
    EntryChanged {
        id: EntryId,
    },
    /// A sealed entry is gone.
    EntryMissing {
        id: EntryId,
        height: u64,
    },
    /// An entry claims a block that does not list it.
    EntryAdded {
        id: EntryId,
        height: u64,
    },
    /// An entry stands in another place than the one it was sealed in.
    EntryMoved {
        id: EntryId,
        height: u64,
    },
    /// A row is not what its newest entry says.
    RowChanged {
        subject: Subject,
    },
    /// A row that no entry tells of.
    RowAdded {
        subject: Subject,
    },
    /// A row is gone and no entry tells of its removal.
    RowMissing {
        subject: Subject,
    },
    /// A unit owes something under a duty, and its task is gone.
    TaskMissing {
        campaign: CampaignId,
        duty: DutyId,
        unit: UnitId,
    },
    /// A task whose part, day or unit is not what its duty says.
    TaskDiffers {
        subject: Subject,
    },
    /// A row holds what the program never writes.
    RowUnreadable {
        table: &'static str,
        column: &'static str,
        row: String,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = |f: &mut fmt::Formatter<'_>, what, subject: &Subject| {
            write!(f, "{what}: {} {}", subject.kind.code(), subject.id)?;
            subject.campaign.map_or(Ok(()), |campaign| write!(f, " of campaign {campaign}"))
        };
        match self {
            Self::BlockChanged { height } => write!(f, "block changed: {height}"),
            Self::BlockMissing { height } => write!(f, "block missing: {height}"),
            Self::ChainBroken { height } => write!(f, "chain broken before block {height}"),
            Self::NotAsPublished { height } => write!(f, "block is not as published: {height}"),
            Self::EntryChanged { id } => write!(f, "entry changed: {id}"),
            Self::EntryMissing { id, height } => write!(f, "entry missing: {id} of block {height}"),
            Self::EntryAdded { id, height } => {
                write!(f, "entry added: {id}, which block {height} does not list")
            }
            Self::EntryMoved { id, height } => write!(f, "entry moved: {id} of block {height}"),
            Self::RowChanged { subject } => row(f, "row changed", subject),
            Self::RowAdded { subject } => row(f, "row added", subject),
            Self::RowMissing { subject } => row(f, "row missing", subject),
            Self::TaskMissing { campaign, duty, unit } => {
                write!(f, "task missing: of unit {unit} under duty {duty} of campaign {campaign}")
            }
            Self::TaskDiffers { subject } => row(f, "task differs from its duty", subject),
            Self::RowUnreadable { table, column, row } => {
                write!(f, "row unreadable: {table}.{column} of {row}")
            }
        }
    }
}

/// Rows looked at in one go.
const ROWS: u64 = 500;

/// All that does not hold, at one moment of the database. Memory does not grow with it, only with the faults.
pub async fn verify(store: &Store) -> Result<Vec<Fault>, StoreError> {
    verify_telling(store, &mut |_| {}).await
}

/// The same, for somebody who waits.
pub async fn verify_telling(
    store: &Store,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Vec<Fault>, StoreError> {
    check(store, &[], progress).await
}

/// The same, and the blocks at these heights must have the hashes that were published: the only way to see that the
/// newest part of a ledger was cut off or made anew as a whole.
pub async fn verify_against(store: &Store, published: &[(u64, Hash)]) -> Result<Vec<Fault>, StoreError> {
    check(store, published, &mut |_| {}).await
}

async fn check(
    store: &Store,
    published: &[(u64, Hash)],
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Vec<Fault>, StoreError> {
    store
        .read(|r| async move {
            let mut faults = Vec::new();
            check_chain(&r, published, &mut faults, progress).await?;
            check_unsealed(&r, &mut faults).await?;
            let total = Some(SubjectKind::ALL.len() as u64);
            for (kind, done) in SubjectKind::ALL.into_iter().zip(1..) {
                progress(Progress { what: "kinds of rows".into(), done, total });
                check_rows(&r, kind, &mut faults).await?;
                check_missing(&r, kind, &mut faults).await?;
            }
            faults.extend(task::astray(&r).await?.into_iter().map(|astray| match astray {
                Astray::Missing { campaign, duty, unit } => Fault::TaskMissing { campaign, duty, unit },
                Astray::Differs { campaign, task } => {
                    Fault::TaskDiffers { subject: Subject::of(campaign, SubjectKind::Task, task.0) }
                }
            }));
            Ok(faults)
        })
        .await
}

async fn check_chain(
    r: &Read,
    published: &[(u64, Hash)],
    faults: &mut Vec<Fault>,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), StoreError> {
    use ledger_block::Column as C;
    let mut counts = counts_by_height(r).await?;
    let total = Some(counts.len() as u64);
    let (mut height, mut previous) = (0_u64, GENESIS);
    loop {
        let after = i64::try_from(height).unwrap_or(i64::MAX);
        let rows = ledger_block::Entity::find().filter(C::Height.gt(after)).order_by_asc(C::Height).limit(20);
        let rows = rows.fetch_all(r.access()).await?;
        if rows.is_empty() {
            break;
        }
        progress(Progress { what: "blocks".into(), done: height, total });
        for row in rows {
            let Ok(block) = from_block(&row) else {
                faults.push(Fault::BlockChanged { height: row.height.unsigned_abs() });
                height = row.height.unsigned_abs();
                continue;
            };
            faults.extend((height + 1..block.height).map(|height| Fault::BlockMissing { height }));
            let hash = block.hash();
            if Hash::from_slice(&row.hash) != Some(hash) {
                faults.push(Fault::BlockChanged { height: block.height });
            }
            if block.height == height + 1 && block.previous != previous {
                faults.push(Fault::ChainBroken { height: block.height });
            }
            if published.iter().any(|(at, expected)| *at == block.height && *expected != hash) {
                faults.push(Fault::NotAsPublished { height: block.height });
            }
            let found = counts.remove(&row.height).unwrap_or(0);
            check_block(r, &row, block.root, found, faults).await?;
            (height, previous) = (block.height, hash);
        }
    }
    let cut = published.iter().filter(|(at, _)| *at > height);
    faults.extend(cut.map(|(height, _)| Fault::BlockMissing { height: *height }));
    // What is left claims blocks that there are not.
    for height in counts.into_keys() {
        add_unlisted(r, height, &[], faults).await?;
    }
    Ok(())
}

async fn counts_by_height(r: &Read) -> Result<HashMap<i64, i64>, StoreError> {
    use ledger_entry::Column as C;
    let rows: Vec<(i64, i64)> = ledger_entry::Entity::find()
        .filter(C::Height.is_not_null())
        .select_only()
        .column(C::Height)
        .column_as(Expr::cust("count(*)"), "n")
        .group_by(C::Height)
        .fetch_tuples(r.access())
        .await?;
    Ok(rows.into_iter().collect())
}

async fn check_block(
    r: &Read,
    row: &ledger_block::Model,
    expected: Hash,
    found: i64,
    faults: &mut Vec<Fault>,
) -> Result<(), StoreError> {
    let height = row.height.unsigned_abs();
    let Some(listed) = listed(&row.entries) else {
        faults.push(Fault::BlockChanged { height });
        return Ok(());
    };
    let hashes: Vec<Hash> = listed.iter().map(|(_, hash)| *hash).collect();
    if root(&hashes) != expected {
        faults.push(Fault::BlockChanged { height });
    }
    let mut last = i64::MIN;
    let mut present = 0;
    for some in listed.chunks(usize::try_from(ROWS).unwrap_or(500)) {
        let rows = ledger_entry::Entity::find()
            .filter(ledger_entry::Column::Id.is_in(some.iter().map(|(id, _)| id.0)))
            .fetch_all(r.access())
            .await?;
        let rows: HashMap<Uuid, ledger_entry::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
        for (id, hash) in some {
            let Some(entry) = rows.get(&id.0) else {
                faults.push(Fault::EntryMissing { id: *id, height });
                continue;
            };
            present += i64::from(entry.height == Some(row.height));
            if !is_as_hashed(entry, *hash) {
                faults.push(Fault::EntryChanged { id: *id });
            } else if entry.height != Some(row.height) || entry.seq <= last {
                faults.push(Fault::EntryMoved { id: *id, height });
            }
            last = last.max(entry.seq);
        }
    }
    if found != present {
        add_unlisted(r, row.height, &listed, faults).await?;
    }
    Ok(())
}

fn is_as_hashed(row: &ledger_entry::Model, hash: Hash) -> bool {
    let own = Hash::from_slice(&row.hash) == Some(hash);
    own && from_row(row).is_ok_and(|entry| entry.hash() == hash)
}

/// Names the entries that claim a block and are not listed in it. Slow, and only needed where something is wrong.
async fn add_unlisted(
    r: &Read,
    height: i64,
    listed: &[(EntryId, Hash)],
    faults: &mut Vec<Fault>,
) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = ledger_entry::Entity::find()
        .filter(ledger_entry::Column::Height.eq(height))
        .select_only()
        .column(ledger_entry::Column::Id)
        .fetch_tuples(r.access())
        .await?;
    let height = height.unsigned_abs();
    let unlisted = ids.into_iter().map(EntryId).filter(|id| !listed.iter().any(|(other, _)| other == id));
    faults.extend(unlisted.map(|id| Fault::EntryAdded { id, height }));
    Ok(())
}

/// Entries that wait for their block have nothing but their own hash.
async fn check_unsealed(r: &Read, faults: &mut Vec<Fault>) -> Result<(), StoreError> {
    use ledger_entry::Column as C;
    let mut after = i64::MIN;
    loop {
        let rows = ledger_entry::Entity::find().filter(C::Height.is_null()).filter(C::Seq.gt(after));
        let rows = rows.order_by_asc(C::Seq).limit(ROWS).fetch_all(r.access()).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.seq;
        for row in &rows {
            let hash = Hash::from_slice(&row.hash);
            if !hash.is_some_and(|hash| is_as_hashed(row, hash)) {
                faults.push(Fault::EntryChanged { id: EntryId(row.id) });
            }
        }
    }
}

/// Each row against its newest entry.
async fn check_rows(r: &Read, kind: SubjectKind, faults: &mut Vec<Fault>) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let keys = keys_after(r, kind, after.as_ref(), ROWS).await?;
        let Some(last) = keys.last() else { return Ok(()) };
        after = Some(last.clone());
        let mut stored = Vec::with_capacity(keys.len());
        match hashes_of(r, kind, &keys).await {
            Ok(all) => stored = all,
            // Some row can't be read: find out which.
            Err(StoreError::Inconsistent { .. }) => {
                for key in &keys {
                    match hashes_of(r, kind, std::slice::from_ref(key)).await {
                        Ok(one) => stored.extend(one),
                        Err(StoreError::Inconsistent { table, column, row }) => {
                            faults.push(Fault::RowUnreadable { table, column, row });
                        }
                        Err(other) => return Err(other),
                    }
                }
            }
            Err(other) => return Err(other),
        }
        let ids: Vec<Uuid> = stored.iter().map(|(subject, _)| subject.id).collect();
        let newest = newest_effects(r, kind, &ids).await?;
        // A task has no entry before somebody does something to it; what it says until then, its duty says too.
        let unsaid = match kind {
            SubjectKind::Task => task::untouched(r, &ids).await?,
            _ => HashSet::new(),
        };
        for (subject, hash) in stored {
            match newest.get(&subject) {
                Some(Effect::Stored(said)) if *said == hash => {}
                Some(Effect::Stored(_)) => faults.push(Fault::RowChanged { subject }),
                None if unsaid.contains(&subject) => {}
                Some(Effect::Removed | Effect::None) | None => faults.push(Fault::RowAdded { subject }),
            }
        }
    }
}

/// Each thing that is stored according to its newest entry against the rows.
async fn check_missing(r: &Read, kind: SubjectKind, faults: &mut Vec<Fault>) -> Result<(), StoreError> {
    use ledger_entry::Column as C;
    let mut after: Option<Uuid> = None;
    loop {
        let mut query = ledger_entry::Entity::find().filter(C::SubjectKind.eq(kind.code()));
        if let Some(after) = after {
            query = query.filter(C::SubjectId.gt(after));
        }
        let ids: Vec<Uuid> = query
            .select_only()
            .column(C::SubjectId)
            .distinct()
            .order_by_asc(C::SubjectId)
            .limit(ROWS)
            .fetch_tuples(r.access())
            .await?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = Some(*last);
        let newest = newest_effects(r, kind, &ids).await?;
        let said: Vec<Subject> = newest
            .into_iter()
            .filter(|(_, effect)| matches!(effect, Effect::Stored(_)))
            .map(|(s, _)| s)
            .collect();
        let present = super::stored::present(r, kind, &said).await?;
        let missing = said.into_iter().filter(|subject| !present.contains(subject));
        faults.extend(missing.map(|subject| Fault::RowMissing { subject }));
    }
}

/// What the newest entry that did something to each of these says.
async fn newest_effects(
    r: &Read,
    kind: SubjectKind,
    ids: &[Uuid],
) -> Result<HashMap<Subject, Effect>, StoreError> {
    use ledger_entry::Column as C;
    type Told = (Uuid, Option<Uuid>, String, Option<Vec<u8>>);
    let rows: Vec<Told> = ledger_entry::Entity::find()
        .filter(C::SubjectKind.eq(kind.code()))
        .filter(C::SubjectId.is_in(ids.iter().copied()))
        .filter(C::Effect.ne(Effect::None.code()))
        .order_by_asc(C::Seq)
        .select_only()
        .columns([C::SubjectId, C::ScopeCampaignId, C::Effect, C::SubjectHash])
        .fetch_tuples(r.access())
        .await?;
    let mut newest = HashMap::with_capacity(ids.len());
    for (id, campaign, effect, hash) in rows {
        let subject = Subject { kind, campaign: campaign.map(CampaignId), id };
        let hash = hash.as_deref().and_then(Hash::from_slice);
        // An entry that says nothing clear is found as changed; here it says "not as it should be".
        newest.insert(subject, Effect::from_parts(&effect, hash).unwrap_or(Effect::None));
    }
    Ok(newest)
}
