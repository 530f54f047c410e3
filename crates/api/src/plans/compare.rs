use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    id::{CampaignId, DutyId, ImportId},
    plan::{
        UnitRole,
        comparison::{Change, DutyText, Field},
    },
};
use chengjing_service::plan;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::reading::{NamedUnit, Target};
use crate::http::words::{DateText, RecurrenceWord, mirror};

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
    /// What the duty is to say once it is followed.
    after: Option<DutyTextBody>,
    /// In which `before` and `after` differ.
    fields: Vec<FieldWord>,
    /// Those of them that the office had changed as well since the older version.
    contested: Vec<FieldWord>,
    /// In which the office's own words stand, because the newer version says what the older one said.
    kept: Vec<FieldWord>,
    /// Whether it can be followed without asking. Not so: a contested change, a new entry that the office did without
    /// before, a duty that is gone and that no version ever had.
    suggested: bool,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChangeWord {
    Added,
    Changed,
    Gone,
    Same,
}

mirror! {
    /// What two versions of a duty can differ in.
    #[serde(rename_all = "snake_case")]
    FieldWord = Field { Number, Title, Text, Leads, Units, Start, Due, Recurrence, Targets }
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
        let suggested = change.is_suggested();
        let words = |fields: Vec<Field>| fields.into_iter().map(FieldWord::from).collect();
        let body = |change, duty: Option<DutyId>, index: Option<(usize, usize)>| Self {
            change,
            duty_id: duty.map(|id| id.0),
            plan: index.map(|(plan, _)| plan),
            index: index.map(|(_, duty)| duty),
            before: None,
            after: None,
            fields: Vec::new(),
            contested: Vec::new(),
            kept: Vec::new(),
            suggested,
        };
        match change {
            Change::Added { index, after, .. } => {
                Self { after: Some(after.into()), ..body(ChangeWord::Added, None, Some(index)) }
            }
            Change::Changed { duty, index, before, after, fields, contested, kept } => Self {
                before: Some((*before).into()),
                after: Some((*after).into()),
                fields: words(fields),
                contested: words(contested),
                kept: words(kept),
                ..body(ChangeWord::Changed, Some(duty), Some(index))
            },
            Change::Gone { duty, before, .. } => {
                Self { before: Some(before.into()), ..body(ChangeWord::Gone, Some(duty), None) }
            }
            Change::Same { duty, index, after, kept } => Self {
                after: Some(after.into()),
                kept: words(kept),
                ..body(ChangeWord::Same, Some(duty), Some(index))
            },
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
