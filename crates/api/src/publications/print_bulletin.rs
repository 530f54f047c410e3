use axum::{Json, extract::State as Extract, http::StatusCode};
use chengjing_domain::id::{BulletinId, CampaignId};
use chengjing_service::publication::order_bulletin;

use super::WantedForm;
use crate::{
    State,
    duties::task_table::Ordered,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Has a bulletin made as a document. The job's file is for whoever ordered it.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/bulletins/{bulletin}/documents",
    operation_id = "print_bulletin",
    tag = "publications",
    params(("campaign" = uuid::Uuid, Path), ("bulletin" = uuid::Uuid, Path)),
    request_body = WantedForm,
    responses((status = 202, description = "A job makes it.", body = Ordered), Refused, RefusedChange),
    extensions(("x-permission" = json!("bulletin.see"))),
)]
pub(crate) async fn print_bulletin(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, BulletinId)>,
    Body(wanted): Body<WantedForm>,
) -> Result<(StatusCode, Json<Ordered>), Problem> {
    let job = order_bulletin::order(&state.app, &caller, campaign, id, wanted.form.into()).await?;
    Ok((StatusCode::ACCEPTED, Json(Ordered::by(job))))
}
