use axum::{Json, extract::State as Extract, http::StatusCode};
use chengjing_domain::id::CampaignId;
use chengjing_service::observation;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{NewObservationBody, ObservationBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        list::List,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// What is to be recorded at once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewObservations {
    #[schema(min_items = 1, max_items = 500)]
    items: Vec<NewObservationBody>,
}

/// Records what was observed: all of it, or none and everything that is wrong with any of it. A standard that the campaign is
/// assessed by must ask for it, and as it is told.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/observations",
    operation_id = "record_observations",
    tag = "observations",
    params(("campaign" = uuid::Uuid, Path)),
    request_body = NewObservations,
    responses((status = 201, description = "Recorded.", body = List<ObservationBody>), Refused, RefusedChange),
    extensions(("x-permission" = json!("observation.record"))),
)]
pub(crate) async fn record(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
    Body(new): Body<NewObservations>,
) -> Result<(StatusCode, Json<List<ObservationBody>>), Problem> {
    let new = new.items.into_iter().map(Into::into).collect();
    let recorded = observation::record::record(&state.app, &caller, campaign, new).await?;
    Ok((StatusCode::CREATED, Json(List::whole(recorded.into_iter().map(Into::into)))))
}
