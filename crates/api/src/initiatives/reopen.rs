use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, InitiativeId};
use chengjing_service::initiative;

use super::{InitiativeBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Goes on with a special action or a working group that was closed.
#[utoipa::path(
    delete,
    path = "/api/v1/campaigns/{campaign}/initiatives/{initiative}/closing",
    operation_id = "reopen_initiative",
    tag = "initiatives",
    params(("campaign" = uuid::Uuid, Path), ("initiative" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    responses((status = 200, description = "Open again.", body = InitiativeBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("initiative.edit"))),
)]
pub(crate) async fn reopen(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, InitiativeId)>,
    Seen(seen): Seen,
) -> Result<Tagged<InitiativeBody>, Problem> {
    Ok(tagged(initiative::turn::reopen(&state.app, &caller, campaign, id, seen).await?))
}
