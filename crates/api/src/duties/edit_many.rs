use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{CampaignId, DutyId, InitiativeId, PhaseId, UnitId};
use chengjing_service::duty::edit_many::{self, ManyChange};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::UnitPart;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        words::{DateText, given},
    },
};

/// A duty as the caller saw it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeenDuty {
    #[schema(value_type = uuid::Uuid)]
    id: DutyId,
    version: i64,
}

/// What is to happen to several duties; what is left out stays, null takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DutiesPatch {
    #[schema(min_items = 1, max_items = 200)]
    duties: Vec<SeenDuty>,
    /// Units that they get beside those that they have; a group stands for its members.
    #[serde(default)]
    #[schema(max_items = 200)]
    add_units: Vec<UnitPart>,
    /// Units that are taken off them; a group with all that came by it.
    #[serde(default)]
    #[schema(value_type = Vec<uuid::Uuid>, max_items = 200)]
    remove_units: Vec<UnitId>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<DateText>)]
    due: Option<Option<DateText>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<uuid::Uuid>)]
    phase_id: Option<Option<PhaseId>>,
    /// The special action or working group that they are to stand in.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<uuid::Uuid>)]
    initiative_id: Option<Option<InitiativeId>>,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DutiesChanged {
    /// How many are other than they were.
    changed: usize,
}

/// Changes several duties in one act: all of them, or none; then every obstacle is named at its place in `duties`.
#[utoipa::path(
    patch,
    path = "/api/v1/campaigns/{campaign}/duties",
    operation_id = "edit_duties",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = DutiesPatch,
    responses((status = 200, description = "Changed.", body = DutiesChanged), Refused, RefusedChange),
    extensions(("x-permission" = json!("duty.edit"))),
)]
pub(crate) async fn edit_many(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(patch): Body<DutiesPatch>,
) -> Result<Json<DutiesChanged>, Problem> {
    let wanted = patch.duties.into_iter().map(|seen| (seen.id, seen.version)).collect();
    let change = ManyChange {
        add_units: patch.add_units.into_iter().map(UnitPart::into_parts).collect(),
        remove_units: patch.remove_units,
        due: patch.due.map(|date| date.map(|date| date.0)),
        phase: patch.phase_id,
        initiative: patch.initiative_id,
    };
    let edit_many::Changed(changed) =
        edit_many::edit_many(&state.app, &caller, campaign, wanted, change).await?;
    Ok(Json(DutiesChanged { changed }))
}
