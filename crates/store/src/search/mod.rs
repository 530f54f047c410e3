//! Finding things by words, two-character Chinese words among them.
//!
//! Both engines' own ways (words by blanks, trigrams) find nothing for 整治 in a sentence. So the text is cut into
//! [`grams`] by us, and the engines only keep lists of them and intersect these: FTS5 on SQLite, a `tsvector` under a
//! GIN index on PostgreSQL.

mod course;
mod grams;
mod hits;
mod marks;
mod own;
mod pending;
mod rebuild;

pub use hits::{Hit, SearchFilter, list};
pub use rebuild::rebuild;

use chengjing_domain::{id::CampaignId, ledger::SubjectKind};
use sea_orm::{DbBackend, Statement, Value};
use uuid::Uuid;

pub(crate) use course::{Course, Courses};
pub(crate) use grams::Needle;
pub(crate) use pending::Pending;

use crate::{
    door::{Access, Tx},
    error::StoreError,
};

/// Puts a thing's texts into the index, in place of those that were there.
pub(crate) async fn index(
    tx: &Tx,
    campaign: CampaignId,
    kind: SubjectKind,
    id: Uuid,
    texts: &[&str],
) -> Result<(), StoreError> {
    let grams = grams::of_texts(texts).join(" ");
    let db = tx.access();
    let key = || -> Vec<Value> { vec![campaign.0.into(), kind.code().into(), id.into()] };
    if db.is_sqlite() {
        // A growing docid: FTS5 writes a segment for each that is smaller than the one before.
        let sql = "SELECT (SELECT docid FROM search_text WHERE campaign_id = $1 AND kind = $2 AND subject_id = $3), \
             (SELECT coalesce(max(docid), 0) + 1 FROM search_text)";
        let (old, docid) = docids(db, sql, key()).await?;
        let sql = match old {
            Some(_) => {
                "UPDATE search_text SET grams = $4, docid = $5 \
                 WHERE campaign_id = $1 AND kind = $2 AND subject_id = $3"
            }
            None => {
                "INSERT INTO search_text (campaign_id, kind, subject_id, grams, docid) VALUES ($1, $2, $3, $4, $5)"
            }
        };
        // Held with a blank at both ends, so that each gram stands between two.
        run(db, sql, [key(), vec![format!(" {grams} ").into(), docid.into()]].concat()).await?;
        db.index_later(|pending| {
            if let Some(old) = old {
                pending.take_out(old);
            }
            pending.put(docid, grams);
        });
    } else {
        let mut values = key();
        values.push(grams.into());
        let sql = "INSERT INTO search_text (campaign_id, kind, subject_id, grams) \
             VALUES ($1, $2, $3, array_to_tsvector(string_to_array($4, ' '))) \
             ON CONFLICT (campaign_id, kind, subject_id) DO UPDATE SET grams = excluded.grams";
        run(db, sql, values).await?;
    }
    Ok(())
}

pub(crate) async fn remove(
    tx: &Tx,
    campaign: CampaignId,
    kind: SubjectKind,
    id: Uuid,
) -> Result<(), StoreError> {
    let db = tx.access();
    let key = || -> Vec<Value> { vec![campaign.0.into(), kind.code().into(), id.into()] };
    if db.is_sqlite() {
        let sql =
            "SELECT docid, docid FROM search_text WHERE campaign_id = $1 AND kind = $2 AND subject_id = $3";
        if let Some(old) = docids(db, sql, key()).await?.0 {
            db.index_later(|pending| pending.take_out(old));
        }
    }
    let sql = "DELETE FROM search_text WHERE campaign_id = $1 AND kind = $2 AND subject_id = $3";
    run(db, sql, key()).await
}

/// The docid that a thing has, and the next.
async fn docids(db: &Access, sql: &str, values: Vec<Value>) -> Result<(Option<i64>, i64), StoreError> {
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
    Ok(db.tuple(statement).await?.unwrap_or_default())
}

async fn run(db: &Access, sql: &str, values: Vec<Value>) -> Result<(), StoreError> {
    db.execute(Statement::from_sql_and_values(db.backend(), sql, values)).await?;
    Ok(())
}
