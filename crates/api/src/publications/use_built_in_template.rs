use axum::{extract::State as Extract, http::StatusCode};
use chengjing_domain::id::CampaignId;
use chengjing_service::publication::template;

use super::{FormWord, PaperWord};
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
    },
};

/// Goes back to the built-in template. The versions stay, and can be used again.
#[utoipa::path(
    put,
    path = "/api/v1/campaigns/{campaign}/templates/{paper}/{form}/built-in/use",
    operation_id = "use_built_in_template",
    tag = "publications",
    params(("campaign" = uuid::Uuid, Path), ("paper" = PaperWord, Path), ("form" = FormWord, Path)),
    responses((status = 204, description = "The built-in one is used."), Refused, RefusedChange),
    extensions(("x-permission" = json!("template.edit"))),
)]
pub(crate) async fn use_built_in_template(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, paper, form)): Ids<(CampaignId, PaperWord, FormWord)>,
) -> Result<StatusCode, Problem> {
    let kind = (paper.into(), form.into());
    template::use_built_in::use_built_in(&state.app, &caller, campaign, kind).await?;
    Ok(StatusCode::NO_CONTENT)
}
