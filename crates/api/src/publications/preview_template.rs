use axum::{extract::State as Extract, response::Response};
use chengjing_domain::id::{CampaignId, TemplateId};
use chengjing_service::publication::template;

use crate::{
    State,
    duties::task_table::file,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// What a version of a template makes of made-up data.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/template-versions/{template}/preview",
    operation_id = "preview_template",
    tag = "publications",
    params(("campaign" = uuid::Uuid, Path), ("template" = uuid::Uuid, Path)),
    responses(
        (status = 200, description = "The document.", content(
            (Vec<u8> = "application/pdf"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        )),
        Refused,
        RefusedChange,
    ),
    extensions(("x-permission" = json!("template.see"))),
)]
pub(crate) async fn preview_template(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, TemplateId)>,
) -> Result<Response, Problem> {
    let made = template::preview::version(&state.app, &caller, campaign, id).await?;
    Ok(file(made.bytes, made.form.media_type(), &made.name))
}
