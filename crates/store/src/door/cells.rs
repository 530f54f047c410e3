//! Between values and SQLite's cells: what is bound to a statement, and what a row is read into.
//!
//! A STRICT table holds integers, texts and bytes; what these are meant as, the type knows that they are read into. So
//! rows are read by serde, which asks for each field what it wants: bytes become an id, a text a moment.

use std::fmt;

use chrono::SecondsFormat;
use rusqlite::{
    Row, Statement,
    types::{ToSqlOutput, Value as Owned, ValueRef},
};
use sea_orm::Value;
use serde::{
    Deserializer,
    de::{self, DeserializeOwned, DeserializeSeed, SeqAccess, Visitor, value::SeqDeserializer},
    forward_to_deserialize_any,
};

use crate::row::hex;

/// Binds the values to the statement's places, `?` in their order and `$3` by its number.
///
/// # Errors
/// Where a place has no value, or a value is of a kind that no table has a column for.
pub(super) fn bind(statement: &mut Statement<'_>, values: &[Value]) -> rusqlite::Result<()> {
    for place in 1..=statement.parameter_count() {
        let name = statement.parameter_name(place);
        let number = name.and_then(|name| name.get(1..)).and_then(|digits| digits.parse().ok());
        let value = number.unwrap_or(place).checked_sub(1).and_then(|at| values.get(at));
        let value =
            value.and_then(cell).ok_or(rusqlite::Error::InvalidParameterCount(values.len(), place))?;
        statement.raw_bind_parameter(place, value)?;
    }
    Ok(())
}

/// A value as SQLite keeps it; None for the kinds that no table has.
fn cell(value: &Value) -> Option<ToSqlOutput<'_>> {
    fn whole<T: Copy + Into<i64>>(value: Option<T>) -> ToSqlOutput<'static> {
        ToSqlOutput::Owned(value.map_or(Owned::Null, |n| Owned::Integer(n.into())))
    }
    fn text(value: Option<String>) -> ToSqlOutput<'static> {
        ToSqlOutput::Owned(value.map_or(Owned::Null, Owned::Text))
    }
    fn borrowed(value: Option<ValueRef<'_>>) -> ToSqlOutput<'_> {
        ToSqlOutput::Borrowed(value.unwrap_or(ValueRef::Null))
    }
    Some(match value {
        Value::Bool(value) => whole(*value),
        Value::SmallInt(value) => whole(*value),
        Value::Int(value) => whole(*value),
        Value::BigInt(value) => whole(*value),
        Value::Unsigned(value) => whole(*value),
        Value::BigUnsigned(value) => whole(value.map(i64::try_from).transpose().ok()?),
        Value::Double(value) => ToSqlOutput::Owned(value.map_or(Owned::Null, Owned::Real)),
        Value::String(value) => borrowed(value.as_deref().map(|text| ValueRef::Text(text.as_bytes()))),
        Value::Bytes(value) => borrowed(value.as_deref().map(ValueRef::Blob)),
        Value::Uuid(value) => borrowed(value.as_ref().map(|id| ValueRef::Blob(id.as_bytes()))),
        Value::ChronoDate(value) => text(value.map(|day| day.to_string())),
        // One offset and as many digits as it takes, so that the order of the texts is the order of time.
        Value::ChronoDateTimeUtc(value) => {
            text(value.map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, false)))
        }
        _ => return None,
    })
}

/// Reads a row: a tuple or a struct from its columns in their order, anything else from its first.
pub(super) fn read<T: DeserializeOwned>(row: &Row<'_>) -> Result<T, Misfit> {
    T::deserialize(Columns { row, next: 0 })
}

/// A cell that is not what it was to be read into.
#[derive(Debug)]
pub(super) struct Misfit(String);

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misfit {}

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// A row from its column `next` on.
struct Columns<'a> {
    row: &'a Row<'a>,
    next: usize,
}

impl<'a> Columns<'a> {
    fn take(&mut self) -> Result<Cell<'a>, Misfit> {
        let cell = self.row.get_ref(self.next).map_err(|_| Misfit(format!("no column {}", self.next)))?;
        self.next += 1;
        Ok(Cell(cell))
    }
}

impl<'de> SeqAccess<'de> for Columns<'de> {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misfit> {
        let column = self.next;
        let read = seed.deserialize(self.take()?);
        read.map(Some).map_err(|Misfit(reason)| {
            Misfit(format!("column {}: {reason}", self.row.as_ref().column_name(column).unwrap_or("?")))
        })
    }
}

/// Hands what is no tuple and no struct to the first column.
macro_rules! first_column {
    ($($ask:ident)*) => {
        $(fn $ask<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Misfit> {
            self.take()?.$ask(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Columns<'de> {
    type Error = Misfit;

    first_column! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64
        deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf
        deserialize_option deserialize_unit deserialize_seq deserialize_map deserialize_identifier
        deserialize_ignored_any
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.take()?.deserialize_unit_struct(name, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_seq(self)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_seq(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_seq(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.take()?.deserialize_enum(name, variants, visitor)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

struct Cell<'a>(ValueRef<'a>);

impl Cell<'_> {
    fn text(bytes: &[u8]) -> Result<&str, Misfit> {
        std::str::from_utf8(bytes).map_err(|_| Misfit("a text that is not UTF-8".into()))
    }
}

impl<'de> Deserializer<'de> for Cell<'de> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            ValueRef::Null => visitor.visit_none(),
            ValueRef::Integer(n) => visitor.visit_i64(n),
            ValueRef::Real(x) => visitor.visit_f64(x),
            ValueRef::Text(text) => visitor.visit_borrowed_str(Self::text(text)?),
            ValueRef::Blob(bytes) => visitor.visit_borrowed_bytes(bytes),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            ValueRef::Integer(n) => visitor.visit_bool(n != 0),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            ValueRef::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_string(visitor)
    }

    /// Entities write their bytes as hex digits, for backups, and so want them.
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            ValueRef::Blob(bytes) => visitor.visit_string(hex::write(bytes)),
            _ => self.deserialize_any(visitor),
        }
    }

    /// Bytes as such: `Vec<u8>` in a tuple.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            ValueRef::Blob(bytes) => visitor.visit_seq(SeqDeserializer::new(bytes.iter().copied())),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct map
        struct enum identifier ignored_any
    }
}
