use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    id::{CampaignId, ImportId},
    plan::{
        UnitRole,
        comparison::{Change, DutyText},
    },
};
use chengjing_service::plan;
use serde::Serialize;
use utoipa::ToSchema;

use super::reading::{NamedUnit, Target};
use crate::http::words::{DateText, RecurrenceWord};

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        list::List,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// One line of a comparison.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeBody {
    change: ChangeWord,
    duty_id: Option<uuid::Uuid>,
    /// The plan within the newer document, from 0.
    plan: Option<usize>,
    /// The duty within that plan, from 0.
    index: Option<usize>,
    before: Option<DutyTextBody>,
    after: Option<DutyTextBody>,
    /// What differs.
    fields: Vec<String>,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChangeWord {
    Added,
    Changed,
    Gone,
    Same,
}

/// What a duty says, without ids.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DutyTextBody {
    number: Option<String>,
    title: String,
    text: String,
    leads: Vec<String>,
    units: Vec<NamedUnit>,
    start: Option<DateText>,
    due: Option<DateText>,
    recurrence: Option<RecurrenceWord>,
    targets: Vec<Target>,
}

impl From<DutyText> for DutyTextBody {
    fn from(text: DutyText) -> Self {
        let unit = |(name, role): (String, UnitRole)| NamedUnit { name, role: role.into() };
        Self {
            number: text.number,
            title: text.title,
            text: text.text,
            leads: text.leads,
            units: text.units.into_iter().map(unit).collect(),
            start: text.start.map(DateText),
            due: text.due.map(DateText),
            recurrence: text.recurrence.map(Into::into),
            targets: text.targets.into_iter().map(Target::from).collect(),
        }
    }
}

impl From<Change> for ChangeBody {
    fn from(change: Change) -> Self {
        let (word, duty, index, before, after, fields) = match change {
            Change::Added { index, after } => {
                (ChangeWord::Added, None, Some(index), None, Some(after), Vec::new())
            }
            Change::Changed { duty, index, before, after, fields } => {
                (ChangeWord::Changed, Some(duty), Some(index), Some(*before), Some(*after), fields)
            }
            Change::Gone { duty, before } => {
                (ChangeWord::Gone, Some(duty), None, Some(before), None, Vec::new())
            }
            Change::Same { duty, index, after } => {
                (ChangeWord::Same, Some(duty), Some(index), None, Some(after), Vec::new())
            }
        };
        Self {
            change: word,
            duty_id: duty.map(|id| id.0),
            plan: index.map(|(plan, _)| plan),
            index: index.map(|(_, duty)| duty),
            before: before.map(DutyTextBody::from),
            after: after.map(DutyTextBody::from),
            fields: fields.into_iter().map(str::to_owned).collect(),
        }
    }
}

/// A newer version beside the duties adopted from the version it replaces.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/plans/{plan}/comparison",
    operation_id = "compare_plan",
    tag = "plans",
    params(("campaign" = uuid::Uuid, Path), ("plan" = uuid::Uuid, Path)),
    responses((status = 200, description = "All changes, in the newer plan's order; what is gone comes last.", body = List<ChangeBody>), Refused, RefusedChange),
    extensions(("x-permission" = json!("plan.see"))),
)]
pub(crate) async fn compare(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ImportId)>,
) -> Result<Json<List<ChangeBody>>, Problem> {
    let changes = plan::compare::compare(&state.app, &caller, campaign, id).await?;
    Ok(Json(List::whole(changes.into_iter().map(ChangeBody::from))))
}
