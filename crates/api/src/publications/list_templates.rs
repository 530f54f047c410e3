use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::publication::template;

use super::{FormWord, PaperWord, TemplateBody};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        list::{List, Paging},
        problem::{Problem, Refused},
    },
};

/// The versions of a paper's template in a form, the newest first. Where none is in use, the built-in one is.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/templates/{paper}/{form}",
    operation_id = "list_templates",
    tag = "publications",
    params(("campaign" = uuid::Uuid, Path), ("paper" = PaperWord, Path), ("form" = FormWord, Path), Paging),
    responses((status = 200, description = "A page.", body = List<TemplateBody>), Refused),
    extensions(("x-permission" = json!("template.see"))),
)]
pub(crate) async fn list_templates(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, paper, form)): Ids<(CampaignId, PaperWord, FormWord)>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<List<TemplateBody>>, Problem> {
    let kind = (paper.into(), form.into());
    let page = template::list::list(&state.app, &caller, campaign, kind, paging.read()).await?;
    Ok(Json(List::from(page, TemplateBody::from)))
}
