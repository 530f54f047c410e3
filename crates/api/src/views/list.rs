use axum::{Json, extract::State as Extract};
use chengjing_domain::id::CampaignId;
use chengjing_service::view;

use super::ViewBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        list::List,
        problem::{Problem, Refused},
    },
};

/// The saved views that the caller has: those that are shared, then their own. There are at most fifty of each.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/views",
    operation_id = "list_views",
    tag = "duties",
    params(("campaign" = uuid::Uuid, Path)),
    responses((status = 200, description = "All of them.", body = List<ViewBody>), Refused),
    extensions(("x-permission" = json!("view.see"))),
)]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids(campaign): Ids<CampaignId>,
) -> Result<Json<List<ViewBody>>, Problem> {
    let views = view::list::list(&state.app, &caller, campaign).await?;
    Ok(Json(List::whole(views.into_iter().map(ViewBody::from))))
}
