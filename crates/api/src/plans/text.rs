use axum::{
    extract::State as Extract,
    http::header,
    response::{IntoResponse, Response},
};
use chengjing_domain::id::{CampaignId, ImportId};
use chengjing_service::{Refusal, plan};

use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
    },
};

/// The cleaned text of a plan document; spans count its Unicode characters.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/plans/{plan}/text",
    operation_id = "look_up_plan_text",
    tag = "plans",
    params(("campaign" = uuid::Uuid, Path), ("plan" = uuid::Uuid, Path)),
    responses((status = 200, description = "The text.", body = String, content_type = "text/plain"), Refused),
    extensions(("x-permission" = json!("plan.see"))),
)]
pub(crate) async fn text(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ImportId)>,
) -> Result<Response, Problem> {
    let import = plan::look_up::look_up(&state.app, &caller, campaign, id).await?;
    let text = import.cleaned.ok_or(Refusal::NotFound)?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}
