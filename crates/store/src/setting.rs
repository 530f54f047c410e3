//! Settings of the installation, by name.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, sea_query::OnConflict};

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::setting,
    error::StoreError,
    ledger::{SettingRow, note_stored},
};

pub async fn lookup(q: &impl Queries, key: &str) -> Result<Option<String>, StoreError> {
    Ok(setting::Entity::find_by_id(key).fetch_one(q.access()).await?.map(|row| row.value))
}

/// A setting and its version; version 0 where it was never set.
pub async fn lookup_versioned(q: &impl Queries, key: &str) -> Result<(Option<String>, i64), StoreError> {
    let row = setting::Entity::find_by_id(key).fetch_one(q.access()).await?;
    Ok(row.map_or((None, 0), |row| (Some(row.value), row.version)))
}

/// The settings with these names, by name.
pub async fn lookup_many(q: &impl Queries, keys: &[String]) -> Result<HashMap<String, String>, StoreError> {
    let mut all = HashMap::new();
    for some in keys.chunks(500) {
        let rows = setting::Entity::find()
            .filter(setting::Column::Key.is_in(some.iter().cloned()))
            .fetch_all(q.access())
            .await?;
        all.extend(rows.into_iter().map(|row| (row.key, row.value)));
    }
    Ok(all)
}

/// The settings whose names begin with that prefix, by name, each with its version. `prefix` ends in `/`.
pub async fn list_under(q: &impl Queries, prefix: &str) -> Result<Vec<(String, String, i64)>, StoreError> {
    use setting::Column as C;
    // The character after the slash ends the stretch, which the key's index answers on both engines.
    let end = format!("{}0", prefix.trim_end_matches('/'));
    let rows = setting::Entity::find()
        .filter(C::Key.gte(prefix))
        .filter(C::Key.lt(end))
        .order_by_asc(C::Key)
        .fetch_all(q.access())
        .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.value, row.version)).collect())
}

pub async fn save(tx: &Tx, key: &str, value: &str) -> Result<(), StoreError> {
    use setting::Column as C;
    let old = setting::Entity::find_by_id(key).fetch_one(tx.access()).await?;
    let row = setting::Model {
        key: key.to_owned(),
        value: value.to_owned(),
        version: old.map_or(1, |old| old.version + 1),
    };
    setting::Entity::insert(row.clone().into_active_model())
        .on_conflict(OnConflict::column(C::Key).update_columns([C::Value, C::Version]).to_owned())
        .execute(tx.access())
        .await?;
    note_stored(tx, &SettingRow { key: &row.key, value: &row.value, version: row.version });
    Ok(())
}
