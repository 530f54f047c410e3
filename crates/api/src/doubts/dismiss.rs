use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, DoubtId, EvidenceId};
use chengjing_service::photo;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{DoubtBody, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Why a doubt is none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDismissal {
    #[schema(max_length = 500, example = "同一活动，两个单位共同承办")]
    reason: String,
}

/// Dismisses a doubt with a reason; the ledger keeps it. 409 where the caller sees only one of its two photographs, or filed one
/// of them.
#[utoipa::path(
    put,
    path = "/api/v1/campaigns/{campaign}/evidence/{evidence}/doubts/{doubt}/dismissal",
    operation_id = "dismiss_doubt",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), ("evidence" = uuid::Uuid, Path), ("doubt" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The doubt's version that was seen.", example = "\"v1\"")),
    request_body = NewDismissal,
    responses((status = 200, description = "Dismissed.", body = DoubtBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("evidence.review"))),
)]
pub(crate) async fn dismiss(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, evidence, id)): Ids<(CampaignId, EvidenceId, DoubtId)>,
    Seen(seen): Seen,
    Body(new): Body<NewDismissal>,
) -> Result<Tagged<DoubtBody>, Problem> {
    let key = (campaign, evidence);
    Ok(tagged(photo::dismiss::dismiss(&state.app, &caller, key, (id, seen), new.reason).await?))
}
