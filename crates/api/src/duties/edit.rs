use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, DutyId, InitiativeId, PhaseId};
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
        version::{Seen, Tagged},
        words::given,
    },
};

/// What is to change; what is left out stays, null takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DutyPatch {
    #[schema(max_length = 300)]
    title: Option<String>,
    #[schema(max_length = 20000)]
    text: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 20)]
    number: Option<Option<String>>,
    #[schema(max_items = 200)]
    units: Option<Vec<UnitPart>>,
    #[schema(max_items = 50)]
    leads: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<DateText>)]
    start: Option<Option<DateText>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<DateText>)]
    due: Option<Option<DateText>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<RecurrenceWord>)]
    recurrence: Option<Option<RecurrenceWord>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<uuid::Uuid>)]
    phase_id: Option<Option<PhaseId>>,
    /// The special action or working group that it is to stand in.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<uuid::Uuid>)]
    initiative_id: Option<Option<InitiativeId>>,
    #[schema(max_items = 50)]
    targets: Option<Vec<TargetBody>>,
}

impl From<DutyPatch> for DutyChange {
    fn from(patch: DutyPatch) -> Self {
        Self {
            number: patch.number,
            title: patch.title,
            text: patch.text,
            leads: patch.leads,
            units: patch.units.map(|units| units.into_iter().map(UnitPart::into_parts).collect()),
            start: patch.start.map(|date| date.map(|date| date.0)),
            due: patch.due.map(|date| date.map(|date| date.0)),
            recurrence: patch.recurrence.map(|word| word.map(Into::into)),
            phase: patch.phase_id,
            initiative: patch.initiative_id,
            targets: patch.targets.map(|targets| targets.into_iter().map(Into::into).collect()),
        }
    }
}

/// Changes a duty.
#[utoipa::path(
    patch,
    path = "/api/v1/campaigns/{campaign}/duties/{duty}",
    operation_id = "edit_duty",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path), ("duty" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = DutyPatch,
    responses((status = 200, description = "Changed.", body = DutyBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("duty.edit"))),
)]
pub(crate) async fn edit(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, DutyId)>,
    Seen(seen): Seen,
    Body(patch): Body<DutyPatch>,
) -> Result<Tagged<DutyBody>, Problem> {
    let view = duty::edit::edit(&state.app, &caller, campaign, id, seen, patch.into()).await?;
    Ok(Tagged::ok(view.duty.version, view.into()))
}
