//! Statements that are asked so often that building them is felt.

use std::sync::OnceLock;

use sea_orm::{DbBackend, QueryTrait, Statement, Value, Values};

/// The text of a statement that is the same each time but for its values: built once for each engine. For a statement
/// that answers with a row or two, building it costs as much as asking it.
pub(crate) struct Text {
    sqlite: OnceLock<String>,
    postgres: OnceLock<String>,
}

impl Text {
    pub(crate) const fn new() -> Self {
        Self { sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    /// The statement with these values. `build` makes it with them; that text and values are what it makes, is checked
    /// wherever checks are compiled in.
    pub(crate) fn with<Q: QueryTrait>(
        &self,
        backend: DbBackend,
        values: Vec<Value>,
        build: impl Fn() -> Q,
    ) -> Statement {
        let text = if backend == DbBackend::Sqlite { &self.sqlite } else { &self.postgres };
        let sql = text.get_or_init(|| build().build(backend).sql).clone();
        let statement = Statement { sql, values: Some(Values(values)), db_backend: backend };
        debug_assert_eq!(
            statement,
            build().build(backend),
            "kept statement differs from the one that is built"
        );
        statement
    }
}

/// The texts of a statement that puts in some rows: one for each number of them up to eight.
pub(crate) struct Texts([Text; 8]);

impl Texts {
    pub(crate) const fn new() -> Self {
        Self([const { Text::new() }; 8])
    }

    /// As [`Text::with`]; a statement of more rows is built each time.
    pub(crate) fn with<Q: QueryTrait>(
        &self,
        rows: usize,
        backend: DbBackend,
        values: Vec<Value>,
        build: impl Fn() -> Q,
    ) -> Statement {
        match rows.checked_sub(1).and_then(|index| self.0.get(index)) {
            Some(text) => text.with(backend, values, build),
            None => build().build(backend),
        }
    }
}
