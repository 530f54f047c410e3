//! The ledger as an outbox: every act stands in it once, in the write that did it, and its blocks have one order. Who
//! follows them misses nothing and needs nothing added to any write.

use chengjing_domain::{
    id::EntryId,
    ledger::{Author, Subject, SubjectKind},
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement};
use uuid::Uuid;

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::{ledger_block, ledger_entry, told},
    error::StoreError,
    ledger::listed_in,
    row::inconsistent,
};

/// The one row of the table.
const ROW: i32 = 1;

/// An act on something, as its entry in the ledger tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Its entry's.
    pub id: EntryId,
    pub at: DateTime<Utc>,
    pub author: Author,
    pub action: String,
    pub subject: Subject,
}

/// The last block that was told of; -1 before the first.
pub async fn height_told(q: &impl Queries) -> Result<i64, StoreError> {
    let row = told::Entity::find_by_id(ROW).fetch_one(q.access()).await?;
    Ok(row.map_or(-1, |row| row.height))
}

/// What stands in the blocks after that one, at most so many of them, and the height of the last; None where there is
/// no further block.
pub async fn next_blocks(
    q: &impl Queries,
    after: i64,
    most: u64,
) -> Result<Option<(i64, Vec<Done>)>, StoreError> {
    use ledger_block::Column as B;
    let blocks: Vec<(i64, Vec<u8>)> = ledger_block::Entity::find()
        .filter(B::Height.gt(after))
        .order_by_asc(B::Height)
        .limit(most)
        .select_only()
        .columns([B::Height, B::Entries])
        .fetch_tuples(q.access())
        .await?;
    let Some((last, _)) = blocks.last() else { return Ok(None) };
    let last = *last;
    let mut done = Vec::new();
    for (height, entries) in blocks {
        let ids = listed_in(&entries).ok_or_else(|| inconsistent("ledger_block", "entries", height))?;
        done.extend(acts(q, &ids).await?);
    }
    Ok(Some((last, done)))
}

/// The entries with these ids, in the order in which they were written.
async fn acts(q: &impl Queries, ids: &[Uuid]) -> Result<Vec<Done>, StoreError> {
    use ledger_entry::Column as E;
    type Row = (i64, Uuid, DateTime<Utc>, String, String, Option<Uuid>, String, Uuid);
    let mut rows: Vec<Row> = Vec::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let found = ledger_entry::Entity::find()
            .filter(E::Id.is_in(some.iter().copied()))
            .select_only()
            .columns([
                E::Seq,
                E::Id,
                E::At,
                E::Actor,
                E::Action,
                E::ScopeCampaignId,
                E::SubjectKind,
                E::SubjectId,
            ])
            .fetch_tuples(q.access())
            .await?;
        rows.extend(found);
    }
    rows.sort_unstable_by_key(|row| row.0);
    let act = |(_, id, at, actor, action, campaign, kind, subject): Row| {
        let fault = |column| inconsistent("ledger_entry", column, id);
        let kind = SubjectKind::from_code(&kind).ok_or_else(|| fault("subject_kind"))?;
        let author = actor.parse().map_err(|_| fault("actor"))?;
        let subject = Subject { kind, campaign: campaign.map(Into::into), id: subject };
        Ok(Done { id: EntryId(id), at, author, action, subject })
    };
    rows.into_iter().map(act).collect()
}

/// Says that the blocks up to `to` were told of; false where somebody else has moved on from `from` meanwhile.
pub async fn advance(tx: &Tx, from: i64, to: i64) -> Result<bool, StoreError> {
    let db = tx.access();
    if from < 0 {
        let sql = "INSERT INTO told (id, height) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        let statement = Statement::from_sql_and_values(db.backend(), sql, [ROW.into(), to.into()]);
        return Ok(db.execute(statement).await? == 1);
    }
    let row = told::ActiveModel { height: sea_orm::Set(to), ..Default::default() };
    let changed = told::Entity::update_many()
        .set(row)
        .filter(told::Column::Id.eq(ROW))
        .filter(told::Column::Height.eq(from))
        .execute(db)
        .await?;
    Ok(changed == 1)
}

/// Leaves untold what the blocks say that are there now.
pub async fn tell_from_here(tx: &Tx) -> Result<(), StoreError> {
    let db = tx.access();
    let sql = "INSERT INTO told (id, height) SELECT 1, max(height) FROM ledger_block HAVING max(height) IS NOT NULL \
         ON CONFLICT (id) DO UPDATE SET height = excluded.height";
    db.execute(Statement::from_string(db.backend(), sql)).await.map(drop)
}
