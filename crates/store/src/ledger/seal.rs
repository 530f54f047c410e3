//! Blocks: made of committed entries, a second later at most, by one sealer at a time. No write waits for the chain.

use chengjing_domain::{
    id::EntryId,
    ledger::{Block, Entry, Hash, Proof, prove},
};
use sea_orm::{
    ColumnTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement, sea_query::Expr,
};
use uuid::Uuid;

use super::from_row;
use crate::{
    door::{Execute, Fetch, Queries, Store, Tx},
    entity::{ledger_block, ledger_entry},
    error::StoreError,
    page::{Cursor, Page, Paging, part},
    row::{cut, inconsistent, insert},
};

/// Entries of one block at most; more make more blocks.
const ENTRIES: u64 = 10_000;

/// The advisory lock of PostgreSQL that the one sealer holds; the number is this program's own.
const LOCK: i64 = 0x6368_656e_676a_696e;

/// Seals what is committed and not yet sealed, and returns the newest block made; None where there was nothing, or
/// where another server is sealing at this moment.
pub async fn seal(store: &Store) -> Result<Option<Block>, StoreError> {
    let mut newest = None;
    loop {
        // A look first: an idle store is not written to.
        if !store.read(|r| async move { has_unsealed(&r).await }).await? {
            return Ok(newest);
        }
        let clock = store.config().clock.clone();
        let made = store.write_unrecorded("sealing the ledger", move |tx| {
            let at = cut(clock());
            async move { seal_once(&tx, at).await }
        });
        match made.await? {
            Some(block) => {
                newest = Some(block);
                store.bells().blocks.notify_one();
            }
            None => return Ok(newest),
        }
    }
}

async fn has_unsealed(q: &impl Queries) -> Result<bool, StoreError> {
    let row: Option<i64> = ledger_entry::Entity::find()
        .filter(ledger_entry::Column::Height.is_null())
        .select_only()
        .column(ledger_entry::Column::Seq)
        .limit(1)
        .fetch_tuple(q.access())
        .await?;
    Ok(row.is_some())
}

async fn seal_once(tx: &Tx, at: chrono::DateTime<chrono::Utc>) -> Result<Option<Block>, StoreError> {
    use ledger_entry::Column as C;
    let db = tx.access();
    if !db.is_sqlite() {
        let sql = "SELECT pg_try_advisory_xact_lock($1)";
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [LOCK.into()]);
        let held: Option<bool> = db.tuple(statement).await?;
        if held != Some(true) {
            return Ok(None);
        }
    }
    let entries: Vec<(i64, Uuid, Vec<u8>)> = ledger_entry::Entity::find()
        .filter(C::Height.is_null())
        .order_by_asc(C::Seq)
        .limit(ENTRIES)
        .select_only()
        .columns([C::Seq, C::Id, C::Hash])
        .fetch_tuples(db)
        .await?;
    let Some((last, ..)) = entries.last() else { return Ok(None) };
    let last = *last;
    let mut hashes = Vec::with_capacity(entries.len());
    let mut listed = Vec::with_capacity(entries.len() * LISTED);
    for (_, id, hash) in &entries {
        let hash = Hash::from_slice(hash).ok_or_else(|| inconsistent("ledger_entry", "hash", id))?;
        hashes.push(hash);
        listed.extend_from_slice(id.as_bytes());
        listed.extend_from_slice(&hash.0);
    }
    let previous = newest_block(tx).await?.map(|block| (block.height, block.hash()));
    let block = Block::seal(previous, at, &hashes);
    insert::<ledger_block::Entity>(tx, to_block(&block, listed)).await?;
    let height = i64::try_from(block.height).unwrap_or(i64::MAX);
    // The same snapshot that was read: no entry slips in between.
    ledger_entry::Entity::update_many()
        .col_expr(C::Height, Expr::value(height))
        .filter(C::Height.is_null())
        .filter(C::Seq.lte(last))
        .execute(db)
        .await?;
    Ok(Some(block))
}

/// An entry's share of `ledger_block.entries`: its id and its hash.
pub(super) const LISTED: usize = 16 + 32;

/// The ids and hashes that a block lists, in order; None where the bytes are no such list.
pub(super) fn listed(bytes: &[u8]) -> Option<Vec<(EntryId, Hash)>> {
    if !bytes.len().is_multiple_of(LISTED) {
        return None;
    }
    let read = |one: &[u8]| {
        let (id, hash) = one.split_at(16);
        Some((EntryId(Uuid::from_slice(id).ok()?), Hash::from_slice(hash)?))
    };
    bytes.chunks_exact(LISTED).map(read).collect()
}

/// The ids that a block lists, in order; None where the bytes are no such list.
pub(crate) fn listed_in(bytes: &[u8]) -> Option<Vec<Uuid>> {
    Some(listed(bytes)?.into_iter().map(|(id, _)| id.0).collect())
}

fn to_block(block: &Block, entries: Vec<u8>) -> ledger_block::Model {
    ledger_block::Model {
        height: i64::try_from(block.height).unwrap_or(i64::MAX),
        sealed_at: block.sealed_at,
        previous: block.previous.0.to_vec(),
        root: block.root.0.to_vec(),
        count: i32::try_from(block.count).unwrap_or(i32::MAX),
        entries,
        hash: block.hash().0.to_vec(),
    }
}

pub(super) fn from_block(row: &ledger_block::Model) -> Result<Block, StoreError> {
    let fault = |column| inconsistent("ledger_block", column, row.height);
    Ok(Block {
        height: u64::try_from(row.height).map_err(|_| fault("height"))?,
        sealed_at: row.sealed_at,
        previous: Hash::from_slice(&row.previous).ok_or_else(|| fault("previous"))?,
        root: Hash::from_slice(&row.root).ok_or_else(|| fault("root"))?,
        count: u32::try_from(row.count).map_err(|_| fault("count"))?,
    })
}

/// The newest block; its hash is what a bulletin prints.
pub async fn newest_block(q: &impl Queries) -> Result<Option<Block>, StoreError> {
    let row = ledger_block::Entity::find()
        .order_by_desc(ledger_block::Column::Height)
        .fetch_one(q.access())
        .await?;
    row.as_ref().map(from_block).transpose()
}

/// The blocks, newest first.
pub async fn list_blocks(q: &impl Queries, paging: &Paging) -> Result<Page<Block>, StoreError> {
    let mut query = ledger_block::Entity::find();
    if let Some(cursor) = &paging.after {
        let [height] = cursor.parts()?;
        query = query.filter(ledger_block::Column::Height.lt(part::<i64>(height)?));
    }
    let rows = query
        .order_by_desc(ledger_block::Column::Height)
        .limit(paging.size() + 1)
        .fetch_all(q.access())
        .await?;
    Page::cut(rows, paging.size(), |row| Cursor::of(&[&row.height])).try_map(|row| from_block(&row))
}

/// One entry with its block and the way from the one to the other.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryProof {
    pub entry: Entry,
    pub block: Block,
    pub proof: Proof,
}

impl EntryProof {
    /// Whether the entry stands in the block with this hash, which an outsider has from elsewhere.
    pub fn holds(&self, block: Hash) -> bool {
        self.block.hash() == block && self.proof.holds(self.entry.hash(), self.block.root)
    }
}

/// Proves one entry without showing the others; None where there is no such entry or it is not sealed yet.
pub async fn prove_entry(q: &impl Queries, id: EntryId) -> Result<Option<EntryProof>, StoreError> {
    let row =
        ledger_entry::Entity::find().filter(ledger_entry::Column::Id.eq(id.0)).fetch_one(q.access()).await?;
    let Some(row) = row else { return Ok(None) };
    let Some(height) = row.height else { return Ok(None) };
    let block = ledger_block::Entity::find_by_id(height).fetch_one(q.access()).await?;
    let block = block.ok_or_else(|| inconsistent("ledger_entry", "height", row.id))?;
    let fault = || inconsistent("ledger_block", "entries", block.height);
    let listed = listed(&block.entries).ok_or_else(fault)?;
    let index = listed.iter().position(|(other, _)| *other == id).ok_or_else(fault)?;
    let hashes: Vec<Hash> = listed.into_iter().map(|(_, hash)| hash).collect();
    let proof = prove(&hashes, index).ok_or_else(fault)?;
    Ok(Some(EntryProof { entry: from_row(&row)?, block: from_block(&block)?, proof }))
}
