use axum::{extract::State as Extract, response::Response};
use chengjing_domain::id::CampaignId;
use chengjing_service::publication::template;

use super::{FormWord, PaperWord};
use crate::{
    State,
    duties::task_table::file,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// What the built-in template makes of made-up data.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/templates/{paper}/{form}/built-in/preview",
    operation_id = "preview_built_in_template",
    tag = "publications",
    params(("campaign" = uuid::Uuid, Path), ("paper" = PaperWord, Path), ("form" = FormWord, Path)),
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
pub(crate) async fn preview_built_in_template(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, paper, form)): Ids<(CampaignId, PaperWord, FormWord)>,
) -> Result<Response, Problem> {
    let made =
        template::preview::built_in(&state.app, &caller, campaign, (paper.into(), form.into())).await?;
    Ok(file(made.bytes, made.form.media_type(), &made.name))
}
