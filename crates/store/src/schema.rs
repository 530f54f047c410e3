//! What the database holds, as far as code other than the migrations must know it.

/// What a unique key keeps apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Single {
    /// What people choose, in the field of that name of what they send: they have to choose another.
    Typed(&'static str),
    /// What the program makes, numbers or decides: whoever tries again finds what the other has left.
    Made,
}

use Single::{Made, Typed};

/// A unique key: its name in errors, its table and its columns in order (SQLite names only those), and what it keeps
/// apart.
const UNIQUES: &[(&str, &str, &[&str], Single)] = &[
    ("user_name", "user", &["name_key"], Typed("name")),
    ("unit_name", "unit", &["campaign_id", "name"], Typed("name")),
    ("unit_alias_name", "unit_alias", &["campaign_id", "name"], Typed("aliases")),
    ("session_token", "session", &["token_hash"], Made),
    ("token_token", "token", &["token_hash"], Made),
    ("ledger_entry_id", "ledger_entry", &["id"], Made),
    ("task_owed", "task", &["campaign_id", "duty_id", "unit_id", "occurrence"], Made),
    ("task_step_id", "task_step", &["campaign_id", "id"], Made),
    ("job_dedupe", "job", &["dedupe"], Made),
    ("search_text_docid", "search_text", &["docid"], Made),
    ("notice_news", "notice", &["campaign_id", "user_id", "news"], Made),
    ("mailbox_proof", "mailbox", &["proof_hash"], Made),
    ("invitation_token", "invitation", &["token_hash"], Made),
    ("template_number", "template", &["campaign_id", "paper", "form", "number"], Made),
    ("template_in_use", "template", &["campaign_id", "paper", "form"], Made),
    ("bulletin_week", "bulletin", &["campaign_id", "week_on"], Made),
    ("bulletin_number", "bulletin", &["campaign_id", "number"], Made),
    ("initiative_name", "initiative", &["campaign_id", "name"], Typed("name")),
    ("letter_number_number", "letter_number", &["campaign_id", "number"], Made),
    ("oidc_link_subject", "oidc_link", &["issuer", "subject"], Made),
    ("oidc_link_expected", "oidc_link", &["issuer", "expected"], Typed("expected_name")),
    ("handover_request_waiting", "handover_request", &["campaign_id", "user_id"], Made),
    ("saved_view_own", "saved_view", &["campaign_id", "owner_id", "name"], Typed("name")),
    ("saved_view_shared", "saved_view", &["campaign_id", "name"], Typed("name")),
    ("standard_own", "standard", &["owner_id", "code"], Typed("id")),
    ("standard_shared", "standard", &["code"], Typed("id")),
    ("edition_label", "edition", &["standard_id", "label"], Typed("edition")),
    ("catalogue_own", "catalogue", &["owner_id", "code", "edition"], Typed("edition")),
    ("catalogue_shared", "catalogue", &["code", "edition"], Typed("edition")),
    ("site_name", "site", &["campaign_id", "name"], Typed("name")),
    (
        "evidence_link_once",
        "evidence_link",
        &["campaign_id", "evidence_id", "standard_id", "requirement"],
        Made,
    ),
    ("photo_number", "photo", &["campaign_id", "number"], Made),
    ("asking_once", "asking", &["campaign_id", "standard_id", "requirement"], Made),
    ("leaf_owners_once", "leaf_owners", &["campaign_id", "standard_id", "leaf"], Made),
];

/// What the unique key with that name keeps apart; None where it is none. A primary key is made by the program.
pub(crate) fn single(constraint: &str) -> Option<Single> {
    let named = UNIQUES.iter().find(|(name, ..)| *name == constraint);
    let key = constraint.ends_with("_pkey").then_some(Made);
    named.map(|(.., single)| *single).or(key)
}

/// SQLite says `UNIQUE constraint failed: unit.campaign_id, unit.name`, or names the index where it has expressions.
pub(crate) fn unique_named_by_sqlite(message: &str) -> String {
    let what = message.rsplit("failed: ").next().unwrap_or(message);
    if let Some(index) = what.strip_prefix("index '") {
        return index.trim_end_matches('\'').to_owned();
    }
    let named = UNIQUES.iter().find(|(_, table, columns, _)| {
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

/// Every table, and why the ledger does not speak of it; None: it does.
///
/// A table that stands here with None belongs to an aggregate whose hash stands in the ledger, and `ledger::verify`
/// compares the two.
pub fn ledgered_tables() -> &'static [(&'static str, Option<&'static str>)] {
    &[
        ("user", None),
        ("grant", None),
        ("token", None),
        ("campaign", None),
        ("unit", None),
        ("unit_alias", None),
        ("unit_member", None),
        ("unit_contact", None),
        ("phase", None),
        ("plan_import", None),
        ("duty", None),
        ("duty_unit", None),
        ("target", None),
        ("task", None),
        ("task_step", None),
        ("attachment", None),
        ("figure", None),
        ("setting", None),
        ("second_factor", None),
        ("oidc_link", None),
        ("oidc_turn", Some("ways to the provider and back that were used; logins have entries of their own")),
        ("invitation", None),
        ("template", None),
        ("bulletin", None),
        ("webhook", None),
        ("webhook_cursor", Some("how far the ledger was looked through")),
        ("webhook_message", Some("how news of acts travels that the ledger tells itself")),
        ("initiative", None),
        ("initiative_member", None),
        ("saved_view", None),
        ("first_view", Some("where somebody's own list begins; that it was chosen has an entry of its own")),
        ("standard", None),
        ("edition", None),
        ("catalogue", None),
        ("assessed", None),
        ("site", None),
        ("observation", None),
        ("standing", Some("derived from observations; `chengjing doctor` looks anew")),
        ("observation_count", Some("derived from observations; `chengjing doctor` counts anew")),
        ("evidence", None),
        ("evidence_version", None),
        ("assessment_result", None),
        ("result_verdicts", None),
        ("evidence_link", None),
        ("remark", None),
        ("asking", None),
        ("leaf_owners", None),
        ("doubt", None),
        ("photo", Some("derived from the files of attachments; a job looks again where one is missing")),
        ("evidence_count", Some("derived from the links of materials; `chengjing doctor` counts anew")),
        ("burden_count", Some("derived from tasks, materials and remarks; `chengjing doctor` counts anew")),
        ("score_day", Some("derived from observations, as they were known at the end of a day")),
        ("handover_request", None),
        ("handover_letter", Some("how what became of a request travels")),
        ("letter_number", Some("a running number; that a letter was made has an entry of its own")),
        ("session", Some("changes with every request; logins and logouts have entries of their own")),
        ("login_failure", Some("a counter that forgets; lock-outs have entries of their own")),
        ("duty_count", Some("derived from duties; `chengjing doctor` counts anew")),
        ("target_count", Some("derived from targets and their figures; `chengjing doctor` counts anew")),
        ("task_count", Some("derived from tasks; `chengjing doctor` counts anew")),
        ("deed_count", Some("derived from the steps of tasks; `chengjing doctor` counts anew")),
        ("initiative_count", Some("derived from tasks; `chengjing doctor` counts anew")),
        ("upload", Some("files on their way; what arrives has an entry of its own")),
        ("search_text", Some("derived from what it finds")),
        ("search_grams", Some("derived from what it finds")),
        ("ledger_entry", Some("the ledger itself")),
        ("ledger_block", Some("the ledger itself")),
        ("job", Some("how work is done, not what was done: that is recorded by the work")),
        ("notice", Some("what people were told of acts that the ledger tells itself")),
        ("inbox", Some("derived from notices; `chengjing doctor` counts anew")),
        ("mailbox", Some("that an address was changed stands in the ledger, what it is must not")),
        ("letter", Some("how notices travel")),
        ("delivery", Some("how notices travel")),
        ("told", Some("how far the ledger was looked through")),
        ("idempotency", Some("answers already given, for a day")),
        ("seaql_migrations", Some("the migrator's own")),
    ]
}
