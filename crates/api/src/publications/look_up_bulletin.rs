use axum::extract::State as Extract;
use chengjing_domain::id::{BulletinId, CampaignId};
use chengjing_service::publication::bulletin;

use super::BulletinBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
    },
};

/// One bulletin.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/bulletins/{bulletin}",
    operation_id = "look_up_bulletin",
    tag = "publications",
    params(("campaign" = uuid::Uuid, Path), ("bulletin" = uuid::Uuid, Path)),
    responses((status = 200, description = "The bulletin.", body = BulletinBody), Refused),
    extensions(("x-permission" = json!("bulletin.see"))),
)]
pub(crate) async fn look_up_bulletin(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, BulletinId)>,
) -> Result<Tagged<BulletinBody>, Problem> {
    let bulletin = bulletin::look_up(&state.app, &caller, campaign, id).await?;
    Ok(Tagged::ok(bulletin.version, bulletin.into()))
}
