//! Laws of the schema, held against the real one of both engines, for tables that are not written yet too.

use std::collections::{BTreeMap, BTreeSet};

use chengjing_store::{DatabaseUrl, StoreError, ledgered_tables};
use sqlx::{AssertSqlSafe, Row};

use crate::harness::{Bench, on_both};

/// A table as the engine describes it.
#[derive(Debug, Default)]
struct Table {
    columns: Vec<String>,
    key: Vec<String>,
    /// Columns of each foreign key, and where it points.
    references: Vec<(Vec<String>, String)>,
}

#[tokio::test]
async fn every_table_of_a_campaign_is_keyed_by_it_and_every_table_is_ledgered_or_says_why_not() {
    on_both(|bench: Bench| async move {
        let tables = describe(&bench.config.database).await;
        assert!(tables.len() > 20, "{tables:?}");
        for (name, table) in &tables {
            if table.columns.iter().any(|column| column == "campaign_id") {
                assert_eq!(table.key.first().map(String::as_str), Some("campaign_id"), "the key of {name}");
                for (columns, to) in &table.references {
                    let scoped =
                        tables.get(to).is_some_and(|to| to.columns.iter().any(|c| c == "campaign_id"));
                    let carries = columns.iter().any(|column| column == "campaign_id");
                    assert!(!scoped || carries, "{name} refers to {to} by {columns:?} without its campaign");
                }
            }
        }
        let here = |name: &&str| bench.engine == "sqlite" || *name != "search_grams";
        let said: BTreeSet<&str> = ledgered_tables().iter().map(|(name, _)| *name).filter(here).collect();
        let there: BTreeSet<&str> = tables.keys().map(String::as_str).collect();
        assert_eq!(
            said, there,
            "{}: every table is listed as ledgered, or exempt with a reason",
            bench.engine
        );
    })
    .await;
}

async fn describe(database: &DatabaseUrl) -> BTreeMap<String, Table> {
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    match database {
        DatabaseUrl::Sqlite(path) => {
            let pool =
                sqlx::SqlitePool::connect(&format!("sqlite:{}", path.display())).await.expect("the database");
            let names = sqlx::query(
                "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite_%'",
            );
            for row in names.fetch_all(&pool).await.expect("names") {
                let name: String = row.get(0);
                let table = tables.entry(name.clone()).or_default();
                let sql = format!("SELECT name, pk FROM pragma_table_info('{name}')");
                let mut key = Vec::new();
                for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(&pool).await.expect("columns") {
                    table.columns.push(row.get(0));
                    if row.get::<i64, _>(1) > 0 {
                        key.push((row.get::<i64, _>(1), row.get::<String, _>(0)));
                    }
                }
                key.sort();
                table.key = key.into_iter().map(|(_, column)| column).collect();
                let sql = format!(
                    "SELECT id, \"table\", \"from\" FROM pragma_foreign_key_list('{name}') ORDER BY id, seq"
                );
                let mut by_key: BTreeMap<i64, (Vec<String>, String)> = BTreeMap::new();
                for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(&pool).await.expect("foreign keys") {
                    let entry = by_key.entry(row.get(0)).or_insert_with(|| (Vec::new(), row.get(1)));
                    entry.0.push(row.get(2));
                }
                table.references = by_key.into_values().collect();
            }
        }
        DatabaseUrl::Postgres(url) => {
            let pool = sqlx::PgPool::connect(url).await.expect("the database");
            let columns = sqlx::query(
                "SELECT c.table_name::text, c.column_name::text FROM information_schema.columns c \
                 WHERE c.table_schema = 'public' ORDER BY 1, c.ordinal_position",
            );
            for row in columns.fetch_all(&pool).await.expect("columns") {
                tables.entry(row.get(0)).or_default().columns.push(row.get(1));
            }
            let keys = sqlx::query(
                "SELECT r.relname::text, k.contype::text, coalesce(f.relname::text, ''), \
                 (SELECT array_agg(a.attname::text ORDER BY u.n) FROM unnest(k.conkey) WITH ORDINALITY u(num, n) \
                  JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = u.num) \
                 FROM pg_constraint k JOIN pg_class r ON r.oid = k.conrelid LEFT JOIN pg_class f ON f.oid = k.confrelid \
                 WHERE k.contype IN ('p', 'f') AND r.relnamespace = 'public'::regnamespace",
            );
            for row in keys.fetch_all(&pool).await.expect("keys") {
                let table = tables.entry(row.get(0)).or_default();
                match row.get::<String, _>(1).as_str() {
                    "p" => table.key = row.get(3),
                    _ => table.references.push((row.get(3), row.get(2))),
                }
            }
            pool.close().await;
        }
    }
    tables
}

#[tokio::test]
async fn every_unique_key_says_what_it_keeps_apart() {
    on_both(|bench: Bench| async move {
        let mut names = Vec::new();
        match &bench.config.database {
            DatabaseUrl::Sqlite(path) => {
                let url = format!("sqlite:{}", path.display());
                let pool = sqlx::SqlitePool::connect(&url).await.expect("the database");
                let indexes = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE%'";
                let rows = sqlx::query(indexes).fetch_all(&pool).await.expect("indexes");
                names.extend(rows.iter().map(|row| row.get::<String, _>(0)));
            }
            DatabaseUrl::Postgres(url) => {
                let pool = sqlx::PgPool::connect(url).await.expect("the database");
                let indexes = "SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
                     WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace";
                let rows = sqlx::query(indexes).fetch_all(&pool).await.expect("indexes");
                names.extend(rows.iter().map(|row| row.get::<String, _>(0)));
                pool.close().await;
            }
        }
        assert!(names.len() > 3, "{names:?}");
        for name in names {
            let conflict = StoreError::Conflict { constraint: name.clone().into() };
            assert!(conflict.single().is_some(), "{name} is not among the unique keys of the schema");
        }
    })
    .await;
}
