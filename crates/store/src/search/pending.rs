//! What SQLite's index is still to be told.
//!
//! FTS5 keeps what it is told in memory until the transaction ends, or until a later statement marks a point to go back
//! to; then it writes a segment of the index, and merges segments once there are some. Nearly every write has such
//! statements, so each would make a segment of its own. Told at the end, all writes that share a commit make one.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{DbBackend, Statement, Value};

use crate::{door::Access, error::StoreError};

/// In the order in which FTS5 takes it without writing in between: what goes, then what comes, by growing docid.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    gone: BTreeSet<i64>,
    new: BTreeMap<i64, String>,
}

impl Pending {
    pub(super) fn put(&mut self, docid: i64, grams: String) {
        self.new.insert(docid, grams);
    }

    pub(super) fn take_out(&mut self, docid: i64) {
        if self.new.remove(&docid).is_none() {
            self.gone.insert(docid);
        }
    }

    /// Adds what came later.
    pub(crate) fn join(&mut self, later: Self) {
        for docid in later.gone {
            self.take_out(docid);
        }
        self.new.extend(later.new);
    }

    /// Tells the index, through a write's access.
    pub(crate) async fn write(self, db: &Access) -> Result<(), StoreError> {
        let told = |sql: &'static str, values: Vec<Value>| {
            db.execute(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values))
        };
        for docid in self.gone {
            told("DELETE FROM search_grams WHERE rowid = $1", vec![docid.into()]).await?;
        }
        for (docid, grams) in self.new {
            told("INSERT INTO search_grams (rowid, grams) VALUES ($1, $2)", vec![docid.into(), grams.into()])
                .await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, Clone)]
    enum Deed {
        Put(i64, String),
        TakeOut(i64),
        /// Here another write begins.
        Next,
    }

    fn deeds() -> impl Strategy<Value = Vec<Deed>> {
        let deed = prop_oneof![
            (0..6_i64, "[a-c]{1,2}").prop_map(|(docid, grams)| Deed::Put(docid, grams)),
            (0..6_i64).prop_map(Deed::TakeOut),
            Just(Deed::Next),
        ];
        prop::collection::vec(deed, 0..40)
    }

    proptest! {
        #[test]
        fn what_is_told_at_the_end_leaves_what_telling_at_once_would(deeds in deeds()) {
            let before: BTreeMap<i64, String> = (0..3).map(|docid| (docid, "old".to_owned())).collect();
            let mut at_once = before.clone();
            let (mut all, mut one) = (Pending::default(), Pending::default());
            for deed in deeds {
                match deed {
                    // Nothing is put where something is: a docid is free before it is given.
                    Deed::Put(docid, _) if at_once.contains_key(&docid) => {}
                    Deed::Put(docid, grams) => {
                        at_once.insert(docid, grams.clone());
                        one.put(docid, grams);
                    }
                    Deed::TakeOut(docid) => {
                        if at_once.remove(&docid).is_some() {
                            one.take_out(docid);
                        }
                    }
                    Deed::Next => all.join(std::mem::take(&mut one)),
                }
            }
            all.join(one);
            let mut at_the_end = before;
            for docid in &all.gone {
                prop_assert!(at_the_end.remove(docid).is_some());
            }
            for (docid, grams) in all.new {
                prop_assert!(at_the_end.insert(docid, grams).is_none());
            }
            prop_assert_eq!(at_the_end, at_once);
        }
    }
}
