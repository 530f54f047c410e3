use axum::extract::State as Extract;
use chengjing_domain::id::{BulletinId, CampaignId};
use chengjing_service::publication::bulletin;

use super::BulletinBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Puts a bulletin together anew, with today's figures, while its week is at most the last one. It keeps its number.
#[utoipa::path(
    put,
    path = "/api/v1/campaigns/{campaign}/bulletins/{bulletin}/figures",
    operation_id = "make_bulletin_anew",
    tag = "publications",
    params(("campaign" = uuid::Uuid, Path), ("bulletin" = uuid::Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, description = "The bulletin as it is now.", body = BulletinBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("bulletin.make"))),
)]
pub(crate) async fn make_bulletin_anew(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, BulletinId)>,
    Seen(version): Seen,
) -> Result<Tagged<BulletinBody>, Problem> {
    let bulletin = bulletin::make_anew(&state.app, &caller, campaign, id, version).await?;
    Ok(Tagged::ok(bulletin.version, bulletin.into()))
}
