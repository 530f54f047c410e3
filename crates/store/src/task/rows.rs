use std::collections::HashMap;

use chengjing_domain::{
    duty::task::{DeedKind, ExtensionRequest, HelpRequest, Owed, Party, StateKind, Step, Task, TaskState},
    id::{CampaignId, DutyId, InitiativeId, StepId, TaskId, UnitId},
    ledger::Hash,
};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{StoredTask, folded};
use crate::{
    door::{Fetch, Queries},
    duty::NO_DAY,
    entity::{task, task_step},
    error::StoreError,
    row::{from_json, from_word, inconsistent, json, word},
};

/// The seal of a history without steps.
pub(super) const NO_HISTORY: Hash = Hash([0; 32]);

fn day(stored: NaiveDate) -> Option<NaiveDate> {
    Some(stored).filter(|day| *day < NO_DAY)
}

pub(super) fn to_task(stored: &StoredTask) -> task::Model {
    let StoredTask { task, history } = stored;
    let kind = task.state.kind();
    let decides = matches!(kind, StateKind::Returned | StateKind::Reported) || task.extension.is_some();
    task::Model {
        campaign_id: task.owed.campaign.0,
        id: task.id.0,
        duty_id: task.owed.duty.0,
        unit_id: task.owed.unit.0,
        role: word(&task.owed.role),
        occurrence: task.owed.occurrence.unwrap_or(NO_DAY),
        due_on: task.last_day().unwrap_or(NO_DAY),
        state: kind.code().to_owned(),
        body: json(&task.state),
        percent: task.percent.into(),
        extension: task.extension.as_ref().map(json),
        help: task.help.as_ref().map(json),
        unit_turn: kind.is_the_units_turn(),
        office_turn: decides,
        history: history.0.to_vec(),
        created_at: task.created_at,
        changed_at: task.changed_at,
        version: task.version,
        owed_on: task.owed.due_on.unwrap_or(NO_DAY),
        extended_to: task.extended_to,
        help_of: task.help.as_ref().map(|help| help.of.0),
        initiative_id: task.owed.initiative.map(|id| id.0),
    }
}

pub(crate) fn from_task(row: &task::Model) -> Result<StoredTask, StoreError> {
    let fault = |column| inconsistent("task", column, row.id);
    let state: TaskState = from_json(&row.body, "task", "body", row.id)?;
    if state.code() != row.state {
        return Err(fault("state"));
    }
    let extension: Option<ExtensionRequest> = optional(row.extension.as_deref(), "extension", row.id)?;
    let help: Option<HelpRequest> = optional(row.help.as_deref(), "help", row.id)?;
    let owed = Owed {
        campaign: CampaignId(row.campaign_id),
        duty: DutyId(row.duty_id),
        unit: UnitId(row.unit_id),
        role: from_word(&row.role).ok_or_else(|| fault("role"))?,
        occurrence: day(row.occurrence),
        due_on: day(row.owed_on),
        initiative: row.initiative_id.map(InitiativeId),
    };
    let task = Task {
        id: TaskId(row.id),
        owed,
        state,
        percent: u8::try_from(row.percent).map_err(|_| fault("percent"))?,
        extended_to: row.extended_to,
        extension,
        help,
        version: row.version,
        created_at: row.created_at,
        changed_at: row.changed_at,
    };
    let stored =
        StoredTask { task, history: Hash::from_slice(&row.history).ok_or_else(|| fault("history"))? };
    // What lists go by must say what the task says.
    let meant = to_task(&stored);
    for (column, same) in [
        ("due_on", meant.due_on == row.due_on),
        ("unit_turn", meant.unit_turn == row.unit_turn),
        ("office_turn", meant.office_turn == row.office_turn),
        ("help_of", meant.help_of == row.help_of),
    ] {
        if !same {
            return Err(fault(column));
        }
    }
    Ok(stored)
}

fn optional<T: DeserializeOwned>(
    text: Option<&str>,
    column: &'static str,
    row: Uuid,
) -> Result<Option<T>, StoreError> {
    text.map(|text| from_json(text, "task", column, row)).transpose()
}

pub(super) fn to_step(step: &Step) -> task_step::Model {
    task_step::Model {
        campaign_id: step.campaign.0,
        task_id: step.task.0,
        version: step.version,
        id: step.id.0,
        duty_id: step.duty.0,
        unit_id: step.unit.0,
        deed: step.deed.code().to_owned(),
        from_state: step.from.code().to_owned(),
        to_state: step.to.code().to_owned(),
        note: step.note.clone(),
        percent: step.percent.into(),
        until: step.until,
        other_unit_id: step.other_unit.map(|unit| unit.0),
        closed: json(&step.closed),
        by: step.by.to_string(),
        party: step.party.code().to_owned(),
        at: step.at,
        late: step.late,
        files: json(&step.files),
    }
}

pub(super) fn from_step(row: task_step::Model) -> Result<Step, StoreError> {
    let fault = |column| inconsistent("task_step", column, row.id);
    Ok(Step {
        id: StepId(row.id),
        campaign: CampaignId(row.campaign_id),
        task: TaskId(row.task_id),
        duty: DutyId(row.duty_id),
        unit: UnitId(row.unit_id),
        version: row.version,
        deed: DeedKind::from_code(&row.deed).ok_or_else(|| fault("deed"))?,
        from: StateKind::from_code(&row.from_state).ok_or_else(|| fault("from_state"))?,
        to: StateKind::from_code(&row.to_state).ok_or_else(|| fault("to_state"))?,
        percent: u8::try_from(row.percent).map_err(|_| fault("percent"))?,
        until: row.until,
        other_unit: row.other_unit_id.map(UnitId),
        closed: from_json(&row.closed, "task_step", "closed", row.id)?,
        by: row.by.parse().map_err(|_| fault("by"))?,
        party: Party::from_code(&row.party).ok_or_else(|| fault("party"))?,
        at: row.at,
        late: row.late,
        files: from_json(&row.files, "task_step", "files", row.id)?,
        note: row.note,
    })
}

/// The tasks with these ids, each under the seal of the steps that are really there: what the ledger's hashes are
/// compared with.
pub(crate) async fn load(
    q: &impl Queries,
    campaign: CampaignId,
    ids: &[Uuid],
) -> Result<Vec<StoredTask>, StoreError> {
    let rows = task::Entity::find()
        .filter(task::Column::CampaignId.eq(campaign.0))
        .filter(task::Column::Id.is_in(ids.iter().copied()))
        .fetch_all(q.access())
        .await?;
    let steps = task_step::Entity::find()
        .filter(task_step::Column::CampaignId.eq(campaign.0))
        .filter(task_step::Column::TaskId.is_in(ids.iter().copied()))
        .order_by_asc(task_step::Column::TaskId)
        .order_by_asc(task_step::Column::Version)
        .fetch_all(q.access())
        .await?;
    let mut histories: HashMap<Uuid, Hash> = HashMap::new();
    for row in steps {
        let step = from_step(row)?;
        let history = histories.entry(step.task.0).or_insert(NO_HISTORY);
        *history = folded(*history, &step);
    }
    let sealed = |row: task::Model| {
        let history = histories.get(&row.id).copied().unwrap_or(NO_HISTORY);
        let stored = from_task(&row)?;
        // A seal that does not fit is told as a changed row, whichever of the two was touched.
        let history = if stored.history == history { history } else { Hash::of(&history.0) };
        Ok(StoredTask { history, ..stored })
    };
    rows.into_iter().map(sealed).collect()
}
