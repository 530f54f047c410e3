use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, DoubtId, EvidenceId};
use chengjing_service::photo;

use super::{DoubtBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Raises a doubt again that should not have been dismissed.
#[utoipa::path(
    delete,
    path = "/api/v1/campaigns/{campaign}/evidence/{evidence}/doubts/{doubt}/dismissal",
    operation_id = "raise_doubt",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), ("evidence" = uuid::Uuid, Path), ("doubt" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The doubt's version that was seen.", example = "\"v1\"")),
    responses((status = 200, description = "It is open again.", body = DoubtBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("evidence.review"))),
)]
pub(crate) async fn raise(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, evidence, id)): Ids<(CampaignId, EvidenceId, DoubtId)>,
    Seen(seen): Seen,
) -> Result<Tagged<DoubtBody>, Problem> {
    Ok(tagged(photo::raise::raise(&state.app, &caller, (campaign, evidence), (id, seen)).await?))
}
