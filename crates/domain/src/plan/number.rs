//! A decimal as a plain JSON number: 90 stays `90`, not `90.0`. Its own format because a target's value is read by
//! people and other programs; marks and scores, where the last digit counts, travel as strings.

use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// For `#[serde(with = …)]`.
pub fn serialize<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    match (value.is_integer(), value.to_i64(), value.to_f64()) {
        (true, Some(whole), _) => serializer.serialize_i64(whole),
        (_, _, Some(fraction)) => serializer.serialize_f64(fraction),
        _ => serializer.serialize_str(&value.to_string()),
    }
}

/// For `#[serde(with = …)]`.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    let text = number.to_string();
    text.parse().or_else(|_| Decimal::from_scientific(&text)).map_err(D::Error::custom)
}
