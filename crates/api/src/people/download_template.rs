use axum::{extract::State as Extract, response::Response};
use chengjing_domain::id::CampaignId;
use chengjing_service::{Format, people::import_people};

use crate::{
    State,
    duties::task_table::file as attachment,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
    },
};

/// An empty list of people as an xlsx: 姓名, 用户名, 角色, 单位, 手机, with the roles and units to choose from.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/people/sheet",
    operation_id = "download_people_template",
    tag = "users",
    params(("campaign" = uuid::Uuid, Path)),
    responses(
        (status = 200, description = "The empty list.", body = Vec<u8>,
            content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Refused,
    ),
    extensions(("x-permission" = json!("people.manage"))),
)]
pub(crate) async fn download_template(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
) -> Result<Response, Problem> {
    let (name, bytes) = import_people::template(&state.app, &caller, campaign).await?;
    Ok(attachment(bytes, Format::Xlsx.media_type(), &name))
}
