use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use sea_orm::{
    EntityTrait, ExprTrait, IntoSimpleExpr, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr,
};
use uuid::Uuid;

use crate::error::StoreError;

/// One page of a list, and where the next one begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// None on the last page.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// From one row more than was asked for: the last tells that there is a next page.
    pub(crate) fn cut(mut rows: Vec<T>, limit: u64, cursor: impl Fn(&T) -> Cursor) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let next = (rows.len() > limit).then(|| rows.get(limit.saturating_sub(1)).map(cursor)).flatten();
        rows.truncate(limit);
        Self { items: rows, next }
    }

    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(turn).collect(), next: self.next }
    }

    pub(crate) fn try_map<U>(
        self,
        turn: impl FnMut(T) -> Result<U, StoreError>,
    ) -> Result<Page<U>, StoreError> {
        Ok(Page { items: self.items.into_iter().map(turn).collect::<Result<_, _>>()?, next: self.next })
    }
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paging {
    /// From the page before; None: the first page.
    pub after: Option<Cursor>,
    /// At most so many; taken into 1..=1000.
    pub limit: u64,
}

impl Paging {
    pub fn first(limit: u64) -> Self {
        Self { after: None, limit }
    }

    pub fn after(cursor: Cursor, limit: u64) -> Self {
        Self { after: Some(cursor), limit }
    }

    pub(crate) fn size(&self) -> u64 {
        self.limit.clamp(1, 1_000)
    }
}

/// A place in a list: the sort key of the last row seen. Opaque to everybody but the list that gave it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// Of the values that the list sorts by; the last may hold any character.
    pub(crate) fn of(parts: &[&dyn fmt::Display]) -> Self {
        Self(parts.iter().map(ToString::to_string).collect::<Vec<_>>().join("~"))
    }

    /// Its parts, as many as the list's sort key has.
    pub(crate) fn parts<const N: usize>(&self) -> Result<[&str; N], StoreError> {
        let parts: Vec<&str> = self.0.splitn(N, '~').collect();
        parts.try_into().map_err(|_| StoreError::Cursor)
    }
}

/// A part of a cursor, read back.
pub(crate) fn part<T: FromStr>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Cursor)
}

/// The rows of a query, those that were made last first, from where the page begins: one more than it holds. `made_at` and
/// `id` are what its cursor is of.
pub(crate) fn newest_first<E: EntityTrait>(
    mut query: Select<E>,
    (made_at, id): (E::Column, E::Column),
    paging: &Paging,
) -> Result<Select<E>, StoreError> {
    if let Some(cursor) = &paging.after {
        let [at, last] = cursor.parts()?;
        let key = Expr::tuple([made_at.into_simple_expr(), id.into_simple_expr()]);
        let after = Expr::tuple([Expr::val(part::<DateTime<Utc>>(at)?), Expr::val(part::<Uuid>(last)?)]);
        query = query.filter(key.lt(after));
    }
    Ok(query.order_by_desc(made_at).order_by_desc(id).limit(paging.size() + 1))
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Self(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_tells_of_the_next_one_only_where_there_is_one() {
        let cursor = |n: &i32| Cursor::of(&[n]);
        assert_eq!(
            Page::cut(vec![1, 2, 3], 2, cursor),
            Page { items: vec![1, 2], next: Some(Cursor("2".into())) }
        );
        assert_eq!(Page::cut(vec![1, 2], 2, cursor), Page { items: vec![1, 2], next: None });
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        let cursor = Cursor::of(&[&"2026-06-30", &"a~b"]);
        assert_eq!(cursor.parts::<2>().expect("two parts"), ["2026-06-30", "a~b"]);
        assert!(matches!(Cursor::of(&[&1]).parts::<2>(), Err(StoreError::Cursor)));
        assert!(matches!(part::<i32>("x"), Err(StoreError::Cursor)));
    }
}
