use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    id::{CampaignId, EvidenceId},
    photo::Uncompared,
};
use chengjing_service::photo;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    State,
    attachments::AttachmentBody,
    http::{
        auth::Login,
        extract::Ids,
        list::List,
        problem::{Problem, Refused},
        words::mirror,
    },
};

mirror! {
    /// Why a photograph was compared with no other: its format is not decoded here (HEIC), it is damaged, has more pixels than are
    /// decoded, took too long; or there is too little to be seen in it, as on a white wall.
    #[serde(rename_all = "snake_case")]
    UncomparedWord = Uncompared { Undecoded, Damaged, TooManyPixels, TookTooLong, Plain }
}

/// A photograph that was compared with no other.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UncomparedBody {
    file: AttachmentBody,
    why: UncomparedWord,
}

/// The photographs of a material's newest version whose look could not be compared with others, so that no doubt says anything of it:
/// whoever reviews them looks twice. All of them are one page.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/evidence/{evidence}/uncompared",
    operation_id = "list_uncompared",
    tag = "evidence",
    params(("campaign" = uuid::Uuid, Path), ("evidence" = uuid::Uuid, Path)),
    responses((status = 200, description = "All of them.", body = List<UncomparedBody>), Refused),
    extensions(("x-permission" = json!("doubt.see"))),
)]
pub(crate) async fn list_uncompared(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(key): Ids<(CampaignId, EvidenceId)>,
) -> Result<Json<List<UncomparedBody>>, Problem> {
    let all = photo::uncompared::uncompared(&state.app, &caller, key).await?;
    let body =
        |(file, why): (_, Uncompared)| UncomparedBody { file: AttachmentBody::from(file), why: why.into() };
    Ok(Json(List::whole(all.into_iter().map(body))))
}
