use axum::{
    body::{Body, to_bytes},
    extract::State as Extract,
};
use chengjing_domain::{id::CampaignId, publication::template::largest};
use chengjing_service::{Refusal, publication::template};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{FormWord, PaperWord, TemplateBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::Tagged,
    },
};

/// What the file is called.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Called {
    #[param(max_length = 255, example = "责任书.docx")]
    name: String,
}

/// Takes in a template (docx, or typst for PDF), tries it out with made-up data, and uses it from now on. Faults name
/// their place (`word/document.xml:12`: the 12th paragraph; `main.typ:7`: the 7th line), all at once.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/templates/{paper}/{form}",
    operation_id = "add_template",
    tag = "publications",
    params(("campaign" = uuid::Uuid, Path), ("paper" = PaperWord, Path), ("form" = FormWord, Path), Called),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The template."),
    responses((status = 201, description = "It is used.", body = TemplateBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("template.edit"))),
)]
pub(crate) async fn add_template(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, paper, form)): Ids<(CampaignId, PaperWord, FormWord)>,
    Asked(called): Asked<Called>,
    body: Body,
) -> Result<Tagged<TemplateBody>, Problem> {
    let (paper, form) = (paper.into(), form.into());
    let limit = largest(form);
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let bytes = to_bytes(body, most).await.map_err(|_| Refusal::TooLarge { limit })?;
    let added =
        template::upload::upload(&state.app, &caller, campaign, (paper, form), &called.name, bytes).await?;
    Ok(Tagged::created(added.version, added.into()))
}
