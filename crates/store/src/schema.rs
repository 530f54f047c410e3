//! What the database holds, as far as code other than the migrations must know it.

/// A unique key: its name in errors, its table and its columns in order. SQLite names only the columns.
const UNIQUES: &[(&str, &str, &[&str])] = &[
    ("user_name", "user", &["name_key"]),
    ("unit_name", "unit", &["campaign_id", "name"]),
    ("unit_alias_name", "unit_alias", &["campaign_id", "name"]),
    ("session_token", "session", &["token_hash"]),
    ("token_token", "token", &["token_hash"]),
    ("ledger_entry_id", "ledger_entry", &["id"]),
    ("job_dedupe", "job", &["dedupe"]),
    ("search_text_docid", "search_text", &["docid"]),
];

/// SQLite says `UNIQUE constraint failed: unit.campaign_id, unit.name`, or names the index where it has expressions.
pub(crate) fn unique_named_by_sqlite(message: &str) -> String {
    let what = message.rsplit("failed: ").next().unwrap_or(message);
    if let Some(index) = what.strip_prefix("index '") {
        return index.trim_end_matches('\'').to_owned();
    }
    let named = UNIQUES.iter().find(|(_, table, columns)| {
        what.split(", ")
            .map(|column| column.split_once('.'))
            .eq(columns.iter().map(|column| Some((*table, *column))))
    });
    match named {
        Some((name, ..)) => (*name).to_owned(),
        // The primary key, as PostgreSQL would name it.
        None => format!("{}_pkey", what.split('.').next().unwrap_or(what)),
    }
}
