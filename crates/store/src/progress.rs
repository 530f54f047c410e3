/// How far long work is: a backup, a restore, a check of the ledger, a schema brought up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is at hand: a table's name, `files`, `search`, `blocks`, `kinds of rows`,
    /// `migrations`.
    pub what: String,
    /// Rows, files or blocks of it.
    pub done: u64,
    pub total: Option<u64>,
}
