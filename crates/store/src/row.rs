//! Between rows and the domain's types.

use std::fmt::Display;

use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::{
    ActiveModelTrait, EntityTrait, IntoActiveModel, Iterable, PrimaryKeyToColumn,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    door::{Execute, Texts, Tx},
    error::StoreError,
};

/// PostgreSQL keeps microseconds; what is hashed must be what is stored.
pub(crate) fn cut(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}

/// The row's column holds what the program never wrote.
pub(crate) fn inconsistent(table: &'static str, column: &'static str, row: impl Display) -> StoreError {
    StoreError::Inconsistent { table, column, row: row.to_string() }
}

/// A value as JSON text.
pub(crate) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("a domain value can be written as JSON")
}

/// A value read back from JSON text.
pub(crate) fn from_json<T: DeserializeOwned>(
    text: &str,
    table: &'static str,
    column: &'static str,
    row: impl Display,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| inconsistent(table, column, row))
}

/// The word that serde writes an enum's value as.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        other => unreachable!("an enum of plain words, not {other:?}"),
    }
}

/// The enum's value of a word.
pub(crate) fn from_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::String(word.to_owned())).ok()
}

/// Inserts rows, as many statements as the engines' limit of parameters needs.
pub(crate) async fn insert_all<E>(tx: &Tx, rows: Vec<E::Model>) -> Result<(), StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    const ROWS: usize = 200;
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some = rows.by_ref().take(ROWS).map(IntoActiveModel::into_active_model);
        E::insert_many(some).execute(tx.access()).await?;
    }
    Ok(())
}

/// Inserts rows that all give the same columns, with the statement's text from `texts`.
pub(crate) async fn insert_often<E>(
    tx: &Tx,
    texts: &Texts,
    rows: Vec<E::ActiveModel>,
) -> Result<(), StoreError>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    for some in rows.chunks(500) {
        let db = tx.access();
        let build = || E::insert_many(some.to_vec());
        db.execute(texts.with(some.len(), db.backend(), values::<E>(some), build)).await?;
    }
    Ok(())
}

/// Adds the rows' `n` to the counters with their keys. They must come in order, so that two writes can't wait for each
/// other in a ring.
pub(crate) async fn count_up<E>(
    tx: &Tx,
    texts: &Texts,
    n: E::Column,
    rows: impl IntoIterator<Item = E::Model>,
) -> Result<(), StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let rows: Vec<_> = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
    for some in rows.chunks(500) {
        let build = || {
            let key = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
            let sum = Expr::col((E::default(), n)).add(Expr::cust("excluded.n"));
            E::insert_many(some.to_vec()).on_conflict(OnConflict::columns(key).value(n, sum).to_owned())
        };
        let db = tx.access();
        db.execute(texts.with(some.len(), db.backend(), values::<E>(some), build)).await?;
    }
    Ok(())
}

/// The values of these rows, in the order in which an insert names their columns.
fn values<E>(rows: &[E::ActiveModel]) -> Vec<sea_orm::Value>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    let columns = || E::Column::iter();
    rows.iter().flat_map(|row| columns().filter_map(|column| row.get(column).into_value())).collect()
}

pub(crate) async fn insert<E>(tx: &Tx, row: E::Model) -> Result<(), StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    E::insert(row.into_active_model()).execute(tx.access()).await?;
    Ok(())
}

/// What an update of `old` to `new` has to set: the columns that differ. A column that is set is written with every index
/// that holds it, and looked up where it refers to another table, also where its value stays.
pub(crate) fn changes<E>(old: E::Model, new: E::Model) -> E::ActiveModel
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    let (old, mut new) = (old.into_active_model(), new.into_active_model().reset_all());
    for column in E::Column::iter() {
        if old.get(column).into_value() == new.get(column).into_value() {
            new.not_set(column);
        }
    }
    new
}

/// The changed row's only, or else it was stale.
pub(crate) fn one_changed(rows: u64) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Bytes as hex digits, for the tables of a backup.
pub(crate) mod hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&write(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        read(&text).ok_or_else(|| D::Error::custom("not hex digits"))
    }

    pub(crate) fn write(bytes: &[u8]) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
        bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }

    pub(super) fn read(text: &str) -> Option<Vec<u8>> {
        let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
        let pairs = text.as_bytes().chunks(2);
        pairs.map(|pair| Some((value(pair[0])? << 4) | value(*pair.get(1)?)?)).collect()
    }
}

/// The same, where there may be none.
pub(crate) mod hex_or_none {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(
        bytes: &Option<Vec<u8>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match bytes {
            Some(bytes) => serializer.serialize_some(&super::hex::write(bytes)),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Vec<u8>>, D::Error> {
        let text: Option<String> = Option::deserialize(deserializer)?;
        text.map(|text| super::hex::read(&text).ok_or_else(|| D::Error::custom("not hex digits"))).transpose()
    }
}
