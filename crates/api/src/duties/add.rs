use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, InitiativeId, PhaseId};
use chengjing_service::duty::{self, DutyChange};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{DutyBody, TargetBody, UnitPart};
use crate::http::words::{DateText, RecurrenceWord};

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// A duty to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDuty {
    #[schema(max_length = 300, example = "清理背街小巷")]
    title: String,
    #[serde(default)]
    #[schema(max_length = 20000)]
    text: String,
    #[schema(max_length = 20)]
    number: Option<String>,
    #[serde(default)]
    #[schema(max_items = 200)]
    units: Vec<UnitPart>,
    #[serde(default)]
    #[schema(max_items = 50)]
    leads: Vec<String>,
    start: Option<DateText>,
    due: Option<DateText>,
    recurrence: Option<RecurrenceWord>,
    #[schema(value_type = Option<uuid::Uuid>)]
    phase_id: Option<PhaseId>,
    /// The special action or working group that it stands in.
    #[schema(value_type = Option<uuid::Uuid>)]
    initiative_id: Option<InitiativeId>,
    #[serde(default)]
    #[schema(max_items = 50)]
    targets: Vec<TargetBody>,
}

impl From<NewDuty> for DutyChange {
    fn from(new: NewDuty) -> Self {
        Self {
            number: Some(new.number),
            title: Some(new.title),
            text: Some(new.text),
            leads: Some(new.leads),
            units: Some(new.units.into_iter().map(UnitPart::into_parts).collect()),
            start: Some(new.start.map(|date| date.0)),
            due: Some(new.due.map(|date| date.0)),
            recurrence: Some(new.recurrence.map(Into::into)),
            phase: Some(new.phase_id),
            initiative: Some(new.initiative_id),
            targets: Some(new.targets.into_iter().map(Into::into).collect()),
        }
    }
}

/// Adds a duty by hand.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/duties",
    operation_id = "add_duty",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = NewDuty,
    responses((status = 201, description = "Added.", body = DutyBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("duty.edit"))),
)]
pub(crate) async fn add(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(new): Body<NewDuty>,
) -> Result<Tagged<DutyBody>, Problem> {
    let view = duty::add::add(&state.app, &caller, campaign, new.into()).await?;
    Ok(Tagged::created(view.duty.version, view.into()))
}
