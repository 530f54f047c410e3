//! The tables of a backup, in an order in which each finds what it refers to.

use sea_orm::{
    EntityTrait, ExprTrait, IntoActiveModel, Iterable, ModelTrait, PrimaryKeyToColumn, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, Order},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    door::{Execute, Fetch, Read, Tx},
    entity::{
        asking, assessed, assessment_result, attachment, bulletin, burden_count, campaign, catalogue,
        deed_count, delivery, doubt, duty, duty_count, duty_unit, edition, evidence, evidence_count,
        evidence_link, evidence_version, figure, first_view, grant, handover_letter, handover_request, inbox,
        initiative, initiative_count, initiative_member, invitation, job, leaf_owners, ledger_block,
        ledger_entry, letter, letter_number, mailbox, notice, observation, observation_count, oidc_link,
        phase, photo, plan_import, remark, result_verdicts, saved_view, score_day, second_factor, setting,
        site, standard, standing, target, target_count, task, task_count, task_step, template, token, told,
        unit, unit_alias, unit_contact, unit_member, user, webhook,
    },
    error::StoreError,
};

/// Calls `$call!(name, entity)` for each table.
macro_rules! each_table {
    ($name:expr, $with:ident, $none:expr) => {
        match $name {
            "setting" => $with!(setting),
            "user" => $with!(user),
            "campaign" => $with!(campaign),
            "unit" => $with!(unit),
            "unit_alias" => $with!(unit_alias),
            "unit_member" => $with!(unit_member),
            "unit_contact" => $with!(unit_contact),
            "grant" => $with!(grant),
            "token" => $with!(token),
            "phase" => $with!(phase),
            "plan_import" => $with!(plan_import),
            "initiative" => $with!(initiative),
            "initiative_member" => $with!(initiative_member),
            "initiative_count" => $with!(initiative_count),
            "duty" => $with!(duty),
            "duty_unit" => $with!(duty_unit),
            "target" => $with!(target),
            "target_count" => $with!(target_count),
            "task" => $with!(task),
            "task_step" => $with!(task_step),
            "duty_count" => $with!(duty_count),
            "task_count" => $with!(task_count),
            "deed_count" => $with!(deed_count),
            "ledger_block" => $with!(ledger_block),
            "ledger_entry" => $with!(ledger_entry),
            "job" => $with!(job),
            "attachment" => $with!(attachment),
            "figure" => $with!(figure),
            "second_factor" => $with!(second_factor),
            "oidc_link" => $with!(oidc_link),
            "invitation" => $with!(invitation),
            "notice" => $with!(notice),
            "inbox" => $with!(inbox),
            "mailbox" => $with!(mailbox),
            "letter" => $with!(letter),
            "delivery" => $with!(delivery),
            "told" => $with!(told),
            "template" => $with!(template),
            "bulletin" => $with!(bulletin),
            "letter_number" => $with!(letter_number),
            "webhook" => $with!(webhook),
            "saved_view" => $with!(saved_view),
            "first_view" => $with!(first_view),
            "standard" => $with!(standard),
            "edition" => $with!(edition),
            "catalogue" => $with!(catalogue),
            "assessed" => $with!(assessed),
            "site" => $with!(site),
            "observation" => $with!(observation),
            "standing" => $with!(standing),
            "observation_count" => $with!(observation_count),
            "evidence" => $with!(evidence),
            "evidence_version" => $with!(evidence_version),
            "evidence_link" => $with!(evidence_link),
            "evidence_count" => $with!(evidence_count),
            "burden_count" => $with!(burden_count),
            "remark" => $with!(remark),
            "asking" => $with!(asking),
            "photo" => $with!(photo),
            "doubt" => $with!(doubt),
            "leaf_owners" => $with!(leaf_owners),
            "assessment_result" => $with!(assessment_result),
            "result_verdicts" => $with!(result_verdicts),
            "score_day" => $with!(score_day),
            "handover_request" => $with!(handover_request),
            "handover_letter" => $with!(handover_letter),
            _ => $none,
        }
    };
}

pub(super) const TABLES: &[&str] = &[
    "setting",
    "user",
    "campaign",
    "unit",
    "unit_alias",
    "unit_member",
    "unit_contact",
    "grant",
    "token",
    "phase",
    "plan_import",
    "initiative",
    "initiative_member",
    "initiative_count",
    "duty",
    "duty_unit",
    "target",
    "target_count",
    "task",
    "task_step",
    "duty_count",
    "task_count",
    "deed_count",
    "ledger_block",
    "ledger_entry",
    "job",
    "attachment",
    "figure",
    "second_factor",
    "oidc_link",
    "invitation",
    "notice",
    "inbox",
    "mailbox",
    "letter",
    "delivery",
    "told",
    "template",
    "bulletin",
    "letter_number",
    "webhook",
    "saved_view",
    "first_view",
    "standard",
    "edition",
    "catalogue",
    "assessed",
    "site",
    "observation",
    "standing",
    "observation_count",
    "evidence",
    "evidence_version",
    "evidence_link",
    "evidence_count",
    "burden_count",
    "remark",
    "asking",
    "photo",
    "doubt",
    "leaf_owners",
    "assessment_result",
    "result_verdicts",
    "score_day",
    "handover_request",
    "handover_letter",
];

/// Some rows of a table as lines, and where the next begin.
pub(super) struct Lines {
    pub(super) text: String,
    pub(super) rows: u64,
    pub(super) next: Option<Vec<sea_orm::Value>>,
}

/// The rows of a table after a key, as lines.
pub(super) async fn lines_after(
    r: &Read,
    table: &str,
    after: Option<Vec<sea_orm::Value>>,
    limit: u64,
) -> Result<Lines, StoreError> {
    macro_rules! dump {
        ($entity:ident) => {
            dump::<$entity::Entity>(r, after, limit).await
        };
    }
    each_table!(table, dump, Ok(Lines { text: String::new(), rows: 0, next: None }))
}

async fn dump<E>(r: &Read, after: Option<Vec<sea_orm::Value>>, limit: u64) -> Result<Lines, StoreError>
where
    E: EntityTrait,
    E::Model: Serialize + DeserializeOwned + Send + Sync,
{
    let columns: Vec<E::Column> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
    let mut query = E::find().limit(limit);
    for column in &columns {
        query = query.order_by(*column, Order::Asc);
    }
    if let Some(after) = after {
        let key = Expr::tuple(columns.iter().map(|column| Expr::col(*column)));
        query = query.filter(key.gt(Expr::tuple(after.into_iter().map(Expr::val))));
    }
    let rows = query.fetch_all(r.access()).await?;
    let mut text = String::new();
    for row in &rows {
        text.push_str(&crate::row::json(row));
        text.push('\n');
    }
    let full = u64::try_from(rows.len()).unwrap_or(u64::MAX) == limit;
    let last = rows.last().filter(|_| full);
    let next = last.map(|row| columns.iter().map(|column| row.get(*column)).collect());
    Ok(Lines { text, rows: u64::try_from(rows.len()).unwrap_or(u64::MAX), next })
}

/// Why lines were not taken in.
pub(super) enum Fault {
    /// One of them is no row of that table.
    Line(String),
    Store(StoreError),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Puts lines into a table. References of rows to rows of the same table are left out at first: what they name may
/// come later. [`link`] sets them.
pub(super) async fn take_in(tx: &Tx, table: &str, lines: &[String]) -> Result<(), Fault> {
    macro_rules! load {
        ($entity:ident) => {
            load::<$entity::Entity>(tx, lines, |_| {}).await
        };
    }
    match table {
        "unit" => load::<unit::Entity>(tx, lines, |row| row.parent_id = None).await,
        "plan_import" => load::<plan_import::Entity>(tx, lines, |row| row.replaces_id = None).await,
        _ => each_table!(table, load, Ok(())),
    }
}

async fn load<E>(tx: &Tx, lines: &[String], adjust: fn(&mut E::Model)) -> Result<(), Fault>
where
    E: EntityTrait,
    E::Model: DeserializeOwned + IntoActiveModel<E::ActiveModel> + Send,
    E::ActiveModel: Send,
{
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        let mut row: E::Model = serde_json::from_str(line).map_err(|error| Fault::Line(error.to_string()))?;
        adjust(&mut row);
        rows.push(row.into_active_model());
    }
    for some in rows.chunks(200) {
        E::insert_many(some.to_vec()).execute(tx.access()).await?;
    }
    Ok(())
}

/// Sets the references that [`take_in`] left out.
pub(super) async fn link(tx: &Tx, table: &str, lines: &[String]) -> Result<(), Fault> {
    use sea_orm::ColumnTrait;
    for line in lines {
        let fault = |error: serde_json::Error| Fault::Line(error.to_string());
        match table {
            "unit" => {
                let row: unit::Model = serde_json::from_str(line).map_err(fault)?;
                if row.parent_id.is_some() {
                    let update = unit::Entity::update_many()
                        .col_expr(unit::Column::ParentId, Expr::value(row.parent_id))
                        .filter(unit::Column::CampaignId.eq(row.campaign_id))
                        .filter(unit::Column::Id.eq(row.id));
                    update.execute(tx.access()).await?;
                }
            }
            "plan_import" => {
                let row: plan_import::Model = serde_json::from_str(line).map_err(fault)?;
                if row.replaces_id.is_some() {
                    let update = plan_import::Entity::update_many()
                        .col_expr(plan_import::Column::ReplacesId, Expr::value(row.replaces_id))
                        .filter(plan_import::Column::CampaignId.eq(row.campaign_id))
                        .filter(plan_import::Column::Id.eq(row.id));
                    update.execute(tx.access()).await?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether rows of this table refer to rows of the same table.
pub(super) fn needs_link(table: &str) -> bool {
    matches!(table, "unit" | "plan_import")
}

/// Takes all rows out of a table.
pub(super) async fn empty(tx: &Tx, table: &str) -> Result<(), StoreError> {
    macro_rules! empty {
        ($entity:ident) => {
            $entity::Entity::delete_many().execute(tx.access()).await.map(drop)
        };
    }
    each_table!(table, empty, Ok(()))
}

/// Whether a table holds anything.
pub(super) async fn is_empty(r: &Read, table: &str) -> Result<bool, StoreError> {
    Ok(lines_after(r, table, None, 1).await?.rows == 0)
}

/// After rows came with their own numbers, PostgreSQL's sequences must be told how far they are.
pub(super) async fn set_sequences(tx: &Tx) -> Result<(), StoreError> {
    let db = tx.access();
    if db.is_sqlite() {
        return Ok(());
    }
    let sql = "SELECT setval(pg_get_serial_sequence('ledger_entry', 'seq'), \
         (SELECT coalesce(max(seq), 0) + 1 FROM ledger_entry), false)";
    db.execute(sea_orm::Statement::from_string(db.backend(), sql)).await.map(drop)
}
