use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, InitiativeId};
use chengjing_service::initiative;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{InitiativeBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// What came of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InitiativeClosing {
    #[schema(max_length = 2000, example = "整治占道经营点位 36 处，已全部销号。")]
    summary: String,
}

/// Closes a special action or a working group: nothing is put into it any more. Its duties stay in it and go on.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/initiatives/{initiative}/closing",
    operation_id = "close_initiative",
    tag = "initiatives",
    params(("campaign" = uuid::Uuid, Path), ("initiative" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = InitiativeClosing,
    responses((status = 200, description = "Closed.", body = InitiativeBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("initiative.edit"))),
)]
pub(crate) async fn close(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, InitiativeId)>,
    Seen(seen): Seen,
    Body(closing): Body<InitiativeClosing>,
) -> Result<Tagged<InitiativeBody>, Problem> {
    Ok(tagged(initiative::turn::close(&state.app, &caller, campaign, id, seen, &closing.summary).await?))
}
