//! Settings of the installation, by name.

use sea_orm::{EntityTrait, IntoActiveModel, sea_query::OnConflict};

use crate::{
    door::{Execute, Fetch, Queries, Tx},
    entity::setting,
    error::StoreError,
    ledger::{SettingRow, note_stored},
};

pub async fn lookup(q: &impl Queries, key: &str) -> Result<Option<String>, StoreError> {
    Ok(setting::Entity::find_by_id(key).fetch_one(q.access()).await?.map(|row| row.value))
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
